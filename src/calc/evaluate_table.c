/* evaluate_table.c - an evaluation as a table: rates, K beside Rp, rating and what would lift it.
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate.h"
#include "calc/phrase.h"

#include <stdio.h>

/* The fields that the table prints; those with next are of year + 1. */
enum { T_RATE, T_TARGET, T_ACCUMULATED, T_ACCUMULATED_RATE, T_CUMULATIVE, T_STRATEGIC, T_K, T_RP, T_RATING, T_COUNT };
static const struct {
    derived_id id;
    bool next;
} fields[T_COUNT] = {
    [T_RATE] = { RATE, false },
    [T_TARGET] = { STRATEGIC_TARGET, false },
    [T_ACCUMULATED] = { ACCUMULATED, false },
    [T_ACCUMULATED_RATE] = { ACCUMULATED_RATE, false },
    [T_CUMULATIVE] = { CUMULATIVE, true },
    [T_STRATEGIC] = { STRATEGIC_RATE, true },
    [T_K] = { ACHIEVEMENT, false },
    [T_RP] = { ABSORPTION, false },
    [T_RATING] = { RATING, false },
};

static const struct {
    const char *name, *title;
    pagu_column_type type;
} columns[] = {
    { "key", "Key", PAGU_COL_TEXT },
    { "name", "Name", PAGU_COL_TEXT },
    { "indicator", "Indicator", PAGU_COL_TEXT },
    { "target", "Target", PAGU_COL_MEASURE },
    { "achieved", "Achieved", PAGU_COL_MEASURE },
    { "rate", "Rate", PAGU_COL_PERCENT },
    { "strategic_target", "Strategic target", PAGU_COL_MEASURE },
    { "accumulated", "Achieved so far", PAGU_COL_MEASURE },
    { "accumulated_rate", "Of the strategic target", PAGU_COL_PERCENT },
    { "cumulative", "Expected next year", PAGU_COL_MEASURE },
    { "strategic_rate", "Expected of the strategic target", PAGU_COL_PERCENT },
    { "achievement", "K", PAGU_COL_PERCENT },
    { "budget", "Budget", PAGU_COL_MONEY },
    { "spent", "Spent", PAGU_COL_MONEY },
    { "absorption", "Rp", PAGU_COL_PERCENT },
    { "efficiency", "Efficiency", PAGU_COL_PERCENT },
    { "rating", "Rating", PAGU_COL_TEXT },
    { "next", "Next grade", PAGU_COL_TEXT },
    { "needs", "Needs", PAGU_COL_MEASURE },
    { "note", "Note", PAGU_COL_TEXT },
};
enum {
    C_KEY,
    C_NAME,
    C_INDICATOR,
    C_TARGET,
    C_ACHIEVED,
    C_RATE,
    C_STRATEGIC_TARGET,
    C_ACCUMULATED,
    C_ACCUMULATED_RATE,
    C_CUMULATIVE,
    C_STRATEGIC_RATE,
    C_K,
    C_BUDGET,
    C_SPENT,
    C_RP,
    C_EFFICIENCY,
    C_RATING,
    C_NEXT,
    C_NEEDS,
    C_NOTE
};

typedef struct filling {
    const pagu_view *view;
    pagu_ctx *ctx;
    evaluation *at; /* T_COUNT; opened ones */
    bool open[T_COUNT];
    pagu_table *t;
    uint32_t row;
    uint32_t top; /* depth that stands at the margin */
    pagu_code code;
    char note[400];
} filling;

static void keep(filling *f, pagu_code code)
{
    if (f->code == PAGU_OK)
        f->code = code;
}

static void put_text(filling *f, uint32_t col, const char *text)
{
    if (text && *text && f->code == PAGU_OK)
        keep(f, pagu_table_set_text(f->t, f->row, col, text));
}

static void add_remark(filling *f, const char *text)
{
    size_t used = strlen(f->note);
    snprintf(f->note + used, sizeof f->note - used, "%s%s", used ? "; " : "", text);
}

/* "rate: unit clash (Orang, Orang/Bulan)" */
static void note_state(filling *f, uint32_t col, const pagu_derived *d)
{
    char text[200];
    const char *state = tr(f->ctx, pagu_derived_state_name((pagu_derived_state)d->state));
    const char *title = tr(f->ctx, columns[col].title);
    if (d->state == PAGU_DERIVED_UNIT_CLASH)
        snprintf(text, sizeof text, "%.60s: %.40s (%.40s, %.40s)", title, state, d->unit, d->text ? d->text : "");
    else
        snprintf(text, sizeof text, "%.60s: %.40s", title, state);
    add_remark(f, text);
}

static void put(filling *f, uint32_t col, const pagu_derived *d)
{
    if (f->code != PAGU_OK)
        return;
    if (is_fault(d)) {
        note_state(f, col, d);
        return;
    }
    if (d->state == PAGU_DERIVED_MISSING)
        return;
    pagu_measure m = { d->value, d->unit, d->text, (pagu_state)d->state };
    if (columns[col].type == PAGU_COL_MEASURE)
        keep(f, pagu_table_set_measure(f->t, f->row, col, &m));
    else if (d->state == PAGU_DERIVED_DASH)
        keep(f, pagu_table_set_dash(f->t, f->row, col));
    else
        keep(f, pagu_table_set_number(f->t, f->row, col, d->value));
}

static void put_money(filling *f, uint32_t col, const pagu_derived *d)
{
    if (d->state == PAGU_DERIVED_NUMBER && f->code == PAGU_OK)
        keep(f, pagu_table_set_money(f->t, f->row, col, d->amount));
    else if (d->state == PAGU_DERIVED_DASH && f->code == PAGU_OK)
        keep(f, pagu_table_set_dash(f->t, f->row, col));
}

/* ---- rows ---- */

static void begin_row(filling *f, pagu_row row, bool first)
{
    f->row = pagu_table_row_count(f->t);
    f->note[0] = '\0';
    if (f->code == PAGU_OK)
        keep(f, pagu_table_add_row(f->t));
    put_text(f, C_KEY, pagu_view_key(f->view, row));
    if (first)
        put_text(f, C_NAME, pagu_view_row_name(f->view, row));
}

static void end_row(filling *f)
{
    put_text(f, C_NOTE, f->note);
}

static void put_indicator(filling *f, pagu_indicator ind)
{
    static const uint32_t to[T_COUNT] = { [T_RATE] = C_RATE,
                                          [T_TARGET] = C_STRATEGIC_TARGET,
                                          [T_ACCUMULATED] = C_ACCUMULATED,
                                          [T_ACCUMULATED_RATE] = C_ACCUMULATED_RATE,
                                          [T_CUMULATIVE] = C_CUMULATIVE,
                                          [T_STRATEGIC] = C_STRATEGIC_RATE };
    evaluation *e = &f->at[T_RATE];
    pagu_derived target = year_value(e, &e->target_now, ind), achieved = year_value(e, &e->achieved_now, ind);
    put_text(f, C_INDICATOR, pagu_view_indicator(f->view, ind).name);
    put(f, C_TARGET, &target);
    put(f, C_ACHIEVED, &achieved);
    for (uint32_t i = T_RATE; i <= T_STRATEGIC; i++) {
        if (!f->open[i])
            continue;
        pagu_derived d = evaluation_indicator(&f->at[i], ind);
        put(f, to[i], &d);
    }
}

static void put_lift(filling *f, pagu_row row, pagu_indicator ind)
{
    pagu_lift lift = evaluation_lift(&f->at[T_RATING], row, ind);
    bool of_node = ind == PAGU_NO_INDICATOR;
    if (lift.state != PAGU_DERIVED_NUMBER)
        return;
    put_text(f, C_RATING, lift.label);
    put_text(f, C_NEXT, lift.next);
    pagu_derived needs = { .value = of_node ? lift.points : lift.achieved,
                           .unit = of_node ? tr(f->ctx, "points") : lift.unit,
                           .state = PAGU_DERIVED_NUMBER };
    if (lift.next && !isnan(needs.value))
        put(f, C_NEEDS, &needs);
    if (lift.next && lift.strictly)
        add_remark(f, tr(f->ctx, "the next grade needs more than this"));
}

static void note_weights(filling *f, const pagu_derived *k)
{
    char text[160], share[48];
    pagu_number_format(share, sizeof share, 100.0 * (double)k->weight_missing,
                       pagu_ctx_lang(f->ctx) == PAGU_LANG_ID ? PAGU_LOCALE_ID : PAGU_LOCALE_EN, 2);
    if (k->state == PAGU_DERIVED_NUMBER && k->weight_missing > 0) {
        phrase(f->ctx, text, sizeof text, "%s%% of K's weight has no achievement", share);
        add_remark(f, text);
    }
}

static void put_node(filling *f, pagu_row row)
{
    pagu_derived k = evaluation_node(&f->at[T_K], row), rp = evaluation_node(&f->at[T_RP], row);
    const evaluation *money = &f->at[T_RP];
    pagu_derived budget = year_money_value(money, &money->budget_now, row);
    pagu_derived spent = year_money_value(money, &money->spent_now, row);
    put(f, C_K, &k);
    put_money(f, C_BUDGET, &budget);
    put_money(f, C_SPENT, &spent);
    put(f, C_RP, &rp);
    pagu_derived efficiency = efficiency_of(&k, &rp);
    if (!is_fault(&efficiency))
        put(f, C_EFFICIENCY, &efficiency);
    note_weights(f, &k);
}

/* A node whose K is the rate of its only indicator is lifted by that indicator. */
static bool is_single(const filling *f, pagu_row row, pagu_indicator first)
{
    if (pagu_view_next_indicator(f->view, first) != PAGU_NO_INDICATOR)
        return false;
    for (pagu_row c = pagu_view_first_child(f->view, row); c != PAGU_NO_ROW; c = pagu_view_next_child(f->view, c))
        if (is_measured(f->view, c))
            return false;
    return true;
}

static void add_node(filling *f, pagu_row row)
{
    pagu_indicator ind = pagu_view_first_indicator(f->view, row);
    begin_row(f, row, true);
    if (f->code == PAGU_OK)
        keep(f, pagu_table_set_row_style(f->t, f->row, PAGU_ROW_NORMAL, pagu_view_depth(f->view, row) - f->top));
    if (ind != PAGU_NO_INDICATOR)
        put_indicator(f, ind);
    put_node(f, row);
    put_lift(f, row, ind != PAGU_NO_INDICATOR && is_single(f, row, ind) ? ind : PAGU_NO_INDICATOR);
    end_row(f);
    while (ind != PAGU_NO_INDICATOR && (ind = pagu_view_next_indicator(f->view, ind)) != PAGU_NO_INDICATOR) {
        begin_row(f, row, false);
        put_indicator(f, ind);
        put_lift(f, row, ind);
        end_row(f);
    }
}

/* ---- the whole ---- */

static pagu_code open_all(filling *f, int year, const pagu_evaluate_options *options, pagu_error *err)
{
    pagu_code code = PAGU_OK;
    f->at = mem_array(f->ctx, T_COUNT, sizeof *f->at);
    if (!f->at)
        return err_memory(f->ctx, err);
    for (uint32_t i = 0; i < T_COUNT && code == PAGU_OK; i++) {
        if (fields[i].next && year >= f->view->plan->last_year)
            continue;
        code = evaluation_open(&f->at[i], f->view, fields[i].id, year + fields[i].next, options, err);
        f->open[i] = code == PAGU_OK;
    }
    return code;
}

static void close_all(filling *f)
{
    for (uint32_t i = 0; i < T_COUNT; i++)
        if (f->open[i])
            evaluation_close(&f->at[i]);
    mem_free(f->ctx, f->at, f->at ? T_COUNT * sizeof *f->at : 0);
}

static void make_table(filling *f)
{
    f->t = pagu_table_new(f->ctx);
    keep(f, f->t ? PAGU_OK : PAGU_NO_MEMORY);
    for (size_t i = 0; i < COUNT_OF(columns) && f->code == PAGU_OK; i++)
        keep(f, pagu_table_add_column(f->t, columns[i].name, tr(f->ctx, columns[i].title), columns[i].type));
}

static bool is_printed(const filling *f, pagu_row row)
{
    return row_is_member(f->view, row) && is_measured(f->view, row);
}

/* Depth of the printed node nearest the root: the table's margin. */
static uint32_t highest(const filling *f, const pagu_row *rows, uint32_t n)
{
    uint32_t least = UINT32_MAX;
    for (uint32_t i = 0; i < n; i++)
        if (is_printed(f, rows[i]) && pagu_view_depth(f->view, rows[i]) < least)
            least = pagu_view_depth(f->view, rows[i]);
    return least;
}

static void fill(filling *f, const pagu_selection *selection)
{
    uint32_t n = pagu_selection_count(selection);
    pagu_row *rows = mem_array(f->ctx, n, sizeof *rows);
    if (n && !rows) {
        f->code = PAGU_NO_MEMORY;
        return;
    }
    if (n)
        memcpy(rows, pagu_selection_rows(selection), n * sizeof *rows);
    keep(f, pagu_view_sort(f->view, rows, n));
    f->top = highest(f, rows, n);
    for (uint32_t i = 0; i < n && f->code == PAGU_OK; i++) {
        if (is_printed(f, rows[i]))
            add_node(f, rows[i]);
        if (pagu_ctx_interrupted(f->ctx))
            keep(f, PAGU_INTERRUPTED);
    }
    mem_free(f->ctx, rows, n * sizeof *rows);
}

pagu_code pagu_evaluate_table(const pagu_view *v, const pagu_selection *rows, int year,
                              const pagu_evaluate_options *options, pagu_table **out, pagu_error *err)
{
    filling f = { .view = v, .ctx = v->plan->ctx };
    pagu_code code = open_all(&f, year, options, err);
    if (code == PAGU_OK) {
        make_table(&f);
        if (f.code == PAGU_OK)
            fill(&f, rows);
        code = f.code;
        if (code == PAGU_INTERRUPTED)
            err_set(f.ctx, err, code, "interrupted");
        else if (code != PAGU_OK)
            err_memory(f.ctx, err);
    }
    close_all(&f);
    if (code != PAGU_OK) {
        pagu_table_free(f.t);
        return code;
    }
    *out = f.t;
    return PAGU_OK;
}
