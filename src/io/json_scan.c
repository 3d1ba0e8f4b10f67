/* json_scan.c - validating JSON text before cJSON sees it, and finding lines in it.
 * SPDX-License-Identifier: MIT */
#include "io/json_scan.h"

#include "io/file.h"
#include "io/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const uint64_t max_integer = UINT64_C(9007199254740991); /* 2^53 - 1 */

typedef struct json_key {
    const char *s; /* decoded */
    uint32_t len, hash;
    const char *at; /* where it stands, for messages */
} json_key;

typedef struct scan {
    pagu_ctx *ctx;
    const char *p, *end;
    int depth;
    arena decoded;
    json_key *keys; /* of all open objects */
    uint32_t n_keys, cap_keys;
    const char *fault_at;  /* NULL: memory */
    const char *fault;     /* English message; NULL: none */
    const char *fault_arg; /* for messages with one "%.*s" */
    int fault_arg_len;
} scan;

static bool scan_value(scan *s);

static bool fail(scan *s, const char *at, const char *message)
{
    s->fault_at = at;
    s->fault = message;
    return false;
}

static bool fail_with(scan *s, const char *at, const char *message, const char *arg, size_t len)
{
    s->fault_arg = arg;
    s->fault_arg_len = len > 60 ? 60 : (int)len;
    return fail(s, at, message);
}

static bool fail_unexpected(scan *s, const char *wanted)
{
    if (s->p == s->end)
        return fail(s, s->p, "the text ends too early");
    return fail(s, s->p, wanted);
}

static void skip_blank(scan *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\n' || *s->p == '\t' || *s->p == '\r'))
        s->p++;
}

static char peek(const scan *s)
{
    return s->p < s->end ? *s->p : '\0';
}

/* ---- strings ---- */

static int hex4(const char *p, const char *end)
{
    if (end - p < 4)
        return -1;
    int code = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (digit < 0)
            return -1;
        code = code * 16 + digit;
    }
    return code;
}

/* p stands on the 'u' of an escape; gives the character and what follows it. */
static bool scan_unicode(scan *s, uint32_t *out)
{
    const char *at = s->p - 1;
    int code = hex4(s->p + 1, s->end);
    if (code < 0)
        return fail(s, at, "\\u needs four hexadecimal digits");
    if (code == 0)
        return fail(s, at, "\\u0000 is not allowed in a string");
    s->p += 5;
    if (code < 0xD800 || code > 0xDFFF) {
        *out = (uint32_t)code;
        return true;
    }
    int low = s->end - s->p >= 6 && s->p[0] == '\\' && s->p[1] == 'u' ? hex4(s->p + 2, s->end) : -1;
    if (code > 0xDBFF || low < 0xDC00 || low > 0xDFFF)
        return fail(s, at, "half of a surrogate pair");
    s->p += 6;
    *out = 0x10000 + (((uint32_t)code & 0x3FF) << 10) + ((uint32_t)low & 0x3FF);
    return true;
}

static bool scan_escape(scan *s, uint32_t *out)
{
    const char *at = s->p++;
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = peek(s);
    if (c == 'u')
        return scan_unicode(s, out);
    const char *known = c ? strchr(from, c) : NULL;
    if (!known)
        return fail(s, at, "unknown escape; use \\\\ for a backslash");
    *out = (unsigned char)to[known - from];
    s->p++;
    return true;
}

/* Bytes that a string may hold as they are, without a look at UTF-8. */
static bool is_plain(char c)
{
    return (unsigned char)c >= 0x20 && (unsigned char)c < 0x80 && c != '"' && c != '\\';
}

static bool scan_string(scan *s, const char **text, size_t *len, bool *escaped)
{
    const char *start = s->p++;
    *escaped = false;
    for (;;) {
        while (s->p < s->end && is_plain(*s->p))
            s->p++;
        if (s->p == s->end)
            return fail(s, start, "a string without a closing quote");
        uint32_t ignored;
        if (*s->p == '"')
            break;
        if (*s->p == '\\') {
            *escaped = true;
            if (!scan_escape(s, &ignored))
                return false;
        } else if ((unsigned char)*s->p < 0x20) {
            return fail(s, s->p, "a control character in a string; write it as an escape");
        } else {
            size_t n = utf8_length(s->p, (size_t)(s->end - s->p));
            if (n == 0)
                return fail(s, s->p, "not UTF-8; save the file as UTF-8");
            s->p += n;
        }
    }
    *text = start + 1;
    *len = (size_t)(s->p - start - 1);
    s->p++;
    return true;
}

/* ---- keys ---- */

static char *put_utf8(char *to, uint32_t c)
{
    if (c < 0x80) {
        *to++ = (char)c;
    } else if (c < 0x800) {
        *to++ = (char)(0xC0 | c >> 6);
        *to++ = (char)(0x80 | (c & 63));
    } else if (c < 0x10000) {
        *to++ = (char)(0xE0 | c >> 12);
        *to++ = (char)(0x80 | (c >> 6 & 63));
        *to++ = (char)(0x80 | (c & 63));
    } else {
        *to++ = (char)(0xF0 | c >> 18);
        *to++ = (char)(0x80 | (c >> 12 & 63));
        *to++ = (char)(0x80 | (c >> 6 & 63));
        *to++ = (char)(0x80 | (c & 63));
    }
    return to;
}

/* "\u0061" and "a" are the same key. The text is valid and never longer decoded. */
static bool decode_key(scan *s, const char **text, size_t *len)
{
    char *copy = arena_alloc(&s->decoded, *len + 1), *to = copy;
    if (!copy)
        return false;
    scan inner = { .p = *text, .end = *text + *len };
    while (inner.p < inner.end) {
        uint32_t c;
        if (*inner.p != '\\')
            *to++ = *inner.p++;
        else if (scan_escape(&inner, &c))
            to = put_utf8(to, c);
    }
    *text = copy;
    *len = (size_t)(to - copy);
    return true;
}

static bool push_key(scan *s)
{
    const char *at = s->p, *text;
    size_t len;
    bool escaped;
    if (!scan_string(s, &text, &len, &escaped))
        return false;
    if (escaped && !decode_key(s, &text, &len))
        return false;
    if (!mem_grow(s->ctx, &s->keys, &s->cap_keys, s->n_keys, sizeof s->keys[0]))
        return false;
    s->keys[s->n_keys++] =
        (json_key){ .s = text, .len = (uint32_t)len, .hash = (uint32_t)hash_bytes(text, len), .at = at };
    return true;
}

static int compare_keys(const void *a, const void *b)
{
    const json_key *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    if (x->len != y->len)
        return x->len < y->len ? -1 : 1;
    int c = memcmp(x->s, y->s, x->len);
    return c ? c : (x->at > y->at) - (x->at < y->at);
}

static bool same_key(const json_key *a, const json_key *b)
{
    return a->hash == b->hash && a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
}

/* The first key of an object that repeats an earlier one, or NULL. */
static const json_key *find_duplicate(json_key *keys, uint32_t n)
{
    const json_key *found = NULL;
    if (n <= 16) {
        for (uint32_t i = 1; i < n; i++)
            for (uint32_t j = 0; j < i; j++)
                if (same_key(&keys[i], &keys[j]))
                    return &keys[i];
        return NULL;
    }
    qsort(keys, n, sizeof keys[0], compare_keys);
    for (uint32_t i = 1; i < n; i++)
        if (same_key(&keys[i], &keys[i - 1]) && (!found || keys[i].at < found->at))
            found = &keys[i];
    return found;
}

/* ---- values ---- */

static bool scan_digits(scan *s)
{
    const char *start = s->p;
    while (peek(s) >= '0' && peek(s) <= '9')
        s->p++;
    return s->p > start;
}

/* Significant digits and decimal magnitude of a number: 0.DIGITS x 10^magnitude. */
typedef struct magnitude {
    uint64_t digits; /* the first 16 */
    int n_digits;
    bool more; /* some digit after them is not 0 */
    long power;
} magnitude;

static long read_exponent(const char *p, const char *end)
{
    bool negative = p < end && *p == '-';
    long exponent = 0;
    for (p += p < end && (*p == '-' || *p == '+'); p < end && exponent < 100000; p++)
        exponent = exponent * 10 + (*p - '0');
    return negative ? -exponent : exponent;
}

static magnitude measure_number(const char *p, const char *end)
{
    magnitude m = { 0 };
    bool fraction = false;
    for (; p < end && (*p | 32) != 'e'; p++) {
        if (*p == '.')
            fraction = true;
        if (*p < '0' || *p > '9')
            continue;
        bool leading_zero = *p == '0' && m.n_digits == 0;
        if (!fraction && !leading_zero)
            m.power++;
        else if (fraction && leading_zero)
            m.power--;
        if (leading_zero)
            continue;
        if (m.n_digits < 16) {
            m.digits = m.digits * 10 + (uint64_t)(*p - '0');
            m.n_digits++;
        } else {
            m.more |= *p != '0';
        }
    }
    m.power += p < end ? read_exponent(p + 1, end) : 0;
    return m;
}

static bool check_size(scan *s, const char *start)
{
    size_t len = (size_t)(s->p - start);
    magnitude m = measure_number(start, s->p);
    if (len >= 63) /* cJSON keeps no more */
        return fail_with(s, start, "the number %.*s is too long; quote it as a string", start, len);
    if (m.digits == 0)
        return true;
    for (int i = m.n_digits; i < 16; i++)
        m.digits *= 10;
    bool beyond = m.digits > max_integer || (m.digits == max_integer && m.more);
    if (m.power > 16 || (m.power == 16 && beyond))
        return fail_with(s, start, "the number %.*s is beyond 2^53-1; quote it as a string", start, len);
    if (m.power < -300)
        return fail_with(s, start, "the number %.*s is too small; quote it as a string", start, len);
    return true;
}

static bool scan_number(scan *s)
{
    const char *start = s->p;
    if (peek(s) == '-')
        s->p++;
    const char *first = s->p;
    if (!scan_digits(s))
        return fail_unexpected(s, "a number needs a digit here");
    if (*first == '0' && s->p > first + 1)
        return fail(s, first, "a number may not begin with 0");
    if (peek(s) == '.') {
        s->p++;
        if (!scan_digits(s))
            return fail_unexpected(s, "a number needs a digit here");
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        s->p++;
        if (peek(s) == '+' || peek(s) == '-')
            s->p++;
        if (!scan_digits(s))
            return fail_unexpected(s, "a number needs a digit here");
    }
    return check_size(s, start);
}

static bool scan_word(scan *s, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(s->end - s->p) >= n && memcmp(s->p, word, n) == 0) {
        s->p += n;
        return true;
    }
    return fail_unexpected(s, "a value is missing here");
}

static bool scan_member(scan *s)
{
    if (peek(s) != '"')
        return fail_unexpected(s, "a key in quotes is missing here");
    if (!push_key(s))
        return false;
    skip_blank(s);
    if (peek(s) != ':')
        return fail_unexpected(s, "\":\" is missing here");
    s->p++;
    return scan_value(s);
}

/* Elements or members up to `close`; p stands behind the opening bracket. */
static bool scan_list(scan *s, char close, bool (*item)(scan *s))
{
    skip_blank(s);
    if (peek(s) == close) {
        s->p++;
        return true;
    }
    for (;;) {
        skip_blank(s);
        if (!item(s))
            return false;
        skip_blank(s);
        char c = peek(s);
        if (c != ',' && c != close)
            return fail_unexpected(s,
                                   close == '}' ? "\",\" or \"}\" is missing here" : "\",\" or \"]\" is missing here");
        s->p++;
        if (c == close)
            return true;
    }
}

static bool scan_object(scan *s)
{
    uint32_t mark = s->n_keys;
    s->p++;
    if (!scan_list(s, '}', scan_member))
        return false;
    const json_key *twice = find_duplicate(s->keys + mark, s->n_keys - mark);
    if (twice)
        return fail_with(s, twice->at, "the key \"%.*s\" stands twice in one object", twice->s, twice->len);
    s->n_keys = mark;
    return true;
}

static bool scan_array(scan *s)
{
    s->p++;
    return scan_list(s, ']', scan_value);
}

static bool scan_nested(scan *s, bool (*container)(scan *s))
{
    if (s->depth == JSON_MAX_DEPTH)
        return fail(s, s->p, "nested too deeply");
    s->depth++;
    bool ok = container(s);
    s->depth--;
    return ok;
}

static bool scan_value(scan *s)
{
    skip_blank(s);
    const char *text;
    size_t len;
    bool escaped;
    switch (peek(s)) {
    case '{': return scan_nested(s, scan_object);
    case '[': return scan_nested(s, scan_array);
    case '"': return scan_string(s, &text, &len, &escaped);
    case 't': return scan_word(s, "true");
    case 'f': return scan_word(s, "false");
    case 'n': return scan_word(s, "null");
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9': return scan_number(s);
    default: return fail_unexpected(s, "a value is missing here");
    }
}

static bool scan_text(scan *s)
{
    if (!scan_value(s))
        return false;
    skip_blank(s);
    return s->p == s->end || fail(s, s->p, "text after the end of the JSON value");
}

/* ---- messages ---- */

/* Formats come from the catalogue: without the attribute that wants a literal. */
static void say(char *buf, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(buf, size, format, args);
    va_end(args);
}

static pagu_code report_fault(const scan *s, const char *bytes, const char *name, int line, pagu_error *err)
{
    int column = 1;
    for (const char *p = bytes; p < s->fault_at; p++) {
        if (*p == '\n') {
            line++;
            column = 1;
        } else if (((unsigned char)*p & 0xC0) != 0x80) {
            column++;
        }
    }
    char reason[400];
    if (s->fault_arg)
        say(reason, sizeof reason, tr(s->ctx, s->fault), s->fault_arg_len, s->fault_arg);
    else
        say(reason, sizeof reason, tr(s->ctx, s->fault));
    pagu_code code = err_set(s->ctx, err, PAGU_SYNTAX, "%s:%d:%d: %s", name, line, column, reason);
    return err_in_file(err, code, name, line);
}

pagu_code json_validate_at(pagu_ctx *ctx, const char *bytes, size_t len, const char *name, uint32_t line,
                           pagu_error *err)
{
    scan s = { .ctx = ctx, .p = bytes, .end = bytes + len };
    arena_init(&s.decoded, ctx);
    pagu_code code = PAGU_OK;
    if (!scan_text(&s))
        code = s.fault ? report_fault(&s, bytes, name, (int)line, err) : err_memory(ctx, err);
    arena_free(&s.decoded);
    mem_free(ctx, s.keys, s.cap_keys * sizeof s.keys[0]);
    return code;
}

pagu_code json_validate(pagu_ctx *ctx, const char *bytes, size_t len, const char *name, pagu_error *err)
{
    return json_validate_at(ctx, bytes, len, name, 1, err);
}
