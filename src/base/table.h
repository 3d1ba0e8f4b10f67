/* table.h - inside of a table.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_TABLE_H
#define PAGU_SRC_TABLE_H

#include "base/base.h"
#include "pagu/table.h"

pagu_ctx *table_ctx(const pagu_table *t);

#endif
