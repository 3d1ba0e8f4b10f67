/* layer.h - what the files about layers share among themselves.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_LAYER_H
#define PAGU_SRC_LAYER_H

#include "scenario/scenario_struct.h"

/* dense.c */
dense_block *dense_retain(dense_block *d);
/* Make a block that this overlay alone holds, copying a shared one. */
bool dense_own(const pagu_plan *p, dense_block **d);
/* Keep only added rows where a dense array stands in for the others. */
void drop_base_keys(pagu_ctx *ctx, const pagu_plan *p, cellmap *m);

/* measure_map.c */
void measure_map_free(pagu_ctx *ctx, measure_map *m);

/* overlay_read.c: below layer `top` (exclusive), or in the plan itself */
int64_t plan_value(const pagu_view *v, pagu_row row, pagu_column column);
int64_t value_below(const pagu_view *v, uint32_t top, pagu_row row, pagu_column column);
/* Is there any value for a row that the scenario added? */
bool added_row_is_set(const pagu_view *v, pagu_row row, pagu_column column);
int64_t plan_presence(const pagu_view *v, pagu_row row, pagu_column column);
int64_t presence_below(const pagu_view *v, uint32_t top, pagu_row row, pagu_column column);
/* Values of rows 0 … n-1 (base rows, then added ones) as the view has them. */
void copy_values(const pagu_view *v, pagu_column column, int64_t *out, uint32_t n);

#endif
