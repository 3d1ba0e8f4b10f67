/* cmd_explain.c - pagu explain PLAN KEY [FIELD] [YEAR].
 * SPDX-License-Identifier: MIT */
#include "bind/bind.h"
#include "cli/cli.h"

typedef struct subject {
    const char *key;
    pagu_row row;
    pagu_indicator ind;
    pagu_field field;
    pagu_period period;
} subject;

/* Money is of nodes; anything else of an indicator by its id, or of a node. */
static pagu_code find_place(const pagu_view *v, subject *s, pagu_error *err)
{
    const pagu_plan *plan = pagu_view_plan(v);
    s->row = PAGU_NO_ROW;
    s->ind = PAGU_NO_INDICATOR;
    if (pagu_plan_field_kind(plan, s->field) != PAGU_FIELD_MONEY &&
        pagu_view_find_indicator(v, s->key, &s->ind, NULL) == PAGU_OK)
        return PAGU_OK;
    s->ind = PAGU_NO_INDICATOR;
    return pagu_view_find(v, s->key, &s->row, err);
}

static pagu_code read_subject(const cli *c, const pagu_view *v, subject *s, pagu_error *err)
{
    const pagu_plan *plan = pagu_view_plan(v);
    const char *field = c->n_args > 2 ? c->args[2] : c->field, *year = c->n_args > 3 ? c->args[3] : c->year;
    s->key = c->args[1];
    pagu_code code = pagu_find_field(plan, field ? field : "budget", &s->field, err);
    if (code == PAGU_OK)
        code = year ? pagu_plan_find_period(plan, year, &s->period, err)
                    : pagu_plan_find_year(plan, pagu_plan_year(plan), &s->period, err);
    return code == PAGU_OK ? find_place(v, s, err) : code;
}

static pagu_code explain(const pagu_view *v, const subject *s, pagu_table **out, pagu_error *err)
{
    uint32_t most = 0; /* the usual depth and rows */
    if (pagu_plan_field_kind(pagu_view_plan(v), s->field) == PAGU_FIELD_MONEY)
        return pagu_explain(v, s->row, pagu_view_column(v, s->field, s->period), most, most, out, err);
    return pagu_explain_field(v, s->row, s->ind, s->field, s->period, most, most, out, err);
}

static int write_tree(const cli *c, const pagu_view *v, const subject *s, const pagu_table *t)
{
    pagu_error err = { .code = PAGU_NO_MEMORY };
    const pagu_plan *plan = pagu_view_plan(v);
    pagu_render_options o = PAGU_RENDER_OPTIONS_INIT;
    o.decimals = pagu_plan_decimals(plan);
    pagu_text *text = pagu_text_new(c->ctx);
    int result = text && pagu_render_explanation(t, s->key, pagu_field_describe(plan, s->field).id,
                                                 pagu_plan_period_id(plan, s->period), &o, text, &err) == PAGU_OK
                     ? write_result(c, pagu_text_data(text), pagu_text_len(text))
                     : input_error(c, &err);
    pagu_text_free(text);
    return result;
}

static int write_rows(const cli *c, const pagu_view *v, const pagu_table *t, pagu_format format)
{
    pagu_table *copy = NULL;
    pagu_error err = { .code = PAGU_OK };
    bool for_people = format == PAGU_FORMAT_TEXT || format == PAGU_FORMAT_MARKDOWN;
    err.code = for_people ? bind_people_copy(c->ctx, t, &copy) : PAGU_OK;
    int result = err.code == PAGU_OK ? write_table(c, copy ? copy : t, pagu_plan_decimals(pagu_view_plan(v)))
                                     : input_error(c, &err);
    pagu_table_free(copy);
    return result;
}

static int explain_in(const cli *c, const loaded_view *of)
{
    subject s;
    pagu_format format;
    pagu_table *t = NULL;
    pagu_error err = { .code = PAGU_OK };
    const pagu_view *v = of->view;
    const char *script = *of->script ? of->script : NULL;
    int result = result_format(c, &format);
    if (result != EXIT_DONE)
        return result;
    pagu_code code = read_subject(c, v, &s, &err);
    if (code == PAGU_OK)
        code = explain(v, &s, &t, &err);
    if (code == PAGU_OK)
        code = bind_stamp(t, &v, &script, 1, &err);
    err.code = code;
    if (code != PAGU_OK)
        result = input_error(c, &err);
    else
        result = format == PAGU_FORMAT_JSON ? write_tree(c, v, &s, t) : write_rows(c, v, t, format);
    pagu_table_free(t);
    return result;
}

int cmd_explain(cli *c)
{
    pagu_plan *plan = NULL;
    pagu_stage stage;
    loaded_view v = { .view = NULL };
    int code = load_plan(c, c->args[0], NULL, &plan);
    if (code == EXIT_DONE && c->scenario) {
        code = load_view(c, plan, c->scenario, &v);
    } else if (code == EXIT_DONE) {
        code = load_stage(c, plan, &stage);
        v.view = code == EXIT_DONE ? pagu_view_open(plan, stage) : NULL;
        if (code == EXIT_DONE && !v.view)
            code = EXIT_INTERNAL;
    }
    if (code == EXIT_DONE)
        code = explain_in(c, &v);
    loaded_view_close(&v);
    pagu_plan_release(plan);
    return code;
}
