/* import_csv.c - text tables as offices save them: any encoding and divider that Excel writes.
 * SPDX-License-Identifier: MIT */
#include "base/text.h"
#include "io/file.h"
#include "io/import_parts.h"
#include "io/utf8.h"

/* ---- encoding ---- */

/* What Windows-1252 has at 0x80 … 0x9F; 0: nothing. */
static const uint16_t windows_high[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static pagu_code put_character(pagu_text *out, uint32_t c)
{
    char b[4];
    if (c < 0x80) {
        b[0] = (char)c;
        return pagu_text_append(out, b, 1);
    }
    if (c < 0x800) {
        b[0] = (char)(0xC0 | c >> 6), b[1] = (char)(0x80 | (c & 0x3F));
        return pagu_text_append(out, b, 2);
    }
    if (c < 0x10000) {
        b[0] = (char)(0xE0 | c >> 12), b[1] = (char)(0x80 | (c >> 6 & 0x3F)), b[2] = (char)(0x80 | (c & 0x3F));
        return pagu_text_append(out, b, 3);
    }
    b[0] = (char)(0xF0 | c >> 18), b[1] = (char)(0x80 | (c >> 12 & 0x3F));
    b[2] = (char)(0x80 | (c >> 6 & 0x3F)), b[3] = (char)(0x80 | (c & 0x3F));
    return pagu_text_append(out, b, 4);
}

/* PAGU_SYNTAX: bytes that Windows-1252 doesn't have. */
static pagu_code from_windows(const char *bytes, size_t len, pagu_text *out)
{
    pagu_code code = PAGU_OK;
    for (size_t i = 0; i < len && code == PAGU_OK; i++) {
        unsigned char b = (unsigned char)bytes[i];
        uint32_t c = b >= 0x80 && b < 0xA0 ? windows_high[b - 0x80] : b;
        code = c ? put_character(out, c) : PAGU_SYNTAX;
    }
    return code;
}

/* PAGU_SYNTAX: half a pair, or a byte too many. */
static pagu_code from_utf16(const char *bytes, size_t len, bool big, pagu_text *out)
{
    pagu_code code = len % 2 ? PAGU_SYNTAX : PAGU_OK;
    for (size_t i = 2; i < len && code == PAGU_OK; i += 2) {
        const unsigned char *b = (const unsigned char *)bytes + i;
        uint32_t c = big ? (uint32_t)b[0] << 8 | b[1] : (uint32_t)b[1] << 8 | b[0];
        if (c >= 0xD800 && c < 0xDC00 && i + 3 < len) {
            uint32_t low = big ? (uint32_t)b[2] << 8 | b[3] : (uint32_t)b[3] << 8 | b[2];
            code = low >= 0xDC00 && low < 0xE000 ? PAGU_OK : PAGU_SYNTAX;
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
            i += 2;
        } else if ((c >= 0xD800 && c < 0xE000) || c == 0) {
            code = PAGU_SYNTAX;
        }
        if (code == PAGU_OK)
            code = put_character(out, c);
    }
    return code;
}

/* The text as UTF-8 without its mark: *text stays in `bytes`, or in `room`. */
static pagu_code decode(pagu_ctx *ctx, const char *bytes, size_t len, const char *name, pagu_text *room,
                        const char **text, size_t *text_len, const char **encoding, pagu_error *err)
{
    pagu_code code = PAGU_OK;
    bool little = len >= 2 && memcmp(bytes, "\xFF\xFE", 2) == 0, big = len >= 2 && memcmp(bytes, "\xFE\xFF", 2) == 0;
    *encoding = "UTF-8";
    *text = bytes;
    *text_len = len;
    if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        *text += 3;
        *text_len -= 3;
    }
    if (!little && !big && utf8_valid_prefix(*text, *text_len) == *text_len)
        return PAGU_OK;
    *encoding = little || big ? "UTF-16" : "Windows-1252";
    code = little || big                      ? from_utf16(bytes, len, big, room)
           : memchr(bytes, '\0', len) != NULL ? PAGU_SYNTAX
                                              : from_windows(*text, *text_len, room);
    *text = pagu_text_data(room);
    *text_len = pagu_text_len(room);
    if (code == PAGU_NO_MEMORY)
        return err_memory(ctx, err);
    if (code != PAGU_OK) {
        err_set(ctx, err, code, "%s: not a text file: neither UTF-8, UTF-16 nor Windows-1252", name);
        return err_in_file(err, code, name, 0);
    }
    return PAGU_OK;
}

/* ---- records ---- */

typedef struct reader {
    const char *p, *end;
    char divider;
    uint32_t line;      /* where p stands */
    uint32_t open_line; /* of a quote that isn't closed; 0: none */
} reader;

/* One field into `out`; false: the record has ended with it. */
static bool next_field(reader *r, pagu_text *out, pagu_code *code)
{
    bool quoted = r->p < r->end && *r->p == '"';
    uint32_t start = r->line;
    if (quoted)
        r->p++;
    while (r->p < r->end && *code == PAGU_OK) {
        char c = *r->p;
        if (quoted && c == '"') {
            if (r->p + 1 < r->end && r->p[1] == '"') {
                r->p++;
            } else { /* text behind the closing quote belongs to the field, as in Excel */
                quoted = false;
                r->p++;
                continue;
            }
        } else if (!quoted && (c == r->divider || c == '\n' || c == '\r')) {
            break;
        }
        r->line += c == '\n';
        r->p++;
        if (out)
            *code = pagu_text_append(out, &c, 1);
    }
    if (quoted)
        r->open_line = start;
    if (r->p == r->end)
        return false;
    if (*r->p == r->divider) {
        r->p++;
        return true;
    }
    r->p += *r->p == '\r' && r->p + 1 < r->end && r->p[1] == '\n';
    r->p++;
    r->line++;
    return false;
}

/* ---- the divider ---- */

enum { SNIFFED = 200, MOST_FIELDS = 256 };

/* How many of the first records agree on their number of fields, in thousandths, and that number. */
static uint32_t agreement(const char *text, size_t len, char divider, uint32_t *fields)
{
    uint32_t counts[MOST_FIELDS] = { 0 }, records = 0;
    reader r = { text, text + len, divider, 1, 0 };
    pagu_code code = PAGU_OK;
    *fields = 1;
    while (r.p < r.end && records < SNIFFED) {
        uint32_t n = 1;
        while (next_field(&r, NULL, &code))
            n++;
        counts[n < MOST_FIELDS ? n : MOST_FIELDS - 1]++;
        records++;
    }
    for (uint32_t i = 2; i < MOST_FIELDS; i++)
        if (counts[i] > (*fields > 1 ? counts[*fields] : 0))
            *fields = i;
    return *fields > 1 && records ? counts[*fields] * 1000 / records : 0;
}

static char sniff(const char *text, size_t len)
{
    static const char dividers[] = { ';', ',', '\t', '|' };
    char best = ',';
    uint32_t best_score = 0, best_fields = 0;
    for (size_t i = 0; i < sizeof dividers; i++) {
        uint32_t fields, score = agreement(text, len, dividers[i], &fields);
        if (score > best_score || (score == best_score && fields > best_fields && score > 0)) {
            best = dividers[i];
            best_score = score;
            best_fields = fields;
        }
    }
    return best;
}

/* ---- all ---- */

static size_t trim(const char **text, size_t len)
{
    while (len > 0 && strchr(" \t\r\n", **text))
        (*text)++, len--;
    while (len > 0 && strchr(" \t\r\n", (*text)[len - 1]))
        len--;
    return len;
}

/* Excel keeps text from being a formula by a quote in front of it; so do our own CSV files. */
static size_t drop_guard(const char **text, size_t len)
{
    if (len > 1 && **text == '\'' && strchr("=+-@", (*text)[1])) {
        (*text)++;
        len--;
    }
    return len;
}

static pagu_code read_records(pagu_ctx *ctx, reader *r, pagu_text *field, const char *name, grid *out, pagu_error *err)
{
    pagu_code code = PAGU_OK;
    while (r->p < r->end && code == PAGU_OK) {
        uint32_t column = 0;
        bool more = true, room = grid_row_begin(out, r->line, false);
        while (more && room && code == PAGU_OK) {
            text_truncate(field, 0);
            more = next_field(r, field, &code);
            const char *text = pagu_text_data(field);
            size_t len = drop_guard(&text, trim(&text, pagu_text_len(field)));
            room = grid_put(out, column++, GRID_TEXT, text, len);
            if (column > GRID_MAX_COLUMNS)
                return err_set(ctx, err, PAGU_LIMIT, "%s:%u: more than %d columns", name, r->line, GRID_MAX_COLUMNS);
        }
        if (!room || code != PAGU_OK)
            return err_memory(ctx, err);
        if (pagu_ctx_interrupted(ctx))
            return err_set(ctx, err, PAGU_INTERRUPTED, "interrupted");
    }
    if (out->n_rows > 0 && out->rows[out->n_rows - 1].n == 0)
        out->n_rows--;
    if (!r->open_line)
        return PAGU_OK;
    code = err_set(ctx, err, PAGU_SYNTAX, "%s:%u: a quote is opened here and never closed", name, r->open_line);
    return err_in_file(err, code, name, (int)r->open_line);
}

pagu_code grid_read_csv(pagu_ctx *ctx, const char *bytes, size_t len, const char *name, grid *out,
                        const char **encoding, pagu_error *err)
{
    pagu_text *room = pagu_text_new(ctx), *field = pagu_text_new(ctx);
    const char *text = "";
    size_t text_len = 0;
    grid_init(out, ctx);
    pagu_code code =
        room && field ? decode(ctx, bytes, len, name, room, &text, &text_len, encoding, err) : err_memory(ctx, err);
    if (code == PAGU_OK) {
        reader r = { text, text + text_len, sniff(text, text_len), 1, 0 };
        code = read_records(ctx, &r, field, name, out, err);
    }
    pagu_text_free(room);
    pagu_text_free(field);
    if (code != PAGU_OK)
        grid_free(out);
    return code;
}
