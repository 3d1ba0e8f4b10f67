/* growth.c - percents as exact factors.
 * SPDX-License-Identifier: MIT */
#include "calc/growth.h"

pagu_code growth_factor(pagu_decimal percent, pagu_decimal *out)
{
    while (percent.scale > 0 && percent.digits % 10 == 0) {
        percent.digits /= 10;
        percent.scale--;
    }
    if (percent.scale > 16)
        return PAGU_ARGUMENT;
    int64_t one = 100;
    for (int i = 0; i < percent.scale; i++)
        one *= 10;
    pagu_decimal factor = { .scale = (uint8_t)(percent.scale + 2) };
    if (__builtin_add_overflow(one, percent.digits, &factor.digits))
        return PAGU_ARGUMENT;
    *out = factor;
    return PAGU_OK;
}
