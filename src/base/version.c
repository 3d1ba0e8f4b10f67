/* version.c - the version that the build gives.
 * SPDX-License-Identifier: MIT */
#include "pagu/base.h"

const char *pagu_version(void)
{
    return PAGU_VERSION;
}
