/* check_rows.c - rows that a printed table must have, and has not.
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

/* Is a word one of those between blanks? */
static bool has_word(const char *list, const char *word)
{
    size_t n = strlen(word);
    while (*list) {
        size_t m = strcspn(list, " ");
        if (m == n && memcmp(list, word, n) == 0)
            return true;
        list += m + (list[m] == ' ');
    }
    return false;
}

static bool in_some_stage(const pagu_plan *p, pagu_row row, const char *stages)
{
    for (uint32_t i = 0; i < p->n_stages; i++) {
        const plan_stage *s = &p->stages[i];
        if (has_word(stages, plan_str(p, s->id)) && (!s->members || bit_get(s->members, row)))
            return true;
    }
    return false;
}

/* Nodes that some cell of the table belongs to. */
static void mark_printed(checker *c, const char *table, uint64_t *bits)
{
    for (uint32_t r = 0; r < c->printed.doc->n_rows; r++) {
        const char *owner = table_text(c, &c->printed, r, PRINTED_OWNER);
        pagu_row row;
        if (str_eq(table_text(c, &c->printed, r, PRINTED_TABLE), table) &&
            plan_lookup(c->plan, owner, strlen(owner), &row, 1) == 1)
            bit_set(bits, row);
    }
}

static void check_table_rows(checker *c, uint32_t r, uint64_t *bits)
{
    const pagu_plan *p = c->plan;
    const char *table = table_text(c, &c->tables, r, TABLE_ID), *levels = table_text(c, &c->tables, r, TABLE_LEVELS);
    const char *stages = table_text(c, &c->tables, r, TABLE_STAGE);
    if (!str_eq(table_text(c, &c->tables, r, TABLE_SCOPE), "all"))
        return;
    mark_printed(c, table, bits);
    for (uint32_t rank = 0; rank < p->n_rows && c->code == PAGU_OK; rank++) {
        pagu_row row = p->by_pre[rank];
        const char *level = p->level[row] == PAGU_NONE ? "" : plan_str(p, p->levels[p->level[row]].id);
        if (bit_get(bits, row) || !has_word(levels, level) || !in_some_stage(p, row, stages))
            continue;
        const char *key = plan_str(p, p->key[row]), *name = plan_str(p, p->name[row]);
        pagu_finding f = { .rule = "row-missing", .severity = PAGU_WARNING, .file = table, .key = key };
        check_say(c, &f, "table %s has no row for \"%s\" (%s)", table, key, name);
    }
}

void check_missing_rows(checker *c)
{
    size_t words = ((size_t)c->plan->n_rows + 63) / 64;
    uint64_t *bits = mem_array(c->ctx, words, sizeof *bits);
    if (!bits) {
        c->code = PAGU_NO_MEMORY;
        return;
    }
    for (uint32_t r = 0; r < c->tables.doc->n_rows && c->code == PAGU_OK; r++) {
        memset(bits, 0, words * sizeof *bits);
        check_table_rows(c, r, bits);
    }
    mem_free(c->ctx, bits, words * sizeof *bits);
}
