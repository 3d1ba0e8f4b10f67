/* ratio_fields.c - built-in fields that are ratios of a node's money.
 * SPDX-License-Identifier: MIT */
#include "calc/derived.h"

static pagu_code read_by_name(const derived_call *c, const char *field, expr_block *out)
{
    pagu_field f;
    pagu_code rc = pagu_plan_find_field(c->run->plan, field, &f, c->run->err);
    return rc ? rc : expr_read_money(c->run, PAGU_NONE, f, c->period, out);
}

/* spent / budget in percent. A dash counts as 0. */
static pagu_code evaluate_absorption(const derived_call *c)
{
    const expr_block *budget = c->scratch;
    expr_block *out = c->out, *spent = &c->scratch[1];
    pagu_code rc = read_by_name(c, "budget", c->scratch);
    if (!rc)
        rc = read_by_name(c, "spent", spent);
    for (uint32_t i = 0; i < c->run->n && !rc; i++) {
        bool known = budget->state[i] != PAGU_MISSING && spent->state[i] != PAGU_MISSING;
        bool defined = known && budget->u.whole[i] != 0;
        out->state[i] = defined ? PAGU_NUMBER : PAGU_MISSING;
        out->u.real[i] = defined ? 100.0 * (double)spent->u.whole[i] / (double)budget->u.whole[i] : 0;
        if (known && !defined)
            expr_block_set_reason(out, c->run->n, i, PAGU_CELL_ZERO_TARGET);
    }
    return rc;
}

const derived_field ratio_fields[] = {
    { .id = "absorption",
      .caption = "Absorption of the budget",
      .unit = "%",
      .type = PAGU_EXPR_NUMBER,
      .of_nodes = true,
      .scratch = 2,
      .evaluate = evaluate_absorption },
};
const uint32_t n_ratio_fields = COUNT_OF(ratio_fields);
