/* bind_charts.c - the script that makes charts of HTML reports interactive, as the build bundled it
 * (cmake/Charts.cmake). It lies among the constants and is read from disk when a report needs it.
 * SPDX-License-Identifier: MIT */
#include "bind/bind_object.h"

#ifdef PAGU_CHARTS_FILE
__asm__(".pushsection .rodata\n"
        ".balign 16\n"
        ".hidden bind_charts_begin\n"
        ".hidden bind_charts_end\n"
        ".globl bind_charts_begin\n"
        ".globl bind_charts_end\n"
        "bind_charts_begin:\n"
        ".incbin \"" PAGU_CHARTS_FILE "\"\n"
        "bind_charts_end:\n"
        ".byte 0\n"
        ".popsection\n");
extern const char bind_charts_begin[], bind_charts_end[];

const char *bind_charts(size_t *len)
{
    *len = (size_t)(bind_charts_end - bind_charts_begin);
    return *len ? bind_charts_begin : NULL;
}
#else
const char *bind_charts(size_t *len)
{
    *len = 0;
    return NULL;
}
#endif
