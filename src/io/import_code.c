/* import_code.c - codes as tables print them: split over columns, broken by narrow cells, short of zeros.
 * SPDX-License-Identifier: MIT */
#include "io/import_parts.h"

#include <stdio.h>

static bool is_code_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Digits and points only, more than one group, as "2.02" between blanks. */
static bool is_number_word(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(p[i] >= '0' && p[i] <= '9') && p[i] != '.')
            return false;
    return n > 0;
}

/* "1 06 01 2.02 01": blanks between whole groups divide; "2.0 1" is a group that a narrow cell broke. */
static bool blanks_divide(const char *text)
{
    uint32_t words = 0;
    bool points = strchr(text, '.') != NULL;
    for (const char *p = text; *p;) {
        p += strspn(p, " \t\r\n");
        size_t n = strcspn(p, " \t\r\n");
        if (n == 0)
            break;
        if (!is_number_word(p, n) || p[n - 1] == '.' || *p == '.')
            return false;
        words++;
        p += n;
    }
    return points ? words >= 3 : words >= 2;
}

/* Append the segments of a part; blanks inside it vanish. false: signs that no code has. */
static bool append_part(const char *part, size_t len, char *out, size_t *n)
{
    bool fresh = true; /* a point is due before the next segment */
    for (size_t i = 0; i < len; i++) {
        char c = part[i];
        if (is_blank(c))
            continue;
        if (c == '.' || c == '-' || c == '/') {
            fresh = true;
            continue;
        }
        if (!is_code_char(c) || *n + 2 >= CODE_SIZE)
            return false;
        if (fresh && *n > 0)
            out[(*n)++] = '.';
        fresh = false;
        out[(*n)++] = c;
    }
    return true;
}

uint32_t segment_count(const char *code)
{
    uint32_t n = *code != '\0';
    for (; *code; code++)
        n += *code == '.';
    return n;
}

/* Urusan has one digit, bidang and program two, kegiatan 2.01, sub kegiatan two or four. */
static bool pad_code(const char *code, char out[CODE_SIZE])
{
    static const size_t widths[] = { 1, 2, 2, 1, 2, 2 };
    size_t n = 0, k = 0;
    char padded[CODE_SIZE];
    for (const char *p = code; *p; k++) {
        size_t len = strcspn(p, ".");
        bool number = is_number_word(p, len);
        size_t width = number && k < COUNT_OF(widths) ? widths[k] : 0;
        if (n + len + width + 2 >= CODE_SIZE)
            return false;
        if (k > 0)
            padded[n++] = '.';
        for (size_t i = len; i < width; i++)
            padded[n++] = '0';
        memcpy(padded + n, p, len);
        n += len;
        p += len + (p[len] == '.');
    }
    padded[n] = '\0';
    memcpy(out, padded, n + 1);
    return true;
}

/* A code has a digit somewhere: words are none. */
static bool finish(char out[CODE_SIZE], size_t n, bool pad)
{
    out[n] = '\0';
    return n > 0 && strpbrk(out, "0123456789") && (!pad || pad_code(out, out));
}

bool code_read(const char *printed, const char *split, bool pad, char out[CODE_SIZE])
{
    char dividers[16];
    size_t n = 0;
    snprintf(dividers, sizeof dividers, "%s%s", split ? split : "|", blanks_divide(printed) ? " \t\r\n" : "");
    for (const char *p = printed; *p;) {
        size_t len = strcspn(p, dividers);
        if (!append_part(p, len, out, &n))
            return false;
        p += len + (p[len] != '\0');
    }
    return finish(out, n, pad);
}

bool code_join(const char *const *parts, uint32_t n_parts, bool pad, char out[CODE_SIZE])
{
    size_t n = 0;
    for (uint32_t i = 0; i < n_parts; i++)
        if (!append_part(parts[i], strlen(parts[i]), out, &n))
            return false;
    return finish(out, n, pad);
}

static bool is_x(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != 'x' && p[i] != 'X')
            return false;
    return n > 0;
}

bool code_alias(const char *code, const char *own, char out[CODE_SIZE])
{
    size_t first = strcspn(code, ".");
    const char *second = code[first] ? code + first + 1 : code + first;
    size_t len = strcspn(second, ".");
    if (!is_x(code, first) || !is_x(second, len))
        return false;
    return snprintf(out, CODE_SIZE, "%s%s", own, second + len) < CODE_SIZE;
}
