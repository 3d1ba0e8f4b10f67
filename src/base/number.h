/* number.h - what number.c and number_parse.c share.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_NUMBER_H
#define PAGU_SRC_NUMBER_H

#include "base/base.h"

__extension__ typedef __int128 wide;

/* 10^n for n in 0..38. */
wide wide_pow10(int n);
/* num / den rounded half away from zero; den must not be 0. The only rounding there is. */
wide wide_div_round(wide num, wide den);
/* num / den rounded down; den must not be 0. */
wide wide_div_floor(wide num, wide den);
/* false if value does not fit. */
bool wide_to_int64(wide value, int64_t *out);

#endif
