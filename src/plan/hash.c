/* hash.c - content hash of a plan: what it says, not how its files say it.
 *
 * Everything goes in by name and in an order that the content decides, so that files may be
 * rearranged. Printed amounts, documents, the unit of writing and the name of own lines
 * (which the language decides) have no part.
 * SPDX-License-Identifier: MIT */
#include "plan/plan_struct.h"

/* ---- the writer ---- */

/* Writes values one after the other, each in a form that shows where it ends; what they mean
 * follows from what went before. */
typedef struct content_hash {
    sha256 sha;
    uint32_t fill;
    uint8_t block[4096];
} content_hash;

static void content_init(content_hash *h)
{
    sha256_init(&h->sha);
    h->fill = 0;
}

/* Whole blocks only, so that the digest never has to gather pieces. */
static void add_bytes(content_hash *h, const void *bytes, size_t len)
{
    const uint8_t *from = bytes;
    while (len) {
        size_t take = sizeof h->block - h->fill < len ? sizeof h->block - h->fill : len;
        memcpy(h->block + h->fill, from, take);
        h->fill += (uint32_t)take;
        from += take;
        len -= take;
        if (h->fill == sizeof h->block) {
            sha256_add(&h->sha, h->block, h->fill);
            h->fill = 0;
        }
    }
}

/* Seven bits a byte, the sign in the lowest bit: small numbers are most of what there is. */
static void content_int(content_hash *h, int64_t v)
{
    uint8_t bytes[10];
    uint64_t bits = (uint64_t)v << 1 ^ (uint64_t)(v >> 63);
    size_t n = 0;
    for (; bits >= 0x80; bits >>= 7)
        bytes[n++] = (uint8_t)(bits | 0x80);
    bytes[n++] = (uint8_t)bits;
    add_bytes(h, bytes, n);
}

static void content_str(content_hash *h, const char *s)
{
    add_bytes(h, s, strlen(s) + 1);
}

/* -0 counts as 0. */
static void content_double(content_hash *h, double v)
{
    int64_t bits;
    double canonical = v == 0 ? 0 : v;
    memcpy(&bits, &canonical, sizeof bits);
    bits = v != v ? INT64_MIN : bits; /* one NaN */
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)((uint64_t)bits >> (8 * i));
    add_bytes(h, bytes, sizeof bytes);
}

static void content_hex(content_hash *h, char out[65])
{
    sha256_add(&h->sha, h->block, h->fill);
    sha256_hex(&h->sha, out);
}

/* ---- the plan ---- */

static void add_symbols(content_hash *h, const pagu_plan *p, const symbol *symbols, size_t n)
{
    for (size_t i = 0; i < n; i++)
        content_str(h, plan_str(p, symbols[i]));
}

static void add_declarations(content_hash *h, const pagu_plan *p)
{
    content_str(h, "pagu plan 1");
    content_int(h, p->year);
    content_int(h, p->first_year);
    content_int(h, p->last_year);
    content_int(h, p->decimals);
    content_int(h, p->separator);
    content_str(h, plan_str(p, p->currency));
    content_str(h, plan_str(p, p->stages[p->default_stage].id));
    content_int(h, p->n_stages);
    for (uint32_t i = 0; i < p->n_stages; i++) {
        const plan_stage *s = &p->stages[i];
        add_symbols(h, p, (symbol[]){ s->id, s->name, s->role }, 3);
        content_int(h, s->kind);
    }
    content_int(h, p->n_all_levels);
    for (uint32_t i = 0; i < p->n_all_levels; i++) {
        const plan_level *l = &p->levels[i];
        add_symbols(h, p, (symbol[]){ l->tree, l->id, l->name, l->name_en }, 4);
        content_int(h, l->rank);
        content_int(h, l->length);
    }
    content_int(h, p->n_units);
    for (uint32_t i = 0; i < p->n_units; i++) {
        const plan_unit *u = &p->units[i];
        add_symbols(h, p, (symbol[]){ u->id, u->name, u->kind, u->scale, u->categories }, 5);
        content_int(h, u->over_time);
        content_int(h, u->over_children);
    }
}

/* Formulas of the package, in its order; those of scripts are no part of the plan. */
static void add_formulas(content_hash *h, const pagu_plan *p)
{
    for (uint32_t i = 0; i < plan_formula_count(p); i++) {
        if (!p->formulas[i]->declared)
            continue;
        content_str(h, "formula");
        content_str(h, p->formulas[i]->id);
        content_str(h, p->formulas[i]->text);
    }
}

static void add_trees(content_hash *h, const pagu_plan *p)
{
    content_int(h, p->n_trees);
    for (uint32_t t = 0; t < p->n_trees; t++) {
        const plan_tree *tree = &p->trees[t];
        add_symbols(h, p, (symbol[]){ tree->id, tree->name, tree->separator }, 3);
        content_int(h, tree->partition);
        content_int(h, tree->declared != NULL);
        content_int(h, tree->n_classes);
        for (uint32_t c = 0; c < tree->n_classes; c++) {
            const plan_class *cls = &tree->classes[c];
            add_symbols(h, p, (symbol[]){ cls->id, cls->level, cls->code, cls->name }, 4);
            content_int(h, cls->parent);
            content_int(h, cls->sign);
        }
    }
}

static uint64_t stage_mask(const pagu_plan *p, uint32_t row)
{
    uint64_t mask = 0;
    for (uint32_t s = 0; s < p->n_stages; s++)
        if (!p->stages[s].members || bit_get(p->stages[s].members, row))
            mask |= UINT64_C(1) << s;
    return mask;
}

static bool has_members(const pagu_plan *p)
{
    for (uint32_t s = 0; s < p->n_stages; s++)
        if (p->stages[s].members)
            return true;
    return false;
}

/* In pre-order the depth says which row is the parent. */
static void add_row(content_hash *h, const pagu_plan *p, uint32_t row, bool members)
{
    bool own = p->flags[row] & ROW_OWN_LINE;
    bool same = p->code[row] == p->key[row] || str_eq(plan_str(p, p->code[row]), plan_str(p, p->key[row]));
    int64_t sign = p->sign ? p->sign[row] : 1, level = (uint16_t)(p->level[row] + 1);
    content_int(h, ((level * 256 + p->depth[row]) * 4 + sign + 1) * 8 + p->flags[row] * 2 + same);
    content_str(h, plan_str(p, p->key[row]));
    if (!same)
        content_str(h, plan_str(p, p->code[row]));
    content_str(h, own ? "" : plan_str(p, p->name[row]));
    if (members)
        content_int(h, (int64_t)stage_mask(p, row));
    for (uint32_t t = 0; t < p->n_trees; t++)
        if (p->trees[t].declared)
            content_int(h, (int32_t)p->trees[t].declared[row]);
    for (uint32_t a = 0; a < p->n_attributes; a++)
        content_str(h, plan_str(p, p->attributes[a].values[row]));
}

static void add_rows(content_hash *h, const pagu_plan *p)
{
    content_int(h, p->n_attributes);
    for (uint32_t a = 0; a < p->n_attributes; a++)
        content_str(h, plan_str(p, p->attributes[a].name));
    bool members = has_members(p);
    content_int(h, p->n_rows);
    content_int(h, members);
    for (uint32_t i = 0; i < p->n_rows; i++)
        add_row(h, p, p->by_pre[i], members);
    content_int(h, p->n_labels);
    for (uint32_t i = 0; i < p->n_labels; i++) {
        content_int(h, p->labels[i].tree);
        content_int(h, p->pre[p->labels[i].row]);
        content_int(h, p->labels[i].cls);
    }
}

static void add_indicators(content_hash *h, const pagu_plan *p)
{
    content_int(h, p->n_indicators);
    for (uint32_t i = 0; i < p->n_indicators; i++) {
        const plan_indicator *ind = &p->indicators[i];
        add_symbols(h, p, (symbol[]){ ind->id, ind->owner, ind->type, ind->name, ind->definition }, 5);
        content_str(h, ind->unit == UINT32_MAX ? "" : plan_str(p, p->units[ind->unit].id));
        content_int(h, ind->polarity);
        content_int(h, ind->over_time);
        content_int(h, ind->over_children);
        content_double(h, ind->weight);
    }
}

static void add_money(content_hash *h, const pagu_plan *p, const plan_column *column)
{
    uint32_t last = 0;
    for (uint32_t i = 0; i < p->n_rows; i++) {
        uint32_t row = p->by_pre[i];
        if (p->child_first[row] != p->child_first[row + 1])
            continue;
        pagu_state state = column->presence ? presence_state(column->presence[row]) : PAGU_NUMBER;
        if (state == PAGU_MISSING)
            continue;
        content_int(h, (int64_t)(i - last) * 4 + state);
        content_int(h, column->values[row]);
        last = i;
    }
}

static void add_measures(content_hash *h, const pagu_plan *p, const plan_column *column)
{
    for (uint32_t i = 0; i < p->n_indicators; i++) {
        const measure_cell *m = &column->measures[i];
        if (m->state == PAGU_MISSING)
            continue;
        content_int(h, (int64_t)i * 4 + m->state);
        content_double(h, m->value);
        content_str(h, plan_str(p, m->unit));
        content_str(h, plan_str(p, m->text));
    }
}

static int field_order(const void *ud, uint32_t x, uint32_t y)
{
    const pagu_plan *p = ud;
    return strcmp(plan_str(p, p->fields[x].id), plan_str(p, p->fields[y].id));
}

/* Columns by the names of field, period and stage: empty ones and declared, unused fields count for nothing. */
static void add_columns(content_hash *h, const pagu_plan *p, const uint32_t *fields)
{
    uint32_t per_field = p->n_periods * p->n_stages;
    for (uint32_t i = 0; i < p->n_fields * per_field; i++) {
        uint32_t c = fields[i / per_field] * per_field + i % per_field;
        const plan_column *column = &p->columns[c];
        if ((!column->values || column->masked) && !column->measures)
            continue;
        content_str(h, plan_str(p, p->fields[pagu_plan_column_field(p, (pagu_column)c)].id));
        content_str(h, plan_str(p, p->periods[pagu_plan_column_period(p, (pagu_column)c)].id));
        content_int(h, pagu_plan_column_stage(p, (pagu_column)c));
        if (column->values && !column->masked)
            add_money(h, p, column);
        else
            add_measures(h, p, column);
        content_int(h, -1);
    }
}

/* A plan that leaves them to the engine hashes as it did before there were any. */
static void add_settings(content_hash *h, const pagu_plan *p)
{
    static const char *const names[] = { "evaluation.lower", "evaluation.cap", "evaluation.floor", "evaluation.scale" };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *value = pagu_plan_meta(p, names[i]);
        if (!value)
            continue;
        content_str(h, names[i]);
        content_str(h, value);
    }
}

static pagu_code compute(const pagu_plan *p, char out[65])
{
    uint32_t n = p->n_fields, *fields = mem_array(p->ctx, 2 * (size_t)n, sizeof *fields);
    content_hash *h = mem_alloc(p->ctx, sizeof *h);
    if (fields && h) {
        for (uint32_t i = 0; i < n; i++)
            fields[i] = i;
        sort_indices(fields, fields + n, n, field_order, p);
        content_init(h);
        add_declarations(h, p);
        add_trees(h, p);
        add_rows(h, p);
        add_indicators(h, p);
        add_columns(h, p, fields);
        add_formulas(h, p);
        add_settings(h, p);
        content_hex(h, out);
    }
    pagu_code code = fields && h ? PAGU_OK : PAGU_NO_MEMORY;
    mem_free(p->ctx, fields, 2 * (size_t)n * sizeof *fields);
    mem_free(p->ctx, h, sizeof *h);
    return code;
}

pagu_code pagu_plan_hash(const pagu_plan *plan, char out[65], pagu_error *err)
{
    pagu_plan *p = (pagu_plan *)(uintptr_t)plan; /* the kept hash is no visible change */
    pthread_mutex_lock(&p->hash_lock);
    pagu_code code = p->hash[0] ? PAGU_OK : compute(p, p->hash);
    if (code == PAGU_OK)
        memcpy(out, p->hash, sizeof p->hash);
    pthread_mutex_unlock(&p->hash_lock);
    return code == PAGU_OK ? PAGU_OK : err_memory(p->ctx, err);
}
