/* bind_view.c - reading: the methods that plans, stages' views and scenarios share.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

/* ---- making and closing ---- */

static view_box *push_box(lua_State *L, const char *class_name)
{
    return bind_new(L, KIND_VIEW, sizeof(view_box), 0, class_name);
}

static void release_plan(void *plan)
{
    pagu_plan_release(plan);
}

static void close_view(void *view)
{
    pagu_view_close(view);
}

static void close_scenario(void *s)
{
    pagu_scenario_close(s);
}

static void open_stage(lua_State *L, view_box *box, pagu_plan *plan, pagu_stage stage)
{
    box->view = pagu_view_open(plan, stage);
    if (!box->view)
        bind_memory(L);
}

void bind_push_plan(lua_State *L, pagu_plan *plan)
{
    view_box *box = bind_adopt(L, KIND_VIEW, sizeof(view_box), "pagu.plan", plan, release_plan);
    if (box) {
        box->plan = plan;
        open_stage(L, box, plan, pagu_plan_default_stage(plan));
    }
}

void bind_push_view(lua_State *L, pagu_view *view)
{
    view_box *box = bind_adopt(L, KIND_VIEW, sizeof(view_box), "pagu.view", view, close_view);
    if (box)
        box->view = view;
}

void bind_push_scenario(lua_State *L, pagu_scenario *s)
{
    view_box *box = bind_adopt(L, KIND_VIEW, sizeof(view_box), "pagu.scenario", s, close_scenario);
    if (box) {
        box->scenario = s;
        box->view = pagu_scenario_view(s);
    }
}

void bind_push_stage(lua_State *L, pagu_plan *plan, const char *id)
{
    pagu_error err;
    pagu_stage stage = 0;
    error_init(&err);
    bind_ok(L, pagu_plan_find_stage(plan, id, &stage, &err), &err);
    view_box *box = push_box(L, "pagu.view");
    open_stage(L, box, plan, stage);
}

static int view_close(lua_State *L)
{
    view_box *box = bind_check_kind(L, 1, KIND_VIEW, "a plan or scenario");
    if (box->view && pagu_view_is_judging(box->view))
        bind_fail(L, PAGU_CONFLICT, "scenario \"%s\" is being checked by a rule, which can only read",
                  pagu_view_name(box->view));
    bind_drop_proposal(box);
    pagu_scenario *s = box->scenario;
    pagu_view *view = s || box->borrowed ? NULL : box->view;
    pagu_plan *plan = box->plan;
    box->scenario = NULL;
    box->view = NULL;
    box->plan = NULL;
    if (s)
        pagu_scenario_close(s);
    if (view)
        pagu_view_close(view);
    release_plan(plan);
    return 0;
}

/* ---- values ---- */

int bind_push_cell(lua_State *L, pagu_cell cell)
{
    if (cell.state == PAGU_DASH) {
        lua_pushinteger(L, 0);
        lua_pushliteral(L, "-");
        return 2;
    }
    if (cell.state == PAGU_NUMBER)
        lua_pushinteger(L, cell.value);
    else
        lua_pushnil(L);
    return 1;
}

void bind_push_number(lua_State *L, double x)
{
    if (x >= -9007199254740992.0 && x <= 9007199254740992.0 && x == (double)(int64_t)x)
        lua_pushinteger(L, (int64_t)x);
    else
        lua_pushnumber(L, x);
}

int bind_push_measure(lua_State *L, const pagu_measure *m)
{
    switch (m->state) {
    case PAGU_DASH:
        lua_pushinteger(L, 0);
        lua_pushliteral(L, "-");
        return 2;
    case PAGU_NUMBER:
        bind_push_number(L, m->value);
        lua_pushstring(L, m->unit ? m->unit : "");
        lua_pushstring(L, m->text);
        return 3;
    case PAGU_TEXT:
        lua_pushstring(L, m->text ? m->text : "");
        lua_pushstring(L, m->unit ? m->unit : "");
        return 2;
    default: lua_pushnil(L); return 1;
    }
}

int bind_push_value(lua_State *L, view_box *v, pagu_row row, pagu_indicator ind, pagu_field field, pagu_period period)
{
    pagu_plan *plan = pagu_view_plan(v->view);
    if (pagu_plan_field_kind(plan, field) == PAGU_FIELD_MONEY) {
        if (row == PAGU_NO_ROW)
            bind_fail(L, PAGU_UNKNOWN_FIELD, "an indicator has no \"%s\"; ask its node", bind_field_name(plan, field));
        return bind_push_cell(L, pagu_evaluate_money(v->view, row, field, period));
    }
    if (pagu_plan_field_kind(plan, field) == PAGU_FIELD_DERIVED)
        return bind_push_derived(L, v, row, ind, field, period);
    if (ind == PAGU_NO_INDICATOR)
        ind = pagu_view_first_indicator(v->view, row);
    if (ind != PAGU_NO_INDICATOR)
        return bind_push_measure_of(L, v, ind, field, period);
    lua_pushnil(L);
    return 1;
}

/* A key, a node, or for measures an indicator or its id ("1.06.01#1"). */
void bind_find_place(lua_State *L, int idx, view_box *v, pagu_field field, pagu_row *row, pagu_indicator *ind)
{
    *row = PAGU_NO_ROW;
    *ind = PAGU_NO_INDICATOR;
    if (bind_test(L, idx, KIND_INDICATOR)) {
        *ind = bind_live_indicator(L, idx)->ind;
        return;
    }
    bool money = pagu_plan_field_kind(pagu_view_plan(v->view), field) == PAGU_FIELD_MONEY;
    if (!money && lua_type(L, idx) == LUA_TSTRING && strchr(bind_string(L, idx), '#') &&
        pagu_view_find_indicator(v->view, bind_string(L, idx), ind, NULL) == PAGU_OK)
        return;
    *row = bind_row(L, idx, v);
}

static int view_get(lua_State *L)
{
    view_box *v = bind_check_view_box(L, 1);
    pagu_plan *plan = pagu_view_plan(v->view);
    pagu_row row;
    pagu_indicator ind;
    pagu_field field = bind_field(L, 3, plan);
    pagu_period period = bind_period(L, 4, plan, 0);
    bind_find_place(L, 2, v, field, &row, &ind);
    return bind_push_value(L, v, row, ind, field, period);
}

/* ---- nodes ---- */

static int view_node(lua_State *L)
{
    bind_push_node(L, 1, bind_row(L, 2, bind_check_view_box(L, 1)));
    return 1;
}

static int view_find(lua_State *L)
{
    pagu_error err;
    pagu_row row;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    if (lua_type(L, 2) != LUA_TSTRING)
        return view_node(L);
    if (pagu_view_find(v->view, bind_string(L, 2), &row, &err) != PAGU_OK)
        return bind_return_error(L, &err);
    bind_push_node(L, 1, row);
    return 1;
}

static int view_indicator(lua_State *L)
{
    pagu_error err;
    pagu_indicator ind;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    bind_ok(L, pagu_view_find_indicator(v->view, bind_text(L, 2, NULL), &ind, &err), &err);
    bind_push_indicator(L, 1, ind);
    return 1;
}

static int view_lines(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    if (lua_isnoneornil(L, 2)) {
        lua_settop(L, 1);
        lua_pushliteral(L, "/");
        lua_newtable(L);
        lua_insert(L, 2);
        lua_setfield(L, 2, "under");
    }
    pagu_selection *at = bind_place(L, 2, 1);
    selection_box *out = bind_push_selection(L, 1);
    bind_ok(L, pagu_select_lines(v->view, at, &out->sel, &err), &err);
    return 1;
}

/* ---- tables ---- */

static int view_table(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    pagu_plan *plan = bind_check_plan(L, 1);
    const char *name = bind_text(L, 2, NULL);
    table_box *out = bind_push_table_box(L, pagu_plan_decimals(plan));
    if (pagu_plan_table(plan, name, &out->t, &err) != PAGU_OK)
        return bind_raise(L, &err);
    return 1;
}

typedef struct explain_limits {
    uint32_t depth, rows;
} explain_limits;

static explain_limits read_limits(lua_State *L, int options)
{
    static const char *const names[] = { "depth", "rows", "json", NULL };
    lua_Integer depth = 0, rows = 0;
    if (lua_istable(L, options)) {
        bind_known_options(L, options, "explain", names);
        bind_option(L, options, "depth");
        depth = bind_integer_or(L, -1, 0);
        bind_option(L, options, "rows");
        rows = bind_integer_or(L, -1, 0);
    }
    if (depth < 0 || rows < 0 || depth > UINT32_MAX || rows > UINT32_MAX)
        bind_fail(L, PAGU_ARGUMENT, "depth and rows must be 0 or more");
    return (explain_limits){ (uint32_t)depth, (uint32_t)rows };
}

/* The explanation as a JSON tree. */
static int push_tree(lua_State *L, view_box *v, pagu_row row, pagu_indicator ind, pagu_field field, pagu_period period,
                     table_box *of)
{
    pagu_error err;
    error_init(&err);
    pagu_plan *plan = pagu_view_plan(v->view);
    const char *key = ind != PAGU_NO_INDICATOR ? pagu_view_indicator(v->view, ind).id : pagu_view_key(v->view, row);
    pagu_render_options o = PAGU_RENDER_OPTIONS_INIT;
    o.decimals = pagu_plan_decimals(plan);
    const char *script = bind_script(L);
    owned_box *text = bind_own_text(L);
    const pagu_view *view = v->view;
    bind_ok(L, bind_stamp(of->t, &view, &script, 1, &err), &err);
    bind_ok(L,
            pagu_render_explanation(of->t, key, bind_field_name(plan, field), pagu_plan_period_id(plan, period), &o,
                                    text->ptr, &err),
            &err);
    return bind_push_bytes(L, text);
}

static int view_explain(lua_State *L)
{
    pagu_error err;
    pagu_row row;
    pagu_indicator ind;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    pagu_plan *plan = pagu_view_plan(v->view);
    pagu_field field = bind_field(L, 3, plan);
    pagu_period period = bind_period(L, 4, plan, 0);
    bind_find_place(L, 2, v, field, &row, &ind);
    explain_limits most = read_limits(L, 5);
    table_box *out = bind_push_result_table(L, pagu_plan_decimals(plan));
    bool money = pagu_plan_field_kind(plan, field) == PAGU_FIELD_MONEY;
    if (money && row == PAGU_NO_ROW)
        bind_fail(L, PAGU_UNKNOWN_FIELD, "an indicator has no \"%s\"; ask its node", bind_field_name(plan, field));
    pagu_code code = money ? pagu_explain(v->view, row, pagu_view_column(v->view, field, period), most.depth, most.rows,
                                          &out->t, &err)
                           : pagu_explain_field(v->view, row, ind, field, period, most.depth, most.rows, &out->t, &err);
    bind_ok(L, code, &err);
    return lua_istable(L, 5) && bind_option_bool(L, 5, "json") ? push_tree(L, v, row, ind, field, period, out) : 1;
}

/* v:by(tree, field, year): money by class, so that it foots. */
static int view_by(lua_State *L)
{
    pagu_error err;
    uint32_t tree = 0;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    pagu_plan *plan = pagu_view_plan(v->view);
    bind_ok(L, pagu_plan_find_tree(plan, bind_text(L, 2, NULL), &tree, &err), &err);
    pagu_column column = bind_money_column(L, v, bind_field(L, 3, plan), bind_period(L, 4, plan, 0));
    table_box *out = bind_push_table_box(L, pagu_plan_decimals(plan));
    bind_ok(L, pagu_sum_by_class(v->view, tree, column, &out->t, &err), &err);
    return 1;
}

/* v:check{ rule = "footing", severity = "warning", all = true } */
static pagu_check_options check_options(lua_State *L)
{
    static const char *const names[] = { "rule", "severity", "all", NULL };
    pagu_check_options o = PAGU_CHECK_OPTIONS_INIT;
    if (lua_isnoneornil(L, 2))
        return o;
    bind_known_options(L, 2, "check", names);
    o.rule = bind_option_string(L, 2, "rule");
    o.suppressed = bind_option_bool(L, 2, "all");
    bind_option(L, 2, "severity");
    o.severity = (pagu_severity)bind_choice(L, -1, "note", bind_severities);
    lua_pop(L, 1);
    return o;
}

static int view_check(lua_State *L)
{
    pagu_error err;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    pagu_check_options o = check_options(L);
    pagu_findings *fs = pagu_findings_new(bind_ctx(L));
    bind_push_findings(L, fs);
    bind_ok(L, fs ? pagu_check_with(v->view, &o, fs, &err) : PAGU_NO_MEMORY, &err);
    return 1;
}

static int view_hash(lua_State *L)
{
    pagu_error err;
    char hex[65];
    error_init(&err);
    bind_ok(L, pagu_view_hash(bind_check_view(L, 1), hex, &err), &err);
    lua_pushstring(L, hex);
    return 1;
}

/* ---- branches ---- */

static int view_branch(lua_State *L)
{
    static const char *const names[] = { "stage", NULL };
    pagu_error err;
    error_init(&err);
    view_box *v = bind_check_view_box(L, 1);
    const char *name = bind_text_or(L, 2, "");
    if (!lua_isnoneornil(L, 3)) {
        bind_known_options(L, 3, "branch", names);
        const char *stage = bind_option_string(L, 3, "stage");
        if (stage) {
            bind_push_stage(L, pagu_view_plan(v->view), stage);
            v = bind_test(L, -1, KIND_VIEW);
        }
    }
    pagu_scenario *s = NULL;
    view_box *box = push_box(L, "pagu.scenario");
    bind_ok(L, pagu_branch(v->view, name, &s, &err), &err);
    box->scenario = s;
    box->view = pagu_scenario_view(s);
    return 1;
}

static int view_stage(lua_State *L)
{
    bind_push_stage(L, bind_check_plan(L, 1), bind_text(L, 2, NULL));
    return 1;
}

const luaL_Reg bind_view_methods[] = {
    { "get", view_get },
    { "node", view_node },
    { "find", view_find },
    { "indicator", view_indicator },
    { "indicators", bind_view_indicators },
    { "rating", bind_view_rating },
    { "select", bind_select },
    { "lines", view_lines },
    { "table", view_table },
    { "explain", view_explain },
    { "evaluate", bind_evaluate },
    { "check", view_check },
    { "hash", view_hash },
    { "branch", view_branch },
    { "stage", view_stage },
    { "by", view_by },
    { "close", view_close },
    { NULL, NULL },
};

static const luaL_Reg view_meta[] = {
    { "__gc", view_close },
    { "__close", view_close },
    { "__tostring", bind_view_tostring },
    { "__newindex", bind_view_newindex },
    { NULL, NULL },
};

static void add_methods(lua_State *L, const char *name, const luaL_Reg *methods)
{
    bind_methods(L, name);
    luaL_setfuncs(L, methods, 0);
    lua_pop(L, 1);
}

void bind_open_view(lua_State *L)
{
    static const char *const classes[] = { "pagu.view", "pagu.plan", "pagu.scenario" };
    for (int i = 0; i < 3; i++) {
        bind_class(L, classes[i], bind_view_methods, view_meta, bind_view_index);
        add_methods(L, classes[i], bind_declared_methods);
        add_methods(L, classes[i], bind_formula_methods);
        add_methods(L, classes[i], bind_code_methods);
        add_methods(L, classes[i], bind_life_methods);
    }
    add_methods(L, "pagu.plan", bind_plan_methods);
}

void bind_open_scenario(lua_State *L)
{
    add_methods(L, "pagu.scenario", bind_edit_methods);
    add_methods(L, "pagu.scenario", bind_verb_methods);
    add_methods(L, "pagu.scenario", bind_optimise_methods);
    add_methods(L, "pagu.scenario", bind_constraint_methods);
    add_methods(L, "pagu.scenario", bind_structure_methods);
    add_methods(L, "pagu.scenario", bind_journal_methods);
}
