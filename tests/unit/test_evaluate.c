/* test_evaluate.c - achievement against targets: every case of the table in pagu/evaluate.h.
 * SPDX-License-Identifier: MIT */
#include "support/failing_alloc.h"
#include "support/plans.h"
#include "support/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const pagu_source src = { "test", 1 };

/* One measure: "26", "-", "26 orang", "lo..hi" or any other text. */
typedef struct cell_row {
    const char *indicator, *stage, *period, *field, *value, *unit;
} cell_row;

/* An indicator: id "1.01#1" on node 1.01. */
typedef struct indicator_row {
    const char *id, *unit;
    pagu_polarity polarity;
    pagu_aggregation over_time, over_children;
    double weight; /* 0: none given; -1: weight 0 */
} indicator_row;

typedef struct money_row {
    const char *node, *stage, *period, *field, *value;
} money_row;

typedef struct fixture {
    const char *const *nodes; /* ends with NULL */
    const indicator_row *indicators;
    const cell_row *cells;
    const money_row *money;
    const char *lower, *cap, *floor, *scale;
} fixture;

static void add_units(pagu_builder *b)
{
    pagu_builder_unit(b, &(pagu_unit_def){ .id = "%", .kind = "percent" }, src);
    pagu_builder_unit(b, &(pagu_unit_def){ .id = "orang", .name = "Orang", .kind = "count", .synonyms = "org" }, src);
    pagu_builder_unit(b, &(pagu_unit_def){ .id = "orang/bulan", .name = "Orang/Bulan", .kind = "count" }, src);
    pagu_builder_unit(b, &(pagu_unit_def){ .id = "dokumen", .name = "Dokumen", .kind = "count" }, src);
}

static void add_frame(pagu_builder *b)
{
    pagu_builder_frame(b, &(pagu_frame_def){ .year = 2024,
                                             .first_year = 2020,
                                             .last_year = 2026,
                                             .unit = 1,
                                             .default_stage = "final",
                                             .separator = '.' });
    pagu_builder_meta(b, "strategic.start", "2020");
    pagu_builder_meta(b, "strategic.end", "2026");
    pagu_builder_stage(b, &(pagu_stage_def){ .id = "common", .kind = PAGU_STAGE_COMMON }, src);
    pagu_builder_stage(
        b, &(pagu_stage_def){ .id = "renstra", .kind = PAGU_STAGE_REFERENCE, .role = "strategic", .rank = 1 }, src);
    pagu_builder_stage(b, &(pagu_stage_def){ .id = "final", .kind = PAGU_STAGE_PLAN, .rank = 2 }, src);
    pagu_builder_level(b, &(pagu_level_def){ .tree = "main", .id = "plan", .name = "plan" }, src);
    pagu_builder_level(b, &(pagu_level_def){ .tree = "main", .id = "item", .name = "item", .rank = 1 }, src);
}

static void add_cell(pagu_builder *b, const cell_row *c)
{
    pagu_measure m = { .unit = c->unit };
    char *end;
    m.value = strtod(c->value, &end);
    m.state = strcmp(c->value, "-") == 0 ? PAGU_DASH : *end ? PAGU_TEXT : PAGU_NUMBER;
    if (m.state == PAGU_TEXT) {
        m.text = c->value;
        m.value = 0;
    }
    pagu_builder_measure(b, c->indicator, c->stage, c->period, c->field, &m, src);
}

static void add_indicators(pagu_builder *b, const fixture *f)
{
    for (const indicator_row *i = f->indicators; i && i->id; i++) {
        char owner[32];
        snprintf(owner, sizeof owner, "%.*s", (int)strcspn(i->id, "#"), i->id);
        pagu_builder_indicator(b,
                               &(pagu_indicator_def){ .id = i->id,
                                                      .owner = owner,
                                                      .name = "n",
                                                      .unit = i->unit,
                                                      .polarity = i->polarity,
                                                      .over_time = i->over_time,
                                                      .over_children = i->over_children,
                                                      .weight = i->weight > 0   ? i->weight
                                                                : i->weight < 0 ? 0
                                                                                : (double)NAN },
                               src);
    }
}

static pagu_code build(pagu_ctx *ctx, const fixture *f, pagu_plan **out, pagu_error *err)
{
    pagu_builder *b = pagu_builder_new(ctx, NULL);
    if (!b)
        return PAGU_NO_MEMORY;
    add_frame(b);
    add_units(b);
    pagu_builder_node(b, &(pagu_node_def){ .id = ".", .level = "plan", .sign = 1 }, src);
    for (const char *const *n = f->nodes; *n; n++)
        pagu_builder_node(b, &(pagu_node_def){ .id = *n, .level = "item", .name = *n, .sign = 1 }, src);
    add_indicators(b, f);
    for (const cell_row *c = f->cells; c && c->indicator; c++)
        add_cell(b, c);
    for (const money_row *m = f->money; m && m->node; m++) {
        bool dash = strcmp(m->value, "-") == 0;
        pagu_cell cell = { dash ? 0 : strtoll(m->value, NULL, 10), dash ? PAGU_DASH : PAGU_NUMBER };
        pagu_builder_amount(b, m->node, m->stage, m->period, m->field, cell, src);
    }
    if (f->lower)
        pagu_builder_meta(b, "evaluation.lower", f->lower);
    if (f->cap)
        pagu_builder_meta(b, "evaluation.cap", f->cap);
    if (f->floor)
        pagu_builder_meta(b, "evaluation.floor", f->floor);
    if (f->scale)
        pagu_builder_meta(b, "evaluation.scale", f->scale);
    return pagu_builder_finish(b, out, err);
}

typedef struct opened {
    pagu_ctx *ctx;
    pagu_plan *plan;
    pagu_view *view;
} opened;

static opened open_fixture(const fixture *f)
{
    pagu_error err = { 0 };
    opened o = { english_ctx(), NULL, NULL };
    assert_ok(build(o.ctx, f, &o.plan, &err), &err);
    o.view = pagu_view_open(o.plan, pagu_plan_default_stage(o.plan));
    return o;
}

static void close_fixture(opened *o)
{
    pagu_view_close(o->view);
    pagu_plan_release(o->plan);
    assert_int_equal(pagu_ctx_memory(o->ctx), 0);
    pagu_ctx_free(o->ctx);
}

static const char *show(const pagu_derived *d, bool money, char buf[128])
{
    char number[64];
    double rounded = d->state == PAGU_DERIVED_NUMBER && !money ? round(d->value * 1e4) / 1e4 : 0;
    pagu_number_format(number, sizeof number, rounded, PAGU_LOCALE_PLAIN, -1);
    if (money)
        snprintf(number, sizeof number, "%lld", (long long)d->amount);
    switch (d->state) {
    case PAGU_DERIVED_NUMBER: snprintf(buf, 128, "%s%s%s", number, *d->unit ? " " : "", d->unit); break;
    case PAGU_DERIVED_TEXT: snprintf(buf, 128, "\"%s\"", d->text); break;
    case PAGU_DERIVED_UNIT_CLASH: snprintf(buf, 128, "unit clash %s/%s", d->unit, d->text); break;
    default: snprintf(buf, 128, "%s", pagu_derived_state_name((pagu_derived_state)d->state));
    }
    return buf;
}

static pagu_derived get_with(const opened *o, const char *place, const char *field, int year,
                             const pagu_evaluate_options *options)
{
    pagu_error err = { 0 };
    pagu_field f;
    pagu_derived d;
    assert_ok(pagu_find_field(o->plan, field, &f, &err), &err);
    if (strchr(place, '#')) {
        pagu_indicator ind;
        assert_ok(pagu_view_find_indicator(o->view, place, &ind, &err), &err);
        assert_ok(pagu_evaluate_indicator(o->view, f, year, options, ind, &d, &err), &err);
    } else {
        assert_ok(pagu_evaluate_node(o->view, f, year, options, row_of(o->view, place), &d, &err), &err);
    }
    return d;
}

static void expect(const opened *o, const char *place, const char *field, int year, const char *expected)
{
    char buf[128];
    pagu_field f;
    pagu_derived d = get_with(o, place, field, year, NULL);
    pagu_find_field(o->plan, field, &f, NULL);
    if (strcmp(show(&d, pagu_field_describe(o->plan, f).type == PAGU_EXPR_MONEY, buf), expected) != 0)
        fail_msg("%s %s %d is %s, expected %s", place, field, year, buf, expected);
}

/* ---- the table of cases ---- */

static const char *const one_node[] = { "1", NULL };

/* Rate of T and R under one rule; NULL is missing. */
static void expect_rate(pagu_polarity polarity, const char *lower, const char *cap, const char *floor, const char *t,
                        const char *r, const char *expected)
{
    cell_row cells[3] = { 0 };
    int n = 0;
    if (t)
        cells[n++] = (cell_row){ "1#1", "common", "2022", "target", t, "" };
    if (r)
        cells[n++] = (cell_row){ "1#1", "common", "2022", "achieved", r, "" };
    const indicator_row indicators[] = { { .id = "1#1", .unit = "orang", .polarity = polarity }, { 0 } };
    fixture f = {
        .nodes = one_node, .indicators = indicators, .cells = cells, .lower = lower, .cap = cap, .floor = floor
    };
    opened o = open_fixture(&f);
    expect(&o, "1#1", "rate", 2022, expected);
    close_fixture(&o);
}

static void rate__states_every_case_of_target_and_achievement(void **state)
{
    (void)state;
    static const struct {
        const char *t, *r, *higher, *ratio, *linear, *range;
    } cases[] = {
        { NULL, "5", "missing", "missing", "missing", "missing" },
        { "5", NULL, "missing", "missing", "missing", "missing" },
        { NULL, NULL, "missing", "missing", "missing", "missing" },
        { "-", "-", "-", "-", "-", "-" },
        { "0", "0", "zero target", "100 %", "100 %", "100 %" },
        { "-", "0", "zero target", "100 %", "100 %", "100 %" },
        { "0", "-", "zero target", "100 %", "100 %", "100 %" },
        { "0", "4", "zero target", "0 %", "zero target", "0 %" },
        { "10", "0", "0 %", "zero achieved", "200 %", "0 %" },
        { "10", "-", "0 %", "zero achieved", "200 %", "0 %" },
        { "10", "10", "100 %", "100 %", "100 %", "100 %" },
        { "10", "15", "150 %", "66.6667 %", "50 %", "66.6667 %" },
        { "10", "30", "300 %", "33.3333 %", "-100 %", "33.3333 %" },
        { "10", "5", "50 %", "200 %", "150 %", "50 %" },
        { "-5", "3", "negative", "negative", "negative", "negative" },
        { "5", "-3", "-60 %", "negative", "260 %", "-60 %" },
        { "Baik", "3", "not one number", "not one number", "not one number", "not one number" },
        { "3", "10 Unit 5 Alat", "not one number", "not one number", "not one number", "not one number" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_rate(PAGU_HIGHER, NULL, NULL, NULL, cases[i].t, cases[i].r, cases[i].higher);
        expect_rate(PAGU_LOWER, NULL, NULL, NULL, cases[i].t, cases[i].r, cases[i].ratio);
        expect_rate(PAGU_LOWER, "ratio", NULL, NULL, cases[i].t, cases[i].r, cases[i].ratio);
        expect_rate(PAGU_LOWER, "linear", NULL, NULL, cases[i].t, cases[i].r, cases[i].linear);
        expect_rate(PAGU_RANGE, NULL, NULL, NULL, cases[i].t, cases[i].r, cases[i].range);
    }
}

static void rate__of_a_range_uses_the_bound_that_was_missed(void **state)
{
    (void)state;
    expect_rate(PAGU_RANGE, NULL, NULL, NULL, "6..8", "7", "100 %");
    expect_rate(PAGU_RANGE, NULL, NULL, NULL, "6..8", "6", "100 %");
    expect_rate(PAGU_RANGE, NULL, NULL, NULL, "6..8", "8", "100 %");
    expect_rate(PAGU_RANGE, NULL, NULL, NULL, "6..8", "3", "50 %");
    expect_rate(PAGU_RANGE, NULL, NULL, NULL, "6..8", "16", "50 %");
    expect_rate(PAGU_RANGE, "linear", NULL, NULL, "6..8", "16", "0 %");
    expect_rate(PAGU_RANGE, NULL, NULL, NULL, "7.5 .. 8.5", "8.1", "100 %");
    expect_rate(PAGU_RANGE, NULL, NULL, NULL, "8..6", "7", "not one number");
    expect_rate(PAGU_HIGHER, NULL, NULL, NULL, "6..8", "7", "not one number");
}

static void rate__is_capped_only_on_request(void **state)
{
    (void)state;
    expect_rate(PAGU_HIGHER, NULL, NULL, NULL, "10", "30", "300 %");
    expect_rate(PAGU_HIGHER, NULL, "100", NULL, "10", "30", "100 %");
    expect_rate(PAGU_HIGHER, NULL, "120", NULL, "10", "30", "120 %");
    expect_rate(PAGU_HIGHER, NULL, "120", NULL, "10", "11", "110 %");
    expect_rate(PAGU_LOWER, NULL, "120", NULL, "10", "0", "120 %"); /* beyond any cap */
    expect_rate(PAGU_LOWER, "linear", "100", NULL, "10", "0", "100 %");
}

static void rate__by_the_linear_rule_has_a_floor_only_on_request(void **state)
{
    (void)state;
    expect_rate(PAGU_LOWER, "linear", NULL, NULL, "10", "30", "-100 %");
    expect_rate(PAGU_LOWER, "linear", NULL, "0", "10", "30", "0 %");
    expect_rate(PAGU_LOWER, "linear", NULL, "0", "10", "15", "50 %");
}

static void options__override_what_the_package_says(void **state)
{
    (void)state;
    static const cell_row cells[] = { { "1#1", "common", "2022", "target", "10", "" },
                                      { "1#1", "common", "2022", "achieved", "30", "" },
                                      { 0 } };
    static const indicator_row indicators[] = { { .id = "1#1", .unit = "orang", .polarity = PAGU_LOWER }, { 0 } };
    fixture f = { .nodes = one_node, .indicators = indicators, .cells = cells, .lower = "linear", .floor = "0" };
    opened o = open_fixture(&f);
    pagu_evaluate_options options = PAGU_EVALUATE_OPTIONS_INIT;
    assert_true(get_with(&o, "1#1", "rate", 2022, &options).value == 0);
    options.floor = PAGU_RATE_FLOOR_NONE;
    assert_true(get_with(&o, "1#1", "rate", 2022, &options).value == -100);
    options.lower = PAGU_LOWER_RATIO;
    assert_true(fabs(get_with(&o, "1#1", "rate", 2022, &options).value - 100.0 / 3) < 1e-12);
    options.cap = 50;
    pagu_error err = { 0 };
    pagu_derived d;
    pagu_field rate;
    pagu_find_field(o.plan, "rate", &rate, NULL);
    assert_int_equal(pagu_evaluate_indicator(o.view, rate, 2022, &options, 0, &d, &err), PAGU_ARGUMENT);
    assert_string_equal(err.message, "a cap of rates is 100 or more (none, 100, 120), not 50");
    close_fixture(&o);
}

/* ---- over time ---- */

#define PAST(id, field, year, value)                                                                                   \
    {                                                                                                                  \
        id, "common", #year, field, value, ""                                                                          \
    }

static void cumulative__of_a_count_adds_and_of_a_percentage_takes_the_last(void **state)
{
    (void)state;
    static const char *const nodes[] = { "1", "2", "3", "4", "5", NULL };
    static const indicator_row indicators[] = {
        { .id = "1#1", .unit = "orang" },
        { .id = "2#1", .unit = "%" },
        { .id = "3#1", .unit = "orang", .over_time = PAGU_AGG_MEAN },
        { .id = "4#1", .unit = "orang", .over_time = PAGU_AGG_MAX },
        { .id = "5#1", .unit = "orang", .over_time = PAGU_AGG_MIN },
        { 0 },
    };
#define FOUR(id)                                                                                                       \
    { id, "common", "..2021", "achieved", "20", "" }, { id, "common", "2022", "achieved", "8", "" },                   \
        { id, "common", "2023", "target", "14", "" },                                                                  \
    {                                                                                                                  \
        id, "renstra", "..2026", "target", "84", ""                                                                    \
    }
    static const cell_row cells[] = { FOUR("1#1"), FOUR("2#1"), FOUR("3#1"), FOUR("4#1"), FOUR("5#1"), { 0 } };
    fixture f = { .nodes = nodes, .indicators = indicators, .cells = cells };
    opened o = open_fixture(&f);
    expect(&o, "1#1", "achieved_to", 2021, "20 Orang");
    expect(&o, "1#1", "achieved_to", 2022, "28 Orang");
    expect(&o, "1#1", "cumulative", 2023, "42 Orang");
    expect(&o, "1#1", "strategic_target", 2023, "84 Orang");
    expect(&o, "1#1", "strategic_rate", 2023, "50 %");
    expect(&o, "2#1", "cumulative", 2023, "14 %"); /* not 42: the fault of T-C.29's printed sums */
    expect(&o, "2#1", "strategic_rate", 2023, "16.6667 %");
    expect(&o, "3#1", "cumulative", 2023, "15.5 Orang"); /* (2 years x 20 + 8 + 14) / 4 */
    expect(&o, "4#1", "cumulative", 2023, "20 Orang");
    expect(&o, "5#1", "cumulative", 2023, "8 Orang");
    expect(&o, "1", "cumulative", 2023, "42 Orang"); /* a node answers for its main indicator */
    close_fixture(&o);
}

static void cumulative__without_a_span_takes_the_years_together(void **state)
{
    (void)state;
    static const indicator_row indicators[] = { { .id = "1#1", .unit = "orang" }, { 0 } };
    static const cell_row cells[] = { PAST("1#1", "achieved", 2020, "1"),
                                      PAST("1#1", "achieved", 2021, "2"),
                                      PAST("1#1", "achieved", 2022, "4"),
                                      PAST("1#1", "target", 2023, "8"),
                                      { "1#1", "renstra", "2020", "target", "10", "" },
                                      { "1#1", "renstra", "2026", "target", "20", "" },
                                      { 0 } };
    fixture f = { .nodes = one_node, .indicators = indicators, .cells = cells };
    opened o = open_fixture(&f);
    expect(&o, "1#1", "achieved_to", 2021, "3 Orang");
    expect(&o, "1#1", "cumulative", 2023, "15 Orang");
    expect(&o, "1#1", "strategic_target", 2023, "30 Orang"); /* the years of the Renstra together */
    expect(&o, "1#1", "cumulative", 2020, "missing");        /* nothing before, no target */
    expect(&o, "1#1", "accumulated", 2022, "7 Orang");
    close_fixture(&o);
}

static void cumulative__skips_what_is_missing_and_counts_a_dash_as_nothing(void **state)
{
    (void)state;
    static const char *const nodes[] = { "1", "2", "3", NULL };
    static const indicator_row indicators[] = {
        { .id = "1#1", .unit = "orang" }, { .id = "2#1", .unit = "orang" }, { .id = "3#1", .unit = "orang" }, { 0 }
    };
    static const cell_row cells[] = { { "1#1", "common", "..2021", "achieved", "10", "" },
                                      PAST("1#1", "achieved", 2022, "-"),
                                      PAST("1#1", "target", 2023, "8"),
                                      PAST("2#1", "achieved", 2022, "-"),
                                      PAST("2#1", "target", 2023, "-"),
                                      PAST("3#1", "target", 2023, "7"),
                                      { 0 } };
    fixture f = { .nodes = nodes, .indicators = indicators, .cells = cells };
    opened o = open_fixture(&f);
    expect(&o, "1#1", "cumulative", 2023, "18 Orang");
    expect(&o, "2#1", "cumulative", 2023, "-");
    expect(&o, "3#1", "cumulative", 2023, "7 Orang");
    assert_false(get_with(&o, "1#1", "cumulative", 2023, NULL).flags & PAGU_DERIVED_PARTIAL);
    assert_true(get_with(&o, "3#1", "cumulative", 2023, NULL).flags & PAGU_DERIVED_PARTIAL);
    close_fixture(&o);
}

static void units__that_differ_clash_in_their_cell_only(void **state)
{
    (void)state;
    static const char *const nodes[] = { "1", "2", NULL };
    static const indicator_row indicators[] = { { .id = "1#1", .unit = "orang" },
                                                { .id = "2#1", .unit = "orang" },
                                                { 0 } };
    static const cell_row cells[] = { { "1#1", "common", "..2021", "achieved", "25", "" },
                                      PAST("1#1", "target", 2022, "26"),
                                      PAST("1#1", "achieved", 2022, "26"),
                                      { "1#1", "common", "2023", "target", "312", "orang/bulan" },
                                      { "1#1", "renstra", "..2026", "target", "26", "" },
                                      { "2#1", "common", "..2021", "achieved", "25", "org" }, /* a synonym */
                                      PAST("2#1", "achieved", 2022, "26"),
                                      PAST("2#1", "target", 2023, "27"),
                                      { "2#1", "renstra", "..2026", "target", "100", "dokumen" },
                                      { 0 } };
    fixture f = { .nodes = nodes, .indicators = indicators, .cells = cells };
    opened o = open_fixture(&f);
    expect(&o, "1#1", "rate", 2022, "100 %");
    expect(&o, "1#1", "cumulative", 2023, "unit clash Orang/Orang/Bulan");
    expect(&o, "1#1", "strategic_rate", 2023, "unit clash Orang/Orang/Bulan");
    expect(&o, "2#1", "cumulative", 2023, "78 Orang");
    expect(&o, "2#1", "strategic_rate", 2023, "unit clash Orang/Dokumen");
    close_fixture(&o);
}

static void texts__pass_through_but_are_no_numbers(void **state)
{
    (void)state;
    static const char *const nodes[] = { "1", "2", NULL };
    static const indicator_row indicators[] = { { .id = "1#1", .unit = "%", .over_time = PAGU_AGG_LAST },
                                                { .id = "2#1", .unit = "orang" },
                                                { 0 } };
    static const cell_row cells[] = { { "1#1", "renstra", "..2026", "target", "Cepat Berkembang", "" },
                                      PAST("1#1", "target", 2023, "Berkembang"),
                                      { "2#1", "renstra", "..2026", "target", "10 Unit Rehab 10 Unit Sarpras", "" },
                                      PAST("2#1", "target", 2023, "7"),
                                      { 0 } };
    fixture f = { .nodes = nodes, .indicators = indicators, .cells = cells };
    opened o = open_fixture(&f);
    expect(&o, "1#1", "strategic_target", 2024, "\"Cepat Berkembang\"");
    expect(&o, "1#1", "cumulative", 2023, "\"Berkembang\"");
    expect(&o, "1#1", "strategic_rate", 2023, "not one number");
    expect(&o, "2#1", "strategic_rate", 2023, "not one number");
    expect(&o, "2#1", "cumulative", 2023, "7 Orang");
    close_fixture(&o);
}

static void over_time__none_keeps_several_values_apart(void **state)
{
    (void)state;
    static const indicator_row indicators[] = { { .id = "1#1", .unit = "orang", .over_time = PAGU_AGG_NONE }, { 0 } };
    static const cell_row cells[] = { { "1#1", "common", "..2021", "achieved", "25", "" },
                                      PAST("1#1", "achieved", 2022, "3"),
                                      PAST("1#1", "target", 2023, "4"),
                                      { 0 } };
    fixture f = { .nodes = one_node, .indicators = indicators, .cells = cells };
    opened o = open_fixture(&f);
    expect(&o, "1#1", "achieved_to", 2021, "25 Orang");
    expect(&o, "1#1", "achieved_to", 2022, "not aggregated");
    expect(&o, "1#1", "cumulative", 2023, "not aggregated");
    close_fixture(&o);
}

/* ---- formulas read what get reads ---- */

static void assert_reads_as_get(const opened *o, const char *text, const char *name, pagu_period period)
{
    pagu_error err = { 0 };
    pagu_expr *e = NULL;
    pagu_field field;
    pagu_row rows[8];
    pagu_expr_value values[8];
    uint32_t n = pagu_view_row_count(o->view);
    assert_true(n <= sizeof rows / sizeof *rows);
    for (uint32_t i = 0; i < n; i++)
        rows[i] = i;
    pagu_plan_find_field(o->plan, name, &field, NULL);
    assert_ok(pagu_expr_parse(pagu_plan_ctx(o->plan), o->plan, text, &e, &err), &err);
    pagu_expr_subjects at = { .rows = rows, .n = n, .period = PAGU_NONE };
    assert_ok(pagu_expr_eval_at(e, o->view, &at, values, &err), &err);
    for (uint32_t i = 0; i < n; i++) {
        pagu_indicator ind = pagu_view_first_indicator(o->view, i);
        if (pagu_expr_kind(e) == PAGU_EXPR_MONEY) {
            pagu_cell c = pagu_evaluate_money(o->view, i, field, period);
            assert_int_equal(values[i].state, c.state);
            assert_int_equal(values[i].money, c.value);
        } else if (ind != PAGU_NO_INDICATOR) {
            pagu_derived d = pagu_evaluate_measure(o->view, ind, field, period);
            assert_int_equal(values[i].state, d.state);
            assert_true(values[i].number == (d.state == PAGU_DERIVED_NUMBER ? d.value : 0));
        }
    }
    pagu_expr_release(e);
}

/* ---- quarters: form E.81, and wp-sipd's second defect ---- */

#define QUARTERS(id, a, b, c, d)                                                                                       \
    { id, "common", "2024Q1", "achieved", a, "" }, { id, "common", "2024Q2", "achieved", b, "" },                      \
        { id, "common", "2024Q3", "achieved", c, "" },                                                                 \
    {                                                                                                                  \
        id, "common", "2024Q4", "achieved", d, ""                                                                      \
    }

static void e81__columns_12_to_15_follow_from_the_quarters(void **state)
{
    (void)state;
    static const char *const nodes[] = { "1", NULL };
    static const indicator_row indicators[] = { { .id = "1#1", .unit = "orang" }, { 0 } };
    static const cell_row cells[] = { { "1#1", "renstra", "..2026", "target", "400", "" },  /* 5 */
                                      { "1#1", "common", "..2023", "achieved", "120", "" }, /* 6 */
                                      { "1#1", "final", "2024", "target", "80", "" },       /* 7 */
                                      QUARTERS("1#1", "10", "20", "-", "30"),
                                      { 0 } };
    static const money_row money[] = {
        { "1", "renstra", "..2026", "budget", "4000" },
        { "1", "common", "..2023", "spent", "1200" },
        { "1", "final", "2024", "budget", "800" },
        { "1", "common", "2024Q1", "spent", "100" },
        { "1", "common", "2024Q2", "spent", "200" },
        { "1", "common", "2024Q4", "spent", "300" },
        { 0 },
    };
    fixture f = { .nodes = nodes, .indicators = indicators, .cells = cells, .money = money };
    opened o = open_fixture(&f);
    pagu_error err = { 0 };
    pagu_period y2024;
    pagu_field achieved, spent;
    assert_ok(pagu_plan_find_year(o.plan, 2024, &y2024, &err), &err);
    pagu_plan_find_field(o.plan, "achieved", &achieved, NULL);
    pagu_plan_find_field(o.plan, "spent", &spent, NULL);
    pagu_derived col12 = pagu_evaluate_measure(o.view, 0, achieved, y2024);
    assert_true(col12.state == PAGU_DERIVED_NUMBER && col12.value == 60);
    assert_int_equal(pagu_evaluate_money(o.view, row_of(o.view, "1"), spent, y2024).value, 600);
    expect(&o, "1#1", "rate", 2024, "75 %");                 /* 13 */
    expect(&o, "1#1", "accumulated", 2024, "180 Orang");     /* 14 */
    expect(&o, "1#1", "accumulated_rate", 2024, "45 %");     /* 15 */
    expect(&o, "1", "absorption", 2024, "75 %");             /* 13 Rp */
    expect(&o, "1", "spent_to", 2023, "1200");               /* 6 Rp */
    expect(&o, "1", "spent_accumulated", 2024, "1800");      /* 14 Rp */
    expect(&o, "1", "strategic_budget", 2024, "4000");       /* 5 Rp */
    expect(&o, "1", "spent_accumulated_rate", 2024, "45 %"); /* 15 Rp */
    expect(&o, "1", "efficiency", 2024, "0 %");
    assert_reads_as_get(&o, "spent[2024]", "spent", y2024);
    assert_reads_as_get(&o, "achieved[2024]", "achieved", y2024);
    close_fixture(&o);
}

static void rivals__a_year_of_a_percentage_is_its_last_quarter_not_the_maximum(void **state)
{
    (void)state;
    static const char *const nodes[] = { "1", "2", "3", NULL };
    static const indicator_row indicators[] = { { .id = "1#1", .unit = "%" },
                                                { .id = "2#1", .unit = "%", .polarity = PAGU_LOWER },
                                                { .id = "3#1", .unit = "%" },
                                                { 0 } };
    static const cell_row cells[] = { PAST("1#1", "target", 2024, "80"),
                                      QUARTERS("1#1", "20", "90", "60", "-"),
                                      PAST("2#1", "target", 2024, "10"),
                                      QUARTERS("2#1", "40", "30", "20", "10"),
                                      PAST("3#1", "target", 2024, "80"),
                                      QUARTERS("3#1", "-", "-", "-", "-"),
                                      { 0 } };
    fixture f = { .nodes = nodes, .indicators = indicators, .cells = cells };
    opened o = open_fixture(&f);
    expect(&o, "1#1", "rate", 2024, "75 %"); /* 60 of 80: the last quarter that has a number */
    expect(&o, "2#1", "rate", 2024, "100 %");
    expect(&o, "3#1", "rate", 2024, "0 %");
    close_fixture(&o);
}

static void year__of_its_own_beats_its_quarters_halves_and_months(void **state)
{
    (void)state;
    static const char *const nodes[] = { "1", "2", "3", NULL };
    static const indicator_row indicators[] = {
        { .id = "1#1", .unit = "orang" }, { .id = "2#1", .unit = "orang" }, { .id = "3#1", .unit = "orang" }, { 0 }
    };
    static const cell_row cells[] = { PAST("1#1", "achieved", 2024, "5"),
                                      PAST("1#1", "achieved", 2024Q1, "3"),
                                      PAST("2#1", "achieved", 2024Q2, "3"),
                                      PAST("2#1", "achieved", 2024S1, "9"),
                                      PAST("3#1", "achieved", 2024M02, "3"),
                                      PAST("3#1", "achieved", 2024M11, "4"),
                                      { 0 } };
    static const money_row money[] = {
        { "1", "final", "2024", "budget", "100" },  { "2", "final", "2024Q1", "budget", "30" },
        { "2", "final", "2024Q2", "budget", "40" }, { "3", "final", "2024S2", "budget", "7" },
        { "1", "final", "2024Q1", "budget", "11" }, { 0 }
    };
    fixture f = { .nodes = nodes, .indicators = indicators, .cells = cells, .money = money };
    opened o = open_fixture(&f);
    expect(&o, "1#1", "achieved_to", 2024, "5 Orang");
    expect(&o, "2#1", "achieved_to", 2024, "3 Orang");
    expect(&o, "3#1", "achieved_to", 2024, "7 Orang");
    pagu_period y2024;
    pagu_field budget;
    pagu_plan_find_year(o.plan, 2024, &y2024, NULL);
    pagu_plan_find_field(o.plan, "budget", &budget, NULL);
    assert_int_equal(pagu_evaluate_money(o.view, row_of(o.view, "1"), budget, y2024).value, 100);
    assert_int_equal(pagu_evaluate_money(o.view, row_of(o.view, "2"), budget, y2024).value, 70);
    assert_int_equal(pagu_evaluate_money(o.view, row_of(o.view, "3"), budget, y2024).value, 7);
    /* lines that give the year and lines that give quarters add up in their parent */
    assert_int_equal(pagu_evaluate_money(o.view, row_of(o.view, "/"), budget, y2024).value, 177);
    pagu_period y2023;
    pagu_plan_find_year(o.plan, 2023, &y2023, NULL);
    assert_reads_as_get(&o, "budget[2024]", "budget", y2024);
    assert_reads_as_get(&o, "budget@final[2024]", "budget", y2024);
    assert_reads_as_get(&o, "budget[2023]", "budget", y2023);
    assert_reads_as_get(&o, "achieved[2024]", "achieved", y2024);
    close_fixture(&o);
}

/* ---- children ---- */

static void rivals__a_parent_averages_percents_not_raw_values(void **state)
{
    (void)state;
    static const char *const nodes[] = { "1", "1.01", "1.02", NULL };
    static const indicator_row indicators[] = {
        { .id = "1#1", .unit = "%", .over_children = PAGU_AGG_WEIGHTED },
        { .id = "1.01#1", .unit = "orang", .weight = 3 },
        { .id = "1.02#1", .unit = "dokumen", .weight = 1 },
        { 0 },
    };
    static const cell_row cells[] = { PAST("1.01#1", "target", 2022, "1000"),
                                      PAST("1.01#1", "achieved", 2022, "500"),
                                      PAST("1.02#1", "target", 2022, "2"),
                                      PAST("1.02#1", "achieved", 2022, "2"),
                                      { 0 } };
    fixture f = { .nodes = nodes, .indicators = indicators, .cells = cells };
    opened o = open_fixture(&f);
    expect(&o, "1", "achievement", 2022, "62.5 %"); /* (3 x 50 + 1 x 100) / 4, not (3 x 500 + 2) / 4 */
    expect(&o, "/", "achievement", 2022, "62.5 %");
    expect(&o, "1#1", "rate", 2022, "62.5 %"); /* over_children = weighted */
    close_fixture(&o);
}

static void rivals__a_negative_indicator_at_zero_is_the_best_case(void **state)
{
    (void)state;
    expect_rate(PAGU_LOWER, "linear", NULL, NULL, "10", "0", "200 %");
    expect_rate(PAGU_LOWER, "linear", "120", NULL, "10", "0", "120 %");
    expect_rate(PAGU_LOWER, "ratio", "100", NULL, "10", "0", "100 %");
    expect_rate(PAGU_LOWER, "ratio", NULL, NULL, "10", "0", "zero achieved");
}

static void achievement__says_how_much_weight_it_lacks(void **state)
{
    (void)state;
    static const char *const nodes[] = { "1", "1.01", "1.02", "1.03", "1.04", NULL };
    static const indicator_row indicators[] = {
        { .id = "1.01#1", .unit = "orang", .weight = 30 },
        { .id = "1.02#1", .unit = "orang", .weight = 50 },
        { .id = "1.03#1", .unit = "orang" }, /* weighs the mean of the others: 40 */
        { 0 },
    };
    static const cell_row cells[] = { PAST("1.01#1", "target", 2022, "10"),  PAST("1.01#1", "achieved", 2022, "10"),
                                      PAST("1.02#1", "target", 2022, "10"),  PAST("1.03#1", "target", 2022, "10"),
                                      PAST("1.03#1", "achieved", 2022, "3"), { 0 } };
    fixture f = { .nodes = nodes, .indicators = indicators, .cells = cells };
    opened o = open_fixture(&f);
    pagu_derived k = get_with(&o, "1", "achievement", 2022, NULL);
    assert_true(fabs(k.value - (30 * 100 + 40 * 30) / 70.0) < 1e-12);
    assert_true(fabs(k.weight_missing - 50 / 120.0) < 1e-6); /* 1.04 measures nothing: no part of it */
    assert_true(k.flags & PAGU_DERIVED_EQUAL);
    assert_true(k.flags & PAGU_DERIVED_PARTIAL);
    close_fixture(&o);
}

static void achievement__is_equal_without_weights_and_missing_without_percents(void **state)
{
    (void)state;
    static const char *const nodes[] = { "1", "1.01", "1.02", "2", "3", NULL };
    static const indicator_row indicators[] = {
        { .id = "1.01#1", .unit = "orang" }, { .id = "1.01#2", .unit = "orang" }, { .id = "1.02#1", .unit = "orang" },
        { .id = "2#1", .unit = "orang" },    { .id = "3#1", .unit = "orang" },    { 0 }
    };
    static const cell_row cells[] = { PAST("1.01#1", "target", 2022, "10"), PAST("1.01#1", "achieved", 2022, "10"),
                                      PAST("1.01#2", "target", 2022, "10"), PAST("1.01#2", "achieved", 2022, "5"),
                                      PAST("1.02#1", "target", 2022, "10"), PAST("1.02#1", "achieved", 2022, "2"),
                                      PAST("2#1", "target", 2022, "10"),    PAST("3#1", "target", 2022, "-"),
                                      PAST("3#1", "achieved", 2022, "-"),   { 0 } };
    fixture f = { .nodes = nodes, .indicators = indicators, .cells = cells };
    opened o = open_fixture(&f);
    expect(&o, "1.01", "achievement", 2022, "75 %");
    expect(&o, "1", "achievement", 2022, "47.5 %");
    expect(&o, "2", "achievement", 2022, "missing");
    expect(&o, "3", "achievement", 2022, "-"); /* nothing planned, nothing done */
    expect(&o, "/", "achievement", 2022, "47.5 %");
    assert_true(fabs(get_with(&o, "/", "achievement", 2022, NULL).weight_missing - 2 / 3.0) < 1e-6);
    close_fixture(&o);
}

static void over_children__sum_adds_main_indicators_of_one_unit(void **state)
{
    (void)state;
    static const char *const nodes[] = { "1", "1.01", "1.02", "2", "2.01", "2.02", NULL };
    static const indicator_row indicators[] = { { .id = "1#1", .unit = "orang", .over_children = PAGU_AGG_SUM },
                                                { .id = "1.01#1", .unit = "orang" },
                                                { .id = "1.02#1", .unit = "orang" },
                                                { .id = "2#1", .unit = "orang", .over_children = PAGU_AGG_SUM },
                                                { .id = "2.01#1", .unit = "orang" },
                                                { .id = "2.02#1", .unit = "dokumen" },
                                                { 0 } };
    static const cell_row cells[] = { PAST("1#1", "target", 2022, "20"),
                                      PAST("1.01#1", "achieved", 2022, "6"),
                                      PAST("1.02#1", "achieved", 2022, "9"),
                                      PAST("2#1", "target", 2022, "20"),
                                      PAST("2.01#1", "achieved", 2022, "6"),
                                      PAST("2.02#1", "achieved", 2022, "9"),
                                      { "1.01#1", "common", "..2021", "achieved", "1", "" },
                                      { "1.02#1", "common", "..2021", "achieved", "2", "" },
                                      { 0 } };
    fixture f = { .nodes = nodes, .indicators = indicators, .cells = cells };
    opened o = open_fixture(&f);
    expect(&o, "1#1", "rate", 2022, "75 %");
    expect(&o, "1#1", "achieved_to", 2022, "18 Orang");
    expect(&o, "2#1", "rate", 2022, "unit clash Orang/Dokumen");
    assert_true(get_with(&o, "1#1", "rate", 2022, NULL).flags & PAGU_DERIVED_BELOW);
    close_fixture(&o);
}

static void nodes__at_once_are_the_same_as_one_by_one(void **state)
{
    (void)state;
    static const char *const nodes[] = { "1", "1.01", "1.02", "2", NULL };
    static const indicator_row indicators[] = { { .id = "1.01#1", .unit = "orang", .weight = 2 },
                                                { .id = "1.02#1", .unit = "orang" },
                                                { .id = "2#1", .unit = "%" },
                                                { 0 } };
    static const cell_row cells[] = { PAST("1.01#1", "target", 2022, "7"),
                                      PAST("1.01#1", "achieved", 2022, "3"),
                                      PAST("1.02#1", "target", 2022, "9"),
                                      PAST("1.02#1", "achieved", 2022, "5"),
                                      PAST("2#1", "target", 2022, "80"),
                                      PAST("2#1", "achieved", 2022, "50"),
                                      { 0 } };
    static const money_row money[] = { { "1.01", "final", "2022", "budget", "100" },
                                       { "1.01", "final", "2022", "spent", "40" },
                                       { 0 } };
    fixture f = { .nodes = nodes, .indicators = indicators, .cells = cells, .money = money };
    opened o = open_fixture(&f);
    uint32_t n = pagu_plan_row_count(o.plan);
    pagu_derived *all = calloc(n, sizeof *all), one;
    for (uint32_t i = 0; i < pagu_derived_count(o.plan); i++) {
        pagu_field field = pagu_derived_field(o.plan, i);
        pagu_error err = { 0 };
        assert_ok(pagu_evaluate_nodes(o.view, field, 2022, NULL, NULL, n, all, &err), &err);
        for (pagu_row r = 0; r < n; r++) {
            assert_ok(pagu_evaluate_node(o.view, field, 2022, NULL, r, &one, &err), &err);
            assert_int_equal(one.state, all[r].state);
            assert_true(one.value == all[r].value || one.state != PAGU_DERIVED_NUMBER);
            assert_true(one.weight_missing == all[r].weight_missing);
        }
    }
    free(all);
    close_fixture(&o);
}

/* ---- whole plans at once ---- */

enum { PROGRAMS = 40, EACH = 500, MANY = PROGRAMS * EACH, WIDTH = 16 };

/* Text of numbers and codes that live as long as the plan is built. */
__attribute__((format(printf, 2, 3))) static const char *text_of(char (**room)[WIDTH], const char *format, ...)
{
    char *text = *(*room)++;
    va_list args;
    va_start(args, format);
    vsnprintf(text, WIDTH, format, args);
    va_end(args);
    return text;
}

typedef struct many_rows {
    char (*room)[WIDTH];
    const char **nodes;
    indicator_row *indicators;
    cell_row *cells;
    money_row *money;
    size_t n_nodes, n_indicators, n_cells, n_money;
} many_rows;

/* An even program has a weight and positive values everywhere; others have what a plan can have. */
static void add_leaf(many_rows *m, rng *r, char (**room)[WIDTH], unsigned program, unsigned leaf)
{
    const bool even = program % 4 != 3;
    const unsigned odd = even ? 9 : (unsigned)rng_below(r, 10);
    const char *code = text_of(room, "%02u.%03u", program, leaf), *id = text_of(room, "%02u.%03u#1", program, leaf);
    m->nodes[m->n_nodes++] = code;
    m->money[m->n_money++] =
        (money_row){ code, "final", "2022", "budget", text_of(room, "%u", (unsigned)rng_below(r, 1000) + even) };
    if (odd != 1)
        m->money[m->n_money++] =
            (money_row){ code, "common", "2022", "spent", text_of(room, "%u", (unsigned)rng_below(r, 1000)) };
    if (odd == 0)
        return;
    m->indicators[m->n_indicators++] = (indicator_row){ .id = id,
                                                        .unit = odd == 2 ? "%" : "orang",
                                                        .polarity = odd == 3 ? PAGU_LOWER : PAGU_HIGHER,
                                                        .weight = odd == 4   ? 0
                                                                  : odd == 5 ? -1
                                                                             : (double)rng_below(r, 50) / 7 + 1 };
    if (odd != 6)
        m->cells[m->n_cells++] =
            (cell_row)PAST(id, "target", 2022, text_of(room, "%u", odd == 7 ? 0 : (unsigned)rng_below(r, 90) + 1));
    m->cells[m->n_cells++] =
        (cell_row)PAST(id, "achieved", 2022, odd == 8 ? "-" : text_of(room, "%u", (unsigned)rng_below(r, 90)));
    m->cells[m->n_cells++] = (cell_row)PAST(id, "target", 2024, text_of(room, "%u", (unsigned)rng_below(r, 90) + 1));
    m->cells[m->n_cells++] =
        (cell_row){ id, "renstra", "..2026", "target", text_of(room, "%u", (unsigned)rng_below(r, 900) + 1), "" };
}

static many_rows many_of(void)
{
    rng r = { 1 };
    many_rows m = { .room = malloc((size_t)MANY * 10 * WIDTH),
                    .nodes = calloc(MANY + PROGRAMS + 1, sizeof *m.nodes),
                    .indicators = calloc(MANY + 1, sizeof *m.indicators),
                    .cells = calloc(MANY * 4 + 1, sizeof *m.cells),
                    .money = calloc(MANY * 2 + 1, sizeof *m.money) };
    char(*room)[WIDTH] = m.room;
    for (unsigned p = 0; p < PROGRAMS; p++) {
        m.nodes[m.n_nodes++] = text_of(&room, "%02u", p);
        for (unsigned l = 0; l < EACH; l++)
            add_leaf(&m, &r, &room, p, l);
    }
    return m;
}

static void assert_same(const pagu_derived *one, const pagu_derived *all)
{
    assert_int_equal(one->state, all->state);
    assert_int_equal(one->flags, all->flags);
    assert_true(one->amount == all->amount || one->state != PAGU_DERIVED_NUMBER);
    assert_string_equal(one->unit, all->unit);
    assert_true(one->weight_missing == all->weight_missing);
}

static void whole_plans__are_the_same_as_one_by_one(void **state)
{
    (void)state;
    many_rows m = many_of();
    fixture f = { .nodes = m.nodes, .indicators = m.indicators, .cells = m.cells, .money = m.money };
    opened o = open_fixture(&f);
    uint32_t rows = pagu_plan_row_count(o.plan), inds = pagu_plan_indicator_count(o.plan);
    pagu_derived *all = calloc(rows, sizeof *all), one;
    pagu_error err = { 0 };
    for (uint32_t i = 0; i < pagu_derived_count(o.plan); i++) {
        pagu_field field = pagu_derived_field(o.plan, i);
        bool of_indicators = pagu_field_describe(o.plan, field).of_indicators;
        for (int year = 2022; year <= 2024; year += 2) {
            assert_ok(of_indicators ? pagu_evaluate_indicators(o.view, field, year, NULL, NULL, inds, all, &err)
                                    : pagu_evaluate_nodes(o.view, field, year, NULL, NULL, rows, all, &err),
                      &err);
            for (uint32_t r = 0; r < (of_indicators ? inds : rows); r += 7) {
                assert_ok(of_indicators ? pagu_evaluate_indicator(o.view, field, year, NULL, r, &one, &err)
                                        : pagu_evaluate_node(o.view, field, year, NULL, r, &one, &err),
                          &err);
                assert_same(&one, &all[r]);
            }
            for (pagu_row r = 0; r <= PROGRAMS && !of_indicators; r++) {
                assert_ok(pagu_evaluate_node(o.view, field, year, NULL, r, &one, &err), &err);
                assert_same(&one, &all[r]);
            }
        }
    }
    free(all);
    close_fixture(&o);
    free(m.room);
    free(m.nodes);
    free(m.indicators);
    free(m.cells);
    free(m.money);
}

/* ---- money ---- */

static void absorption__tells_zero_dash_and_missing_apart(void **state)
{
    (void)state;
    static const char *const nodes[] = { "1", "2", "3", "4", "5", NULL };
    static const money_row money[] = {
        { "1", "final", "2022", "budget", "1000" }, { "1", "common", "2022", "spent", "958" },
        { "2", "final", "2022", "budget", "0" },    { "2", "common", "2022", "spent", "5" },
        { "3", "final", "2022", "budget", "-" },    { "3", "common", "2022", "spent", "-" },
        { "4", "final", "2022", "budget", "7" },    { "5", "final", "2022", "budget", "10" },
        { "5", "common", "2022", "spent", "-" },    { 0 }
    };
    fixture f = { .nodes = nodes, .money = money };
    opened o = open_fixture(&f);
    expect(&o, "1", "absorption", 2022, "95.8 %");
    expect(&o, "2", "absorption", 2022, "zero target");
    expect(&o, "3", "absorption", 2022, "-");
    expect(&o, "4", "absorption", 2022, "missing");
    expect(&o, "5", "absorption", 2022, "0 %");
    close_fixture(&o);
}

static void efficiency__is_k_minus_rp_and_needs_both(void **state)
{
    (void)state;
    static const char *const nodes[] = { "1", "2", NULL };
    static const indicator_row indicators[] = { { .id = "1#1", .unit = "orang" },
                                                { .id = "2#1", .unit = "orang" },
                                                { 0 } };
    static const cell_row cells[] = { PAST("1#1", "target", 2022, "10"),
                                      PAST("1#1", "achieved", 2022, "9"),
                                      PAST("2#1", "target", 2022, "10"),
                                      PAST("2#1", "achieved", 2022, "9"),
                                      { 0 } };
    static const money_row money[] = { { "1", "final", "2022", "budget", "200" },
                                       { "1", "common", "2022", "spent", "150" },
                                       { 0 } };
    fixture f = { .nodes = nodes, .indicators = indicators, .cells = cells, .money = money };
    opened o = open_fixture(&f);
    expect(&o, "1", "efficiency", 2022, "15 %");
    expect(&o, "2", "efficiency", 2022, "missing");
    close_fixture(&o);
}

static void spent_to__adds_spans_and_years_line_by_line(void **state)
{
    (void)state;
    static const char *const nodes[] = { "1", "1.01", "1.02", "1.03", NULL };
    static const money_row money[] = { { "1.01", "common", "..2021", "spent", "100" },
                                       { "1.01", "common", "2021", "spent", "60" }, /* within the span */
                                       { "1.01", "common", "2022", "spent", "7" },
                                       { "1.02", "common", "2020", "spent", "1" },
                                       { "1.02", "common", "2021", "spent", "2" },
                                       { "1.02", "common", "2022", "spent", "4" },
                                       { "1.03", "common", "..2022", "spent", "1000" },
                                       { 0 } };
    fixture f = { .nodes = nodes, .money = money };
    opened o = open_fixture(&f);
    expect(&o, "1", "spent_to", 2022, "1114");
    expect(&o, "1", "spent_to", 2021, "103");
    expect(&o, "1.02", "spent_to", 2020, "1");
    expect(&o, "1.03", "spent_to", 2021, "missing");
    close_fixture(&o);
}

static void spent_to__beyond_64_bits_says_so(void **state)
{
    (void)state;
    static const money_row money[] = { { "1", "common", "2020", "spent", "9000000000000000000" },
                                       { "1", "common", "2021", "spent", "9000000000000000000" },
                                       { 0 } };
    fixture f = { .nodes = one_node, .money = money };
    opened o = open_fixture(&f);
    expect(&o, "1", "spent_to", 2021, "overflow");
    close_fixture(&o);
}

/* ---- pace ---- */

static void pace__is_what_each_remaining_year_must_deliver(void **state)
{
    (void)state;
    static const char *const nodes[] = { "1", "2", "3", "4", NULL };
    static const indicator_row indicators[] = { { .id = "1#1", .unit = "orang" },
                                                { .id = "2#1", .unit = "%" },
                                                { .id = "3#1", .unit = "orang", .over_time = PAGU_AGG_MEAN },
                                                { .id = "4#1", .unit = "orang" },
                                                { 0 } };
    static const cell_row cells[] = {
        { "1#1", "common", "..2022", "achieved", "100", "" },
        PAST("1#1", "target", 2023, "50"),
        { "1#1", "final", "2024", "target", "40", "" },
        { "1#1", "renstra", "..2026", "target", "300", "" },
        PAST("2#1", "achieved", 2023, "70"),
        { "2#1", "renstra", "2026", "target", "85", "" },
        { "3#1", "common", "..2023", "achieved", "10", "" },
        { "3#1", "renstra", "..2026", "target", "16", "" },
        { "4#1", "common", "..2023", "achieved", "500", "" },
        { "4#1", "renstra", "..2026", "target", "300", "" },
        { 0 },
    };
    static const money_row money[] = { { "1", "final", "2024", "budget", "1000" }, { 0 } };
    fixture f = { .nodes = nodes, .indicators = indicators, .cells = cells, .money = money };
    opened o = open_fixture(&f);
    expect(&o, "1#1", "pace", 2023, "50 Orang");  /* (300 - 100 - 50) / 3: 2023 is expected, not known */
    expect(&o, "1#1", "pace_cost", 2023, "1250"); /* at 1000 / 40 each */
    expect(&o, "2#1", "pace", 2023, "5 %");       /* up from 70 to 85 in 3 steps */
    expect(&o, "2#1", "pace_cost", 2023, "missing");
    expect(&o, "3#1", "pace", 2023, "24 Orang"); /* (16 x 7 - 10 x 4) / 3 */
    expect(&o, "4#1", "pace", 2023, "0 Orang");  /* reached */
    expect(&o, "1#1", "pace", 2026, "missing");  /* no year remains */
    close_fixture(&o);
}

/* ---- ratings ---- */

static void expect_lift(const opened *o, const char *scale, const char *label, const char *next, double achieved)
{
    pagu_evaluate_options options = PAGU_EVALUATE_OPTIONS_INIT;
    pagu_error err = { 0 };
    pagu_lift lift;
    options.scale = scale;
    assert_ok(pagu_evaluate_lift(o->view, 2022, &options, PAGU_NO_ROW, 0, &lift, &err), &err);
    assert_string_equal(lift.label, label);
    if (!next) {
        assert_null(lift.next);
        return;
    }
    assert_string_equal(lift.next, next);
    if (isnan(achieved))
        assert_true(isnan(lift.achieved));
    else if (fabs(lift.achieved - achieved) > 1e-9)
        fail_msg("%s needs %.17g, expected %.17g", label, lift.achieved, achieved);
}

static void expect_rating(const char *unit, pagu_polarity polarity, const char *lower, const char *cap, const char *t,
                          const char *r, const char *scale, const char *label, const char *next, double achieved)
{
    const indicator_row indicators[] = { { .id = "1#1", .unit = unit, .polarity = polarity }, { 0 } };
    const cell_row cells[] = { { "1#1", "common", "2022", "target", t, "" },
                               { "1#1", "common", "2022", "achieved", r, "" },
                               { 0 } };
    fixture f = { .nodes = one_node, .indicators = indicators, .cells = cells, .lower = lower, .cap = cap };
    opened o = open_fixture(&f);
    expect_lift(&o, scale, label, next, achieved);
    close_fixture(&o);
}

static void rating__of_permendagri_86_closes_its_gaps_by_thresholds(void **state)
{
    (void)state;
    static const struct {
        const char *r, *label, *next;
        double achieved;
    } cases[] = {
        { "250", "sangat tinggi", NULL, 0 },
        { "91", "sangat tinggi", NULL, 0 },
        { "90.999", "tinggi", "sangat tinggi", 91 },
        { "90.5", "tinggi", "sangat tinggi", 91 },
        { "76", "tinggi", "sangat tinggi", 91 },
        { "75.4", "sedang", "tinggi", 76 },
        { "66", "sedang", "tinggi", 76 },
        { "51", "rendah", "sedang", 66 },
        { "50.9", "sangat rendah", "rendah", 51 },
        { "0", "sangat rendah", "rendah", 51 },
        { "-4", "sangat rendah", "rendah", 51 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_rating("%", PAGU_HIGHER, NULL, NULL, "100", cases[i].r, NULL, cases[i].label, cases[i].next,
                      cases[i].achieved);
}

static void rating__of_other_shipped_scales(void **state)
{
    (void)state;
    expect_rating("%", PAGU_HIGHER, NULL, NULL, "100", "85", "lkjip", "sangat baik", "memuaskan", 85);
    expect_rating("%", PAGU_HIGHER, NULL, NULL, "100", "85.1", "lkjip", "memuaskan", NULL, 0);
    expect_rating("%", PAGU_HIGHER, NULL, NULL, "100", "30", "lkjip", "kurang", "agak kurang", 30);
    expect_rating("%", PAGU_HIGHER, NULL, NULL, "100", "100", "permenpanrb-8-2021", "baik", "sangat baik", 110);
    expect_rating("%", PAGU_HIGHER, NULL, NULL, "100", "49", "permenpanrb-8-2021", "sangat kurang", "kurang", 50);
}

static void lift__gives_the_achieved_value_in_the_indicators_unit(void **state)
{
    (void)state;
    expect_rating("orang", PAGU_HIGHER, NULL, NULL, "33", "20", NULL, "rendah", "sedang", 22);            /* 21.78 */
    expect_rating("orang", PAGU_HIGHER, NULL, NULL, "20", "17", "lkjip", "sangat baik", "memuaskan", 18); /* above 17 */
    expect_rating("orang", PAGU_LOWER, "ratio", NULL, "10", "12", NULL, "tinggi", "sangat tinggi", 10);   /* 10.99 */
    expect_rating("orang", PAGU_LOWER, "linear", NULL, "10", "12", NULL, "tinggi", "sangat tinggi", 10);  /* 10.9 */
    expect_rating("%", PAGU_LOWER, "linear", NULL, "10", "12", NULL, "tinggi", "sangat tinggi", 10.9);
    expect_rating("%", PAGU_RANGE, NULL, NULL, "50..60", "40", NULL, "tinggi", "sangat tinggi", 45.5);
    expect_rating("%", PAGU_RANGE, "linear", NULL, "50..60", "72", NULL, "tinggi", "sangat tinggi", 65.4);
    expect_rating("%", PAGU_HIGHER, NULL, "100", "50", "50", "permenpanrb-8-2021", "baik", "sangat baik", (double)NAN);
}

static void rating__reads_the_scale_of_the_package_and_names_those_there_are(void **state)
{
    (void)state;
    static const indicator_row indicators[] = { { .id = "1#1", .unit = "%" }, { 0 } };
    static const cell_row cells[] = { PAST("1#1", "target", 2022, "100"), PAST("1#1", "achieved", 2022, "92"), { 0 } };
    fixture f = { .nodes = one_node, .indicators = indicators, .cells = cells, .scale = "lkjip" };
    opened o = open_fixture(&f);
    pagu_evaluate_options options = PAGU_EVALUATE_OPTIONS_INIT;
    pagu_error err = { 0 };
    pagu_derived d;
    pagu_field rating;
    expect(&o, "1", "rating", 2022, "\"memuaskan\"");
    expect(&o, "1#1", "rating", 2022, "\"memuaskan\"");
    options.scale = "nilai";
    pagu_find_field(o.plan, "rating", &rating, NULL);
    assert_int_equal(pagu_evaluate_node(o.view, rating, 2022, &options, 0, &d, &err), PAGU_NOT_FOUND);
    assert_string_equal(err.message,
                        "no rating scale \"nilai\"; there are: permendagri-86-2017, lkjip, permenpanrb-8-2021");
    close_fixture(&o);
}

/* ---- scenarios ---- */

static void scenario__changes_the_edited_of_many_indicators_only(void **state)
{
    (void)state;
    static const char *const nodes[] = { "1", "2", "3", NULL };
    static const indicator_row indicators[] = {
        { .id = "1#1", .unit = "orang" }, { .id = "2#1", .unit = "orang" }, { .id = "3#1", .unit = "orang" }, { 0 }
    };
    static const cell_row cells[] = { PAST("1#1", "target", 2023, "10"),
                                      PAST("1#1", "achieved", 2023, "5"),
                                      PAST("2#1", "target", 2023, "10"),
                                      PAST("2#1", "achieved", 2023, "5"),
                                      PAST("3#1", "target", 2023, "10"),
                                      PAST("3#1", "achieved", 2023, "4"),
                                      { 0 } };
    static const double expected[] = { 50, 25, 40 };
    fixture f = { .nodes = nodes, .indicators = indicators, .cells = cells };
    opened o = open_fixture(&f);
    pagu_error err = { 0 };
    pagu_scenario *s;
    pagu_proposal *p = NULL;
    pagu_field target, rate;
    pagu_period y2023;
    pagu_derived all[3];
    assert_ok(pagu_branch(o.view, "s", &s, &err), &err);
    assert_ok(pagu_proposal_new(s, &p, &err), &err);
    pagu_plan_find_field(o.plan, "target", &target, NULL);
    pagu_plan_find_year(o.plan, 2023, &y2023, NULL);
    assert_ok(pagu_find_field(o.plan, "rate", &rate, &err), &err);
    assert_ok(pagu_proposal_measure(p, 1, target, y2023, &(pagu_measure){ .value = 20, .state = PAGU_NUMBER }, &err),
              &err);
    assert_ok(pagu_proposal_commit(p, NULL, &err), &err);
    pagu_proposal_free(p);
    opened changed = { o.ctx, o.plan, pagu_scenario_view(s) };
    assert_ok(pagu_evaluate_indicators(changed.view, rate, 2023, NULL, NULL, 3, all, &err), &err);
    for (int i = 0; i < 3; i++)
        assert_true(all[i].state == PAGU_DERIVED_NUMBER && all[i].value == expected[i]);
    expect(&changed, "2", "achievement", 2023, "25 %");
    expect(&o, "2", "achievement", 2023, "50 %");
    pagu_scenario_close(s);
    close_fixture(&o);
}

static void derived_fields__follow_the_edits_of_a_scenario(void **state)
{
    (void)state;
    static const indicator_row indicators[] = { { .id = "1#1", .unit = "orang" }, { 0 } };
    static const cell_row cells[] = { PAST("1#1", "target", 2023, "10"), PAST("1#1", "achieved", 2023, "5"), { 0 } };
    static const money_row money[] = { { "1", "final", "2023", "budget", "200" },
                                       { "1", "common", "2023", "spent", "150" },
                                       { 0 } };
    fixture f = { .nodes = one_node, .indicators = indicators, .cells = cells, .money = money };
    opened o = open_fixture(&f);
    pagu_error err = { 0 };
    pagu_scenario *s;
    assert_ok(pagu_branch(o.view, "s", &s, &err), &err);
    pagu_proposal *p = NULL;
    assert_ok(pagu_proposal_new(s, &p, &err), &err);
    pagu_field target, budget;
    pagu_period y2023;
    pagu_plan_find_field(o.plan, "target", &target, NULL);
    pagu_plan_find_field(o.plan, "budget", &budget, NULL);
    pagu_plan_find_year(o.plan, 2023, &y2023, NULL);
    assert_ok(pagu_proposal_measure(p, 0, target, y2023, &(pagu_measure){ .value = 20, .state = PAGU_NUMBER }, &err),
              &err);
    assert_ok(pagu_proposal_money(p, row_of(o.view, "1"), pagu_view_column(o.view, budget, y2023),
                                  (pagu_cell){ 300, PAGU_NUMBER }, &err),
              &err);
    assert_ok(pagu_proposal_commit(p, NULL, &err), &err);
    pagu_proposal_free(p);
    opened changed = { o.ctx, o.plan, pagu_scenario_view(s) };
    expect(&changed, "1#1", "rate", 2023, "25 %");
    expect(&changed, "1", "absorption", 2023, "50 %");
    expect(&o, "1#1", "rate", 2023, "50 %");
    pagu_scenario_close(s);
    close_fixture(&o);
}

/* ---- explaining ---- */

static void explain__of_a_derived_value_shows_its_formula_and_operands(void **state)
{
    (void)state;
    static const char *const nodes[] = { "1", "1.01", NULL };
    static const indicator_row indicators[] = { { .id = "1.01#1", .unit = "orang", .polarity = PAGU_LOWER }, { 0 } };
    static const cell_row cells[] = { PAST("1.01#1", "target", 2022, "10"),
                                      PAST("1.01#1", "achieved", 2022Q1, "3"),
                                      PAST("1.01#1", "achieved", 2022Q3, "5"),
                                      { 0 } };
    fixture f = { .nodes = nodes, .indicators = indicators, .cells = cells, .lower = "linear", .cap = "120" };
    opened o = open_fixture(&f);
    static const char *const expected[] = {
        "0 formula 1 achievement 2022 weighted mean of percents",
        "1 formula 1.01 achievement 2022 weighted mean of percents",
        "2 formula 1.01#1 rate 2022 achieved / target x 100; lower (linear); cap 120",
        "3 input 1.01#1 achieved 2022Q1 ",
        "3 input 1.01#1 achieved 2022Q3 ",
        "3 input 1.01#1 target 2022 ",
    };
    pagu_error err = { 0 };
    pagu_field k;
    pagu_table *t;
    pagu_find_field(o.plan, "achievement", &k, NULL);
    assert_ok(pagu_explain_derived(o.view, row_of(o.view, "1"), PAGU_NO_INDICATOR, k, 2022, 0, 0, &t, &err), &err);
    assert_int_equal(pagu_table_row_count(t), 6);
    for (uint32_t r = 0; r < 6; r++) {
        char got[300], a[64], b[64], c[64], d[64], reason[64];
        snprintf(got, sizeof got, "%s %s %s %s %s", cell_text(t, r, "depth", a), cell_text(t, r, "kind", b),
                 cell_text(t, r, "key", c), cell_text(t, r, "name", d), cell_text(t, r, "reason", reason));
        assert_string_equal(got, expected[r]);
    }
    assert_true(pagu_table_get(t, 2, 4).number == 120); /* (20 - 8) / 10 x 100 */
    pagu_table_free(t);
    assert_ok(pagu_explain_derived(o.view, row_of(o.view, "1"), PAGU_NO_INDICATOR, k, 2022, 1, 2, &t, &err), &err);
    assert_int_equal(pagu_table_row_count(t), 2);
    pagu_table_free(t);
    close_fixture(&o);
}

/* ---- errors and memory ---- */

static void evaluate__names_what_it_cant_do(void **state)
{
    (void)state;
    static const indicator_row indicators[] = { { .id = "1#1", .unit = "orang" }, { 0 } };
    fixture f = { .nodes = one_node, .indicators = indicators };
    opened o = open_fixture(&f);
    pagu_error err = { 0 };
    pagu_derived d;
    pagu_field field;
    pagu_find_field(o.plan, "absorption", &field, NULL);
    assert_int_equal(pagu_evaluate_indicator(o.view, field, 2022, NULL, 0, &d, &err), PAGU_UNKNOWN_FIELD);
    assert_string_equal(err.message, "an indicator has no \"absorption\"; ask its node");
    pagu_find_field(o.plan, "rate", &field, NULL);
    assert_int_equal(pagu_evaluate_indicator(o.view, field, 2035, NULL, 0, &d, &err), PAGU_OUT_OF_FRAME);
    assert_string_equal(err.message, "period 2035 is outside the years 2020 to 2026 of the plan");
    close_fixture(&o);
}

static pagu_code evaluate_everything(pagu_ctx *ctx, void *arg)
{
    pagu_plan *plan = NULL;
    pagu_error err = { 0 };
    pagu_code code = build(ctx, arg, &plan, &err);
    if (code != PAGU_OK)
        return code;
    pagu_view *v = pagu_view_open(plan, pagu_plan_default_stage(plan));
    pagu_selection *all = NULL;
    pagu_table *t = NULL;
    code = v ? pagu_select_all(v, &all, &err) : PAGU_NO_MEMORY;
    for (uint32_t i = 0; i < pagu_derived_count(plan) && code == PAGU_OK; i++) {
        pagu_derived d;
        code = pagu_evaluate_node(v, pagu_derived_field(plan, i), 2023, NULL, 0, &d, &err);
    }
    if (code == PAGU_OK)
        code = pagu_evaluate_table(v, all, 2022, NULL, &t, &err);
    pagu_table_free(t);
    t = NULL;
    pagu_field field;
    pagu_find_field(plan, "strategic_rate", &field, NULL);
    if (code == PAGU_OK)
        code = pagu_explain_derived(v, 0, 0, field, 2023, 0, 0, &t, &err);
    pagu_table_free(t);
    pagu_selection_free(all);
    pagu_view_close(v);
    pagu_plan_release(plan);
    return code;
}

static void evaluate__survives_every_failed_allocation(void **state)
{
    (void)state;
    static const indicator_row indicators[] = { { .id = "1#1", .unit = "orang" }, { 0 } };
    static const cell_row cells[] = { { "1#1", "common", "..2021", "achieved", "10", "" },
                                      PAST("1#1", "achieved", 2022, "5"),
                                      PAST("1#1", "target", 2022, "8"),
                                      { "1#1", "renstra", "..2026", "target", "300", "" },
                                      { 0 } };
    static const money_row money[] = { { "1", "common", "2020", "spent", "1" }, { 0 } };
    fixture f = { .nodes = one_node, .indicators = indicators, .cells = cells, .money = money };
    assert_true(for_each_failing_allocation(evaluate_everything, &f) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rate__states_every_case_of_target_and_achievement),
        cmocka_unit_test(rate__of_a_range_uses_the_bound_that_was_missed),
        cmocka_unit_test(rate__is_capped_only_on_request),
        cmocka_unit_test(rate__by_the_linear_rule_has_a_floor_only_on_request),
        cmocka_unit_test(options__override_what_the_package_says),
        cmocka_unit_test(cumulative__of_a_count_adds_and_of_a_percentage_takes_the_last),
        cmocka_unit_test(cumulative__without_a_span_takes_the_years_together),
        cmocka_unit_test(cumulative__skips_what_is_missing_and_counts_a_dash_as_nothing),
        cmocka_unit_test(units__that_differ_clash_in_their_cell_only),
        cmocka_unit_test(texts__pass_through_but_are_no_numbers),
        cmocka_unit_test(over_time__none_keeps_several_values_apart),
        cmocka_unit_test(e81__columns_12_to_15_follow_from_the_quarters),
        cmocka_unit_test(rivals__a_year_of_a_percentage_is_its_last_quarter_not_the_maximum),
        cmocka_unit_test(year__of_its_own_beats_its_quarters_halves_and_months),
        cmocka_unit_test(rivals__a_parent_averages_percents_not_raw_values),
        cmocka_unit_test(rivals__a_negative_indicator_at_zero_is_the_best_case),
        cmocka_unit_test(achievement__says_how_much_weight_it_lacks),
        cmocka_unit_test(achievement__is_equal_without_weights_and_missing_without_percents),
        cmocka_unit_test(over_children__sum_adds_main_indicators_of_one_unit),
        cmocka_unit_test(nodes__at_once_are_the_same_as_one_by_one),
        cmocka_unit_test(whole_plans__are_the_same_as_one_by_one),
        cmocka_unit_test(absorption__tells_zero_dash_and_missing_apart),
        cmocka_unit_test(efficiency__is_k_minus_rp_and_needs_both),
        cmocka_unit_test(spent_to__adds_spans_and_years_line_by_line),
        cmocka_unit_test(spent_to__beyond_64_bits_says_so),
        cmocka_unit_test(pace__is_what_each_remaining_year_must_deliver),
        cmocka_unit_test(rating__of_permendagri_86_closes_its_gaps_by_thresholds),
        cmocka_unit_test(rating__of_other_shipped_scales),
        cmocka_unit_test(lift__gives_the_achieved_value_in_the_indicators_unit),
        cmocka_unit_test(rating__reads_the_scale_of_the_package_and_names_those_there_are),
        cmocka_unit_test(scenario__changes_the_edited_of_many_indicators_only),
        cmocka_unit_test(derived_fields__follow_the_edits_of_a_scenario),
        cmocka_unit_test(explain__of_a_derived_value_shows_its_formula_and_operands),
        cmocka_unit_test(evaluate__names_what_it_cant_do),
        cmocka_unit_test(evaluate__survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
