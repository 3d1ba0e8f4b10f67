/* check_values.c - printed values read, values put into words, differences classed.
 * SPDX-License-Identifier: MIT */
#include "io/check.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>

/* ---- classes of difference ---- */

const char *difference_word(difference d)
{
    static const char *const words[] = {
        "", "marks", "rounding", "truncation", "power-of-ten", "unit", "text", "value"
    };
    return words[d];
}

bool same_number(double a, double b)
{
    return a == b || fabs(a - b) <= 1e-12 * fmax(fabs(a), fabs(b));
}

/* To so many decimals, half away from zero; a quotient that is a hair below a half counts as one. */
static double round_to(double x, int places)
{
    double scaled = fabs(x) * pow(10, places);
    return copysign(floor(scaled + 0.5 + 1e-9 * fmax(1, scaled)) / pow(10, places), x);
}

static double cut_to(double x, int places)
{
    double scaled = fabs(x) * pow(10, places);
    return copysign(floor(scaled + 1e-9 * fmax(1, scaled)) / pow(10, places), x);
}

difference compare_numbers(double printed, int places, double computed, int *power)
{
    double last = pow(10, -places);
    *power = 0;
    if (same_number(printed, computed) || same_number(printed, round_to(computed, places)))
        return DIFFER_NOT;
    if (places > 0 && same_number(printed, cut_to(computed, places)))
        return DIFFER_TRUNCATION;
    if (places > 0 && fabs(printed - computed) <= last * (1 + 1e-9))
        return DIFFER_ROUNDING;
    for (int e = -6; e <= 6 && printed != 0; e++) {
        double shifted = computed * pow(10, e);
        if (e != 0 &&
            (same_number(printed, round_to(shifted, places)) || same_number(printed, cut_to(shifted, places)))) {
            *power = e;
            return DIFFER_POWER;
        }
    }
    return DIFFER_VALUE;
}

int printed_places(const char *text, pagu_locale locale)
{
    char sign = locale == PAGU_LOCALE_ID ? ',' : '.';
    text += strcspn(text, "0123456789");
    while (isdigit((unsigned char)*text) || ((*text == '.' || *text == ',') && *text != sign))
        text++;
    return *text == sign ? (int)strspn(text + 1, "0123456789") : 0;
}

/* "…; they differ by a factor of 10, 100, …" tells a slip of the hand from a wrong sum. */
bool is_power_of_ten(pagu_money a, pagu_money b)
{
    uint64_t x = money_abs(a), y = money_abs(b);
    if (x < y) {
        uint64_t swap = x;
        x = y;
        y = swap;
    }
    if (y == 0 || x == y || x % y != 0 || (a < 0) != (b < 0))
        return false;
    uint64_t factor = x / y;
    while (factor > 1 && factor % 10 == 0)
        factor /= 10;
    return factor == 1;
}

bool same_text(const char *a, const char *b)
{
    while (*a || *b) {
        a += strspn(a, " ");
        b += strspn(b, " ");
        if (*a != *b)
            return false;
        a += *a != '\0';
        b += *b != '\0';
    }
    return true;
}

static unsigned char next_letter(const char **s)
{
    while (**s && (unsigned char)**s < 0x80 && !isalnum((unsigned char)**s))
        ++*s;
    unsigned char c = (unsigned char)**s;
    *s += c != 0;
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

bool same_words(const char *a, const char *b)
{
    unsigned char x, y;
    do {
        x = next_letter(&a);
        y = next_letter(&b);
    } while (x && x == y);
    return x == y;
}

bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* ---- values of the model ---- */

pagu_cell plan_money(const pagu_plan *p, pagu_row row, pagu_column column)
{
    return stored_cell(&p->columns[column], row);
}

pagu_cell stage_money(const checker *c, pagu_stage stage, pagu_row row, pagu_field field, pagu_period period)
{
    const pagu_plan *p = c->plan;
    if (stage == pagu_view_stage(c->view))
        return pagu_view_money(c->view, row, pagu_view_column(c->view, field, period));
    pagu_cell cell = plan_money(p, row, column_index(p, stage, field, period));
    return cell.state == PAGU_MISSING ? plan_money(p, row, column_index(p, p->common_stage, field, period)) : cell;
}

pagu_measure stage_measure(const checker *c, pagu_stage stage, pagu_indicator ind, pagu_field field, pagu_period period)
{
    if (stage == pagu_view_stage(c->view))
        return pagu_view_measure(c->view, ind, field, period);
    return pagu_view_stage_measure(c->view, stage, ind, field, period);
}

pagu_period year_period(const checker *c, const char *before, int year, const char *after)
{
    char id[24];
    pagu_period period;
    snprintf(id, sizeof id, "%.4s%d%.4s", before, year, after);
    return pagu_plan_find_period(c->plan, id, &period, NULL) == PAGU_OK ? period : PAGU_NONE;
}

/* A node whose only child is its own line holds its money itself. */
bool is_sum(const pagu_plan *p, pagu_row row)
{
    uint32_t first = p->child_first[row], end = p->child_first[row + 1];
    return end > first + 1 || (end == first + 1 && !(p->flags[first] & ROW_OWN_LINE));
}

pagu_locale plan_locale(const pagu_plan *p)
{
    const char *name = pagu_plan_meta(p, "locale");
    return name && str_eq(name, "en") ? PAGU_LOCALE_EN : PAGU_LOCALE_ID;
}

/* ---- words ---- */

check_text cell_as_text(const checker *c, pagu_cell cell, pagu_locale locale)
{
    check_text text = { "" };
    if (cell.state == PAGU_NUMBER)
        pagu_money_format(text.s, sizeof text.s, cell.value, locale, c->plan->decimals);
    else if (cell.state == PAGU_DASH)
        snprintf(text.s, sizeof text.s, "-");
    return text;
}

check_text measure_as_text(const pagu_measure *m, pagu_locale locale)
{
    check_text text = { "" };
    char number[400];
    if (m->state == PAGU_DASH) {
        snprintf(text.s, sizeof text.s, "-");
    } else if (m->state == PAGU_TEXT) {
        snprintf(text.s, sizeof text.s, "%.399s", m->text ? m->text : "");
    } else if (m->state == PAGU_NUMBER) {
        pagu_number_format(number, sizeof number, m->value, locale, -1);
        int n = snprintf(text.s, sizeof text.s, "%.300s", number);
        if (m->unit && *m->unit && n > 0 && (size_t)n < sizeof text.s)
            snprintf(text.s + n, sizeof text.s - (size_t)n, "%s%.90s", str_eq(m->unit, "%") ? "" : " ", m->unit);
    }
    return text;
}

check_text number_as_text(double value, int places, bool percent, pagu_locale locale)
{
    check_text text = { "" };
    int n = pagu_number_format(text.s, sizeof text.s - 1, round_to(value, places < 0 ? 2 : places), locale, places);
    if (percent && n > 0 && n < (int)sizeof text.s - 1)
        memcpy(text.s + n, "%", 2);
    return text;
}

const char *or_nothing(const checker *c, const char *text)
{
    return *text ? text : tr(c->ctx, "nothing");
}

const char *field_word(const checker *c, const char *id)
{
    static const struct {
        const char *field, *word;
    } words[] = {
        { "budget", "budget" },
        { "spent", "spending" },
        { "target", "target" },
        { "achieved", "achievement" },
        { "projected", "projection" },
        { "baseline", "baseline" },
        { "standard", "standard" },
        { "rate", "rate" },
        { "cumulative", "cumulative value" },
        { "strategic_rate", "rate against the strategic target" },
        { "absorption", "absorption" },
        { "amount", "amount" },
        { "name", "name" },
        { "code", "code" },
    };
    for (uint32_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(words[i].field, id))
            return tr(c->ctx, words[i].word);
    return id;
}

/* ---- printed values ---- */

static bool is_printed_dash(const checker *c, const char *text)
{
    pagu_spelling s;
    return pagu_measure_parse(c->ctx, text, PAGU_LOCALE_ID, &s, NULL) == PAGU_OK && s.state == PAGU_DASH;
}

pagu_code read_printed_money(const checker *c, const claim *k, pagu_cell *out, pagu_error *err)
{
    const char *text = claim_text(c, k);
    *out = (pagu_cell){ 0, PAGU_MISSING };
    if (is_blank(text))
        return PAGU_OK;
    out->state = PAGU_DASH;
    if (is_printed_dash(c, text))
        return PAGU_OK;
    out->state = PAGU_NUMBER;
    return pagu_money_parse(c->ctx, text, claim_locale(c, k), c->plan->decimals, &out->value, err);
}

/* Without blanks between digits, and without separators that nothing follows ("131,57,%"). */
static bool mend_number(const char *text, char *out, size_t size)
{
    size_t n = 0;
    bool changed = false;
    for (const char *s = text; *s && n + 1 < size; s++) {
        bool digit_before = n > 0 && isdigit((unsigned char)out[n - 1]);
        bool stray_blank = *s == ' ' && digit_before && isdigit((unsigned char)s[1]);
        bool stray_sign = (*s == ',' || *s == '.') && digit_before && !isdigit((unsigned char)s[1]);
        changed |= stray_blank || stray_sign;
        if (!stray_blank && !stray_sign)
            out[n++] = *s;
    }
    out[n] = '\0';
    return changed;
}

/* What is returned points into the claim's text, or, for a mended number, says no unit but "%". */
bool read_printed_measure(const checker *c, const claim *k, pagu_spelling *out, bool *mended)
{
    char copy[128];
    const char *text = claim_text(c, k);
    *mended = false;
    pagu_code code = pagu_measure_parse(c->ctx, text, claim_locale(c, k), out, NULL);
    if (code == PAGU_OK && out->state != PAGU_TEXT)
        return true;
    if (strlen(text) < sizeof copy && mend_number(text, copy, sizeof copy)) {
        pagu_spelling again;
        if (pagu_measure_parse(c->ctx, copy, claim_locale(c, k), &again, NULL) == PAGU_OK &&
            again.state == PAGU_NUMBER && !again.rest) {
            bool percent = again.unit_len == 1 && *again.unit == '%';
            *mended = true;
            *out = (pagu_spelling){
                .value = again.value, .state = PAGU_NUMBER, .unit = percent ? "%" : "", .unit_len = percent
            };
            return true;
        }
    }
    return code == PAGU_OK;
}

/* ---- units ---- */

/* Copy without case and without blanks around "/". */
static void fold_unit(const char *s, size_t len, char *out, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < len && n + 1 < size; i++) {
        if (s[i] == ' ' && (i + 1 == len || s[i + 1] == '/' || s[i + 1] == ' ' || (i > 0 && s[i - 1] == '/')))
            continue;
        out[n++] = (char)((unsigned char)s[i] < 0x80 ? tolower((unsigned char)s[i]) : s[i]);
    }
    out[n] = '\0';
}

static bool is_folded(const char *folded, const char *s, size_t len)
{
    char other[128];
    fold_unit(s, len, other, sizeof other);
    return str_eq(folded, other);
}

static bool is_spelling(const pagu_plan *p, const plan_unit *u, const char *folded)
{
    const char *id = plan_str(p, u->id), *name = plan_str(p, u->name), *s = plan_str(p, u->synonyms);
    if (is_folded(folded, id, strlen(id)) || is_folded(folded, name, strlen(name)))
        return true;
    while (*s) {
        size_t n = strcspn(s, "|");
        if (is_folded(folded, s, n))
            return true;
        s += n + (s[n] == '|');
    }
    return false;
}

uint32_t find_unit_spelt(const pagu_plan *p, const char *spelt, size_t len)
{
    char folded[128];
    fold_unit(spelt, len, folded, sizeof folded);
    for (uint32_t i = 0; len && i < p->n_units; i++)
        if (is_spelling(p, &p->units[i], folded))
            return i;
    return NO_AT;
}
