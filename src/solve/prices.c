/* prices.c - shadow prices ("harga bayangan pagu"): what one rupiah more room in a rule would gain.
 *
 * A price is the slope of the greatest gain over the rule's bound, of the linear relaxation with packages
 * as decided. The dual of the relaxation tells which rules have one; as the dual of a corner is only one
 * of several, the slope itself is taken from a second solve with more room, and holds as far as a third, since the
 * greatest gain is concave in a bound: equal slopes at both ends are equal between.
 *
 * SPDX-License-Identifier: MIT */
#include "solve/model.h"

#include <math.h>

#define MAX_PRICED 64
#define LARGEST_MOVE ((wide)1 << 50)

typedef struct pricing {
    const model *m;
    const ip_run *run;
    const int64_t *x;
    double *dual, best, scale; /* scale: gain of the model to gain of people */
    uint32_t *row_of;
} pricing;

static pagu_code relax(const pricing *p, uint32_t moved, wide by, uint32_t *row_of, double *dual, double *maximum)
{
    model_program how = MODEL_PROGRAM_INIT;
    ip program;
    bool feasible = false;
    how.packages = p->x;
    how.moved = moved;
    how.by = by;
    model_to_program(p->m, &how, &program, row_of);
    pagu_code rc = ip_relax(&program, p->run, &feasible, maximum, dual);
    ip_free(&program);
    if (!rc && !feasible)
        *maximum = NAN;
    return rc;
}

static bool same_slope(double a, double b)
{
    return fabs(a - b) <= 1e-6 * fabs(a);
}

static pagu_code holds_at(const pricing *p, uint32_t r, wide by, double price, bool *holds)
{
    double maximum;
    pagu_code rc = relax(p, r, by * p->m->rules[r].unit, NULL, NULL, &maximum);
    *holds = !rc && ip_clock() < p->run->deadline && same_slope(price, (maximum - p->best) / (double)by);
    return rc;
}

/* How far the price holds: four times as far until it doesn't, then halves of what is between. Less what the
 * comparison of slopes may hide. */
static pagu_code find_range(const pricing *p, uint32_t r, wide first, double price, wide *range)
{
    wide good = first, bad = first * 4;
    bool holds = true;
    pagu_code rc = PAGU_OK;
    for (; !rc && holds && bad <= LARGEST_MOVE; bad *= 4) {
        rc = holds_at(p, r, bad, price, &holds);
        good = !rc && holds ? bad : good;
    }
    for (bad = good * 4; !rc && !holds && bad - good > 1 + good / 1024 && ip_clock() < p->run->deadline;) {
        wide mid = good + (bad - good) / 2;
        bool inside;
        rc = holds_at(p, r, mid, price, &inside);
        *(inside ? &good : &bad) = mid;
    }
    *range = good - good / 65536;
    return rc;
}

/* A first move that doubles can see beside the greatest gain. */
static wide first_move(const pricing *p, uint32_t r)
{
    double by =
        fabs(p->best + (double)p->m->base_gain) * 1e-5 / fabs(p->dual[p->row_of[r]] * (double)p->m->rules[r].unit);
    return by > 0x1p40 ? (wide)1 << 40 : by < 1 ? 1 : (wide)by;
}

static pagu_code find_price(const pricing *p, uint32_t r, double *price, wide *range)
{
    double dual = fabs(p->dual[p->row_of[r]]) * (double)p->m->rules[r].unit, maximum;
    wide unit = p->m->rules[r].unit;
    *price = 0;
    *range = 0;
    if (dual * 1e12 < fabs(p->best + (double)p->m->base_gain) * 1e-9 || dual == 0)
        return PAGU_OK;
    for (wide by = first_move(p, r);; by = by / 16) {
        pagu_code rc = relax(p, r, by * unit, NULL, NULL, &maximum);
        if (rc)
            return rc;
        double slope = (maximum - p->best) / (double)by;
        if (same_slope(dual, slope) || by <= 1) {
            *price = slope > 0 ? (same_slope(dual, slope) ? dual : slope) : 0;
            *range = by;
            return *price > 0 && same_slope(dual, slope) ? find_range(p, r, by, dual, range) : PAGU_OK;
        }
    }
}

/* ---- the table ---- */

static const struct {
    const char *name, *title;
    pagu_column_type type;
} columns[] = {
    { "rule", "Rule", PAGU_COL_TEXT },        { "kind", "Kind", PAGU_COL_TEXT },
    { "key", "Key", PAGU_COL_TEXT },          { "side", "Side", PAGU_COL_TEXT },
    { "value", "Value", PAGU_COL_MONEY },     { "bound", "Bound", PAGU_COL_MONEY },
    { "slack", "Room", PAGU_COL_MONEY },      { "price", "Shadow price", PAGU_COL_NUMBER },
    { "range", "Holds for", PAGU_COL_MONEY },
};

static pagu_code set_wide(pagu_table *t, uint32_t row, uint32_t col, wide value, wide unit)
{
    int64_t amount;
    return wide_to_int64(value / unit, &amount) ? pagu_table_set_money(t, row, col, amount) : PAGU_OK;
}

static pagu_code add_side(const pricing *p, pagu_table *t, uint32_t r, bool upper, uint32_t *left)
{
    const model_rule *rule = &p->m->rules[r];
    char buf[200];
    uint32_t row = pagu_table_row_count(t);
    wide value = model_value(p->m, rule, p->x), bound = upper ? rule->hi : rule->lo, range = 0;
    wide slack = upper ? bound - value : value - bound;
    double price = 0;
    pagu_code rc = pagu_table_add_row(t);
    if (!rc)
        rc = pagu_table_set_text(t, row, 0, rule_title(p->m, r, buf, sizeof buf));
    if (!rc)
        rc = pagu_table_set_text(t, row, 1, rule_kinds[rule->kind]);
    const char *key = key_or_null(p->m->v.view, rule->row);
    if (!rc && key)
        rc = pagu_table_set_text(t, row, 2, key);
    if (!rc)
        rc = pagu_table_set_text(t, row, 3, upper ? "max" : "min");
    if (!rc)
        rc = set_wide(t, row, 4, value, rule->unit);
    if (!rc)
        rc = set_wide(t, row, 5, bound, rule->unit);
    if (!rc)
        rc = set_wide(t, row, 6, slack, rule->unit);
    if (rc || p->row_of[r] == NO_INDEX32 || isnan(p->best) || *left == 0)
        return rc;
    double dual = p->dual[p->row_of[r]]; /* of the side that binds: above 0 the upper, below 0 the lower */
    if ((upper && dual > 0) || (!upper && dual < 0)) {
        (*left)--;
        rc = find_price(p, r, &price, &range);
    }
    if (!rc)
        rc = pagu_table_set_number(t, row, 7, price * p->scale);
    return !rc && range > 0 ? set_wide(t, row, 8, range, 1) : rc;
}

static pagu_code add_rules(const pricing *p, pagu_table *t)
{
    pagu_code rc = PAGU_OK;
    uint32_t left = MAX_PRICED;
    for (size_t i = 0; i < COUNT_OF(columns) && !rc; i++)
        rc = pagu_table_add_column(t, columns[i].name, tr(p->m->v.ctx, columns[i].title), columns[i].type);
    for (uint32_t r = p->m->n_rules; r-- > 0 && !rc;) { /* the total first */
        const model_rule *rule = &p->m->rules[r];
        bool named = rule->row != PAGU_NO_ROW || rule->kind == RULE_REQUIREMENT;
        if (rule->kind == RULE_HOLD || !named)
            continue;
        if (rule->hi < NO_HIGH)
            rc = add_side(p, t, r, true, &left);
        if (!rc && rule->lo > NO_LOW)
            rc = add_side(p, t, r, false, &left);
    }
    return rc;
}

pagu_code prices_find(const model *m, const ip_run *run, const int64_t *x, pagu_table **out)
{
    pagu_ctx *ctx = m->v.ctx;
    pricing p = { .m = m, .run = run, .x = x, .scale = 1 };
    for (int i = 0; i < m->o->gain_scale; i++)
        p.scale /= 10;
    p.dual = mem_zarray(ctx, (size_t)m->n_rules + 1, sizeof *p.dual);
    p.row_of = mem_zarray(ctx, (size_t)m->n_rules + 1, sizeof *p.row_of);
    pagu_table *t = pagu_table_new(ctx);
    pagu_code rc =
        p.dual && p.row_of && t ? relax(&p, NO_INDEX32, 0, p.row_of, p.dual, &p.best) : err_memory(ctx, run->err);
    if (!rc)
        rc = add_rules(&p, t);
    if (rc == PAGU_NO_MEMORY)
        err_memory(ctx, run->err);
    if (!rc) {
        *out = t;
        t = NULL;
    }
    pagu_table_free(t);
    mem_free(ctx, p.dual, ((size_t)m->n_rules + 1) * sizeof *p.dual);
    mem_free(ctx, p.row_of, ((size_t)m->n_rules + 1) * sizeof *p.row_of);
    return rc;
}
