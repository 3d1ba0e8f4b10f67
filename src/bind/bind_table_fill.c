/* bind_table_fill.c - pagu.table{…} and :add: tables that scripts and report layouts fill.
 *
 * With the type of every column given, cells go straight to the engine's table. Otherwise rows
 * wait in user value 1, { columns = { {name, title, type, number} … }, rows = { {values, options} … },
 * title, notes }, until the table is needed: then the rows decide the types.
 *
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

/* ---- cells ---- */

static const char *push_cell_text(lua_State *L, int value)
{
    node_box *n = bind_test(L, value, KIND_NODE);
    if (n)
        lua_pushstring(L, pagu_view_key(bind_live_node(L, value)->view->view, n->row));
    else if (lua_type(L, value) == LUA_TSTRING || lua_type(L, value) == LUA_TNUMBER || lua_isboolean(L, value))
        luaL_tolstring(L, value, NULL);
    else
        bind_fail(L, PAGU_ARGUMENT, "a cell is text, a number or nil, not %s", bind_describe(L, value));
    return bind_string(L, -1);
}

static pagu_code put_measure(lua_State *L, pagu_table *t, uint32_t row, uint32_t col, int value)
{
    pagu_measure m = { .state = PAGU_MISSING, .unit = "" };
    if (lua_istable(L, value)) {
        const char *unit = bind_option_string(L, value, "unit");
        m.text = bind_option_string(L, value, "text");
        m.unit = unit ? unit : "";
        bool number = bind_option(L, value, "value") == LUA_TNUMBER;
        m.value = lua_tonumber(L, -1);
        m.state = number ? PAGU_NUMBER : m.text ? PAGU_TEXT : PAGU_MISSING;
    } else if (lua_type(L, value) == LUA_TNUMBER) {
        m.value = lua_tonumber(L, value);
        m.state = PAGU_NUMBER;
    } else {
        m.text = push_cell_text(L, value);
        m.state = PAGU_TEXT;
    }
    return pagu_table_set_measure(t, row, col, &m);
}

static pagu_code put_number(lua_State *L, pagu_table *t, uint32_t row, uint32_t col, int value)
{
    if (lua_type(L, value) != LUA_TNUMBER)
        bind_fail(L, PAGU_ARGUMENT, "column \"%s\" takes numbers, not %s", pagu_table_column_name(t, col),
                  bind_describe(L, value));
    return pagu_table_set_number(t, row, col, lua_tonumber(L, value));
}

/* { text = "target nol" } in a column of numbers. */
static pagu_code put_mark(lua_State *L, pagu_table *t, uint32_t row, uint32_t col, int value)
{
    const char *text = bind_option_string(L, value, "text");
    if (!text)
        bind_fail(L, PAGU_ARGUMENT, "a table as a cell of column \"%s\" needs its text",
                  pagu_table_column_name(t, col));
    return pagu_table_set_mark(t, row, col, text);
}

static pagu_code put_value(lua_State *L, pagu_table *t, uint32_t row, uint32_t col, int value)
{
    pagu_column_type type = pagu_table_column_type(t, col);
    if (lua_isnil(L, value))
        return PAGU_OK;
    if (type == PAGU_COL_TEXT)
        return pagu_table_set_text(t, row, col, push_cell_text(L, value));
    if (lua_type(L, value) == LUA_TSTRING && strcmp(bind_string(L, value), "-") == 0)
        return pagu_table_set_dash(t, row, col);
    if (lua_istable(L, value) && type != PAGU_COL_MEASURE)
        return put_mark(L, t, row, col, value);
    if (type == PAGU_COL_MONEY || type == PAGU_COL_INTEGER)
        return pagu_table_set_money(t, row, col, bind_money(L, value, pagu_table_column_name(t, col)));
    return type == PAGU_COL_MEASURE ? put_measure(L, t, row, col, value) : put_number(L, t, row, col, value);
}

static void put_style(lua_State *L, pagu_table *t, uint32_t row, int options)
{
    static const char *const names[] = { "style", "indent", "parent", NULL };
    static const char *const styles[] = { "normal", "group", "total" };
    bind_known_options(L, options, "add", names);
    const char *style = bind_option_string(L, options, "style");
    int s = 0;
    while (style && s < 3 && strcmp(styles[s], style) != 0)
        s++;
    bind_option(L, options, "indent");
    lua_Integer indent = bind_integer_or(L, -1, 0);
    if (s == 3 || indent < 0 || indent > 100)
        bind_fail(L, PAGU_ARGUMENT, "a row's style is normal, group or total, and its indent 0 to 100");
    bind_must(L, pagu_table_set_row_style(t, row, (pagu_row_style)s, (uint32_t)indent));
    if (bind_option(L, options, "parent") != LUA_TNIL) {
        lua_Integer parent = bind_integer(L, -1);
        if (parent < 1 || parent > (lua_Integer)row)
            bind_fail(L, PAGU_ARGUMENT, "a row's parent is the number of an earlier row, 1 to %d", (int)row);
        bind_must(L, pagu_table_set_row_parent(t, row, (uint32_t)parent - 1));
    }
    lua_pop(L, 2);
}

/* The cell of a script's row: by position, else by column name. */
static void push_cell(lua_State *L, int values, lua_Integer position, const char *name)
{
    if (lua_rawgeti(L, values, position) == LUA_TNIL) {
        lua_pop(L, 1);
        lua_pushstring(L, name);
        lua_rawget(L, values);
    }
}

static void put_row(lua_State *L, pagu_table *t, int values, int options)
{
    int top = lua_gettop(L);
    uint32_t row = pagu_table_row_count(t);
    bind_must(L, pagu_table_add_row(t));
    for (uint32_t c = 0; c < pagu_table_column_count(t); c++) {
        push_cell(L, values, (lua_Integer)c + 1, pagu_table_column_name(t, c));
        bind_must(L, put_value(L, t, row, c, top + 1));
        lua_settop(L, top);
    }
    if (lua_istable(L, options))
        put_style(L, t, row, options);
}

/* ---- deciding the types of columns ---- */

typedef struct seen {
    bool integer, large, fraction, text, measure;
} seen;

static void look_at(lua_State *L, int value, seen *s)
{
    int whole = 0;
    lua_Integer i;
    switch (lua_type(L, value)) {
    case LUA_TNIL: break;
    case LUA_TNUMBER:
        i = lua_tointegerx(L, value, &whole);
        s->integer = s->integer || lua_isinteger(L, value);
        s->fraction = s->fraction || !lua_isinteger(L, value);
        s->large = s->large || (whole && (i >= 10000 || i <= -10000));
        break;
    case LUA_TTABLE: s->measure = true; break;
    case LUA_TSTRING: s->text = s->text || strcmp(bind_string(L, value), "-") != 0; break;
    default: s->text = true;
    }
}

/* Whole numbers below 10,000 are years and counts, printed without grouping; larger ones are amounts. */
static pagu_column_type decide_type(const seen *s)
{
    bool number = s->integer || s->fraction;
    if (s->measure || (s->text && number))
        return PAGU_COL_MEASURE;
    if (s->text || !number)
        return PAGU_COL_TEXT;
    if (s->fraction)
        return PAGU_COL_NUMBER;
    return s->large ? PAGU_COL_MONEY : PAGU_COL_INTEGER;
}

static pagu_column_type column_type(lua_State *L, int rows, lua_Integer column)
{
    int top = lua_gettop(L);
    seen s = { 0 };
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, rows); i++) {
        lua_rawgeti(L, rows, i);
        lua_rawgeti(L, top + 1, 1);
        lua_rawgeti(L, top + 2, column);
        look_at(L, top + 3, &s);
        lua_settop(L, top);
    }
    return decide_type(&s);
}

/* One column of { name, title, type, number }; rows 0: every type is given. */
static void add_column(lua_State *L, pagu_table *t, int columns, lua_Integer i, int rows)
{
    int top = lua_gettop(L);
    lua_rawgeti(L, columns, i);
    lua_rawgeti(L, top + 1, 1);
    lua_rawgeti(L, top + 1, 2);
    lua_rawgeti(L, top + 1, 3);
    lua_rawgeti(L, top + 1, 4);
    const char *name = bind_string(L, top + 2), *title = bind_string(L, top + 3);
    pagu_column_type type =
        lua_isnil(L, top + 4) ? column_type(L, rows, i) : (pagu_column_type)lua_tointeger(L, top + 4);
    pagu_code code = pagu_table_add_column(t, name, title, type);
    if (code == PAGU_ARGUMENT)
        bind_fail(L, code, "the table has two columns named \"%s\"", name);
    bind_must(L, code);
    if (lua_isstring(L, top + 5))
        bind_must(L, pagu_table_set_column_number(t, pagu_table_column_count(t) - 1, bind_string(L, top + 5)));
    lua_settop(L, top);
}

static void free_table(void *t)
{
    pagu_table_free(t);
}

static void put_rows(lua_State *L, pagu_table *t, int rows)
{
    int top = lua_gettop(L);
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, rows); i++) {
        lua_rawgeti(L, rows, i);
        lua_rawgeti(L, top + 1, 1);
        lua_rawgeti(L, top + 1, 2);
        put_row(L, t, top + 2, top + 3);
        lua_settop(L, top);
    }
}

static void put_texts(lua_State *L, pagu_table *t, int state)
{
    int top = lua_gettop(L);
    lua_getfield(L, state, "title");
    if (lua_isstring(L, -1))
        bind_must(L, pagu_table_set_title(t, bind_string(L, -1)));
    lua_getfield(L, state, "name");
    if (lua_isstring(L, -1))
        bind_must(L, pagu_table_set_name(t, bind_string(L, -1)));
    lua_getfield(L, state, "notes");
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, top + 3); i++) {
        lua_rawgeti(L, top + 3, i);
        lua_rawgeti(L, -1, 1);
        lua_rawgeti(L, -2, 2);
        bind_must(L, lua_isnil(L, -1) ? pagu_table_add_note(t, bind_string(L, -2))
                                      : pagu_table_add_stamp(t, bind_string(L, -2), bind_string(L, -1)));
        lua_settop(L, top + 3);
    }
    lua_settop(L, top);
}

pagu_table *bind_table_ready(lua_State *L, int idx)
{
    table_box *box = bind_check_kind(L, idx, KIND_TABLE, "a pagu table");
    if (box->t && !box->stale)
        return box->t;
    int top = lua_gettop(L);
    luaL_checkstack(L, 20, NULL);
    lua_getiuservalue(L, idx, 1);
    owned_box *own = bind_own(L, free_table);
    pagu_table *t = own->ptr = pagu_table_new(bind_ctx(L));
    if (!t || !lua_istable(L, top + 1))
        bind_memory(L);
    lua_getfield(L, top + 1, "columns");
    lua_getfield(L, top + 1, "rows");
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, top + 3); i++)
        add_column(L, t, top + 3, i, top + 4);
    put_texts(L, t, top + 1);
    put_rows(L, t, top + 4);
    own->ptr = box->t; /* the old one dies with its owner */
    box->t = t;
    box->stale = false;
    lua_settop(L, top);
    return t;
}

/* ---- pagu.table ---- */

static int find_type(lua_State *L, const char *name)
{
    static const char *const names[] = { "text", "money", "number", "percent", "integer", "measure" };
    for (int i = 0; i < 6; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return bind_fail(L, PAGU_ARGUMENT,
                     "\"%s\" is not a column type; there are text, money, number, percent, integer, measure", name);
}

/* "total", or { name = "total", title = "Pagu", type = "money" }, or { "total", "Pagu", "money" }:
 * pushes { name, title, type, number }; true if the type is given. */
static bool push_column_spec(lua_State *L, int spec, lua_Integer i)
{
    lua_createtable(L, 4, 0);
    int out = lua_gettop(L);
    const char *name = NULL, *title = NULL, *type = NULL;
    if (lua_type(L, spec) == LUA_TSTRING) {
        name = bind_string(L, spec);
    } else if (lua_istable(L, spec)) {
        push_cell(L, spec, 1, "name");
        push_cell(L, spec, 2, "title");
        push_cell(L, spec, 3, "type");
        name = lua_type(L, out + 1) == LUA_TSTRING ? bind_string(L, out + 1) : NULL;
        title = bind_string(L, out + 2);
        type = bind_string(L, out + 3);
        if (bind_option(L, spec, "number") == LUA_TSTRING)
            lua_rawseti(L, out, 4);
    }
    if (!name)
        bind_fail(L, PAGU_ARGUMENT, "column %d must be a name or { name =, title =, type = }", (int)i);
    lua_pushstring(L, name);
    lua_rawseti(L, out, 1);
    lua_pushstring(L, title ? title : name);
    lua_rawseti(L, out, 2);
    if (type) {
        lua_pushinteger(L, find_type(L, type));
        lua_rawseti(L, out, 3);
    }
    lua_settop(L, out);
    return type != NULL;
}

/* Stack: 1 the specification; pushes the state table. */
static bool push_state(lua_State *L, lua_Integer n)
{
    bool typed = true;
    lua_createtable(L, 0, 4);
    int state = lua_gettop(L);
    lua_createtable(L, (int)n, 0);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, 1, i);
        typed = push_column_spec(L, state + 2, i) && typed;
        lua_rawseti(L, state + 1, i);
        lua_settop(L, state + 1);
    }
    lua_setfield(L, state, "columns");
    lua_newtable(L);
    lua_setfield(L, state, "rows");
    lua_newtable(L);
    lua_setfield(L, state, "notes");
    lua_getfield(L, 1, "title");
    lua_setfield(L, state, "title");
    lua_getfield(L, 1, "name");
    lua_setfield(L, state, "name");
    return typed;
}

int bind_table_new(lua_State *L)
{
    lua_settop(L, 1);
    lua_Integer n = lua_istable(L, 1) ? (lua_Integer)lua_rawlen(L, 1) : 0;
    if (n == 0)
        bind_fail(L, PAGU_ARGUMENT,
                  "a table needs the names of its columns, as in pagu.table{ \"program\", \"total\" }");
    bind_option(L, 1, "decimals");
    int decimals = (int)bind_integer_or(L, -1, 0);
    table_box *box = bind_push_table_box(L, decimals);
    int out = lua_gettop(L);
    box->open = !push_state(L, n);
    lua_setiuservalue(L, out, 1);
    bind_table_ready(L, out);
    if (!box->open) {
        lua_pushnil(L);
        lua_setiuservalue(L, out, 1);
    }
    lua_settop(L, out);
    return 1;
}

/* ---- filling ---- */

static bool has_column(lua_State *L, const pagu_table *t, int key)
{
    if (lua_isinteger(L, key))
        return lua_tointeger(L, key) >= 1 && lua_tointeger(L, key) <= (lua_Integer)pagu_table_column_count(t);
    for (uint32_t c = 0; lua_type(L, key) == LUA_TSTRING && c < pagu_table_column_count(t); c++)
        if (strcmp(pagu_table_column_name(t, c), bind_string(L, key)) == 0)
            return true;
    return false;
}

static void check_row(lua_State *L, const pagu_table *t, int values)
{
    if (!lua_istable(L, values))
        bind_fail(L, PAGU_ARGUMENT, "a row is a table, as in t:add{ \"1.06\", 150000000 }, not %s",
                  bind_describe(L, values));
    lua_pushnil(L);
    while (lua_next(L, values)) {
        lua_pop(L, 1);
        if (!has_column(L, t, -1))
            bind_fail(L, PAGU_ARGUMENT, "the table has %d columns, none for cell \"%s\"",
                      (int)pagu_table_column_count(t), luaL_tolstring(L, -1, NULL));
    }
}

/* Stack: 1 table, 2 values, 3 options. Values are copied, so that the script may reuse its table. */
static void keep_row(lua_State *L, const pagu_table *columns)
{
    lua_createtable(L, 2, 0);
    lua_createtable(L, (int)pagu_table_column_count(columns), 0);
    for (uint32_t c = 0; c < pagu_table_column_count(columns); c++) {
        push_cell(L, 2, (lua_Integer)c + 1, pagu_table_column_name(columns, c));
        lua_rawseti(L, 5, (lua_Integer)c + 1);
    }
    lua_rawseti(L, 4, 1);
    lua_pushvalue(L, 3);
    lua_rawseti(L, 4, 2);
    lua_getiuservalue(L, 1, 1);
    lua_getfield(L, 5, "rows");
    lua_pushvalue(L, 4);
    lua_rawseti(L, 6, (lua_Integer)lua_rawlen(L, 6) + 1);
}

int bind_table_add(lua_State *L)
{
    table_box *box = bind_check_kind(L, 1, KIND_TABLE, "a pagu table");
    lua_settop(L, 3);
    if (!box->open) {
        check_row(L, box->t, 2);
        put_row(L, box->t, 2, 3);
    } else {
        check_row(L, box->t, 2);
        keep_row(L, box->t);
        box->stale = true;
    }
    lua_settop(L, 1);
    return 1;
}

static int add_text(lua_State *L, bool stamp)
{
    table_box *box = bind_check_kind(L, 1, KIND_TABLE, "a pagu table");
    const char *key = bind_text(L, 2, NULL), *value = stamp ? bind_text(L, 3, NULL) : NULL;
    if (!box->open) {
        bind_must(L, stamp ? pagu_table_add_stamp(box->t, key, value) : pagu_table_add_note(box->t, key));
    } else {
        lua_getiuservalue(L, 1, 1);
        lua_getfield(L, -1, "notes");
        lua_createtable(L, 2, 0);
        lua_pushvalue(L, 2);
        lua_rawseti(L, -2, 1);
        lua_pushstring(L, value);
        lua_rawseti(L, -2, 2);
        lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
        box->stale = true;
    }
    lua_settop(L, 1);
    return 1;
}

int bind_table_note(lua_State *L)
{
    return add_text(L, false);
}

int bind_table_stamp(lua_State *L)
{
    return add_text(L, true);
}
