/* render_markdown.c - a table as a GitHub table.
 * SPDX-License-Identifier: MIT */
#include "io/render.h"

#include "base/text.h"

static bool is_word_char(int c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

/* Text from a plan must stay text: no cell breaks, tags, links, emphasis, entities. */
static const char *escape_of(const char *s, char before)
{
    switch (*s) {
    case '|': return "\\|";
    case '<': return "&lt;";
    case '\\': return "\\\\";
    case '*': return "\\*";
    case '`': return "\\`";
    case '[': return "\\[";
    case ']': return "\\]";
    case '~': return "\\~";
    case '_': /* inside a word it is no emphasis */
        return is_word_char((unsigned char)before) && is_word_char((unsigned char)s[1]) ? NULL : "\\_";
    case '&': return s[1] == '#' || is_word_char((unsigned char)s[1]) ? "&amp;" : NULL;
    default: return NULL;
    }
}

static void print_safe(printer *p, const char *s)
{
    const char *from = s;
    char before = ' ';
    for (; *s; before = *s++) {
        const char *escape = escape_of(s, before);
        if (!escape)
            continue;
        print_bytes(p, from, (size_t)(s - from));
        print_str(p, escape);
        from = s + 1;
    }
    print_str(p, from);
}

/* Escape for terminals first, then for Markdown; `s` must not be p->cell's text. */
void markdown_text(printer *p, const char *s, size_t len)
{
    text_truncate(p->cell, 0);
    append_escaped(p, p->cell, s, len);
    print_safe(p, pagu_text_data(p->cell));
}

static void print_title(printer *p)
{
    const char *line = pagu_table_title(p->table);
    if (!*line)
        return;
    while (*line) {
        size_t len = strcspn(line, "\n");
        if (len) {
            print_str(p, "**");
            markdown_text(p, line, len);
            print_str(p, line[len] ? "**  \n" : "**\n");
        }
        line += len + (line[len] != '\0');
    }
    print_str(p, "\n");
}

static void print_headings(printer *p)
{
    uint32_t n = pagu_table_column_count(p->table);
    for (uint32_t col = 0; col < n; col++) {
        const char *title = pagu_table_column_title(p->table, col);
        size_t group_len;
        const char *leaf = split_title(title, &group_len);
        print_str(p, col ? " | " : "| ");
        if (group_len) {
            markdown_text(p, title, group_len);
            print_str(p, *leaf ? ": " : "");
        }
        markdown_text(p, leaf, strlen(leaf));
    }
    print_str(p, " |\n");
    for (uint32_t col = 0; col < n; col++) {
        print_str(p, col ? " | " : "| ");
        print_str(p, is_right_aligned(pagu_table_column_type(p->table, col)) ? "---:" : ":---");
    }
    print_str(p, " |\n");
}

/* Markdown has one line of headings, so that the numbers are the first row. */
static void print_column_numbers(printer *p)
{
    if (!has_column_numbers(p->table))
        return;
    for (uint32_t col = 0; col < pagu_table_column_count(p->table); col++) {
        const char *number = pagu_table_column_number(p->table, col);
        print_str(p, col ? " | " : "| ");
        markdown_text(p, number, strlen(number));
    }
    print_str(p, " |\n");
}

static void print_row(printer *p, uint32_t row, uint32_t indented, pagu_text *shown)
{
    bool strong = pagu_table_row_style(p->table, row) != PAGU_ROW_NORMAL;
    for (uint32_t col = 0; col < pagu_table_column_count(p->table); col++) {
        const char *cell = cell_for_people(p, row, col);
        text_truncate(shown, 0);
        append_escaped(p, shown, cell, strlen(cell));
        const char *text = pagu_text_data(shown);
        text += strspn(text, " ");
        print_str(p, col ? " | " : "| ");
        if (col == indented)
            for (uint32_t i = 0; i < pagu_table_row_indent(p->table, row); i++)
                print_str(p, "&nbsp;&nbsp;");
        bool emphasise = strong && *text && !str_eq(text, "-");
        print_str(p, emphasise ? "**" : "");
        print_safe(p, text);
        print_str(p, emphasise ? "**" : "");
    }
    print_str(p, " |\n");
}

static void print_rows(printer *p)
{
    uint32_t indented = indented_column(p->table);
    pagu_text *shown = pagu_text_new(p->ctx);
    if (!shown) {
        p->code = PAGU_NO_MEMORY;
        return;
    }
    for (uint32_t row = 0; row < pagu_table_row_count(p->table) && keep_printing(p, row); row++)
        print_row(p, row, indented, shown);
    pagu_text_free(shown);
}

void markdown_stamp(printer *p, const char *key, const char *value)
{
    print_str(p, "- ");
    markdown_text(p, key, strlen(key));
    print_str(p, "=");
    markdown_text(p, value, strlen(value));
    print_str(p, "\n");
}

static void print_notes(printer *p)
{
    uint32_t notes = pagu_table_note_count(p->table);
    uint32_t stamps = p->options.stamp ? pagu_table_stamp_count(p->table) : 0;
    if (notes + stamps)
        print_str(p, "\n");
    for (uint32_t i = 0; i < notes; i++) {
        const char *note = pagu_table_note(p->table, i);
        print_str(p, "- ");
        markdown_text(p, note, strlen(note));
        print_str(p, "\n");
    }
    for (uint32_t i = 0; i < stamps; i++) {
        const char *key, *value;
        pagu_table_stamp(p->table, i, &key, &value);
        markdown_stamp(p, key, value);
    }
}

void render_markdown(printer *p)
{
    print_title(p);
    if (pagu_table_column_count(p->table)) {
        print_headings(p);
        print_column_numbers(p);
        print_rows(p);
    }
    print_notes(p);
}
