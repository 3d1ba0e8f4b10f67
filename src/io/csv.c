/* csv.c - strict RFC 4180, in place, from a whole text or a window that moves over a file.
 *
 * The bytes that end fields are found 64 at a time; a record is only changed (NULs, undoubled
 * quotes) once it is whole, so that one cut off by the window can be read again.
 *
 * SPDX-License-Identifier: MIT */
#include "io/csv.h"

#include "io/report.h"
#include "io/utf8.h"

#include <stdio.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { BLOCK = 64, WINDOW = 256 * 1024 };
#define DOUBLED (UINT32_C(1) << 31) /* in a length, until the field's quotes are undoubled */

typedef enum fault {
    FAULT_NONE = 0,
    FAULT_MEMORY,
    FAULT_UNTERMINATED,
    FAULT_STRAY_QUOTE,
    FAULT_AFTER_QUOTE,
    FAULT_RETURN,
    FAULT_NUL,
    CUT_OFF /* no fault: the record goes on behind the window */
} fault;

/* ---- blocks ---- */

/* Bytes of a block that end a run of plain ones, and whether some byte is not ASCII. */
typedef struct block_bits {
    uint64_t special;
    bool high;
} block_bits;

#if defined(__SSE2__)
static inline block_bits look_at(const char *p)
{
    block_bits bits = { 0, false };
    uint64_t high = 0;
    for (int i = 0; i < BLOCK; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i comma = _mm_cmpeq_epi8(v, _mm_set1_epi8(',')), quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
        __m128i line = _mm_cmpeq_epi8(v, _mm_set1_epi8('\n')), back = _mm_cmpeq_epi8(v, _mm_set1_epi8('\r'));
        __m128i any = _mm_or_si128(_mm_or_si128(comma, quote), _mm_or_si128(line, back));
        any = _mm_or_si128(any, _mm_cmpeq_epi8(v, _mm_setzero_si128()));
        bits.special |= (uint64_t)(uint32_t)_mm_movemask_epi8(any) << i;
        high |= (uint64_t)(uint32_t)_mm_movemask_epi8(v);
    }
    bits.high = high != 0;
    return bits;
}
#else
static inline block_bits look_at(const char *p)
{
    static const bool special[256] = { [0] = true, [','] = true, ['"'] = true, ['\n'] = true, ['\r'] = true };
    block_bits bits = { 0, false };
    for (int i = 0; i < BLOCK; i++) {
        bits.special |= (uint64_t)special[(unsigned char)p[i]] << i;
        bits.high |= (unsigned char)p[i] >= 0x80;
    }
    return bits;
}
#endif

/* The block at p; what lies behind the NUL at the end counts as NULs. */
static inline block_bits block_at(const csv_reader *r, const char *p)
{
    char copy[BLOCK] = { 0 };
    size_t left = (size_t)(r->end + 1 - p);
    if (left >= BLOCK)
        return look_at(p);
    memcpy(copy, p, left);
    return look_at(copy);
}

/* Go on at p. */
static void seek(csv_reader *r, char *p)
{
    r->p = p;
    r->block = r->bytes + ((p - r->bytes) & ~(ptrdiff_t)(BLOCK - 1));
    block_bits bits = block_at(r, r->block);
    r->special = bits.special & UINT64_MAX << (p - r->block);
    r->high = bits.high;
}

/* ---- the text ---- */

static void begin(csv_reader *r, pagu_ctx *ctx, pagu_findings *findings, const char *file)
{
    *r = (csv_reader){ .ctx = ctx, .findings = findings, .file = file, .next_line = 1 };
}

static void start_text(csv_reader *r)
{
    bool mark = r->end - r->bytes >= 3 && memcmp(r->bytes, "\xEF\xBB\xBF", 3) == 0;
    seek(r, r->bytes + (mark ? 3 : 0));
}

void csv_open(csv_reader *r, pagu_ctx *ctx, pagu_findings *findings, const char *file, char *bytes, size_t len)
{
    begin(r, ctx, findings, file);
    r->bytes = bytes;
    r->end = bytes + len;
    start_text(r);
}

/* Move what is unread to the front of the window and fill the rest of it; a window full of one
 * record is doubled. */
static pagu_code refill(csv_reader *r)
{
    size_t kept = (size_t)(r->end - r->p), got = 0;
    if (kept == r->window - 1) {
        char *wide = mem_realloc(r->ctx, r->bytes, r->window, 2 * r->window);
        if (!wide)
            return PAGU_NO_MEMORY;
        r->bytes = wide; /* nothing was read before it: p was its beginning */
        r->window *= 2;
    } else {
        memmove(r->bytes, r->p, kept);
    }
    pagu_code code = file_next(r->in, r->bytes + kept, r->window - 1 - kept, &got, &r->error);
    r->more = code == PAGU_OK && got > 0;
    r->end = r->bytes + kept + got;
    *r->end = '\0';
    seek(r, r->bytes);
    return code;
}

pagu_code csv_open_file(csv_reader *r, pagu_ctx *ctx, pagu_findings *findings, const char *file, file_stream *in)
{
    begin(r, ctx, findings, file);
    r->window = in->size < WINDOW ? in->size + 2 : WINDOW; /* a byte more tells that the file has ended */
    r->bytes = r->p = r->end = mem_alloc(ctx, r->window);
    if (!r->bytes)
        return PAGU_NO_MEMORY;
    r->in = in;
    pagu_code code = refill(r);
    if (code == PAGU_OK)
        start_text(r);
    return code;
}

void csv_close(csv_reader *r)
{
    mem_free(r->ctx, r->fields, r->cap * sizeof r->fields[0]);
    mem_free(r->ctx, r->lengths, r->cap_lengths * sizeof r->lengths[0]);
    if (r->window)
        mem_free(r->ctx, r->bytes, r->window);
    *r = (csv_reader){ 0 };
}

/* ---- faults ---- */

static csv_result report(csv_reader *r, uint32_t line, uint32_t column, const char *message)
{
    r->n_faults++;
    char name[16] = "";
    if (column)
        snprintf(name, sizeof name, "#%u", column);
    place at = { .rule = "csv-syntax", .file = r->file, .line = line, .column = name };
    return report_text(r->ctx, r->findings, &at, message) == PAGU_OK ? CSV_RECORD : CSV_NO_MEMORY;
}

static csv_result report_fault(csv_reader *r, fault what, uint32_t column)
{
    switch (what) {
    case FAULT_UNTERMINATED: return report(r, r->line, column, "a quoted field has no closing quote");
    case FAULT_STRAY_QUOTE:
        return report(r, r->line, column,
                      "a quote inside a field that does not begin with one; "
                      "quote the field and double the quote");
    case FAULT_AFTER_QUOTE:
        return report(r, r->line, column, "text after the closing quote of a field; double the quotes inside it");
    case FAULT_RETURN: return report(r, r->line, column, "a carriage return without a line feed");
    case FAULT_NUL: return report(r, r->line, column, "a NUL byte");
    default: return CSV_NO_MEMORY;
    }
}

static csv_result failed(csv_reader *r, pagu_code code)
{
    r->p = r->end;
    r->more = false;
    return code == PAGU_NO_MEMORY ? CSV_NO_MEMORY : CSV_UNREADABLE;
}

/* Go behind the next line end, so that what follows a fault is still looked at. */
static pagu_code skip_line(csv_reader *r, char *p)
{
    char *nl = memchr(p, '\n', (size_t)(r->end - p));
    while (!nl && r->more) {
        r->p = r->end;
        pagu_code code = refill(r);
        if (code != PAGU_OK)
            return code;
        nl = memchr(r->p, '\n', (size_t)(r->end - r->p));
    }
    seek(r, nl ? nl + 1 : r->end);
    r->next_line++;
    return PAGU_OK;
}

/* ---- one record ---- */

static bool fields_room(csv_reader *r)
{
    return mem_grow(r->ctx, &r->fields, &r->cap, r->n, sizeof r->fields[0]) &&
           mem_grow(r->ctx, &r->lengths, &r->cap_lengths, r->n, sizeof r->lengths[0]);
}

static inline bool add_field(csv_reader *r, char *start, char *end, uint32_t mark)
{
    if ((r->n >= r->cap || r->n >= r->cap_lengths) && !fields_room(r))
        return false;
    r->fields[r->n] = start;
    r->lengths[r->n++] = (uint32_t)(end - start) | mark;
    return true;
}

/* The next special byte, which is at the end at the latest. */
static inline char *next_special(csv_reader *r)
{
    while (!r->special) {
        r->block += BLOCK;
        block_bits bits = block_at(r, r->block);
        r->special = bits.special;
        r->high = bits.high;
        r->suspect |= bits.high;
    }
    char *at = r->block + __builtin_ctzll(r->special);
    r->special &= r->special - 1;
    return at;
}

/* A quoted field at p: *end is the closing quote, *next the byte behind it. */
static fault quoted_field(csv_reader *r, char **end, char **next, uint32_t *lines, uint32_t *mark)
{
    *mark = 0;
    next_special(r); /* the opening quote */
    for (uint32_t inside = 0;;) {
        char *at = next_special(r);
        if (at == r->end)
            return r->more ? CUT_OFF : FAULT_UNTERMINATED;
        inside += *at == '\n';
        r->suspect |= *at == '\0';
        if (*at != '"')
            continue;
        if (at[1] != '"') {
            *end = at;
            *next = at + 1;
            *lines += inside;
            return *next == r->end && r->more ? CUT_OFF : FAULT_NONE;
        }
        next_special(r);
        *mark = DOUBLED;
    }
}

static fault fault_of(char c, bool quoted)
{
    if (c == '\r')
        return FAULT_RETURN;
    if (quoted)
        return FAULT_AFTER_QUOTE;
    return c == '"' ? FAULT_STRAY_QUOTE : FAULT_NUL;
}

/* What stands at p after a field. */
typedef enum stop { STOP_COMMA, STOP_LINE, STOP_END, STOP_BAD, STOP_CUT } stop;

static inline stop stop_at(csv_reader *r, char *p, char **next)
{
    *next = p + 1;
    if (*p == ',')
        return STOP_COMMA;
    if (*p == '\n')
        return STOP_LINE;
    if (*p == '\r') {
        *next = p + 2;
        if (p + 1 == r->end && r->more)
            return STOP_CUT;
        return p[1] != '\n' ? STOP_BAD : (next_special(r), STOP_LINE);
    }
    *next = p;
    return p != r->end ? STOP_BAD : r->more ? STOP_CUT : STOP_END;
}

/* Find the fields of the record at r->p. *bad is where a fault stands. */
static fault scan_record(csv_reader *r, char **bad)
{
    char *p = r->p;
    uint32_t lines = 0;
    r->n = 0;
    r->suspect = r->high;
    for (;;) {
        char *start = p, *end, *next;
        uint32_t mark = 0;
        bool quoted = *p == '"';
        if (quoted) {
            fault what = quoted_field(r, &end, &p, &lines, &mark);
            *bad = start;
            if (what != FAULT_NONE) {
                r->next_line += what == FAULT_UNTERMINATED ? lines : 0;
                return what;
            }
            start++;
            if (*p == ',' || *p == '\n' || *p == '\r' || *p == '\0')
                next_special(r);
        } else {
            p = end = next_special(r);
        }
        stop how = stop_at(r, p, &next);
        if (how == STOP_CUT)
            return CUT_OFF;
        if (how == STOP_BAD) {
            *bad = p;
            r->next_line += lines;
            return fault_of(*p, quoted);
        }
        if (!add_field(r, start, end, mark))
            return FAULT_MEMORY;
        p = next;
        if (how == STOP_COMMA)
            continue;
        r->p = next;
        r->next_line += lines + (how == STOP_LINE);
        return FAULT_NONE;
    }
}

static uint32_t undouble(char *s, uint32_t len)
{
    char *to = s;
    for (uint32_t i = 0; i < len; i++) {
        *to++ = s[i];
        i += s[i] == '"';
    }
    return (uint32_t)(to - s);
}

static fault read_record(csv_reader *r, char **bad)
{
    fault what = scan_record(r, bad);
    for (uint32_t i = 0; what == FAULT_NONE && i < r->n; i++) {
        if (r->lengths[i] & DOUBLED)
            r->lengths[i] = undouble(r->fields[i], r->lengths[i] & ~DOUBLED);
        r->fields[i][r->lengths[i]] = '\0';
    }
    return what;
}

/* Encoding of each field, where some byte near the record is NUL or not ASCII. */
static csv_result check_bytes(csv_reader *r, bool *good)
{
    for (uint32_t i = 0; i < r->n; i++) {
        size_t ok = utf8_valid_prefix(r->fields[i], r->lengths[i]);
        if (ok == r->lengths[i])
            continue;
        *good = false;
        const char *message = r->fields[i][ok] == '\0' ? "a NUL byte" : "not UTF-8; save the file as UTF-8";
        if (report(r, r->line, i + 1, message) == CSV_NO_MEMORY)
            return CSV_NO_MEMORY;
    }
    return CSV_RECORD;
}

static csv_result check_width(csv_reader *r, bool *good)
{
    if (r->width == 0)
        r->width = r->n;
    if (r->n == r->width)
        return CSV_RECORD;
    *good = false;
    r->n_faults++;
    place at = { .rule = "csv-syntax", .file = r->file, .line = r->line };
    bool blank = r->n == 1 && r->lengths[0] == 0;
    pagu_code code = blank ? report_at(r->ctx, r->findings, &at, "a blank line")
                           : report_at(r->ctx, r->findings, &at, "%u fields where the header has %u", r->n, r->width);
    return code == PAGU_OK ? CSV_RECORD : CSV_NO_MEMORY;
}

csv_result csv_next(csv_reader *r)
{
    while (r->p < r->end || r->more) {
        r->line = r->next_line;
        char *bad;
        fault what = r->p < r->end ? read_record(r, &bad) : CUT_OFF;
        if (what == CUT_OFF) {
            pagu_code code = refill(r);
            if (code != PAGU_OK)
                return failed(r, code);
            continue;
        }
        if (what != FAULT_NONE) {
            if (report_fault(r, what, r->n + 1) == CSV_NO_MEMORY)
                return CSV_NO_MEMORY;
            pagu_code code = skip_line(r, bad);
            if (code != PAGU_OK)
                return failed(r, code);
            continue;
        }
        bool good = true;
        if (check_width(r, &good) == CSV_NO_MEMORY || (r->suspect && check_bytes(r, &good) == CSV_NO_MEMORY))
            return CSV_NO_MEMORY;
        if (good)
            return CSV_RECORD;
    }
    return CSV_END;
}

/* ---- writing ---- */

pagu_code csv_put(pagu_text *out, const char *field, bool first)
{
    if (!first && pagu_text_append(out, ",", 1) != PAGU_OK)
        return PAGU_NO_MEMORY;
    if (!field[strcspn(field, ",\"\r\n")])
        return pagu_text_append(out, field, strlen(field));
    pagu_code code = pagu_text_append(out, "\"", 1);
    while (code == PAGU_OK && *field) {
        size_t n = strcspn(field, "\"");
        code = pagu_text_append(out, field, n);
        field += n;
        if (code == PAGU_OK && *field) {
            code = pagu_text_append(out, "\"\"", 2);
            field++;
        }
    }
    return code == PAGU_OK ? pagu_text_append(out, "\"", 1) : code;
}
