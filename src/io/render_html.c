/* render_html.c - a document as one self-contained HTML file: nothing is loaded from anywhere, and
 * the content security policy says so. Scripts are named by their hashes.
 * SPDX-License-Identifier: MIT */
#include "io/html.h"

#include "base/document.h"
#include "base/text.h"

#include <stdio.h>

/* ---- texts ---- */

const char *html_word(const printer *p, const char *id, const char *en)
{
    return p->english ? en : id;
}

void html_text(printer *p, const char *s)
{
    pagu_text *copy = strchr(s, '\n') ? pagu_text_new(p->ctx) : NULL;
    if (!copy) {
        put_xml(p, s, strlen(s));
        return;
    }
    note_code(p, pagu_text_append(copy, s, strlen(s))); /* s may be the scratch of a cell */
    for (s = pagu_text_data(copy);; s++) {
        size_t len = strcspn(s, "\n");
        put_xml(p, s, len);
        s += len;
        if (!*s)
            break;
        print_str(p, "<br>");
    }
    pagu_text_free(copy);
}

/* Letters, digits, '-' and '_' of the name; what was changed is told apart by the place. */
void html_id(printer *p, const pagu_block *b, uint32_t place)
{
    char text[80] = "";
    size_t n = 0;
    bool same = b->name && *b->name;
    for (const char *s = b->name ? b->name : ""; *s && n < 48; s++) {
        bool plain =
            (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') || *s == '-' || *s == '_';
        text[n++] = plain ? *s : '-';
        same = same && plain;
    }
    print_bytes(p, text, n);
    if (!same || n == 48) {
        snprintf(text, sizeof text, "-%u", place + 1);
        print_str(p, text);
    }
}

/* ---- head ---- */

static void print_base64(printer *p, const uint8_t *bytes, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < len; i += 3) {
        uint32_t v = (uint32_t)bytes[i] << 16 | (i + 1 < len ? (uint32_t)bytes[i + 1] << 8 : 0) |
                     (i + 2 < len ? bytes[i + 2] : 0);
        char four[4] = { digits[v >> 18 & 63], digits[v >> 12 & 63], i + 1 < len ? digits[v >> 6 & 63] : '=',
                         i + 2 < len ? digits[v & 63] : '=' };
        print_bytes(p, four, 4);
    }
}

static uint8_t hex_digit(char c)
{
    return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static void print_source_hash(printer *p, const char *script, size_t len)
{
    sha256 s;
    char hex[65];
    uint8_t bytes[32];
    sha256_init(&s);
    sha256_add(&s, script, len);
    sha256_hex(&s, hex);
    for (int i = 0; i < 32; i++)
        bytes[i] = (uint8_t)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
    print_str(p, " 'sha256-");
    print_base64(p, bytes, sizeof bytes);
    print_str(p, "'");
}

typedef struct scripts {
    bool outline, charts;
} scripts;

static scripts needed_scripts(const printer *p)
{
    scripts s = { false, false };
    for (uint32_t i = 0; i < pagu_document_count(p->document) && !p->options.paper; i++) {
        pagu_block b = pagu_document_get(p->document, i);
        s.outline = s.outline || (b.table && html_is_tree(b.table));
        s.charts = s.charts || (b.chart && p->options.script);
    }
    return s;
}

static void print_policy(printer *p, scripts s)
{
    print_str(p, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src");
    if (s.outline)
        print_source_hash(p, html_outline, strlen(html_outline));
    if (s.charts)
        print_source_hash(p, p->options.script, p->options.script_len);
    if (!s.outline && !s.charts)
        print_str(p, " 'none'");
    print_str(p, "; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n");
}

/* The document's title, else the first line of what it begins with. */
static const char *title_of(const printer *p, size_t *len)
{
    const char *title = pagu_document_title(p->document);
    for (uint32_t i = 0; !*title && i < pagu_document_count(p->document); i++) {
        pagu_block b = pagu_document_get(p->document, i);
        title = b.table ? pagu_table_title(b.table) : b.chart ? pagu_chart_title(b.chart) : b.text;
        title = *title || i + 1 < pagu_document_count(p->document) ? title : "pagu";
    }
    *len = *pagu_document_title(p->document) ? strlen(title) : strcspn(title, "\n");
    return title;
}

/* A string of CSS: every byte that isn't plain is written by its number. */
static void print_css_string(printer *p, const char *s, size_t len)
{
    const char *end = s + len;
    print_str(p, "\"");
    for (size_t n; s < end; s += n) {
        char text[16];
        int32_t c = char_at(s, end, &n);
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' ||
                     c == '.' || c == ',' || c == '-';
        if (plain)
            print_bytes(p, s, 1);
        else if (c == '\n' || c < 0 || is_unsafe_char(c))
            print_str(p, " ");
        else {
            snprintf(text, sizeof text, "\\%x ", (unsigned)c);
            print_str(p, text);
        }
    }
    print_str(p, "\"");
}

static void print_style(printer *p)
{
    size_t len;
    const char *title = title_of(p, &len);
    print_str(p, "<style>\n");
    print_str(p, html_style);
    print_str(p, "@page{@bottom-left{content:");
    print_css_string(p, title, len > 120 ? 0 : len);
    print_str(p, ";font:7pt Arial,'DejaVu Sans',sans-serif}@bottom-right{content:counter(page)' / 'counter(pages);"
                 "font:7pt Arial,'DejaVu Sans',sans-serif}}\n</style>\n");
}

static void print_head(printer *p, scripts s)
{
    size_t len;
    const char *title = title_of(p, &len);
    print_str(p, p->english ? "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                            : "<!DOCTYPE html>\n<html lang=\"id\">\n<head>\n");
    print_str(p, "<meta charset=\"utf-8\">\n");
    print_policy(p, s);
    print_str(p, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                 "<meta name=\"generator\" content=\"pagu ");
    print_str(p, pagu_version());
    print_str(p, "\">\n<title>");
    put_xml(p, title, len);
    print_str(p, "</title>\n");
    print_style(p);
    print_str(p, "</head>\n<body>\n");
}

/* ---- contents ---- */

/* Headings down to the second level; without any, the titles of tables and charts. */
static const char *entry_of(const pagu_block *b, bool headings)
{
    if (headings)
        return b->kind == PAGU_BLOCK_HEADING && b->level <= 2 ? b->text : NULL;
    return b->table ? pagu_table_title(b->table) : b->chart ? pagu_chart_title(b->chart) : NULL;
}

static uint32_t count_entries(const pagu_document *doc, bool headings)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < pagu_document_count(doc); i++) {
        pagu_block b = pagu_document_get(doc, i);
        const char *entry = entry_of(&b, headings);
        n += entry && *entry;
    }
    return n;
}

static void print_anchor(printer *p, const pagu_block *b, uint32_t place)
{
    char text[24];
    snprintf(text, sizeof text, "s-%u", place + 1);
    if (b->kind == PAGU_BLOCK_HEADING)
        print_str(p, text);
    else
        html_id(p, b, place);
}

static void print_contents(printer *p)
{
    bool headings = count_entries(p->document, true) > 0;
    if (count_entries(p->document, headings) < 3)
        return;
    print_str(p, "<nav aria-labelledby=\"contents\">\n<p id=\"contents\">");
    print_str(p, html_word(p, "Daftar Isi", "Contents"));
    print_str(p, "</p>\n<ul>\n");
    for (uint32_t i = 0; i < pagu_document_count(p->document); i++) {
        pagu_block b = pagu_document_get(p->document, i);
        const char *entry = entry_of(&b, headings);
        if (!entry || !*entry)
            continue;
        print_str(p, b.level > 1 ? "<li class=\"sub\"><a href=\"#" : "<li><a href=\"#");
        print_anchor(p, &b, i);
        print_str(p, "\">");
        put_xml(p, entry, headings ? strlen(entry) : strcspn(entry, "\n"));
        print_str(p, "</a></li>\n");
    }
    print_str(p, "</ul>\n</nav>\n");
}

/* ---- blocks ---- */

static void print_words(printer *p, const pagu_block *b, uint32_t place)
{
    static const char *const elements[] = { "p", "h2", "h3", "h4", "h5" };
    print_str(p, "<");
    print_str(p, elements[b->level]);
    if (b->level) {
        print_str(p, " id=\"");
        print_anchor(p, b, place);
        print_str(p, "\"");
    }
    print_str(p, ">");
    html_text(p, b->text);
    print_str(p, "</");
    print_str(p, elements[b->level]);
    print_str(p, ">\n");
}

static void print_figure(printer *p, const pagu_block *b, uint32_t place)
{
    char id[24];
    snprintf(id, sizeof id, "c-%u", place + 1);
    print_str(p, "<figure id=\"");
    html_id(p, b, place);
    print_str(p, "\">\n<figcaption>");
    html_text(p, pagu_chart_title(b->chart));
    print_str(p, "</figcaption>\n<div class=\"picture\">\n");
    print_chart_svg(p, b->chart, id, false);
    print_str(p, "</div>\n");
    if (p->options.script && !p->options.paper)
        print_chart_json(p, b->chart);
    print_str(p, "</figure>\n");
}

static void print_block(printer *p, const pagu_block *b, uint32_t place)
{
    if (b->kind == PAGU_BLOCK_CHART) {
        print_figure(p, b, place);
    } else if (b->kind == PAGU_BLOCK_TABLE) {
        take_table(p, b->table);
        print_str(p, html_is_wide(b->table) ? "<section class=\"wide\" id=\"" : "<section id=\"");
        html_id(p, b, place);
        print_str(p, "\">\n");
        html_table(p, only_table(p->document) ? "h1" : "p", b, place);
        print_str(p, "</section>\n");
    } else {
        print_words(p, b, place);
    }
}

/* ---- foot ---- */

static void print_stamp(printer *p)
{
    const char *key, *value;
    uint32_t n = pagu_document_stamp_count(p->document);
    if (!p->options.stamp || n == 0)
        return;
    print_str(p, "<footer>\n<p>");
    print_str(p, html_word(p, "Dibuat dari:", "Made from:"));
    print_str(p, "</p>\n<p class=\"stamp\">");
    for (uint32_t i = 0; i < n; i++) {
        pagu_document_stamp(p->document, i, &key, &value);
        print_str(p, i ? "<br>\n<b>" : "<b>");
        html_text(p, key);
        print_str(p, "</b>=");
        html_text(p, value);
    }
    print_str(p, "</p>\n</footer>\n");
}

static void print_script(printer *p, const char *script, size_t len)
{
    print_str(p, "<script>");
    print_bytes(p, script, len);
    print_str(p, "</script>\n");
}

void render_document_html(printer *p)
{
    scripts s = needed_scripts(p);
    const char *title = pagu_document_title(p->document);
    print_head(p, s);
    if (*title) {
        print_str(p, "<h1>");
        html_text(p, title);
        print_str(p, "</h1>\n");
    }
    print_contents(p);
    print_str(p, "<main>\n");
    for (uint32_t i = 0; i < pagu_document_count(p->document) && keep_printing(p, 0); i++) {
        pagu_block b = pagu_document_get(p->document, i);
        print_block(p, &b, i);
    }
    print_str(p, "</main>\n");
    print_stamp(p);
    if (s.outline)
        print_script(p, html_outline, strlen(html_outline));
    if (s.charts)
        print_script(p, p->options.script, p->options.script_len);
    print_str(p, "</body>\n</html>\n");
}
