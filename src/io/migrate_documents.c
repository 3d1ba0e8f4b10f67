/* migrate_documents.c - document tables and settings of a plan whose codes move.
 *
 * A row of a document follows the node or indicator that it names. Where that is split, notes and
 * parameters go to every part, a proposal to the greatest; where it is merged, a row that says the
 * same twice stands once. A printed cell keeps its text always, and what it claims to show only
 * where its node has moved whole: of a part or a sum, the document printed something else. A
 * costed line keeps its costs while it is one line.
 *
 * SPDX-License-Identifier: MIT */
#include "io/migrate.h"

static const pagu_source no_source = { "", 0 };

enum { MOST_COLUMNS = 64 };

typedef struct document_move {
    migration *m;
    const plan_document *doc;
    const char *name;
    uint32_t owner, field, expr, rank; /* columns; UINT32_MAX: none */
    keyset seen;                       /* rows written, where merged ones may repeat */
} document_move;

static uint32_t column_of(const migration *m, const plan_document *doc, const char *name)
{
    for (uint32_t i = 0; i < doc->n_columns; i++)
        if (str_eq(plan_str(m->plan, doc->columns[i]), name))
            return i;
    return UINT32_MAX;
}

static uint32_t greatest_target(const migration *m, const row_move *move)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < move->n; i++)
        if (m->targets[move->first + i].share > m->targets[move->first + best].share)
            best = i;
    return best;
}

/* ---- what a cell names ---- */

typedef struct named {
    pagu_row row;       /* PAGU_NO_ROW: no node */
    pagu_indicator ind; /* PAGU_NO_INDICATOR: the node itself */
} named;

static named find_named(const migration *m, const char *owner)
{
    named n = { PAGU_NO_ROW, PAGU_NO_INDICATOR };
    pagu_row rows[2];
    size_t len = strlen(owner);
    if (len == 0 || strchr(owner, ':'))
        return n;
    pagu_indicator ind = plan_find_indicator(m->plan, owner, len);
    if (ind != PAGU_NO_INDICATOR) {
        n.ind = ind;
        n.row = m->plan->indicators[ind].row;
    } else if (plan_lookup(m->plan, owner, len, rows, COUNT_OF(rows)) == 1) {
        n.row = rows[0];
    }
    return n;
}

static const char *name_now(migration *m, const named *n, uint32_t which)
{
    const char *key = m->nodes[m->targets[m->moves[n->row].first + which].node].key;
    if (n->ind == PAGU_NO_INDICATOR)
        return key_given(key);
    if (m->moves[n->row].n == 1 || which == 0)
        return m->renamed[n->ind] ? m->renamed[n->ind] : plan_str(m->plan, m->plan->indicators[n->ind].id);
    return migrate_text(m, "%s#1", key);
}

/* Nothing else came to its node, and all of it is there. */
static bool moved_whole(const migration *m, pagu_row row)
{
    const row_move *move = &m->moves[row];
    if (move->n != 1)
        return false;
    const new_node *n = &m->nodes[m->targets[move->first].node];
    return n->n_sources == 1 && n->closed;
}

/* ---- rows ---- */

static void write_row(document_move *d, const char **cells)
{
    migrate_fail(d->m, pagu_builder_document_row(d->m->builder, d->name, cells, no_source));
}

/* A row of a merged node that stands already is left out; of one key, the later takes the next rank. */
static void write_merged(document_move *d, const char **cells)
{
    keyset_entry *known;
    bool added;
    if (!keyset_add(&d->seen, cells, d->doc->n_columns, 0, &known, &added)) {
        migrate_fail(d->m, PAGU_NO_MEMORY);
        return;
    }
    if (added)
        write_row(d, cells);
}

static void rank_again(document_move *d, const char **cells, uint32_t nth)
{
    if (d->rank != UINT32_MAX && nth > 0)
        cells[d->rank] = migrate_text(d->m, "%s%u", cells[d->rank], nth);
}

static uint32_t source_index(const migration *m, const new_node *n, pagu_row row)
{
    uint32_t i = 0;
    for (uint32_t s = n->sources; s && m->sources[s - 1].row != row; s = m->sources[s - 1].next)
        i++;
    return i;
}

/* A cell keeps its claim, loses it, or the row goes. */
static bool judge_claim(document_move *d, const named *n, const char **cells)
{
    migration *m = d->m;
    if (moved_whole(m, n->row))
        return true;
    if (str_eq(d->name, "costs"))
        return m->moves[n->row].n == 1 && m->nodes[m->targets[m->moves[n->row].first].node].n_sources == 1;
    if (!str_eq(d->name, "printed") || d->field == UINT32_MAX)
        return true;
    bool claims = *cells[d->field] || (d->expr != UINT32_MAX && *cells[d->expr]);
    m->n_dropped += claims;
    cells[d->field] = "";
    if (d->expr != UINT32_MAX)
        cells[d->expr] = "";
    return true;
}

static void move_document_row(document_move *d, const char **cells)
{
    migration *m = d->m;
    named n = d->owner == UINT32_MAX ? (named){ PAGU_NO_ROW, PAGU_NO_INDICATOR } : find_named(m, cells[d->owner]);
    const row_move *move = n.row == PAGU_NO_ROW ? NULL : &m->moves[n.row];
    if (!move) {
        write_row(d, cells);
        return;
    }
    if (move->n == 0) { /* a heading that went */
        m->n_dropped++;
        return;
    }
    if (!judge_claim(d, &n, cells))
        return;
    bool once = str_eq(d->name, "proposals") || str_eq(d->name, "printed");
    uint32_t from = once ? greatest_target(m, move) : 0, to = once ? from + 1 : move->n;
    const char *rank = d->rank == UINT32_MAX ? NULL : cells[d->rank];
    for (uint32_t i = from; i < to && m->code == PAGU_OK; i++) {
        const new_node *node = &m->nodes[m->targets[move->first + i].node];
        cells[d->owner] = name_now(m, &n, i);
        if (rank)
            cells[d->rank] = rank;
        if (node->n_sources > 1 && !once) {
            rank_again(d, cells, source_index(m, node, n.row));
            write_merged(d, cells);
        } else {
            write_row(d, cells);
        }
    }
}

static void move_document(migration *m, const plan_document *doc)
{
    const char *cells[MOST_COLUMNS], *columns[MOST_COLUMNS];
    document_move d = { .m = m, .doc = doc, .name = plan_str(m->plan, doc->name) };
    if (doc->n_columns > MOST_COLUMNS) {
        migrate_fail(m, PAGU_LIMIT);
        return;
    }
    d.owner = column_of(m, doc, "owner");
    if (d.owner == UINT32_MAX)
        d.owner = column_of(m, doc, "node");
    d.field = column_of(m, doc, "field");
    d.expr = column_of(m, doc, "expr");
    d.rank = column_of(m, doc, "rank");
    keyset_init(&d.seen, m->ctx);
    for (uint32_t c = 0; c < doc->n_columns; c++)
        columns[c] = plan_str(m->plan, doc->columns[c]);
    migrate_fail(m, pagu_builder_document(m->builder, d.name, doc->n_columns, columns));
    for (uint32_t r = 0; r < doc->n_rows && m->code == PAGU_OK; r++) {
        for (uint32_t c = 0; c < doc->n_columns; c++)
            cells[c] = plan_str(m->plan, doc->cells[(size_t)r * doc->n_columns + c]);
        move_document_row(&d, cells);
    }
    keyset_free(&d.seen);
}

void put_documents_to(migration *m)
{
    for (uint32_t i = 0; i < m->plan->n_documents && m->code == PAGU_OK; i++)
        move_document(m, &m->plan->documents[i]);
}

/* ---- settings ---- */

static void put_declarations(migration *m)
{
    const pagu_plan *p = m->plan;
    pagu_builder *b = m->builder;
    for (uint32_t i = 0; i < p->n_stages; i++) {
        const plan_stage *s = &p->stages[i];
        pagu_builder_stage(b,
                           &(pagu_stage_def){ .id = plan_str(p, s->id),
                                              .name = plan_str(p, s->name),
                                              .role = plan_str(p, s->role),
                                              .kind = s->kind,
                                              .rank = s->rank },
                           no_source);
    }
    for (uint32_t i = 0; i < p->n_all_levels; i++) {
        const plan_level *l = &p->levels[i];
        pagu_builder_level(b,
                           &(pagu_level_def){ .tree = plan_str(p, l->tree),
                                              .id = plan_str(p, l->id),
                                              .name = plan_str(p, l->name),
                                              .name_en = plan_str(p, l->name_en),
                                              .rank = l->rank,
                                              .length = l->length },
                           no_source);
    }
    for (uint32_t i = 0; i < p->n_units; i++) {
        const plan_unit *u = &p->units[i];
        pagu_builder_unit(b,
                          &(pagu_unit_def){ .id = plan_str(p, u->id),
                                            .name = plan_str(p, u->name),
                                            .kind = plan_str(p, u->kind),
                                            .synonyms = plan_str(p, u->synonyms),
                                            .over_time = u->over_time,
                                            .over_children = u->over_children,
                                            .scale = plan_str(p, u->scale),
                                            .categories = plan_str(p, u->categories) },
                          no_source);
    }
}

static void put_trees(migration *m)
{
    const pagu_plan *p = m->plan;
    for (uint32_t t = 0; t < p->n_trees; t++) {
        const plan_tree *tree = &p->trees[t];
        pagu_builder_tree(m->builder,
                          &(pagu_tree_def){ .id = plan_str(p, tree->id),
                                            .name = plan_str(p, tree->name),
                                            .separator = plan_str(p, tree->separator),
                                            .partition = tree->partition },
                          no_source);
        for (uint32_t c = 0; c < tree->n_classes; c++) {
            const plan_class *cls = &tree->classes[c];
            const char *parent = cls->parent == UINT32_MAX ? "" : plan_str(p, tree->classes[cls->parent].id);
            pagu_builder_class(m->builder,
                               &(pagu_class_def){ .tree = plan_str(p, tree->id),
                                                  .id = plan_str(p, cls->id),
                                                  .parent = parent,
                                                  .level = plan_str(p, cls->level),
                                                  .code = cls->code == cls->id ? "" : plan_str(p, cls->code),
                                                  .name = plan_str(p, cls->name),
                                                  .sign = cls->sign },
                               no_source);
        }
    }
}

/* The descriptor says which version the codes are of now. */
static pagu_code put_descriptor(migration *m, const char *text)
{
    cJSON *root = NULL;
    pagu_text *out = pagu_text_new(m->ctx);
    pagu_code code = out ? json_parse(m->ctx, text, strlen(text), "descriptor", &root, NULL) : PAGU_NO_MEMORY;
    cJSON *pagu = code == PAGU_OK ? cJSON_GetObjectItemCaseSensitive(root, "pagu") : NULL;
    if (cJSON_IsObject(pagu)) {
        cJSON *codes = cJSON_GetObjectItemCaseSensitive(pagu, "codes");
        if (!codes)
            codes = cJSON_AddObjectToObject(pagu, "codes");
        cJSON_DeleteItemFromObjectCaseSensitive(codes, "version");
        cJSON_DeleteItemFromObjectCaseSensitive(codes, "list");
        if (!codes || !cJSON_AddStringToObject(codes, "list", m->map.list) ||
            !cJSON_AddStringToObject(codes, "version", m->map.to))
            code = PAGU_NO_MEMORY;
        if (code == PAGU_OK)
            code = json_put(out, root, -1);
        if (code == PAGU_OK)
            code = pagu_builder_meta(m->builder, "descriptor", pagu_text_data(out));
    }
    cJSON_Delete(root);
    pagu_text_free(out);
    return code == PAGU_SYNTAX ? PAGU_OK : code; /* made by hand: a new one is written */
}

void put_settings_to(migration *m)
{
    const pagu_plan *p = m->plan;
    pagu_frame_def frame = { .year = p->year,
                             .first_year = p->first_year,
                             .last_year = p->last_year,
                             .decimals = p->decimals,
                             .unit = p->unit,
                             .currency = plan_str(p, p->currency),
                             .default_stage = plan_str(p, p->stages[p->default_stage].id),
                             .separator = p->separator };
    pagu_builder_frame(m->builder, &frame);
    for (uint32_t i = 0; i < p->n_meta && m->code == PAGU_OK; i++) {
        const char *name = plan_str(p, p->meta[i].name), *value = plan_str(p, p->meta[i].value);
        migrate_fail(m, str_eq(name, "descriptor") ? put_descriptor(m, value)
                                                   : pagu_builder_meta(m->builder, name, value));
    }
    migrate_fail(m, pagu_builder_meta(m->builder, "codes.list", m->map.list));
    migrate_fail(m, pagu_builder_meta(m->builder, "codes.version", m->map.to));
    put_declarations(m);
    put_trees(m);
    for (uint32_t i = 0; i < plan_formula_count(p); i++)
        if (p->formulas[i]->declared)
            pagu_builder_formula(m->builder,
                                 &(pagu_formula_def){ .id = p->formulas[i]->id,
                                                      .title = p->formulas[i]->title,
                                                      .text = p->formulas[i]->text },
                                 no_source);
}
