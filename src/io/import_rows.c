/* import_rows.c - the rows of a table: places, values, totals, what can't be taken.
 * SPDX-License-Identifier: MIT */
#include "io/import_parts.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_CODE_PARTS = 16, POLL_ROWS = 1024 };

typedef struct open_merge {
    uint32_t line1;
    const char *text;
} open_merge;

typedef struct row_reader {
    import_sheet *s;
    uint32_t row, line, number;           /* of the grid; of the file; among the printed rows */
    const char *node, *level, *indicator; /* of the last row with a code; NULL: none yet */
    char parts[MOST_CODE_PARTS][40];      /* of the row above, to be filled down */
    char field[CODE_SIZE];                /* the last bidang */
    bool another;                         /* a further indicator of the same node */
    uint32_t n_hidden, n_skipped;
    uint32_t levels_seen; /* bits of the levels table */
    grid_merge *merges;   /* by their first line */
    uint32_t next_merge;
    open_merge *merged; /* by column of the grid */
    const char **above; /* the last text in each column */
} row_reader;

static const char *cell_text(const row_reader *r, const import_column *c)
{
    return grid_text(r->s->g, r->row, c->at);
}

/* ---- codes ---- */

static const char *const *code_parts(row_reader *r, const char **parts, uint32_t *n)
{
    import_sheet *s = r->s;
    uint32_t last = 0;
    *n = 0;
    for (uint32_t i = 0; i < s->n_columns && *n < MOST_CODE_PARTS; i++)
        if (s->columns[i].role == ROLE_CODE && s->columns[i].is_part) {
            parts[*n] = cell_text(r, &s->columns[i]);
            (*n)++;
            if (*parts[*n - 1])
                last = *n;
        }
    for (uint32_t i = 0; i < last; i++) { /* what is left blank before a number is that of above */
        if (!*parts[i])
            parts[i] = r->parts[i];
        else
            snprintf(r->parts[i], sizeof r->parts[i], "%.39s", parts[i]);
    }
    for (uint32_t i = last; i < *n; i++)
        r->parts[i][0] = '\0';
    *n = last;
    return parts;
}

/* false: nothing stands there, or (told) no code. */
static bool read_code(row_reader *r, char code[CODE_SIZE])
{
    import_sheet *s = r->s;
    const char *parts[MOST_CODE_PARTS], *printed = "";
    char own[CODE_SIZE];
    uint32_t n;
    bool ok = true;
    code[0] = '\0';
    for (uint32_t i = 0; i < s->n_columns && !*printed; i++) {
        const import_column *c = &s->columns[i];
        if (c->role != ROLE_CODE || c->is_part)
            continue;
        printed = cell_text(r, c);
        ok = !*printed || code_read(printed, c->split, s->pad_codes, code);
    }
    if (!*printed) {
        code_parts(r, parts, &n);
        printed = n ? parts[n - 1] : "";
        ok = n == 0 || code_join(parts, n, s->pad_codes, code);
    }
    if (!ok && strpbrk(printed, "0123456789")) {
        import_tell(s, FAULT_ROW, r->line, NULL, printed, "", "\"%s\" is no code", printed);
        return false;
    }
    if (!ok || !*code)
        return false;
    const char *field = s->o->own_field ? s->o->own_field : r->field;
    if (code_alias(code, *field ? field : "?", own)) {
        if (!*field) {
            import_tell(s, FAULT_ROW, r->line, NULL, code, "",
                        "\"%s\" stands for the office's own bidang, which no row above tells; give it with --bidang",
                        code);
            return false;
        }
        snprintf(code, CODE_SIZE, "%s", own);
    }
    return true;
}

/* ---- levels ---- */

static uint32_t level_row(const draft *d, const char *level)
{
    const draft_table *t = &d->tables[RES_LEVELS];
    for (uint32_t i = 0; i < t->n_rows; i++)
        if (str_eq(draft_cell(&t->rows[i], LEVELS_TREE), "main") &&
            str_eq(draft_cell(&t->rows[i], LEVELS_LEVEL), level))
            return i;
    return UINT32_MAX;
}

static const char *level_of_length(const draft *d, uint32_t segments)
{
    const draft_table *t = &d->tables[RES_LEVELS];
    char length[16];
    snprintf(length, sizeof length, "%u", segments);
    for (uint32_t i = 0; i < t->n_rows; i++)
        if (str_eq(draft_cell(&t->rows[i], LEVELS_TREE), "main") &&
            str_eq(draft_cell(&t->rows[i], LEVELS_LENGTH), length))
            return draft_cell(&t->rows[i], LEVELS_LEVEL);
    return "";
}

/* The level that a cell names, "" if none. */
static const char *level_named(const draft *d, const char *text)
{
    int known = level_of_word(text);
    if (level_row(d, text) != UINT32_MAX)
        return draft_cell(&d->tables[RES_LEVELS].rows[level_row(d, text)], LEVELS_LEVEL);
    return known != LEVEL_NONE && level_row(d, import_levels[known]) != UINT32_MAX ? import_levels[known] : "";
}

static const char *level_cell(const row_reader *r)
{
    for (uint32_t i = 0; i < r->s->n_columns; i++)
        if (r->s->columns[i].role == ROLE_LEVEL)
            return cell_text(r, &r->s->columns[i]);
    return "";
}

/* false: level and code contradict each other (told). */
static bool find_level(row_reader *r, const char *code, const char **out)
{
    draft *d = &r->s->im->d;
    uint32_t segments = segment_count(code);
    const char *named = level_named(d, level_cell(r)), *by_length = level_of_length(d, segments);
    *out = *named ? named : by_length;
    uint32_t row = *named ? level_row(d, named) : UINT32_MAX;
    const char *length = row != UINT32_MAX ? draft_cell(&d->tables[RES_LEVELS].rows[row], LEVELS_LENGTH) : "";
    uint32_t wanted;
    if (*length && sscanf(length, "%u", &wanted) == 1 && wanted > 0 && wanted != segments) {
        import_tell(r->s, FAULT_ROW, r->line, NULL, code, code, "code \"%s\" has %u segments, a %s has %u", code,
                    segments, named, wanted);
        return false;
    }
    if (!**out)
        import_tell(r->s, FAULT_NOTE, r->line, NULL, code, code, "code \"%s\" has %u segments, as no level has", code,
                    segments);
    row = level_row(d, *out);
    if (row < 32)
        r->levels_seen |= UINT32_C(1) << row;
    return true;
}

/* ---- kinds of rows ---- */

static const char *first_text(const row_reader *r, import_role role)
{
    for (uint32_t i = 0; i < r->s->n_columns; i++) {
        const import_column *c = &r->s->columns[i];
        if (c->role == role && !(role == ROLE_NAME && c->stage && !str_eq(c->stage, r->s->stage)) && *cell_text(r, c))
            return cell_text(r, c);
    }
    return "";
}

/* Something that a place is needed for: an indicator, an amount, a target. A signature below the
 * table that happens to stand in a column of amounts is none. */
static bool has_values(const row_reader *r)
{
    import_sheet *s = r->s;
    for (uint32_t i = 0; i < s->n_columns; i++) {
        const import_column *c = &s->columns[i];
        const grid_cell *cell = grid_at(s->g, r->row, c->at);
        read_money m;
        if (!cell)
            continue;
        if (c->role == ROLE_INDICATOR || (c->role == ROLE_MEASURE && strchr("0123456789-", *cell->text)))
            return true;
        if (c->role == ROLE_MONEY && value_money(s, c, cell, NULL, &m, NULL) != PAGU_BAD_NUMBER)
            return true;
    }
    return false;
}

/* "J U M L A H", "Total", "JUMLAH TOTAL" */
static bool is_total_word(const char *text)
{
    static const char *const words[] = { "jumlah",           "total",
                                         "jumlahtotal",      "totaljumlah",
                                         "grandtotal",       "jumlahkeseluruhan",
                                         "totalkeseluruhan", "jumlahseluruhnya",
                                         "jumlahanggaran",   "totalanggaran",
                                         "totalpagu",        "jumlahpagu",
                                         "jumlahbelanja",    "totalbelanja" };
    char letters[64];
    size_t n = 0;
    for (; *text && n + 1 < sizeof letters; text++) {
        char c = (char)(*text | 32);
        if (c >= 'a' && c <= 'z')
            letters[n++] = c;
        else if (*text >= '0' && *text <= '9')
            return false;
    }
    letters[n] = '\0';
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(words[i], letters))
            return true;
    return false;
}

static bool is_total(const row_reader *r)
{
    const grid_row *row = &r->s->g->rows[r->row];
    if (is_total_word(level_cell(r)) || is_total_word(first_text(r, ROLE_NAME)))
        return true;
    for (uint32_t i = 0; i < row->n; i++) { /* merged over all columns before the sums */
        const char *text = r->s->g->cells[row->first + i].text;
        if (is_total_word(text))
            return true;
        if (strpbrk(text, "0123456789"))
            return false;
    }
    return false;
}

/* The header again at the top of a page. */
static bool repeats_header(const row_reader *r)
{
    const grid *g = r->s->g;
    const grid_row *row = &g->rows[r->row];
    for (uint32_t h = r->s->header; h < r->s->body; h++) {
        uint32_t same = 0;
        for (uint32_t i = 0; i < row->n; i++) {
            const grid_cell *cell = &g->cells[row->first + i];
            same += str_eq(cell->text, grid_text(g, h, cell->column));
        }
        if (row->n > 0 && same == row->n)
            return true;
    }
    return false;
}

/* ---- printed cells ---- */

/* The cell as the document shows it: numbers of a workbook by the table's locale. */
static const char *printed_text(row_reader *r, const import_column *c)
{
    import_sheet *s = r->s;
    draft *d = &s->im->d;
    const grid_cell *cell = grid_at(s->g, r->row, c->at), *unit = NULL;
    char text[1200];
    if (!cell)
        return "";
    if (c->role == ROLE_MEASURE && c->unit_at == (int)c->at + 1)
        unit = grid_at(s->g, r->row, (uint32_t)c->unit_at);
    if (cell->kind == GRID_TEXT && !unit)
        return import_text(d, cell->text);
    snprintf(text, sizeof text, "%.900s%s%s%.200s", cell->text, cell->kind == GRID_PERCENT ? "%" : "", unit ? " " : "",
             unit ? unit->text : "");
    bool number = cell->kind == GRID_NUMBER || cell->kind == GRID_PERCENT;
    char *point = number && s->locale != PAGU_LOCALE_EN ? strchr(text, '.') : NULL;
    if (point)
        *point = ',';
    return import_text(d, text);
}

static void claim(const import_column *c, const char *node, const char *indicator, const char *stage,
                  const char *cells[PRINTED_LINE + 1], char *field, size_t size)
{
    bool indicator_field =
        c->role == ROLE_MEASURE || c->role == ROLE_INDICATOR ||
        (c->role == ROLE_CLAIM && c->field && !str_eq(c->field, "code") && !str_eq(c->field, "absorption"));
    bool value = c->role == ROLE_MONEY || c->role == ROLE_MEASURE || c->role == ROLE_CLAIM;
    bool text = c->role == ROLE_NAME || c->role == ROLE_CODE || c->role == ROLE_INDICATOR || c->role == ROLE_TAG;
    cells[PRINTED_OWNER] = indicator_field ? indicator : node;
    if ((!value && !text) || !*cells[PRINTED_OWNER] || (text && str_eq(node, ".")))
        return;
    snprintf(field, size, "%s%s", c->role == ROLE_TAG ? "tag:" : "",
             value || c->role == ROLE_TAG ? c->field
             : c->role == ROLE_CODE       ? "code"
                                          : "name");
    cells[PRINTED_FIELD] = field;
    cells[PRINTED_STAGE] = c->stage ? c->stage : stage;
    cells[PRINTED_PERIOD] = text || str_eq(field, "code") ? "*" : c->period;
}

static void put_printed(row_reader *r, const char *node, const char *indicator)
{
    import_sheet *s = r->s;
    draft *d = &s->im->d;
    char number[16], line[16];
    if (!s->keep_printed)
        return;
    snprintf(number, sizeof number, "%u", r->number);
    snprintf(line, sizeof line, "%u", r->line);
    const char *row_number = draft_keep_text(d, number), *row_line = draft_keep_text(d, line);
    for (uint32_t i = 0; i < s->n_columns && d->code == PAGU_OK; i++) {
        const import_column *c = &s->columns[i];
        const char *cells[PRINTED_LINE + 1] = { s->table, row_number, c->name };
        char field[64];
        bool unit_shown = c->role == ROLE_UNIT && i > 0 && s->columns[i - 1].unit_at == (int)c->at;
        if (c->role == ROLE_IGNORE || c->role == ROLE_LEVEL || unit_shown)
            continue;
        claim(c, node, indicator, s->stage, cells, field, sizeof field);
        if (cells[PRINTED_FIELD])
            cells[PRINTED_FIELD] = draft_keep_text(d, field);
        cells[PRINTED_TEXT] = printed_text(r, c);
        cells[PRINTED_LINE] = row_line;
        draft_row *row = draft_append(d, RES_PRINTED, (pagu_source){ s->file, r->line });
        for (uint32_t k = 0; row && k <= PRINTED_LINE; k++)
            if (cells[k])
                draft_set_kept(row, k, cells[k]);
    }
}

/* ---- values ---- */

static void reject_cell(row_reader *r, const import_column *c, const grid_cell *cell, const char *node,
                        const pagu_error *err)
{
    import_tell(r->s, FAULT_CELL, r->line, c->header, cell ? cell->text : "", node, "%s", err->message);
}

static void take_money(row_reader *r, const import_column *c, const char *node)
{
    import_sheet *s = r->s;
    read_money m;
    pagu_error err = { 0 };
    const grid_cell *cell = grid_at(s->g, r->row, c->at);
    const char *twin = c->twin_at >= 0 ? grid_text(s->g, r->row, (uint32_t)c->twin_at) : NULL;
    if (value_money(s, c, cell, twin, &m, &err) != PAGU_OK) {
        reject_cell(r, c, cell, node, &err);
        return;
    }
    if (m.rounded) {
        s->im->n_rounded++;
        import_tell(s, FAULT_ROUND, r->line, c->header, cell->text, node, "\"%s\" was rounded", cell->text);
    }
    if (m.cell.state != PAGU_MISSING)
        import_put_amount(s, c, node, m.cell, r->line);
}

static const char *unit_text(row_reader *r, const import_column *c)
{
    return c->unit_at >= 0 ? grid_text(r->s->g, r->row, (uint32_t)c->unit_at) : "";
}

static void take_measure(row_reader *r, const import_column *c, const char *node, const char *level)
{
    import_sheet *s = r->s;
    read_measure m;
    pagu_error err = { 0 };
    const grid_cell *cell = grid_at(s->g, r->row, c->at);
    pagu_source src = { s->file, r->line };
    if (value_measure(s, c, cell, unit_text(r, c), src, &m, &err) != PAGU_OK) {
        reject_cell(r, c, cell, node, &err);
        return;
    }
    if (m.state == PAGU_MISSING)
        return;
    if (!*r->indicator)
        r->indicator = import_put_indicator(s, node, level, "", r->line, false);
    import_put_measure_row(s, c, r->indicator, &m, r->line);
}

/* In a merged range the first cell speaks for all, for words that belong to every row. */
static const char *filled_text(const row_reader *r, const import_column *c)
{
    const char *own = cell_text(r, c);
    const open_merge *m = &r->merged[c->at];
    if (!*own && m->line1 >= r->line)
        own = m->text;
    return !*own && c->fill_down ? r->above[c->at] : own;
}

static int merge_order(const void *a, const void *b)
{
    const grid_merge *x = a, *y = b;
    return x->line0 != y->line0 ? (x->line0 < y->line0 ? -1 : 1)
                                : (x->column0 > y->column0) - (x->column0 < y->column0);
}

static bool open_columns(row_reader *r)
{
    const grid *g = r->s->g;
    r->merged = arena_alloc(&r->s->text, (g->width + 1) * sizeof *r->merged);
    r->above = arena_alloc(&r->s->text, (g->width + 1) * sizeof *r->above);
    r->merges = arena_alloc(&r->s->text, (g->n_merges + 1) * sizeof *r->merges);
    if (!r->merged || !r->above || !r->merges)
        return false;
    for (uint32_t c = 0; c < g->width; c++) {
        r->merged[c] = (open_merge){ 0, "" };
        r->above[c] = "";
    }
    if (g->n_merges)
        memcpy(r->merges, g->merges, g->n_merges * sizeof *r->merges);
    qsort(r->merges, g->n_merges, sizeof *r->merges, merge_order);
    return true;
}

/* Ranges that begin at this row, and what stands in it for the rows below. */
static void note_columns(row_reader *r)
{
    const grid *g = r->s->g;
    for (; r->next_merge < g->n_merges && r->merges[r->next_merge].line0 <= r->line; r->next_merge++) {
        const grid_merge *m = &r->merges[r->next_merge];
        if (m->line0 < r->line || m->column0 >= g->width)
            continue;
        const char *text = grid_text(g, r->row, m->column0);
        for (uint32_t c = m->column0; c <= m->column1 && c < g->width; c++)
            r->merged[c] = (open_merge){ m->line1, text };
    }
    for (uint32_t i = 0; i < g->rows[r->row].n; i++) {
        const grid_cell *cell = &g->cells[g->rows[r->row].first + i];
        r->above[cell->column] = cell->text;
    }
}

static void take_values(row_reader *r, const char *node, const char *level)
{
    import_sheet *s = r->s;
    draft *d = &s->im->d;
    for (uint32_t i = 0; i < s->n_columns && d->code == PAGU_OK; i++) {
        const import_column *c = &s->columns[i];
        const char *text;
        switch (c->role) {
        case ROLE_MONEY: take_money(r, c, node); break;
        case ROLE_MEASURE: take_measure(r, c, node, level); break;
        case ROLE_TAG:
            text = import_text(d, filled_text(r, c));
            if (*text && !str_eq(text, "-"))
                import_put_tag(s, c, node, text, r->line);
            break;
        case ROLE_NOTE:
            text = import_text(d, filled_text(r, c));
            if (*text && !str_eq(text, "-"))
                import_put_text(s, node, c->field ? c->field : "note", c->stage ? c->stage : s->stage, text, r->line);
            break;
        case ROLE_NAME:
            if (c->stage && !str_eq(c->stage, s->stage))
                import_put_name(s, node, RES_NODES, c->stage, import_text(d, cell_text(r, c)), r->line);
            break;
        default: break;
        }
    }
}

static void take_members(row_reader *r, const char *node)
{
    import_sheet *s = r->s;
    import_put_member(&s->im->d, node, s->stage);
    for (uint32_t i = 0; i < s->n_columns; i++) {
        const import_column *c = &s->columns[i];
        if ((c->role == ROLE_MONEY || c->role == ROLE_MEASURE) && c->stage)
            import_put_member(&s->im->d, node, c->stage);
    }
}

/* ---- one row ---- */

static void take_total(row_reader *r)
{
    r->number++;
    put_printed(r, ".", "");
    for (uint32_t i = 0; i < r->s->n_columns; i++)
        if (r->s->columns[i].role == ROLE_MONEY)
            take_money(r, &r->s->columns[i], ".");
}

/* A name that one column gives for several stages side by side. */
static void name_for_other_stages(row_reader *r, import_role role, const char *owner, uint32_t res, const char *name)
{
    import_sheet *s = r->s;
    for (uint32_t i = 0; i < s->n_columns; i++) {
        const import_column *c = &s->columns[i];
        bool value = c->role == ROLE_MONEY || c->role == ROLE_MEASURE;
        bool own = !value || !c->stage || str_eq(c->stage, s->stage) || str_eq(c->stage, "common") ||
                   str_eq(c->stage, "renstra");
        for (uint32_t k = 0; k < s->n_columns && !own; k++) /* it has a column for its own */
            own = s->columns[k].role == role && s->columns[k].stage && str_eq(s->columns[k].stage, c->stage);
        if (!own)
            import_put_name(s, owner, res, c->stage, name, r->line);
    }
}

static void take_indicator(row_reader *r, bool another)
{
    draft *d = &r->s->im->d;
    const char *name = import_text(d, first_text(r, ROLE_INDICATOR));
    r->indicator =
        *name && !str_eq(name, "-") ? import_put_indicator(r->s, r->node, r->level, name, r->line, another) : "";
    if (*r->indicator)
        name_for_other_stages(r, ROLE_INDICATOR, r->indicator, RES_INDICATORS, name);
}

/* A row without code: a further indicator of the node above, a line of text, or a fault. */
static void take_codeless(row_reader *r)
{
    import_sheet *s = r->s;
    const char *name = first_text(r, ROLE_NAME);
    if (!has_values(r)) {
        r->n_skipped++;
        return;
    }
    if (!*name && r->node && *first_text(r, ROLE_INDICATOR)) {
        r->number++;
        take_indicator(r, true);
        take_values(r, r->node, r->level);
        put_printed(r, r->node, r->indicator);
        return;
    }
    import_tell(s, FAULT_ROW, r->line, NULL, name, "", *name ? "\"%s\" has no code" : "values without code or name%s",
                name);
}

/* Ancestors that a row names in columns of their own; the last with a code is the row's node. */
static bool take_level_columns(row_reader *r, char code[CODE_SIZE], const char **name)
{
    import_sheet *s = r->s;
    draft *d = &s->im->d;
    bool any = false;
    char above[CODE_SIZE] = "";
    for (int level = 0; level < LEVELS; level++) {
        const char *printed = "", *text = "";
        for (uint32_t i = 0; i < s->n_columns; i++) {
            const import_column *c = &s->columns[i];
            if (c->words.level != level)
                continue;
            if (c->role == ROLE_CODE)
                printed = cell_text(r, c);
            else if (c->role == ROLE_NAME)
                text = cell_text(r, c);
        }
        char own[CODE_SIZE], full[2 * CODE_SIZE];
        if (!*printed || !code_read(printed, NULL, s->pad_codes, own))
            continue;
        uint32_t have = segment_count(own);
        static const uint32_t lengths[LEVELS] = { 1, 2, 3, 5, 6 };
        snprintf(full, sizeof full, "%s%s%s", have < lengths[level] ? above : "",
                 have < lengths[level] && *above ? "." : "", own);
        if (!code_read(full, NULL, s->pad_codes, own))
            continue;
        if (*above) { /* the one before was an ancestor */
            const char *node = import_put_node(s, above, level_of_length(d, segment_count(above)), *name, r->line);
            take_members(r, node);
        }
        snprintf(above, sizeof above, "%s", own);
        *name = import_text(d, text);
        any = true;
    }
    snprintf(code, CODE_SIZE, "%s", above);
    return any;
}

static bool has_level_columns(const import_sheet *s)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->n_columns; i++)
        n += s->columns[i].role == ROLE_CODE && s->columns[i].words.level != LEVEL_NONE;
    return n > 1;
}

/* A code that the table has given already: the same node again, with another indicator. */
static bool is_again(row_reader *r, const char *node, bool *reject)
{
    import_sheet *s = r->s;
    const char *parts[] = { s->table, node, "row" };
    keyset_entry *entry;
    bool added;
    *reject = false;
    if (!keyset_add(&s->im->indicator_seen, parts, 3, r->line, &entry, &added)) {
        s->im->d.code = PAGU_NO_MEMORY;
        return false;
    }
    if (added)
        return false;
    for (uint32_t i = 0; i < s->n_columns && !*reject; i++)
        *reject = s->columns[i].role == ROLE_MONEY && *cell_text(r, &s->columns[i]);
    *reject = *reject || !*first_text(r, ROLE_INDICATOR);
    if (*reject)
        import_tell(s, FAULT_ROW, r->line, NULL, node, node, "code \"%s\" stands already in line %u", node,
                    entry->value);
    return true;
}

static void take_coded(row_reader *r, const char *code, const char *name)
{
    import_sheet *s = r->s;
    draft *d = &s->im->d;
    const char *level;
    bool reject;
    if (!find_level(r, code, &level))
        return;
    if (segment_count(code) == 2)
        snprintf(r->field, sizeof r->field, "%s", code);
    const char *key[] = { code };
    const draft_row *known = draft_find(d, RES_NODES, key, 1);
    const char *seen = known ? draft_cell(known, NODES_NODE) : draft_keep_text(d, code);
    bool again = is_again(r, seen, &reject);
    if (reject)
        return;
    r->number++;
    r->node = import_put_node(s, code, level, name, r->line);
    r->level = level;
    name_for_other_stages(r, ROLE_NAME, r->node, RES_NODES, name);
    take_members(r, r->node);
    take_indicator(r, again);
    take_values(r, r->node, level);
    put_printed(r, r->node, r->indicator);
}

static void take_grid_row(row_reader *r)
{
    import_sheet *s = r->s;
    char code[CODE_SIZE];
    const char *name = "";
    uint32_t told = s->im->n_rejected;
    if (repeats_header(r))
        return;
    bool coded = has_level_columns(s) ? take_level_columns(r, code, &name) : read_code(r, code);
    if (!has_level_columns(s))
        name = import_text(&s->im->d, first_text(r, ROLE_NAME));
    s->im->n_rows++;
    if (coded)
        take_coded(r, code, name);
    else if (s->im->n_rejected != told)
        return;
    else if (is_total(r))
        take_total(r);
    else
        take_codeless(r);
}

/* ---- the table ---- */

static void put_table(row_reader *r)
{
    import_sheet *s = r->s;
    draft *d = &s->im->d;
    const char *key[] = { s->table };
    char levels[300] = "";
    static const char *const locales[] = { "id", "en", "plain" };
    draft_row *row = s->keep_printed ? draft_add(d, RES_TABLES, key, 1, (pagu_source){ s->file, 0 }) : NULL;
    if (!row)
        return;
    for (uint32_t i = 0; i < d->tables[RES_LEVELS].n_rows && i < 32; i++) {
        size_t n = strlen(levels);
        if (r->levels_seen >> i & 1)
            snprintf(levels + n, sizeof levels - n, "%s%s", n ? " " : "",
                     draft_cell(&d->tables[RES_LEVELS].rows[i], LEVELS_LEVEL));
    }
    draft_set(d, row, TABLES_TITLE, s->t && s->t->title ? s->t->title : *s->title ? s->title : s->table);
    draft_set(d, row, TABLES_FORM, s->t && s->t->form ? s->t->form : "");
    draft_set(d, row, TABLES_SCOPE, s->t && s->t->scope ? s->t->scope : "listed");
    draft_set(d, row, TABLES_STAGE, s->stage);
    draft_set(d, row, TABLES_LEVELS, levels);
    draft_set(d, row, TABLES_LOCALE, locales[s->locale == PAGU_LOCALE_PLAIN ? PAGU_LOCALE_ID : s->locale]);
}

pagu_code import_rows(import_sheet *s, pagu_error *err)
{
    row_reader r = { .s = s, .indicator = "" };
    draft *d = &s->im->d;
    import_put_standard_levels(d);
    if (!open_columns(&r))
        return err_memory(s->im->ctx, err);
    for (r.row = s->body; r.row < s->end && d->code == PAGU_OK; r.row++) {
        r.line = s->g->rows[r.row].line;
        r.n_hidden += s->g->rows[r.row].hidden;
        if (r.row % POLL_ROWS == 0 && pagu_ctx_interrupted(s->im->ctx))
            return err_set(s->im->ctx, err, PAGU_INTERRUPTED, "interrupted");
        note_columns(&r);
        take_grid_row(&r);
    }
    put_table(&r);
    if (r.n_skipped)
        import_tell(s, FAULT_NOTE, 0, NULL, "", "", "%u rows without code and values were passed over", r.n_skipped);
    if (r.n_hidden)
        import_tell(s, FAULT_NOTE, 0, NULL, "", "", "%u hidden rows were read like the others", r.n_hidden);
    return d->code == PAGU_OK ? PAGU_OK : err_memory(s->im->ctx, err);
}
