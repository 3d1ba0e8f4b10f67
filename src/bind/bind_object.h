/* bind_object.h - the userdata of the binding and the helpers its files share.
 *
 * Every userdata starts with a tag (the address of one static byte a kind), so that a type
 * test is two loads and no string lookup. Helpers that "push" leave one value; those that
 * "check" raise an error object.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_BIND_OBJECT_H
#define PAGU_SRC_BIND_OBJECT_H

#include "bind/bind.h"

#include <string.h>

typedef enum bind_kind {
    KIND_CONTEXT,
    KIND_OWNED,
    KIND_VIEW,
    KIND_NODE,
    KIND_INDICATOR,
    KIND_CELLS,
    KIND_SELECTION,
    KIND_INDICATORS,
    KIND_COLUMN,
    KIND_TABLE,
    KIND_FINDINGS,
    KIND_DOCUMENT,
    KIND_CHART,
    KIND_WORKSPACE,
    KIND_SIMULATION,
    KIND_COUNT
} bind_kind;

/* A plan, a stage's view or a scenario. view NULL: closed. */
typedef struct view_box {
    const void *tag;
    pagu_view *view;         /* of a scenario: borrowed from it */
    pagu_plan *plan;         /* a reference, for plans only; user value 1: what its load found */
    pagu_scenario *scenario; /* for scenarios only */
    pagu_proposal *proposal; /* the one being filled, or NULL */
    int depth;               /* of s:atomic calls that are running */
    bool borrowed;           /* the view is lent by the engine for one call: nothing to close */
} view_box;

/* User value 1: the view. Rows that a scenario added also keep their key in user value 2: an
 * undone row's number may come back as another node. */
typedef struct node_box {
    const void *tag;
    view_box *view;
    pagu_row row;
    bool added;
} node_box;

typedef struct indicator_box { /* user value 1: the view; 2: its id */
    const void *tag;
    view_box *view;
    pagu_indicator ind;
} indicator_box;

typedef struct selection_box { /* user value 1: the view; 2: rows in tree order, once needed */
    const void *tag;
    view_box *view;
    pagu_selection *sel;
    const pagu_row *order;
    uint32_t cursor; /* where the last __call of a generic for stood */
} selection_box;

/* Indicators of a selection, in tree order. User value 1: the view; 2: the list. */
typedef struct indicators_box {
    const void *tag;
    view_box *view;
    pagu_indicator *list;
    uint32_t n, cursor;
} indicators_box;

/* node.budget, indicator.target, selection.budget: one field, waiting for a period.
 * User value 1: the node, indicator or selection. */
typedef struct cells_box {
    const void *tag;
    view_box *view;
    pagu_row row;
    pagu_indicator ind;
    selection_box *sel;   /* NULL: of a node or an indicator */
    indicators_box *inds; /* of a list of indicators */
    pagu_field field;
} cells_box;

typedef struct column_box { /* user value 1: the selection, or the list of indicators */
    const void *tag;
    view_box *view;
    selection_box *sel;
    indicators_box *inds; /* one of the two is NULL */
    pagu_expr *expr;
} column_box;

/* A table of the engine, or one that a script fills: its column types are decided from its rows
 * (user value 1: {columns = …, rows = …}) when it is needed. User value 2: a function that
 * every row of :rows() and :each() goes through, or nil. */
typedef struct table_box {
    const void *tag;
    pagu_table *t;
    int decimals;
    bool ours;  /* holds machine words: people read a copy */
    bool open;  /* user value 1 holds the rows; t is made from them */
    bool stale; /* rows were added since t was made; its columns still name them */
} table_box;

typedef struct chart_box { /* user value 1: its specification, a table of options */
    const void *tag;
    pagu_chart *c;
} chart_box;

typedef struct document_box { /* user value 1: its blocks */
    const void *tag;
} document_box;

typedef struct findings_box {
    const void *tag;
    pagu_findings *fs;
} findings_box;

/* A temporary handle that a longjmp must not leak. */
typedef struct owned_box {
    const void *tag;
    void *ptr;
    void (*free)(void *ptr);
} owned_box;

/* ---- userdata (bind_object.c) ---- */

void *bind_new(lua_State *L, bind_kind kind, size_t size, int user_values, const char *metatable);
/* The same for a handle that exists already: freed if there is no memory for its box. NULL
 * pushes nil and returns NULL. */
void *bind_adopt(lua_State *L, bind_kind kind, size_t size, const char *metatable, void *ptr, void (*free_fn)(void *));
void *bind_test(lua_State *L, int idx, bind_kind kind); /* NULL if it is something else */
void *bind_check_kind(lua_State *L, int idx, bind_kind kind, const char *what);
/* Push a temporary owner; set ->ptr later. bind_disown forgets, bind_drop frees. */
owned_box *bind_own(lua_State *L, void (*free_fn)(void *));
void *bind_disown(owned_box *box);
/* Push the owner of a new text; its ->ptr is never NULL. */
owned_box *bind_own_text(lua_State *L);
/* Push the bytes of an owned text and free it; returns 1, the number of results. */
int bind_push_bytes(lua_State *L, owned_box *text);
/* Push scratch memory of n × size bytes as a userdata; never NULL. */
void *bind_scratch(lua_State *L, size_t n, size_t size);
/* A metatable with methods, metamethods and __index (a function, or NULL: the methods). The
 * __index function gets the method table as upvalue 1. */
void bind_class(lua_State *L, const char *name, const luaL_Reg *methods, const luaL_Reg *meta, lua_CFunction index);
/* Push the method table of a class, for the Lua library to add to. */
void bind_methods(lua_State *L, const char *name);
bool bind_has_method(lua_State *L, const char *class_name, const char *name);

/* ---- errors (bind_error.c) ---- */

static inline void error_init(pagu_error *err)
{
    err->code = PAGU_OK;
    err->line = 0;
    err->message[0] = err->node[0] = err->field[0] = err->file[0] = '\0';
}
/* Raise; adds the script's position when the error has none. */
int bind_raise(lua_State *L, const pagu_error *err);
static inline void bind_ok(lua_State *L, pagu_code code, pagu_error *err)
{
    if (code != PAGU_OK) {
        err->code = code;
        bind_raise(L, err);
    }
}
/* Raise an error of the binding; format is English and is looked up in bind_messages.c. */
int bind_fail(lua_State *L, pagu_code code, const char *format, ...) PAGU_PRINTF(3, 4);
int bind_memory(lua_State *L);
/* Raise what filling a table or document came to, unless it is PAGU_OK. */
void bind_must(lua_State *L, pagu_code code);
/* Set a field of the table at the top: a whole number; a text, unless it is NULL or empty. */
void bind_set_integer(lua_State *L, const char *name, lua_Integer value);
void bind_set_text(lua_State *L, const char *name, const char *text);
/* A text of a table's cell, unless it is NULL or empty. */
void bind_set_cell_text(lua_State *L, pagu_table *t, uint32_t row, uint32_t col, const char *text);
/* nil, message, code. */
int bind_return_error(lua_State *L, const pagu_error *err);
/* May the state's scripts read this file or folder? PAGU_IO, and why, if not. */
pagu_code bind_may_read(lua_State *L, const char *path, pagu_error *err);
/* Raise code "io" unless they may write this file or folder. */
void bind_check_writing(lua_State *L, const char *path);
/* The same for a file that is opened and written in place: a link would be followed, so it is refused. */
void bind_check_writing_through(lua_State *L, const char *path);
const char *bind_tr(const pagu_ctx *ctx, const char *format) __attribute__((format_arg(2)));
/* "a string", "a node": what a value is, for messages. */
const char *bind_describe(lua_State *L, int idx);

/* A note with the position of the script that called; valid while that script's frame is. */
typedef struct bind_note {
    pagu_note note;
    lua_Debug ar;
} bind_note;
void bind_where(lua_State *L, bind_note *n, const char *verb);
/* A dry run of a verb that takes (scenario at 1, options): on a branch that is dropped, without the option `dry`.
 * Pushes what it would change, as a table like that of s:changes. */
int bind_dry(lua_State *L, lua_CFunction verb, int options);
/* From now on notes name this place (NULL: the running script again). */
void bind_set_where(lua_State *L, const char *file, int line);
/* The same, args and reason from an options table (its JSON is pushed). */
void bind_where_options(lua_State *L, bind_note *n, const char *verb, int options);
/* Push the JSON of a plain value, one line, keys sorted; what is not plain is described. */
const char *bind_push_json(lua_State *L, int idx);
/* The same before a step is made: what a predicate of a selector chooses on the view at index 1 stands in its
 * place. Predicates run. */
const char *bind_push_decision(lua_State *L, int idx);
/* Put in the place of the options at index 2 a copy in which places told by a predicate are the selections
 * that they choose on the view at index 1, so that the journal can keep them. */
void bind_fix_places(lua_State *L);
/* False if such JSON stands for something that can't be given to the verb again: a function, a
 * scenario, a selection of very many rows. */
bool bind_is_plain_json(const char *json);
void bind_add_json_string(luaL_Buffer *b, const char *s);
/* Push the decisions of the journal's entries first … end-1 as JSON: [{"verb":…,"args":…,"reason":…}, …]. */
void bind_push_steps(lua_State *L, pagu_scenario *s, uint32_t first, uint32_t end);

/* ---- arguments (bind_args.c) ---- */

view_box *bind_check_view_box(lua_State *L, int idx);
view_box *bind_live(lua_State *L, view_box *v); /* raises "closed" */
pagu_scenario *bind_writable(lua_State *L, view_box *v);
const char *bind_push_stage_call(lua_State *L, const view_box *v); /* how scripts name its stage: plan */
/* Say on which thread the predicates of a view's rules run; before calls that may judge them. */
void bind_judge_here(lua_State *L, const view_box *v);
/* The function at idx as a predicate; it lives until the engine releases it. */
pagu_predicate bind_new_predicate(lua_State *L, int idx);
/* What lua_tostring gives, but an error for text with a zero byte inside. */
const char *bind_string(lua_State *L, int idx);
const char *bind_text(lua_State *L, int idx, size_t *len);
const char *bind_text_or(lua_State *L, int idx, const char *fallback);
lua_Integer bind_integer(lua_State *L, int idx);
lua_Integer bind_integer_or(lua_State *L, int idx, lua_Integer fallback);
void bind_function(lua_State *L, int idx);
int bind_choice(lua_State *L, int idx, const char *fallback, const char *const *names); /* names end with NULL */
/* Push the value of a verb's option, read raw: no script runs while options are read. */
/* Pairs of the table at idx, a stack index from the bottom. */
size_t bind_count_pairs(lua_State *L, int idx);
int bind_option(lua_State *L, int options, const char *name);
const char *bind_option_string(lua_State *L, int options,
                               const char *name);    /* NULL if nil; stays anchored in the table */
bool bind_option_is_warn(lua_State *L, int options); /* warn = true, or severity = "warn" */
bool bind_option_bool(lua_State *L, int options, const char *name);
/* Raise if the table has a name that isn't in the list (ended by NULL). */
void bind_known_options(lua_State *L, int options, const char *verb, const char *const *names);
/* Money: an integer, or a float that holds one. */
pagu_money bind_money(lua_State *L, int idx, const char *what);
bool bind_money_option(lua_State *L, int options, const char *name, pagu_money *out);
pagu_money bind_unit_option(lua_State *L, int options);
pagu_decimal bind_decimal(lua_State *L, int idx, const char *what);
pagu_field bind_field(lua_State *L, int idx, pagu_plan *plan);               /* nil: budget */
pagu_period bind_period(lua_State *L, int idx, pagu_plan *plan, int offset); /* nil: n + offset */
/* Options field, and year or period. */
pagu_field bind_field_option(lua_State *L, int options, pagu_plan *plan);
pagu_period bind_period_option(lua_State *L, int options, pagu_plan *plan, int offset);
pagu_column bind_money_column(lua_State *L, view_box *v, pagu_field field, pagu_period period);
/* Numbers at idx (array of n, on the Lua side of any sign) to int64 weights of one scale. */
void bind_scale_weights(lua_State *L, const pagu_decimal *d, size_t n, int64_t *out);

/* ---- places (bind_place.c): a key, a list, a selector table, a node or a selection ---- */

pagu_row bind_row(lua_State *L, int idx, view_box *v); /* key or node */
/* pagu_view_find of the text at idx, remembered by the state (bind_context.c). */
pagu_code bind_find_key(lua_State *L, int idx, const pagu_view *v, pagu_row *row, pagu_error *err);
bool bind_is_selector(lua_State *L, int idx);
/* Push the selection that a place means on v. view is the userdata index of v. */
pagu_selection *bind_place(lua_State *L, int idx, int view);
/* A class of a tree by id or name; raises "unknown_tag". */
uint32_t bind_tag_class(lua_State *L, pagu_plan *plan, uint32_t tree, const char *name);
pagu_selection *bind_place_option(lua_State *L, int options, const char *name, int view, bool required);
pagu_selection *bind_place_apart(lua_State *L, int options, const char *name, int view, bool required);
int bind_select(lua_State *L); /* v:select{…} */

/* ---- pushing ---- */

void bind_push_node(lua_State *L, int view, pagu_row row); /* nil for PAGU_NO_ROW */
void bind_push_indicator(lua_State *L, int view, pagu_indicator ind);
selection_box *bind_push_selection(lua_State *L, int view);  /* empty box: ->sel is to be set */
const pagu_row *bind_selection_order(lua_State *L, int idx); /* rows in tree order */
void bind_push_cells(lua_State *L, int owner, view_box *v, pagu_field field);
int bind_push_cell(lua_State *L, pagu_cell cell);           /* nil | integer | 0, "-" */
int bind_push_measure(lua_State *L, const pagu_measure *m); /* nil | number, unit, text | text, unit | 0, "-" */
void bind_push_number(lua_State *L, double x);              /* an integer when it is one */
int bind_push_value(lua_State *L, view_box *v, pagu_row row, pagu_indicator ind, pagu_field field, pagu_period period);
/* Of an expression: as bind_push_measure; what is missing for a reason is nil, nil, "unit clash". */
int bind_push_result(lua_State *L, pagu_expr_type type, const pagu_expr_value *v);
int bind_push_derived(lua_State *L, view_box *v, pagu_row row, pagu_indicator ind, pagu_field field,
                      pagu_period period);
/* A measure; of a year that has none of its own, its quarters together. */
int bind_push_measure_of(lua_State *L, view_box *v, pagu_indicator ind, pagu_field field, pagu_period period);
int bind_selection_formula(lua_State *L); /* sel:formula(text, period) */
/* Raise if the field is computed: nothing can be assigned to it. */
void bind_refuse_derived(lua_State *L, pagu_plan *plan, pagu_field field);
const char *bind_field_name(const pagu_plan *plan, pagu_field field); /* of any field */
table_box *bind_push_table_box(lua_State *L, int decimals);
table_box *bind_push_result_table(lua_State *L, int decimals); /* one with machine words, copied for people */
/* Push an empty table of such columns and return it. headings: machine name and English title of
 * each, ended by NULL; types: a letter each: t text, m money, n number, i integer, u measure. */
pagu_table *bind_push_new_table(lua_State *L, int decimals, const char *const *headings, const char *types);
extern const char *const bind_severities[]; /* by pagu_severity; ends with NULL */
/* An empty column of a selection or a list of indicators: ->expr is to be set. */
column_box *bind_push_column(lua_State *L, int owner);
/* Values of a column; pushes the scratch memory that holds them. */
pagu_expr_value *bind_push_column_values(lua_State *L, const column_box *c);
/* PAGU_ARGUMENT unless a column's rows are those of these cells, on the same view. */
void bind_check_aligned(lua_State *L, const column_box *c, const cells_box *cells);
indicators_box *bind_check_indicators(lua_State *L, int idx);
/* Push the list of the indicators of rows on the view at `view`. */
int bind_push_indicators(lua_State *L, int view, const pagu_row *rows, uint32_t n);
/* Push a view's other stage, opened, as a view userdata. */
void bind_push_stage(lua_State *L, pagu_plan *plan, const char *id);

/* The node a userdata stands for, checked to be alive and still there. */
node_box *bind_live_node(lua_State *L, int idx);
int bind_view_indicators(lua_State *L);
int bind_view_rating(lua_State *L);
indicator_box *bind_live_indicator(lua_State *L, int idx);
selection_box *bind_check_selection(lua_State *L, int idx);
/* A key, a node, or for measures an indicator or its id ("1.06.01#1"). */
void bind_find_place(lua_State *L, int idx, view_box *v, pagu_field field, pagu_row *row, pagu_indicator *ind);
/* Set one value: a leaf is edited, a sum is spread over its lines, a measure is set. */
void bind_assign(lua_State *L, view_box *v, pagu_row row, pagu_indicator ind, pagu_field field, pagu_period period,
                 int value);
void bind_drop_proposal(view_box *v);
int bind_view_index(lua_State *L); /* metamethods of plans, views and scenarios */
int bind_view_newindex(lua_State *L);
int bind_view_tostring(lua_State *L);
void bind_assign_selection(lua_State *L, const cells_box *c, pagu_period period, int value);
/* Make the engine's table of a script's table; returns it. */
pagu_table *bind_table_ready(lua_State *L, int idx);
int bind_module_compare(lua_State *L);
int bind_evaluate(lua_State *L);     /* v:evaluate{…} */
int bind_stamps(lua_State *L);       /* pagu._stamps(view) */
int bind_table_new(lua_State *L);    /* pagu.table{…} */
int bind_chart_new(lua_State *L);    /* pagu.chart{…} */
int bind_document_new(lua_State *L); /* pagu.document{…} */
/* The engine's chart of a script's; made anew if its table was. */
pagu_chart *bind_chart_ready(lua_State *L, int idx);
/* The script for interactive charts; NULL if the build has none. */
const char *bind_charts(size_t *len);
/* Read the options of a rendering at idx (0: none): locale, else that of the language; width, ascii, stamp, decimals;
 * for HTML interactive, paper. */
void bind_render_options(lua_State *L, int idx, pagu_render_options *o);
int bind_table_add(lua_State *L);   /* t:add(row, options) */
int bind_table_note(lua_State *L);  /* t:note(text) */
int bind_table_stamp(lua_State *L); /* t:stamp(key, value) */

/* ---- opening: one a file ---- */

void bind_open_error(lua_State *L);
void bind_open_view(lua_State *L);
void bind_open_scenario(lua_State *L);
void bind_open_node(lua_State *L);
void bind_open_indicator(lua_State *L);
void bind_open_cells(lua_State *L);
void bind_open_selection(lua_State *L);
void bind_open_indicators(lua_State *L);
void bind_open_column(lua_State *L);
void bind_open_table(lua_State *L);
void bind_open_findings(lua_State *L);
void bind_open_document(lua_State *L);
void bind_open_chart(lua_State *L);
void bind_open_workspace(lua_State *L);
extern const luaL_Reg bind_workspace_functions[];
extern const luaL_Reg bind_optimise_methods[];
extern const luaL_Reg bind_view_methods[], bind_declared_methods[], bind_plan_methods[], bind_edit_methods[],
    bind_verb_methods[], bind_constraint_methods[], bind_structure_methods[], bind_journal_methods[],
    bind_life_methods[], bind_life_functions[], bind_solve_functions[], bind_attribute_functions[],
    bind_number_functions[], bind_module_functions[], bind_code_methods[], bind_formula_methods[],
    bind_script_functions[], bind_sweep_functions[], bind_project_functions[];
void bind_open_simulation(lua_State *L);
extern const luaL_Reg bind_simulate_functions[];

/* ---- what loads share (bind_plan.c) ---- */

/* Push an empty list of findings; its index. */
int bind_new_findings(lua_State *L);
/* nil, message, code, findings. */
int bind_return_with_findings(lua_State *L, const pagu_error *err, int findings);
/* What the load found stays with the plan: plan.findings. */
void bind_push_plan_with(lua_State *L, pagu_plan *plan, int findings);
int bind_import(lua_State *L);

#endif
