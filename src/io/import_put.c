/* import_put.c - what a table says, as rows of the package to be.
 * SPDX-License-Identifier: MIT */
#include "io/import_parts.h"

#include <stdio.h>
#include <stdlib.h>

static pagu_source source_of(const import_sheet *s, uint32_t line)
{
    return (pagu_source){ s->file, line };
}

/* ---- stages and levels ---- */

static int highest_rank(const draft *d)
{
    const draft_table *t = &d->tables[RES_STAGES];
    int high = 0;
    for (uint32_t i = 0; i < t->n_rows; i++) {
        int rank = atoi(draft_cell(&t->rows[i], STAGES_RANK));
        high = rank > high ? rank : high;
    }
    return high;
}

void import_put_stage(draft *d, const char *stage)
{
    static const struct {
        const char *id, *name, *kind, *role;
        int rank;
    } known[] = {
        { "common", "Umum", "common", "", 0 },
        { "renstra", "Renstra", "reference", "strategic", 1 },
        { "draft", "Rancangan awal RKPD", "plan", "", 2 },
        { "need", "Analisis kebutuhan", "plan", "", 3 },
        { "final", "Renja", "plan", "", 4 },
    };
    const char *key[] = { stage };
    char rank[16];
    size_t i = 0;
    if (draft_find(d, RES_STAGES, key, 1))
        return;
    while (i < COUNT_OF(known) && !str_eq(known[i].id, stage))
        i++;
    bool is_known = i < COUNT_OF(known);
    int high = highest_rank(d);
    snprintf(rank, sizeof rank, "%d", is_known ? known[i].rank : (high > 4 ? high : 4) + 1);
    draft_row *row = draft_add(d, RES_STAGES, key, 1, (pagu_source){ NULL, 0 });
    if (!row)
        return;
    draft_set(d, row, STAGES_NAME, is_known ? known[i].name : stage);
    draft_set(d, row, STAGES_KIND, is_known ? known[i].kind : "plan");
    draft_set(d, row, STAGES_ROLE, is_known ? known[i].role : "");
    draft_set(d, row, STAGES_RANK, rank);
}

void import_put_standard_levels(draft *d)
{
    static const struct {
        const char *level, *name, *name_en;
        int length;
    } levels[] = {
        { "plan", "Renja", "Plan", 0 },
        { "urusan", "Urusan", "Affair", 1 },
        { "bidang", "Bidang urusan", "Field", 2 },
        { "program", "Program", "Program", 3 },
        { "kegiatan", "Kegiatan", "Activity", 5 },
        { "sub_kegiatan", "Sub kegiatan", "Sub-activity", 6 },
    };
    if (d->tables[RES_LEVELS].n_rows)
        return;
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        const char *key[] = { "main", levels[i].level };
        char number[16];
        draft_row *row = draft_add(d, RES_LEVELS, key, 2, (pagu_source){ NULL, 0 });
        if (!row)
            return;
        snprintf(number, sizeof number, "%d", (int)i);
        draft_set(d, row, LEVELS_RANK, number);
        draft_set(d, row, LEVELS_NAME, levels[i].name);
        draft_set(d, row, LEVELS_NAME_EN, levels[i].name_en);
        snprintf(number, sizeof number, "%d", levels[i].length);
        draft_set(d, row, LEVELS_LENGTH, number);
    }
}

/* ---- nodes ---- */

void import_put_member(draft *d, const char *node, const char *stage)
{
    const char *key[] = { node };
    draft_row *row = str_eq(stage, "common") ? NULL : draft_find(d, RES_NODES, key, 1);
    if (!row || list_has(draft_cell(row, NODES_STAGES), ' ', stage))
        return;
    char list[512];
    const char *old = draft_cell(row, NODES_STAGES);
    snprintf(list, sizeof list, "%s%s%s", old, *old ? " " : "", stage);
    draft_set(d, row, NODES_STAGES, list);
}

void import_put_text(import_sheet *s, const char *owner, const char *kind, const char *stage, const char *text,
                     uint32_t line)
{
    draft *d = &s->im->d;
    char number[16];
    for (int rank = 1; rank < 1000 && d->code == PAGU_OK; rank++) {
        snprintf(number, sizeof number, "%d", rank);
        const char *key[] = { owner, kind, stage, "*", "id", number };
        draft_row *row = draft_find(d, RES_TEXTS, key, 6);
        if (row && str_eq(draft_cell(row, TEXTS_TEXT), text))
            return;
        if (row)
            continue;
        row = draft_add(d, RES_TEXTS, key, 6, source_of(s, line));
        if (row)
            draft_set(d, row, TEXTS_TEXT, text);
        snprintf(number, sizeof number, "%u", line);
        if (row)
            draft_set(d, row, TEXTS_LINE, number);
        return;
    }
}

/* The first name is the node's or indicator's; how another stage prints it is a text. */
void import_put_name(import_sheet *s, const char *owner, uint32_t res, const char *stage, const char *name,
                     uint32_t line)
{
    draft *d = &s->im->d;
    const char *key[] = { owner };
    draft_row *row = draft_find(d, res, key, 1);
    uint32_t column = res == RES_NODES ? NODES_NAME : INDICATORS_NAME;
    if (!row || !*name)
        return;
    if (!*draft_cell(row, column))
        draft_set(d, row, column, name);
    else if (!str_eq(draft_cell(row, column), name))
        import_put_text(s, owner, "name", stage, name, line);
}

const char *import_put_node(import_sheet *s, const char *code, const char *level, const char *name, uint32_t line)
{
    draft *d = &s->im->d;
    const char *key[] = { code };
    draft_row *row = draft_find(d, RES_NODES, key, 1);
    if (!row) {
        row = draft_add(d, RES_NODES, key, 1, source_of(s, line));
        if (!row)
            return "";
        draft_set(d, row, NODES_CODE, code);
        draft_set(d, row, NODES_LEVEL, level);
        draft_set(d, row, NODES_NAME, *name ? name : code);
        draft_set(d, row, NODES_STAGES, "*"); /* import.c: a reference stage alone says nothing of members */
        return draft_cell(row, NODES_NODE);
    }
    const char *node = draft_cell(row, NODES_NODE);
    if (*level && *draft_cell(row, NODES_LEVEL) && !str_eq(level, draft_cell(row, NODES_LEVEL)))
        import_tell(s, FAULT_COLLISION, line, NULL, level, node, "\"%s\" is a %s elsewhere and a %s here", node,
                    draft_cell(row, NODES_LEVEL), level);
    else if (*level && !*draft_cell(row, NODES_LEVEL))
        draft_set(d, row, NODES_LEVEL, level);
    if (str_eq(draft_cell(row, NODES_NAME), draft_cell(row, NODES_CODE)) && *name)
        draft_set(d, row, NODES_NAME, name); /* it was only a code so far */
    import_put_name(s, node, RES_NODES, s->stage, name, line);
    return node;
}

/* ---- indicators ---- */

enum { NAME_WORDS = 1024 };

static const char *indicator_id(draft *d, const char *node, uint32_t k)
{
    char id[CODE_SIZE + 16];
    snprintf(id, sizeof id, "%s#%u", node, k);
    return draft_keep_text(d, id);
}

/* How many indicators this table has given the node. */
static keyset_entry *seen_entry(import_sheet *s, const char *node)
{
    const char *parts[] = { s->table, node };
    keyset_entry *entry;
    bool added;
    if (keyset_add(&s->im->indicator_seen, parts, 2, 0, &entry, &added))
        return entry;
    s->im->d.code = PAGU_NO_MEMORY;
    return NULL;
}

static const char *new_indicator(import_sheet *s, const char *id, const char *node, const char *level, const char *name,
                                 uint32_t line)
{
    draft *d = &s->im->d;
    const char *key[] = { id };
    draft_row *row = draft_add(d, RES_INDICATORS, key, 1, source_of(s, line));
    if (!row)
        return "";
    draft_set(d, row, INDICATORS_OWNER, node);
    draft_set(d, row, INDICATORS_TYPE, str_eq(level, "program") ? "outcome" : "output");
    draft_set(d, row, INDICATORS_NAME, name);
    draft_set(d, row, INDICATORS_POLARITY, "higher");
    return id;
}

/* The number of the node's indicator of this name; 0: none. Its indicators are looked at once each,
 * however many rows ask. */
static uint32_t indicator_named(import_sheet *s, const char *node, const char *name)
{
    draft *d = &s->im->d;
    keyset *names = &s->im->indicator_names;
    char words[NAME_WORDS];
    const char *all[] = { node }, *parts[] = { node, words };
    keyset_entry *entry;
    bool added;
    if (!keyset_add(names, all, 1, 0, &entry, &added))
        goto memory;
    for (uint32_t k = entry->value + 1;; k++) {
        const char *id = indicator_id(d, node, k), *key[] = { id };
        const draft_row *row = draft_find(d, RES_INDICATORS, key, 1);
        if (!row)
            break;
        normal_words(draft_cell(row, INDICATORS_NAME), words, sizeof words);
        if (!keyset_add(names, parts, 2, k, &entry, &added) || !keyset_add(names, all, 1, 0, &entry, &added))
            goto memory;
        entry->value = k;
    }
    normal_words(name, words, sizeof words);
    const keyset_entry *found = keyset_find(names, parts, 2);
    return found ? found->value : 0;
memory:
    d->code = PAGU_NO_MEMORY;
    return 0;
}

const char *import_put_indicator(import_sheet *s, const char *node, const char *level, const char *name, uint32_t line,
                                 bool another)
{
    draft *d = &s->im->d;
    keyset_entry *seen = seen_entry(s, node);
    if (!seen)
        return "";
    if (!another && seen->value > 0 && !*name)
        return indicator_id(d, node, 1);
    uint32_t nth = ++seen->value;
    uint32_t k = *name ? indicator_named(s, node, name) : 0; /* by its name, wherever it stands */
    const char *id = indicator_id(d, node, k ? k : nth), *key[] = { id };
    if (!draft_find(d, RES_INDICATORS, key, 1)) {
        const char *owner[] = { node };
        const draft_row *row = draft_find(d, RES_NODES, owner, 1);
        return new_indicator(s, id, node, level, *name ? name : row ? draft_cell(row, NODES_NAME) : node, line);
    }
    import_put_name(s, id, RES_INDICATORS, s->stage, name, line);
    return id;
}

/* ---- values ---- */

/* Whether a new text may go where an old one stands. */
static bool may_put(import_sheet *s, const draft_row *row, const char *old, const char *new, const import_column *c,
                    const char *key, uint32_t line)
{
    if (!*old || str_eq(old, new))
        return true;
    if (row->src.file)
        import_tell(s, FAULT_COLLISION, line, c->header, new, key,
                    s->o->replace ? "%s %s of \"%s\" is %s in %s line %u and %s here; this one counts"
                                  : "%s %s of \"%s\" is %s in %s line %u and %s here; the first counts",
                    c->field, c->period, key, old, row->src.file, row->src.line, new);
    else
        import_tell(s, FAULT_COLLISION, line, c->header, new, key,
                    s->o->replace ? "%s %s of \"%s\" is %s in the plan and %s here; this one counts"
                                  : "%s %s of \"%s\" is %s in the plan and %s here; the plan's counts",
                    c->field, c->period, key, old, new);
    return s->o->replace;
}

void import_put_amount(import_sheet *s, const import_column *c, const char *node, pagu_cell cell, uint32_t line)
{
    draft *d = &s->im->d;
    const char *key[] = { node, c->stage, c->period };
    char text[48] = "-";
    uint32_t column = draft_column(d, RES_AMOUNTS, c->field);
    if (cell.state == PAGU_NUMBER)
        money_in_unit(d->unit, d->decimals, cell.value, text, sizeof text);
    draft_row *row = draft_find(d, RES_AMOUNTS, key, 3);
    if (!row)
        row = draft_add(d, RES_AMOUNTS, key, 3, source_of(s, line));
    if (!row || !may_put(s, row, draft_cell(row, column), text, c, node, line))
        return;
    draft_set(d, row, column, text);
    row->is_printed = s->keep_printed;
}

void import_put_measure_row(import_sheet *s, const import_column *c, const char *indicator, const read_measure *m,
                            uint32_t line)
{
    draft *d = &s->im->d;
    const char *key[] = { indicator, c->stage, c->period, c->field };
    const char *value = m->state == PAGU_DASH ? "-" : m->state == PAGU_NUMBER ? m->value : "";
    char old[300], new[300];
    draft_row *row = draft_find(d, RES_MEASURES, key, 4);
    if (!row)
        row = draft_add(d, RES_MEASURES, key, 4, source_of(s, line));
    if (!row)
        return;
    snprintf(old, sizeof old, "%s%s%s%.200s", draft_cell(row, MEASURES_VALUE),
             *draft_cell(row, MEASURES_UNIT) ? " " : "", draft_cell(row, MEASURES_UNIT),
             draft_cell(row, MEASURES_TEXT));
    snprintf(new, sizeof new, "%s%s%s%.200s", value, *m->unit ? " " : "", m->unit, m->text);
    if (!may_put(s, row, old, new, c, indicator, line))
        return;
    draft_set(d, row, MEASURES_VALUE, value);
    draft_set(d, row, MEASURES_UNIT, m->unit);
    draft_set(d, row, MEASURES_TEXT, m->text);
}

/* ---- tags ---- */

static bool put_tree(draft *d, const char *tree)
{
    static const struct {
        const char *tree, *name, *kind, *separator;
    } known[] = {
        { "fund", "Sumber dana", "partition", "" },
        { "unit", "Unit", "partition", "" },
        { "location", "Lokasi", "label", "" },
    };
    const char *key[] = { tree };
    size_t i = 0;
    draft_row *row = draft_find(d, RES_TREES, key, 1);
    if (row)
        return str_eq(draft_cell(row, TREES_KIND), "partition");
    while (i < COUNT_OF(known) && !str_eq(known[i].tree, tree))
        i++;
    row = draft_add(d, RES_TREES, key, 1, (pagu_source){ NULL, 0 });
    if (!row)
        return false;
    draft_set(d, row, TREES_NAME, i < COUNT_OF(known) ? known[i].name : tree);
    draft_set(d, row, TREES_KIND, i < COUNT_OF(known) ? known[i].kind : "label");
    return i < COUNT_OF(known) && str_eq(known[i].kind, "partition");
}

/* Names of the classes that came since the last time. */
static void index_classes(draft *d)
{
    const draft_table *t = &d->tables[RES_CLASSES];
    for (uint32_t *i = &d->n_aliased[RES_CLASSES]; *i < t->n_rows && d->code == PAGU_OK; (*i)++) {
        char words[512];
        const char *parts[] = { "class", draft_cell(&t->rows[*i], CLASSES_TREE), words };
        keyset_entry *entry;
        bool added;
        normal_words(draft_cell(&t->rows[*i], CLASSES_NAME), words, sizeof words);
        if (!keyset_add(&d->aliases, parts, 3, *i, &entry, &added))
            d->code = PAGU_NO_MEMORY;
    }
}

/* A class by its id or its name; made if there is none. */
static const char *put_class(draft *d, const char *tree, const char *text, pagu_source src)
{
    const char *key[] = { tree, text };
    char words[512];
    if (draft_find(d, RES_CLASSES, key, 2))
        return text;
    normal_words(text, words, sizeof words);
    const char *parts[] = { "class", tree, words };
    index_classes(d);
    const keyset_entry *e = keyset_find(&d->aliases, parts, 3);
    if (e)
        return draft_cell(&d->tables[RES_CLASSES].rows[e->value], CLASSES_CLASS);
    draft_row *row = draft_add(d, RES_CLASSES, key, 2, src);
    if (row)
        draft_set(d, row, CLASSES_NAME, text);
    return text;
}

void import_put_tag(import_sheet *s, const import_column *c, const char *node, const char *text, uint32_t line)
{
    draft *d = &s->im->d;
    pagu_source src = source_of(s, line);
    bool partition = put_tree(d, c->field);
    const char *cls = put_class(d, c->field, text, src);
    if (!partition) {
        const char *key[] = { node, c->field, cls };
        if (!draft_find(d, RES_TAGS, key, 3))
            draft_add(d, RES_TAGS, key, 3, src);
        return;
    }
    uint32_t column = draft_column(d, RES_NODES, c->field);
    const char *key[] = { node };
    draft_row *row = draft_find(d, RES_NODES, key, 1);
    const char *old = row ? draft_cell(row, column) : "";
    if (!row)
        return;
    if (*old && !str_eq(old, cls)) {
        import_tell(s, FAULT_COLLISION, line, c->header, text, node, "%s of \"%s\" is %s elsewhere and %s here",
                    c->field, node, old, cls);
        if (!s->o->replace)
            return;
    }
    draft_set(d, row, column, cls);
}
