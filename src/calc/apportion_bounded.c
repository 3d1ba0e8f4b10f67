/* apportion_bounded.c - bounded proportional filling, exact for numbers of any size.
 *
 * Shares are x_i = clamp(level * w_i, lo_i, hi_i) with the one level that makes them sum to the
 * total (the bounded knapsack of Bitran and Hax 1981: lines that a trial level pushes beyond the
 * deciding side of their bounds stay there). Each share is then rounded down to the unit, but not
 * below lo_i, and what is left goes unit by unit, but not above hi_i, to the largest remainders.
 *
 * SPDX-License-Identifier: MIT */
#include "calc/apportion.h"

typedef __int128 i128;
typedef unsigned __int128 u128;

/* Stands for "no bound": beyond all money, yet 2^31 of them still add up in 128 bits. */
#define FAR ((i128)1 << 94)

typedef struct bounds {
    i128 lo, hi;
} bounds;

/* A share's claim to a further unit: its remainder (high, low), and how much it may take. */
typedef struct claim {
    u128 low;
    uint64_t high, room;
    size_t index;
} claim;

typedef struct filling {
    apportion_job *job;
    bool mirror; /* a negative total is shared as its mirror image */
    bool inward; /* bounds moved inward to multiples of the unit */
    size_t *free;
    size_t n_free;
    i128 rest;   /* what the free lines share */
    u128 weight; /* sum of their weights */
    claim *claims;
    size_t n_claims;
} filling;

/* ---- exact comparison of products beyond 128 bits ---- */

typedef struct wide {
    u128 high, low;
} wide;

static u128 magnitude(i128 x)
{
    return x < 0 ? 0 - (u128)x : (u128)x;
}

static wide multiply(u128 a, u128 b)
{
    u128 a1 = a >> 64, a0 = (uint64_t)a, b1 = b >> 64, b0 = (uint64_t)b;
    u128 p00 = a0 * b0, p01 = a0 * b1, p10 = a1 * b0, p11 = a1 * b1;
    u128 middle = (p00 >> 64) + (uint64_t)p01 + (uint64_t)p10;
    return (wide){ p11 + (p01 >> 64) + (p10 >> 64) + (middle >> 64), middle << 64 | (uint64_t)p00 };
}

/* Sign of a * b - c * d, for b, d >= 0. */
static int compare_products(i128 a, u128 b, i128 c, u128 d)
{
    i128 ab, cd;
    if (!__builtin_mul_overflow(a, b, &ab) && !__builtin_mul_overflow(c, d, &cd))
        return (ab > cd) - (ab < cd);
    int sign_ab = b == 0 ? 0 : (a > 0) - (a < 0), sign_cd = d == 0 ? 0 : (c > 0) - (c < 0);
    if (sign_ab != sign_cd)
        return sign_ab > sign_cd ? 1 : -1;
    wide x = multiply(magnitude(a), b), y = multiply(magnitude(c), d);
    int order = x.high != y.high ? (x.high > y.high ? 1 : -1) : (x.low > y.low) - (x.low < y.low);
    return sign_ab < 0 ? -order : order;
}

/* ---- bounds ---- */

static i128 round_down(i128 x, pagu_money unit)
{
    i128 rest = x % unit;
    return x - (rest < 0 ? rest + unit : rest);
}

static i128 round_up(i128 x, pagu_money unit)
{
    return -round_down(-x, unit);
}

static bounds bounds_of(const filling *f, size_t i)
{
    const apportion_job *job = f->job;
    bounds b = { job->lo ? job->lo[i] : -FAR, job->hi ? job->hi[i] : FAR };
    if (f->mirror)
        b = (bounds){ -b.hi, -b.lo };
    if (f->inward && job->unit > 1) {
        i128 lo = b.lo == -FAR ? -FAR : round_up(b.lo, job->unit), hi = b.hi == FAR ? FAR : round_down(b.hi, job->unit);
        if (lo <= hi && lo <= INT64_MAX)
            b = (bounds){ lo, hi };
    }
    return b;
}

/* Lines of weight 0 take nothing, or the bound nearest to it. */
static i128 idle_share(bounds b)
{
    return b.lo > 0 ? b.lo : b.hi < 0 ? b.hi : 0;
}

static pagu_money saturate(i128 x)
{
    return x < INT64_MIN ? INT64_MIN : x > INT64_MAX ? INT64_MAX : (pagu_money)x;
}

/* Can the total be reached between the bounds as they now stand? */
static bool within_reach(filling *f, i128 total)
{
    i128 least = 0, most = 0;
    for (size_t i = 0; i < f->job->n; i++) {
        bounds b = bounds_of(f, i);
        bool idle = f->job->weights[i] == 0;
        least += idle ? idle_share(b) : b.lo;
        most += idle ? idle_share(b) : b.hi;
    }
    f->job->least = saturate(f->mirror ? -most : least);
    f->job->most = saturate(f->mirror ? -least : most);
    return least <= total && total <= most;
}

/* ---- the level ---- */

static void put(const filling *f, size_t i, i128 share, i128 residue)
{
    apportion_job *job = f->job;
    job->out[i] = (pagu_money)(f->mirror ? -share : share);
    if (job->residue)
        job->residue[i] = (pagu_money)(f->mirror ? -residue : residue);
}

static void settle(filling *f, size_t i, i128 share)
{
    put(f, i, share, 0);
    f->rest -= share;
    f->weight -= (u128)f->job->weights[i];
}

/* Where the level rest / weight puts a line: -1 at or below lo, 1 at or above hi, 0 between. */
static int side_of(const filling *f, size_t i, bounds b)
{
    u128 w = (u128)f->job->weights[i];
    if (b.lo > -FAR && compare_products(f->rest, w, b.lo, f->weight) <= 0)
        return -1;
    return b.hi < FAR && compare_products(f->rest, w, b.hi, f->weight) >= 0 ? 1 : 0;
}

/* Settle the lines that the trial level pushes beyond the deciding side of their bounds: lo if
 * the clamped shares sum to more than there is, hi if to less, both if they are right.
 * False when every free line is between its bounds. */
static bool settle_side(filling *f)
{
    i128 fixed = 0;
    u128 fixed_weight = 0;
    size_t n_fixed = 0;
    for (size_t k = 0; k < f->n_free; k++) {
        size_t i = f->free[k];
        bounds b = bounds_of(f, i);
        int side = side_of(f, i, b);
        if (side == 0)
            continue;
        fixed += side < 0 ? b.lo : b.hi;
        fixed_weight += (u128)f->job->weights[i];
        n_fixed++;
    }
    if (n_fixed == 0)
        return false;

    int excess = compare_products(fixed, f->weight, f->rest, fixed_weight);
    filling trial = *f;
    size_t kept = 0;
    for (size_t k = 0; k < f->n_free; k++) {
        size_t i = f->free[k];
        bounds b = bounds_of(f, i);
        int side = side_of(&trial, i, b);
        if (side < 0 && excess >= 0)
            settle(f, i, b.lo);
        else if (side > 0 && excess <= 0)
            settle(f, i, b.hi);
        else
            f->free[kept++] = i;
    }
    f->n_free = kept;
    return true;
}

/* Each round moves the level by a Newton step on a piecewise linear sum, so the rounds grow with
 * the bits of the numbers, not with the lines. */
static pagu_code find_level(pagu_ctx *ctx, filling *f)
{
    while (f->n_free > 0 && settle_side(f))
        if (pagu_ctx_interrupted(ctx))
            return PAGU_INTERRUPTED;
    if (f->n_free == 0)
        return f->rest == 0 ? PAGU_OK : PAGU_INTERNAL;
    i128 sum = f->mirror ? -f->rest : f->rest;
    return sum != saturate(sum) || f->rest - f->job->unit < -INT64_MAX ? PAGU_OVERFLOW : PAGU_OK;
}

/* ---- rounding ---- */

static bool claim_before(const claim *a, const claim *b)
{
    if (a->high != b->high)
        return a->high > b->high;
    return a->low != b->low ? a->low > b->low : a->index < b->index;
}

static void swap_claims(claim *a, claim *b)
{
    claim t = *a;
    *a = *b;
    *b = t;
}

static void grant(const filling *f, const claim *c, i128 amount)
{
    pagu_money down = f->job->out[c->index];
    put(f, c->index, (f->mirror ? -(i128)down : down) + amount, amount);
}

/* Grant `left` to the claims in order, each as far as it has room, without sorting them: quickselect
 * by the sum of room. The pivots are drawn, but the same for the same input. */
static i128 grant_largest(const filling *f, i128 left)
{
    claim *c = f->claims;
    size_t from = 0, to = f->n_claims;
    uint64_t draw = to;
    while (left > 0 && from < to) {
        draw = draw * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        swap_claims(&c[from + (draw >> 33) % (to - from)], &c[to - 1]);
        claim pivot = c[to - 1];
        size_t mid = from;
        i128 room = 0;
        for (size_t i = from; i < to - 1; i++)
            if (claim_before(&c[i], &pivot)) {
                room += c[i].room;
                swap_claims(&c[i], &c[mid++]);
            }
        swap_claims(&c[mid], &c[to - 1]);
        if (room >= left) {
            to = mid;
            continue;
        }
        for (size_t i = from; i < mid; i++)
            grant(f, &c[i], c[i].room);
        left -= room;
        i128 last = left < c[mid].room ? left : c[mid].room;
        grant(f, &c[mid], last);
        left -= last;
        from = mid + 1;
    }
    return left;
}

/* Round free line i down; note its claim. Returns the share rounded down. */
static i128 round_share(filling *f, size_t i)
{
    pagu_money unit = f->job->unit;
    bounds b = bounds_of(f, i);
    i128 product = f->rest * f->job->weights[i], weight = (i128)f->weight;
    i128 whole = product / weight, rest = product % weight;
    if (rest < 0) {
        rest += weight;
        whole--;
    }
    i128 down = round_down(whole, unit), up = down + unit;
    if (down < b.lo)
        down = b.lo;
    if (up > b.hi)
        up = b.hi;
    put(f, i, down, 0);
    if ((whole > down || rest > 0) && i != f->job->residue_to)
        f->claims[f->n_claims++] = (claim){ (u128)rest, (uint64_t)(whole - down), (uint64_t)(up - down), i };
    return down;
}

static i128 give_to_line(const filling *f, i128 left)
{
    size_t i = f->job->residue_to;
    i128 now = f->mirror ? -(i128)f->job->out[i] : f->job->out[i], room = bounds_of(f, i).hi - now;
    i128 amount = left < room ? left : room;
    if (amount > 0)
        put(f, i, now + amount, amount);
    return amount > 0 ? left - amount : left;
}

static pagu_code round_shares(filling *f)
{
    i128 left = f->rest;
    for (size_t k = 0; k < f->n_free; k++)
        left -= round_share(f, f->free[k]);
    if (f->job->residue_to != NO_INDEX)
        left = give_to_line(f, left);
    return grant_largest(f, left) == 0 ? PAGU_OK : PAGU_INTERNAL;
}

/* ---- entry ---- */

static pagu_code check_bounds(apportion_job *job)
{
    for (size_t i = 0; job->lo && job->hi && i < job->n; i++)
        if (job->lo[i] > job->hi[i]) {
            job->bad = i;
            return PAGU_ARGUMENT;
        }
    return PAGU_OK;
}

static pagu_code fill(pagu_ctx *ctx, filling *f)
{
    apportion_job *job = f->job;
    for (size_t i = 0; i < job->n; i++)
        if (job->weights[i] == 0)
            settle(f, i, idle_share(bounds_of(f, i)));
        else
            f->free[f->n_free++] = i;
    pagu_code rc = find_level(ctx, f);
    return rc ? rc : round_shares(f);
}

pagu_code apportion_fill(pagu_ctx *ctx, apportion_job *job, unsigned __int128 weight)
{
    pagu_code rc = check_bounds(job);
    if (rc)
        return rc;
    bool mirror = job->total < 0;
    filling f = {
        .job = job, .mirror = mirror, .inward = true, .weight = weight, .rest = mirror ? -(i128)job->total : job->total
    };
    if (!within_reach(&f, f.rest)) {
        f.inward = false;
        if (!within_reach(&f, f.rest))
            return weight == 0 && job->total != 0 ? PAGU_ZERO_BASIS : PAGU_UNREACHABLE;
    }
    f.free = mem_array(ctx, job->n, sizeof *f.free);
    f.claims = mem_array(ctx, job->n, sizeof *f.claims);
    rc = f.free && f.claims ? fill(ctx, &f) : PAGU_NO_MEMORY;
    mem_free(ctx, f.claims, job->n * sizeof *f.claims);
    mem_free(ctx, f.free, job->n * sizeof *f.free);
    return rc;
}
