/* table.h - inside of a table.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_TABLE_H
#define PAGU_SRC_TABLE_H

#include "base/base.h"
#include "pagu/table.h"

pagu_ctx *table_ctx(const pagu_table *t);
/* Does any row name its parent? Else indents tell the tree. */
bool table_has_parents(const pagu_table *t);
/* The parent by indents: the nearest row above that stands less far in. parents: those of the rows above. */
uint32_t table_parent_by_indent(const pagu_table *t, uint32_t row, const uint32_t *parents);

#endif
