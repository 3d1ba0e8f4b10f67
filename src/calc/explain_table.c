/* explain_table.c - rows of an explanation.
 * SPDX-License-Identifier: MIT */
#include "calc/explain.h"

#include <stdio.h>

enum { USUAL_DEPTH = 8, USUAL_ROWS = 200 };

pagu_code explain_start(explain_table *x, pagu_ctx *ctx, pagu_column_type values, uint32_t max_depth, uint32_t max_rows)
{
    const struct {
        const char *name, *title;
        pagu_column_type type;
    } columns[] = {
        { "depth", "Depth", PAGU_COL_INTEGER }, { "kind", "Kind", PAGU_COL_TEXT },
        { "key", "Key", PAGU_COL_TEXT },        { "name", "Name", PAGU_COL_TEXT },
        { "value", "Value", values },           { "was", "Before", values },
        { "verb", "Verb", PAGU_COL_TEXT },      { "reason", "Reason", PAGU_COL_TEXT },
        { "source", "Source", PAGU_COL_TEXT },
    };
    *x = (explain_table){ .ctx = ctx,
                          .t = pagu_table_new(ctx),
                          .max_depth = max_depth ? max_depth : USUAL_DEPTH,
                          .max_rows = max_rows ? max_rows : USUAL_ROWS };
    pagu_code rc = x->t ? PAGU_OK : PAGU_NO_MEMORY;
    for (size_t i = 0; i < COUNT_OF(columns) && !rc; i++)
        rc = pagu_table_add_column(x->t, columns[i].name, tr(ctx, columns[i].title), columns[i].type);
    return rc;
}

bool explain_is_full(const explain_table *x)
{
    return pagu_table_row_count(x->t) >= x->max_rows;
}

pagu_code explain_text(explain_table *x, uint32_t col, const char *text)
{
    return text && *text ? pagu_table_set_text(x->t, x->last, col, text) : PAGU_OK;
}

pagu_code explain_row(explain_table *x, uint32_t depth, bool group, const char *kind, const char *key, const char *name)
{
    x->last = pagu_table_row_count(x->t);
    pagu_code rc = pagu_table_add_row(x->t);
    if (!rc)
        rc = pagu_table_set_row_style(x->t, x->last, group ? PAGU_ROW_GROUP : PAGU_ROW_NORMAL, depth);
    if (!rc)
        rc = pagu_table_set_money(x->t, x->last, EXPLAIN_DEPTH, depth);
    if (!rc)
        rc = explain_text(x, EXPLAIN_KIND, kind);
    if (!rc)
        rc = explain_text(x, EXPLAIN_KEY, key);
    return rc ? rc : explain_text(x, EXPLAIN_NAME, name);
}

pagu_code explain_note(explain_table *x, const pagu_note *note)
{
    char source[300] = "";
    if (note->file && note->line > 0)
        snprintf(source, sizeof source, "%.256s:%d", note->file, note->line);
    else if (note->file)
        snprintf(source, sizeof source, "%.256s", note->file);
    pagu_code rc = explain_text(x, EXPLAIN_VERB, note->verb);
    if (!rc)
        rc = explain_text(x, EXPLAIN_REASON, note->reason);
    return rc ? rc : explain_text(x, EXPLAIN_SOURCE, source);
}
