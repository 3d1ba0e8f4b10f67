/* constraint_check.c - holds, floors, ceilings and rules, judged on what a commit would make.
 *
 * Sums and bounds are exact: the rows of a constraint stand apart and the sum of |line| of a column
 * is a 64-bit number, so sums before, after and in between wrap back to what they are; a share
 * compares products in 128 bits.
 *
 * SPDX-License-Identifier: MIT */
#include "scenario/proposal.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- what a constraint covers ---- */

static bool covers_line(const pagu_view *v, const constraint *c, pagu_row row)
{
    for (; row != PAGU_NO_ROW; row = row_parent(v, row))
        if (rows_have(c->rows, c->n_rows, row))
            return true;
    return false;
}

static bool year_in_force(const pagu_view *v, const constraint *c, pagu_period period)
{
    if (!c->first_year && !c->last_year)
        return true;
    const plan_period *p = &v->plan->periods[period];
    int year = p->year ? p->year : atoi(plan_str(v->plan, p->id)); /* of a quarter; 0 for "..2021" */
    return year >= c->first_year && (!c->last_year || year <= c->last_year);
}

/* A sum over every year is judged year by year, not quarter by quarter: quarters are parts of it. */
static bool covers_period(const pagu_view *v, const constraint *c, pagu_period period)
{
    bool any = c->kind == PAGU_HOLD_LINES || v->plan->periods[period].part == PERIOD_YEAR;
    return (c->period == PAGU_NONE ? any : c->period == period) && year_in_force(v, c, period);
}

bool constraint_covers(const pagu_view *v, const constraint *c, pagu_field field, pagu_period period)
{
    return (c->field == PAGU_NONE || c->field == field) && covers_period(v, c, period);
}

pagu_period constraint_of_period(const constraint *c, pagu_period period)
{
    return c->of_period == PAGU_NONE ? period : c->of_period;
}

static bool covers_column(const pagu_view *v, const constraint *c, pagu_column column)
{
    return constraint_covers(v, c, pagu_plan_column_field(v->plan, column), pagu_plan_column_period(v->plan, column));
}

bool pagu_is_held(const pagu_view *v, pagu_row line, pagu_column column)
{
    for (uint32_t i = 0; v->constraints && i < v->constraints->n; i++) {
        const constraint *c = v->constraints->items[i];
        if (c->kind == PAGU_HOLD_LINES && !c->warn && covers_column(v, c, column) && covers_line(v, c, line))
            return true;
    }
    return false;
}

/* ---- how far from holding ---- */

bool constraint_gap(const constraint *c, int which, const judged *j, __int128 *gap, __int128 *unit)
{
    static const int64_t tens[] = { 1,        10,        100,        1000,        10000,        100000,       1000000,
                                    10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000 };
    const bool has[] = { c->has_min, c->has_max, c->has_min_share, c->has_max_share };
    if (!has[which])
        return false;
    *unit = 1;
    if (which < 2) {
        *gap = (__int128)(which == 0 ? c->min : c->max) - j->sum;
    } else {
        const pagu_decimal *share = which == 2 ? &c->min_share : &c->max_share;
        *unit = (__int128)100 * tens[share->scale];
        *gap = (__int128)share->digits * j->of - *unit * j->sum;
    }
    if (which & 1)
        *gap = -*gap;
    return true;
}

/* ---- changes of sums ---- */

/* Changes of many lines, added up towards the root once for all constraints. */
typedef struct tally {
    int64_t *all; /* by row, or NULL */
    cellmap some; /* else */
    bool ready;
} tally;
typedef struct checking {
    const pagu_view *v;
    const line_changes *ch;
    uint32_t n;
    tally *tallies; /* one a column */
    pagu_error *err, first;
    uint32_t n_broken;
    char others[240];
} checking;
enum { FEW = 32 };

static void tally_free(pagu_ctx *ctx, const pagu_view *v, tally *t)
{
    if (t->all)
        mem_free(ctx, t->all, (size_t)pagu_view_row_count(v) * sizeof *t->all);
    cellmap_free(ctx, &t->some);
}

static pagu_code tally_make(const checking *k, uint32_t at)
{
    const pagu_view *v = k->v;
    const line_changes *ch = &k->ch[at];
    pagu_ctx *ctx = v->plan->ctx;
    tally *t = &k->tallies[at];
    uint32_t n_rows = pagu_view_row_count(v);
    bool made, dense = ch->n > n_rows / 64;
    if (dense && !(t->all = mem_zalloc(ctx, (size_t)n_rows * sizeof *t->all)))
        return err_memory(ctx, k->err);
    for (uint32_t i = 0; i < ch->n; i++) {
        uint64_t delta = (uint64_t)ch->new_values[i] - (uint64_t)ch->old_values[i];
        if (!dense && !cellmap_reserve(ctx, &t->some, 256))
            return err_memory(ctx, k->err);
        for (pagu_row r = ch->rows[i]; r != PAGU_NO_ROW; r = row_parent(v, r)) {
            int64_t *slot = dense ? &t->all[r] : cellmap_slot_of(&t->some, r, &made);
            if (!dense && made)
                *slot = 0;
            *slot = (int64_t)((uint64_t)*slot + delta);
            delta *= (uint64_t)(int64_t)row_sign(v, r);
        }
    }
    t->ready = true;
    return PAGU_OK;
}

/* A line's change within the constrained row above it; 0 if none is. */
static uint64_t line_delta(const pagu_view *v, const pagu_row *rows, uint32_t n, pagu_row row, uint64_t delta)
{
    return delta * (uint64_t)(int64_t)rows_sign(v, rows, n, row);
}

static pagu_code sum_delta(const checking *k, const pagu_row *rows, uint32_t n, uint32_t at, uint64_t *out)
{
    const line_changes *ch = &k->ch[at];
    tally *t = &k->tallies[at];
    *out = 0;
    if (ch->n <= FEW) {
        for (uint32_t i = 0; i < ch->n; i++)
            *out += line_delta(k->v, rows, n, ch->rows[i], (uint64_t)ch->new_values[i] - (uint64_t)ch->old_values[i]);
        return PAGU_OK;
    }
    pagu_code code = t->ready ? PAGU_OK : tally_make(k, at);
    for (uint32_t i = 0; code == PAGU_OK && i < n; i++) {
        const int64_t *slot = t->all ? &t->all[rows[i]] : cellmap_find(&t->some, rows[i]);
        *out += slot ? (uint64_t)*slot : 0;
    }
    return code;
}

/* Index of the changed column of a field and period; n: it doesn't change. */
static uint32_t find_changes(const checking *k, pagu_field field, pagu_period period)
{
    uint32_t i = 0;
    const pagu_plan *p = k->v->plan;
    while (i < k->n && (k->ch[i].n == 0 || pagu_plan_column_field(p, k->ch[i].column) != field ||
                        pagu_plan_column_period(p, k->ch[i].column) != period))
        i++;
    return i;
}

typedef struct two_sums {
    judged now, next;
    bool moved;
} two_sums;

static pagu_code measure_side(const checking *k, const constraint *c, bool of, pagu_field field, pagu_period period,
                              uint64_t *delta, pagu_column *column)
{
    uint32_t at = find_changes(k, field, period);
    *delta = 0;
    *column = at < k->n ? k->ch[at].column : pagu_view_column(k->v, field, period);
    return at < k->n ? sum_delta(k, of ? c->of : c->rows, of ? c->n_of : c->n_rows, at, delta) : PAGU_OK;
}

/* Sums are read only if one of them moves. */
static pagu_code measure(const checking *k, const constraint *c, pagu_period period, two_sums *out)
{
    uint64_t delta, of_delta = 0;
    pagu_column column, of_column = 0;
    *out = (two_sums){ .moved = false };
    pagu_code code = measure_side(k, c, false, c->field, period, &delta, &column);
    if (code == PAGU_OK && c->n_of)
        code = measure_side(k, c, true, c->of_field, constraint_of_period(c, period), &of_delta, &of_column);
    if (code != PAGU_OK || (delta == 0 && of_delta == 0))
        return code;
    out->moved = true;
    out->now.sum = constraint_sum(k->v, c, false, column);
    out->next.sum = (int64_t)((uint64_t)out->now.sum + delta);
    constraint_expect(k->v, c, false, column, out->next.sum);
    if (c->n_of) {
        out->now.of = constraint_sum(k->v, c, true, of_column);
        out->next.of = (int64_t)((uint64_t)out->now.of + of_delta);
        constraint_expect(k->v, c, true, of_column, out->next.of);
    }
    return PAGU_OK;
}

/* ---- refusals ---- */

static const char *name_of(const constraint *c)
{
    return *c->name ? c->name : c->reason;
}

static pagu_code refuse_held(const pagu_view *v, const constraint *c, pagu_row row, pagu_money held, pagu_money asked,
                             pagu_error *err)
{
    pagu_ctx *ctx = v->plan->ctx;
    const char *key = pagu_view_key(v, row), *why = name_of(c);
    if (!*why)
        return err_at(ctx, err, PAGU_HELD, key, NULL,
                      "%s is held at %s and would become %s; release it or leave it out", key, money_str(ctx, held).s,
                      money_str(ctx, asked).s);
    return err_at(ctx, err, PAGU_HELD, key, NULL,
                  "%s is held at %s by \"%s\" and would become %s; release it or leave it out", key,
                  money_str(ctx, held).s, why, money_str(ctx, asked).s);
}

typedef struct share_text {
    char s[48];
} share_text;

static share_text put_share(const pagu_view *v, const char *plain)
{
    share_text out;
    snprintf(out.s, sizeof out.s, "%s", plain);
    char *point = strchr(out.s, '.');
    if (point && pagu_ctx_lang(v->plan->ctx) == PAGU_LANG_ID)
        *point = ',';
    return out;
}

/* Percent with two digits, cut towards zero: a share just short of 20 must not read as 20. */
static share_text share_now(const pagu_view *v, const judged *j)
{
    char plain[48];
    __int128 hundredths = j->of ? (__int128)j->sum * 10000 / j->of : 0;
    bool minus = hundredths < 0;
    uint64_t size = (uint64_t)(minus ? -hundredths : hundredths);
    if (hundredths > INT64_MAX || hundredths < -INT64_MAX)
        return put_share(v, "-");
    snprintf(plain, sizeof plain, "%s%llu.%02llu", minus ? "-" : "", (unsigned long long)(size / 100),
             (unsigned long long)(size % 100));
    return put_share(v, plain);
}

void decimal_plain(pagu_decimal d, char out[32])
{
    char reversed[32];
    int n = 0, digits = 0;
    while (d.scale && d.digits % 10 == 0) {
        d.digits /= 10;
        d.scale--;
    }
    for (uint64_t size = money_abs(d.digits); size || digits <= d.scale; size /= 10, digits++) {
        if (digits == d.scale && d.scale)
            reversed[n++] = '.';
        reversed[n++] = (char)('0' + size % 10);
    }
    if (d.digits < 0)
        reversed[n++] = '-';
    for (int i = 0; i < n; i++)
        out[i] = reversed[n - 1 - i];
    out[n] = '\0';
}

static share_text share_limit(const pagu_view *v, const pagu_decimal *d)
{
    char plain[32];
    decimal_plain(*d, plain);
    return put_share(v, plain);
}

/* The place in words: as the package has it, else its first row. */
static const char *place_of(const pagu_view *v, const constraint *c)
{
    return c->place && *c->place ? c->place : pagu_view_key(v, c->rows[0]);
}

static pagu_code refuse_share(const pagu_view *v, const constraint *c, int which, const judged *j, const char *gap,
                              bool is, pagu_error *err)
{
    pagu_ctx *ctx = v->plan->ctx;
    const char *key = place_of(v, c), *of = pagu_view_key(v, c->of[0]), *name = name_of(c);
    if (strcmp(of, "/") == 0)
        of = tr(ctx, "the whole plan");
    share_text now = share_now(v, j), limit = share_limit(v, which == 2 ? &c->min_share : &c->max_share);
    money_text sum = money_str(ctx, j->sum);
    if (is && which == 2)
        return err_at(ctx, err, PAGU_RULE, key, NULL,
                      "%s is %s, %s%% of %s and below the least share of %s%% (\"%s\"); %s is missing", key, sum.s,
                      now.s, of, limit.s, name, gap);
    if (is)
        return err_at(ctx, err, PAGU_RULE, key, NULL,
                      "%s is %s, %s%% of %s and above the largest share of %s%% (\"%s\"); %s is too much", key, sum.s,
                      now.s, of, limit.s, name, gap);
    if (which == 2)
        return err_at(ctx, err, PAGU_RULE, key, NULL,
                      "%s would be %s, %s%% of %s and below the least share of %s%% (\"%s\"); %s is missing", key,
                      sum.s, now.s, of, limit.s, name, gap);
    return err_at(ctx, err, PAGU_RULE, key, NULL,
                  "%s would be %s, %s%% of %s and above the largest share of %s%% (\"%s\"); %s is too much", key, sum.s,
                  now.s, of, limit.s, name, gap);
}

pagu_code constraint_refuse(const pagu_view *v, const constraint *c, int which, const judged *j, bool is,
                            pagu_error *err)
{
    pagu_ctx *ctx = v->plan->ctx;
    const char *key = place_of(v, c);
    __int128 gap, unit;
    constraint_gap(c, which, j, &gap, &unit);
    gap = (gap + unit - 1) / unit;
    money_text by = money_str(ctx, gap > INT64_MAX ? INT64_MAX : (int64_t)gap), sum = money_str(ctx, j->sum);
    if (which >= 2)
        return refuse_share(v, c, which, j, by.s, is, err);
    money_text limit = money_str(ctx, which == 0 ? c->min : c->max);
    if (is && which == 0)
        return err_at(ctx, err, PAGU_RULE, key, NULL, "%s is %s, below the floor of %s (\"%s\"); %s is missing", key,
                      sum.s, limit.s, name_of(c), by.s);
    if (is)
        return err_at(ctx, err, PAGU_RULE, key, NULL, "%s is %s, above the ceiling of %s (\"%s\"); %s is too much", key,
                      sum.s, limit.s, name_of(c), by.s);
    if (which == 0)
        return err_at(ctx, err, PAGU_RULE, key, NULL,
                      "%s would fall to %s, below the floor of %s (\"%s\"); %s is missing", key, sum.s, limit.s,
                      name_of(c), by.s);
    return err_at(ctx, err, PAGU_RULE, key, NULL,
                  "%s would rise to %s, above the ceiling of %s (\"%s\"); %s is too much", key, sum.s, limit.s,
                  name_of(c), by.s);
}

/* The first refusal is the message, the names of the others follow it. */
static void note_broken(checking *k, const constraint *c, const pagu_error *err)
{
    if (k->n_broken++ == 0) {
        k->first = *err;
        return;
    }
    size_t len = strlen(k->others);
    const char *name = name_of(c);
    if (len + strlen(name) + 5 < sizeof k->others)
        snprintf(k->others + len, sizeof k->others - len, "%s\"%s\"", len ? ", " : "", name);
    else if (len + 5 < sizeof k->others && !strstr(k->others, "\xE2\x80\xA6"))
        snprintf(k->others + len, sizeof k->others - len, ", \xE2\x80\xA6");
}

static pagu_code answer(checking *k)
{
    pagu_ctx *ctx = k->v->plan->ctx;
    if (k->n_broken == 0)
        return PAGU_OK;
    if (k->n_broken > 1) {
        char text[400];
        size_t len = strlen(k->first.message);
        snprintf(text, sizeof text, tr(ctx, "; also against it: %s (%u)"), k->others, k->n_broken - 1);
        snprintf(k->first.message + len, sizeof k->first.message - len, "%s", text);
    }
    if (k->err)
        *k->err = k->first;
    return k->first.code;
}

/* ---- the check ---- */

static pagu_code refusal(checking *k, const constraint *c, pagu_code code, pagu_error *err)
{
    err->code = code;
    if (code == PAGU_HELD || code == PAGU_RULE) {
        note_broken(k, c, err);
        return PAGU_OK;
    }
    if (k->err)
        *k->err = *err;
    return code;
}

static pagu_code check_lines_held(checking *k, const constraint *c)
{
    pagu_error err = { 0 };
    for (uint32_t at = 0; at < k->n; at++) {
        const line_changes *ch = &k->ch[at];
        if (ch->n == 0 || !covers_column(k->v, c, ch->column))
            continue;
        for (uint32_t i = 0; i < ch->n; i++)
            if (covers_line(k->v, c, ch->rows[i]))
                return refusal(k, c, refuse_held(k->v, c, ch->rows[i], ch->old_values[i], ch->new_values[i], &err),
                               &err);
    }
    return PAGU_OK;
}

static pagu_code check_period(checking *k, const constraint *c, pagu_period period)
{
    two_sums s;
    pagu_error err = { 0 };
    pagu_code code = measure(k, c, period, &s);
    if (code != PAGU_OK || !s.moved)
        return code;
    if (c->kind == PAGU_HOLD_TOTAL) {
        if (s.now.sum != s.next.sum)
            return refusal(k, c, refuse_held(k->v, c, c->rows[0], s.now.sum, s.next.sum, &err), &err);
        return PAGU_OK;
    }
    for (int which = 0; which < 4; which++) {
        __int128 before, after, unit;
        if (constraint_gap(c, which, &s.next, &after, &unit) && after > 0 &&
            constraint_gap(c, which, &s.now, &before, &unit) && after > before)
            return refusal(k, c, constraint_refuse(k->v, c, which, &s.next, false, &err), &err);
    }
    return PAGU_OK;
}

/* Does the column take part in the constraint's judgement of this period? */
static bool column_counts(const pagu_view *v, const constraint *c, pagu_column column, pagu_period period)
{
    pagu_field field = pagu_plan_column_field(v->plan, column);
    pagu_period of = pagu_plan_column_period(v->plan, column);
    return (field == c->field && of == period) ||
           (c->n_of && field == c->of_field && of == constraint_of_period(c, period));
}

static pagu_code check_sums(checking *k, const constraint *c)
{
    const pagu_plan *p = k->v->plan;
    uint32_t first = c->period == PAGU_NONE ? 0 : c->period, end = c->period == PAGU_NONE ? p->n_periods : first + 1;
    pagu_code code = PAGU_OK;
    for (uint32_t period = first; period < end && code == PAGU_OK; period++) {
        if (!covers_period(k->v, c, (pagu_period)period))
            continue;
        bool counts = false;
        for (uint32_t i = 0; i < k->n && !counts; i++)
            counts = k->ch[i].n && column_counts(k->v, c, k->ch[i].column, (pagu_period)period);
        if (counts)
            code = check_period(k, c, (pagu_period)period);
    }
    return code;
}

static pagu_code check_all(checking *k)
{
    const constraint_set *set = k->v->constraints;
    pagu_code code = PAGU_OK;
    for (uint32_t i = 0; i < set->n && code == PAGU_OK; i++) {
        const constraint *c = set->items[i];
        if (c->kind == PAGU_PREDICATE || c->warn)
            continue;
        code = c->kind == PAGU_HOLD_LINES ? check_lines_held(k, c) : check_sums(k, c);
    }
    return code;
}

pagu_code constraints_check(const pagu_view *v, const line_changes *ch, uint32_t n, const pagu_proposal *measures,
                            pagu_error *err)
{
    pagu_ctx *ctx = v->plan->ctx;
    if (!v->constraints || v->constraints->n == 0)
        return PAGU_OK;
    tally few[4] = { 0 }, *tallies = n <= 4 ? few : mem_zalloc(ctx, n * sizeof *tallies);
    if (!tallies)
        return err_memory(ctx, err);
    checking k = { .v = v, .ch = ch, .n = n, .tallies = tallies, .err = err };
    if (v->scenario)
        constraint_sums_settle(v->scenario, false);
    pagu_code code = check_all(&k);
    for (uint32_t i = 0; i < n; i++)
        tally_free(ctx, v, &tallies[i]);
    if (tallies != few)
        mem_free(ctx, tallies, n * sizeof *tallies);
    if (code == PAGU_OK)
        code = answer(&k);
    return code == PAGU_OK ? predicates_check(v, ch, n, measures, err) : code;
}
