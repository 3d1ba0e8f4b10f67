/* bind_column.h - what the files of columns share.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_BIND_COLUMN_H
#define PAGU_SRC_BIND_COLUMN_H

#include "bind/bind_object.h"

column_box *bind_check_column(lua_State *L, int idx); /* of a view that is open */
int bind_column_table(lua_State *L);                  /* column:table() */
extern const luaL_Reg bind_column_values[], bind_column_aggregates[];

static inline uint32_t column_count_of(const column_box *c)
{
    return c->sel ? pagu_selection_count(c->sel->sel) : c->inds->n;
}

/* The rows or indicators in the order of values. */
static inline const uint32_t *column_subjects(const column_box *c)
{
    return c->sel ? pagu_selection_rows(c->sel->sel) : c->inds->list;
}

static inline bool column_is_whole(pagu_expr_type kind)
{
    return kind == PAGU_EXPR_MONEY || kind == PAGU_EXPR_INTEGER;
}

#endif
