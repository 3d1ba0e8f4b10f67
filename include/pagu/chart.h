/* pagu/chart.h - a picture of a table: what is drawn, not how.
 *
 *     const char *values[] = { "budget" };
 *     pagu_chart_spec spec = PAGU_CHART_SPEC_INIT;
 *     spec.kind = PAGU_CHART_TREEMAP;
 *     spec.label = "name";
 *     spec.values = values;
 *     spec.n_values = 1;
 *     pagu_chart_new(ctx, &spec, table, &chart, &err);
 *     pagu_chart_svg(chart, &options, out, &err);
 *
 * A chart keeps a reference to its table and shows what the table holds when it is drawn; the
 * column titles are the legend. Missing cells are gaps, a dash is 0.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_CHART_H
#define PAGU_CHART_H

#include "pagu/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pagu_chart pagu_chart;

typedef enum pagu_chart_kind {
    PAGU_CHART_BAR = 0,   /* a group of bars a row, one a value column */
    PAGU_CHART_STACKED,   /* one bar a row, the value columns stacked */
    PAGU_CHART_LINE,      /* rows along the axis, one line a value column */
    PAGU_CHART_FAN,       /* three value columns: low, middle, high; where low and high are
                             missing, the middle is history */
    PAGU_CHART_WATERFALL, /* one value column: rows are steps, rows of style TOTAL are levels */
    PAGU_CHART_TREEMAP,   /* one value column; the tree is the row parents */
    PAGU_CHART_SUNBURST,  /* the same as rings */
    PAGU_CHART_COMPARE    /* two value columns: target, achievement. Each row is measured against
                             its own target when units differ */
} pagu_chart_kind;

typedef struct pagu_chart_spec {
    size_t size;
    pagu_chart_kind kind;
    const char *title;         /* NULL: the table's */
    const char *label;         /* column that names the rows; NULL: the first text column */
    const char *const *values; /* columns of numbers, drawn in this order */
    uint32_t n_values;
    const char *unit; /* of the values, for the axis ("Rp"); NULL: the "%" of percent columns, or none */
} pagu_chart_spec;
#define PAGU_CHART_SPEC_INIT                                                                                           \
    {                                                                                                                  \
        sizeof(pagu_chart_spec), PAGU_CHART_BAR, NULL, NULL, NULL, 0, NULL                                             \
    }

/* Make a chart of a table, whose reference is retained. PAGU_ARGUMENT: a column that isn't there
 * or holds no numbers, or a number of value columns that the kind can't draw. */
PAGU_API pagu_code pagu_chart_new(pagu_ctx *ctx, const pagu_chart_spec *spec, pagu_table *table, pagu_chart **out,
                                  pagu_error *err);
PAGU_API pagu_chart *pagu_chart_retain(pagu_chart *c);
PAGU_API void pagu_chart_free(pagu_chart *c);

PAGU_API pagu_chart_kind pagu_chart_get_kind(const pagu_chart *c);
PAGU_API const char *pagu_chart_title(const pagu_chart *c);
PAGU_API const char *pagu_chart_unit(const pagu_chart *c); /* "" if none */
PAGU_API const pagu_table *pagu_chart_table(const pagu_chart *c);
/* Columns of the table, by index. */
PAGU_API uint32_t pagu_chart_label_column(const pagu_chart *c);
PAGU_API uint32_t pagu_chart_value_count(const pagu_chart *c);
PAGU_API uint32_t pagu_chart_value_column(const pagu_chart *c, uint32_t i);

/* "bar", "stacked", "line", "fan", "waterfall", "treemap", "sunburst", "compare". */
PAGU_API const char *pagu_chart_kind_name(pagu_chart_kind kind);
PAGU_API pagu_code pagu_chart_kind_parse(pagu_ctx *ctx, const char *name, pagu_chart_kind *out, pagu_error *err);

#ifdef __cplusplus
}
#endif
#endif
