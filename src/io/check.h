/* check.h - what the rules share.
 *
 *     check.c            driver: reads the document, runs the rules, orders what they found
 *     check_rules.c      the register of rules: ids, severities, explanations
 *     check_claims.c     printed.csv as claims, indexed by table row and by what they show
 *     check_values.c     reading printed values, words of values, classes of difference
 *     check_footing.c    totals against the rows printed below them
 *     check_subset.c     the fewest lines that explain a gap
 *     check_rows.c       rows that a table lacks or has too many
 *     check_money.c      printed money against the model
 *     check_measures.c   printed targets and achievements against the model
 *     check_rate_row.c, check_cumulative.c  the row of a rate, its cumulative value
 *     check_rates.c      rates and cumulative values against what their row prints
 *     check_names.c      names and codes
 *     check_layout.c     titles, empty columns, slipped cells, styles of numbers
 *     check_proposals.c  proposals of citizens
 *     check_stated.c     counts and years that the prose states
 *     check_plan.c       budgets, targets and money of the plan itself
 *     check_achievements.c  achievements beside those below them
 *     check_indicators.c values and units of indicators
 *     check_strategic.c  indicators against the strategic plan, projections, quarters
 *     check_stages.c     stages against each other
 *     check_limits.c     ceilings, floors, holds
 *     check_suppress.c   suppressions
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_CHECK_H
#define PAGU_SRC_CHECK_H

#include "io/check_rules.h"
#include "pagu/check.h"
#include "plan/plan_struct.h"

/* ---- document tables as the package keeps them ---- */

typedef struct check_table {
    const plan_document *doc; /* NULL: the plan has none */
    uint32_t at[12];          /* by the enum of its user; NO_AT: no such column */
} check_table;
#define NO_AT UINT32_MAX
check_table find_table(const pagu_plan *plan, const char *name, const char *const *columns, uint32_t n);
/* Text of a cell, "" when the column is not there. */
const char *table_text(const pagu_plan *p, const check_table *t, uint32_t row, uint32_t column);

enum { TABLE_ID, TABLE_STAGE, TABLE_LEVELS, TABLE_SCOPE, TABLE_LOCALE, TABLE_TITLE, TABLE_LINE };

/* ---- claims: what printed cells claim to show ---- */

typedef enum owner_kind { OWNER_NONE, OWNER_NODE, OWNER_INDICATOR, OWNER_CLASS, OWNER_OTHER } owner_kind;

typedef enum claim_kind {
    CLAIM_NOTHING, /* kept, not compared */
    CLAIM_MONEY,
    CLAIM_MEASURE,
    CLAIM_DERIVED, /* rate, cumulative, … */
    CLAIM_NAME,
    CLAIM_CODE,
    CLAIM_TAG,
    CLAIM_EXPR,
    CLAIM_OTHER,   /* a field of proposals and the like */
    CLAIM_UNKNOWN, /* nothing of the plan */
    CLAIM_OUTSIDE  /* a period outside the frame */
} claim_kind;

typedef enum derived {
    DERIVED_RATE,
    DERIVED_CUMULATIVE,
    DERIVED_STRATEGIC_RATE,
    DERIVED_ABSORPTION,
    DERIVED_REST
} derived;

typedef struct claim {
    uint32_t at;    /* row of printed.csv */
    uint32_t table; /* index of tables */
    uint32_t row, line;
    symbol column, owner, field_id, period_id, text;
    uint8_t owner_kind, kind, derived;
    uint32_t id; /* row, indicator, or class of a tree << 20 */
    pagu_field field;
    pagu_period period;
    pagu_stage stage; /* PAGU_NONE: none */
} claim;

/* A table of the document; its claims are c->by_row[first … first+n-1]. */
typedef struct printed_table {
    symbol id;
    uint32_t at; /* row of tables.csv */
    pagu_locale locale;
    bool whole;
    uint32_t first, n;
} printed_table;

typedef struct found_place {
    uint32_t table, row, at, rule;
} found_place;

typedef struct checker {
    pagu_ctx *ctx;
    const pagu_plan *plan;
    const pagu_view *view;   /* what is judged */
    const pagu_view *loaded; /* its stage as it was loaded: what was printed is compared with this */
    check_table tables_doc, printed_doc, suppressions;
    printed_table *tables;
    uint32_t n_tables, last_table;
    claim *claims;
    uint32_t n_claims;
    uint32_t *by_row;     /* claims by table, row, place in the file */
    uint32_t *by_key;     /* claims by what they show */
    uint32_t *records;    /* line of printed.csv of each of its rows */
    pagu_findings *found; /* in the order of finding */
    found_place *places;
    uint32_t cap_places;
    uint64_t budget; /* steps left for explanations of gaps */
    pagu_code code;  /* first error */
} checker;

/* Read printed.csv and tables.csv; linear but for sorting. */
void claims_read(checker *c);
void claims_free(checker *c);
static inline const char *claim_text(const checker *c, const claim *k)
{
    return plan_str(c->plan, k->text);
}
static inline const char *claim_table(const checker *c, const claim *k)
{
    return plan_str(c->plan, c->tables[k->table].id);
}
static inline pagu_locale claim_locale(const checker *c, const claim *k)
{
    return c->tables[k->table].locale;
}
/* End of the group that begins at by_row[i]: claims of one row of one table. */
uint32_t claims_row_end(const checker *c, uint32_t i);
/* End of the group that begins at by_key[i]: claims that show the same. */
uint32_t claims_key_end(const checker *c, uint32_t i);
/* A cell of another table that claims the same as k and passes the test, or NULL. */
typedef bool (*claim_test)(const checker *c, const claim *k, const void *ud);
const claim *claims_witness(const checker *c, const claim *k, claim_test agrees, const void *ud);
/* The first printed cell that shows this, or NULL. */
const claim *claims_find(const checker *c, owner_kind owner, uint32_t id, claim_kind kind, pagu_field field,
                         pagu_stage stage, pagu_period period);
/* Key of a node or indicator as findings print it. */
const char *claim_key(const checker *c, const claim *k);

/* ---- findings ---- */

/* A finding at a printed cell (NULL: nowhere in the document), filled but for message and values. */
pagu_finding finding_at(const checker *c, check_rule rule, const claim *k);
/* Report it; the message's format is looked up in the catalogue. */
void check_say(checker *c, pagu_finding *f, const char *format, ...) PAGU_PRINTF(3, 4);
/* Interrupted or out of memory? Polls. */
bool check_stop(checker *c);
void check_fail(checker *c, pagu_code code);

/* ---- values (check_values.c) ---- */

typedef struct check_text {
    char s[400];
} check_text;
typedef enum difference {
    DIFFER_NOT,
    DIFFER_MARKS,
    DIFFER_ROUNDING,
    DIFFER_TRUNCATION,
    DIFFER_POWER,
    DIFFER_UNIT,
    DIFFER_TEXT,
    DIFFER_VALUE
} difference;
const char *difference_word(difference d);
/* How a printed number with so many decimals differs from a computed one; *power: of ten, when that is it. */
difference compare_numbers(double printed, int places, double computed, int *power);
/* Decimals that a printed number has. */
int printed_places(const char *text, pagu_locale locale);
bool is_power_of_ten(pagu_money a, pagu_money b);
bool same_number(double a, double b);
bool same_text(const char *a, const char *b);
bool is_blank(const char *text);
/* Same letters and digits, case apart? */
bool same_words(const char *a, const char *b);

pagu_cell plan_money(const pagu_plan *p, pagu_row row, pagu_column column);
/* Money of a stage, the common stage's where it has none; the view's own stage as the view has it. */
pagu_cell stage_money(const checker *c, pagu_stage stage, pagu_row row, pagu_field field, pagu_period period);
pagu_measure stage_measure(const checker *c, pagu_stage stage, pagu_indicator ind, pagu_field field,
                           pagu_period period);
/* The period "..2021", "2024Q1": what stands before and after the year; PAGU_NONE if the plan has none. */
pagu_period year_period(const checker *c, const char *before, int year, const char *after);
bool is_sum(const pagu_plan *p, pagu_row row);
pagu_locale plan_locale(const pagu_plan *p);
check_text cell_as_text(const checker *c, pagu_cell cell, pagu_locale locale);
check_text measure_as_text(const pagu_measure *m, pagu_locale locale);
check_text number_as_text(double value, int places, bool percent, pagu_locale locale);
const char *or_nothing(const checker *c, const char *text);
/* A field in words of the reader. */
const char *field_word(const checker *c, const char *id);

pagu_code read_printed_money(const checker *c, const claim *k, pagu_cell *out, pagu_error *err);
/* Read a printed measure; blanks inside digits and stray separators are forgiven, *mended tells. */
bool read_printed_measure(const checker *c, const claim *k, pagu_spelling *out, bool *mended);
/* Index of the unit that is spelt so, or NO_AT. */
uint32_t find_unit_spelt(const pagu_plan *p, const char *spelt, size_t len);

/* ---- the fewest lines that add up to a gap (check_subset.c) ---- */

enum { SUBSET_LINES = 6 };
/* Find the smallest set of `values` (at most SUBSET_LINES, first in order among equals) that adds up
 * to `want`. *budget counts down; false: none, or the budget is spent. */
bool subset_find(pagu_ctx *ctx, const int64_t *values, uint32_t n, int64_t want, uint64_t *budget,
                 uint32_t out[SUBSET_LINES], uint32_t *n_out, pagu_code *code);

/* ---- rules ---- */

/* sums: by claim, what the rows printed below it add up to. */
typedef struct table_sum {
    pagu_money value;
    bool known;
} table_sum;
void check_footing(checker *c, table_sum *sums);
void check_money_cells(checker *c, const table_sum *sums);
void check_amounts(checker *c);
void check_rows(checker *c);
void check_measure_cells(checker *c);
void check_rates(checker *c);
void check_names(checker *c);
void check_printed_codes(checker *c);
void check_layout(checker *c);
void check_proposals(checker *c);
void check_stated(checker *c);
void check_budgets(checker *c);
void check_achievements(checker *c);
void check_indicators(checker *c);
void check_stages(checker *c);
void check_limits(checker *c);

/* Is the node in some of the stages (ids between blanks)? */
bool in_some_stage(const pagu_plan *p, pagu_row row, const char *stages);

/* Mark what is suppressed, and report suppressions without effect (check_suppress.c). order: of c->found. */
pagu_code findings_suppress(checker *c, const uint32_t *order, uint32_t n, const pagu_check_options *o,
                            pagu_findings *out);

#endif
