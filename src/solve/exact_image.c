/* exact_image.c - see exact_image.h.
 * SPDX-License-Identifier: MIT */
#include "solve/exact_image.h"

#include <math.h>

#define ROW_SIZE 4096 /* greatest coefficient of a row in doubles */

static wide wide_abs(wide x)
{
    return x < 0 ? -x : x;
}

static wide gcd(wide a, wide b)
{
    a = wide_abs(a);
    b = wide_abs(b);
    while (b) {
        wide t = a % b;
        a = b;
        b = t;
    }
    return a;
}

/* ---- magnitudes ---- */

static double size_of(const ip_col *c)
{
    double lo = fabs((double)c->lo), hi = fabs((double)c->hi);
    return lo > hi ? lo : hi;
}

static pagu_code check_sizes(const ip *p, pagu_error *err)
{
    double gain = 0;
    bool fits = true;
    for (uint32_t j = 0; j < p->n_cols; j++) {
        const ip_col *c = &p->cols[j];
        gain += fabs((double)c->gain) * size_of(c);
        fits = fits && (c->hi <= c->lo || (uint64_t)c->hi - (uint64_t)c->lo <= (uint64_t)1 << 53);
    }
    for (uint32_t i = 0; i < p->n_rows && fits; i++) {
        double sum = 0;
        for (uint32_t k = p->rows[i].first; k < p->rows[i].first + p->rows[i].n; k++)
            sum += fabs((double)p->terms[k].coef) * size_of(&p->cols[p->terms[k].col]);
        fits = sum < 0x1p124;
    }
    if (fits && gain < 0x1p124)
        return PAGU_OK;
    return err_set(p->ctx, err, PAGU_LIMIT,
                   "amounts or coefficients are beyond what the solver can hold; give a larger unit or fewer digits");
}

/* ---- columns and gains ---- */

static bool make_columns(image *m)
{
    const ip *p = m->p;
    m->cols = arena_alloc(&m->mem, (size_t)(p->n_cols + 1) * sizeof *m->cols);
    m->at = arena_alloc(&m->mem, (size_t)(p->n_cols + 1) * sizeof *m->at);
    m->shift = arena_alloc(&m->mem, (size_t)(p->n_cols + 1) * sizeof *m->shift);
    double *lo = arena_alloc(&m->mem, (size_t)(p->n_cols + 1) * sizeof *lo);
    double *hi = arena_alloc(&m->mem, (size_t)(p->n_cols + 1) * sizeof *hi);
    char *integer = arena_alloc(&m->mem, (size_t)p->n_cols + 1);
    if (!m->cols || !m->at || !m->shift || !lo || !hi || !integer)
        return false;
    for (uint32_t j = 0; j < p->n_cols; j++) {
        const ip_col *c = &p->cols[j];
        m->at[j] = UINT32_MAX;
        m->infeasible |= c->lo > c->hi;
        if (c->lo >= c->hi)
            continue;
        uint64_t range = (uint64_t)c->hi - (uint64_t)c->lo;
        int k = m->s.n_cols++, shift = 0;
        while (range >> COARSE_BITS && range >> shift >> 20)
            shift++;
        m->cols[k] = j;
        m->at[j] = (uint32_t)k;
        m->shift[k] = shift;
        integer[k] = range >> COARSE_BITS == 0;
        m->coarse |= !integer[k];
        lo[k] = 0;
        hi[k] = ldexp((double)range, -shift);
    }
    m->s.col_lo = lo;
    m->s.col_hi = hi;
    m->s.is_integer = integer;
    return true;
}

/* 2^k such that x / 2^k is at most limit. */
static double unit_for(double x, double limit)
{
    double unit = 1;
    while (x / unit > limit)
        unit *= 2;
    return unit;
}

static bool make_gains(image *m)
{
    const ip *p = m->p;
    double *gains = arena_alloc(&m->mem, (size_t)(m->s.n_cols + 1) * sizeof *gains), greatest = 0;
    wide base = 0;
    if (!gains)
        return false;
    for (uint32_t j = 0; j < p->n_cols; j++)
        base += p->cols[j].gain * p->cols[j].lo;
    for (int k = 0; k < m->s.n_cols; k++) {
        wide gain = p->cols[m->cols[k]].gain;
        m->gain_step = gcd(m->gain_step, gain);
        gains[k] = ldexp((double)gain, m->shift[k]);
        greatest = fabs(gains[k]) > greatest ? fabs(gains[k]) : greatest;
    }
    m->gain_unit = unit_for(greatest, ROW_SIZE);
    for (int k = 0; k < m->s.n_cols; k++)
        gains[k] /= m->gain_unit;
    m->base = (double)base;
    m->s.objective = gains;
    return true;
}

/* ---- rows ---- */

typedef struct row_image {
    wide divisor, lo, hi; /* of what is left for free columns */
    double unit;
} row_image;

static row_image look_at_row(const image *m, const ip_row *r, bool whole)
{
    const ip *p = m->p;
    row_image out = { 0, r->lo, r->hi, 1 };
    wide fixed = 0;
    double greatest = 0;
    for (uint32_t t = r->first; t < r->first + r->n; t++) {
        const ip_term *term = &p->terms[t];
        fixed += term->coef * p->cols[term->col].lo;
        if (m->at[term->col] != UINT32_MAX)
            out.divisor = gcd(out.divisor, term->coef);
    }
    out.lo = r->lo <= NO_LOW ? NO_LOW : r->lo - fixed;
    out.hi = r->hi >= NO_HIGH ? NO_HIGH : r->hi - fixed;
    if (out.divisor == 0)
        return out;
    if (whole && out.lo != NO_LOW)
        out.lo = -wide_div_floor(-out.lo, out.divisor) * out.divisor;
    if (whole && out.hi != NO_HIGH)
        out.hi = wide_div_floor(out.hi, out.divisor) * out.divisor;
    for (uint32_t t = r->first; t < r->first + r->n; t++) {
        uint32_t k = m->at[p->terms[t].col];
        double a = k == UINT32_MAX ? 0 : ldexp(fabs((double)(p->terms[t].coef / out.divisor)), m->shift[k]);
        greatest = a > greatest ? a : greatest;
    }
    out.unit = (double)out.divisor * unit_for(greatest, ROW_SIZE);
    return out;
}

static bool make_rows(image *m, bool whole)
{
    const ip *p = m->p;
    double *lo = arena_alloc(&m->mem, (size_t)(p->n_rows + 1) * sizeof *lo);
    double *hi = arena_alloc(&m->mem, (size_t)(p->n_rows + 1) * sizeof *hi);
    m->row_unit = arena_alloc(&m->mem, (size_t)(p->n_rows + 1) * sizeof *m->row_unit);
    m->rows = arena_alloc(&m->mem, (size_t)(p->n_rows + 1) * sizeof *m->rows);
    if (!lo || !hi || !m->row_unit || !m->rows)
        return false;
    for (uint32_t i = 0; i < p->n_rows; i++) {
        row_image r = look_at_row(m, &p->rows[i], whole);
        m->infeasible |= r.lo > r.hi || (r.divisor == 0 && (r.lo > 0 || r.hi < 0));
        if (r.divisor == 0)
            continue;
        int k = m->s.n_rows++;
        m->rows[k] = i;
        m->row_unit[k] = r.unit;
        lo[k] = r.lo == NO_LOW ? -SOLVER_INFINITY : (double)r.lo / r.unit;
        hi[k] = r.hi == NO_HIGH ? SOLVER_INFINITY : (double)r.hi / r.unit;
    }
    m->s.row_lo = lo;
    m->s.row_hi = hi;
    return true;
}

/* The matrix by columns; rows come in their order. */
static bool make_matrix(image *m)
{
    const ip *p = m->p;
    int n = m->s.n_cols, *starts = arena_alloc(&m->mem, (size_t)(n + 2) * sizeof *starts);
    int *index = arena_alloc(&m->mem, ((size_t)p->n_terms + 1) * sizeof *index);
    double *value = arena_alloc(&m->mem, ((size_t)p->n_terms + 1) * sizeof *value);
    if (!starts || !index || !value)
        return false;
    memset(starts, 0, (size_t)(n + 2) * sizeof *starts);
    for (uint32_t t = 0; t < p->n_terms; t++)
        if (m->at[p->terms[t].col] != UINT32_MAX)
            starts[m->at[p->terms[t].col] + 2]++;
    for (int k = 2; k < n + 2; k++)
        starts[k] += starts[k - 1];
    for (int i = 0; i < m->s.n_rows; i++) {
        const ip_row *r = &p->rows[m->rows[i]];
        for (uint32_t t = r->first; t < r->first + r->n; t++) {
            uint32_t k = m->at[p->terms[t].col];
            if (k == UINT32_MAX)
                continue;
            index[starts[k + 1]] = i;
            value[starts[k + 1]++] = ldexp((double)p->terms[t].coef, m->shift[k]) / m->row_unit[i];
        }
    }
    m->s.starts = starts;
    m->s.index = index;
    m->s.value = value;
    return true;
}

pagu_code image_make(image *m, const ip *p, bool whole, pagu_error *err)
{
    *m = (image){ .p = p };
    arena_init(&m->mem, p->ctx);
    if (p->no_memory)
        return err_memory(p->ctx, err);
    pagu_code rc = check_sizes(p, err);
    if (rc)
        return rc;
    if (!make_columns(m) || !make_gains(m) || !make_rows(m, whole) || !make_matrix(m))
        return err_memory(p->ctx, err);
    return PAGU_OK;
}

void image_free(image *m)
{
    arena_free(&m->mem);
}

void image_round(const image *m, const double *values, int64_t *x)
{
    for (uint32_t j = 0; j < m->p->n_cols; j++)
        x[j] = m->p->cols[j].lo;
    for (int k = 0; k < m->s.n_cols; k++) {
        const ip_col *c = &m->p->cols[m->cols[k]];
        double range = (double)((uint64_t)c->hi - (uint64_t)c->lo), d = round(ldexp(values[k], m->shift[k]));
        d = d > 0 ? d : 0; /* no number counts as 0 */
        x[m->cols[k]] = d >= range ? c->hi : c->lo + (int64_t)d;
    }
}
