/* utf8.c - UTF-8 validation, eight ASCII bytes at a time.
 * SPDX-License-Identifier: MIT */
#include "io/utf8.h"

size_t utf8_length(const char *s, size_t n)
{
    const unsigned char *u = (const unsigned char *)s;
    if (u[0] < 0x80)
        return 1;
    size_t len = u[0] >= 0xF0 ? 4 : u[0] >= 0xE0 ? 3 : 2;
    if (u[0] < 0xC2 || u[0] > 0xF4 || n < len)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((u[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (u[0] == 0xE0 && u[1] < 0xA0) || (u[0] == 0xF0 && u[1] < 0x90);
    bool surrogate = u[0] == 0xED && u[1] > 0x9F;
    bool beyond = u[0] == 0xF4 && u[1] > 0x8F;
    return overlong || surrogate || beyond ? 0 : len;
}

/* True if some byte of the word is NUL or not ASCII. */
static inline bool word_is_special(const char *s)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    uint64_t w;
    memcpy(&w, s, sizeof w);
    return (w | (w - ones)) & high;
}

size_t utf8_valid_prefix(const char *s, size_t len)
{
    size_t i = 0;
    while (i < len) {
        if (len - i >= 8 && !word_is_special(s + i)) {
            i += 8;
            continue;
        }
        size_t n = s[i] ? utf8_length(s + i, len - i) : 0;
        if (n == 0)
            return i;
        i += n;
    }
    return len;
}
