/* error.c - filling errors, names of codes, messages in the context's language.
 * SPDX-License-Identifier: MIT */
#include "base/context.h"

#include <stdarg.h>
#include <stdio.h>

const char *pagu_code_name(pagu_code code)
{
    static const char *const names[] = {
#define X(name, text, meaning) text,
        PAGU_CODES(X)
#undef X
    };
    return (unsigned)code < COUNT_OF(names) ? names[code] : "internal";
}

const char *pagu_code_meaning(pagu_code code)
{
    static const char *const meanings[] = {
#define X(name, text, meaning) meaning,
        PAGU_CODES(X)
#undef X
    };
    return (unsigned)code < COUNT_OF(meanings) ? meanings[code] : meanings[PAGU_INTERNAL];
}

const char *tr(const pagu_ctx *ctx, const char *format)
{
    if (!ctx || pagu_ctx_lang(ctx) != PAGU_LANG_ID)
        return format;
    const char *id = messages_find(ctx->messages, format);
    return id ? id : format;
}

/* Cutting to the size of a field must not leave half a character. */
static void trim_utf8(char *s, size_t len)
{
    size_t start = len;
    while (start > 0 && ((unsigned char)s[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)s[start - 1];
    size_t want = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    if (len - start < want)
        s[start - 1] = '\0';
}

/* Text from a plan may hold line ends and terminal escapes; a message is one line. */
static void one_line(char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7F)
            *s = ' ';
}

static void copy_text(char *to, size_t size, const char *from)
{
    size_t len = from ? strlen(from) : 0;
    bool cut = len >= size;
    if (cut)
        len = size - 1;
    if (len)
        memcpy(to, from, len);
    to[len] = '\0';
    if (cut)
        trim_utf8(to, len);
    one_line(to);
}

PAGU_PRINTF(6, 0)
static void fill(const pagu_ctx *ctx, pagu_error *err, pagu_code code, const char *node, const char *field,
                 const char *format, va_list args)
{
    err->code = code;
    err->line = 0;
    err->file[0] = '\0';
    copy_text(err->node, sizeof err->node, node);
    copy_text(err->field, sizeof err->field, field);
    int n = vsnprintf(err->message, sizeof err->message, tr(ctx, format), args);
    if (n < 0)
        err->message[0] = '\0';
    else if ((size_t)n >= sizeof err->message)
        trim_utf8(err->message, sizeof err->message - 1);
    one_line(err->message);
}

pagu_code err_set(const pagu_ctx *ctx, pagu_error *err, pagu_code code, const char *format, ...)
{
    if (err) {
        va_list args;
        va_start(args, format);
        fill(ctx, err, code, NULL, NULL, format, args);
        va_end(args);
    }
    return code;
}

pagu_code err_at(const pagu_ctx *ctx, pagu_error *err, pagu_code code, const char *node, const char *field,
                 const char *format, ...)
{
    if (err) {
        va_list args;
        va_start(args, format);
        fill(ctx, err, code, node, field, format, args);
        va_end(args);
    }
    return code;
}

pagu_code err_memory(const pagu_ctx *ctx, pagu_error *err)
{
    if (ctx && ctx->limit)
        return err_set(ctx, err, PAGU_NO_MEMORY, "out of memory: the limit of %zu bytes was met", ctx->limit);
    return err_set(ctx, err, PAGU_NO_MEMORY, "out of memory");
}

money_text money_str(const pagu_ctx *ctx, pagu_money value)
{
    money_text text;
    bool id = ctx && pagu_ctx_lang(ctx) == PAGU_LANG_ID;
    pagu_money_format(text.s, sizeof text.s, value, id ? PAGU_LOCALE_ID : PAGU_LOCALE_EN, 0);
    return text;
}
