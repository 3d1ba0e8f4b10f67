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
    operands planned; /* of PACE_COST: the target of the plan's year */
    enum { VALUE_OF, RATE_OF, GAP_OF } kind;
    bool of_year; /* one value each: nothing goes together */
} recipe;

static void add_operand(operands *o, const year_source *y)
{
    bool stored = y->whole.own || y->whole.common;
    o->simple &= stored && !y->group_end[PART_GROUPS - 1] && o->n < MOST_OPERANDS;
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
    operands o = { .simple = s->n_spans == 0 || (s->n_spans == 1 && (s->spans[0].s.own || s->spans[0].s.common)) };
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
    recipe r = { .kind = VALUE_OF, .target.simple = true, .planned.simple = true };
    bool now = e->id == ACCUMULATED || e->id == ACCUMULATED_RATE, of_strategic = false;
    switch (e->id) {
    case RATE:
    case RATING:
        r.progress = of_year(&e->achieved_now);
        r.target = of_year(&e->target_now);
        r.kind = RATE_OF;
        r.of_year = true;
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
        if (e->id == PACE_COST) {
            r.planned = of_year(&e->target_plan);
            r.planned.simple &=
                e->budget_plan.n_groups == 0 && e->budget_plan.whole_live && e->budget_plan.whole.values;
        }
        break;
    default: break;
    }
    if (of_strategic)
        r.target = of_series(&e->strategic, e->end, NULL);
    return r;
}

/* Cells of one source, and whether some is odd: no number, or with a unit or text of its own. */
static inline uint64_t oddness(const measure_cell *c)
{
    static const measure_cell number = { .state = PAGU_NUMBER };
    uint64_t is, usual;
    memcpy(&is, (const char *)c + sizeof c->value, sizeof is);
    memcpy(&usual, (const char *)&number + sizeof number.value, sizeof usual);
    return is ^ usual;
}

static const measure_cell *cells_of(const operands *o, uint32_t j)
{
    return o->of[j]->own ? o->of[j]->own : o->of[j]->common;
}

static uint64_t load_run(const measure_cell *cells, uint32_t n, double *to)
{
    uint64_t odd = 0;
    for (uint32_t k = 0; k < n; k++) {
        if (k % 4 == 0) /* a line */
            ahead(&cells[k], BLOCK * sizeof *cells);
        odd |= oddness(&cells[k]);
        to[k] = cells[k].value;
    }
    return odd;
}

static uint64_t load_some(const measure_cell *cells, const pagu_indicator *at, uint32_t n, double *to)
{
    uint64_t odd = 0;
    for (uint32_t k = 0; k < n; k++) {
        const measure_cell *c = &cells[at[k]];
        odd |= oddness(c);
        to[k] = c->value;
    }
    return odd;
}

SIMD_CLONES static void add_kernel(double *sum, const double *more, uint32_t n)
{
    for (uint32_t k = 0; k < n; k++)
        sum[k] += more[k];
}

/* The value that goes by over_time: the sum, or the last one. */
SIMD_CLONES static void choose_kernel(double *sum, const double *last, const uint8_t *over_time, uint32_t n)
{
    for (uint32_t k = 0; k < n; k++)
        sum[k] = over_time[k] == PAGU_AGG_SUM ? sum[k] : last[k];
}

static void load(const operands *o, eval_block *b, double *x)
{
    double last[BLOCK];
    uint64_t odd = 0;
    for (uint32_t j = 0; j < o->n; j++) {
        const measure_cell *cells = cells_of(o, j);
        double *to = j ? last : x;
        odd |= b->follow ? load_run(cells + b->at[0], b->n, to) : load_some(cells, b->at, b->n, to);
        if (j)
            add_kernel(x, last, b->n);
    }
    if (o->n > 1)
        choose_kernel(x, last, b->over_time, b->n);
    for (uint32_t j = 0; odd && j < o->n; j++)
        for (uint32_t k = 0; k < b->n; k++)
            b->odd[k] |= oddness(&cells_of(o, j)[b->at[k]]) != 0;
}

static void load_traits(const evaluation *e, eval_block *b)
{
    for (uint32_t k = 0; k < b->n; k++) {
        const indicator_traits *t = &e->plan->traits[b->at[k]];
        ahead(t, BLOCK * sizeof *t);
        b->over_time[k] = t->over_time;
        b->polarity[k] = t->polarity;
    }
}

/* Odd: going together in another way than the recipe's. */
SIMD_CLONES static void begin_kernel(eval_block *b, bool any, bool last)
{
    for (uint32_t k = 0; k < b->n; k++)
        b->odd[k] = !(any | (b->over_time[k] == PAGU_AGG_SUM) | (last & (b->over_time[k] == PAGU_AGG_LAST)));
}

/* plain_rate_of, without a branch. */
SIMD_CLONES static void rate_kernel(eval_block *b, bool linear, double cap, double floor)
{
    for (uint32_t k = 0; k < b->n; k++) {
        double target = b->target[k], x = b->x[k];
        bool lower = b->polarity[k] != PAGU_HIGHER;
        double top = !lower ? x : linear ? 2 * target - x : target;
        double bottom = lower & !linear ? x : target;
        double percent = lower & (target == x) ? 100 : 100 * top / bottom;
        percent = percent > cap ? cap : percent;
        b->x[k] = percent < floor ? floor : percent;
        b->odd[k] |= !(target > 0) | (b->polarity[k] == PAGU_RANGE) | (lower & !(x > 0));
    }
}

SIMD_CLONES static void gap_kernel(eval_block *b, int years)
{
    for (uint32_t k = 0; k < b->n; k++)
        b->x[k] = b->target[k] > b->x[k] ? b->target[k] - b->x[k] : 0;
    for (uint32_t k = 0; k < b->n; k++)
        b->target[k] = b->x[k] / years;
}

/* ---- out ---- */

static void store_values(const evaluation *e, const recipe *r, const eval_block *b, const double *x, pagu_derived *out)
{
    const char *const *strings = (const char *const *)e->plan->symbols.strings;
    for (uint32_t k = 0; k < b->n; k++)
        set_number(&out[k], x[k], strings[e->plan->traits[b->at[k]].label],
                   b->over_time[k] == PAGU_AGG_SUM ? r->progress.flags : 0);
}

static void store_rates(const recipe *r, const eval_block *b, pagu_derived *out)
{
    for (uint32_t k = 0; k < b->n; k++)
        set_number(&out[k], b->x[k], "%", b->over_time[k] == PAGU_AGG_SUM ? r->progress.flags : 0);
}

/* Bands are counted as scale_band_of does, one after the other for the whole block. */
SIMD_CLONES static void band_kernel(const double *x, uint32_t n, double low, uint8_t *band, bool low_included)
{
    for (uint32_t k = 0; k < n; k++)
        band[k] += !((x[k] > low) | ((x[k] == low) & low_included));
}

static void store_ratings(const evaluation *e, const recipe *r, const eval_block *b, pagu_derived *out)
{
    uint8_t band[BLOCK];
    memset(band, 0, b->n);
    for (uint32_t i = 0; i + 1 < e->scale.n; i++)
        band_kernel(b->x, b->n, e->scale.bands[i].low, band, e->scale.bands[i].low_included);
    for (uint32_t k = 0; k < b->n; k++)
        set_cell(&out[k], 0, "", e->scale.bands[band[k]].label, PAGU_DERIVED_TEXT,
                 b->over_time[k] == PAGU_AGG_SUM ? r->progress.flags : 0);
}

/* Budgets of the indicators' owners as doubles, or a flag where that can't be. */
static void load_budgets(const evaluation *e, eval_block *b, double *budget)
{
    const money_source *s = &e->budget_plan.whole;
    for (uint32_t k = 0; k < b->n; k++) {
        pagu_row row = e->plan->traits[b->at[k]].row;
        bool there = row < e->plan->n_rows && (!s->presence || presence_state(s->presence[row]) == PAGU_NUMBER);
        pagu_money money = there ? s->values[row] : 0;
        b->odd[k] |= !there | (money < 0);
        budget[k] = (double)money;
    }
}

/* Down to a whole number, of 0 <= x < 2^52; trunc() would be a call for each, an inline function
 * another target's. */
#define EVEN(x) (((x) + 0x1p52) - 0x1p52)
#define WHOLE(x) (EVEN(x) > (x) ? EVEN(x) - 1 : EVEN(x))

/* gap / (target x years) of the budget, half up, where all of it is whole and so small that doubles
 * are exact: of a quotient rounded up to the next whole number the remainder is negative. */
SIMD_CLONES static void cost_kernel(eval_block *b, const double *restrict budget, double *restrict cost, double years)
{
    const double most = 0x1p52;
    for (uint32_t k = 0; k < b->n; k++) {
        double gap = b->x[k], divisor = b->target[k] * years, product = budget[k] * gap;
        double dividend = product + WHOLE(divisor * 0.5);
        double quotient = WHOLE(dividend / divisor);
        cost[k] = dividend - quotient * divisor < 0 ? quotient - 1 : quotient;
        b->odd[k] |= !((divisor >= 1) & (divisor < 1e9) & (gap < 1e9) & (budget[k] < most) & (dividend < most)) |
                     (divisor != WHOLE(divisor)) | (gap != WHOLE(gap));
    }
}

static void store_costs(const evaluation *e, const recipe *r, eval_block *b, pagu_derived *out)
{
    double budget[BLOCK], cost[BLOCK];
    load(&r->planned, b, b->target);
    load_budgets(e, b, budget);
    cost_kernel(b, budget, cost, e->end - e->year);
    for (uint32_t k = 0; k < b->n; k++)
        set_amount(&out[k], b->odd[k] ? 0 : (pagu_money)cost[k]);
}

static void store_block(const evaluation *e, const recipe *r, eval_block *b, pagu_derived *out)
{
    switch (e->id) {
    case RATING: store_ratings(e, r, b, out); break;
    case PACE_COST: store_costs(e, r, b, out); break;
    case PACE: store_values(e, r, b, b->target, out); break;
    default: r->kind == RATE_OF ? store_rates(r, b, out) : store_values(e, r, b, b->x, out);
    }
}

/* ---- blocks ---- */

static void compute_block(const evaluation *e, const recipe *r, eval_block *b)
{
    load_traits(e, b);
    begin_kernel(b, r->of_year, r->kind != GAP_OF);
    for (uint32_t k = 0; e->edited && k < b->n; k++)
        b->odd[k] |= bit_get(e->edited, b->at[k]);
    load(&r->progress, b, b->x);
    load(&r->target, b, b->target);
    if (r->kind == RATE_OF)
        rate_kernel(b, e->linear, e->cap, e->floor);
    else if (r->kind == GAP_OF)
        gap_kernel(b, e->end - e->year);
}

SIMD_CLONES static void follow_from(pagu_indicator first, uint32_t n, pagu_indicator *at)
{
    for (uint32_t k = 0; k < n; k++)
        at[k] = first + k;
}

SIMD_CLONES static bool any_beyond(const pagu_indicator *at, uint32_t n, uint32_t end)
{
    uint32_t beyond = 0;
    for (uint32_t k = 0; k < n; k++)
        beyond |= at[k] >= end;
    return beyond != 0;
}

SIMD_CLONES static bool any_odd(const uint8_t *odd, uint32_t n)
{
    uint8_t any = 0;
    for (uint32_t k = 0; k < n; k++)
        any |= odd[k];
    return any != 0;
}

static void begin_block(const pagu_indicator *inds, size_t from, size_t n, eval_block *b)
{
    b->n = n - from < BLOCK ? (uint32_t)(n - from) : BLOCK;
    b->follow = !inds;
    if (!inds) {
        follow_from((pagu_indicator)from, b->n, b->at);
        return;
    }
    memcpy(b->at, inds + from, b->n * sizeof b->at[0]);
    b->follow = expr_rows_follow(b->at, b->n);
}

static void block_of_indicators(evaluation *e, const recipe *r, eval_block *b, pagu_derived *out)
{
    bool simple =
        r->progress.simple && r->target.simple && r->planned.simple && !any_beyond(b->at, b->n, e->plan->n_indicators);
    if (simple) {
        compute_block(e, r, b);
        store_block(e, r, b, out);
        if (!any_odd(b->odd, b->n))
            return;
    }
    for (uint32_t k = 0; k < b->n; k++)
        if (!simple || b->odd[k])
            out[k] = evaluation_indicator(e, b->at[k]);
}

pagu_code evaluation_indicators(evaluation *e, const pagu_indicator *inds, size_t n, pagu_derived *out)
{
    eval_block b;
    recipe r = recipe_of(e);
    for (size_t from = 0; from < n; from += BLOCK) {
        begin_block(inds, from, n, &b);
        block_of_indicators(e, &r, &b, out + from);
        if (from % POLL == 0 && from && pagu_ctx_interrupted(e->ctx))
            return PAGU_INTERRUPTED;
    }
    return PAGU_OK;
}

/* ---- rates of a year, for K ---- */

void plain_rates(const evaluation *e, eval_block *b)
{
    recipe r = {
        .progress = of_year(&e->achieved_now), .target = of_year(&e->target_now), .kind = RATE_OF, .of_year = true
    };
    if (!r.progress.simple || !r.target.simple || b->n == 0) {
        memset(b->odd, 1, b->n);
        return;
    }
    b->follow = expr_rows_follow(b->at, b->n);
    compute_block(e, &r, b);
}
