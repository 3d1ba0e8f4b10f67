/* evaluate_scale.c - rating scales: bands of percent with labels, from scales.csv of the package or
 * shipped here as rows of the same form; a package's scale of the same name stands.
 *
 * SPDX-License-Identifier: MIT */
#include "calc/evaluate.h"

#include <stdio.h>

typedef struct shipped_band {
    const char *scale, *label;
    double low;
    bool low_included;
} shipped_band;

/* Sources: Permendagri 86/2017 (bands 91-100, 76-90, 66-75, 51-65, <= 50: gaps closed by thresholds on
 * the unrounded percent); LKjIP Kabupaten Maluku Tengah 2021; PP 30/2019 article 41, which PermenPANRB
 * 8/2021 applies to the performance of staff. */
static const shipped_band shipped[] = {
    { "permendagri-86-2017", "sangat tinggi", 91, true },
    { "permendagri-86-2017", "tinggi", 76, true },
    { "permendagri-86-2017", "sedang", 66, true },
    { "permendagri-86-2017", "rendah", 51, true },
    { "permendagri-86-2017", "sangat rendah", 0, true },
    { "lkjip", "memuaskan", 85, false },
    { "lkjip", "sangat baik", 75, false },
    { "lkjip", "baik", 65, false },
    { "lkjip", "cukup baik", 50, false },
    { "lkjip", "agak kurang", 30, false },
    { "lkjip", "kurang", 0, true },
    { "permenpanrb-8-2021", "sangat baik", 110, true },
    { "permenpanrb-8-2021", "baik", 90, true },
    { "permenpanrb-8-2021", "cukup", 70, true },
    { "permenpanrb-8-2021", "kurang", 50, true },
    { "permenpanrb-8-2021", "sangat kurang", 0, true },
};

#define USUAL_SCALE "permendagri-86-2017"

/* ---- finding ---- */

static void add_band(rating_scale *s, double low, const char *label, bool low_included)
{
    uint32_t at = s->n;
    if (s->n == MOST_BANDS)
        return;
    while (at > 0 && (s->bands[at - 1].low < low ||
                      (s->bands[at - 1].low == low && low_included < s->bands[at - 1].low_included)))
        at--;
    memmove(&s->bands[at + 1], &s->bands[at], (s->n - at) * sizeof s->bands[0]);
    s->bands[at] = (scale_band){ low, label, low_included };
    s->n++;
}

static uint32_t column_named(const pagu_plan *p, const plan_document *d, const char *name)
{
    for (uint32_t c = 0; c < d->n_columns; c++)
        if (str_eq(plan_str(p, d->columns[c]), name))
            return c;
    return UINT32_MAX;
}

static bool is_no(const char *text)
{
    return str_eq(text, "false") || str_eq(text, "0") || str_eq(text, "FALSE") || str_eq(text, "False");
}

static const plan_document *scales_of(const pagu_plan *p)
{
    for (uint32_t i = 0; i < p->n_documents; i++)
        if (str_eq(plan_str(p, p->documents[i].name), "scales"))
            return &p->documents[i];
    return NULL;
}

static void read_package(const pagu_plan *p, const char *name, rating_scale *out)
{
    const plan_document *d = scales_of(p);
    static const char *const names[] = { "scale", "low", "label", "low_included" };
    uint32_t at[4];
    for (uint32_t i = 0; i < 4 && d; i++)
        at[i] = column_named(p, d, names[i]);
    if (!d || at[0] == UINT32_MAX || at[1] == UINT32_MAX || at[2] == UINT32_MAX)
        return;
    for (uint32_t r = 0; r < d->n_rows; r++) {
        const symbol *cells = d->cells + (size_t)r * d->n_columns;
        const char *low = plan_str(p, cells[at[1]]);
        pagu_decimal number;
        if (str_eq(plan_str(p, cells[at[0]]), name) && pagu_decimal_parse(low, strlen(low), &number) == PAGU_OK)
            add_band(out, pagu_decimal_to_double(number), plan_str(p, cells[at[2]]),
                     at[3] == UINT32_MAX || !is_no(plan_str(p, cells[at[3]])));
    }
}

static void list_name(char *buf, size_t size, const char *name)
{
    size_t used = strlen(buf), len = strlen(name);
    const char *found = strstr(buf, name);
    if (found && (found[len] == ',' || !found[len]))
        return;
    snprintf(buf + used, size - used, "%s%s", used ? ", " : "", name);
}

static pagu_code no_scale(const pagu_plan *p, const char *name, pagu_error *err)
{
    char list[300] = "";
    const plan_document *d = scales_of(p);
    uint32_t at = d ? column_named(p, d, "scale") : UINT32_MAX;
    for (uint32_t r = 0; at != UINT32_MAX && r < d->n_rows; r++)
        list_name(list, sizeof list, plan_str(p, d->cells[(size_t)r * d->n_columns + at]));
    for (size_t i = 0; i < COUNT_OF(shipped); i++)
        list_name(list, sizeof list, shipped[i].scale);
    return err_set(p->ctx, err, PAGU_NOT_FOUND, "no rating scale \"%s\"; there are: %s", name, list);
}

pagu_code scale_find(const pagu_plan *p, const char *name, rating_scale *out, pagu_error *err)
{
    out->n = 0;
    name = name ? name : USUAL_SCALE;
    read_package(p, name, out);
    bool ours = out->n == 0;
    for (size_t i = 0; i < COUNT_OF(shipped) && ours; i++)
        if (str_eq(shipped[i].scale, name))
            add_band(out, shipped[i].low, shipped[i].label, shipped[i].low_included);
    return out->n ? PAGU_OK : no_scale(p, name, err);
}

/* ---- rating ---- */

pagu_derived rating_of(const evaluation *e, const pagu_derived *percent)
{
    pagu_derived out = *percent;
    if (percent->state == PAGU_DERIVED_DASH) /* nothing planned, nothing to rate */
        return derived_missing();
    if (percent->state != PAGU_DERIVED_NUMBER)
        return out;
    out.value = 0;
    out.unit = "";
    out.text = e->scale.bands[scale_band_of(&e->scale, percent->value)].label;
    out.state = PAGU_DERIVED_TEXT;
    return out;
}

pagu_code pagu_evaluate_rating(const pagu_view *v, const char *scale, double percent, const char **out, pagu_error *err)
{
    rating_scale found;
    const pagu_plan *plan = pagu_view_plan(v);
    pagu_code code = scale_find(plan, scale ? scale : pagu_plan_meta(plan, "evaluation.scale"), &found, err);
    *out = code == PAGU_OK ? found.bands[scale_band_of(&found, percent)].label : "";
    return code;
}
