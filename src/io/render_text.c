/* render_text.c - a table as aligned text for a terminal or a plain file.
 *
 * Two passes format every cell twice rather than keep all texts: the first measures the
 * columns, the second prints.
 * SPDX-License-Identifier: MIT */
#include "io/render.h"

#include "base/text.h"

#include <utf8proc.h>

enum { GAP = 2, INDENT = 2, NARROWEST = 8, WHOLE = 24 };

/* One column of a printed line: where it is and what is left of its text. */
typedef struct slot {
    uint32_t width;
    uint32_t word; /* longest in the column's cells */
    uint32_t indent;
    bool right;
    size_t at, end; /* in canvas.text */
} slot;

typedef struct canvas {
    printer *p;
    pagu_text *text; /* escaped texts of the row in hand */
    slot *columns;
    slot *groups; /* of the upper heading: a run of columns with one group each */
    uint32_t n, n_groups;
    uint32_t indented; /* column that carries the indent */
    uint32_t blanks;   /* owed on this line: printed only before a non-blank */
    bool after_rule;
} canvas;

/* ---- measuring ---- */

static uint32_t char_width(const char *s, const char *end, size_t *len)
{
    if ((unsigned char)*s < 0x80) {
        *len = 1;
        return 1;
    }
    int32_t c = char_at(s, end, len);
    int width = c < 0 ? 1 : utf8proc_charwidth(c);
    return width < 0 ? 0 : (uint32_t)width;
}

static uint32_t text_width(const char *s, size_t len)
{
    const char *end = s + len;
    uint32_t width = 0;
    for (size_t n; s < end; s += n)
        width += char_width(s, end, &n);
    return width;
}

static uint32_t longest_word(const char *s, size_t len)
{
    const char *end = s + len;
    uint32_t longest = 0;
    while (s < end) {
        const char *blank = memchr(s, ' ', (size_t)(end - s));
        const char *word_end = blank ? blank : end;
        uint32_t width = text_width(s, (size_t)(word_end - s));
        longest = width > longest ? width : longest;
        s = word_end + (blank != NULL);
    }
    return longest;
}

/* Bytes of s that fit in `width`, broken at a blank if there is one; *next skips the blanks. */
static size_t fit_line(const char *s, size_t len, uint32_t width, size_t *next)
{
    const char *end = s + len, *p = s;
    size_t at_blank = 0, n;
    uint32_t used = 0;
    for (; p < end; p += n) {
        uint32_t w = char_width(p, end, &n);
        if (used + w > width && p > s)
            break;
        if (*p == ' ' && p > s && p[-1] != ' ')
            at_blank = (size_t)(p - s);
        used += w;
    }
    size_t taken = (size_t)(p - s);
    if (p < end && *p != ' ' && at_blank)
        taken = at_blank;
    *next = taken;
    while (*next < len && s[*next] == ' ')
        ++*next;
    while (taken > 0 && s[taken - 1] == ' ')
        taken--;
    return taken;
}

/* ---- lines ---- */

static void put(canvas *c, const char *s, size_t len)
{
    static const char blanks[] = "                                ";
    while (len && c->blanks) {
        uint32_t n = c->blanks < sizeof blanks - 1 ? c->blanks : (uint32_t)sizeof blanks - 1;
        print_bytes(c->p, blanks, n);
        c->blanks -= n;
    }
    print_bytes(c->p, s, len);
}

static void end_line(canvas *c)
{
    c->blanks = 0;
    print_str(c->p, "\n");
}

static void put_rule(canvas *c, uint32_t width)
{
    const char *stroke = c->p->options.ascii ? "-" : "\u2500";
    for (size_t len = strlen(stroke); width > 0; width--)
        put(c, stroke, len);
}

/* Put the next line of a slot's text, blanks if there is none left. */
static void put_slot(canvas *c, slot *s)
{
    const char *text = pagu_text_data(c->text) + s->at;
    uint32_t room = s->width > s->indent ? s->width - s->indent : 1;
    size_t next, taken = fit_line(text, s->end - s->at, room, &next);
    uint32_t used = s->indent + text_width(text, taken);
    uint32_t spare = s->width > used ? s->width - used : 0;
    c->blanks += s->indent + (s->right ? spare : 0);
    put(c, text, taken);
    c->blanks += s->right ? 0 : spare;
    s->at += next;
}

static void put_row(canvas *c, slot *slots, uint32_t n)
{
    for (bool more = true; more && c->p->code == PAGU_OK;) {
        more = false;
        for (uint32_t i = 0; i < n; i++) {
            c->blanks += i ? GAP : 0;
            put_slot(c, &slots[i]);
            more = more || slots[i].at < slots[i].end;
        }
        end_line(c);
    }
    c->after_rule = false;
}

static void put_rules(canvas *c)
{
    for (uint32_t i = 0; i < c->n; i++) {
        c->blanks += i ? GAP : 0;
        put_rule(c, c->columns[i].width);
    }
    end_line(c);
    c->after_rule = true;
}

/* ---- texts of slots ---- */

static void set_slot_text(canvas *c, slot *s, const char *text, size_t len)
{
    s->indent = 0;
    s->at = pagu_text_len(c->text);
    append_escaped(c->p, c->text, text, len);
    s->end = pagu_text_len(c->text);
}

static void set_leaf_titles(canvas *c)
{
    text_truncate(c->text, 0);
    for (uint32_t i = 0; i < c->n; i++) {
        size_t group_len;
        const char *leaf = split_title(pagu_table_column_title(c->p->table, i), &group_len);
        set_slot_text(c, &c->columns[i], leaf, strlen(leaf));
    }
}

static void set_column_numbers(canvas *c)
{
    text_truncate(c->text, 0);
    for (uint32_t i = 0; i < c->n; i++) {
        const char *number = pagu_table_column_number(c->p->table, i);
        set_slot_text(c, &c->columns[i], number, strlen(number));
    }
}

static void set_cells(canvas *c, uint32_t row)
{
    text_truncate(c->text, 0);
    for (uint32_t i = 0; i < c->n; i++) {
        const char *cell = cell_for_people(c->p, row, i);
        set_slot_text(c, &c->columns[i], cell, strlen(cell));
        if (i == c->indented)
            c->columns[i].indent = INDENT * pagu_table_row_indent(c->p->table, row);
    }
}

static uint32_t slot_width(const canvas *c, const slot *s)
{
    return s->indent + text_width(pagu_text_data(c->text) + s->at, s->end - s->at);
}

static uint32_t slot_word(const canvas *c, const slot *s)
{
    return s->indent + longest_word(pagu_text_data(c->text) + s->at, s->end - s->at);
}

/* ---- layout ---- */

static void measure_cells(canvas *c)
{
    for (uint32_t row = 0; row < pagu_table_row_count(c->p->table) && keep_printing(c->p, row); row++) {
        set_cells(c, row);
        for (uint32_t i = 0; i < c->n; i++) {
            uint32_t width = slot_width(c, &c->columns[i]), word = slot_word(c, &c->columns[i]);
            if (width > c->columns[i].width)
                c->columns[i].width = width;
            if (word > c->columns[i].word)
                c->columns[i].word = word;
        }
    }
}

static bool is_wrappable(const canvas *c, uint32_t col)
{
    pagu_column_type type = pagu_table_column_type(c->p->table, col);
    return type == PAGU_COL_TEXT || type == PAGU_COL_MEASURE;
}

/* A wrappable column's width under a cap. One of single words ("1.06.01.2.09.09") stays whole. */
static uint32_t capped_width(const slot *s, uint32_t cap)
{
    bool whole = s->word == s->width && s->width <= WHOLE;
    return whole || s->width < cap ? s->width : cap;
}

static uint32_t total_width(const canvas *c)
{
    uint32_t total = c->n ? GAP * (c->n - 1) : 0;
    for (uint32_t i = 0; i < c->n; i++)
        total += c->columns[i].width;
    return total;
}

static void raise_width(slot *s, uint32_t width)
{
    if (width > s->width)
        s->width = width;
}

/* Columns of numbers never break a number; their headings may wrap at words. */
static void raise_to_words(canvas *c)
{
    set_column_numbers(c);
    for (uint32_t i = 0; i < c->n; i++)
        raise_width(&c->columns[i], slot_width(c, &c->columns[i]));
    set_leaf_titles(c);
    for (uint32_t i = 0; i < c->n; i++) {
        slot *s = &c->columns[i];
        raise_width(s, is_wrappable(c, i) ? slot_width(c, s) : slot_word(c, s));
    }
}

/* Room that is left lets headings stand on one line. */
static void raise_to_titles(canvas *c, uint32_t limit)
{
    set_leaf_titles(c);
    for (uint32_t i = 0; i < c->n; i++) {
        uint32_t width = slot_width(c, &c->columns[i]);
        uint32_t lack = width > c->columns[i].width ? width - c->columns[i].width : 0;
        if (!limit || total_width(c) + lack <= limit)
            c->columns[i].width += lack;
    }
}

/* Runs of adjacent columns that share a group; a column without one is a run by itself. */
static void set_groups(canvas *c)
{
    const char *before = NULL;
    size_t before_len = 0;
    text_truncate(c->text, 0);
    c->n_groups = 0;
    for (uint32_t i = 0; i < c->n; i++) {
        size_t len;
        const char *title = pagu_table_column_title(c->p->table, i);
        split_title(title, &len);
        if (len && len == before_len && memcmp(title, before, len) == 0) {
            c->groups[c->n_groups - 1].width += GAP + c->columns[i].width;
        } else {
            slot *group = &c->groups[c->n_groups++];
            *group = (slot){ .width = c->columns[i].width };
            set_slot_text(c, group, title, len);
        }
        before = title;
        before_len = len;
    }
}

/* Give the last column of a group what its heading (or its longest word) lacks, where the
 * width allows. */
static void widen_for_groups(canvas *c, bool words, uint32_t limit)
{
    set_groups(c);
    for (uint32_t g = 0, col = 0; g < c->n_groups; g++) {
        uint32_t span = 0;
        for (bool first = true; span < c->groups[g].width; first = false)
            span += (first ? 0 : GAP) + c->columns[col++].width;
        uint32_t wanted = words ? slot_word(c, &c->groups[g]) : slot_width(c, &c->groups[g]);
        uint32_t lack = wanted > span ? wanted - span : 0;
        if (lack && (!limit || total_width(c) + lack <= limit))
            c->columns[col - 1].width += lack;
    }
}

/* The largest common cap at which the wrappable columns fit in `room`. */
static uint32_t cap_for(const canvas *c, uint32_t room)
{
    uint32_t low = NARROWEST, high = room > NARROWEST ? room : NARROWEST;
    while (low < high) {
        uint32_t cap = low + (high - low + 1) / 2, sum = 0;
        for (uint32_t i = 0; i < c->n; i++)
            if (is_wrappable(c, i))
                sum += capped_width(&c->columns[i], cap);
        if (sum <= room)
            low = cap;
        else
            high = cap - 1;
    }
    return low;
}

static void shrink(canvas *c, uint32_t width)
{
    uint32_t fixed = GAP * (c->n - 1);
    for (uint32_t i = 0; i < c->n; i++)
        if (!is_wrappable(c, i))
            fixed += c->columns[i].width;
    uint32_t cap = cap_for(c, width > fixed ? width - fixed : 0);
    for (uint32_t i = 0; i < c->n; i++)
        if (is_wrappable(c, i))
            c->columns[i].width = capped_width(&c->columns[i], cap);
}

static void lay_out(canvas *c)
{
    uint32_t limit = c->p->options.width;
    for (uint32_t i = 0; i < c->n; i++)
        c->columns[i] = (slot){ .width = 1, .right = is_right_aligned(pagu_table_column_type(c->p->table, i)) };
    measure_cells(c);
    raise_to_words(c);
    widen_for_groups(c, true, 0);
    if (limit && total_width(c) > limit)
        shrink(c, limit);
    raise_to_titles(c, limit);
    widen_for_groups(c, false, limit);
}

/* ---- parts ---- */

static void print_paragraph(canvas *c, const char *text, size_t len)
{
    slot s = { .width = c->p->options.width ? c->p->options.width : UINT32_MAX };
    text_truncate(c->text, 0);
    set_slot_text(c, &s, text, len);
    put_row(c, &s, 1);
}

static void print_title(canvas *c)
{
    const char *line = pagu_table_title(c->p->table);
    if (!*line)
        return;
    for (;;) {
        size_t len = strcspn(line, "\n");
        print_paragraph(c, line, len);
        if (!line[len])
            break;
        line += len + 1;
    }
    if (c->n)
        end_line(c);
}

static void print_group_headings(canvas *c)
{
    bool any = false;
    set_groups(c);
    for (uint32_t g = 0; g < c->n_groups; g++)
        any = any || c->groups[g].end > c->groups[g].at;
    if (!any)
        return;
    put_row(c, c->groups, c->n_groups);
    set_groups(c); /* printing used up the texts */
    for (uint32_t g = 0; g < c->n_groups; g++) {
        c->blanks += g ? GAP : 0;
        if (c->groups[g].end > c->groups[g].at)
            put_rule(c, c->groups[g].width);
        else
            c->blanks += c->groups[g].width;
    }
    end_line(c);
}

static void print_headings(canvas *c)
{
    print_group_headings(c);
    set_leaf_titles(c);
    put_row(c, c->columns, c->n);
    put_rules(c);
    if (has_column_numbers(c->p->table)) {
        set_column_numbers(c);
        put_row(c, c->columns, c->n);
        put_rules(c);
    }
}

static void print_rows(canvas *c)
{
    for (uint32_t row = 0; row < pagu_table_row_count(c->p->table) && keep_printing(c->p, row); row++) {
        if (pagu_table_row_style(c->p->table, row) == PAGU_ROW_TOTAL && !c->after_rule)
            put_rules(c);
        set_cells(c, row);
        put_row(c, c->columns, c->n);
    }
}

static void print_notes(canvas *c)
{
    const pagu_table *t = c->p->table;
    if (pagu_table_note_count(t))
        end_line(c);
    for (uint32_t i = 0; i < pagu_table_note_count(t); i++) {
        const char *note = pagu_table_note(t, i);
        print_paragraph(c, note, strlen(note));
    }
    uint32_t stamps = c->p->options.stamp ? pagu_table_stamp_count(t) : 0;
    if (stamps)
        end_line(c);
    for (uint32_t i = 0; i < stamps; i++) {
        const char *key, *value;
        pagu_table_stamp(t, i, &key, &value);
        text_stamp(c->p, key, value);
    }
}

static void print_table(canvas *c)
{
    if (c->n)
        lay_out(c);
    print_title(c);
    if (c->n) {
        print_headings(c);
        print_rows(c);
    }
    print_notes(c);
}

void render_text(printer *p)
{
    canvas c = { .p = p, .n = pagu_table_column_count(p->table), .indented = indented_column(p->table) };
    c.text = pagu_text_new(p->ctx);
    c.columns = mem_zarray(p->ctx, c.n, sizeof c.columns[0]);
    c.groups = mem_zarray(p->ctx, c.n, sizeof c.groups[0]);
    if (!c.text || (c.n && (!c.columns || !c.groups)))
        p->code = PAGU_NO_MEMORY;
    else
        print_table(&c);
    pagu_text_free(c.text);
    mem_free(p->ctx, c.columns, c.n * sizeof c.columns[0]);
    mem_free(p->ctx, c.groups, c.n * sizeof c.groups[0]);
}

/* ---- parts of documents ---- */

void text_lines(printer *p, const char *text)
{
    canvas c = { .p = p, .text = pagu_text_new(p->ctx) };
    if (!c.text)
        p->code = PAGU_NO_MEMORY;
    while (c.text && *text) {
        size_t len = strcspn(text, "\n");
        print_paragraph(&c, text, len);
        text += len + (text[len] != '\0');
    }
    pagu_text_free(c.text);
}

void text_rule(printer *p, uint32_t width)
{
    canvas c = { .p = p };
    put_rule(&c, width);
    end_line(&c);
}

void text_stamp(printer *p, const char *key, const char *value)
{
    text_truncate(p->cell, 0);
    append_escaped(p, p->cell, key, strlen(key));
    append_escaped(p, p->cell, "=", 1);
    append_escaped(p, p->cell, value, strlen(value));
    print_bytes(p, pagu_text_data(p->cell), pagu_text_len(p->cell));
    print_str(p, "\n");
}
