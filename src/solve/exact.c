/* exact.c - integer programs in exact numbers: what they hold, and whether an answer does.
 * SPDX-License-Identifier: MIT */
#include "solve/exact.h"

void ip_init(ip *p, pagu_ctx *ctx)
{
    *p = (ip){ .ctx = ctx };
}

void ip_free(ip *p)
{
    mem_free(p->ctx, p->cols, p->cap_cols * sizeof *p->cols);
    mem_free(p->ctx, p->rows, p->cap_rows * sizeof *p->rows);
    mem_free(p->ctx, p->terms, p->cap_terms * sizeof *p->terms);
    ip_init(p, p->ctx);
}

uint32_t ip_add_col(ip *p, int64_t lo, int64_t hi, wide gain)
{
    if (!mem_grow(p->ctx, &p->cols, &p->cap_cols, p->n_cols, sizeof *p->cols)) {
        p->no_memory = true;
        return 0;
    }
    p->cols[p->n_cols] = (ip_col){ lo, hi, gain };
    return p->n_cols++;
}

uint32_t ip_add_row(ip *p, wide lo, wide hi)
{
    if (!mem_grow(p->ctx, &p->rows, &p->cap_rows, p->n_rows, sizeof *p->rows)) {
        p->no_memory = true;
        return 0;
    }
    p->rows[p->n_rows] = (ip_row){ p->n_terms, 0, lo, hi };
    return p->n_rows++;
}

void ip_add_term(ip *p, uint32_t col, wide coef)
{
    if (coef == 0 || p->no_memory)
        return;
    if (!mem_grow(p->ctx, &p->terms, &p->cap_terms, p->n_terms, sizeof *p->terms)) {
        p->no_memory = true;
        return;
    }
    p->terms[p->n_terms++] = (ip_term){ col, coef };
    p->rows[p->n_rows - 1].n++;
}

wide ip_activity(const ip *p, uint32_t row, const int64_t *x)
{
    const ip_row *r = &p->rows[row];
    wide sum = 0;
    for (uint32_t i = r->first; i < r->first + r->n; i++)
        sum += p->terms[i].coef * x[p->terms[i].col];
    return sum;
}

wide ip_gain(const ip *p, const int64_t *x)
{
    wide sum = 0;
    for (uint32_t j = 0; j < p->n_cols; j++)
        sum += p->cols[j].gain * x[j];
    return sum;
}

uint32_t ip_broken(const ip *p, const int64_t *x)
{
    for (uint32_t i = 0; i < p->n_rows; i++) {
        wide a = ip_activity(p, i, x);
        if (a < p->rows[i].lo || a > p->rows[i].hi)
            return i;
    }
    return UINT32_MAX;
}
