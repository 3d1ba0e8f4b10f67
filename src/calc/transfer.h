/* transfer.h - inside of a transfer: its sides.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CALC_TRANSFER_H
#define PAGU_CALC_TRANSFER_H

#include "calc/verb.h"
#include "pagu/calc.h"

/* What one line gives (negative) or takes. */
typedef struct move {
    uint64_t key; /* the row */
    pagu_row row;
    pagu_money amount, residue;
} move;

typedef struct transfer {
    verb verb;
    const pagu_transfer_options *o;
    arena mem;
    pagu_money amount;
    move *moves;
    uint32_t n_moves, cap_moves;
    pagu_row sign_line; /* a line whose sign in the plan's total all others must have */
    int sign;
} transfer;

typedef struct side {
    const pagu_transfer_side *places; /* in tree order, so that the order given does not matter */
    size_t n;
    bool source;
    const char *name; /* of the option */
    pagu_money *shares;
} side;

/* Check both sides, put their places into tree order, and find the amount to move. */
pagu_code transfer_sides(transfer *t, side *from, side *to);

#endif
