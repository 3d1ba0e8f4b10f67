/* pagu/attribute.h - which edits made the difference between two views.
 *
 *     pagu_attribute_options o = PAGU_ATTRIBUTE_OPTIONS_INIT;
 *     o.key = "1.06"; o.field = budget; o.period = y2024;
 *     pagu_attribute(stage, pagu_scenario_view(s), &o, &table, &err);
 *
 * What differs between a and b are the journal entries since the branch they share: those of b, which
 * are done, and those of a, which are not done in b. They are put in groups (a step, a reason, a line
 * of a script, a verb), and the difference b - a is divided among the groups by the Shapley value:
 * the mean, over all orders in which the groups could have been done, of what each one changed when
 * its turn came. It is the one division that adds up to the whole, gives groups that do the same the
 * same, gives nothing to a group that never changes anything, and is additive over sums (Shapley, A
 * value for n-person games, 1953; Shorrocks, Decomposition procedures, J Econ Inequal 11, 2013).
 *
 * Some of the groups only: each touched value starts as at the branch, and the entries of the chosen
 * groups act on it in the order of the journal: a transfer, and a change by an amount, adds what it added;
 * a change by a percentage multiplies as it did (rounded half away from zero); every other entry sets
 * the value that it set. All groups together give b exactly, none gives a.
 *
 * Money at a place is a sum of lines, so the value is divided line by line among the groups that
 * touch the line, and costs no evaluation of the plan: exact for any number of groups, in integers,
 * with one rounding at the end by largest remainder. Anything else (a target, a rate, a formula, a
 * function) is evaluated on branches: all 2^n sets of up to `exact` groups, or, above that, random
 * orders drawn with `seed`, each with its reverse, whose parts carry a standard error. Numbers are
 * divided in units of 10^-6, the last digit by largest remainder, so that the parts as printed add up.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_ATTRIBUTE_H
#define PAGU_ATTRIBUTE_H

#include "pagu/calc.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum pagu_attribute_by {
    PAGU_BY_STEP,   /* every step of the journal: what one undo takes back */
    PAGU_BY_REASON, /* the analyst's words */
    PAGU_BY_SOURCE, /* file:line of the script */
    PAGU_BY_VERB
} pagu_attribute_by;

/* A value that a metric found. */
typedef struct pagu_metric_value {
    bool missing;
    bool whole; /* integer holds it, exactly: it is divided in whole units */
    int64_t integer;
    double number;
} pagu_metric_value;
/* Any code but PAGU_OK ends the attribution with that code. The view is only for the call. */
typedef pagu_code pagu_metric_fn(void *ud, pagu_view *v, pagu_metric_value *out, pagu_error *err);

typedef struct pagu_attribute_options {
    size_t size;
    const char *key; /* of a node, or for measures an indicator's id */
    pagu_field field;
    pagu_period period;
    pagu_metric_fn *metric; /* instead of key, field and period; NULL: none */
    void *ud;
    pagu_attribute_by by;
    const char *const *labels; /* one a step (pagu_attribute_step_count): steps of one label are a group; NULL: by */
    uint32_t exact;            /* most groups that all sets are tried of; at most 12 */
    uint32_t samples;          /* orders drawn above that; 2 … 1000000, made even */
    uint64_t seed;
    bool all;         /* list groups that made no difference, too */
    bool has_missing; /* a set of edits may leave no value (a rate without its target): */
    double missing;   /* it counts as this; without it PAGU_ARGUMENT says which set */
} pagu_attribute_options;
#define PAGU_ATTRIBUTE_OPTIONS_INIT                                                                                    \
    {                                                                                                                  \
        .size = sizeof(pagu_attribute_options), .exact = 12, .samples = 1000, .seed = 1                                \
    }

/* Steps that differ: b's since the branch, then a's. PAGU_ARGUMENT: no common branch (other plans,
 * other stages). */
PAGU_API pagu_code pagu_attribute_step_count(const pagu_view *a, const pagu_view *b, uint32_t *out, pagu_error *err);
/* Step i of them: its first entry in the journal of *of, for labels. */
PAGU_API pagu_code pagu_attribute_step(const pagu_view *a, const pagu_view *b, uint32_t i, const pagu_view **of,
                                       uint32_t *entry, pagu_error *err);

/* Divide b - a among the groups: columns group (a number, in order of the journal), what, verb, reason, source (of its
 * first step), steps, part (money, or a number), share (percent of the whole; missing if that is 0), and error where
 * orders were drawn. Largest part first; a total row ends it. The parts add up to the total exactly. b gets branches
 * for evaluation, which are closed again; nothing changes in a or b.
 * PAGU_ARGUMENT, PAGU_UNKNOWN_KEY, PAGU_OVERFLOW, PAGU_INTERRUPTED, or what the metric gave. */
PAGU_API pagu_code pagu_attribute(pagu_view *a, pagu_view *b, const pagu_attribute_options *options, pagu_table **out,
                                  pagu_error *err);

#ifdef __cplusplus
}
#endif
#endif
