/* bind_table.c - tables as Lua sees them: rows, cells, renderings.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

enum { DEFAULT_WIDTH = 160 };

static void free_table(void *t)
{
    pagu_table_free(t);
}

table_box *bind_push_table_box(lua_State *L, int decimals)
{
    table_box *box = bind_new(L, KIND_TABLE, sizeof(table_box), 2, "pagu.table");
    box->decimals = decimals;
    return box;
}

table_box *bind_push_result_table(lua_State *L, int decimals)
{
    table_box *box = bind_push_table_box(L, decimals);
    box->ours = true;
    return box;
}

static pagu_column_type column_type(char letter)
{
    switch (letter) {
    case 'm': return PAGU_COL_MONEY;
    case 'n': return PAGU_COL_NUMBER;
    case 'i': return PAGU_COL_INTEGER;
    case 'u': return PAGU_COL_MEASURE; /* has a unit */
    default: return PAGU_COL_TEXT;
    }
}

pagu_table *bind_push_new_table(lua_State *L, int decimals, const char *const *headings, const char *types)
{
    table_box *box = bind_push_result_table(L, decimals);
    box->t = pagu_table_new(bind_ctx(L));
    if (!box->t)
        bind_memory(L);
    for (size_t i = 0; headings[i]; i += 2)
        if (pagu_table_add_column(box->t, headings[i], bind_tr(bind_ctx(L), headings[i + 1]),
                                  column_type(types[i / 2])) != PAGU_OK)
            bind_memory(L);
    return box->t;
}

void bind_push_table(lua_State *L, pagu_table *t)
{
    table_box *box = bind_adopt(L, KIND_TABLE, sizeof(table_box), "pagu.table", t, free_table);
    if (box)
        box->t = t;
}

const pagu_table *bind_check_table(lua_State *L, int idx)
{
    return bind_table_ready(L, idx);
}

const pagu_table *bind_test_table(lua_State *L, int idx)
{
    return bind_test(L, idx, KIND_TABLE) ? bind_table_ready(L, idx) : NULL;
}

static int table_gc(lua_State *L)
{
    table_box *box = lua_touserdata(L, 1);
    pagu_table *t = box->t;
    box->t = NULL;
    pagu_table_free(t);
    return 0;
}

/* ---- rendering ---- */

static const char width_key;

void bind_set_width(lua_State *L, uint32_t width)
{
    lua_pushinteger(L, width);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &width_key);
}

uint32_t bind_width(lua_State *L)
{
    int set;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &width_key);
    lua_Integer width = lua_tointegerx(L, -1, &set);
    lua_pop(L, 1);
    return set ? (uint32_t)width : DEFAULT_WIDTH;
}

const pagu_table *bind_push_people_table(lua_State *L, int idx)
{
    const pagu_table *t = bind_table_ready(L, idx);
    table_box *box = lua_touserdata(L, idx);
    if (!box->ours) {
        lua_pushvalue(L, idx);
        return t;
    }
    table_box *copy = bind_push_table_box(L, box->decimals);
    if (bind_people_copy(bind_ctx(L), t, &copy->t) != PAGU_OK)
        bind_memory(L);
    return copy->t;
}

static pagu_locale locale_option(lua_State *L, int options, pagu_locale locale)
{
    const char *name = bind_option_string(L, options, "locale");
    if (!name)
        return locale;
    if (strcmp(name, "id") == 0)
        return PAGU_LOCALE_ID;
    if (strcmp(name, "en") == 0)
        return PAGU_LOCALE_EN;
    if (strcmp(name, "plain") == 0)
        return PAGU_LOCALE_PLAIN;
    bind_fail(L, PAGU_ARGUMENT, "\"%s\" is not a locale; there are id, en, plain", name);
    return locale;
}

void bind_render_options(lua_State *L, int idx, pagu_render_options *o)
{
    static const char *const names[] = { "locale",  "width",       "ascii", "stamp", "decimals",
                                         "dialect", "interactive", "paper", NULL };
    o->locale = pagu_ctx_lang(bind_ctx(L)) == PAGU_LANG_EN ? PAGU_LOCALE_EN : PAGU_LOCALE_ID;
    if (idx == 0 || lua_isnoneornil(L, idx))
        return;
    bind_known_options(L, idx, "text", names);
    o->locale = locale_option(L, idx, o->locale);
    o->ascii = bind_option_bool(L, idx, "ascii");
    bind_option(L, idx, "width");
    lua_Integer width = bind_integer_or(L, -1, o->width);
    o->width = width < 0 ? 0 : width > UINT32_MAX ? UINT32_MAX : (uint32_t)width;
    bind_option(L, idx, "decimals");
    o->decimals = (int)bind_integer_or(L, -1, o->decimals);
    bind_option(L, idx, "stamp");
    o->stamp = lua_isnil(L, -1) ? o->stamp : lua_toboolean(L, -1);
    o->paper = bind_option_bool(L, idx, "paper");
    bind_option(L, idx, "interactive");
    o->script = lua_isnil(L, -1) || lua_toboolean(L, -1) ? bind_charts(&o->script_len) : NULL;
    lua_pop(L, 4);
}

/* csv{ dialect = "excel-id" } */
static pagu_format csv_format(lua_State *L, int options)
{
    const char *name = lua_isnoneornil(L, options) ? NULL : bind_option_string(L, options, "dialect");
    if (name && strcmp(name, "excel-id") != 0)
        bind_fail(L, PAGU_ARGUMENT, "\"%s\" is not a dialect of csv; there is excel-id", name);
    return name ? PAGU_FORMAT_CSV_EXCEL_ID : PAGU_FORMAT_CSV;
}

static int render(lua_State *L, pagu_format format, int options)
{
    pagu_error err;
    error_init(&err);
    table_box *box = bind_check_kind(L, 1, KIND_TABLE, "a pagu table");
    lua_settop(L, 2);
    bool for_people = format == PAGU_FORMAT_TEXT || format == PAGU_FORMAT_MARKDOWN || format == PAGU_FORMAT_XLSX;
    const pagu_table *t = for_people ? bind_push_people_table(L, 1) : bind_table_ready(L, 1);
    pagu_render_options o = PAGU_RENDER_OPTIONS_INIT;
    o.width = bind_width(L);
    o.decimals = box->decimals;
    bind_render_options(L, options, &o);
    owned_box *own = bind_own_text(L);
    bind_ok(L, pagu_render(t, format, &o, own->ptr, &err), &err);
    return bind_push_bytes(L, own);
}

static int table_text(lua_State *L)
{
    return render(L, PAGU_FORMAT_TEXT, 2);
}

static int table_markdown(lua_State *L)
{
    return render(L, PAGU_FORMAT_MARKDOWN, 2);
}

static int table_csv(lua_State *L)
{
    lua_settop(L, 2);
    return render(L, csv_format(L, 2), 2);
}

static int table_xlsx(lua_State *L)
{
    return render(L, PAGU_FORMAT_XLSX, 2);
}

static int table_json(lua_State *L)
{
    return render(L, PAGU_FORMAT_JSON, 2);
}

/* print adds the last line end itself. */
static int table_tostring(lua_State *L)
{
    size_t len;
    render(L, PAGU_FORMAT_TEXT, 0);
    const char *s = lua_tolstring(L, -1, &len);
    while (len > 0 && s[len - 1] == '\n')
        len--;
    lua_pushlstring(L, s, len);
    return 1;
}

/* ---- cells and rows ---- */

static int push_cell(lua_State *L, const pagu_table *t, uint32_t row, uint32_t col)
{
    pagu_table_cell c = pagu_table_get(t, row, col);
    pagu_column_type type = pagu_table_column_type(t, col);
    switch (c.state == PAGU_TEXT && type != PAGU_COL_MEASURE ? PAGU_COL_TEXT : type) {
    case PAGU_COL_MONEY:
    case PAGU_COL_INTEGER: return bind_push_cell(L, (pagu_cell){ c.integer, c.state });
    case PAGU_COL_MEASURE: return bind_push_measure(L, &(pagu_measure){ c.number, c.unit, c.text, c.state });
    case PAGU_COL_TEXT:
        if (c.state == PAGU_DASH)
            lua_pushliteral(L, "-");
        else
            lua_pushstring(L, c.state == PAGU_MISSING ? NULL : c.text);
        return 1;
    default:
        if (c.state != PAGU_NUMBER)
            return bind_push_cell(L, (pagu_cell){ 0, c.state });
        bind_push_number(L, c.number);
        return 1;
    }
}

/* A row keyed by column name, through the table's row function if it has one. */
static void push_row(lua_State *L, int idx, const pagu_table *t, uint32_t row)
{
    idx = lua_absindex(L, idx);
    bool mapped = lua_getiuservalue(L, idx, 2) == LUA_TFUNCTION;
    if (!mapped)
        lua_pop(L, 1);
    lua_createtable(L, 0, (int)pagu_table_column_count(t));
    int out = lua_gettop(L);
    for (uint32_t c = 0; c < pagu_table_column_count(t); c++) {
        push_cell(L, t, row, c);
        lua_settop(L, out + 1);
        lua_setfield(L, out, pagu_table_column_name(t, c));
    }
    if (mapped)
        lua_call(L, 1, 1);
}

static int table_rows(lua_State *L)
{
    const pagu_table *t = bind_table_ready(L, 1);
    uint32_t n = pagu_table_row_count(t);
    lua_createtable(L, (int)n, 0);
    for (uint32_t i = 0; i < n; i++) {
        push_row(L, 1, t, i);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

static int next_row(lua_State *L)
{
    const pagu_table *t = bind_table_ready(L, lua_upvalueindex(1));
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(2));
    if (i >= (lua_Integer)pagu_table_row_count(t))
        return 0;
    lua_pushinteger(L, i + 1);
    lua_replace(L, lua_upvalueindex(2));
    push_row(L, lua_upvalueindex(1), t, (uint32_t)i);
    return 1;
}

static int table_each(lua_State *L)
{
    bind_table_ready(L, 1);
    lua_settop(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_row, 2);
    return 1;
}

static uint32_t check_column(lua_State *L, const pagu_table *t, int idx)
{
    uint32_t n = pagu_table_column_count(t);
    if (lua_isinteger(L, idx) && lua_tointeger(L, idx) >= 1 && lua_tointeger(L, idx) <= (lua_Integer)n)
        return (uint32_t)lua_tointeger(L, idx) - 1;
    for (uint32_t c = 0; lua_type(L, idx) == LUA_TSTRING && c < n; c++)
        if (strcmp(pagu_table_column_name(t, c), lua_tostring(L, idx)) == 0)
            return c;
    bind_fail(L, PAGU_ARGUMENT, "the table has no column \"%s\"", luaL_tolstring(L, idx, NULL));
    return 0;
}

/* t:cell(row, column) -> nil | value | 0, "-" | number, unit, text */
static int table_cell(lua_State *L)
{
    const pagu_table *t = bind_table_ready(L, 1);
    lua_Integer row = bind_integer(L, 2);
    uint32_t col = check_column(L, t, 3);
    if (row < 1 || row > (lua_Integer)pagu_table_row_count(t))
        return 0;
    return push_cell(L, t, (uint32_t)row - 1, col);
}

/* t:columns() -> list of { name =, title =, type =, number = } */
static int table_columns(lua_State *L)
{
    static const char *const types[] = { "text", "money", "number", "percent", "integer", "measure" };
    const pagu_table *t = bind_table_ready(L, 1);
    lua_newtable(L);
    for (uint32_t c = 0; c < pagu_table_column_count(t); c++) {
        lua_createtable(L, 0, 3);
        lua_pushstring(L, pagu_table_column_name(t, c));
        lua_setfield(L, -2, "name");
        lua_pushstring(L, pagu_table_column_title(t, c));
        lua_setfield(L, -2, "title");
        lua_pushstring(L, types[pagu_table_column_type(t, c)]);
        lua_setfield(L, -2, "type");
        if (*pagu_table_column_number(t, c)) {
            lua_pushstring(L, pagu_table_column_number(t, c));
            lua_setfield(L, -2, "number");
        }
        lua_rawseti(L, -2, (lua_Integer)c + 1);
    }
    return 1;
}

/* t:style(row) -> "normal" | "group" | "total", indent */
static int table_style(lua_State *L)
{
    static const char *const styles[] = { "normal", "group", "total" };
    const pagu_table *t = bind_table_ready(L, 1);
    lua_Integer row = bind_integer(L, 2);
    if (row < 1 || row > (lua_Integer)pagu_table_row_count(t))
        return 0;
    lua_pushstring(L, styles[pagu_table_row_style(t, (uint32_t)row - 1)]);
    lua_pushinteger(L, pagu_table_row_indent(t, (uint32_t)row - 1));
    return 2;
}

/* t:parent(row) -> the row that it stands below, or nil */
static int table_parent(lua_State *L)
{
    const pagu_table *t = bind_table_ready(L, 1);
    lua_Integer row = bind_integer(L, 2);
    uint32_t parent = row < 1 || row > UINT32_MAX ? PAGU_NO_ROW : pagu_table_row_parent(t, (uint32_t)row - 1);
    if (parent == PAGU_NO_ROW)
        return 0;
    lua_pushinteger(L, (lua_Integer)parent + 1);
    return 1;
}

/* t:_map(f): every row of :rows(), :each() and t[i] goes through f. */
static int table_map(lua_State *L)
{
    bind_check_kind(L, 1, KIND_TABLE, "a pagu table");
    bind_function(L, 2);
    lua_settop(L, 2);
    lua_setiuservalue(L, 1, 2);
    return 1;
}

static void push_notes(lua_State *L, const pagu_table *t)
{
    lua_newtable(L);
    for (uint32_t i = 0; i < pagu_table_note_count(t); i++) {
        lua_pushstring(L, pagu_table_note(t, i));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

static void push_stamps(lua_State *L, const pagu_table *t)
{
    lua_newtable(L);
    for (uint32_t i = 0; i < pagu_table_stamp_count(t); i++) {
        const char *key, *value;
        pagu_table_stamp(t, i, &key, &value);
        lua_pushstring(L, value);
        lua_setfield(L, -2, key);
    }
}

/* Methods, rows by number, and title, notes, stamps. */
static int table_index(lua_State *L)
{
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    const pagu_table *t = bind_table_ready(L, 1);
    if (lua_isinteger(L, 2)) {
        lua_Integer i = lua_tointeger(L, 2);
        if (i < 1 || i > (lua_Integer)pagu_table_row_count(t))
            return 0;
        push_row(L, 1, t, (uint32_t)i - 1);
        return 1;
    }
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    if (strcmp(name, "title") == 0)
        lua_pushstring(L, pagu_table_title(t));
    else if (strcmp(name, "notes") == 0)
        push_notes(L, t);
    else if (strcmp(name, "stamps") == 0)
        push_stamps(L, t);
    else if (strcmp(name, "name") == 0)
        lua_pushstring(L, pagu_table_name(t));
    else if (strcmp(name, "decimals") == 0)
        lua_pushinteger(L, ((table_box *)lua_touserdata(L, 1))->decimals);
    else
        return 0;
    return 1;
}

static int table_len(lua_State *L)
{
    lua_pushinteger(L, pagu_table_row_count(bind_table_ready(L, 1)));
    return 1;
}

void bind_open_table(lua_State *L)
{
    static const luaL_Reg methods[] = {
        { "add", bind_table_add },      { "note", bind_table_note },
        { "stamp", bind_table_stamp },  { "text", table_text },
        { "markdown", table_markdown }, { "csv", table_csv },
        { "xlsx", table_xlsx },         { "json", table_json },
        { "rows", table_rows },         { "each", table_each },
        { "cell", table_cell },         { "columns", table_columns },
        { "style", table_style },       { "parent", table_parent },
        { "_map", table_map },          { NULL, NULL },
    };
    static const luaL_Reg meta[] = {
        { "__gc", table_gc },
        { "__tostring", table_tostring },
        { "__len", table_len },
        { NULL, NULL },
    };
    bind_class(L, "pagu.table", methods, meta, table_index);
}
