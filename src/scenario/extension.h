/* extension.h - what the files about structure share.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_EXTENSION_H
#define PAGU_SRC_EXTENSION_H

#include "scenario/scenario_struct.h"

/* The extension that this scenario alone holds, with room for some more; NULL: out of memory. */
ext *ext_own(pagu_scenario *s, uint32_t rows, uint32_t indicators);
/* Append a row (no member yet) and hang it below its parent in code order. */
pagu_row ext_append(pagu_view *v, ext *e, const ext_row *row);
void link_indicator(const pagu_view *v, ext *e, pagu_indicator ind);
/* Put a row in or out, recording it in g. Room for it in journal and overlay must be reserved. */
pagu_code join_row(pagu_scenario *s, segment *g, pagu_row row, bool in, pagu_error *err);

#endif
