/* finding.h - inside of a list of findings.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_FINDING_H
#define PAGU_SRC_FINDING_H

#include "pagu/finding.h"

/* The context that the list was made with. */
pagu_ctx *findings_ctx(const pagu_findings *findings);

#endif
