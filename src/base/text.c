/* text.c - a growing UTF-8 buffer.
 * SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

struct pagu_text {
    pagu_ctx *ctx;
    char *data;
    size_t len, cap;
};

pagu_text *pagu_text_new(pagu_ctx *ctx)
{
    pagu_text *text = mem_zalloc(ctx, sizeof *text);
    if (text)
        text->ctx = ctx;
    return text;
}

void pagu_text_free(pagu_text *text)
{
    if (!text)
        return;
    mem_free(text->ctx, text->data, text->cap);
    mem_free(text->ctx, text, sizeof *text);
}

const char *pagu_text_data(const pagu_text *text)
{
    return text->data ? text->data : "";
}

size_t pagu_text_len(const pagu_text *text)
{
    return text->len;
}

pagu_ctx *text_ctx(const pagu_text *text)
{
    return text->ctx;
}

void text_truncate(pagu_text *text, size_t len)
{
    if (len < text->len) {
        text->len = len;
        text->data[len] = '\0';
    }
}

/* Room for `more` bytes and the NUL. */
static bool make_room(pagu_text *text, size_t more)
{
    if (more < text->cap - text->len)
        return true;
    if (more > SIZE_MAX / 4 || text->cap > SIZE_MAX / 4)
        return false;
    size_t cap = text->cap ? text->cap * 2 : 128;
    if (cap <= text->len + more)
        cap = text->len + more + 1;
    char *data = mem_realloc(text->ctx, text->data, text->cap, cap);
    if (!data)
        return false;
    text->data = data;
    text->cap = cap;
    return true;
}

pagu_code pagu_text_append(pagu_text *text, const char *bytes, size_t len)
{
    if (len == 0)
        return PAGU_OK;
    if (!make_room(text, len))
        return PAGU_NO_MEMORY;
    memcpy(text->data + text->len, bytes, len);
    text->len += len;
    text->data[text->len] = '\0';
    return PAGU_OK;
}

pagu_code pagu_text_printf(pagu_text *text, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    pagu_code code = PAGU_OK;
    size_t room = text->cap - text->len;
    char *end = text->data ? text->data + text->len : NULL;
    int n = vsnprintf(end, room, format, args);
    if (n < 0)
        code = PAGU_ARGUMENT;
    else if ((size_t)n >= room) {
        if (make_room(text, (size_t)n))
            vsnprintf(text->data + text->len, (size_t)n + 1, format, again);
        else
            code = PAGU_NO_MEMORY;
    }
    if (code == PAGU_OK)
        text->len += (size_t)n;
    else if (text->data)
        text->data[text->len] = '\0';
    va_end(again);
    va_end(args);
    return code;
}
