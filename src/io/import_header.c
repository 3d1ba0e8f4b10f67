/* import_header.c - where the header of a table stands, and what each column is.
 * SPDX-License-Identifier: MIT */
#include "io/import_parts.h"
#include "io/utf8.h"

#include <stdio.h>

enum { SEARCHED = 80, MOST_HEADER = 8, LONGEST_HEADER = 160 };

const char *import_text(draft *d, const char *text)
{
    char small[512];
    size_t n = 0, len = strlen(text);
    char *out = len < sizeof small ? small : mem_alloc(d->ctx, len + 1);
    if (!out) {
        d->code = PAGU_NO_MEMORY;
        return "";
    }
    for (const char *p = text; *p; p++) {
        bool nbsp = strncmp(p, "\xC2\xA0", 2) == 0;
        bool blank = nbsp || *p == ' ' || *p == '\t' || *p == '\n' || *p == '\r';
        p += nbsp;
        if (!blank)
            out[n++] = *p;
        else if (n > 0 && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    while (n > 0 && out[n - 1] == ' ')
        n--;
    n = utf8_valid_prefix(out, n); /* what was cut to fit may end in half a character */
    const char *kept = draft_keep(d, out, n);
    if (out != small)
        mem_free(d->ctx, out, len + 1);
    return kept;
}

void import_slug(const char *text, char *out, size_t size)
{
    char words[256];
    size_t n = 0;
    normal_words(text, words, sizeof words);
    for (const char *p = words + 1; *p && n + 1 < size; p++)
        out[n++] = *p == ' ' ? '_' : *p;
    while (n > 0 && out[n - 1] == '_')
        n--;
    out[utf8_valid_prefix(out, n)] = '\0';
}

/* ---- rows that look like a header ---- */

static bool is_small_number(const char *text)
{
    size_t n = strspn(text, "()0123456789 ");
    return text[n] == '\0' && strpbrk(text, "0123456789") && strlen(text) <= 6;
}

/* "1 2 3 4 5": numbers of the columns, as official forms have them, "8=7/6" among them. */
static bool is_numbering(const grid *g, uint32_t row)
{
    const grid_row *r = &g->rows[row];
    uint32_t numbers = 0;
    for (uint32_t i = 0; i < r->n; i++) {
        const char *text = g->cells[r->first + i].text;
        if (is_small_number(text))
            numbers++;
        else if (strspn(text, "()0123456789 =+-/xX:*%") != strlen(text))
            return false;
    }
    return r->n >= 3 && numbers >= 3 && numbers * 2 > r->n;
}

/* "{year}" in a template is any year: years of a header become that word. */
static void yearless_words(const char *text, char *out, size_t size)
{
    normal_words(text, out, size);
    for (char *p = out; *p; p++)
        if (*p == ' ' && strspn(p + 1, "0123456789") == 4)
            memcpy(p + 1, "year", 4);
}

static const template_column *template_match(const import_sheet *s, const char *leaf, const char *all)
{
    char own[256], joined[512], wanted[512];
    yearless_words(leaf, own, sizeof own);
    yearless_words(all, joined, sizeof joined);
    for (uint32_t i = 0; s->t && i < s->t->n_columns; i++)
        for (const char *const *h = s->t->columns[i].headers; *h; h++) {
            normal_words(*h, wanted, sizeof wanted);
            if (str_eq(wanted, joined) || str_eq(wanted, own))
                return &s->t->columns[i];
        }
    return NULL;
}

/* Cells of the row that mean something at the head of a column. */
static uint32_t known_cells(const import_sheet *s, uint32_t row)
{
    const grid_row *r = &s->g->rows[row];
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->n; i++) {
        const grid_cell *cell = &s->g->cells[r->first + i];
        header_words w;
        if (cell->kind != GRID_TEXT || strlen(cell->text) > LONGEST_HEADER)
            continue;
        words_of_header(cell->text, "", &w);
        n += w.role != ROLE_UNKNOWN || template_match(s, cell->text, cell->text) != NULL;
    }
    return n;
}

/* Numbers that are no years and codes are data. */
static bool is_data_row(const import_sheet *s, uint32_t row)
{
    const grid_row *r = &s->g->rows[row];
    for (uint32_t i = 0; i < r->n; i++) {
        const grid_cell *cell = &s->g->cells[r->first + i];
        const char *text = cell->text;
        size_t n = strspn(text, "0123456789.,");
        bool year = n == 4 && text[n] == '\0' && (text[0] == '1' || text[0] == '2') && !strpbrk(text, ".,");
        if (n > 0 && text[n] == '\0' && !year)
            return true;
        if (strlen(text) > LONGEST_HEADER)
            return true;
    }
    return false;
}

static bool find_rows(import_sheet *s)
{
    const grid *g = s->g;
    uint32_t best = 0, at = 0, searched = g->n_rows < SEARCHED ? g->n_rows : SEARCHED;
    for (uint32_t r = 0; r < searched; r++) {
        uint32_t known = known_cells(s, r);
        if (known > best) {
            best = known;
            at = r;
        }
    }
    if (best < 2)
        return false;
    s->header = at;
    s->body = at + 1;
    /* groups above: several cells, close by, none of them data */
    while (s->header > 0 && at - s->header + 1 < MOST_HEADER && g->rows[s->header - 1].n >= 2 &&
           !is_data_row(s, s->header - 1) && g->rows[s->header - 1].line + 2 > g->rows[s->header].line)
        s->header--;
    /* further rows of it below: known words, no data */
    while (s->body < g->n_rows && s->body - s->header < MOST_HEADER && !is_data_row(s, s->body) &&
           known_cells(s, s->body) >= 1 && known_cells(s, s->body) * 2 >= g->rows[s->body].n)
        s->body++;
    while (s->body < g->n_rows && is_numbering(g, s->body))
        s->body++;
    s->end = g->n_rows;
    return true;
}

/* ---- texts of a column's head ---- */

static const grid_merge *merge_over(const grid *g, uint32_t line, uint32_t column)
{
    for (uint32_t i = 0; i < g->n_merges; i++) {
        const grid_merge *m = &g->merges[i];
        if (line >= m->line0 && line <= m->line1 && column >= m->column0 && column <= m->column1)
            return m;
    }
    return NULL;
}

static const char *text_on_line(const grid *g, uint32_t from, uint32_t to, uint32_t line, uint32_t column)
{
    for (uint32_t r = from; r < to; r++)
        if (g->rows[r].line == line)
            return grid_text(g, r, column);
    return "";
}

/* The text over a column in a row of the header: its own, that of the range it is merged into, or,
 * above something, that of the group to its left. */
static const char *head_text(const import_sheet *s, uint32_t row, uint32_t column, bool below, uint32_t *group)
{
    const grid *g = s->g;
    const char *own = grid_text(g, row, column);
    *group = column;
    if (*own)
        return own;
    const grid_merge *m = merge_over(g, g->rows[row].line, column);
    if (m) {
        *group = m->column0;
        return text_on_line(g, s->header, s->body, m->line0, m->column0);
    }
    if (!below || g->n_merges) /* with merges told, a blank is a blank */
        return "";
    for (uint32_t c = column; c-- > 0;) {
        const char *text = grid_text(g, row, c);
        if (!*text)
            continue;
        bool grouped = false; /* it heads something of its own below */
        for (uint32_t r = row + 1; r < s->body; r++)
            grouped = grouped || *grid_text(g, r, c);
        *group = c;
        return grouped ? text : "";
    }
    return "";
}

typedef struct head {
    char leaf[LONGEST_HEADER + 4], groups[3 * LONGEST_HEADER];
    uint32_t leaf_column; /* where the leaf's text stands */
} head;

static void head_of(const import_sheet *s, uint32_t column, head *h)
{
    bool below = false;
    const char *texts[MOST_HEADER + 8], *last = "";
    uint32_t n = 0, group;
    *h = (head){ .leaf_column = column };
    for (uint32_t r = s->body; r-- > s->header;) {
        if (is_numbering(s->g, r))
            continue;
        const char *text = head_text(s, r, column, below, &group);
        if (*text && text != last && n < COUNT_OF(texts)) {
            if (n == 0)
                h->leaf_column = group;
            texts[n++] = last = text;
            below = true;
        }
    }
    if (n == 0)
        return;
    snprintf(h->leaf, sizeof h->leaf, "%.*s", LONGEST_HEADER, texts[0]);
    for (uint32_t i = n; i-- > 1;) {
        size_t len = strlen(h->groups);
        snprintf(h->groups + len, sizeof h->groups - len, "%s%.*s", len ? " " : "", LONGEST_HEADER, texts[i]);
    }
}

/* ---- roles ---- */

static void take_template(import_column *c, const template_column *t)
{
    c->chosen = true;
    c->role = t->role;
    c->field = t->field;
    c->stage = t->stage;
    c->period = t->period;
    c->split = t->split;
    c->level = t->level;
    c->fill_down = t->fill_down;
    c->words.level = LEVEL_NONE;
    for (int l = 0; l < LEVELS && t->level; l++)
        if (str_eq(import_levels[l], t->level))
            c->words.level = l;
}

static bool has_data(const import_sheet *s, uint32_t column)
{
    for (uint32_t r = s->body; r < s->end; r++)
        if (*grid_text(s->g, r, column))
            return true;
    return false;
}

/* Short cells of digits and points only, below no header of their own. */
static bool holds_code_parts(const import_sheet *s, uint32_t column)
{
    uint32_t good = 0, bad = 0;
    for (uint32_t r = s->body; r < s->end; r++) {
        const char *text = grid_text(s->g, r, column);
        if (!*text)
            continue;
        bool part = strlen(text) <= 8 && strspn(text, "0123456789. xX") == strlen(text);
        part ? good++ : bad++;
    }
    return good > 0 && good > 4 * bad;
}

static pagu_code add_column(import_sheet *s, uint32_t column, uint32_t *previous_leaf)
{
    draft *d = &s->im->d;
    import_column *c = &s->columns[s->n_columns];
    char all[4 * LONGEST_HEADER], name[96];
    head h;
    head_of(s, column, &h);
    snprintf(all, sizeof all, "%s%s%s", h.groups, *h.groups ? " " : "", h.leaf);
    *c = (import_column){ .at = column, .unit_at = -1, .twin_at = -1, .value_at = -1, .locale = PAGU_LOCALE_PLAIN };
    words_of_header(h.leaf, h.groups, &c->words);
    import_column *before = s->n_columns ? c - 1 : NULL;
    bool code_before = before && before->role == ROLE_CODE && before->at + 1 == column;
    bool same_head = *previous_leaf != UINT32_MAX && h.leaf_column == *previous_leaf && *h.leaf;
    bool wordless = !*h.leaf || (c->words.role == ROLE_UNKNOWN && !*grid_text(s->g, s->body - 1, column));
    const template_column *t = *h.leaf ? template_match(s, h.leaf, all) : NULL;
    if (code_before && !t && (same_head || wordless) && holds_code_parts(s, column)) {
        *c = *before; /* one more part of the code */
        c->at = column;
        c->is_part = before->is_part = true;
    } else if (t) {
        take_template(c, t);
    } else if (!*h.leaf && !has_data(s, column)) {
        return PAGU_OK;
    } else if (!s->t || !s->t->no_guess) {
        c->role = c->words.role;
        c->field = c->words.field;
        c->stage = c->words.stage;
    }
    if (s->t && s->t->unit && c->role == ROLE_MONEY)
        c->words.factor = s->t->unit;
    import_slug(all, name, sizeof name);
    if (c->words.raw && !c->chosen) { /* the column as printed goes by the plain name */
        size_t n = strlen(name);
        if (n > 4 && str_eq(name + n - 4, "_raw"))
            name[n - 4] = '\0';
    }
    c->header = *all ? import_text(d, all) : "";
    c->name = *name ? draft_keep_text(d, name) : "";
    *previous_leaf = h.leaf_column;
    s->n_columns++;
    return d->code;
}

/* Of several columns of codes the normal one is the key, then the plain one; the others are kept
 * as printed. */
static void choose_code(import_sheet *s)
{
    uint32_t best = UINT32_MAX, levels = 0;
    int best_score = 0;
    for (uint32_t i = 0; i < s->n_columns; i++)
        levels += s->columns[i].role == ROLE_CODE && s->columns[i].words.level != LEVEL_NONE;
    if (levels > 1) /* every level has its own: all of them count */
        return;
    for (uint32_t i = 0; i < s->n_columns; i++) {
        const import_column *c = &s->columns[i];
        if (c->role != ROLE_CODE)
            continue;
        int score = c->chosen ? 4 : c->words.norm ? 3 : c->words.raw ? 1 : 2;
        if (score > best_score) {
            best = i;
            best_score = score;
        }
    }
    for (uint32_t i = 0; i < s->n_columns && best != UINT32_MAX; i++) {
        import_column *c = &s->columns[i];
        bool part = c->is_part && s->columns[best].is_part;
        if (c->role != ROLE_CODE || i == best || part)
            continue;
        c->role = ROLE_CLAIM;
        c->field = "code";
        c->is_part = false;
    }
}

static void title_of(import_sheet *s)
{
    char title[400] = "";
    for (uint32_t r = 0; r < s->header; r++) {
        const grid_row *row = &s->g->rows[r];
        size_t n = strlen(title);
        if (row->n > 0 && row->n <= 2 && n + 100 < sizeof title)
            snprintf(title + n, sizeof title - n, "%s%.250s", n ? " " : "", s->g->cells[row->first].text);
    }
    s->title = *title ? import_text(&s->im->d, title) : "";
}

pagu_code import_header(import_sheet *s, bool *found, pagu_error *err)
{
    uint32_t previous = UINT32_MAX;
    *found = s->g->n_rows > 0 && find_rows(s);
    if (!*found)
        return PAGU_OK;
    s->columns = arena_alloc(&s->text, (s->g->width + 1) * sizeof *s->columns);
    pagu_code code = s->columns ? PAGU_OK : PAGU_NO_MEMORY;
    for (uint32_t c = 0; c < s->g->width && code == PAGU_OK; c++)
        code = add_column(s, c, &previous);
    if (code != PAGU_OK)
        return err_memory(s->im->ctx, err);
    choose_code(s);
    title_of(s);
    return PAGU_OK;
}
