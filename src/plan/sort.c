/* sort.c - stable merge sort of index arrays.
 *
 * Not qsort: that allocates behind the context's back, and its result may depend on the libc.
 * SPDX-License-Identifier: MIT */
#include "plan/plan_struct.h"

enum { RUN = 12 };

static void insertion_sort(uint32_t *items, uint32_t n, index_order order, const void *ud)
{
    for (uint32_t i = 1; i < n; i++) {
        uint32_t item = items[i], at = i;
        for (; at > 0 && order(ud, items[at - 1], item) > 0; at--)
            items[at] = items[at - 1];
        items[at] = item;
    }
}

/* Merge items[0, middle) and items[middle, n); only the left half moves to scratch. */
static void merge(uint32_t *items, uint32_t *scratch, uint32_t middle, uint32_t n, index_order order, const void *ud)
{
    memcpy(scratch, items, middle * sizeof *items);
    uint32_t left = 0, right = middle, out = 0;
    while (left < middle && right < n)
        items[out++] = order(ud, scratch[left], items[right]) <= 0 ? scratch[left++] : items[right++];
    memcpy(items + out, scratch + left, (middle - left) * sizeof *items);
}

static void merge_sort(uint32_t *items, uint32_t *scratch, uint32_t n, index_order order, const void *ud)
{
    if (n <= RUN) {
        insertion_sort(items, n, order, ud);
        return;
    }
    uint32_t middle = n / 2;
    merge_sort(items, scratch, middle, order, ud);
    merge_sort(items + middle, scratch, n - middle, order, ud);
    if (order(ud, items[middle - 1], items[middle]) > 0)
        merge(items, scratch, middle, n, order, ud);
}

void sort_indices(uint32_t *items, uint32_t *scratch, uint32_t n, index_order order, const void *ud)
{
    for (uint32_t i = 1; i < n; i++)
        if (order(ud, items[i - 1], items[i]) > 0) {
            merge_sort(items, scratch, n, order, ud);
            return;
        }
}
