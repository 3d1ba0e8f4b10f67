/* bind_document.c - pagu.document{…}: blocks that a script puts in order.
 *
 * User value 1 holds them, { title =, lang =, blocks = { { type, text or object, level or name } … },
 * stamps = { { key, value } … } }; the engine's document is made of them when it is rendered, so
 * that tables may be filled until then.
 *
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

enum { BLOCK_HEADING = 1, BLOCK_TEXT, BLOCK_TABLE, BLOCK_CHART };
static const char *const block_types[] = { "", "heading", "text", "table", "chart" };

/* Push the list `name` of the document at 1. */
static void push_list(lua_State *L, const char *name)
{
    bind_check_kind(L, 1, KIND_DOCUMENT, "a document");
    lua_getiuservalue(L, 1, 1);
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
}

/* ---- filling ---- */

/* pagu.document{ title =, lang = } */
int bind_document_new(lua_State *L)
{
    static const char *const known[] = { "title", "lang", NULL };
    static const char *const langs[] = { "id", "en", NULL };
    lua_settop(L, 1);
    if (lua_isnil(L, 1)) {
        lua_newtable(L);
        lua_replace(L, 1);
    }
    bind_known_options(L, 1, "document", known);
    const char *title = bind_option_string(L, 1, "title");
    bind_option(L, 1, "lang");
    bool english = pagu_ctx_lang(bind_ctx(L)) == PAGU_LANG_EN;
    int lang = bind_choice(L, 2, english ? "en" : "id", langs);
    lua_settop(L, 1);
    bind_new(L, KIND_DOCUMENT, sizeof(document_box), 1, "pagu.document");
    lua_createtable(L, 0, 4);
    lua_pushstring(L, title ? title : "");
    lua_setfield(L, 3, "title");
    lua_pushstring(L, langs[lang]);
    lua_setfield(L, 3, "lang");
    lua_newtable(L);
    lua_setfield(L, 3, "blocks");
    lua_newtable(L);
    lua_setfield(L, 3, "stamps");
    lua_setiuservalue(L, 2, 1);
    return 1;
}

/* Append { type, value, extra } to the document at 1; value and extra are stack indices. */
static int append_block(lua_State *L, int type, int value, int extra)
{
    push_list(L, "blocks");
    int list = lua_gettop(L);
    lua_createtable(L, 3, 0);
    lua_pushinteger(L, type);
    lua_rawseti(L, -2, 1);
    lua_pushvalue(L, value);
    lua_rawseti(L, -2, 2);
    lua_pushvalue(L, extra);
    lua_rawseti(L, -2, 3);
    lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
    lua_settop(L, 1);
    return 1;
}

static void check_words(lua_State *L)
{
    bind_check_kind(L, 1, KIND_DOCUMENT, "a document");
    if (!*bind_text(L, 2, NULL))
        bind_fail(L, PAGU_ARGUMENT, "a heading or paragraph has no text");
}

/* doc:heading(text, level) */
static int document_heading(lua_State *L)
{
    lua_settop(L, 3);
    check_words(L);
    lua_Integer level = bind_integer_or(L, 3, 1);
    if (level < 1 || level > 4)
        bind_fail(L, PAGU_ARGUMENT, "a heading's level is 1 to 4, not %d", (int)level);
    lua_pushinteger(L, level);
    return append_block(L, BLOCK_HEADING, 2, 4);
}

/* doc:text(paragraph) */
static int document_text(lua_State *L)
{
    lua_settop(L, 3);
    check_words(L);
    return append_block(L, BLOCK_TEXT, 2, 3);
}

static bool is_taken(lua_State *L, const char *name)
{
    push_list(L, "blocks");
    int list = lua_gettop(L);
    bool taken = false;
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, list); i++) {
        lua_rawgeti(L, list, i);
        lua_rawgeti(L, -1, 3);
        taken = taken || (lua_type(L, -1) == LUA_TSTRING && strcmp(lua_tostring(L, -1), name) == 0);
        lua_settop(L, list);
    }
    lua_settop(L, list - 1);
    return taken;
}

/* Push the name given by the options at 3, else that of the table at 2 if it is free, else nil. */
static void push_block_name(lua_State *L)
{
    static const char *const known[] = { "name", NULL };
    const char *name = NULL;
    if (!lua_isnil(L, 3)) {
        bind_known_options(L, 3, "add", known);
        name = bind_option_string(L, 3, "name");
    }
    if (name && is_taken(L, name))
        bind_fail(L, PAGU_ARGUMENT, "the document has two blocks named \"%s\"", name);
    if (!name && bind_test(L, 2, KIND_TABLE)) {
        const char *own = pagu_table_name(bind_table_ready(L, 2));
        name = *own && !is_taken(L, own) ? own : NULL;
    }
    lua_pushstring(L, name);
}

/* doc:add(table or chart, { name = }) */
static int document_add(lua_State *L)
{
    lua_settop(L, 3);
    bind_check_kind(L, 1, KIND_DOCUMENT, "a document");
    bool chart = bind_test(L, 2, KIND_CHART) != NULL;
    if (!chart)
        bind_check_kind(L, 2, KIND_TABLE, "a pagu table or a chart");
    push_block_name(L);
    return append_block(L, chart ? BLOCK_CHART : BLOCK_TABLE, 2, lua_gettop(L));
}

/* doc:stamp(key, value) */
static int document_stamp(lua_State *L)
{
    lua_settop(L, 3);
    push_list(L, "stamps");
    lua_createtable(L, 2, 0);
    lua_pushstring(L, bind_text(L, 2, NULL));
    lua_rawseti(L, 5, 1);
    lua_pushstring(L, bind_text(L, 3, NULL));
    lua_rawseti(L, 5, 2);
    lua_rawseti(L, 4, (lua_Integer)lua_rawlen(L, 4) + 1);
    lua_settop(L, 1);
    return 1;
}

/* ---- the engine's document ---- */

static void free_document(void *doc)
{
    pagu_document_free(doc);
}

/* Push what keeps the table alive; people read a copy of a table of machine words. */
static pagu_table *ready_table(lua_State *L, int idx, bool for_people)
{
    pagu_table *t = bind_table_ready(L, idx);
    table_box *box = lua_touserdata(L, idx);
    if (for_people && box->ours) {
        bind_push_people_table(L, idx);
        t = ((table_box *)lua_touserdata(L, -1))->t;
    }
    pagu_table_set_decimals(t, box->decimals);
    return t;
}

/* Stack: the block at idx, its parts above. */
static void put_block(lua_State *L, pagu_document *doc, int idx, bool for_people)
{
    pagu_error err;
    error_init(&err);
    lua_rawgeti(L, idx, 1);
    lua_rawgeti(L, idx, 2);
    lua_rawgeti(L, idx, 3);
    const char *name = lua_type(L, idx + 3) == LUA_TSTRING ? lua_tostring(L, idx + 3) : NULL;
    switch (lua_tointeger(L, idx + 1)) {
    case BLOCK_HEADING:
        bind_must(L, pagu_document_add_heading(doc, (uint32_t)lua_tointeger(L, idx + 3), lua_tostring(L, idx + 2)));
        break;
    case BLOCK_TEXT: bind_must(L, pagu_document_add_text(doc, lua_tostring(L, idx + 2))); break;
    case BLOCK_TABLE:
        bind_ok(L, pagu_document_add_table(doc, name, ready_table(L, idx + 2, for_people), &err), &err);
        break;
    case BLOCK_CHART: bind_ok(L, pagu_document_add_chart(doc, name, bind_chart_ready(L, idx + 2), &err), &err); break;
    }
}

/* Push an owner of the engine's document of the one at 1. */
static pagu_document *push_engine_document(lua_State *L, bool for_people)
{
    owned_box *own = bind_own(L, free_document);
    int top = lua_gettop(L);
    pagu_document *doc = own->ptr = pagu_document_new(bind_ctx(L));
    if (!doc)
        bind_memory(L);
    luaL_checkstack(L, 20, NULL);
    lua_getiuservalue(L, 1, 1);
    lua_getfield(L, top + 1, "title");
    bind_must(L, pagu_document_set_title(doc, lua_tostring(L, -1)));
    lua_getfield(L, top + 1, "lang");
    pagu_document_set_lang(doc, strcmp(lua_tostring(L, -1), "en") == 0 ? PAGU_LANG_EN : PAGU_LANG_ID);
    lua_settop(L, top);
    push_list(L, "blocks");
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, top + 1); i++) {
        lua_rawgeti(L, top + 1, i);
        put_block(L, doc, top + 2, for_people);
        lua_settop(L, top + 1);
    }
    push_list(L, "stamps");
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, top + 2); i++) {
        lua_rawgeti(L, top + 2, i);
        lua_rawgeti(L, -1, 1);
        lua_rawgeti(L, -2, 2);
        bind_must(L, pagu_document_add_stamp(doc, lua_tostring(L, -2), lua_tostring(L, -1)));
        lua_settop(L, top + 2);
    }
    lua_settop(L, top);
    return doc;
}

/* Stack: 1 document, options at `options` (0: none). Pushes the bytes. */
static int render(lua_State *L, pagu_format format, int options)
{
    pagu_error err;
    error_init(&err);
    pagu_render_options o = PAGU_RENDER_OPTIONS_INIT;
    o.width = bind_width(L);
    o.script = bind_charts(&o.script_len);
    bind_render_options(L, options, &o);
    bool machine = format == PAGU_FORMAT_CSV || format == PAGU_FORMAT_CSV_EXCEL_ID || format == PAGU_FORMAT_JSON;
    pagu_document *doc = push_engine_document(L, !machine);
    owned_box *own = bind_own_text(L);
    bind_ok(L, pagu_render_document(doc, format, &o, own->ptr, &err), &err);
    return bind_push_bytes(L, own);
}

/* doc:render(format, options) -> bytes */
static int document_render(lua_State *L)
{
    pagu_error err;
    pagu_format format = PAGU_FORMAT_TEXT;
    error_init(&err);
    bind_check_kind(L, 1, KIND_DOCUMENT, "a document");
    lua_settop(L, 3);
    bind_ok(L, pagu_format_parse(bind_ctx(L), bind_text_or(L, 2, "text"), &format, &err), &err);
    return render(L, format, lua_isnil(L, 3) ? 0 : 3);
}

/* print adds the last line end itself. */
static int document_tostring(lua_State *L)
{
    size_t len;
    bind_check_kind(L, 1, KIND_DOCUMENT, "a document");
    lua_settop(L, 1);
    render(L, PAGU_FORMAT_TEXT, 0);
    const char *s = lua_tolstring(L, -1, &len);
    while (len > 0 && s[len - 1] == '\n')
        len--;
    lua_pushlstring(L, s, len);
    return 1;
}

/* ---- reading ---- */

/* doc:blocks() -> list of { type =, text =, level =, name =, table =, chart = } */
static int document_blocks(lua_State *L)
{
    lua_settop(L, 1);
    push_list(L, "blocks");
    lua_newtable(L);
    for (lua_Integer i = 1; i <= (lua_Integer)lua_rawlen(L, 2); i++) {
        lua_createtable(L, 0, 3);
        lua_rawgeti(L, 2, i);
        lua_rawgeti(L, 5, 1);
        lua_Integer type = lua_tointeger(L, -1);
        lua_pushstring(L, block_types[type]);
        lua_setfield(L, 4, "type");
        lua_rawgeti(L, 5, 2);
        lua_setfield(L, 4, type == BLOCK_HEADING ? "text" : block_types[type]);
        lua_rawgeti(L, 5, 3);
        lua_setfield(L, 4, type == BLOCK_HEADING ? "level" : "name");
        lua_settop(L, 4);
        lua_rawseti(L, 3, i);
    }
    return 1;
}

static int document_len(lua_State *L)
{
    push_list(L, "blocks");
    lua_pushinteger(L, (lua_Integer)lua_rawlen(L, -1));
    return 1;
}

/* Methods, and title and lang. */
static int document_index(lua_State *L)
{
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    if (strcmp(name, "title") != 0 && strcmp(name, "lang") != 0)
        return 0;
    push_list(L, name);
    return 1;
}

void bind_open_document(lua_State *L)
{
    static const luaL_Reg methods[] = {
        { "heading", document_heading },
        { "text", document_text },
        { "add", document_add },
        { "stamp", document_stamp },
        { "render", document_render },
        { "blocks", document_blocks },
        { NULL, NULL },
    };
    static const luaL_Reg meta[] = { { "__tostring", document_tostring }, { "__len", document_len }, { NULL, NULL } };
    bind_class(L, "pagu.document", methods, meta, document_index);
}
