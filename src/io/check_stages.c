/* check_stages.c - stages of the plan against each other.
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

#include <ctype.h>

typedef struct staging {
    checker *c;
    pagu_field budget, target;
    pagu_period year;
} staging;

/* ---- increases that a table shows side by side ---- */

static bool has_words(const char *text)
{
    uint32_t letters = 0;
    for (; *text; text++)
        letters += isalpha((unsigned char)*text) || (unsigned char)*text >= 0x80;
    return letters >= 3;
}

/* A remark: words in a column that shows nothing of the model, or a note in texts.csv. */
static bool is_explained(const checker *c, uint32_t first, uint32_t end, const uint8_t *noted, pagu_row row)
{
    for (uint32_t i = first; i < end; i++) {
        const claim *k = &c->claims[c->by_row[i]];
        if (k->kind == CLAIM_NOTHING && has_words(claim_text(c, k)))
            return true;
    }
    return noted[row];
}

static const claim *earlier_stage(const checker *c, const claim *k, uint32_t first, uint32_t end)
{
    const claim *found = NULL;
    for (uint32_t i = first; i < end; i++) {
        const claim *other = &c->claims[c->by_row[i]];
        if (other->kind == CLAIM_MONEY && other->id == k->id && other->field == k->field &&
            other->period == k->period && other->stage < k->stage && (!found || other->stage > found->stage))
            found = other;
    }
    return found;
}

static void check_increase(checker *c, const claim *k, uint32_t first, uint32_t end, const uint8_t *noted)
{
    const claim *before = is_sum(c->plan, k->id) ? NULL : earlier_stage(c, k, first, end);
    pagu_cell was, now;
    if (!before || read_printed_money(c, before, &was, NULL) != PAGU_OK ||
        read_printed_money(c, k, &now, NULL) != PAGU_OK || now.state != PAGU_NUMBER || now.value <= was.value ||
        is_explained(c, first, end, noted, k->id))
        return;
    pagu_finding f = finding_at(c, CHECK_INCREASE_UNEXPLAINED, k);
    f.computed = claim_text(c, before);
    check_say(c, &f, "%s of \"%s\" rises from %s in stage \"%s\" to %s in stage \"%s\" without a remark",
              field_word(c, plan_str(c->plan, k->field_id)), claim_key(c, k), or_nothing(c, claim_text(c, before)),
              plan_str(c->plan, c->plan->stages[before->stage].id), claim_text(c, k), f.stage);
}

static void mark_notes(checker *c, uint8_t *noted)
{
    static const char *const columns[] = { "owner", "kind" };
    check_table t = find_table(c->plan, "texts", columns, COUNT_OF(columns));
    for (uint32_t r = 0; t.doc && r < t.doc->n_rows; r++) {
        const char *owner = table_text(c->plan, &t, r, 0);
        pagu_row row;
        if (list_has("note reason", ' ', table_text(c->plan, &t, r, 1)) &&
            plan_lookup(c->plan, owner, strlen(owner), &row, 1) == 1)
            noted[row] = 1;
    }
}

enum { MOST_CELLS = 512 };
static void check_increases(checker *c)
{
    uint8_t *noted = mem_zarray(c->ctx, c->plan->n_rows, 1);
    if (!noted)
        check_fail(c, PAGU_NO_MEMORY);
    else
        mark_notes(c, noted);
    for (uint32_t i = 0, end; i < c->n_claims && !check_stop(c); i = end) {
        end = claims_row_end(c, i);
        for (uint32_t at = i; at < end && end - i <= MOST_CELLS; at++)
            if (c->claims[c->by_row[at]].kind == CLAIM_MONEY)
                check_increase(c, &c->claims[c->by_row[at]], i, end, noted);
    }
    mem_free(c->ctx, noted, c->plan->n_rows);
}

/* ---- two stages of the plan ---- */

static bool is_member(const pagu_plan *p, pagu_stage stage, pagu_row row)
{
    const uint64_t *members = p->stages[stage].members;
    return !members || bit_get(members, row);
}

static pagu_cell own_money(const staging *s, pagu_stage stage, pagu_row row)
{
    return plan_money(s->c->plan, row, column_index(s->c->plan, stage, s->budget, s->year));
}

static pagu_finding finding_of(const staging *s, check_rule rule, pagu_row row, pagu_stage stage)
{
    const checker *c = s->c;
    const claim *k = claims_find(c, OWNER_NODE, row, CLAIM_MONEY, s->budget, stage, s->year);
    pagu_finding f = finding_at(c, rule, k);
    f.key = plan_str(c->plan, c->plan->key[row]);
    f.stage = plan_str(c->plan, c->plan->stages[stage].id);
    f.period = plan_str(c->plan, c->plan->periods[s->year].id);
    if (!k)
        f.file = f.record_file = rule == CHECK_STAGE_DROPPED ? "nodes.csv" : "amounts.csv";
    return f;
}

static void check_split(const staging *s, pagu_row row, pagu_stage a, pagu_stage b)
{
    checker *c = s->c;
    const pagu_plan *p = c->plan;
    pagu_cell x = own_money(s, a, row), y = own_money(s, b, row);
    if (x.state != PAGU_NUMBER || y.state != PAGU_NUMBER || x.value != y.value || x.value == 0)
        return;
    for (uint32_t child = p->child_first[row]; child < p->child_first[row + 1]; child++) {
        pagu_cell u = own_money(s, a, child), v = own_money(s, b, child);
        if (u.value == v.value)
            continue;
        check_text total = cell_as_text(c, y, plan_locale(p)), was = cell_as_text(c, u, plan_locale(p)),
                   now = cell_as_text(c, v, plan_locale(p));
        pagu_finding f = finding_of(s, CHECK_SPLIT_DIFFERS, row, b);
        check_say(c, &f,
                  "\"%s\" is %s in stages \"%s\" and \"%s\" alike, but \"%s\" is %s in the one and %s in the other",
                  f.key, total.s, plan_str(p, p->stages[a].id), f.stage, plan_str(p, p->key[child]),
                  or_nothing(c, was.s), or_nothing(c, now.s));
        return;
    }
}

static void check_dropped(const staging *s, pagu_row row, pagu_stage a, pagu_stage b)
{
    const pagu_plan *p = s->c->plan;
    if (row == 0 || !is_member(p, a, row) || is_member(p, b, row) || !is_member(p, b, p->parent[row]))
        return;
    uint32_t below = 0;
    for (uint32_t rank = p->pre[row]; rank < p->pre_end[row]; rank++)
        below += is_member(p, a, p->by_pre[rank]) && !(p->flags[p->by_pre[rank]] & ROW_OWN_LINE);
    pagu_finding f = finding_of(s, CHECK_STAGE_DROPPED, row, a);
    check_say(s->c, &f, "\"%s\" (%s) is in stage \"%s\" and not in \"%s\": %u nodes with what lies below", f.key,
              plan_str(p, p->name[row]), f.stage, plan_str(p, p->stages[b].id), below);
}

static void check_changed(const staging *s, pagu_row row, pagu_stage a, pagu_stage b)
{
    checker *c = s->c;
    const pagu_plan *p = c->plan;
    pagu_cell x = own_money(s, a, row), y = own_money(s, b, row);
    uint32_t ind = p->first_indicator ? p->first_indicator[row] : PAGU_NO_INDICATOR;
    const plan_column *was = &p->columns[column_index(p, a, s->target, s->year)];
    const plan_column *now = &p->columns[column_index(p, b, s->target, s->year)];
    if (!was->measures || !now->measures || x.state != PAGU_NUMBER || y.state != PAGU_NUMBER || x.value != y.value ||
        x.value == 0)
        return;
    for (; ind != PAGU_NO_INDICATOR; ind = p->indicators[ind].next) {
        const measure_cell *m = &was->measures[ind], *n = &now->measures[ind];
        if (m->state != PAGU_NUMBER || n->state != PAGU_NUMBER || m->value == n->value || m->unit != n->unit ||
            n->value == 0) /* no target for money is another finding */
            continue;
        const claim *k = claims_find(c, OWNER_INDICATOR, ind, CLAIM_MEASURE, s->target, b, s->year);
        check_text u = number_as_text(m->value, -1, false, plan_locale(p)),
                   v = number_as_text(n->value, -1, false, plan_locale(p)), money = cell_as_text(c, y, plan_locale(p));
        pagu_finding f = k ? finding_at(c, CHECK_TARGET_CHANGED, k) : finding_of(s, CHECK_TARGET_CHANGED, row, b);
        f.key = plan_str(p, p->indicators[ind].id);
        f.computed = u.s;
        check_say(c, &f, "the target of \"%s\" is %s in stage \"%s\" and %s in \"%s\" for the same budget of %s", f.key,
                  u.s, plan_str(p, p->stages[a].id), v.s, plan_str(p, p->stages[b].id), money.s);
    }
}

static void compare_stages(const staging *s, pagu_stage a, pagu_stage b)
{
    const pagu_plan *p = s->c->plan;
    for (uint32_t rank = 0; rank < p->n_rows && !check_stop(s->c); rank++) {
        pagu_row row = p->by_pre[rank];
        check_split(s, row, a, b);
        if (p->stages[a].kind == PAGU_STAGE_REFERENCE)
            continue; /* partial by nature */
        check_dropped(s, row, a, b);
        if (s->target != PAGU_NONE)
            check_changed(s, row, a, b);
    }
}

/* Each stage of the plan that has money with the one before it, the first with the strategic plan. */
void check_stages(checker *c)
{
    const pagu_plan *p = c->plan;
    staging s = { .c = c };
    check_increases(c);
    if (pagu_plan_find_field(p, "budget", &s.budget, NULL) != PAGU_OK ||
        pagu_plan_find_year(p, p->year, &s.year, NULL) != PAGU_OK)
        return;
    if (pagu_plan_find_field(p, "target", &s.target, NULL) != PAGU_OK)
        s.target = PAGU_NONE;
    pagu_stage before = p->strategic_stage;
    for (pagu_stage stage = 0; stage < p->n_stages; stage++) {
        if (p->stages[stage].kind != PAGU_STAGE_PLAN || !p->columns[column_index(p, stage, s.budget, s.year)].values ||
            p->columns[column_index(p, stage, s.budget, s.year)].masked)
            continue;
        if (before != PAGU_NONE && before != stage)
            compare_stages(&s, before, stage);
        before = stage;
    }
}
