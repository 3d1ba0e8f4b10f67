/* check_claims.c - printed.csv as claims: each cell read once, indexed twice.
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

#include "pagu/formula.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    PRINTED_TABLE,
    PRINTED_ROW,
    PRINTED_COLUMN,
    PRINTED_OWNER,
    PRINTED_FIELD,
    PRINTED_STAGE,
    PRINTED_PERIOD,
    PRINTED_TEXT,
    PRINTED_EXPR,
    PRINTED_LINE
};

/* What a symbol names, found once each. */
typedef struct owner_memo {
    uint8_t kind;
    bool known;
    uint32_t id;
} owner_memo;
typedef struct reading {
    checker *c;
    owner_memo *owners; /* by symbol */
    uint32_t *tables;   /* by symbol: index of tables + 1 */
} reading;

static symbol printed_symbol(const checker *c, uint32_t row, uint32_t column)
{
    const check_table *t = &c->printed_doc;
    return t->at[column] == NO_AT ? 0 : t->doc->cells[(size_t)row * t->doc->n_columns + t->at[column]];
}

static const char *printed_text(const checker *c, uint32_t row, uint32_t column)
{
    return plan_str(c->plan, printed_symbol(c, row, column));
}

/* ---- owners ---- */

static bool find_class(const pagu_plan *p, const char *owner, uint32_t *id)
{
    const char *colon = strchr(owner, ':');
    if (!colon)
        return false;
    for (uint32_t t = 0; t < p->n_trees && t < 4096; t++) {
        const char *tree = plan_str(p, p->trees[t].id);
        if (strlen(tree) != (size_t)(colon - owner) || memcmp(tree, owner, (size_t)(colon - owner)) != 0)
            continue;
        for (uint32_t i = 0; i < p->trees[t].n_classes && i < 1u << 20; i++)
            if (str_eq(plan_str(p, p->trees[t].classes[i].id), colon + 1)) {
                *id = t << 20 | i;
                return true;
            }
    }
    return false;
}

static owner_memo find_owner(const pagu_plan *p, const char *owner)
{
    owner_memo m = { OWNER_NONE, true, NO_AT };
    size_t len = strlen(owner);
    pagu_row row;
    if (len == 0)
        return m;
    if ((m.id = plan_find_indicator(p, owner, len)) != PAGU_NO_INDICATOR)
        m.kind = OWNER_INDICATOR;
    else if (plan_lookup(p, owner, len, &row, 1) == 1)
        m = (owner_memo){ OWNER_NODE, true, row };
    else
        m.kind = find_class(p, owner, &m.id) ? OWNER_CLASS : OWNER_OTHER;
    return m;
}

static owner_memo owner_of(reading *r, symbol owner)
{
    owner_memo *m = &r->owners[owner];
    if (!m->known)
        *m = find_owner(r->c->plan, plan_str(r->c->plan, owner));
    return *m;
}

/* ---- fields ---- */

static bool derived_of(const char *field, uint8_t *out)
{
    static const char *const names[] = { "rate", "cumulative", "strategic_rate", "absorption" };
    static const char *const rest[] = { "strategic_target", "achieved_to", "accumulated", "accumulated_rate", "pace",
                                        "achievement",      "efficiency",  "rating" };
    for (uint32_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq(names[i], field)) {
            *out = (uint8_t)i;
            return true;
        }
    for (uint32_t i = 0; i < COUNT_OF(rest); i++)
        if (str_eq(rest[i], field)) {
            *out = DERIVED_REST;
            return true;
        }
    return false;
}

static claim_kind kind_of_field(const checker *c, claim *k, const char *field)
{
    if (str_eq(field, "name"))
        return CLAIM_NAME;
    if (str_eq(field, "code"))
        return CLAIM_CODE;
    if (strncmp(field, "tag:", 4) == 0)
        return CLAIM_TAG;
    if (derived_of(field, &k->derived))
        return CLAIM_DERIVED;
    if (pagu_plan_find_field(c->plan, field, &k->field, NULL) != PAGU_OK || k->field >= c->plan->n_fields) {
        if (pagu_find_field(c->plan, field, &k->field, NULL) == PAGU_OK) { /* derived by the package */
            k->derived = DERIVED_REST;
            return CLAIM_DERIVED;
        }
        return k->owner_kind == OWNER_OTHER && strchr(plan_str(c->plan, k->owner), ':') ? CLAIM_OTHER : CLAIM_UNKNOWN;
    }
    return c->plan->fields[k->field].kind == PAGU_FIELD_MONEY ? CLAIM_MONEY : CLAIM_MEASURE;
}

static claim_kind kind_of(const checker *c, claim *k, const char *stage)
{
    const pagu_plan *p = c->plan;
    const char *field = plan_str(p, k->field_id), *period = plan_str(p, k->period_id);
    if (!*field)
        return CLAIM_NOTHING;
    if (*stage)
        pagu_plan_find_stage(p, stage, &k->stage, NULL);
    claim_kind kind = kind_of_field(c, k, field);
    bool valued = kind == CLAIM_MONEY || kind == CLAIM_MEASURE || kind == CLAIM_DERIVED;
    if (!valued)
        return kind;
    if (*period && pagu_plan_find_period(p, period, &k->period, NULL) == PAGU_OUT_OF_FRAME)
        return CLAIM_OUTSIDE;
    bool fits = kind == CLAIM_DERIVED || k->owner_kind == (kind == CLAIM_MONEY ? OWNER_NODE : OWNER_INDICATOR);
    return k->stage == PAGU_NONE || k->period == PAGU_NONE || !fits ? CLAIM_UNKNOWN : kind;
}

static claim read_claim(reading *r, uint32_t at)
{
    const checker *c = r->c;
    symbol table = printed_symbol(c, at, PRINTED_TABLE);
    claim k = { .at = at,
                .table = r->tables[table] - 1,
                .stage = PAGU_NONE,
                .period = PAGU_NONE,
                .field = PAGU_NONE,
                .column = printed_symbol(c, at, PRINTED_COLUMN),
                .owner = printed_symbol(c, at, PRINTED_OWNER),
                .field_id = printed_symbol(c, at, PRINTED_FIELD),
                .period_id = printed_symbol(c, at, PRINTED_PERIOD),
                .text = printed_symbol(c, at, PRINTED_TEXT) };
    k.row = (uint32_t)strtoul(printed_text(c, at, PRINTED_ROW), NULL, 10);
    k.line = (uint32_t)strtoul(printed_text(c, at, PRINTED_LINE), NULL, 10);
    owner_memo owner = owner_of(r, k.owner);
    k.owner_kind = owner.kind;
    k.id = owner.id;
    k.kind =
        *printed_text(c, at, PRINTED_EXPR) ? CLAIM_EXPR : (uint8_t)kind_of(c, &k, printed_text(c, at, PRINTED_STAGE));
    return k;
}

/* ---- tables ---- */

static pagu_locale locale_of(const char *name, pagu_locale otherwise)
{
    return str_eq(name, "id")      ? PAGU_LOCALE_ID
           : str_eq(name, "en")    ? PAGU_LOCALE_EN
           : str_eq(name, "plain") ? PAGU_LOCALE_PLAIN
                                   : otherwise;
}

static void read_tables(reading *r)
{
    checker *c = r->c;
    const check_table *t = &c->tables_doc;
    for (uint32_t i = 0; i < c->n_tables; i++) {
        symbol id = t->doc->cells[(size_t)i * t->doc->n_columns + t->at[TABLE_ID]];
        c->tables[i] =
            (printed_table){ .id = id,
                             .at = i,
                             .locale = locale_of(table_text(c->plan, t, i, TABLE_LOCALE), plan_locale(c->plan)),
                             .whole = str_eq(table_text(c->plan, t, i, TABLE_SCOPE), "all") };
        r->tables[id] = i + 1;
    }
}

/* ---- order ---- */

static int compare_places(const void *ud, uint32_t a, uint32_t b)
{
    const claim *x = &((const checker *)ud)->claims[a], *y = &((const checker *)ud)->claims[b];
    if (x->table != y->table)
        return x->table < y->table ? -1 : 1;
    if (x->row != y->row)
        return x->row < y->row ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static int compare_key(const checker *c, const claim *a, const claim *b)
{
    (void)c;
    uint32_t x[] = { a->owner_kind, a->id, a->kind, a->kind == CLAIM_NAME ? 0 : a->field, a->stage, a->period },
             y[] = { b->owner_kind, b->id, b->kind, b->kind == CLAIM_NAME ? 0 : b->field, b->stage, b->period };
    if (a->kind == CLAIM_NAME && b->kind == CLAIM_NAME)
        x[4] = y[4] = x[5] = y[5] = 0;
    for (uint32_t i = 0; i < COUNT_OF(x); i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

static int compare_keys(const void *ud, uint32_t a, uint32_t b)
{
    const checker *c = ud;
    int order = compare_key(c, &c->claims[a], &c->claims[b]);
    return order ? order : compare_places(ud, a, b);
}

uint32_t claims_row_end(const checker *c, uint32_t i)
{
    const claim *k = &c->claims[c->by_row[i]];
    uint32_t end = i + 1;
    while (end < c->n_claims && c->claims[c->by_row[end]].table == k->table && c->claims[c->by_row[end]].row == k->row)
        end++;
    return end;
}

uint32_t claims_key_end(const checker *c, uint32_t i)
{
    uint32_t end = i + 1;
    while (end < c->n_claims && compare_key(c, &c->claims[c->by_key[i]], &c->claims[c->by_key[end]]) == 0)
        end++;
    return end;
}

/* Place in by_key of the first that shows what `wanted` does, or NO_AT. */
static uint32_t find_first(const checker *c, const claim *wanted)
{
    uint32_t lo = 0, hi = c->n_claims;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (compare_key(c, &c->claims[c->by_key[mid]], wanted) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < c->n_claims && compare_key(c, &c->claims[c->by_key[lo]], wanted) == 0 ? lo : NO_AT;
}

const claim *claims_find(const checker *c, owner_kind owner, uint32_t id, claim_kind kind, pagu_field field,
                         pagu_stage stage, pagu_period period)
{
    claim wanted = {
        .owner_kind = (uint8_t)owner, .id = id, .kind = (uint8_t)kind, .field = field, .stage = stage, .period = period
    };
    uint32_t at = find_first(c, &wanted);
    return at == NO_AT ? NULL : &c->claims[c->by_key[at]];
}

/* How many cells that print the same are looked through. */
enum { MOST_WITNESSES = 64 };

const claim *claims_witness(const checker *c, const claim *k, claim_test agrees, const void *ud)
{
    uint32_t at = find_first(c, k);
    for (uint32_t i = at; at != NO_AT && i < c->n_claims && i < at + MOST_WITNESSES; i++) {
        const claim *other = &c->claims[c->by_key[i]];
        if (compare_key(c, k, other) != 0)
            return NULL;
        if (other->table != k->table && agrees(c, other, ud))
            return other;
    }
    return NULL;
}

/* ---- all ---- */

/* A cell may hold line ends: the next row of the file stands so many lines later. */
static void number_records(checker *c)
{
    const plan_document *doc = c->printed_doc.doc;
    uint32_t line = 2;
    for (uint32_t r = 0; r < doc->n_rows; r++) {
        c->records[r] = line++;
        for (uint32_t i = 0; i < doc->n_columns; i++)
            for (const char *s = plan_str(c->plan, doc->cells[(size_t)r * doc->n_columns + i]); (s = strchr(s, '\n'));
                 s++)
                line++;
    }
}

static void sort_claims(checker *c)
{
    uint32_t *scratch = mem_array(c->ctx, c->n_claims, sizeof *scratch);
    if (c->n_claims && !scratch) {
        check_fail(c, PAGU_NO_MEMORY);
        return;
    }
    for (uint32_t i = 0; i < c->n_claims; i++)
        c->by_row[i] = c->by_key[i] = i;
    sort_indices(c->by_row, scratch, c->n_claims, compare_places, c);
    sort_indices(c->by_key, scratch, c->n_claims, compare_keys, c);
    mem_free(c->ctx, scratch, c->n_claims * sizeof *scratch);
    for (uint32_t i = 0; i < c->n_claims; i++) {
        printed_table *t = &c->tables[c->claims[c->by_row[i]].table];
        if (t->n++ == 0)
            t->first = i;
    }
}

static void read_all(reading *r, uint32_t rows)
{
    checker *c = r->c;
    for (uint32_t at = 0; at < rows && c->code == PAGU_OK; at++) {
        if (at % 1024 == 0 && check_stop(c))
            return;
        if (r->tables[printed_symbol(c, at, PRINTED_TABLE)])
            c->claims[c->n_claims++] = read_claim(r, at);
    }
    number_records(c);
    sort_claims(c);
}

void claims_read(checker *c)
{
    static const char *const tables[] = { "table", "stage", "levels", "scope", "locale", "title", "line" };
    static const char *const printed[] = { "table", "row",    "column", "owner", "field",
                                           "stage", "period", "text",   "expr",  "line" };
    const pagu_plan *p = c->plan;
    c->tables_doc = find_table(p, "tables", tables, COUNT_OF(tables));
    c->printed_doc = find_table(p, "printed", printed, COUNT_OF(printed));
    if (!c->tables_doc.doc || c->tables_doc.at[TABLE_ID] == NO_AT || !c->printed_doc.doc)
        return;
    uint32_t rows = c->printed_doc.doc->n_rows;
    c->n_tables = c->tables_doc.doc->n_rows;
    reading r = { c, mem_zarray(c->ctx, p->symbols.n, sizeof *r.owners),
                  mem_zarray(c->ctx, p->symbols.n, sizeof *r.tables) };
    c->tables = mem_zarray(c->ctx, c->n_tables, sizeof *c->tables);
    c->claims = mem_array(c->ctx, rows, sizeof *c->claims);
    c->by_row = mem_array(c->ctx, rows, sizeof *c->by_row);
    c->by_key = mem_array(c->ctx, rows, sizeof *c->by_key);
    c->records = mem_array(c->ctx, rows, sizeof *c->records);
    bool got = r.owners && r.tables && (c->tables || !c->n_tables) &&
               (!rows || (c->claims && c->by_row && c->by_key && c->records));
    if (!got) {
        check_fail(c, PAGU_NO_MEMORY);
    } else {
        read_tables(&r);
        read_all(&r, rows);
    }
    mem_free(c->ctx, r.owners, p->symbols.n * sizeof *r.owners);
    mem_free(c->ctx, r.tables, p->symbols.n * sizeof *r.tables);
}

void claims_free(checker *c)
{
    uint32_t rows = c->printed_doc.doc ? c->printed_doc.doc->n_rows : 0;
    mem_free(c->ctx, c->tables, c->n_tables * sizeof *c->tables);
    mem_free(c->ctx, c->claims, rows * sizeof *c->claims);
    mem_free(c->ctx, c->by_row, rows * sizeof *c->by_row);
    mem_free(c->ctx, c->by_key, rows * sizeof *c->by_key);
    mem_free(c->ctx, c->records, rows * sizeof *c->records);
}

const char *claim_key(const checker *c, const claim *k)
{
    return k->owner_kind == OWNER_NODE ? plan_str(c->plan, c->plan->key[k->id]) : plan_str(c->plan, k->owner);
}
