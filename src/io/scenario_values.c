/* scenario_values.c - values of a saved entry, proposed again by key.
 *
 * They are proposed even where the old one differs, so that one conflict is not followed by
 * others: with a conflict nothing is kept anyway.
 *
 * SPDX-License-Identifier: MIT */
#include "io/scenario_reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

bool read_cell(const cJSON *item, pagu_cell *out)
{
    *out = (pagu_cell){ 0, PAGU_MISSING };
    if (cJSON_IsNull(item))
        return true;
    if (!cJSON_IsString(item))
        return false;
    out->state = str_eq(item->valuestring, "-") ? PAGU_DASH : PAGU_NUMBER;
    return out->state == PAGU_DASH ||
           pagu_money_parse_plain(item->valuestring, strlen(item->valuestring), 1, 0, &out->value) == PAGU_OK;
}

/* A plain number, whatever the process's locale writes for a point: it is moved into the exponent before strtod
 * sees the text. */
static bool read_digits(const char *s, double *out)
{
    char plain[800];
    size_t n = 0, sign = *s == '-';
    size_t whole = strspn(s + sign, "0123456789");
    const char *rest = s + sign + whole;
    size_t after = *rest == '.' ? strspn(rest + 1, "0123456789") : 0;
    const char *power = *rest == '.' ? rest + 1 + after : rest;
    size_t power_sign = *power == 'e' && (power[1] == '-' || power[1] == '+');
    size_t power_digits = *power == 'e' ? strspn(power + 1 + power_sign, "0123456789") : 0;
    const char *stop = power_digits ? power + 1 + power_sign + power_digits : power;
    if (!whole || *stop || (*rest == '.' && !after) || whole + after > 700 || power_digits > 4)
        return false;
    n = sign + whole;
    memcpy(plain, s, n);
    memcpy(plain + n, rest + (*rest == '.'), after);
    long exponent = power_digits ? strtol(power + 1, NULL, 10) : 0;
    snprintf(plain + n + after, sizeof plain - n - after, "e%ld", exponent - (long)after);
    *out = strtod(plain, NULL);
    return isfinite(*out);
}

/* A number, a dash, or a number that JSON can't hold. */
static bool read_measured(const cJSON *item, pagu_measure *out)
{
    out->state = PAGU_NUMBER;
    if (cJSON_IsNumber(item)) {
        out->value = item->valuedouble;
        return true;
    }
    if (!cJSON_IsString(item))
        return false;
    if (str_eq(item->valuestring, "-")) {
        out->state = PAGU_DASH;
        return true;
    }
    return read_digits(item->valuestring, &out->value);
}

static bool read_value(const cJSON *item, pagu_measure *out)
{
    *out = (pagu_measure){ .state = PAGU_MISSING, .unit = "" };
    if (cJSON_IsNull(item))
        return true;
    if (!cJSON_IsObject(item))
        return false;
    const cJSON *value = json_get(item, "value");
    out->unit = text_or_empty(item, "unit");
    out->text = text_of(item, "text");
    out->state = PAGU_TEXT;
    return value ? read_measured(value, out) : out->text != NULL;
}

static pagu_code find_where(scenario_reader *r, const cJSON *o, pagu_field *field, pagu_period *period, pagu_error *err)
{
    r->part = text_or_empty(o, "field");
    pagu_code code = pagu_plan_find_field(r->plan, r->part, field, err);
    const char *id = here_period(r, text_or_empty(o, "period"));
    return code == PAGU_OK ? pagu_plan_find_period(r->plan, id, period, err) : code;
}

static const char *cell_str(const pagu_ctx *ctx, pagu_cell c, money_text *buf)
{
    if (c.state == PAGU_NUMBER)
        *buf = money_str(ctx, c.value);
    return c.state == PAGU_NUMBER ? buf->s : c.state == PAGU_DASH ? "-" : tr(ctx, "nothing");
}

static pagu_code compare_cell(scenario_reader *r, const char *key, pagu_cell here, pagu_cell was)
{
    pagu_error err;
    money_text a, b;
    if (here.state == was.state && here.value == was.value)
        return PAGU_OK;
    pagu_code code =
        err_at(r->ctx, &err, PAGU_CONFLICT, key, NULL, "%s is %s here, but was %s when the scenario was saved", key,
               cell_str(r->ctx, here, &a), cell_str(r->ctx, was, &b));
    return report_conflict(r, r->line, key, code, &err);
}

/* The line of a key. An own line that a sum took when it had lost its lines comes about by its money. */
static pagu_code find_line(scenario_reader *r, const char *key, pagu_row *row, pagu_error *err)
{
    const pagu_view *v = &r->s->view;
    char above[KEY_MAX_LEN + 1];
    size_t len = strlen(key);
    pagu_row sum;
    pagu_code code = pagu_view_find(v, key, row, err);
    if (code == PAGU_OK || len < 2 || len > KEY_MAX_LEN || key[len - 1] != '#')
        return code;
    memcpy(above, key, len - 1);
    above[len - 1] = '\0';
    if (pagu_view_find(v, above, &sum, NULL) != PAGU_OK || row_is_leaf(v, sum))
        return code;
    return pagu_add_own_line(r->s, sum, &r->note, row, err);
}

static bool same_cell(pagu_cell a, pagu_cell b)
{
    return a.state == b.state && a.value == b.value;
}

static const char *both_changed(const scenario_reader *r)
{
    return r->mode == READ_MERGE ? tr(r->ctx, "both sides changed it") : tr(r->ctx, "it is not what it was");
}

/* Whether a value is to be set: not where it is that already, nor where the conflict is settled otherwise. */
static pagu_code settle_money(scenario_reader *r, conflict *c, bool *wanted)
{
    *wanted = !same_cell(c->ours, c->theirs);
    if (!*wanted || same_cell(c->ours, c->base))
        return PAGU_OK;
    c->outcome = settle(r);
    c->why = both_changed(r);
    *wanted = conflict_overrides(r, c->outcome);
    return conflict_add(r, c);
}

pagu_code read_money(scenario_reader *r, const cJSON *o, const char *key)
{
    const pagu_view *v = &r->s->view;
    pagu_cell was, now;
    pagu_field field;
    pagu_period period;
    pagu_row row;
    pagu_error err = { 0 };
    if (!read_cell(json_get(o, "old"), &was) || !read_cell(json_get(o, "new"), &now))
        return report_malformed(r, key);
    pagu_code code = find_where(r, o, &field, &period, &err);
    if (code == PAGU_OK)
        code = find_line(r, key, &row, &err);
    if (code == PAGU_OK)
        code = check_line(v, row, &err);
    if (code != PAGU_OK)
        return report_conflict(r, r->line, key, code, &err);
    pagu_column column = pagu_view_column(v, field, period);
    pagu_cell here = pagu_view_money(v, row, column);
    bool wanted = true;
    if (r->mode != READ_LOAD)
        code = settle_money(r,
                            &(conflict){ .key = key,
                                         .field = r->part,
                                         .period = pagu_plan_period_id(r->plan, period),
                                         .cells = true,
                                         .base = was,
                                         .ours = here,
                                         .theirs = now },
                            &wanted);
    if (code != PAGU_OK || !wanted)
        return code;
    code = pagu_proposal_money(r->changes, row, column, now, &err);
    if (code != PAGU_OK)
        return report_conflict(r, r->line, key, code, &err);
    return r->mode == READ_LOAD ? compare_cell(r, key, here, was) : PAGU_OK;
}

static bool same_measure(const pagu_view *v, pagu_indicator ind, const pagu_measure *here, const pagu_measure *was)
{
    if (here->state == PAGU_MISSING || was->state == PAGU_MISSING)
        return here->state == was->state;
    const char *unit = here->unit ? here->unit : "";
    bool same_unit = str_eq(unit, was->unit) || (is_own_unit(v, ind, unit) && is_own_unit(v, ind, was->unit));
    return here->state == was->state && here->value == was->value && same_unit &&
           str_eq(here->text ? here->text : "", was->text ? was->text : "");
}

/* A target of a row that was removed here would be set unseen. */
static pagu_code check_owner(const pagu_view *v, pagu_indicator ind, pagu_error *err)
{
    pagu_indicator_info info = pagu_view_indicator(v, ind);
    if (info.row == PAGU_NO_ROW || row_is_member(v, info.row))
        return PAGU_OK;
    return err_at(v->plan->ctx, err, PAGU_NOT_MEMBER, info.id, NULL, "%s is not in \"%s\"", pagu_view_key(v, info.row),
                  pagu_view_name(v));
}

static pagu_code settle_measure(scenario_reader *r, pagu_indicator ind, conflict *c, bool *wanted)
{
    const pagu_view *v = &r->s->view;
    *wanted = !same_measure(v, ind, &c->ours_m, &c->theirs_m);
    if (!*wanted || same_measure(v, ind, &c->ours_m, &c->base_m))
        return PAGU_OK;
    c->outcome = settle(r);
    c->why = both_changed(r);
    *wanted = conflict_overrides(r, c->outcome);
    return conflict_add(r, c);
}

pagu_code read_measure(scenario_reader *r, const cJSON *o, const char *id)
{
    const pagu_view *v = &r->s->view;
    pagu_measure was, now;
    pagu_field field;
    pagu_period period;
    pagu_indicator ind;
    pagu_error err = { 0 };
    if (!read_value(json_get(o, "old"), &was) || !read_value(json_get(o, "new"), &now))
        return report_malformed(r, id);
    pagu_code code = find_where(r, o, &field, &period, &err);
    if (code == PAGU_OK && pagu_plan_field_kind(r->plan, field) != PAGU_FIELD_MEASURE)
        return report_malformed(r, text_or_empty(o, "field"));
    if (code == PAGU_OK)
        code = pagu_view_find_indicator(v, id, &ind, &err);
    if (code == PAGU_OK && r->mode != READ_LOAD)
        code = check_owner(v, ind, &err);
    if (code != PAGU_OK)
        return report_conflict(r, r->line, id, code, &err);
    pagu_measure here = pagu_view_measure(v, ind, field, period);
    bool wanted = true;
    if (r->mode != READ_LOAD)
        code = settle_measure(r, ind,
                              &(conflict){ .key = id,
                                           .field = r->part,
                                           .period = pagu_plan_period_id(r->plan, period),
                                           .measures = true,
                                           .base_m = was,
                                           .ours_m = here,
                                           .theirs_m = now },
                              &wanted);
    if (code != PAGU_OK || !wanted)
        return code;
    code = pagu_proposal_measure(r->changes, ind, field, period, &now, &err);
    if (code != PAGU_OK)
        return report_conflict(r, r->line, id, code, &err);
    return r->mode != READ_LOAD || same_measure(v, ind, &here, &was) ? PAGU_OK : report_changed(r, r->line, id);
}

/* Refused changes are dropped; the entries after it may then meet other values. */
pagu_code values_commit(scenario_reader *r)
{
    pagu_error err = { 0 };
    pagu_code code = pagu_proposal_commit(r->changes, &r->note, &err);
    if (code == PAGU_OK || code == PAGU_NO_MEMORY)
        return code;
    pagu_proposal_free(r->changes);
    r->changes = NULL;
    r->part = NULL;
    code = report_conflict(r, r->entry_line, err.node, code, &err);
    return code == PAGU_OK ? pagu_proposal_new(r->s, &r->changes, NULL) : code;
}
