/* builder_signs.c - budgets below zero: told when they are loaded.
 *
 * Where a package tells plus from minus (financing: receipts less expenditure; memo rows), a
 * negative amount may well be meant and is a note. Anywhere else nobody budgets less than
 * nothing: a warning.
 *
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

static bool is_negative_budget(const amount_rec *r, symbol budget)
{
    return r->state == PAGU_NUMBER && r->value < 0 && r->field == budget && r->node != NO_INDEX;
}

/* Nodes above a minus: what is netted there. */
static uint8_t *mark_netting(pagu_builder *b)
{
    uint8_t *netting = builder_array(b, b->n_nodes, sizeof *netting);
    for (uint32_t i = 0; netting && i < b->n_nodes; i++)
        if (b->nodes[i].sign < 0 && b->node_parent[i] != NO_INDEX)
            netting[b->node_parent[i]] = 1;
    return netting;
}

static bool may_be_negative(const pagu_builder *b, const uint8_t *netting, uint32_t node)
{
    for (uint32_t up = node; up != NO_INDEX; up = b->node_parent[up])
        if (b->nodes[up].sign <= 0 || (up != b->root && netting[up]))
            return true;
    return netting[node];
}

static void tell(pagu_builder *b, const amount_rec *r, bool meant)
{
    const char *key = builder_str(b, b->nodes[r->node].key);
    fault f = { .rule = "negative-budget",
                .severity = meant ? PAGU_NOTE : PAGU_WARNING,
                .line = r->line,
                .file = r->file,
                .column = "budget",
                .key = key };
    money_text amount = money_str(b->ctx, r->value);
    f.value = amount.s;
    if (meant)
        builder_fault(
            b, &f, "the budget of \"%s\" for %s in stage \"%s\" is below zero, where plus and minus are told apart: %s",
            key, builder_str(b, r->period), builder_str(b, r->stage), amount.s);
    else
        builder_fault(b, &f, "the budget of \"%s\" for %s in stage \"%s\" is below zero: %s", key,
                      builder_str(b, r->period), builder_str(b, r->stage), amount.s);
}

void tell_negative_budgets(pagu_builder *b)
{
    symbol budget = builder_intern(b, "budget");
    uint8_t *netting = NULL;
    uint32_t n = b->n_nodes;
    for (uint32_t i = 0; i < b->n_amounts && builder_ok(b); i++) {
        const amount_rec *r = &b->amounts[i];
        if (!is_negative_budget(r, budget))
            continue;
        if (!netting)
            netting = mark_netting(b);
        if (netting)
            tell(b, r, may_be_negative(b, netting, r->node));
    }
    RELEASE(b, netting, n);
}
