/* import_value.c - amounts and measures as tables print them.
 * SPDX-License-Identifier: MIT */
#include "base/spelling.h"
#include "io/import_parts.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- which separator is the point ---- */

/* Signs that leave one reading only: two groups, or a lone sign without three digits behind it. */
void evidence_add(locale_evidence *e, const char *text)
{
    uint32_t dots = 0, commas = 0;
    const char *dot = NULL, *comma = NULL, *end = text;
    while (*text && !is_digit(*text))
        text++;
    for (end = text; is_digit(*end) || ((*end == '.' || *end == ',') && is_digit(end[1])); end++) {
        dots += *end == '.';
        commas += *end == ',';
        dot = *end == '.' ? end : dot;
        comma = *end == ',' ? end : comma;
    }
    if (dots + commas == 0)
        return;
    if (dots && commas)
        *(dot > comma ? &e->en : &e->id) += 1;
    else if (dots + commas > 1)
        *(dots ? &e->id : &e->en) += 1;
    else if (end - (dots ? dot : comma) != 4) /* decimals */
        *(dots ? &e->en : &e->id) += 1;
}

pagu_locale evidence_locale(const locale_evidence *e)
{
    return e->id && !e->en ? PAGU_LOCALE_ID : e->en && !e->id ? PAGU_LOCALE_EN : PAGU_LOCALE_PLAIN;
}

/* ---- money ---- */

static bool is_nothing(const char *text)
{
    char words[32];
    const char *p = text + strspn(text, " ");
    if ((*p | 32) == 'r' && (p[1] | 32) == 'p')
        p += 2 + strspn(p + 2, ". ");
    size_t n = strspn(p, "-");
    if (n > 0 && p[n + strspn(p + n, " ")] == '\0')
        return true;
    if (str_eq(p, "\xE2\x80\x93") || str_eq(p, "\xE2\x80\x94"))
        return true;
    normal_words(text, words, sizeof words);
    return str_eq(words, " nihil ") || str_eq(words, " nil ");
}

/* A plain decimal to whole units, half away from zero; digits alone decide, so any length will do. */
static pagu_code round_plain(const char *text, int64_t unit, int decimals, pagu_money *out)
{
    char shifted[900], whole[900];
    int shift = decimals;
    for (; unit >= 10; unit /= 10)
        shift++;
    if (plain_decimal(shifted, sizeof shifted, text, strlen(text), shift) < 0)
        return PAGU_BAD_NUMBER;
    size_t n = strcspn(shifted, ".");
    bool up = shifted[n] == '.' && shifted[n + 1] >= '5', negative = *shifted == '-';
    snprintf(whole, sizeof whole, "%.*s", (int)n, shifted);
    pagu_code code = pagu_money_parse_plain(whole, n, 1, 0, out);
    return code == PAGU_OK && up ? pagu_money_add(*out, negative ? -1 : 1, out) : code;
}

/* A spelling with a fraction, through more decimals than the money has. */
static pagu_code round_spelling(pagu_ctx *ctx, const char *text, pagu_locale locale, int decimals, pagu_money *out)
{
    pagu_code code = PAGU_FRACTION;
    for (int more = 2; more <= 6 && code == PAGU_FRACTION; more += 2) {
        pagu_money fine;
        int64_t scale = more == 2 ? 100 : more == 4 ? 10000 : 1000000;
        code = pagu_money_parse(ctx, text, locale, decimals + more, &fine, NULL);
        if (code == PAGU_OK)
            code = pagu_muldiv(fine, 1, scale, out);
    }
    return code;
}

static pagu_code plain_money(import_sheet *s, const import_column *c, const char *text, read_money *out,
                             pagu_error *err)
{
    draft *d = &s->im->d;
    char plain[900];
    if (plain_decimal(plain, sizeof plain, text, strlen(text), 0) < 0)
        return err_set(d->ctx, err, PAGU_BAD_NUMBER, "\"%s\" is not an amount", text);
    pagu_code code = pagu_money_parse_plain(plain, strlen(plain), c->words.factor, d->decimals, &out->cell.value);
    if ((code == PAGU_FRACTION || code == PAGU_BAD_NUMBER) && s->o->round) {
        code = round_plain(plain, c->words.factor, d->decimals, &out->cell.value);
        out->rounded = true;
    }
    if (code == PAGU_FRACTION || code == PAGU_BAD_NUMBER)
        return err_set(d->ctx, err, PAGU_FRACTION, "\"%s\" is not a whole amount; --round rounds it", text);
    return code == PAGU_OK ? code : err_set(d->ctx, err, code, "\"%s\" is too large for an amount", text);
}

/* Amounts in thousands have three digits more behind the point. */
static int digits_of(int64_t factor)
{
    int n = 0;
    for (; factor >= 10; factor /= 10)
        n++;
    return n;
}

static pagu_code spelled_money(import_sheet *s, const import_column *c, const char *text, const char *twin,
                               read_money *out, pagu_error *err)
{
    draft *d = &s->im->d;
    int decimals = d->decimals + digits_of(c->words.factor);
    pagu_code code = pagu_money_parse(d->ctx, text, c->locale, decimals, &out->cell.value, err);
    if (code == PAGU_AMBIGUOUS_NUMBER && twin && *twin)
        return plain_money(s, c, twin, out, err);
    if (code == PAGU_FRACTION && s->o->round) {
        code = round_spelling(d->ctx, text, c->locale, decimals, &out->cell.value);
        out->rounded = true;
    }
    return code;
}

pagu_code value_money(import_sheet *s, const import_column *c, const grid_cell *cell, const char *twin, read_money *out,
                      pagu_error *err)
{
    pagu_ctx *ctx = s->im->ctx;
    *out = (read_money){ .cell = { 0, PAGU_MISSING } };
    if (!cell)
        return PAGU_OK;
    if (cell->kind == GRID_ERROR)
        return err_set(ctx, err, PAGU_BAD_NUMBER, "the cell shows the error %s", cell->text);
    if (cell->kind == GRID_DATE || cell->kind == GRID_BOOLEAN || cell->kind == GRID_PERCENT)
        return err_set(ctx, err, PAGU_BAD_NUMBER, "\"%s\" is not an amount", cell->text);
    if (cell->kind == GRID_TEXT && is_nothing(cell->text)) {
        out->cell.state = PAGU_DASH;
        return PAGU_OK;
    }
    out->cell.state = PAGU_NUMBER;
    return cell->kind == GRID_NUMBER ? plain_money(s, c, cell->text, out, err)
                                     : spelled_money(s, c, cell->text, twin, out, err);
}

/* ---- units ---- */

enum { LONGEST_UNIT = 80 }; /* bytes; what is longer is a sentence */

/* "Orang / Bulan" -> "orang/bulan" */
static void unit_key(const char *text, size_t len, char *out, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < len && n + 1 < size; i++) {
        char c = text[i];
        bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (blank && (n == 0 || out[n - 1] == ' ' || out[n - 1] == '/'))
            continue;
        if (c == '/' && n > 0 && out[n - 1] == ' ')
            n--;
        out[n++] = blank ? ' ' : c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    while (n > 0 && (out[n - 1] == ' ' || out[n - 1] == '.'))
        n--;
    out[n] = '\0';
}

static void add_alias(draft *d, const char *text, size_t len, uint32_t row)
{
    char key[128];
    const char *parts[] = { "unit", key };
    keyset_entry *entry;
    bool added;
    unit_key(text, len, key, sizeof key);
    if (*key && !keyset_add(&d->aliases, parts, 2, row, &entry, &added))
        d->code = PAGU_NO_MEMORY;
}

/* Names and synonyms of the units that came since the last time. */
static void index_units(draft *d)
{
    const draft_table *t = &d->tables[RES_UNITS];
    for (uint32_t *i = &d->n_aliased[RES_UNITS]; *i < t->n_rows && d->code == PAGU_OK; (*i)++) {
        const draft_row *row = &t->rows[*i];
        add_alias(d, draft_cell(row, UNITS_NAME), strlen(draft_cell(row, UNITS_NAME)), *i);
        for (const char *p = draft_cell(row, UNITS_SYNONYMS); *p;) {
            size_t n = strcspn(p, "|");
            add_alias(d, p, n, *i);
            p += n + (p[n] == '|');
        }
    }
}

static const char *find_unit(draft *d, const char *key)
{
    const char *parts[] = { "unit", key };
    index_units(d);
    const keyset_entry *e = keyset_find(&d->aliases, parts, 2);
    return e ? draft_cell(&d->tables[RES_UNITS].rows[e->value], UNITS_UNIT) : NULL;
}

static bool is_percent(const char *key)
{
    return str_eq(key, "%") || str_eq(key, "persen") || str_eq(key, "prosen") || str_eq(key, "percent");
}

const char *import_unit(draft *d, const char *text, pagu_source src)
{
    char key[128];
    if (strlen(text) > LONGEST_UNIT)
        return "";
    unit_key(text, strlen(text), key, sizeof key);
    bool percent = is_percent(key);
    if (percent)
        snprintf(key, sizeof key, "%%");
    if (!*key)
        return "";
    const char *id = draft_keep_text(d, key), *one[] = { id };
    if (draft_find(d, RES_UNITS, one, 1))
        return id;
    const char *known = find_unit(d, key);
    if (known)
        return known;
    draft_row *row = draft_add(d, RES_UNITS, one, 1, src);
    if (!row)
        return "";
    draft_set(d, row, UNITS_NAME, percent ? "%" : import_text(d, text));
    draft_set(d, row, UNITS_KIND, percent ? "percent" : "count");
    draft_set(d, row, UNITS_SYNONYMS, percent ? "Persen|persen" : "");
    draft_set(d, row, UNITS_OVER_TIME, percent ? "last" : "sum");
    draft_set(d, row, UNITS_OVER_CHILDREN, "none");
    return id;
}

/* ---- measures ---- */

static pagu_code plain_measure(import_sheet *s, const grid_cell *cell, const char *unit, pagu_source src,
                               read_measure *out, pagu_error *err)
{
    pagu_decimal dec;
    char plain[900];
    int n = plain_decimal(plain, sizeof plain, cell->text, strlen(cell->text), 0);
    if (n < 0 || n >= (int)sizeof out->value || pagu_decimal_parse(plain, (size_t)n, &dec) != PAGU_OK) {
        /* more digits than a measure keeps: noise of a double behind the seventeenth */
        span all = span_of(plain);
        body b;
        bool negative = span_take_minus(&all);
        double value = 0;
        if (n >= 0 && span_take_body(&all, PAGU_LOCALE_EN, &b) == BODY_OK) {
            digit_run run = body_digits(&b);
            value = run_to_double(&run, negative);
        }
        if (n < 0 || pagu_decimal_from_double(value, &dec) != PAGU_OK)
            return err_set(s->im->ctx, err, PAGU_BAD_NUMBER, "\"%s\" has more digits than a measure keeps", cell->text);
        json_number_text(value, plain, sizeof plain);
    }
    snprintf(out->value, sizeof out->value, "%.63s", plain);
    out->state = PAGU_NUMBER;
    out->unit = cell->kind == GRID_PERCENT ? import_unit(&s->im->d, "%", src)
                : *unit                    ? import_unit(&s->im->d, unit, src)
                                           : "";
    return PAGU_OK;
}

static pagu_code text_measure(import_sheet *s, const import_column *c, const char *text, const char *unit,
                              pagu_source src, read_measure *out, pagu_error *err)
{
    draft *d = &s->im->d;
    pagu_spelling sp;
    pagu_code code = pagu_measure_parse(d->ctx, text, c->locale, &sp, err);
    if (code != PAGU_OK)
        return code;
    if (sp.unit_len > LONGEST_UNIT)
        sp = (pagu_spelling){ .state = PAGU_TEXT };
    out->state = sp.state;
    if (sp.state == PAGU_NUMBER)
        json_number_text(sp.value, out->value, sizeof out->value);
    if (sp.state == PAGU_TEXT || (sp.state == PAGU_NUMBER && sp.rest))
        out->text = import_text(d, text);
    if (sp.state == PAGU_NUMBER && sp.unit_len) {
        char own[256];
        snprintf(own, sizeof own, "%.*s", (int)(sp.unit_len < 255 ? sp.unit_len : 255), sp.unit);
        out->unit = import_unit(d, own, src);
    } else if (*unit) {
        out->unit = import_unit(d, unit, src);
    }
    return PAGU_OK;
}

pagu_code value_measure(import_sheet *s, const import_column *c, const grid_cell *cell, const char *unit,
                        pagu_source src, read_measure *out, pagu_error *err)
{
    *out = (read_measure){ .state = PAGU_MISSING, .unit = "", .text = "" };
    if (!cell)
        return PAGU_OK;
    if (cell->kind == GRID_ERROR)
        return err_set(s->im->ctx, err, PAGU_BAD_NUMBER, "the cell shows the error %s", cell->text);
    if (cell->kind == GRID_NUMBER || cell->kind == GRID_PERCENT)
        return plain_measure(s, cell, unit, src, out, err);
    if (cell->kind == GRID_TEXT && is_nothing(cell->text)) {
        out->state = PAGU_DASH;
        return PAGU_OK;
    }
    if (cell->kind != GRID_TEXT) {
        out->state = PAGU_TEXT;
        out->text = import_text(&s->im->d, cell->text);
        return PAGU_OK;
    }
    return text_measure(s, c, cell->text, unit, src, out, err);
}
