/* values.h - Lua values as text for people and as JSON.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_VALUES_H
#define PAGU_SRC_VALUES_H

#include "pagu.h"

#include <lua.h>
#include <stdbool.h>

/* Append the JSON of a value. Integers beyond 2^53-1 are strings; nil, NaN and infinities are
 * null; a table with elements 1 … n is an array, any other an object with sorted keys; bytes that
 * are not UTF-8 become U+FFFD. pagu tables and findings become their own JSON, a node its key, an
 * indicator its id, a selection its keys, a column its values by key. Raises for cycles and nesting
 * over 32. */
void values_json(lua_State *L, int idx, pagu_text *out);
/* Values as an array on a line. */
void values_json_list(lua_State *L, int from, int to, pagu_text *out);
void values_json_string(lua_State *L, const char *s, size_t len, pagu_text *out);

/* Append a value as the prompt shows it: tables with sorted keys, `depth` levels, 30 items each. */
void values_pretty(lua_State *L, int idx, pagu_text *out);
/* Append values as print shows them and end the line: a tab between them, but pagu tables on lines
 * of their own. pretty: as the prompt shows them. Nothing for no values. */
void values_list(lua_State *L, int from, int to, bool pretty, pagu_text *out);
/* Append a value as print shows it. */
void values_plain(lua_State *L, int idx, pagu_text *out);
/* Append the pagu table at idx in a format, with the language's locale and the state's width;
 * stamp: its notes and stamp too. */
void values_table(lua_State *L, int idx, pagu_format format, bool stamp, pagu_text *out);
/* Decimals of money in this state's plan, for values_table. */
void values_set_decimals(lua_State *L, int decimals);

#endif
