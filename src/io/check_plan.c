/* check_plan.c - money and targets of the plan itself: one without the other, too much spent,
 * shortfalls without a cause.
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

typedef struct fields {
    pagu_field budget, spent, target, achieved;
} fields;

static pagu_field field_of(const checker *c, const char *id)
{
    pagu_field field;
    return pagu_plan_find_field(c->plan, id, &field, NULL) == PAGU_OK ? field : PAGU_NONE;
}

static fields find_fields(const checker *c)
{
    return (fields){ field_of(c, "budget"), field_of(c, "spent"), field_of(c, "target"), field_of(c, "achieved") };
}

static pagu_period year_of(const checker *c, int year)
{
    pagu_period period;
    return pagu_plan_find_year(c->plan, year, &period, NULL) == PAGU_OK ? period : PAGU_NONE;
}

static bool is_member(const checker *c, pagu_stage stage, pagu_row row)
{
    if (stage == pagu_view_stage(c->view))
        return pagu_view_is_member(c->view, row);
    const plan_stage *s = &c->plan->stages[stage];
    return !s->members || bit_get(s->members, row);
}

/* A finding about a node of the model, at the cell that prints it if there is one. */
static pagu_finding finding_of(const checker *c, check_rule rule, const claim *k, const char *key, pagu_stage stage,
                               pagu_period period)
{
    pagu_finding f = finding_at(c, rule, k);
    f.key = key;
    f.stage = plan_str(c->plan, c->plan->stages[stage].id);
    f.period = plan_str(c->plan, c->plan->periods[period].id);
    if (!k)
        f.file = f.record_file = "amounts.csv";
    return f;
}

/* ---- budget and target ---- */

/* Has some indicator of the row a target that is more than nothing? The first one's, for messages. */
static bool has_target(const checker *c, pagu_stage stage, pagu_row row, pagu_field target, pagu_period period,
                       pagu_measure *first)
{
    pagu_indicator ind = pagu_view_first_indicator(c->view, row);
    bool some = false;
    *first = (pagu_measure){ .unit = "" };
    for (uint32_t n = 0; ind != PAGU_NO_INDICATOR; ind = pagu_view_next_indicator(c->view, ind)) {
        pagu_measure m = stage_measure(c, stage, ind, target, period);
        if (n++ == 0)
            *first = m;
        some |= (m.state == PAGU_NUMBER && m.value != 0) || m.state == PAGU_TEXT;
    }
    return some;
}

static void say_no_target(checker *c, pagu_stage stage, pagu_row row, const fields *f, pagu_period period,
                          pagu_cell money)
{
    pagu_indicator ind = pagu_view_first_indicator(c->view, row);
    const claim *k = claims_find(c, OWNER_INDICATOR, ind, CLAIM_MEASURE, f->target, stage, period);
    const char *key = pagu_view_key(c->view, row);
    check_text budget = cell_as_text(c, money, plan_locale(c->plan));
    pagu_finding found = finding_of(c, CHECK_BUDGET_WITHOUT_TARGET, k, key, stage, period);
    check_say(c, &found, "\"%s\" (%s) has a budget of %s in stage \"%s\" and no target", key,
              pagu_view_row_name(c->view, row), budget.s, found.stage);
}

static void say_no_budget(checker *c, pagu_stage stage, pagu_row row, const fields *f, pagu_period period,
                          const pagu_measure *m)
{
    const claim *k = claims_find(c, OWNER_NODE, row, CLAIM_MONEY, f->budget, stage, period);
    const char *key = pagu_view_key(c->view, row);
    check_text target = measure_as_text(m, plan_locale(c->plan));
    pagu_finding found = finding_of(c, CHECK_TARGET_WITHOUT_BUDGET, k, key, stage, period);
    check_say(c, &found, "\"%s\" (%s) has a target of %s in stage \"%s\" and no budget", key,
              pagu_view_row_name(c->view, row), or_nothing(c, target.s), found.stage);
}

/* The lowest nodes tell it: a sum is told only if nothing below it is. */
static void check_pair(checker *c, pagu_stage stage, pagu_row row, const fields *f, pagu_period period, uint8_t *told)
{
    pagu_measure first;
    if (told[row] || pagu_view_first_indicator(c->view, row) == PAGU_NO_INDICATOR || !is_member(c, stage, row))
        return;
    pagu_cell money = stage_money(c, stage, row, f->budget, period);
    bool target = has_target(c, stage, row, f->target, period, &first),
         budget = money.state == PAGU_NUMBER && money.value != 0;
    told[row] = budget != target;
    if (budget && !target)
        say_no_target(c, stage, row, f, period, money);
    else if (target && !budget)
        say_no_budget(c, stage, row, f, period, &first);
}

static bool stage_has(const checker *c, pagu_stage stage, pagu_field field, pagu_period period, bool money)
{
    const plan_column *column = &c->plan->columns[column_index(c->plan, stage, field, period)];
    return stage == pagu_view_stage(c->view) || (money ? column->values != NULL : column->measures != NULL);
}

/* A stage that has no money at all, or no targets at all, for the year is not of that kind. */
static void check_pairs(checker *c, const fields *f)
{
    const pagu_plan *p = c->plan;
    pagu_period year = year_of(c, p->year);
    uint8_t *told = mem_array(c->ctx, p->n_rows, 1);
    if (!told)
        check_fail(c, PAGU_NO_MEMORY);
    for (pagu_stage stage = 0; told && stage < p->n_stages && year != PAGU_NONE; stage++) {
        if (p->stages[stage].kind != PAGU_STAGE_PLAN || !stage_has(c, stage, f->budget, year, true) ||
            !stage_has(c, stage, f->target, year, false) ||
            stage_money(c, stage, 0, f->budget, year).state != PAGU_NUMBER)
            continue;
        memset(told, 0, p->n_rows);
        for (uint32_t row = p->n_rows; row-- > 0 && !check_stop(c);) {
            check_pair(c, stage, row, f, year, told);
            if (row > 0)
                told[p->parent[row]] |= told[row];
        }
    }
    mem_free(c->ctx, told, p->n_rows);
}

/* ---- spending ---- */

static void say_overspent(checker *c, pagu_stage stage, pagu_row row, const fields *f, pagu_period period,
                          pagu_cell budget, pagu_cell spent)
{
    const claim *k = claims_find(c, OWNER_NODE, row, CLAIM_MONEY, f->spent, stage, period);
    const char *key = pagu_view_key(c->view, row);
    check_text x = cell_as_text(c, spent, plan_locale(c->plan)), y = cell_as_text(c, budget, plan_locale(c->plan));
    pagu_finding found = finding_of(c, CHECK_OVERSPENT, k, key, stage, period);
    found.printed = x.s;
    found.computed = y.s;
    check_say(c, &found, "spending of \"%s\" in %s is %s, more than its budget of %s", key, found.period, x.s, y.s);
}

/* The lowest rows that overspend, and sums above them only if nothing below does. */
static void check_overspent(checker *c, const fields *f, pagu_stage stage, pagu_period period, uint8_t *told)
{
    const pagu_plan *p = c->plan;
    memset(told, 0, p->n_rows);
    for (uint32_t row = p->n_rows; row-- > 0 && c->code == PAGU_OK;) {
        pagu_cell budget = stage_money(c, stage, row, f->budget, period),
                  spent = stage_money(c, stage, row, f->spent, period);
        if (!told[row] && budget.state == PAGU_NUMBER && spent.state == PAGU_NUMBER && spent.value > budget.value) {
            told[row] = 1;
            say_overspent(c, stage, row, f, period, budget, spent);
        }
        if (told[row] && row > 0)
            told[p->parent[row]] = 1;
    }
}

static bool has_achievement(const checker *c, pagu_stage stage, pagu_row row, pagu_field achieved, pagu_period period)
{
    for (pagu_indicator ind = pagu_view_first_indicator(c->view, row); ind != PAGU_NO_INDICATOR;
         ind = pagu_view_next_indicator(c->view, ind)) {
        pagu_state state = stage_measure(c, stage, ind, achieved, period).state;
        if (state == PAGU_NUMBER || state == PAGU_TEXT)
            return true;
    }
    return false;
}

static void check_evaluated(checker *c, const fields *f, pagu_stage stage, pagu_period period, uint8_t *evaluated)
{
    const pagu_plan *p = c->plan;
    memset(evaluated, 0, p->n_rows);
    for (uint32_t row = p->n_rows; row-- > 0;) {
        evaluated[row] |= has_achievement(c, stage, row, f->achieved, period);
        if (row > 0)
            evaluated[p->parent[row]] |= evaluated[row];
    }
    for (uint32_t row = 0; row < p->n_rows && c->code == PAGU_OK; row++) {
        pagu_cell spent = stage_money(c, stage, row, f->spent, period);
        bool topmost = row == 0 || evaluated[p->parent[row]];
        if (evaluated[row] || !topmost || spent.state != PAGU_NUMBER || spent.value == 0 ||
            p->flags[row] & ROW_OWN_LINE)
            continue;
        const char *key = pagu_view_key(c->view, row);
        const claim *k = claims_find(c, OWNER_NODE, row, CLAIM_MONEY, f->spent, stage, period);
        pagu_finding found = finding_of(c, CHECK_SPENT_WITHOUT_ACHIEVEMENT, k, key, stage, period);
        check_say(c, &found, "\"%s\" has spending in %s and no achievement of any indicator", key, found.period);
    }
}

static void check_spending(checker *c, const fields *f)
{
    const pagu_plan *p = c->plan;
    uint8_t *flags = mem_array(c->ctx, p->n_rows, 1);
    if (!flags)
        check_fail(c, PAGU_NO_MEMORY);
    for (pagu_stage stage = 0; stage < p->n_stages; stage++)
        for (pagu_period period = 0; period < p->n_periods && !check_stop(c); period++)
            if (p->columns[column_index(p, stage, f->spent, period)].values &&
                !p->columns[column_index(p, stage, f->spent, period)].masked) {
                check_overspent(c, f, stage, period, flags);
                check_evaluated(c, f, stage, period, flags);
            }
    mem_free(c->ctx, flags, p->n_rows);
}

/* ---- causes ---- */

/* Rows that a text of one of these kinds belongs to. */
static void mark_texts(checker *c, const char *kinds, uint8_t *marks)
{
    static const char *const columns[] = { "owner", "kind" };
    check_table t = find_table(c->plan, "texts", columns, COUNT_OF(columns));
    for (uint32_t r = 0; t.doc && r < t.doc->n_rows; r++) {
        const char *owner = table_text(c->plan, &t, r, 0);
        pagu_row row;
        if (!list_has(kinds, ' ', table_text(c->plan, &t, r, 1)))
            continue;
        pagu_indicator ind = plan_find_indicator(c->plan, owner, strlen(owner));
        if (ind != PAGU_NO_INDICATOR && c->plan->indicators[ind].row != PAGU_NO_ROW)
            marks[c->plan->indicators[ind].row] = 1;
        else if (plan_lookup(c->plan, owner, strlen(owner), &row, 1) == 1)
            marks[row] = 1;
    }
}

/* Below target in the year? *targeted: it has a target there. */
static bool falls_short(const checker *c, pagu_row row, const fields *f, pagu_period year, pagu_indicator *which,
                        bool *targeted)
{
    pagu_stage common = c->plan->common_stage;
    *targeted = false;
    for (pagu_indicator ind = pagu_view_first_indicator(c->view, row); ind != PAGU_NO_INDICATOR;
         ind = pagu_view_next_indicator(c->view, ind)) {
        pagu_measure t = pagu_view_stage_measure(c->view, common, ind, f->target, year);
        pagu_measure a = pagu_view_stage_measure(c->view, common, ind, f->achieved, year);
        bool lower = ind < c->plan->n_indicators && c->plan->indicators[ind].polarity == PAGU_LOWER;
        *targeted |= t.state == PAGU_NUMBER || t.state == PAGU_TEXT;
        if (t.state != PAGU_NUMBER || a.state != PAGU_NUMBER || (lower ? a.value <= t.value : a.value >= t.value))
            continue;
        *which = ind;
        return true;
    }
    return false;
}

static void say_no_cause(checker *c, pagu_row row, pagu_indicator ind, const fields *f, pagu_period year)
{
    pagu_stage common = c->plan->common_stage;
    const claim *k = claims_find(c, OWNER_INDICATOR, ind, CLAIM_MEASURE, f->achieved, common, year);
    pagu_measure t = pagu_view_stage_measure(c->view, common, ind, f->target, year);
    pagu_measure a = pagu_view_stage_measure(c->view, common, ind, f->achieved, year);
    check_text x = measure_as_text(&a, plan_locale(c->plan)), y = measure_as_text(&t, plan_locale(c->plan));
    const char *key = pagu_view_key(c->view, row);
    pagu_finding found = finding_of(c, CHECK_CAUSE_MISSING, k, key, common, year);
    check_say(c, &found, "\"%s\" reached %s of %s in %s, and no cause is given", key, x.s, y.s, found.period);
}

static void check_causes(checker *c, const fields *f)
{
    const pagu_plan *p = c->plan;
    pagu_period year = year_of(c, p->year - 2);
    uint8_t *told = mem_zarray(c->ctx, p->n_rows, 1), *passed = mem_zarray(c->ctx, p->n_rows, 1);
    if (!told || !passed)
        check_fail(c, PAGU_NO_MEMORY);
    else
        mark_texts(c, "obstacle driver problem issue follow_up", told);
    for (uint32_t row = p->n_rows; told && row-- > 1;) /* a text below a node tells of it */
        told[p->parent[row]] |= told[row] && p->parent[row] != 0;
    for (uint32_t row = 0; row < p->n_rows && year != PAGU_NONE && !check_stop(c); row++) {
        pagu_indicator ind;
        bool targeted = false, above = row > 0 && passed[p->parent[row]];
        bool falls = !above && falls_short(c, row, f, year, &ind, &targeted);
        passed[row] = above || targeted;
        if (falls && !told[row])
            say_no_cause(c, row, ind, f, year);
    }
    mem_free(c->ctx, told, p->n_rows);
    mem_free(c->ctx, passed, p->n_rows);
}

void check_budgets(checker *c)
{
    fields f = find_fields(c);
    if (f.budget == PAGU_NONE || f.target == PAGU_NONE || f.achieved == PAGU_NONE)
        return;
    check_pairs(c, &f);
    if (f.spent != PAGU_NONE)
        check_spending(c, &f);
    check_causes(c, &f);
}
