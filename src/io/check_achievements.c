/* check_achievements.c - achievements of a node beside those of what lies below it.
 *
 * Year n-2 is the one that T-C.29 evaluates.
 *
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

enum { BELOW_NOTHING = 0, BELOW_PLANNED = 1, BELOW_DONE = 2 };

typedef struct judging {
    checker *c;
    pagu_field target, achieved;
    pagu_period year;
    uint8_t *below; /* by row: what indicators below it have */
} judging;

static pagu_measure value(const judging *j, pagu_indicator ind, pagu_field field)
{
    return pagu_view_stage_measure(j->c->view, j->c->plan->common_stage, ind, field, j->year);
}

static bool is_something(const pagu_measure *m)
{
    return (m->state == PAGU_NUMBER && m->value != 0) || m->state == PAGU_TEXT;
}

static uint8_t judge_row(const judging *j, pagu_row row)
{
    uint8_t found = BELOW_NOTHING;
    for (pagu_indicator ind = pagu_view_first_indicator(j->c->view, row); ind != PAGU_NO_INDICATOR;
         ind = pagu_view_next_indicator(j->c->view, ind)) {
        pagu_measure t = value(j, ind, j->target), a = value(j, ind, j->achieved);
        found |= t.state != PAGU_MISSING || a.state != PAGU_MISSING ? BELOW_PLANNED : 0;
        found |= is_something(&a) ? BELOW_DONE : 0;
    }
    return found;
}

static void say(const judging *j, check_rule rule, pagu_row row, pagu_indicator ind, const pagu_measure *m)
{
    checker *c = j->c;
    const claim *k = claims_find(c, OWNER_INDICATOR, ind, CLAIM_MEASURE, j->achieved, c->plan->common_stage, j->year);
    if (k && is_blank(claim_text(c, k)))
        return; /* told as an empty cell */
    pagu_finding f = finding_at(c, rule, k);
    check_text text = measure_as_text(m, plan_locale(c->plan));
    f.key = pagu_view_indicator(c->view, ind).id;
    f.period = plan_str(c->plan, c->plan->periods[j->year].id);
    if (!k)
        f.file = f.record_file = "measures.csv";
    if (rule == CHECK_ACHIEVEMENT_MISSING)
        check_say(c, &f,
                  "\"%s\" has a target of %s in %s and no achievement, though what lies below \"%s\" was achieved",
                  f.key, text.s, f.period, pagu_view_key(c->view, row));
    else
        check_say(c, &f, "\"%s\" achieved %s in %s, though nothing below \"%s\" was achieved", f.key, text.s, f.period,
                  pagu_view_key(c->view, row));
}

static void check_row(const judging *j, pagu_row row)
{
    for (pagu_indicator ind = pagu_view_first_indicator(j->c->view, row); ind != PAGU_NO_INDICATOR;
         ind = pagu_view_next_indicator(j->c->view, ind)) {
        pagu_measure t = value(j, ind, j->target), a = value(j, ind, j->achieved);
        bool open = a.state == PAGU_MISSING || a.state == PAGU_DASH;
        if (open && is_something(&t) && j->below[row] & BELOW_DONE)
            say(j, CHECK_ACHIEVEMENT_MISSING, row, ind, &t);
        else if (is_something(&a) && j->below[row] == BELOW_PLANNED)
            say(j, CHECK_ACHIEVEMENT_UNSUPPORTED, row, ind, &a);
    }
}

void check_achievements(checker *c)
{
    const pagu_plan *p = c->plan;
    judging j = { .c = c, .year = year_period(c, "", p->year - 2, "") };
    if (j.year == PAGU_NONE || pagu_plan_find_field(p, "target", &j.target, NULL) != PAGU_OK ||
        pagu_plan_find_field(p, "achieved", &j.achieved, NULL) != PAGU_OK)
        return;
    j.below = mem_zarray(c->ctx, p->n_rows, 1);
    if (!j.below)
        check_fail(c, PAGU_NO_MEMORY);
    for (uint32_t row = p->n_rows; j.below && row-- > 1;)
        j.below[p->parent[row]] |= judge_row(&j, row) | j.below[row];
    for (uint32_t row = 0; row < p->n_rows && !check_stop(c); row++)
        check_row(&j, row);
    mem_free(c->ctx, j.below, p->n_rows);
}
