/* constraint_package.h - reading rules.csv as constraints.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_CONSTRAINT_PACKAGE_H
#define PAGU_SRC_CONSTRAINT_PACKAGE_H

#include "scenario/scenario_struct.h"

/* A rule that is not understood: its id, the text that is not, the line of rules.csv. */
typedef void package_rule_fn(void *ud, const char *rule, const char *what, uint32_t line);
/* The rules of the view's stage; NULL if there are none. */
pagu_code constraint_package_read(const pagu_view *v, package_rule_fn *unreadable, void *ud, constraint_set **out,
                                  pagu_error *err);

/* A set with room for n; drop frees it with what it holds; fit makes its block as long as its count says
 * (NULL: out of memory, the set is as it was). (constraint.c) */
constraint_set *constraint_set_new(pagu_ctx *ctx, uint32_t n);
void constraint_set_drop(pagu_ctx *ctx, constraint_set *set, uint32_t room);
constraint_set *constraint_set_fit(pagu_ctx *ctx, constraint_set *set, uint32_t room);

#endif
