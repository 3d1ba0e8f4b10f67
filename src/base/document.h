/* document.h - inside of a document.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_DOCUMENT_H
#define PAGU_SRC_DOCUMENT_H

#include "base/base.h"
#include "pagu/document.h"

pagu_ctx *document_ctx(const pagu_document *doc);

#endif
