/* context.h - inside of a context.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_CONTEXT_H
#define PAGU_SRC_CONTEXT_H

#include "base/base.h"
#include "base/messages_id.h"

#include <stdatomic.h>

struct pagu_ctx {
    pagu_alloc_fn alloc;
    void *alloc_ud;
    size_t limit;
    _Atomic(size_t) used, peak;
    atomic_int lang;
    atomic_bool interrupted;
    uint16_t messages[MESSAGE_SLOTS]; /* index of the catalogue: here, because there are no globals */
};

#endif
