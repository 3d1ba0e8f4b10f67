/* check_rows.c - rows that a printed table must have and has not, or has and must not.
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

bool in_some_stage(const pagu_plan *p, pagu_row row, const char *stages)
{
    for (uint32_t i = 0; i < p->n_stages; i++) {
        const plan_stage *s = &p->stages[i];
        if (list_has(stages, ' ', plan_str(p, s->id)) && (!s->members || bit_get(s->members, row)))
            return true;
    }
    return false;
}

static const char *level_of(const pagu_plan *p, pagu_row row)
{
    return p->level[row] == PAGU_NONE ? "" : plan_str(p, p->levels[p->level[row]].id);
}

/* A node or its indicator. */
static pagu_row row_of(const checker *c, const claim *k)
{
    return k->owner_kind == OWNER_NODE        ? k->id
           : k->owner_kind == OWNER_INDICATOR ? c->plan->indicators[k->id].row
                                              : PAGU_NO_ROW;
}

static void check_extra(checker *c, const claim *k, pagu_row row, const char *stages)
{
    const pagu_plan *p = c->plan;
    if (row == 0 || !*level_of(p, row) || in_some_stage(p, row, stages))
        return;
    pagu_finding f = finding_at(c, CHECK_ROW_EXTRA, k);
    check_say(c, &f, "table %s has a row for \"%s\" (%s), which none of its stages has", claim_table(c, k),
              plan_str(p, p->key[row]), plan_str(p, p->name[row]));
}

static void mark_printed(checker *c, const printed_table *t, const char *stages, uint64_t *bits)
{
    for (uint32_t i = t->first; i < t->first + t->n; i++) {
        const claim *k = &c->claims[c->by_row[i]];
        pagu_row row = row_of(c, k);
        if (row == PAGU_NO_ROW || bit_get(bits, row))
            continue;
        bit_set(bits, row);
        check_extra(c, k, row, stages);
    }
}

static void check_lost(checker *c, const printed_table *t, pagu_row row)
{
    const pagu_plan *p = c->plan;
    const char *table = plan_str(p, t->id), *key = plan_str(p, p->key[row]), *name = plan_str(p, p->name[row]);
    pagu_finding f = finding_at(c, CHECK_ROW_MISSING, NULL);
    f.file = table;
    f.key = key;
    f.record_file = "tables.csv";
    f.record = t->at + 2;
    check_say(c, &f, "table %s has no row for \"%s\" (%s)", table, key, name);
}

static void check_table_rows(checker *c, const printed_table *t, uint64_t *bits)
{
    const pagu_plan *p = c->plan;
    const char *levels = table_text(p, &c->tables_doc, t->at, TABLE_LEVELS);
    const char *stages = table_text(p, &c->tables_doc, t->at, TABLE_STAGE);
    mark_printed(c, t, stages, bits);
    for (uint32_t rank = 0; rank < p->n_rows && c->code == PAGU_OK; rank++) {
        pagu_row row = p->by_pre[rank];
        if (!bit_get(bits, row) && list_has(levels, ' ', level_of(p, row)) && in_some_stage(p, row, stages))
            check_lost(c, t, row);
    }
}

void check_rows(checker *c)
{
    size_t words = ((size_t)c->plan->n_rows + 63) / 64;
    uint64_t *bits = mem_array(c->ctx, words, sizeof *bits);
    if (!bits)
        check_fail(c, PAGU_NO_MEMORY);
    for (uint32_t t = 0; t < c->n_tables && !check_stop(c); t++) {
        if (!c->tables[t].whole)
            continue;
        memset(bits, 0, words * sizeof *bits);
        check_table_rows(c, &c->tables[t], bits);
    }
    mem_free(c->ctx, bits, words * sizeof *bits);
}
