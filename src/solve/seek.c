/* seek.c - goal seek: closing in on a value by trials at integers.
 *
 * Positions are counts of step from the first multiple: 0 … last, so that a middle never overflows.
 * Points tried are kept in order of position; brackets are neighbours on both sides of what is wanted.
 *
 * SPDX-License-Identifier: MIT */
#include "pagu/solve.h"

#include "base/base.h"
#include "calc/verb.h"

#include <math.h>

#define TRY_ALL 64    /* so few positions are all tried */
#define GRID_LEVELS 6 /* 2^6 intervals */

typedef __int128 i128;

typedef struct point {
    uint64_t at;
    pagu_seek_value value;
    bool allowed;
    int side; /* -1 below want, 0 there, 1 above */
} point;

typedef struct seek {
    pagu_ctx *ctx;
    const pagu_seek_options *o;
    int64_t first; /* x of position 0 */
    uint64_t last;
    point *points;
    uint32_t n, n_refused;
    bool found, full;
    pagu_error *err;
} seek;

/* ---- values ---- */

static double number_of(pagu_seek_value v)
{
    return v.is_number ? v.number : (double)v.integer;
}

static int compare_values(pagu_seek_value a, pagu_seek_value b)
{
    if (!a.is_number && !b.is_number)
        return (a.integer > b.integer) - (a.integer < b.integer);
    double x = number_of(a), y = number_of(b);
    return (x > y) - (x < y);
}

/* a is nearer to want than b: -1; as near: 0. */
static int compare_distance(pagu_seek_value want, pagu_seek_value a, pagu_seek_value b)
{
    if (!want.is_number && !a.is_number && !b.is_number) {
        i128 x = (i128)a.integer - want.integer, y = (i128)b.integer - want.integer;
        x = x < 0 ? -x : x;
        y = y < 0 ? -y : y;
        return (x > y) - (x < y);
    }
    double x = fabs(number_of(a) - number_of(want)), y = fabs(number_of(b) - number_of(want));
    return (x > y) - (x < y);
}

static bool within_tolerance(const pagu_seek_options *o, pagu_seek_value v)
{
    if (compare_values(v, o->want) == 0)
        return true;
    if (o->tolerance <= 0)
        return false;
    if (v.is_number || o->want.is_number)
        return fabs(number_of(v) - number_of(o->want)) <= o->tolerance;
    i128 d = (i128)v.integer - o->want.integer;
    return (double)(d < 0 ? -d : d) <= o->tolerance;
}

/* ---- trials ---- */

static int64_t x_of(const seek *s, uint64_t at)
{
    return (int64_t)((uint64_t)s->first + at * (uint64_t)s->o->step);
}

/* Where a position stands, or would. */
static uint32_t place_of(const seek *s, uint64_t at)
{
    uint32_t lo = 0, hi = s->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (s->points[mid].at < at)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static pagu_code try_at(seek *s, uint64_t at)
{
    uint32_t i = place_of(s, at);
    if (i < s->n && s->points[i].at == at)
        return PAGU_OK;
    if (s->n == s->o->trials) {
        s->full = true;
        return PAGU_OK;
    }
    if (pagu_ctx_interrupted(s->ctx))
        return err_set(s->ctx, s->err, PAGU_INTERRUPTED, "interrupted");
    point p = { .at = at };
    pagu_code rc = s->o->trial(s->o->ud, x_of(s, at), &p.allowed, &p.value, s->err);
    if (rc)
        return rc;
    if (p.allowed && p.value.is_number && !isfinite(p.value.number))
        return err_set(s->ctx, s->err, PAGU_ARGUMENT, "the trial at %lld gives no finite number",
                       (long long)x_of(s, at));
    s->n_refused += !p.allowed;
    if (p.allowed) {
        p.side = within_tolerance(s->o, p.value) ? 0 : compare_values(p.value, s->o->want);
        s->found |= p.side == 0;
    }
    memmove(s->points + i + 1, s->points + i, (s->n - i) * sizeof *s->points);
    s->points[i] = p;
    s->n++;
    return PAGU_OK;
}

static bool is_over(const seek *s)
{
    return s->found || s->full;
}

static uint64_t gap_after(const seek *s, uint32_t i)
{
    return s->points[i + 1].at - s->points[i].at;
}

/* ---- the steps of a search ---- */

static bool is_bracket(const seek *s, uint32_t i)
{
    const point *a = &s->points[i], *b = a + 1;
    return a->allowed && b->allowed && a->side * b->side < 0;
}

static bool is_edge(const seek *s, uint32_t i)
{
    return s->points[i].allowed != s->points[i + 1].allowed;
}

/* Halve every gap that `wanted` picks until none is left. */
static pagu_code close_in(seek *s, bool (*wanted)(const seek *, uint32_t))
{
    pagu_code rc = PAGU_OK;
    for (uint32_t i = 0; i + 1 < s->n && !rc && !is_over(s);) {
        if (gap_after(s, i) > 1 && wanted(s, i))
            rc = try_at(s, s->points[i].at + gap_after(s, i) / 2);
        else
            i++;
    }
    return rc;
}

/* Is want between two neighbours that have nothing between them? */
static bool has_crossing(const seek *s)
{
    for (uint32_t i = 0; i + 1 < s->n; i++)
        if (is_bracket(s, i) && gap_after(s, i) == 1)
            return true;
    return false;
}

static bool is_monotone(const seek *s)
{
    int direction = 0;
    const point *before = NULL;
    for (uint32_t i = 0; i < s->n; i++) {
        const point *p = &s->points[i];
        int c = before && p->allowed ? compare_values(p->value, before->value) : 0;
        if (c * direction < 0)
            return false;
        direction = c ? c : direction;
        before = p->allowed ? p : before;
    }
    return before != NULL;
}

static const point *nearest_point(const seek *s)
{
    const point *best = NULL;
    for (uint32_t i = 0; i < s->n; i++) {
        const point *p = &s->points[i];
        if (!p->allowed || (best && best->side == 0 && p->side != 0))
            continue;
        int c = best ? compare_distance(s->o->want, p->value, best->value) : -1;
        if (!best || c < 0 || (best->side != 0 && p->side == 0) ||
            (c == 0 && compare_values(p->value, best->value) < 0))
            best = p;
    }
    return best;
}

static pagu_code try_grid(seek *s)
{
    pagu_code rc = PAGU_OK;
    for (int level = 1; level <= GRID_LEVELS && !rc && !is_over(s); level++) {
        for (uint64_t k = 1; k < (uint64_t)1 << level && !rc && !is_over(s); k += 2)
            rc = try_at(s, (uint64_t)((unsigned __int128)s->last * k >> level));
        if (!rc && !is_over(s))
            rc = close_in(s, is_bracket);
    }
    return rc;
}

/* Halve the gaps on both sides of the nearest point until it has neighbours. */
static pagu_code try_near_best(seek *s)
{
    for (;;) {
        const point *best = nearest_point(s);
        if (!best || is_over(s))
            return PAGU_OK;
        uint32_t i = (uint32_t)(best - s->points);
        uint64_t at = best->at, before = i > 0 ? gap_after(s, i - 1) / 2 : 0;
        uint64_t after = i + 1 < s->n ? gap_after(s, i) / 2 : 0;
        if (before == 0 && after == 0)
            return PAGU_OK;
        pagu_code rc = before ? try_at(s, at - before) : PAGU_OK;
        if (!rc && after && !is_over(s))
            rc = try_at(s, at + after);
        if (!rc)
            rc = close_in(s, is_bracket);
        if (rc)
            return rc;
    }
}

static pagu_code search_further(seek *s)
{
    pagu_code rc = try_grid(s);
    if (!rc && !is_over(s))
        rc = close_in(s, is_edge);
    if (!rc && !is_over(s))
        rc = close_in(s, is_bracket);
    return rc || is_over(s) ? rc : try_near_best(s);
}

static pagu_code try_every(seek *s)
{
    pagu_code rc = PAGU_OK;
    for (uint64_t at = 0; at <= s->last && !rc && !s->full; at++)
        rc = try_at(s, at);
    return rc;
}

static uint64_t guess_at(const seek *s)
{
    if (s->o->guess <= s->first)
        return 0;
    uint64_t at = ((uint64_t)s->o->guess - (uint64_t)s->first) / (uint64_t)s->o->step;
    return at > s->last ? s->last : at;
}

static pagu_code search(seek *s)
{
    if (s->last < TRY_ALL)
        return try_every(s);
    pagu_code rc = s->o->has_guess ? try_at(s, guess_at(s)) : PAGU_OK;
    if (!rc && !is_over(s))
        rc = try_at(s, 0);
    if (!rc && !is_over(s))
        rc = try_at(s, s->last);
    if (!rc)
        rc = close_in(s, is_bracket);
    if (rc || is_over(s) || (has_crossing(s) && is_monotone(s)))
        return rc;
    return search_further(s);
}

/* ---- what it comes to ---- */

static void sum_up(const seek *s, pagu_seek_result *out)
{
    const point *best = nearest_point(s);
    *out = (pagu_seek_result){ .status = PAGU_SEEK_UNREACHABLE,
                               .trials = s->n,
                               .refused = s->n_refused,
                               .every = s->n - 1 == s->last,
                               .monotone = is_monotone(s) };
    if (!best)
        return;
    out->x = x_of(s, best->at);
    out->value = out->least = out->most = best->value;
    out->first_allowed = out->last_allowed = out->x;
    for (uint32_t i = 0; i < s->n; i++) {
        const point *p = &s->points[i];
        if (!p->allowed)
            continue;
        if (compare_values(p->value, out->least) < 0)
            out->least = p->value;
        if (compare_values(p->value, out->most) > 0)
            out->most = p->value;
        if (x_of(s, p->at) < out->first_allowed)
            out->first_allowed = x_of(s, p->at);
        out->last_allowed = x_of(s, p->at) > out->last_allowed ? x_of(s, p->at) : out->last_allowed;
    }
    if (best->side == 0)
        out->status = PAGU_SEEK_FOUND;
    else if (compare_values(out->least, s->o->want) < 0 && compare_values(out->most, s->o->want) > 0)
        out->status = PAGU_SEEK_NEAREST;
}

static pagu_code check_options(seek *s)
{
    const pagu_seek_options *o = s->o;
    if (o->step < 1)
        return err_set(s->ctx, s->err, PAGU_ARGUMENT, "unit must be at least 1");
    if (!o->trial || o->trials < 3 || o->trials > 100000 || !(o->tolerance >= 0) ||
        (o->want.is_number && !isfinite(o->want.number)))
        return err_set(s->ctx, s->err, PAGU_ARGUMENT,
                       "a search needs a trial, 3 to 100000 trials, a tolerance of 0 or more, and a finite value");
    i128 first = (i128)o->lo / o->step * o->step, last = (i128)o->hi / o->step * o->step;
    first += first < o->lo ? o->step : 0;
    last -= last > o->hi ? o->step : 0;
    if (first > last)
        return err_set(s->ctx, s->err, PAGU_ARGUMENT, "no multiple of %lld lies between %lld and %lld",
                       (long long)o->step, (long long)o->lo, (long long)o->hi);
    s->first = (int64_t)first;
    s->last = (uint64_t)((last - first) / o->step);
    return PAGU_OK;
}

pagu_code pagu_seek(pagu_ctx *ctx, const pagu_seek_options *options, pagu_seek_result *out, pagu_error *err)
{
    pagu_seek_options o = PAGU_SEEK_OPTIONS_INIT;
    seek s = { .ctx = ctx, .o = &o, .err = err };
    pagu_code rc = verb_options(ctx, &o, sizeof o, options, err);
    if (!rc)
        rc = check_options(&s);
    if (rc)
        return rc;
    s.points = mem_array(ctx, o.trials, sizeof *s.points);
    if (!s.points)
        return err_memory(ctx, err);
    rc = search(&s);
    if (!rc)
        sum_up(&s, out);
    mem_free(ctx, s.points, o.trials * sizeof *s.points);
    return rc;
}
