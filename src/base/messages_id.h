/* messages_id.h - the catalogue of messages: English format to Indonesian format.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_MESSAGES_ID_H
#define PAGU_SRC_MESSAGES_ID_H

#include <stdint.h>

typedef struct message_pair {
    const char *en, *id;
} message_pair;

#define MESSAGE_SLOTS 4096u

const message_pair *messages_all(uint32_t *count);
/* Fill an open-addressing index: slot holds 1 + position in the catalogue, 0 is empty. */
void messages_index(uint16_t slots[MESSAGE_SLOTS]);
/* Indonesian format of an English one, NULL if there is none. */
const char *messages_find(const uint16_t slots[MESSAGE_SLOTS], const char *en);

#endif
