/* structure.c - adding rows and indicators.
 *
 * Whether an added row is in force is a value like any other, in the overlay of membership, so
 * undo and redo need nothing more.
 *
 * SPDX-License-Identifier: MIT */
#include "scenario/extension.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- codes ---- */

static const char *last_segment(const char *code, char separator)
{
    const char *at = strrchr(code, separator), *line = strrchr(code, '#');
    if (line && (!at || line > at))
        at = line;
    return at ? at + 1 : code;
}

/* One more than the largest numbered child, in the width of its siblings. */
static void next_number(const pagu_view *v, pagu_row parent, char *buf, size_t size)
{
    unsigned long most = 0;
    size_t width = 2;
    for (pagu_row c = pagu_view_first_child(v, parent); c != PAGU_NO_ROW; c = pagu_view_next_child(v, c)) {
        const char *last = last_segment(pagu_view_code(v, c), v->plan->separator);
        size_t digits = strspn(last, "0123456789");
        if (pagu_view_is_own_line(v, c) || digits == 0 || digits > 18 || last[digits])
            continue;
        unsigned long number = strtoul(last, NULL, 10);
        if (number < most)
            continue;
        most = number;
        width = digits;
    }
    snprintf(buf, size, "%0*lu", (int)width, most + 1);
}

/* Segments that are not empty, without marks of keys but one '#' before a line, without controls. */
static bool is_code(const char *code, char separator)
{
    char before = code[0] == '#' ? 'x' : separator;
    bool line = false;
    for (const unsigned char *c = (const unsigned char *)code; *c; before = (char)*c++) {
        bool mark = *c == (unsigned char)separator || *c == '#';
        bool control = *c < 0x20 || *c == 0x7f || (*c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0);
        if (control || *c == '/' || (mark && (before == separator || before == '#')) || (line && *c == '#'))
            return false;
        line |= *c == '#';
    }
    return *code && before != separator && before != '#';
}

static bool starts_with_code(const char *code, const char *prefix, char separator)
{
    size_t n = strlen(prefix);
    return n && strncmp(code, prefix, n) == 0 && (code[n] == separator || code[n] == '#');
}

/* Full code and key of a new child: "…" or "01" or "#5.1.02" behind the parent's. */
static bool make_code(const pagu_view *v, pagu_row parent, const char *given, char *code, char *key, size_t size)
{
    const char *above = pagu_view_code(v, parent), *above_key = pagu_view_key(v, parent);
    char number[24], sep[2] = { v->plan->separator, '\0' };
    bool is_root = parent == 0, full = given && (starts_with_code(given, above, sep[0]) || is_root || !*above);
    if (!given) {
        next_number(v, parent, number, sizeof number);
        given = number;
    }
    int n = full ? snprintf(code, size, "%s", given)
                 : snprintf(code, size, "%s%s%s", above, given[0] == '#' || !*above ? "" : sep, given);
    size_t code_len = strlen(above), key_len = strlen(above_key), mount = 0;
    if (!is_root)
        mount = key_len >= code_len && str_eq(above_key + key_len - code_len, above) ? key_len - code_len : 0;
    const char *slash = !is_root && !*above ? "/" : "";
    int m = snprintf(key, size, "%.*s%s%s", (int)mount, above_key, slash, code);
    return n > 0 && m > 0 && (size_t)n < size && (size_t)m < size;
}

/* ---- adding ---- */

static pagu_code find_tags(pagu_scenario *s, const pagu_row_def *def, ext_row *row, pagu_error *err)
{
    const pagu_plan *p = s->view.plan;
    if (!def->n_tags)
        return PAGU_OK;
    pool *texts = scenario_pool(s);
    row->classes = texts ? arena_alloc(&texts->text, p->n_trees * sizeof *row->classes) : NULL;
    row->labels = row->classes ? arena_alloc(&texts->text, p->n_trees * sizeof *row->labels) : NULL;
    if (!row->labels)
        return err_memory(p->ctx, err);
    memset(row->classes, 0xff, p->n_trees * sizeof *row->classes);
    memset(row->labels, 0, p->n_trees * sizeof *row->labels);
    for (uint32_t i = 0; i < def->n_tags; i++) {
        uint32_t tree;
        pagu_code code = pagu_plan_find_tree(p, def->tag_trees[i], &tree, err);
        if (code != PAGU_OK)
            return code;
        const plan_tree *t = &p->trees[tree];
        uint32_t c = 0;
        while (c < t->n_classes && !str_eq(plan_str(p, t->classes[c].id), def->tag_classes[i]))
            c++;
        bool ok = true;
        if (c < t->n_classes)
            row->classes[tree] = c;
        else if (t->partition)
            return err_at(p->ctx, err, PAGU_UNKNOWN_TAG, NULL, def->tag_trees[i], "no class \"%s\" in \"%s\"",
                          def->tag_classes[i], def->tag_trees[i]);
        else
            row->labels[tree] = scenario_text(s, def->tag_classes[i], &ok);
        if (!ok)
            return err_memory(p->ctx, err);
    }
    return PAGU_OK;
}

static pagu_code find_level(const pagu_view *v, const pagu_row_def *def, const char *code, uint16_t *out,
                            pagu_error *err)
{
    pagu_level above = pagu_view_level(v, def->under);
    if (def->level)
        return pagu_plan_find_level(v->plan, def->level, out, err);
    bool line = strchr(code, '#') != NULL || above == PAGU_NONE || (uint32_t)above + 1 >= v->plan->n_levels;
    *out = line ? PAGU_NONE : (uint16_t)(above + 1);
    return PAGU_OK;
}

/* A money cell of the parent that has to move to its own line. */
typedef struct moved_cell {
    pagu_column column;
    pagu_cell cell;
} moved_cell;

static uint32_t cells_to_move(const pagu_view *v, pagu_row row, moved_cell *out)
{
    const pagu_plan *p = v->plan;
    uint32_t n = 0;
    for (uint32_t f = 0; f < p->n_fields; f++) {
        if (p->fields[f].kind != PAGU_FIELD_MONEY)
            continue;
        for (uint32_t t = 0; t < p->n_periods; t++) {
            pagu_column column = pagu_view_column(v, (pagu_field)f, (pagu_period)t);
            pagu_cell cell = view_cell(v, row, column);
            if (cell.state == PAGU_MISSING)
                continue;
            if (out)
                out[n] = (moved_cell){ column, cell };
            n++;
        }
    }
    return n;
}

/* Everything that adding needs, gathered before anything is changed. */
typedef struct add_work {
    ext_row row, own;
    bool has_own;
    moved_cell *moved;
    uint32_t n_moved;
} add_work;

static pagu_code add_prepare(pagu_scenario *s, const pagu_row_def *def, add_work *w, pagu_error *err)
{
    pagu_view *v = &s->view;
    pagu_ctx *ctx = v->plan->ctx;
    char code[256], key[256];
    bool ok = true;
    if (def->under >= pagu_view_row_count(v) || !row_is_member(v, def->under))
        return err_set(ctx, err, PAGU_NOT_MEMBER, "the parent is not in \"%s\"", s->name);
    if (pagu_view_is_own_line(v, def->under))
        return err_at(ctx, err, PAGU_WRONG_LEVEL, pagu_view_key(v, def->under), NULL,
                      "nothing can be added below the own line %s", pagu_view_key(v, def->under));
    if (def->code && !is_code(def->code, v->plan->separator))
        return err_set(ctx, err, PAGU_ARGUMENT,
                       "\"%s\" is no code: segments between \"%c\", none empty, and at most one line behind \"#\"",
                       def->code, v->plan->separator ? v->plan->separator : '.');
    if (def->sign < -1 || def->sign > 1)
        return err_set(ctx, err, PAGU_ARGUMENT, "a sign is 1, -1 or 0");
    if (!make_code(v, def->under, def->code, code, key, sizeof code))
        return err_set(ctx, err, PAGU_ARGUMENT, "the code of the new row is too long");
    pagu_row there;
    if (pagu_view_find(v, key, &there, NULL) == PAGU_OK)
        return err_at(ctx, err, PAGU_DUPLICATE_KEY, key, NULL, "%s exists already: %s", key,
                      pagu_view_row_name(v, there));
    w->row = (ext_row){ .key = scenario_text(s, key, &ok),
                        .code = scenario_text(s, code, &ok),
                        .name = scenario_text(s, def->name ? def->name : "", &ok),
                        .parent = def->under,
                        .next = PAGU_NO_ROW,
                        .first_child = PAGU_NO_ROW,
                        .first_indicator = PAGU_NO_INDICATOR,
                        .sign = (int8_t)def->sign,
                        .depth = (uint8_t)(pagu_view_depth(v, def->under) + 1) };
    if (!ok)
        return err_memory(ctx, err);
    if (pagu_view_depth(v, def->under) >= 250)
        return err_set(ctx, err, PAGU_LIMIT, "a plan has at most 250 levels");
    pagu_code rc = find_level(v, def, code, &w->row.level, err);
    if (rc == PAGU_OK)
        rc = find_tags(s, def, &w->row, err);
    if (rc != PAGU_OK || !row_is_leaf(v, def->under))
        return rc;
    w->n_moved = cells_to_move(v, def->under, NULL);
    if (!w->n_moved)
        return PAGU_OK;
    w->moved = mem_array(ctx, w->n_moved, sizeof *w->moved);
    if (!w->moved)
        return err_memory(ctx, err);
    cells_to_move(v, def->under, w->moved);
    snprintf(key, sizeof key, "%s#", pagu_view_key(v, def->under));
    snprintf(code, sizeof code, "%s#", pagu_view_code(v, def->under));
    w->has_own = true;
    w->own = w->row;
    w->own.classes = NULL;
    w->own.labels = NULL;
    w->own.key = scenario_text(s, key, &ok);
    w->own.code = scenario_text(s, code, &ok);
    w->own.name = scenario_text(s, tr(ctx, "not itemised"), &ok);
    w->own.level = PAGU_NONE;
    w->own.flags = ROW_OWN_LINE;
    w->own.sign = 1;
    return ok ? PAGU_OK : err_memory(ctx, err);
}

/* Overlays and room for the moved cells, so that moving can't fail. */
static pagu_code move_reserve(pagu_scenario *s, const add_work *w, pagu_row own, pagu_error *err)
{
    for (uint32_t i = 0; i < w->n_moved; i++) {
        overlay *o = scenario_overlay(s, w->moved[i].column);
        if (!o)
            return err_memory(s->view.plan->ctx, err);
        pagu_code code = overlay_reserve(s, o, own, (pagu_cell){ 0, PAGU_NUMBER }, err);
        if (code != PAGU_OK)
            return code;
    }
    return PAGU_OK;
}

static void move_money(pagu_scenario *s, segment *g, const add_work *w, pagu_row own)
{
    for (uint32_t i = 0; i < w->n_moved; i++) {
        const moved_cell *m = &w->moved[i];
        overlay_write_alone(s, scenario_overlay(s, m->column), own, m->cell);
        journal_record(g, &(record){ .money = { 0, m->cell.value },
                                     .row = own,
                                     .column = m->column,
                                     .kind = RECORD_OWN,
                                     .old_state = PAGU_MISSING,
                                     .new_state = (uint8_t)m->cell.state & 3 });
    }
}

static pagu_code add_commit(pagu_scenario *s, add_work *w, const pagu_note *note, pagu_row *out, pagu_error *err)
{
    pagu_view *v = &s->view;
    pagu_ctx *ctx = v->plan->ctx;
    uint32_t note_index, n_new = 1 + w->has_own;
    ext *e = ext_own(s, n_new, 0);
    overlay *members = e ? scenario_overlay(s, COLUMN_MEMBERS) : NULL;
    if (!members || !cellmap_reserve(ctx, &members->map, n_new))
        return err_memory(ctx, err);
    pagu_row own = PAGU_NO_ROW;
    if (w->has_own) /* not a member yet, so nothing sees it if what follows fails */
        own = ext_append(v, e, &w->own);
    pagu_code code = w->has_own ? move_reserve(s, w, own, err) : PAGU_OK;
    segment *g = code == PAGU_OK ? journal_reserve(s, n_new + w->n_moved, note, &note_index, err) : NULL;
    if (!g)
        return code != PAGU_OK ? code : PAGU_NO_MEMORY;
    *out = ext_append(v, e, &w->row);
    journal_begin(s, g, note_index);
    if (w->has_own) {
        join_row(s, g, own, true, NULL);
        move_money(s, g, w, own);
    }
    join_row(s, g, *out, true, NULL);
    return PAGU_OK;
}

pagu_code pagu_add(pagu_scenario *s, const pagu_row_def *def, const pagu_note *note, pagu_row *out, pagu_error *err)
{
    add_work w = { 0 };
    pagu_row row;
    pagu_code code = check_not_judging(s, err);
    if (code == PAGU_OK)
        code = add_prepare(s, def, &w, err);
    if (code == PAGU_OK)
        code = add_commit(s, &w, note, &row, err);
    mem_free(s->view.plan->ctx, w.moved, w.moved ? w.n_moved * sizeof *w.moved : 0);
    if (code == PAGU_OK && out)
        *out = row;
    return code;
}

/* The own line that the base has below a row, member or not. */
static pagu_row base_own_line(const pagu_view *v, pagu_row row)
{
    const pagu_plan *p = v->plan;
    for (uint32_t c = row_is_base(v, row) ? p->child_first[row] : 0,
                  end = row_is_base(v, row) ? p->child_first[row + 1] : 0;
         c < end; c++)
        if (p->flags[c] & ROW_OWN_LINE)
            return c;
    return PAGU_NO_ROW;
}

static bool make_own_line(pagu_scenario *s, pagu_row row, ext_row *own)
{
    const pagu_view *v = &s->view;
    char key[300], code[300];
    bool ok = true;
    snprintf(key, sizeof key, "%s#", pagu_view_key(v, row));
    snprintf(code, sizeof code, "%s#", pagu_view_code(v, row));
    *own = (ext_row){ .key = scenario_text(s, key, &ok),
                      .code = scenario_text(s, *pagu_view_code(v, row) ? code : "", &ok),
                      .name = scenario_text(s, tr(v->plan->ctx, "not itemised"), &ok),
                      .parent = row,
                      .next = PAGU_NO_ROW,
                      .first_child = PAGU_NO_ROW,
                      .first_indicator = PAGU_NO_INDICATOR,
                      .level = PAGU_NONE,
                      .flags = ROW_OWN_LINE,
                      .sign = 1,
                      .depth = (uint8_t)(pagu_view_depth(v, row) + 1) };
    return ok;
}

pagu_code pagu_add_own_line(pagu_scenario *s, pagu_row row, const pagu_note *note, pagu_row *out, pagu_error *err)
{
    pagu_view *v = &s->view;
    pagu_ctx *ctx = v->plan->ctx;
    uint32_t note_index;
    ext_row own;
    pagu_code ready = check_not_judging(s, err);
    if (ready != PAGU_OK)
        return ready;
    if (row >= pagu_view_row_count(v) || !row_is_member(v, row))
        return err_set(ctx, err, PAGU_NOT_MEMBER, "the parent is not in \"%s\"", s->name);
    if (row_is_leaf(v, row))
        return err_at(ctx, err, PAGU_WRONG_LEVEL, pagu_view_key(v, row), NULL, "%s carries money itself",
                      pagu_view_key(v, row));
    for (pagu_row c = pagu_view_first_child(v, row); c != PAGU_NO_ROW; c = pagu_view_next_child(v, c))
        if (pagu_view_is_own_line(v, c)) {
            *out = c;
            return PAGU_OK;
        }
    pagu_row line = base_own_line(v, row);
    ext *e = line == PAGU_NO_ROW ? ext_own(s, 1, 0) : NULL;
    overlay *members = scenario_overlay(s, COLUMN_MEMBERS);
    if (!members || !cellmap_reserve(ctx, &members->map, 1) ||
        (line == PAGU_NO_ROW && (!e || !make_own_line(s, row, &own))))
        return err_memory(ctx, err);
    segment *g = journal_reserve(s, 1, note, &note_index, err);
    if (!g)
        return PAGU_NO_MEMORY;
    if (line == PAGU_NO_ROW)
        line = ext_append(v, e, &own);
    journal_begin(s, g, note_index);
    join_row(s, g, line, true, NULL);
    *out = line;
    return PAGU_OK;
}

pagu_code pagu_add_indicator(pagu_scenario *s, const pagu_added_indicator *def, const pagu_note *note,
                             pagu_indicator *out, pagu_error *err)
{
    pagu_view *v = &s->view;
    pagu_ctx *ctx = v->plan->ctx;
    uint32_t note_index, n = 1;
    char id[300];
    bool ok = true;
    pagu_code ready = check_not_judging(s, err);
    if (ready != PAGU_OK)
        return ready;
    if (def->row >= pagu_view_row_count(v) || !row_is_member(v, def->row))
        return err_set(ctx, err, PAGU_NOT_MEMBER, "the parent is not in \"%s\"", s->name);
    for (pagu_indicator i = pagu_view_first_indicator(v, def->row); i != PAGU_NO_INDICATOR;
         i = pagu_view_next_indicator(v, i))
        n++;
    snprintf(id, sizeof id, "%s#%u", pagu_view_key(v, def->row), n);
    ext *e = ext_own(s, 0, 1);
    overlay *members = e ? scenario_overlay(s, COLUMN_MEMBERS) : NULL;
    if (!members || !cellmap_reserve(ctx, &members->map, 1))
        return err_memory(ctx, err);
    ext_indicator made = { .id = scenario_text(s, id, &ok),
                           .owner = scenario_text(s, pagu_view_key(v, def->row), &ok),
                           .type = scenario_text(s, def->type ? def->type : "output", &ok),
                           .name = scenario_text(s, def->name ? def->name : "", &ok),
                           .unit = scenario_text(s, def->unit ? def->unit : "", &ok),
                           .row = def->row,
                           .next = PAGU_NO_INDICATOR };
    if (!ok)
        return err_memory(ctx, err);
    segment *g = journal_reserve(s, 1, note, &note_index, err);
    if (!g)
        return PAGU_NO_MEMORY;
    pagu_indicator ind = v->plan->n_indicators + e->n_indicators;
    e->indicators[e->n_indicators++] = made;
    link_indicator(v, e, ind);
    journal_begin(s, g, note_index);
    join_row(s, g, UINT32_MAX - 1 - (ind - v->plan->n_indicators), true, NULL);
    if (out)
        *out = ind;
    return PAGU_OK;
}
