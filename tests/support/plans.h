/* plans.h - small plans for tests, from a table of rows.
 *
 *     static const plan_row rows[] = { { .id = "1", .money = { "100", "90" } }, … };
 *     pagu_plan *plan = plan_of(ctx, rows, COUNT(rows));
 *
 * Plan year 2024; stages "need" and "final" (the default); levels plan, program, activity, item by
 * depth of the code; fields budget and spent; a partition tree "fund" with classes apbd and dak.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_TESTS_PLANS_H
#define PAGU_TESTS_PLANS_H

#include "pagu.h"

enum { FINAL_2024, FINAL_2025, NEED_2024, SPENT_2024, PLAN_COLUMNS };

typedef struct plan_row {
    const char *id;
    const char *money[PLAN_COLUMNS]; /* "100", "-", or NULL and "" for missing */
    int sign;                        /* 0: plus; 2: memo */
    const char *stages;              /* NULL: all */
    const char *fund;                /* NULL: none */
} plan_row;

/* Build; the error is left to the caller (allocation tests). */
pagu_code plan_make(pagu_ctx *ctx, const plan_row *rows, size_t n, pagu_plan **out, pagu_error *err);
/* Build or fail the test. */
pagu_plan *plan_of(pagu_ctx *ctx, const plan_row *rows, size_t n);

/* A context with English messages. */
pagu_ctx *english_ctx(void);

/* A scenario over a stage of a plan, with what tests ask of it all the time. */
typedef struct trial {
    pagu_ctx *ctx;
    pagu_plan *plan;
    pagu_view *stage;
    pagu_scenario *s;
    pagu_view *v;
    pagu_column b24, b25; /* budget */
} trial;
/* Open on the default stage; takes the reference to the plan. */
trial trial_open(pagu_ctx *ctx, pagu_plan *plan);
void trial_close(trial *t);

void assert_ok(pagu_code code, const pagu_error *err);
pagu_row row_of(const pagu_view *v, const char *key);
pagu_selection *rows_of(const pagu_view *v, const char *const *keys, size_t n);
/* One row. */
pagu_selection *at_key(const pagu_view *v, const char *key);
pagu_money money_of(const pagu_view *v, const char *key, pagu_column column);
pagu_state state_of(const pagu_view *v, const char *key, pagu_column column);
/* "1.01.01=100 1.01.02=300 1.01.03=. 1.02.03=-": missing is ".", a dash "-". */
void assert_money(const pagu_view *v, pagu_column column, const char *expected);
/* Text of a cell of a table by the name of its column; "" if missing. Integers in plain digits. */
const char *cell_text(const pagu_table *t, uint32_t row, const char *column, char buf[64]);

#endif
