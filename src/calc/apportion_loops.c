/* apportion_loops.c - see apportion_loops.h.
 *
 * Conversions between 64-bit integers and doubles, and 64-bit products, have vector forms from x86-64-v4
 * (AVX-512 DQ) on; elsewhere the same text compiles to scalar code and gives the same bytes, since
 * every estimate is corrected to the exact integer.
 * SPDX-License-Identifier: MIT */
#include "calc/apportion_loops.h"

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
#define WIDE_CLONES                                                                                                    \
    __attribute__((target_clones("arch=x86-64-v4", "default"), optimize("O3", "no-trapping-math"), noinline))
#else
#define WIDE_CLONES
#endif

WIDE_CLONES bool loop_sum(const int64_t *weights, size_t n, uint64_t *low, uint64_t *high)
{
    uint64_t sum_low = 0, sum_high = 0;
    int64_t signs = 0;
    for (size_t i = 0; i < n; i++) {
        signs |= weights[i];
        sum_low += (uint64_t)weights[i] & UINT32_MAX;
        sum_high += (uint64_t)weights[i] >> 32;
    }
    *low = sum_low;
    *high = sum_high;
    return signs >= 0;
}

WIDE_CLONES uint64_t loop_units(const int64_t *weights, size_t n, uint64_t total, uint64_t divisor, pagu_money *units)
{
    double ratio = (double)total / (double)divisor;
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t whole = (int64_t)((double)weights[i] * ratio);
        int64_t rest = (int64_t)(total * (uint64_t)weights[i] - (uint64_t)whole * divisor);
        whole += (rest >= (int64_t)divisor) - (rest < 0);
        units[i] = whole;
        sum += (uint64_t)whole;
    }
    return sum;
}

WIDE_CLONES void loop_rests(const int64_t *weights, const pagu_money *units, size_t n, uint64_t total, uint64_t divisor,
                            uint64_t *rest)
{
    for (size_t i = 0; i < n; i++)
        rest[i] = total * (uint64_t)weights[i] - (uint64_t)units[i] * divisor;
}

WIDE_CLONES void loop_count(const uint64_t *rest, size_t n, uint64_t x, size_t *above, size_t *at)
{
    uint64_t n_above = 0, n_at = 0;
    for (size_t i = 0; i < n; i++) {
        n_above += rest[i] > x;
        n_at += rest[i] == x;
    }
    *above = n_above;
    *at = n_at;
}

WIDE_CLONES void loop_give(pagu_money *out, const uint64_t *rest, size_t n, uint64_t last, uint64_t unit, uint64_t sign)
{
    for (size_t i = 0; i < n; i++) /* no branch: which rests are above is as good as random */
        out[i] = (pagu_money)(((uint64_t)out[i] * unit + (rest[i] > last ? unit : 0)) * sign);
}

size_t loop_gather(const uint64_t *rest, size_t n, uint64_t low, uint64_t high, uint64_t *list)
{
    size_t found = 0;
    uint64_t width = high - low;
    for (size_t i = 0; i < n; i++) {
        list[found] = rest[i];
        found += rest[i] - low <= width;
    }
    return found;
}
