/* chart.c - what a chart shows: a kind and the columns of a table.
 * SPDX-License-Identifier: MIT */
#include "base/table.h"
#include "pagu/chart.h"

enum { MOST_VALUES = 12 };

struct pagu_chart {
    pagu_ctx *ctx;
    arena strings;
    uint32_t references;
    pagu_chart_kind kind;
    const char *title, *unit;
    pagu_table *table;
    uint32_t label, n_values;
    uint32_t values[MOST_VALUES];
};

/* How many value columns a kind draws. */
static const struct kind_row {
    const char *name;
    uint32_t fewest, most;
} kinds[] = {
    [PAGU_CHART_BAR] = { "bar", 1, MOST_VALUES },   [PAGU_CHART_STACKED] = { "stacked", 1, MOST_VALUES },
    [PAGU_CHART_LINE] = { "line", 1, MOST_VALUES }, [PAGU_CHART_FAN] = { "fan", 3, 3 },
    [PAGU_CHART_WATERFALL] = { "waterfall", 1, 1 }, [PAGU_CHART_TREEMAP] = { "treemap", 1, 1 },
    [PAGU_CHART_SUNBURST] = { "sunburst", 1, 1 },   [PAGU_CHART_COMPARE] = { "compare", 2, 2 },
};

const char *pagu_chart_kind_name(pagu_chart_kind kind)
{
    return (unsigned)kind < COUNT_OF(kinds) ? kinds[kind].name : "";
}

pagu_code pagu_chart_kind_parse(pagu_ctx *ctx, const char *name, pagu_chart_kind *out, pagu_error *err)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_eq(kinds[i].name, name)) {
            *out = (pagu_chart_kind)i;
            return PAGU_OK;
        }
    return err_set(ctx, err, PAGU_ARGUMENT,
                   "no chart \"%s\"; there are bar, stacked, line, fan, waterfall, treemap, sunburst, compare", name);
}

static pagu_code find_column(pagu_chart *c, const char *name, uint32_t *out, pagu_error *err)
{
    for (uint32_t i = 0; i < pagu_table_column_count(c->table); i++)
        if (str_eq(pagu_table_column_name(c->table, i), name)) {
            *out = i;
            return PAGU_OK;
        }
    return err_set(c->ctx, err, PAGU_ARGUMENT, "the chart's table has no column \"%s\"", name);
}

static pagu_code find_label(pagu_chart *c, const char *name, pagu_error *err)
{
    if (name)
        return find_column(c, name, &c->label, err);
    for (uint32_t i = 0; i < pagu_table_column_count(c->table); i++)
        if (pagu_table_column_type(c->table, i) == PAGU_COL_TEXT) {
            c->label = i;
            return PAGU_OK;
        }
    return err_set(c->ctx, err, PAGU_ARGUMENT, "the chart's table has no text column; name one as label");
}

static pagu_code find_values(pagu_chart *c, const pagu_chart_spec *spec, pagu_error *err)
{
    const struct kind_row *k = &kinds[spec->kind];
    if (spec->n_values < k->fewest || spec->n_values > k->most) {
        if (k->fewest == k->most)
            return err_set(c->ctx, err, PAGU_ARGUMENT, "a chart \"%s\" takes %u value columns, not %u", k->name,
                           k->fewest, spec->n_values);
        return err_set(c->ctx, err, PAGU_ARGUMENT, "a chart \"%s\" takes %u to %u value columns, not %u", k->name,
                       k->fewest, k->most, spec->n_values);
    }
    for (uint32_t i = 0; i < spec->n_values; i++) {
        pagu_code code = find_column(c, spec->values[i], &c->values[i], err);
        if (code != PAGU_OK)
            return code;
        if (pagu_table_column_type(c->table, c->values[i]) == PAGU_COL_TEXT)
            return err_set(c->ctx, err, PAGU_ARGUMENT, "column \"%s\" is text; a chart draws numbers", spec->values[i]);
    }
    c->n_values = spec->n_values;
    return PAGU_OK;
}

static pagu_code take_texts(pagu_chart *c, const pagu_chart_spec *spec, pagu_error *err)
{
    bool percent = c->n_values > 0;
    for (uint32_t i = 0; i < c->n_values; i++)
        percent = percent && pagu_table_column_type(c->table, c->values[i]) == PAGU_COL_PERCENT;
    const char *title = spec->title ? spec->title : pagu_table_title(c->table);
    const char *unit = spec->unit ? spec->unit : percent ? "%" : "";
    c->title = arena_strdup(&c->strings, title, strlen(title));
    c->unit = arena_strdup(&c->strings, unit, strlen(unit));
    return c->title && c->unit ? PAGU_OK : err_memory(c->ctx, err);
}

pagu_code pagu_chart_new(pagu_ctx *ctx, const pagu_chart_spec *given, pagu_table *table, pagu_chart **out,
                         pagu_error *err)
{
    pagu_chart_spec spec = PAGU_CHART_SPEC_INIT;
    memcpy(&spec, given, given->size < sizeof spec ? given->size : sizeof spec);
    *out = NULL;
    if ((unsigned)spec.kind >= COUNT_OF(kinds))
        return err_set(ctx, err, PAGU_ARGUMENT, "unknown chart number %d", (int)spec.kind);
    pagu_chart *c = mem_zalloc(ctx, sizeof *c);
    if (!c)
        return err_memory(ctx, err);
    c->ctx = ctx;
    c->references = 1;
    c->kind = spec.kind;
    c->table = pagu_table_retain(table);
    arena_init(&c->strings, ctx);
    pagu_code code = find_label(c, spec.label, err);
    if (code == PAGU_OK)
        code = find_values(c, &spec, err);
    if (code == PAGU_OK)
        code = take_texts(c, &spec, err);
    if (code == PAGU_OK)
        *out = c;
    else
        pagu_chart_free(c);
    return code;
}

pagu_chart *pagu_chart_retain(pagu_chart *c)
{
    c->references++;
    return c;
}

void pagu_chart_free(pagu_chart *c)
{
    if (!c || --c->references > 0)
        return;
    arena_free(&c->strings);
    pagu_table_free(c->table);
    mem_free(c->ctx, c, sizeof *c);
}

pagu_chart_kind pagu_chart_get_kind(const pagu_chart *c)
{
    return c->kind;
}

const char *pagu_chart_title(const pagu_chart *c)
{
    return c->title;
}

const char *pagu_chart_unit(const pagu_chart *c)
{
    return c->unit;
}

const pagu_table *pagu_chart_table(const pagu_chart *c)
{
    return c->table;
}

uint32_t pagu_chart_label_column(const pagu_chart *c)
{
    return c->label;
}

uint32_t pagu_chart_value_count(const pagu_chart *c)
{
    return c->n_values;
}

uint32_t pagu_chart_value_column(const pagu_chart *c, uint32_t i)
{
    return i < c->n_values ? c->values[i] : PAGU_NO_ROW;
}
