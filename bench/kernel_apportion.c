/* kernel_apportion.c - the least work of an exact proportional allocation; see kernels.h. */
#include "kernels.h"

#include <stdlib.h>

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__)
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "default"), optimize("O3", "no-trapping-math"), noinline))
#else
#define CLONES
#endif

enum { SAMPLE = 4096 };

CLONES static uint64_t share(int64_t total, const int64_t *w, size_t n, uint64_t sum, int64_t *out, uint64_t *rest)
{
    double ratio = (double)total / (double)sum;
    uint64_t given = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t units = (int64_t)((double)w[i] * ratio);
        int64_t r = (int64_t)((uint64_t)total * (uint64_t)w[i] - (uint64_t)units * sum);
        int64_t off = (r >= (int64_t)sum) - (r < 0);
        out[i] = units + off;
        rest[i] = (uint64_t)(r - off * (int64_t)sum);
        given += (uint64_t)(units + off);
    }
    return given;
}

CLONES static size_t count_above(const uint64_t *rest, size_t n, uint64_t x)
{
    uint64_t above = 0;
    for (size_t i = 0; i < n; i++)
        above += rest[i] > x;
    return above;
}

CLONES static void give(int64_t *out, const uint64_t *rest, size_t n, uint64_t last)
{
    for (size_t i = 0; i < n; i++)
        out[i] += rest[i] > last;
}

static size_t gather(const uint64_t *rest, size_t n, uint64_t low, uint64_t high, uint64_t *list)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        list[found] = rest[i];
        found += rest[i] - low <= high - low;
    }
    return found;
}

static int falling(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x < y) - (x > y);
}

/* The m-th largest of a; a is left in another order. */
static uint64_t nth(uint64_t *a, size_t n, size_t m)
{
    size_t from = 0, to = n;
    while (to - from > 32) {
        uint64_t x = a[from], y = a[from + (to - from) / 2], z = a[to - 1];
        uint64_t pivot = x > y ? (y > z ? y : x > z ? z : x) : (x > z ? x : y > z ? z : y);
        size_t i = from, j = to - 1;
        while (i <= j) {
            while (a[i] > pivot)
                i++;
            while (a[j] < pivot)
                j--;
            if (i > j)
                break;
            uint64_t t = a[i];
            a[i++] = a[j];
            a[j--] = t;
        }
        if (m <= j + 1)
            to = j + 1;
        else if (m > i)
            from = i;
        else
            return pivot;
    }
    qsort(a + from, to - from, sizeof *a, falling);
    return a[m - 1];
}

static uint64_t deciding(const uint64_t *rest, size_t n, size_t m, size_t *above)
{
    uint64_t low = 0, high = UINT64_MAX, sample[SAMPLE];
    uint64_t *list = malloc((n + 1) * sizeof *list);
    if (n > SAMPLE) {
        size_t size = n / 8 < SAMPLE ? n / 8 : SAMPLE, rank = (size_t)((double)m / (double)n * (double)size),
               margin = 8;
        while (margin * margin < 6 * size)
            margin += 8;
        for (size_t i = 0; i < size; i++)
            sample[i] = rest[i * (n / size)];
        if (rank > margin)
            high = nth(sample, size, rank - margin);
        if (rank + margin <= size)
            low = nth(sample, size, rank + margin);
    }
    *above = count_above(rest, n, high);
    size_t found = gather(rest, n, low, high, list);
    uint64_t last = nth(list, found, m - *above);
    *above += count_above(list, found, last);
    free(list);
    return last;
}

void kernel_apportion(int64_t total, const int64_t *weights, size_t n, int64_t *out, uint64_t *rest)
{
    uint64_t sum = (uint64_t)kernel_sum(weights, n), last;
    size_t left = (size_t)((uint64_t)total - share(total, weights, n, sum, out, rest)), above;
    if (left == 0)
        return;
    last = deciding(rest, n, left, &above);
    give(out, rest, n, last);
    for (size_t i = 0, ties = left - above; ties > 0; i++)
        if (rest[i] == last) {
            out[i]++;
            ties--;
        }
}
