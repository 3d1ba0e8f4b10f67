/* check_names.c - names and codes that a document prints for a node, an indicator or a class.
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

enum { LOOK_BACK = 16 };

/* ---- names ---- */

/* The name of the model, or "" where there is none to compare; the root is printed as "total". */
static const char *model_name(const checker *c, const claim *k)
{
    const pagu_plan *p = c->plan;
    switch (k->owner_kind) {
    case OWNER_NODE: return k->id == 0 ? "" : plan_str(p, p->name[k->id]);
    case OWNER_INDICATOR: return plan_str(p, p->indicators[k->id].name);
    case OWNER_CLASS: return plan_str(p, p->trees[k->id >> 20].classes[k->id & 0xFFFFF].name);
    default: return "";
    }
}

static bool told_already(const checker *c, uint32_t first, uint32_t at)
{
    const claim *k = &c->claims[c->by_key[at]];
    for (uint32_t i = at; i-- > first && at - i <= LOOK_BACK;) {
        const claim *other = &c->claims[c->by_key[i]];
        if (other->table == k->table && same_words(claim_text(c, other), claim_text(c, k)))
            return true;
    }
    return false;
}

static void check_name(checker *c, const claim *k, const char *model)
{
    const char *text = claim_text(c, k);
    bool empty = is_blank(text);
    pagu_finding f = finding_at(c, empty ? CHECK_PRINTED_MISSING : CHECK_NAME_DIFFERS, k);
    f.computed = model;
    f.difference = empty ? "" : difference_word(DIFFER_TEXT);
    if (empty)
        check_say(c, &f, "the name of \"%s\" is printed empty; it is \"%s\"", claim_key(c, k), model);
    else
        check_say(c, &f, "\"%s\" is called \"%s\" here and \"%s\" elsewhere", claim_key(c, k), text, model);
}

void check_names(checker *c)
{
    for (uint32_t i = 0, end; i < c->n_claims && !check_stop(c); i = end) {
        end = claims_key_end(c, i);
        if (c->claims[c->by_key[i]].kind != CLAIM_NAME)
            continue;
        for (uint32_t at = i; at < end && c->code == PAGU_OK; at++) {
            const claim *k = &c->claims[c->by_key[at]];
            const char *model = model_name(c, k);
            if (*model && !same_words(model, claim_text(c, k)) && !told_already(c, i, at))
                check_name(c, k, model);
        }
    }
}

/* ---- codes as printed ---- */

enum { MOST_SEGMENTS = 16, LONGEST_SEGMENT = 12 };
typedef struct segments {
    uint32_t n;
    char s[MOST_SEGMENTS][LONGEST_SEGMENT];
    bool strange;
} segments;

/* "0 4|2.0 1.|0 2" gives 04, 2, 01, 02: codes printed over several narrow columns. */
static segments split_code(const char *code, char separator)
{
    segments out = { 0 };
    uint32_t len = 0;
    for (;; code++) {
        if (*code == separator || *code == '|' || *code == '.' || !*code) {
            if (len > 0)
                out.s[out.n++][len] = '\0';
            len = 0;
            if (!*code || out.n == MOST_SEGMENTS)
                break;
        } else if (*code != ' ' && len + 1 < LONGEST_SEGMENT) {
            out.s[out.n][len++] = *code;
        } else if (*code != ' ') {
            out.strange = true;
        }
    }
    return out;
}

static bool same_segment(const char *a, const char *b)
{
    a += strspn(a, "0");
    b += strspn(b, "0");
    return str_eq(a, b);
}

/* A printed code may leave out the outer segments, never the inner ones. */
static bool is_tail(const segments *printed, const segments *code)
{
    if (printed->n > code->n)
        return false;
    for (uint32_t i = 0; i < printed->n; i++)
        if (!same_segment(printed->s[i], code->s[code->n - printed->n + i]))
            return false;
    return true;
}

/* Zeros too many in front of a segment; the last one has two forms by rule ("01", "0001"). */
static bool is_padded(const segments *printed, const segments *code)
{
    for (uint32_t i = 0; i + 1 < printed->n; i++)
        if (strlen(printed->s[i]) > strlen(code->s[code->n - printed->n + i]) && printed->s[i][0] == '0')
            return true;
    return false;
}

static void say_code(checker *c, const claim *k, const char *code)
{
    pagu_row other;
    const char *text = claim_text(c, k);
    pagu_finding f = finding_at(c, CHECK_PRINTED_CODE, k);
    f.computed = code;
    f.difference = difference_word(DIFFER_VALUE);
    if (plan_lookup(c->plan, text, strlen(text), &other, 1) == 1 && other != k->id)
        check_say(c, &f, "\"%s\" (%s) is printed under code %s, which is that of \"%s\"", code,
                  plan_str(c->plan, c->plan->name[k->id]), text, plan_str(c->plan, c->plan->name[other]));
    else
        check_say(c, &f, "\"%s\" (%s) is printed under code %s", code, plan_str(c->plan, c->plan->name[k->id]), text);
}

static void check_code(checker *c, const claim *k)
{
    const char *code = plan_str(c->plan, c->plan->code[k->id]);
    segments printed = split_code(claim_text(c, k), c->plan->separator), model = split_code(code, c->plan->separator);
    if (printed.n == 0 || model.n == 0 || printed.strange || model.strange)
        return;
    if (!is_tail(&printed, &model)) {
        say_code(c, k, code);
    } else if (is_padded(&printed, &model)) {
        pagu_finding f = finding_at(c, CHECK_PRINTED_MARKS, k);
        f.computed = code;
        f.difference = difference_word(DIFFER_MARKS);
        check_say(c, &f, "code %s is printed as %s", code, claim_text(c, k));
    }
}

/* ---- codes of the plan ---- */

static bool same_mount(const pagu_plan *p, pagu_row a, pagu_row b)
{
    const char *x = plan_str(p, p->key[a]), *y = plan_str(p, p->key[b]);
    const char *i = strrchr(x, '/'), *j = strrchr(y, '/');
    size_t n = i ? (size_t)(i - x) : 0, m = j ? (size_t)(j - y) : 0;
    return n == m && memcmp(x, y, n) == 0;
}

static bool have_code(const pagu_plan *p, pagu_row a)
{
    return !(p->flags[a] & (ROW_NO_CODE | ROW_OWN_LINE));
}

static void check_twins(checker *c, pagu_row a, pagu_row b)
{
    const pagu_plan *p = c->plan;
    const char *x = plan_str(p, p->code[a]), *y = plan_str(p, p->code[b]);
    if (!code_same(x, strlen(x), y, strlen(y), p->separator) || !same_mount(p, a, b))
        return;
    pagu_finding f = finding_at(c, CHECK_CODE_DUPLICATE, NULL);
    f.file = f.record_file = "nodes.csv";
    f.key = plan_str(p, p->key[b]);
    f.printed = y;
    check_say(c, &f, "\"%s\" (%s) has the code %s of its sibling \"%s\" (%s)", f.key, plan_str(p, p->name[b]), y,
              plan_str(p, p->key[a]), plan_str(p, p->name[a]));
}

/* The number in the last segment, or -1. */
static long last_number(const pagu_plan *p, pagu_row row)
{
    segments s = split_code(plan_str(p, p->code[row]), p->separator);
    if (s.n == 0 || s.strange || strspn(s.s[s.n - 1], "0123456789") != strlen(s.s[s.n - 1]))
        return -1;
    return strtol(s.s[s.n - 1], NULL, 10);
}

typedef struct run {
    uint32_t pairs, steps;
} run;

/* Step from one sibling's number to the next's; 0 when they have none. */
static long step_of(const pagu_plan *p, pagu_row row)
{
    long a = last_number(p, row), b = last_number(p, row + 1);
    return a < 0 || b < 0 || p->level[row] != p->level[row + 1] || !same_mount(p, row, row + 1) ? 0 : b - a;
}

static bool has_next(const pagu_plan *p, pagu_row row)
{
    return row + 1 < p->n_rows && row > 0 && p->parent[row] == p->parent[row + 1] && have_code(p, row) &&
           have_code(p, row + 1) && p->level[row] != PAGU_NONE;
}

static void say_number_skipped(checker *c, pagu_row row)
{
    const pagu_plan *p = c->plan;
    pagu_finding f = finding_at(c, CHECK_CODE_GAP, NULL);
    f.file = f.record_file = "nodes.csv";
    f.key = plan_str(p, p->key[row + 1]);
    check_say(c, &f, "code %s follows %s: a number is left out", plan_str(p, p->code[row + 1]),
              plan_str(p, p->code[row]));
}

/* Gaps tell something only at a level that is numbered through. */
enum { FEWEST_PAIRS = 10, MOST_LEVELS = 256 };
static void check_order_of_codes(checker *c)
{
    const pagu_plan *p = c->plan;
    run runs[MOST_LEVELS] = { { 0 } };
    for (pagu_row row = 1; row < p->n_rows && c->code == PAGU_OK; row++) {
        if (!has_next(p, row))
            continue;
        check_twins(c, row, row + 1);
        long step = step_of(p, row);
        if (p->level[row] < MOST_LEVELS && step > 0) {
            runs[p->level[row]].pairs++;
            runs[p->level[row]].steps += step == 1;
        }
    }
    for (pagu_row row = 1; row < p->n_rows && c->code == PAGU_OK; row++) {
        if (!has_next(p, row) || p->level[row] >= MOST_LEVELS || step_of(p, row) <= 1)
            continue;
        const run *r = &runs[p->level[row]];
        if (r->pairs >= FEWEST_PAIRS && (uint64_t)r->steps * 10 >= (uint64_t)r->pairs * 9)
            say_number_skipped(c, row);
    }
}

void check_printed_codes(checker *c)
{
    for (uint32_t i = 0; i < c->n_claims && c->code == PAGU_OK; i++)
        if (c->claims[i].kind == CLAIM_CODE && c->claims[i].owner_kind == OWNER_NODE)
            check_code(c, &c->claims[i]);
    if (!check_stop(c))
        check_order_of_codes(c);
}
