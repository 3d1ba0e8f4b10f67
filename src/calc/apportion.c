/* apportion.c - largest remainder (Hamilton's method), exact, in linear time.
 * SPDX-License-Identifier: MIT */
#include "calc/apportion.h"

#include "calc/apportion_loops.h"
#include "calc/phrase.h"
#include "pagu/calc.h"

/* ---- numbers of ordinary size: no memory, 64-bit arithmetic ---- */

/* Below these the double estimate of a quotient is off by at most one: five roundings of at most
 * 2^-52 each (in any rounding mode) make less than 2^49 * 10 * 2^-53 < 1. The remainder is then
 * in [-divisor, 2 * divisor), so 64-bit arithmetic that wraps gives it exactly. */
#define FAST_UNITS (UINT64_C(1) << 49)
#define FAST_DIVISOR (UINT64_C(1) << 62)

enum { BLOCK = 1 << 16, DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, FEW = 1024, STEP = 512, SAMPLE = 4096 };

/* While shares are worked out, out[i] is the share's whole units; the remainder is computed again
 * wherever it is needed, which costs less than keeping it. */
typedef struct sharing {
    pagu_ctx *ctx;
    const int64_t *weights;
    pagu_money *out;
    size_t n;
    uint64_t total, divisor;
    int bits;             /* of the divisor */
    size_t count[DIGITS]; /* remainders by their highest digit */
} sharing;

static inline uint64_t remainder_of(const sharing *s, size_t i)
{
    return s->total * (uint64_t)s->weights[i] - (uint64_t)s->out[i] * s->divisor;
}

/* The remainders from i on, at most STEP; returns how many. */
static size_t remainders_at(const sharing *s, size_t i, uint64_t rest[STEP])
{
    size_t n = s->n - i < STEP ? s->n - i : STEP;
    loop_rests(s->weights + i, s->out + i, n, s->total, s->divisor, rest);
    return n;
}

static inline int shift_below(int shift)
{
    return shift > DIGIT_BITS ? shift - DIGIT_BITS : 0;
}

static void sort_down(uint64_t *keys, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint64_t key = keys[i];
        size_t j = i;
        for (; j > 0 && keys[j - 1] < key; j--)
            keys[j] = keys[j - 1];
        keys[j] = key;
    }
}

/* Count the remainders that begin with `found` by their next digit. */
static void count_digits(sharing *s, uint64_t found, int shift)
{
    int low = shift_below(shift);
    uint64_t mask = (UINT64_C(1) << (shift - low)) - 1;
    memset(s->count, 0, sizeof s->count);
    for (size_t i = 0; i < s->n; i++) {
        uint64_t rest = remainder_of(s, i);
        if (rest >> shift == found)
            s->count[rest >> low & mask]++;
    }
}

/* The m-th largest of the few remainders that begin with `found`; adds to *larger those above it. */
static uint64_t select_few(const sharing *s, uint64_t found, int shift, size_t m, size_t *larger)
{
    uint64_t few[FEW];
    size_t n = 0, i = 0;
    for (size_t k = 0; k < s->n; k++) {
        uint64_t rest = remainder_of(s, k);
        if (rest >> shift == found)
            few[n++] = rest;
    }
    sort_down(few, n);
    while (few[i] > few[m - 1])
        i++;
    *larger += i;
    return few[m - 1];
}

/* Radix select in place: each round looks at the next lower digit of the remainders that share the
 * digits found so far, so the cost is linear whatever they are. */
static uint64_t select_by_digits(sharing *s, size_t m, size_t *larger)
{
    uint64_t found = 0;
    int shift = s->bits;
    *larger = 0;
    count_digits(s, 0, shift);
    for (;;) {
        int low = shift_below(shift);
        uint64_t digit = (UINT64_C(1) << (shift - low)) - 1;
        while (s->count[digit] < m) {
            m -= s->count[digit];
            *larger += s->count[digit--];
        }
        found = found << (shift - low) | digit;
        shift = low;
        if (shift == 0)
            return found;
        if (s->count[digit] <= FEW)
            return select_few(s, found, shift, m, larger);
        count_digits(s, found, shift);
    }
}

static uint64_t middle_of(uint64_t x, uint64_t y, uint64_t z)
{
    uint64_t low = x < y ? x : y, high = x < y ? y : x;
    return z < low ? low : z > high ? high : z;
}

/* Put the m-th largest (from 1) of n values at its place, larger ones before it; returns it. Pivots are
 * drawn, so that no order of lines is a slow one, but the same for the same input. */
static uint64_t select_largest(uint64_t *a, size_t n, size_t m)
{
    size_t from = 0, to = n;
    uint64_t draw = n;
    while (to - from > 24) {
        uint64_t three[3];
        for (int k = 0; k < 3; k++) {
            draw = draw * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            three[k] = a[from + (draw >> 33) % (to - from)];
        }
        uint64_t pivot = middle_of(three[0], three[1], three[2]);
        size_t i = from, j = to; /* a[from … i) >= pivot >= a[j … to) */
        while (i < j) {
            while (a[i] > pivot)
                i++;
            while (a[j - 1] < pivot)
                j--;
            if (i >= j)
                break;
            uint64_t t = a[i];
            a[i++] = a[--j];
            a[j] = t;
        }
        size_t mid = j > from ? j : i; /* j <= i <= j + 1 */
        if (m <= mid)
            to = mid;
        else
            from = mid;
    }
    sort_down(a + from, to - from);
    return a[m - 1];
}

/* Where the m-th largest remainder lies for almost sure, from a sample. */
static void bracket(const sharing *s, size_t m, uint64_t *low, uint64_t *high)
{
    uint64_t sample[SAMPLE];
    size_t n = s->n / 8 < SAMPLE ? s->n / 8 : SAMPLE, rank = (size_t)((double)m / (double)s->n * (double)n), margin = 8;
    while (margin * margin < 6 * n) /* five standard deviations of the rank in the sample, at most */
        margin += 8;
    for (size_t i = 0; i < n; i++)
        sample[i] = remainder_of(s, i * (s->n / n));
    *high = rank > margin ? select_largest(sample, n, rank - margin) : UINT64_MAX;
    *low = rank + margin <= n ? select_largest(sample, n, rank + margin) : 0;
}

/* One pass over the remainders gathers the few in the bracket. False if the answer is not among
 * them, there are too many, or there is no memory for them. */
static bool select_by_sample(const sharing *s, size_t m, uint64_t *out, size_t *larger)
{
    uint64_t low = 0, high = UINT64_MAX, rest[STEP];
    size_t room = s->n + STEP, found = 0, above = 0, more, at;
    if (s->n > SAMPLE) {
        bracket(s, m, &low, &high);
        room = s->n / 4 + STEP;
    }
    uint64_t *few = mem_array(s->ctx, room, sizeof *few);
    bool fits = few != NULL;
    for (size_t i = 0; i < s->n && fits; i += STEP) {
        size_t n = remainders_at(s, i, rest);
        loop_count(rest, n, high, &more, &at);
        above += more;
        found += loop_gather(rest, n, low, high, few + found);
        fits = found + STEP <= room || i + STEP >= s->n;
    }
    bool ok = fits && above < m && m <= above + found;
    if (ok) {
        *out = select_largest(few, found, m - above);
        loop_count(few, found, *out, &more, &at);
        *larger = above + more;
    }
    mem_free(s->ctx, few, room * sizeof *few);
    return ok;
}

/* The m-th largest remainder, and how many are larger. */
static uint64_t select_remainder(sharing *s, size_t m, size_t *larger)
{
    uint64_t last;
    return select_by_sample(s, m, &last, larger) ? last : select_by_digits(s, m, larger);
}

/* Who gets a unit beyond the whole ones: remainders above `last`, then the first `ties` at it, the
 * last of which takes `part` instead if that is not 0. Or one line takes all that is left. */
typedef struct extras {
    uint64_t last, unit, part, left;
    size_t ties, to_line;
} extras;

static extras find_extras(sharing *s, const apportion_job *job, uint64_t left)
{
    extras x = { .last = UINT64_MAX, .unit = (uint64_t)job->unit, .left = left, .to_line = job->residue_to };
    x.part = left % x.unit;
    size_t m = (size_t)(left / x.unit) + (x.part > 0), larger;
    if (m > 0 && x.to_line == NO_INDEX) {
        x.last = select_remainder(s, m, &larger);
        x.ties = m - larger;
    }
    return x;
}

static uint64_t extra_at_tie(extras *x)
{
    if (x->ties == 0)
        return 0;
    return --x->ties == 0 && x->part > 0 ? x->part : x->unit;
}

/* A few lines one by one: where ties are, where one line takes all, where residues are wanted. */
static void give_singly(const sharing *s, const apportion_job *job, extras *x, size_t from, size_t n,
                        const uint64_t *rest)
{
    uint64_t sign = job->total < 0 ? UINT64_MAX : 1;
    for (size_t i = from; i < from + n; i++) {
        uint64_t extra = rest[i - from] > x->last ? x->unit : 0;
        if (rest[i - from] == x->last)
            extra = extra_at_tie(x);
        if (i == x->to_line)
            extra = x->left;
        s->out[i] = (pagu_money)(((uint64_t)s->out[i] * x->unit + extra) * sign);
        if (job->residue)
            job->residue[i] = (pagu_money)(extra * sign);
    }
}

static void give_extras(const sharing *s, const apportion_job *job, extras x)
{
    uint64_t sign = job->total < 0 ? UINT64_MAX : 1, rest[STEP];
    for (size_t i = 0; i < s->n; i += STEP) {
        size_t n = remainders_at(s, i, rest), above, at;
        loop_count(rest, n, x.last, &above, &at);
        if (job->residue || (at > 0 && x.ties > 0) || x.to_line - i < n)
            give_singly(s, job, &x, i, n, rest);
        else
            loop_give(s->out + i, rest, n, x.last, x.unit, sign);
    }
}

static pagu_code share_fast(pagu_ctx *ctx, apportion_job *job, uint64_t total, uint64_t divisor)
{
    sharing s = { .ctx = ctx,
                  .weights = job->weights,
                  .out = job->out,
                  .n = job->n,
                  .total = total,
                  .divisor = divisor,
                  .bits = 64 - __builtin_clzll(divisor) };
    uint64_t given = 0;
    for (size_t i = 0; i < job->n; i += BLOCK) {
        size_t n = job->n - i > BLOCK ? BLOCK : job->n - i;
        given += loop_units(job->weights + i, n, total, divisor, job->out + i);
        if (pagu_ctx_interrupted(ctx))
            return PAGU_INTERRUPTED;
    }
    give_extras(&s, job, find_extras(&s, job, total - given * (uint64_t)job->unit));
    return PAGU_OK;
}

/* ---- entry ---- */

static pagu_code check_weights(apportion_job *job, unsigned __int128 *sum)
{
    uint64_t low, high;
    bool positive = loop_sum(job->weights, job->n, &low, &high);
    for (size_t i = 0; i < job->n && !positive; i++)
        if (job->weights[i] < 0) {
            job->bad = i;
            return PAGU_NEGATIVE_BASIS;
        }
    *sum = ((unsigned __int128)high << 32) + low;
    return PAGU_OK;
}

pagu_code apportion_run(pagu_ctx *ctx, apportion_job *job)
{
    unsigned __int128 weight;
    job->bad = NO_INDEX;
    if (job->unit < 1)
        return PAGU_ARGUMENT;
    pagu_code rc = check_weights(job, &weight);
    if (rc)
        return rc;
    bool bounded = job->lo || job->hi;
    if (weight == 0 && (!bounded || job->n == 0))
        return PAGU_ZERO_BASIS;

    uint64_t total = money_abs(job->total);
    unsigned __int128 divisor = weight * (uint64_t)job->unit;
    bool small = weight < FAST_DIVISOR && divisor < FAST_DIVISOR && total / (uint64_t)job->unit < FAST_UNITS;
    if (bounded || !small)
        return apportion_fill(ctx, job, weight);
    return share_fast(ctx, job, total, (uint64_t)divisor);
}

static pagu_code explain_fault(pagu_ctx *ctx, const apportion_job *job, pagu_code rc, pagu_error *err)
{
    switch (rc) {
    case PAGU_OK: return rc;
    case PAGU_NO_MEMORY: return err_memory(ctx, err);
    case PAGU_ARGUMENT:
        if (job->unit < 1)
            return err_set(ctx, err, rc, "unit must be at least 1");
        return err_set(ctx, err, rc, "share %zu has a lower bound of %s above its upper bound of %s", job->bad + 1,
                       money_str(ctx, job->lo[job->bad]).s, money_str(ctx, job->hi[job->bad]).s);
    case PAGU_NEGATIVE_BASIS:
        return err_set(ctx, err, rc, "weight %zu is negative: %s", job->bad + 1,
                       money_str(ctx, job->weights[job->bad]).s);
    case PAGU_ZERO_BASIS:
        return err_set(ctx, err, rc, "all weights are 0, so %s has nothing to follow; give equal weights",
                       money_str(ctx, job->total).s);
    case PAGU_UNREACHABLE:
        return err_set(ctx, err, rc, "%s cannot be shared between these bounds; they allow %s",
                       money_str(ctx, job->total).s, reach_str(ctx, job->least, job->most).s);
    case PAGU_OVERFLOW:
        return err_set(ctx, err, rc, "the shares of %s would exceed 64 bits; narrow the bounds",
                       money_str(ctx, job->total).s);
    case PAGU_INTERRUPTED: return err_set(ctx, err, rc, "interrupted");
    default: return err_set(ctx, err, PAGU_INTERNAL, "shares of %s do not add up", money_str(ctx, job->total).s);
    }
}

pagu_code pagu_apportion(pagu_ctx *ctx, pagu_money total, const int64_t *weights, size_t n, pagu_money unit,
                         pagu_money *out, pagu_error *err)
{
    return pagu_apportion_bounded(ctx, total, weights, NULL, NULL, n, unit, out, err);
}

pagu_code pagu_apportion_bounded(pagu_ctx *ctx, pagu_money total, const int64_t *weights, const pagu_money *lo,
                                 const pagu_money *hi, size_t n, pagu_money unit, pagu_money *out, pagu_error *err)
{
    apportion_job job = {
        .total = total, .weights = weights, .lo = lo, .hi = hi, .n = n, .unit = unit, .residue_to = NO_INDEX, .out = out
    };
    return explain_fault(ctx, &job, apportion_run(ctx, &job), err);
}
