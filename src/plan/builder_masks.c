/* builder_masks.c - what a stage sees of common money: its own members' only.
 *
 * Realisation belongs to the common stage, where every row is. A stage that lacks some of these
 * rows must not count them in its totals, so it gets a copy of such a column without them. The
 * copy is no content: it is neither hashed nor written.
 *
 * SPDX-License-Identifier: MIT */
#include "plan/builder_struct.h"

static int64_t presence_at(const plan_column *c, pagu_row row)
{
    return c->presence ? c->presence[row] : PRESENT_NUMBER;
}

/* Does some line that the stage lacks hold anything? */
static bool counts_others(const pagu_plan *p, const plan_stage *s, const plan_column *common)
{
    for (pagu_row row = 0; row < p->n_rows; row++)
        if (!bit_get(s->members, row) && plan_is_leaf(p, row) && presence_at(common, row))
            return true;
    return false;
}

static void mask_column(pagu_builder *b, const plan_stage *s, const plan_column *common, plan_column *own,
                        const struct rollup_shape *presence_shape)
{
    const pagu_plan *p = b->plan;
    own->values = builder_array(b, p->n_rows, sizeof *own->values);
    own->presence = builder_array(b, p->n_rows, sizeof *own->presence);
    if (!builder_ok(b))
        return;
    own->masked = true;
    for (pagu_row row = 0; row < p->n_rows; row++) {
        if (!plan_is_leaf(p, row) || !bit_get(s->members, row))
            continue;
        own->values[row] = common->values[row];
        own->presence[row] = presence_at(common, row);
        own->bound += money_abs(common->values[row]);
    }
    rollup_column(&p->shape, own->values);
    rollup_column(presence_shape, own->presence);
}

void mask_common_columns(pagu_builder *b)
{
    pagu_plan *p = b->plan;
    struct rollup_shape shape;
    int8_t *signs = presence_signs(b, &shape);
    for (uint32_t i = 0; i < p->n_stages; i++) {
        const plan_stage *s = &p->stages[i];
        if (s->kind == PAGU_STAGE_COMMON || !s->members)
            continue;
        for (uint32_t f = 0; f < p->n_fields; f++)
            for (uint32_t t = 0; t < p->n_periods && builder_ok(b); t++) {
                plan_column *own = &p->columns[column_index(p, (pagu_stage)i, (pagu_field)f, (pagu_period)t)];
                const plan_column *common =
                    &p->columns[column_index(p, p->common_stage, (pagu_field)f, (pagu_period)t)];
                if (!own->values && common->values && counts_others(p, s, common))
                    mask_column(b, s, common, own, &shape);
            }
    }
    RELEASE(b, signs, p->n_rows);
}
