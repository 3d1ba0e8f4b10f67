/* messages_id.c - messages in Indonesian, one list a layer or room: messages_id_<name>.inc. Add a pair
 * under the heading of the file that raises it; order does not matter. Both formats take the
 * same arguments: where their order differs use positions (%1$s) in every conversion of the
 * Indonesian format. tools/check_messages.py tells which pairs are wanting, unused or unlike.
 * SPDX-License-Identifier: MIT */
#include "base/messages_id.h"

#include "base/base.h"

static const message_pair catalogue[] = {
#include "base/messages_id_base.inc"
#include "base/messages_id_plan.inc"
#include "base/messages_id_scenario.inc"
#include "base/messages_id_calc.inc"
#include "base/messages_id_io.inc"
#include "base/messages_id_evaluate.inc"
#include "base/messages_id_formula.inc"
#include "base/messages_id_document.inc"
#include "base/messages_id_check.inc"
#include "base/messages_id_import.inc"
#include "base/messages_id_codes.inc"
#include "base/messages_id_constraint.inc"
#include "base/messages_id_allocate.inc"
#include "base/messages_id_project.inc"
#include "base/messages_id_solve.inc"
#include "base/messages_id_uncertainty.inc"
#include "base/messages_id_sweep.inc"
#include "base/messages_id_attribute.inc"
#include "base/messages_id_life.inc"
};

_Static_assert(COUNT_OF(catalogue) * 2 <= MESSAGE_SLOTS, "double MESSAGE_SLOTS");

const message_pair *messages_all(uint32_t *count)
{
    *count = (uint32_t)COUNT_OF(catalogue);
    return catalogue;
}

static uint32_t home_slot(const char *en)
{
    return (uint32_t)hash_bytes(en, strlen(en)) & (MESSAGE_SLOTS - 1);
}

void messages_index(uint16_t slots[MESSAGE_SLOTS])
{
    memset(slots, 0, MESSAGE_SLOTS * sizeof slots[0]);
    for (uint32_t i = 0; i < COUNT_OF(catalogue); i++) {
        uint32_t at = home_slot(catalogue[i].en);
        while (slots[at])
            at = (at + 1) & (MESSAGE_SLOTS - 1);
        slots[at] = (uint16_t)(i + 1);
    }
}

const char *messages_find(const uint16_t slots[MESSAGE_SLOTS], const char *en)
{
    for (uint32_t at = home_slot(en); slots[at]; at = (at + 1) & (MESSAGE_SLOTS - 1)) {
        const message_pair *pair = &catalogue[slots[at] - 1];
        if (str_eq(pair->en, en))
            return pair->id;
    }
    return NULL;
}
