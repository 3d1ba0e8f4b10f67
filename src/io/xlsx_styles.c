/* xlsx_styles.c - which cell formats show a date or a percentage.
 * SPDX-License-Identifier: MIT */
#include "io/xlsx_parts.h"

enum { MAX_STYLES = 65536 };

typedef struct styles_reader {
    bool in_cells;     /* cellXfs: the formats that cells name */
    uint32_t *formats; /* pairs: id, style_kind */
    uint32_t n, cap;
} styles_reader;

/* Letters of a format code outside of quotes, brackets and escapes. */
static style_kind kind_of_code(const char *code)
{
    for (const char *p = code; *p; p++) {
        if (*p == '"') {
            for (p++; *p && *p != '"'; p++)
                ;
        } else if (*p == '[') {
            const char *end = strchr(p, ']');
            bool elapsed = end && end == p + 2 && strchr("hms", p[1] | 32); /* [h]:mm */
            if (elapsed)
                return STYLE_DATE;
            p = end ? end : p + strlen(p) - 1;
        } else if (*p == '\\' || *p == '_' || *p == '*') {
            p += p[1] != '\0';
        } else if (*p == '%') {
            return STYLE_PERCENT;
        } else if (strchr("ymdhsYMDHS", *p)) {
            return STYLE_DATE;
        }
        if (!*p)
            break;
    }
    return STYLE_PLAIN;
}

static style_kind kind_of_builtin(uint32_t id)
{
    bool date = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
    return date ? STYLE_DATE : id == 9 || id == 10 ? STYLE_PERCENT : STYLE_PLAIN;
}

static void add_format(xml_part *x, const char **attributes)
{
    styles_reader *r = x->ud;
    const char *code = xml_attribute(attributes, "formatCode");
    uint32_t id;
    if (!code || !xml_number(xml_attribute(attributes, "numFmtId"), UINT32_MAX, &id))
        return;
    if (r->n / 2 >= MAX_STYLES)
        xml_fail(x, PAGU_LIMIT, "too many cell formats");
    else if (!mem_grow(x->book->ctx, &r->formats, &r->cap, r->n + 1, sizeof *r->formats))
        xml_no_memory(x);
    else {
        r->formats[r->n++] = id;
        r->formats[r->n++] = kind_of_code(code);
    }
}

static void add_style(xml_part *x, const char **attributes)
{
    styles_reader *r = x->ud;
    xlsx_book *book = x->book;
    uint32_t id = 0;
    xml_number(xml_attribute(attributes, "numFmtId"), UINT32_MAX, &id);
    style_kind kind = kind_of_builtin(id);
    for (uint32_t i = 0; i < r->n; i += 2)
        if (r->formats[i] == id)
            kind = (style_kind)r->formats[i + 1];
    if (book->n_styles >= MAX_STYLES)
        xml_fail(x, PAGU_LIMIT, "too many cell formats");
    else if (!mem_grow(book->ctx, &book->styles, &book->cap_styles, book->n_styles, 1))
        xml_no_memory(x);
    else
        book->styles[book->n_styles++] = (uint8_t)kind;
}

static void styles_start(xml_part *x, const char *name, const char **attributes)
{
    styles_reader *r = x->ud;
    if (str_eq(name, "numFmt"))
        add_format(x, attributes);
    else if (str_eq(name, "cellXfs"))
        r->in_cells = true;
    else if (str_eq(name, "xf") && r->in_cells)
        add_style(x, attributes);
}

static void styles_end(xml_part *x, const char *name)
{
    styles_reader *r = x->ud;
    if (str_eq(name, "cellXfs"))
        r->in_cells = false;
}

pagu_code xlsx_read_styles(xlsx_book *book, pagu_error *err)
{
    styles_reader r = { 0 };
    pagu_code code = xml_read(book, book->styles_part, styles_start, styles_end, &r, err);
    mem_free(book->ctx, r.formats, r.cap * sizeof *r.formats);
    return code;
}
