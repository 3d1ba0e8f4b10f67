/* simulate_sort.c - sorting money by its digits: least significant first, 11 bits at a time, as many digits as
 * the range of the values has. SPDX-License-Identifier: MIT */
#include "solve/simulate.h"

enum { DIGIT = 11, BUCKETS = 1 << DIGIT };

static void sort_digit(const uint64_t *from, uint64_t *to, uint32_t n, int shift)
{
    uint32_t count[BUCKETS] = { 0 }, sum = 0;
    for (uint32_t i = 0; i < n; i++)
        count[from[i] >> shift & (BUCKETS - 1)]++;
    for (int b = 0; b < BUCKETS; b++) {
        uint32_t here = count[b];
        count[b] = sum;
        sum += here;
    }
    for (uint32_t i = 0; i < n; i++)
        to[count[from[i] >> shift & (BUCKETS - 1)]++] = from[i];
}

static void sort_few(pagu_money *values, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        pagu_money x = values[i];
        uint32_t k = i;
        for (; k > 0 && values[k - 1] > x; k--)
            values[k] = values[k - 1];
        values[k] = x;
    }
}

void simulate_sort(pagu_money *values, pagu_money *scratch, uint32_t n)
{
    pagu_money least = values[0], most = values[0];
    if (n < 64) {
        sort_few(values, n);
        return;
    }
    for (uint32_t i = 1; i < n; i++) {
        least = values[i] < least ? values[i] : least;
        most = values[i] > most ? values[i] : most;
    }
    uint64_t range = (uint64_t)most - (uint64_t)least;
    uint64_t *from = (uint64_t *)values, *to = (uint64_t *)scratch;
    for (uint32_t i = 0; i < n; i++)
        from[i] -= (uint64_t)least;
    for (int shift = 0; shift < 64 && range >> shift; shift += DIGIT) {
        sort_digit(from, to, n, shift);
        uint64_t *other = from;
        from = to;
        to = other;
    }
    for (uint32_t i = 0; i < n; i++)
        values[i] = (pagu_money)(from[i] + (uint64_t)least);
}
