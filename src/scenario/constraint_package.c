/* constraint_package.c - the rules of a package (rules.csv) as constraints of every branch.
 *
 * A place is a key, "tree:class" (the lines of a class), several of them with blanks between, or
 * nothing for the whole plan. kind hold, floor, ceiling: amount is money. kind share: amount is
 * percent, and expr says of what and which way: ">= PLACE" (the default, of the whole plan) or
 * "<= PLACE"; or expr has it all, as in "<= 22.5% of 1.01 1.02". period "*" stands for every year; from and to are the
 * years in force.
 *
 * The sets of a plan are made on first need, a stage at a time, and kept with it: a branch stays O(1).
 *
 * SPDX-License-Identifier: MIT */
#include "scenario/constraint_package.h"

#include <stdlib.h>

enum {
    RULE_ID,
    RULE_KIND,
    RULE_WHERE,
    RULE_FIELD,
    RULE_STAGE,
    RULE_PERIOD,
    RULE_AMOUNT,
    RULE_EXPR,
    RULE_SEVERITY,
    RULE_REASON,
    RULE_BASIS,
    RULE_FROM,
    RULE_TO,
    RULE_COLUMNS
};
static const char *const column_names[RULE_COLUMNS] = { "rule",   "kind",   "where", "field",    "stage",
                                                        "period", "amount", "expr",  "severity", "reason",
                                                        "basis",  "from",   "to" };

typedef struct reading {
    const pagu_view *v; /* of the stage */
    const plan_document *doc;
    uint32_t at[RULE_COLUMNS], row;
    const char *bad; /* what is not understood, or NULL */
    pagu_selection *rows, *of;
    pagu_error *err;
} reading;

static const plan_document *find_rules(const pagu_plan *p, uint32_t at[RULE_COLUMNS])
{
    const plan_document *doc = NULL;
    for (uint32_t i = 0; i < p->n_documents && !doc; i++)
        if (str_eq(plan_str(p, p->documents[i].name), "rules"))
            doc = &p->documents[i];
    for (uint32_t i = 0; doc && i < RULE_COLUMNS; i++) {
        at[i] = UINT32_MAX;
        for (uint32_t c = 0; c < doc->n_columns; c++)
            if (str_eq(plan_str(p, doc->columns[c]), column_names[i]))
                at[i] = c;
    }
    return doc;
}

static const char *text_of(const reading *r, int column)
{
    if (r->at[column] == UINT32_MAX)
        return "";
    return plan_str(r->v->plan, r->doc->cells[(size_t)r->row * r->doc->n_columns + r->at[column]]);
}

/* ---- places ---- */

static bool find_class(const pagu_plan *p, const char *text, size_t len, uint32_t *tree, uint32_t *cls)
{
    const char *colon = memchr(text, ':', len);
    for (uint32_t t = 0; colon && t < p->n_trees; t++) {
        const char *id = plan_str(p, p->trees[t].id);
        if (strlen(id) != (size_t)(colon - text) || memcmp(id, text, strlen(id)) != 0)
            continue;
        for (uint32_t c = 0; c < p->trees[t].n_classes; c++) {
            const char *name = plan_str(p, p->trees[t].classes[c].id);
            if (strlen(name) == len - (size_t)(colon + 1 - text) && memcmp(name, colon + 1, strlen(name)) == 0) {
                *tree = t;
                *cls = c;
                return true;
            }
        }
    }
    return false;
}

/* The rows of one place; false: there is no such place. *code: want of memory. */
static bool one_place(const reading *r, const char *text, size_t len, pagu_selection **out, pagu_code *code)
{
    const pagu_view *v = r->v;
    pagu_row row = 0;
    uint32_t tree, cls;
    if (len == 0 || plan_lookup(v->plan, text, len, &row, 1) == 1) {
        *code = row_is_member(v, row) ? pagu_select_rows(v, &row, 1, out, r->err) : PAGU_OK;
        return row_is_member(v, row);
    }
    if (!find_class(v->plan, text, len, &tree, &cls))
        return false;
    pagu_selection *all = NULL, *lines = NULL;
    *code = pagu_select_tag(v, tree, cls, &all, r->err);
    if (*code == PAGU_OK)
        *code = pagu_select_lines(v, all, &lines, r->err);
    if (*code == PAGU_OK) /* a line below may be of another class */
        *code = pagu_selection_intersect(all, lines, out, r->err);
    pagu_selection_free(all);
    pagu_selection_free(lines);
    return true;
}

static bool find_place(reading *r, const char *text, pagu_selection **out, pagu_code *code)
{
    if (one_place(r, text, strlen(text), out, code))
        return true;
    while (*code == PAGU_OK && *text) {
        size_t len = strcspn(text, " ");
        pagu_selection *one = NULL, *both = NULL;
        if (len && !one_place(r, text, len, &one, code))
            return false;
        if (*code == PAGU_OK && one && *out) {
            *code = pagu_selection_union(*out, one, &both, r->err);
            pagu_selection_free(*out);
            pagu_selection_free(one);
            *out = both;
        } else if (one) {
            *out = one;
        }
        text += len + strspn(text + len, " ");
    }
    return *out != NULL;
}

/* ---- a row ---- */

static bool listed(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (; *list; list += strcspn(list, " "), list += strspn(list, " "))
        if (strcspn(list, " ") == len && memcmp(list, word, len) == 0)
            return true;
    return false;
}

static bool read_year(const char *text, int *out)
{
    *out = 0;
    if (!*text)
        return true;
    for (int i = 0; i < 4; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return text[4] == '\0' || text[4] == '-'; /* 2024 or 2024-01-01 */
}

static const char *read_kind(const reading *r, pagu_constraint_def *def)
{
    static const char *const kinds[] = { "hold", "floor", "ceiling", "share" };
    static const pagu_constraint_kind as[] = { PAGU_HOLD_LINES, PAGU_FLOOR, PAGU_CEILING, PAGU_BOUNDS };
    for (int i = 0; i < 4; i++)
        if (str_eq(text_of(r, RULE_KIND), kinds[i])) {
            def->kind = as[i];
            return NULL;
        }
    return text_of(r, RULE_KIND);
}

static const char *read_when(const reading *r, pagu_constraint_def *def)
{
    const pagu_plan *p = r->v->plan;
    const char *field = text_of(r, RULE_FIELD), *period = text_of(r, RULE_PERIOD);
    bool hold = def->kind == PAGU_HOLD_LINES;
    def->field = def->period = PAGU_NONE;
    if ((*field || !hold) && (pagu_plan_find_field(p, *field ? field : "budget", &def->field, NULL) != PAGU_OK ||
                              def->field >= p->n_fields || p->fields[def->field].kind != PAGU_FIELD_MONEY))
        return field;
    if (!read_year(text_of(r, RULE_FROM), &def->first_year))
        return text_of(r, RULE_FROM);
    if (!read_year(text_of(r, RULE_TO), &def->last_year))
        return text_of(r, RULE_TO);
    if (str_eq(period, "*") || (hold && !*period)) {
        if (!hold && !def->first_year && !def->last_year)
            def->first_year = p->first_year;
        return NULL;
    }
    pagu_code code = *period ? pagu_plan_find_period(p, period, &def->period, NULL)
                             : pagu_plan_find_year(p, p->year, &def->period, NULL);
    return code == PAGU_OK ? NULL : period;
}

static const char *read_amount(reading *r, pagu_constraint_def *def, pagu_code *code)
{
    const char *amount = text_of(r, RULE_AMOUNT), *expr = text_of(r, RULE_EXPR);
    if (def->kind == PAGU_HOLD_LINES)
        return NULL;
    if (def->kind != PAGU_BOUNDS)
        return pagu_money_parse(r->v->plan->ctx, amount, PAGU_LOCALE_EN, r->v->plan->decimals, &def->amount, NULL) ==
                       PAGU_OK
                   ? NULL
                   : amount;
    bool most = strncmp(expr, "<=", 2) == 0, least = strncmp(expr, ">=", 2) == 0;
    const char *place = expr + (most || least ? 2 : 0);
    place += strspn(place, " ");
    size_t digits = strspn(place, "0123456789.");
    bool written = digits && place[digits] == '%';
    const char *number = written ? place : amount;
    pagu_decimal share;
    if (pagu_decimal_parse(number, written ? digits : strlen(number), &share) != PAGU_OK || share.scale > 12)
        return written ? expr : amount;
    place += written ? digits + 1 : 0;
    place += strspn(place, " ");
    place += written && strncmp(place, "of ", 3) == 0 ? 3 : 0;
    *(most ? &def->max_share : &def->min_share) = share;
    *(most ? &def->has_max_share : &def->has_min_share) = true;
    def->of_field = def->of_period = PAGU_NONE;
    if (!find_place(r, place, &r->of, code))
        return *code == PAGU_OK ? expr : NULL;
    def->of = r->of;
    return NULL;
}

static const char *read_rule(reading *r, pagu_constraint_def *def, pagu_code *code)
{
    const char *severity = text_of(r, RULE_SEVERITY), *where = text_of(r, RULE_WHERE), *bad;
    *def = (pagu_constraint_def){ .name = text_of(r, RULE_ID),
                                  .reason = text_of(r, RULE_REASON),
                                  .law = text_of(r, RULE_BASIS) };
    def->warn = str_eq(severity, "warn") || str_eq(severity, "warning") || str_eq(severity, "peringatan");
    if ((bad = read_kind(r, def)) != NULL)
        return bad;
    if (!find_place(r, where, &r->rows, code))
        return *code == PAGU_OK ? where : NULL;
    def->at = r->rows;
    if ((bad = read_when(r, def)) != NULL)
        return bad;
    return *code == PAGU_OK ? read_amount(r, def, code) : NULL;
}

static pagu_code read_row(reading *r, constraint_set *set, package_rule_fn *unreadable, void *ud)
{
    const pagu_plan *p = r->v->plan;
    const char *stages = text_of(r, RULE_STAGE);
    if (*stages && !listed(stages, plan_str(p, p->stages[r->v->stage].id)))
        return PAGU_OK;
    pagu_constraint_def def;
    pagu_code code = PAGU_OK;
    r->rows = r->of = NULL;
    const char *bad = read_rule(r, &def, &code);
    bool empty = code == PAGU_OK && !bad && pagu_selection_count(r->rows) == 0;
    if (code == PAGU_OK && !bad && !empty) {
        constraint *c;
        code = constraint_make(r->v, &def, set->n + 1, &c, r->err);
        if (code == PAGU_OK) {
            c->of_package = true;
            c->record = r->row + 2;
            c->place = text_of(r, RULE_WHERE);
            set->items[set->n++] = c;
        } else if (code != PAGU_NO_MEMORY) { /* places that overlap, years the wrong way round */
            bad = text_of(r, RULE_WHERE);
            code = PAGU_OK;
        }
    }
    if (bad && unreadable)
        unreadable(ud, text_of(r, RULE_ID), bad, r->row + 2);
    pagu_selection_free(r->rows);
    pagu_selection_free(r->of);
    return code;
}

pagu_code constraint_package_read(const pagu_view *v, package_rule_fn *unreadable, void *ud, constraint_set **out,
                                  pagu_error *err)
{
    pagu_ctx *ctx = v->plan->ctx;
    pagu_view stage = { .plan = v->plan, .stage = v->stage };
    reading r = { .v = &stage, .err = err };
    *out = NULL;
    r.doc = find_rules(v->plan, r.at);
    if (!r.doc || r.doc->n_rows == 0)
        return PAGU_OK;
    constraint_set *set = constraint_set_new(ctx, r.doc->n_rows);
    pagu_code code = set ? PAGU_OK : err_memory(ctx, err);
    for (; code == PAGU_OK && r.row < r.doc->n_rows; r.row++)
        code = read_row(&r, set, unreadable, ud);
    if (code != PAGU_OK || set->n == 0) {
        constraint_set_drop(ctx, set, r.doc->n_rows);
        return code;
    }
    *out = constraint_set_fit(ctx, set, r.doc->n_rows);
    if (*out)
        return PAGU_OK;
    constraint_set_drop(ctx, set, r.doc->n_rows);
    return err_memory(ctx, err);
}

/* ---- kept with the plan ---- */

static void release_set(pagu_ctx *ctx, void *set)
{
    constraint_set_release(ctx, set);
}

pagu_code constraint_package_set(const pagu_view *v, constraint_set **out, pagu_error *err)
{
    pagu_plan *p = v->plan;
    uint32_t at[RULE_COLUMNS];
    *out = NULL;
    if (p->n_documents == 0 || !find_rules(p, at))
        return PAGU_OK;
    pthread_mutex_lock(&p->rules_lock);
    pagu_code code = PAGU_OK;
    if (!p->rules) {
        p->rules = mem_zalloc(p->ctx, p->n_stages * sizeof *p->rules);
        code = p->rules ? PAGU_OK : err_memory(p->ctx, err);
        p->release_rules = release_set;
    }
    if (code == PAGU_OK && !p->rules[v->stage].made) {
        constraint_set *set;
        code = constraint_package_read(v, NULL, NULL, &set, err);
        if (code == PAGU_OK)
            p->rules[v->stage] = (struct plan_rules){ set, true };
    }
    if (code == PAGU_OK)
        *out = constraint_set_retain(p->rules[v->stage].set);
    pthread_mutex_unlock(&p->rules_lock);
    return code;
}
