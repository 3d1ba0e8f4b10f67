/* conflict.c - why there is no allocation: a smallest set of rules that contradict, and what each would have to give.
 *
 * Deletion filter (Chinneck and Dravnieks 1991): rule by rule, do without it if what is left has no answer
 * either. Bounds and requirements of the call go first, the total last, so that those of the plan are
 * named as such. Each rule of the set is then relaxed alone, by least breach.
 *
 * SPDX-License-Identifier: MIT */
#include "solve/model.h"

#include <stdio.h>

typedef struct conflict {
    const model *m;
    const ip_run *run;
    bool *off;
    int64_t *x;
    uint32_t n_left;
} conflict;

/* An answer that the time left no room for counts as one: the rule stays. */
static pagu_code has_answer(conflict *c, bool *out)
{
    model_program how = MODEL_PROGRAM_INIT;
    ip_answer a;
    how.goal = GOAL_ANY;
    how.off = c->off;
    pagu_code rc = model_solve(c->m, &how, c->run, c->x, &a);
    *out = !rc && a.status != IP_INFEASIBLE;
    return rc;
}

static pagu_code filter(conflict *c)
{
    pagu_code rc = PAGU_OK;
    for (int kind = RULE_LINE_CAP; kind <= RULE_TOTAL && !rc; kind++)
        for (uint32_t r = 0; r < c->m->n_rules && !rc; r++) {
            bool needed = false;
            if ((int)c->m->rules[r].kind != kind)
                continue;
            c->off[r] = true;
            rc = has_answer(c, &needed);
            c->off[r] = !needed;
            c->n_left += needed;
        }
    return rc;
}

/* The least that rule r would have to give, with all rules on or only those of the set. */
static pagu_code least_breach(conflict *c, uint32_t r, bool all, bool *found, wide *breach)
{
    model_program how = MODEL_PROGRAM_INIT;
    ip_answer a;
    how.goal = GOAL_RELAX;
    how.relaxed = r;
    how.off = all ? NULL : c->off;
    pagu_code rc = model_solve(c->m, &how, c->run, c->x, &a);
    *found = !rc && (a.status == IP_OPTIMAL || a.status == IP_FEASIBLE);
    if (*found)
        *breach = model_breach(c->m, r, c->x);
    return rc;
}

/* ---- the table ---- */

static const struct {
    const char *name, *title;
    pagu_column_type type;
} columns[] = {
    { "rule", "Rule", PAGU_COL_TEXT },       { "kind", "Kind", PAGU_COL_TEXT },
    { "key", "Key", PAGU_COL_TEXT },         { "bound", "Bound", PAGU_COL_MONEY },
    { "relax", "Relax by", PAGU_COL_MONEY }, { "reason", "Reason", PAGU_COL_TEXT },
    { "law", "Legal basis", PAGU_COL_TEXT },
};

static pagu_code new_table(const conflict *c, pagu_table **out)
{
    pagu_code rc = PAGU_OK;
    *out = pagu_table_new(c->m->v.ctx);
    if (!*out)
        return err_memory(c->m->v.ctx, c->run->err);
    for (size_t i = 0; i < COUNT_OF(columns) && !rc; i++)
        rc = pagu_table_add_column(*out, columns[i].name, tr(c->m->v.ctx, columns[i].title), columns[i].type);
    return rc;
}

static pagu_code set_text(pagu_table *t, uint32_t row, uint32_t col, const char *text)
{
    return text && *text ? pagu_table_set_text(t, row, col, text) : PAGU_OK;
}

static pagu_code add_rule(const conflict *c, pagu_table *t, uint32_t r, bool found, wide breach)
{
    const model_rule *rule = &c->m->rules[r];
    char buf[200];
    uint32_t row = pagu_table_row_count(t);
    int64_t amount;
    wide bound = rule->lo > NO_LOW ? rule->lo / rule->unit : rule->hi < NO_HIGH ? rule->hi / rule->unit : 0;
    bool has_bound = (rule->lo > NO_LOW || rule->hi < NO_HIGH) && rule->kind != RULE_HOLD && rule->n > 0;
    pagu_code rc = pagu_table_add_row(t);
    if (!rc)
        rc = set_text(t, row, 0, rule_title(c->m, r, buf, sizeof buf));
    if (!rc)
        rc = set_text(t, row, 1, rule_kinds[rule->kind]);
    if (!rc)
        rc = set_text(t, row, 2, key_or_null(c->m->v.view, rule->row));
    if (!rc && has_bound && wide_to_int64(bound, &amount))
        rc = pagu_table_set_money(t, row, 3, amount);
    if (!rc && found && wide_to_int64(breach, &amount))
        rc = pagu_table_set_money(t, row, 4, amount);
    if (!rc)
        rc = set_text(t, row, 5, rule->reason);
    return rc ? rc : set_text(t, row, 6, rule->law);
}

/* ---- the message ---- */

static void add_to_message(const conflict *c, char *text, size_t size, uint32_t r, bool found, wide breach)
{
    char title[200];
    size_t len = strlen(text);
    const char *name = rule_title(c->m, r, title, sizeof title);
    pagu_money amount = 0;
    if (len + 1 >= size)
        return;
    if (found && wide_to_int64(breach, &amount))
        snprintf(text + len, size - len, "%s\"%s\" (%s)", len ? ", " : "", name, money_str(c->m->v.ctx, amount).s);
    else
        snprintf(text + len, size - len, "%s\"%s\"", len ? ", " : "", name);
}

static pagu_code tell(conflict *c, pagu_table *t)
{
    char names[420] = "";
    bool further = false;
    pagu_code rc = PAGU_OK;
    for (uint32_t r = 0; r < c->m->n_rules && !rc; r++) {
        bool found = false;
        wide breach = 0;
        if (c->off[r])
            continue;
        rc = least_breach(c, r, true, &found, &breach);
        if (!rc && !found) {
            further = true; /* another conflict stays: what ends this one */
            rc = least_breach(c, r, false, &found, &breach);
        }
        if (!rc)
            rc = add_rule(c, t, r, found, breach);
        add_to_message(c, names, sizeof names, r, found, breach);
    }
    if (!rc && further)
        rc = pagu_table_add_note(
            t, tr(c->m->v.ctx, "other rules contradict as well; this ends the conflict of these alone"));
    if (!rc && ip_clock() > c->run->deadline)
        rc = pagu_table_add_note(t, tr(c->m->v.ctx, "the time ran out: the set may be larger than it must be"));
    if (rc)
        return rc == PAGU_NO_MEMORY ? err_memory(c->m->v.ctx, c->run->err) : rc;
    return err_at(c->m->v.ctx, c->run->err, PAGU_UNREACHABLE, NULL, c->m->v.field.s,
                  "no allocation keeps these %u rules at once; in brackets what each would have to give alone: %s",
                  c->n_left, names);
}

pagu_code conflict_find(const model *m, const ip_run *run, pagu_table **out)
{
    conflict c = { .m = m, .run = run };
    c.off = mem_zarray(m->v.ctx, (size_t)m->n_rules + 1, sizeof *c.off);
    c.x = mem_zarray(m->v.ctx, (size_t)m->n_cols + 1, sizeof *c.x);
    pagu_code rc = c.off && c.x ? filter(&c) : err_memory(m->v.ctx, run->err);
    pagu_table *t = NULL;
    if (!rc)
        rc = new_table(&c, &t);
    if (!rc)
        rc = tell(&c, t);
    if (rc == PAGU_UNREACHABLE) {
        *out = t;
        t = NULL;
    }
    pagu_table_free(t);
    mem_free(m->v.ctx, c.off, ((size_t)m->n_rules + 1) * sizeof *c.off);
    mem_free(m->v.ctx, c.x, ((size_t)m->n_cols + 1) * sizeof *c.x);
    return rc;
}
