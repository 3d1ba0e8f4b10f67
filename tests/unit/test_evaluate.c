/* test_evaluate.c - achievement against targets: every case of the table in pagu/evaluate.h.
 * SPDX-License-Identifier: MIT */
#include "support/failing_alloc.h"
#include "support/plans.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rate__states_every_case_of_target_and_achievement),
        cmocka_unit_test(rate__of_a_range_uses_the_bound_that_was_missed),
        cmocka_unit_test(rate__is_capped_only_on_request),
        cmocka_unit_test(rate__by_the_linear_rule_has_a_floor_only_on_request),
        cmocka_unit_test(options__override_what_the_package_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
