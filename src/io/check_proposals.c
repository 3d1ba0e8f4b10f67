/* check_proposals.c - printed proposals (T-C.32) against proposals.csv.
 * SPDX-License-Identifier: MIT */
#include "io/check.h"
#include "io/keyset.h"

#include <stdio.h>

typedef struct proposing {
    checker *c;
    check_table t; /* proposal, name, location, status, amount */
    keyset rows;   /* id -> row */
} proposing;

enum { PROPOSAL_ID, PROPOSAL_NAME, PROPOSAL_LOCATION, PROPOSAL_STATUS, PROPOSAL_AMOUNT, PROPOSAL_COLUMNS };
static const char *const columns[PROPOSAL_COLUMNS] = { "proposal", "name", "location", "status", "amount" };

static void say(const proposing *p, const claim *k, check_rule rule, difference how, const char *computed)
{
    checker *c = p->c;
    pagu_finding f = finding_at(c, rule, k);
    const char *field = field_word(c, plan_str(c->plan, k->field_id));
    f.computed = computed;
    f.difference = difference_word(how);
    if (rule == CHECK_PRINTED_MARKS)
        check_say(c, &f, "%s of \"%s\" is printed as %s for %s: a difference of marks only", field, f.key, f.printed,
                  computed);
    else
        check_say(c, &f, "%s of \"%s\" is printed as %s where the package holds %s", field, f.key,
                  or_nothing(c, f.printed), or_nothing(c, computed));
}

/* "100,000,00 0" is a number that a narrow column broke. */
static bool read_amount(const checker *c, const claim *k, pagu_money *out, bool *mended)
{
    char copy[64];
    size_t n = 0;
    const char *text = claim_text(c, k);
    *mended = false;
    if (pagu_money_parse(c->ctx, text, claim_locale(c, k), c->plan->decimals, out, NULL) == PAGU_OK)
        return true;
    for (; *text && n + 1 < sizeof copy; text++)
        if (*text != ' ')
            copy[n++] = *text;
    copy[n] = '\0';
    *mended = true;
    return pagu_money_parse(c->ctx, copy, claim_locale(c, k), c->plan->decimals, out, NULL) == PAGU_OK;
}

static void check_amount(const proposing *p, const claim *k, const char *model)
{
    const checker *c = p->c;
    pagu_money printed, held;
    bool mended;
    if (is_blank(claim_text(c, k)) ||
        pagu_money_parse_plain(model, strlen(model), c->plan->unit, c->plan->decimals, &held) != PAGU_OK)
        return;
    check_text computed = cell_as_text(c, (pagu_cell){ held, PAGU_NUMBER }, claim_locale(c, k));
    if (!read_amount(c, k, &printed, &mended))
        say(p, k, CHECK_PRINTED_UNREADABLE, DIFFER_VALUE, computed.s);
    else if (printed != held)
        say(p, k, CHECK_PRINTED_DIFFERS, is_power_of_ten(printed, held) ? DIFFER_POWER : DIFFER_VALUE, computed.s);
    else if (mended)
        say(p, k, CHECK_PRINTED_MARKS, DIFFER_MARKS, computed.s);
}

static void check_cell(const proposing *p, const claim *k)
{
    const checker *c = p->c;
    const char *owner = plan_str(c->plan, k->owner), *field = plan_str(c->plan, k->field_id);
    const char *id = strncmp(owner, "proposal:", 9) == 0 ? owner + 9 : "";
    const keyset_entry *e = keyset_find(&p->rows, &id, 1);
    for (uint32_t i = PROPOSAL_NAME; e && i < PROPOSAL_COLUMNS; i++) {
        const char *model = table_text(c->plan, &p->t, e->value, i);
        if (!str_eq(columns[i], field))
            continue;
        if (i == PROPOSAL_AMOUNT)
            check_amount(p, k, model);
        else if (!same_words(model, claim_text(c, k)))
            say(p, k, CHECK_PRINTED_DIFFERS, DIFFER_TEXT, model);
    }
}

static void read_proposals(proposing *p)
{
    for (uint32_t r = 0; p->t.doc && r < p->t.doc->n_rows; r++) {
        const char *id = table_text(p->c->plan, &p->t, r, PROPOSAL_ID);
        keyset_entry *e;
        bool added;
        if (!keyset_add(&p->rows, &id, 1, r, &e, &added)) {
            check_fail(p->c, PAGU_NO_MEMORY);
            return;
        }
    }
}

void check_proposals(checker *c)
{
    proposing p = { .c = c, .t = find_table(c->plan, "proposals", columns, COUNT_OF(columns)) };
    keyset_init(&p.rows, c->ctx);
    read_proposals(&p);
    for (uint32_t i = 0; i < c->n_claims && !check_stop(c); i++)
        if (c->claims[i].owner_kind == OWNER_OTHER && c->claims[i].kind != CLAIM_NOTHING)
            check_cell(&p, &c->claims[i]);
    keyset_free(&p.rows);
}
