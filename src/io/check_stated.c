/* check_stated.c - counts and years that the prose states, against what their expressions give.
 *
 * Expressions are formulas (pagu/formula.h), evaluated over the plan as loaded.
 *
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

#include "pagu/formula.h"

#include <ctype.h>
#include <stdlib.h>

typedef struct statement {
    checker *c;
    const claim *k;
    const char *expr;
    pagu_expr_type type;
    pagu_expr_value value;
} statement;

static check_rule rule_of(const char *expr)
{
    return strstr(expr, "meta.year") ? CHECK_YEAR_DIFFERS
           : strstr(expr, "count(")  ? CHECK_COUNT_DIFFERS
                                     : CHECK_STATEMENT_DIFFERS;
}

/* ---- what the prose says ---- */

/* "Prakiraan Maju Tahun 2024" says 2024: the last number of four digits. */
static bool read_year(const char *text, double *out)
{
    bool found = false;
    while (*text) {
        size_t digits = strspn(text, "0123456789");
        if (digits == 4) {
            *out = strtod(text, NULL);
            found = true;
        }
        text += digits ? digits : 1;
    }
    return found;
}

/* "8 (Delapan) Program" says 8: the first number. */
static bool read_number(const checker *c, const claim *k, double *out)
{
    char copy[64];
    pagu_spelling s;
    const char *text = claim_text(c, k);
    text += strcspn(text, "0123456789");
    size_t n = strspn(text, "0123456789.,");
    while (n > 0 && !isdigit((unsigned char)text[n - 1]))
        n--; /* "5." is the fifth of a list */
    if (n == 0 || n >= sizeof copy)
        return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    if (pagu_measure_parse(c->ctx, copy, claim_locale(c, k), &s, NULL) != PAGU_OK || s.state != PAGU_NUMBER)
        return false;
    *out = s.value;
    return true;
}

/* ---- comparing ---- */

static void say_unreadable(statement *s, const char *why)
{
    pagu_finding f = finding_at(s->c, CHECK_STATEMENT_DIFFERS, s->k);
    f.severity = PAGU_NOTE;
    check_say(s->c, &f, "\"%s\" can't be evaluated: %s", s->expr, why);
}

static void say_difference(statement *s, double printed, int places)
{
    checker *c = s->c;
    pagu_finding f = finding_at(c, rule_of(s->expr), s->k);
    bool year = strstr(s->expr, "meta.year") != NULL;
    double computed = s->type == PAGU_EXPR_MONEY ? (double)s->value.money : s->value.number;
    check_text x = number_as_text(computed, s->type == PAGU_EXPR_MONEY ? 0 : -1, false,
                                  year ? PAGU_LOCALE_PLAIN : claim_locale(c, s->k));
    int power;
    difference how = compare_numbers(printed, places, computed, &power);
    if (how == DIFFER_NOT)
        return;
    f.computed = x.s;
    f.difference = difference_word(how);
    if (how == DIFFER_ROUNDING || how == DIFFER_TRUNCATION)
        f.severity = PAGU_NOTE;
    check_say(c, &f, "\"%s\" is stated, but %s is %s", claim_text(c, s->k), s->expr, x.s);
}

static void compare_statement(statement *s)
{
    double printed;
    const char *text = claim_text(s->c, s->k);
    bool year = strstr(s->expr, "meta.year") != NULL;
    if (s->value.state == PAGU_TEXT || s->type == PAGU_EXPR_TEXT) {
        if (s->value.text && !same_words(text, s->value.text)) {
            pagu_finding f = finding_at(s->c, CHECK_STATEMENT_DIFFERS, s->k);
            f.computed = s->value.text;
            f.difference = difference_word(DIFFER_TEXT);
            check_say(s->c, &f, "\"%s\" is stated, but %s is %s", text, s->expr, s->value.text);
        }
        return;
    }
    if (s->value.state != PAGU_NUMBER) {
        say_unreadable(s, or_nothing(s->c, pagu_cell_reason_name(s->value.reason)));
        return;
    }
    if (year ? !read_year(text, &printed) : !read_number(s->c, s->k, &printed)) {
        pagu_finding f = finding_at(s->c, CHECK_PRINTED_UNREADABLE, s->k);
        check_say(s->c, &f, "\"%s\" states no number", text);
        return;
    }
    say_difference(s, printed, year ? 0 : printed_places(text, claim_locale(s->c, s->k)));
}

/* ---- evaluating ---- */

static void check_statement(statement *s, const pagu_view *v)
{
    pagu_error err = { 0 };
    pagu_expr *e = NULL;
    pagu_row row = s->k->owner_kind == OWNER_NODE ? s->k->id : 0;
    pagu_indicator ind = s->k->id;
    bool of_indicator = s->k->owner_kind == OWNER_INDICATOR;
    pagu_expr_subjects at = {
        .rows = of_indicator ? NULL : &row, .indicators = of_indicator ? &ind : NULL, .n = 1, .period = s->k->period
    };
    pagu_code code = pagu_expr_parse(s->c->ctx, pagu_view_plan(v), s->expr, &e, &err);
    if (code == PAGU_OK) {
        s->type = pagu_expr_kind(e);
        code = pagu_expr_eval_at(e, v, &at, &s->value, &err);
    }
    if (code == PAGU_NO_MEMORY || code == PAGU_INTERRUPTED)
        check_fail(s->c, code);
    else if (code != PAGU_OK)
        say_unreadable(s, err.message);
    else
        compare_statement(s);
    pagu_expr_release(e);
}

/* The stage that a table names, else the one that is checked, as loaded. */
static pagu_stage stage_of(const checker *c, const claim *k)
{
    bool of_plan = k->stage != PAGU_NONE && c->plan->stages[k->stage].kind == PAGU_STAGE_PLAN;
    return of_plan ? k->stage : pagu_view_stage(c->view);
}

void check_stated(checker *c)
{
    pagu_view *v = NULL;
    static const char *const columns[] = { "expr" };
    check_table t = find_table(c->plan, "printed", columns, COUNT_OF(columns));
    for (uint32_t i = 0; i < c->n_claims && !check_stop(c); i++) {
        const claim *k = &c->claims[i];
        statement s = { .c = c, .k = k };
        if (k->kind != CLAIM_EXPR)
            continue;
        s.expr = table_text(c->plan, &t, k->at, 0);
        if (v && pagu_view_stage(v) != stage_of(c, k)) {
            pagu_view_close(v);
            v = NULL;
        }
        if (!v && !(v = pagu_view_open(pagu_view_plan(c->view), stage_of(c, k))))
            check_fail(c, PAGU_NO_MEMORY);
        else
            check_statement(&s, v);
    }
    if (v)
        pagu_view_close(v);
}
