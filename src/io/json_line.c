/* json_line.c - lines of values in JSON text that is known to be valid.
 * SPDX-License-Identifier: MIT */
#include "io/json_scan.h"

#include <stdlib.h>

static void step(json_cursor *c)
{
    c->line += *c->p++ == '\n';
}

static void pass_blank(json_cursor *c)
{
    while (c->p < c->end && strchr(" \t\r\n,:", *c->p))
        step(c);
}

static void pass_string(json_cursor *c)
{
    for (c->p++; *c->p != '"'; c->p++)
        if (*c->p == '\\')
            c->p++;
    c->p++;
}

static void pass_value(json_cursor *c)
{
    int depth = 0;
    do {
        pass_blank(c);
        if (*c->p == '"') {
            pass_string(c);
        } else if (*c->p == '{' || *c->p == '[') {
            depth++;
            c->p++;
        } else if (*c->p == '}' || *c->p == ']') {
            depth--;
            c->p++;
        } else {
            while (c->p < c->end && !strchr(" \t\r\n,:{}[]", *c->p))
                c->p++;
        }
    } while (depth > 0);
}

/* Move to the value of `key` in the object at c. Keys with escapes are not found. */
static bool enter_member(json_cursor *c, const char *key, size_t len)
{
    c->p++;
    for (pass_blank(c); *c->p != '}'; pass_blank(c)) {
        const char *at = c->p + 1;
        pass_string(c);
        bool found = (size_t)(c->p - at - 1) == len && memcmp(at, key, len) == 0;
        pass_blank(c);
        if (found)
            return true;
        pass_value(c);
    }
    return false;
}

static bool enter_element(json_cursor *c, unsigned long index)
{
    c->p++;
    for (pass_blank(c); *c->p != ']'; pass_blank(c)) {
        if (index-- == 0)
            return true;
        pass_value(c);
    }
    return false;
}

/* Move to the value that a pointer names, or to its deepest part that exists. */
static bool go_to(json_cursor *c, const char *pointer)
{
    pass_blank(c);
    while (*pointer == '/') {
        const char *part = ++pointer;
        pointer += strcspn(pointer, "/");
        json_cursor before = *c;
        bool found = *c->p == '{'   ? enter_member(c, part, (size_t)(pointer - part))
                     : *c->p == '[' ? enter_element(c, strtoul(part, NULL, 10))
                                    : false;
        if (!found) {
            *c = before;
            return false;
        }
    }
    return true;
}

static json_cursor cursor_at_start(const char *bytes, size_t len)
{
    size_t bom = len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    return (json_cursor){ .p = bytes + bom, .end = bytes + len, .line = 1 };
}

uint32_t json_line(const char *bytes, size_t len, const char *pointer)
{
    json_cursor c = cursor_at_start(bytes, len);
    go_to(&c, pointer);
    return c.line;
}

void json_cursor_open(json_cursor *c, const char *bytes, size_t len, const char *pointer)
{
    *c = cursor_at_start(bytes, len);
    c->inside = go_to(c, pointer) && *c->p == '[';
    if (c->inside)
        c->p++;
}

uint32_t json_cursor_next(json_cursor *c)
{
    if (!c->inside)
        return c->line;
    pass_blank(c);
    uint32_t line = c->line;
    if (*c->p == ']')
        c->inside = false;
    else
        pass_value(c);
    return line;
}
