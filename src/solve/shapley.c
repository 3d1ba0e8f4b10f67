/* shapley.c - Shapley values from the values of all subsets. See pagu/attribute.h.
 * SPDX-License-Identifier: MIT */
#include "base/base.h"
#include "pagu/attribute.h"
#include "solve/random.h"

#include <math.h>

enum { MOST_PLAYERS = 16 };

static pagu_code check_players(pagu_ctx *ctx, uint32_t n, pagu_error *err)
{
    if (n > MOST_PLAYERS)
        return err_set(ctx, err, PAGU_LIMIT, "Shapley values of %u groups are too many; %d is the most", n,
                       MOST_PLAYERS);
    return PAGU_OK;
}

static uint32_t members(uint32_t set)
{
    return (uint32_t)__builtin_popcount(set);
}

/* How many of the n! orders have just the members of a set of `size` before one player: size! (n-1-size)!. */
static int64_t orders(uint32_t n, uint32_t size)
{
    int64_t out = 1;
    for (uint32_t i = 2; i <= size; i++)
        out *= i;
    for (uint32_t i = 2; i + size < n; i++)
        out *= i;
    return out;
}

static int64_t factorial(uint32_t n)
{
    return orders(n + 1, n);
}

/* n! times a player's value, whole: |difference| < 2^64 and all orders are n! < 2^45. */
static __int128 weighted_sum(const pagu_money *values, uint32_t n, uint32_t player)
{
    __int128 sum = 0;
    uint32_t bit = 1u << player;
    for (uint32_t set = 0; set < 1u << n; set++)
        if (!(set & bit))
            sum += ((__int128)values[set | bit] - values[set]) * orders(n, members(set));
    return sum;
}

/* Whole parts down to the floor, and what is left to the largest remainders. */
static void share_remainders(uint32_t n, __int128 left, const __int128 *remainder, pagu_money *parts)
{
    bool given[MOST_PLAYERS] = { false };
    for (; left > 0; left--) {
        uint32_t best = n;
        for (uint32_t i = 0; i < n; i++)
            if (!given[i] && (best == n || remainder[i] > remainder[best]))
                best = i;
        given[best] = true;
        parts[best]++;
    }
}

pagu_code pagu_shapley_money(pagu_ctx *ctx, const pagu_money *values, uint32_t n, pagu_money *parts, pagu_error *err)
{
    __int128 remainder[MOST_PLAYERS];
    pagu_code code = check_players(ctx, n, err);
    if (code != PAGU_OK)
        return code;
    __int128 whole = n ? (__int128)values[(1u << n) - 1] - values[0] : 0;
    for (uint32_t i = 0; i < n; i++) {
        __int128 sum = weighted_sum(values, n, i), part = sum / factorial(n);
        if (part * factorial(n) > sum)
            part--; /* down, not towards zero */
        remainder[i] = sum - part * factorial(n);
        if (part < INT64_MIN || part >= INT64_MAX)
            return err_set(ctx, err, PAGU_OVERFLOW, "a part of the difference is beyond the range of money");
        parts[i] = (pagu_money)part;
        whole -= part;
    }
    share_remainders(n, whole, remainder, parts);
    return PAGU_OK;
}

/* What rounding leaves of the whole is the largest part's: the sum is right to its last bit. */
static void add_up(double whole, uint32_t n, double *parts)
{
    uint32_t largest = 0;
    for (uint32_t i = 1; i < n; i++)
        largest = fabs(parts[i]) > fabs(parts[largest]) ? i : largest;
    for (int turn = 0; turn < 8; turn++) {
        double sum = 0;
        for (uint32_t i = 0; i < n; i++)
            sum += parts[i];
        if (sum == whole)
            return;
        parts[largest] += whole - sum;
    }
}

pagu_code pagu_shapley(pagu_ctx *ctx, const double *values, uint32_t n, double *parts, pagu_error *err)
{
    pagu_code code = check_players(ctx, n, err);
    for (uint32_t i = 0; i < n && code == PAGU_OK; i++) {
        long double sum = 0;
        uint32_t bit = 1u << i;
        for (uint32_t set = 0; set < 1u << n; set++)
            if (!(set & bit))
                sum += ((long double)values[set | bit] - values[set]) * orders(n, members(set));
        parts[i] = (double)(sum / factorial(n));
    }
    if (code == PAGU_OK && n > 0)
        add_up(values[(1u << n) - 1] - values[0], n, parts);
    return code;
}

/* Fisher and Yates; each word keyed by draw and place. */
void pagu_shapley_order(uint64_t seed, uint32_t draw, uint32_t n, uint32_t *order)
{
    random_key key = random_key_make(seed, "shapley");
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    for (uint32_t i = n; i-- > 1;) {
        uint32_t w[4];
        random_words(key, draw, i, 0, w);
        uint32_t k = (uint32_t)((uint64_t)w[0] * (i + 1) >> 32), swap = order[i];
        order[i] = order[k];
        order[k] = swap;
    }
}
