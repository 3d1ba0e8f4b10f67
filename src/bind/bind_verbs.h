/* bind_verbs.h - a spread as it is read from its options.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_BIND_VERBS_H
#define PAGU_SRC_BIND_VERBS_H

#include "bind/bind_object.h"

typedef struct spread_call {
    view_box *v; /* of stack index 1 */
    pagu_spread_options o;
    const view_box *basis; /* of o.basis_view, to see that no callback closed it; NULL: none */
    pagu_field field;
    pagu_period period;
    const pagu_row *lines; /* of at, in the order of weights and bounds */
    uint32_t n_lines;
} spread_call;

/* These leave on the stack what *c points to. */
void bind_read_lines(lua_State *L, spread_call *c);
void bind_read_basis(lua_State *L, spread_call *c, int options);
void bind_read_bounds(lua_State *L, spread_call *c, int options);
/* The note of a spread: weights and bounds that came of functions or columns are kept by key. */
void bind_note_spread(lua_State *L, const spread_call *c, bind_note *n, const char *verb);

/* Field, year, unit, hold, policies and dry of any spread, from the options at index 2. */
void bind_read_common(lua_State *L, spread_call *c);
int bind_fit_least_harm(lua_State *L); /* s:_fit_least_harm{…} */
/* A spread between rows and columns: the note is made once all is read. */
void bind_spread_two(lua_State *L, spread_call *c, bind_note *n, pagu_table **out);

#endif
