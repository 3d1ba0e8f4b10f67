/* evaluate_fast.c - whole columns of indicators, by blocks of plain cells.
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate_fast.h"

enum { MOST_OPERANDS = 8 };

/* ---- indicators, by blocks ---- */

/* Sources whose values go together: the sum of them, or the last. */
typedef struct operands {
    const source *of[MOST_OPERANDS];
    uint32_t n;
    bool simple;   /* all there is to read; else cells are looked at one by one */
    uint8_t flags; /* of a sum: parts that no source has */
} operands;

/* What a column is made of: progress, or progress against a target. */
typedef struct recipe {
    operands progress, target;
    enum { VALUE_OF, RATE_OF, GAP_OF } kind;
} recipe;

static void add_operand(operands *o, const year_source *y)
{
    o->simple &= y->whole.live && !y->group_end[PART_GROUPS - 1] && o->n < MOST_OPERANDS;
    if (o->simple)
        o->of[o->n++] = &y->whole;
}

static operands of_year(const year_source *y)
{
    operands o = { .simple = true };
    add_operand(&o, y);
    return o;
}

static operands of_series(const series *s, int until, const year_source *now)
{
    operands o = { .simple = s->n_spans < 2 };
    uint32_t expected = now != NULL;
    int end = s->start - 1;
    if (s->n_spans == 1 && s->spans[0].end <= until) {
        o.of[o.n++] = &s->spans[0].s;
        end = s->spans[0].end;
        expected++;
    }
    expected += until > end ? (uint32_t)(until - end) : 0;
    for (uint32_t i = 0; i < s->n_years; i++)
        if (s->years[i].year > end && s->years[i].year <= until)
            add_operand(&o, &s->years[i]);
    if (now)
        add_operand(&o, now);
    o.simple &= o.n > 0;
    o.flags = o.n < expected ? PAGU_DERIVED_PARTIAL : 0;
    return o;
}

static recipe recipe_of(const evaluation *e)
{
    recipe r = { .kind = VALUE_OF, .target.simple = true };
    bool now = e->id == ACCUMULATED || e->id == ACCUMULATED_RATE, of_strategic = false;
    switch (e->id) {
    case RATE:
    case RATING:
        r.progress = of_year(&e->achieved_now);
        r.target = of_year(&e->target_now);
        r.kind = RATE_OF;
        break;
    case STRATEGIC_TARGET: r.progress = of_series(&e->strategic, e->end, NULL); break;
    case ACHIEVED_TO: r.progress = of_series(&e->past, e->year, NULL); break;
    case CUMULATIVE:
    case STRATEGIC_RATE:
    case ACCUMULATED:
    case ACCUMULATED_RATE:
        r.progress = of_series(&e->past, e->year - 1, now ? &e->achieved_now : &e->target_now);
        of_strategic = e->id == STRATEGIC_RATE || e->id == ACCUMULATED_RATE;
        r.kind = of_strategic ? RATE_OF : VALUE_OF;
        break;
    case PACE:
    case PACE_COST: /* of a year that nothing is known of yet: the usual case while planning */
        r.progress = of_series(&e->past, e->year - 1, &e->target_now);
        r.progress.simple &= !e->achieved_now.whole.live && !e->achieved_now.group_end[PART_GROUPS - 1] &&
                             !(e->past.n_spans && e->past.spans[0].end == e->year) && e->year < e->end;
        of_strategic = true;
        r.kind = GAP_OF;
        break;
    default: break;
    }
    if (of_strategic)
        r.target = of_series(&e->strategic, e->end, NULL);
    return r;
}

/* Sums and last values of a block; odd[k] is set where some cell is not plain. */
static void load(const operands *o, const pagu_indicator *at, uint32_t n, double *sum, double *last, uint32_t *odd)
{
    for (uint32_t j = 0; j < o->n; j++) {
        const measure_cell *cells = o->of[j]->own ? o->of[j]->own : o->of[j]->common;
        for (uint32_t k = 0; k < n; k++) {
            const measure_cell *c = &cells[at[k]];
            odd[k] |= (c->state ^ PAGU_NUMBER) | c->unit | c->text;
            sum[k] = j ? sum[k] + c->value : c->value;
            last[k] = c->value;
        }
    }
}

typedef struct eval_block {
    pagu_indicator at[BLOCK];
    double sum[BLOCK], last[BLOCK], target_sum[BLOCK], target_last[BLOCK];
    uint32_t odd[BLOCK];
} eval_block;

/* The value that goes by over_time; false: neither sum nor last. */
static inline bool together(const operands *o, uint8_t over_time, double sum, double last, double *out, uint8_t *flags)
{
    *flags = over_time == PAGU_AGG_SUM ? o->flags : 0;
    *out = over_time == PAGU_AGG_SUM || o->n == 1 ? sum : last;
    return over_time == PAGU_AGG_SUM || over_time == PAGU_AGG_LAST;
}

static inline bool cell_of(const evaluation *e, const recipe *r, const eval_block *b, uint32_t k, pagu_derived *out)
{
    const indicator_traits *t = &e->plan->traits[b->at[k]];
    double x, target, percent;
    uint8_t flags, unused;
    if (b->odd[k] || !together(&r->progress, t->over_time, b->sum[k], b->last[k], &x, &flags))
        return false;
    *out = (pagu_derived){ .value = x, .unit = "%", .state = PAGU_DERIVED_NUMBER, .flags = flags };
    if (r->kind == VALUE_OF) {
        out->unit = plan_str(e->plan, t->label);
        return true;
    }
    together(&r->target, t->over_time, b->target_sum[k], b->target_last[k], &target, &unused);
    if (r->kind == RATE_OF) {
        out->value = percent = 0;
        bool plainly = plain_rate_of(e, t->polarity, target, x, &percent);
        out->value = percent;
        return plainly;
    }
    out->unit = plan_str(e->plan, t->label);
    out->value = target > x ? (target - x) / (e->end - e->year) : 0;
    return t->over_time == PAGU_AGG_SUM;
}

/* gap / (target x years) of the budget, where all of it is whole and small. */
static inline bool cost_of_gap(const evaluation *e, pagu_indicator i, double gap, pagu_derived *out)
{
    double target;
    pagu_money budget, product, half;
    pagu_row row = e->plan->traits[i].row;
    if (row == PAGU_NO_ROW || plain_year(&e->target_plan, i, &target) != PLAIN ||
        !plain_money(e, &e->budget_plan, row, &budget))
        return false;
    double divisor = target * (e->end - e->year);
    if (!(divisor >= 1 && divisor < 1e9 && gap < 1e9) || divisor != (double)(int64_t)divisor ||
        gap != (double)(int64_t)gap || budget < 0 || __builtin_mul_overflow(budget, (int64_t)gap, &product) ||
        __builtin_add_overflow(product, (int64_t)divisor / 2, &half))
        return false;
    *out = plain_amount(half / (int64_t)divisor);
    return true;
}

static inline bool finish_cell(const evaluation *e, const eval_block *b, uint32_t k, pagu_derived *out)
{
    if (e->id == RATING)
        *out = (pagu_derived){ .unit = "",
                               .text = e->scale.bands[scale_band_of(&e->scale, out->value)].label,
                               .state = PAGU_DERIVED_TEXT,
                               .flags = out->flags };
    else if (e->id == PACE_COST)
        return cost_of_gap(e, b->at[k], b->target_sum[k] > b->sum[k] ? b->target_sum[k] - b->sum[k] : 0, out);
    return true;
}

static bool all_of_plan(const evaluation *e, const eval_block *b, uint32_t n)
{
    bool beyond = false;
    for (uint32_t k = 0; k < n; k++)
        beyond |= b->at[k] >= e->plan->n_indicators;
    return !beyond;
}

static void block_of_indicators(evaluation *e, const recipe *r, eval_block *b, uint32_t n, pagu_derived *out)
{
    bool last_step = e->id == RATING || e->id == PACE_COST;
    bool simple = r->progress.simple && r->target.simple && !e->layered && all_of_plan(e, b, n);
    if (simple) {
        memset(b->odd, 0, n * sizeof b->odd[0]);
        load(&r->progress, b->at, n, b->sum, b->last, b->odd);
        load(&r->target, b->at, n, b->target_sum, b->target_last, b->odd);
    }
    for (uint32_t k = 0; k < n; k++)
        if (!simple || !cell_of(e, r, b, k, &out[k]) || (last_step && !finish_cell(e, b, k, &out[k])))
            out[k] = evaluation_indicator(e, b->at[k]);
}

pagu_code evaluation_indicators(evaluation *e, const pagu_indicator *inds, size_t n, pagu_derived *out)
{
    eval_block b;
    recipe r = recipe_of(e);
    for (size_t from = 0; from < n; from += BLOCK) {
        uint32_t some = n - from < BLOCK ? (uint32_t)(n - from) : BLOCK;
        for (uint32_t k = 0; k < some; k++)
            b.at[k] = inds ? inds[from + k] : (pagu_indicator)(from + k);
        block_of_indicators(e, &r, &b, some, out + from);
        if (from % POLL == 0 && from && pagu_ctx_interrupted(e->ctx))
            return PAGU_INTERRUPTED;
    }
    return PAGU_OK;
}
