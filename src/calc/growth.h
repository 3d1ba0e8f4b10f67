/* growth.h - percents as exact factors.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_GROWTH_H
#define PAGU_CALC_GROWTH_H

#include "base/base.h"

/* 1 + percent / 100. PAGU_ARGUMENT beyond 16 decimals or 64 bits. */
pagu_code growth_factor(pagu_decimal percent, pagu_decimal *out);

#endif
