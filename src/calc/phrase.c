/* phrase.c - pieces of text for messages, notes and tables.
 * SPDX-License-Identifier: MIT */
#include "calc/phrase.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void phrase(const pagu_ctx *ctx, char *buf, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(buf, size, tr(ctx, format), args);
    va_end(args);
}

reach_text reach_str(const pagu_ctx *ctx, pagu_money least, pagu_money most)
{
    reach_text t;
    if (least == INT64_MIN && most == INT64_MAX)
        phrase(ctx, t.s, sizeof t.s, "any total");
    else if (least == INT64_MIN)
        phrase(ctx, t.s, sizeof t.s, "at most %s", money_str(ctx, most).s);
    else if (most == INT64_MAX)
        phrase(ctx, t.s, sizeof t.s, "at least %s", money_str(ctx, least).s);
    else if (least == most)
        phrase(ctx, t.s, sizeof t.s, "only %s", money_str(ctx, least).s);
    else
        phrase(ctx, t.s, sizeof t.s, "from %s to %s", money_str(ctx, least).s, money_str(ctx, most).s);
    return t;
}

place_text place_str(const pagu_view *v, const pagu_selection *at)
{
    place_text t;
    uint32_t n = pagu_selection_count(at);
    pagu_row row = n > 0 ? pagu_selection_rows(at)[0] : PAGU_NO_ROW;
    const char *first = row < pagu_view_row_count(v) ? pagu_view_key(v, row) : "";
    if (n > 1)
        phrase(pagu_plan_ctx(pagu_view_plan(v)), t.s, sizeof t.s, "%.150s and %u more", first, n - 1);
    else
        snprintf(t.s, sizeof t.s, "%.190s", first);
    return t;
}

place_text place_words(const pagu_view *v, const pagu_selection *at)
{
    place_text t = place_str(v, at);
    if (strcmp(t.s, "/") == 0)
        phrase(pagu_plan_ctx(pagu_view_plan(v)), t.s, sizeof t.s, "the whole plan");
    return t;
}

field_text field_str(const pagu_plan *plan, pagu_field field, pagu_period period)
{
    field_text t;
    snprintf(t.s, sizeof t.s, "%.40s %.20s", pagu_plan_field_id(plan, field), pagu_plan_period_id(plan, period));
    return t;
}

field_text column_str(const pagu_plan *plan, pagu_column column)
{
    return field_str(plan, pagu_plan_column_field(plan, column), pagu_plan_column_period(plan, column));
}
