/* exact_solve.c - solve the image, round, prove; refine where rounding broke a row or lost gain.
 *
 * Columns of a wide range are continuous at first. If what is rounded breaks a row, or gains less than the
 * bound, a second program looks for the best whole numbers around it, small enough for a solver to be exact:
 * a step of iterative refinement (Gleixner, Steffy, Wolter 2016).
 *
 * SPDX-License-Identifier: MIT */
#include "solve/exact_image.h"

#include <math.h>
#include <time.h>

#define SEED 1
#define FIRST_SLICE 0.5 /* seconds between looks at the interrupt flag */
#define MAX_TIGHTENINGS 16

double ip_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- one solve, in slices ---- */

/* The solver can't be stopped from outside: it runs for a slice, then again for one twice as long that
 * begins with the best answer so far. */
static pagu_code run_slices(image *m, const ip_run *run, solver_answer *a)
{
    solver_problem s = m->s;
    pagu_ctx *ctx = m->p->ctx;
    double *start = arena_alloc(&m->mem, (size_t)(s.n_cols + 1) * sizeof *start);
    if (!start)
        return err_memory(ctx, run->err);
    s.seed = SEED;
    s.gap = run->gap;
    for (double slice = FIRST_SLICE;; slice *= 2) {
        double left = run->deadline - ip_clock();
        if (pagu_ctx_interrupted(ctx))
            return err_set(ctx, run->err, PAGU_INTERRUPTED, "interrupted");
        s.seconds = left < slice ? (left > 0.01 ? left : 0.01) : slice;
        if (run->solver->run(&s, a))
            return err_memory(ctx, run->err);
        if (a->status == SOLVER_FAILED)
            return err_set(ctx, run->err, PAGU_INTERNAL, "the solver gave up on this problem");
        if (a->status == SOLVER_OPTIMAL || a->status == SOLVER_INFEASIBLE || left <= slice)
            return PAGU_OK;
        if (a->status == SOLVER_LIMIT) {
            memcpy(start, a->x, (size_t)s.n_cols * sizeof *start);
            s.start = start;
        }
    }
}

static bool all_continuous(const image *m)
{
    for (int k = 0; k < m->s.n_cols; k++)
        if (m->s.is_integer[k])
            return false;
    return true;
}

/* Also of an image without columns or rows, which no solver need see. */
static pagu_code solve_image(image *m, const ip_run *run, solver_answer *a)
{
    int n = m->s.n_cols;
    *a = (solver_answer){ .status = m->infeasible ? SOLVER_INFEASIBLE : SOLVER_OPTIMAL };
    a->x = arena_alloc(&m->mem, (size_t)(n + 1) * sizeof *a->x);
    if (!a->x)
        return err_memory(m->p->ctx, run->err);
    memset(a->x, 0, (size_t)(n + 1) * sizeof *a->x);
    if (m->infeasible || n == 0)
        return PAGU_OK;
    if (all_continuous(m))
        m->s.is_integer = NULL;
    return run_slices(m, run, a);
}

/* ---- proof ---- */

/* Is what x gains as good as the bound says, or as good as whole steps of gain can be? */
static bool is_best(const image *m, const int64_t *x, double bound)
{
    double gain = (double)ip_gain(m->p, x), gap = bound - gain;
    return gap <= 1e-9 * fabs(gain) || gap < 0.999999 * (double)m->gain_step || m->gain_step == 0;
}

/* ---- refinement ---- */

static bool is_wide(const ip_col *c)
{
    return c->hi > c->lo && ((uint64_t)c->hi - (uint64_t)c->lo) >> COARSE_BITS;
}

static int64_t clip(wide x, int64_t lo, int64_t hi)
{
    return x < lo ? lo : x > hi ? hi : (int64_t)x;
}

/* The program of changes to x: of wide columns by at most `radius`, of others none. */
static void make_refinement(ip *sub, const ip *p, const int64_t *x, int64_t radius)
{
    ip_init(sub, p->ctx);
    for (uint32_t j = 0; j < p->n_cols; j++) {
        const ip_col *c = &p->cols[j];
        int64_t r = is_wide(c) ? radius : 0;
        ip_add_col(sub, clip((wide)c->lo - x[j], -r, 0), clip((wide)c->hi - x[j], 0, r), c->gain);
    }
    for (uint32_t i = 0; i < p->n_rows; i++) {
        const ip_row *row = &p->rows[i];
        wide a = ip_activity(p, i, x);
        ip_add_row(sub, row->lo <= NO_LOW ? NO_LOW : row->lo - a, row->hi >= NO_HIGH ? NO_HIGH : row->hi - a);
        for (uint32_t t = row->first; t < row->first + row->n && !sub->no_memory; t++)
            ip_add_term(sub, p->terms[t].col, p->terms[t].coef);
    }
}

static pagu_code refine_by(const ip *p, const ip_run *run, int64_t radius, int64_t *x, bool *done)
{
    ip sub;
    make_refinement(&sub, p, x, radius);
    int64_t *e = mem_zarray(p->ctx, (size_t)p->n_cols + 1, sizeof *e);
    ip_answer a = { .x = e };
    pagu_code rc = e ? ip_solve(&sub, run, &a) : err_memory(p->ctx, run->err);
    bool found = !rc && (a.status == IP_OPTIMAL || a.status == IP_FEASIBLE);
    *done |= found;
    for (uint32_t j = 0; j < p->n_cols && found; j++)
        x[j] += e[j];
    mem_free(p->ctx, e, ((size_t)p->n_cols + 1) * sizeof *e);
    ip_free(&sub);
    return rc;
}

/* Ever further out until the answer is proven or as good as it gets. */
static pagu_code refine(const image *m, const ip *p, const ip_run *run, double bound, int64_t *x)
{
    pagu_code rc = PAGU_OK;
    bool done = false;
    for (int bits = 4; bits <= 22 && !rc && !(done && is_best(m, x, bound)); bits += 6)
        rc = refine_by(p, run, (int64_t)1 << bits, x, &done);
    return rc;
}

static void give(const image *m, ip_answer *out, const int64_t *x, double bound)
{
    double gain = (double)ip_gain(m->p, x);
    memcpy(out->x, x, m->p->n_cols * sizeof *x);
    out->status = is_best(m, x, bound) ? IP_OPTIMAL : IP_FEASIBLE;
    out->bound = bound > gain && out->status == IP_FEASIBLE ? bound : gain;
}

/* What the solver takes for an answer may break a row by less than its tolerance: ask for so much more. */
static void tighten(ip *q, const int64_t *x)
{
    for (uint32_t i = 0; i < q->n_rows; i++) {
        wide a = ip_activity(q, i, x);
        if (a < q->rows[i].lo)
            q->rows[i].lo += q->rows[i].lo - a;
        if (a > q->rows[i].hi)
            q->rows[i].hi -= a - q->rows[i].hi;
    }
}

/* One round: *again if rows were tightened. first: the bound of the first round. */
static pagu_code solve_once(ip *q, const ip *p, const ip_run *run, ip_answer *out, double *first, bool *again)
{
    image m;
    solver_answer a;
    int64_t *x = mem_zarray(p->ctx, (size_t)p->n_cols + 1, sizeof *x);
    pagu_code rc = image_make(&m, q, true, run->err);
    if (!rc && !x)
        rc = err_memory(p->ctx, run->err);
    if (!rc)
        rc = solve_image(&m, run, &a);
    out->nodes += rc ? 0 : a.nodes;
    if (!rc && (a.status == SOLVER_INFEASIBLE || a.status == SOLVER_NO_ANSWER)) {
        out->status = a.status == SOLVER_INFEASIBLE ? IP_INFEASIBLE : IP_NO_ANSWER;
    } else if (!rc) {
        double bound = m.base + m.gain_unit * a.bound;
        *first = *first < bound ? *first : bound;
        image_round(&m, a.x, x);
        if (m.coarse && (ip_broken(p, x) != UINT32_MAX || !is_best(&m, x, *first)))
            rc = refine(&m, p, run, *first, x);
        *again = !rc && ip_broken(p, x) != UINT32_MAX;
        if (*again)
            tighten(q, x);
        else if (!rc)
            give(&m, out, x, *first);
    }
    image_free(&m);
    mem_free(p->ctx, x, ((size_t)p->n_cols + 1) * sizeof *x);
    return rc;
}

pagu_code ip_solve(const ip *p, const ip_run *run, ip_answer *out)
{
    ip q = *p;
    double first = INFINITY;
    bool again = true;
    if (p->no_memory)
        return err_memory(p->ctx, run->err);
    q.rows = mem_array(p->ctx, (size_t)p->n_rows + 1, sizeof *q.rows);
    if (!q.rows)
        return err_memory(p->ctx, run->err);
    if (p->n_rows)
        memcpy(q.rows, p->rows, p->n_rows * sizeof *q.rows);
    pagu_code rc = PAGU_OK;
    out->nodes = 0;
    for (int round = 0; again && !rc; round++) {
        again = false;
        rc = solve_once(&q, p, run, out, &first, &again);
        bool lost = !again && round > 0 && out->status == IP_INFEASIBLE; /* tightened too much, for all we know */
        if (!rc && (lost || (again && round == MAX_TIGHTENINGS)))
            rc = err_set(p->ctx, run->err, PAGU_LIMIT,
                         "rounding to whole units breaks a rule by less than the solver can see; give a larger unit");
    }
    mem_free(p->ctx, q.rows, ((size_t)p->n_rows + 1) * sizeof *q.rows);
    return rc;
}

pagu_code ip_relax(const ip *p, const ip_run *run, bool *feasible, double *maximum, double *dual)
{
    image m;
    pagu_code rc = image_make(&m, p, false, run->err);
    solver_answer a = { .status = SOLVER_INFEASIBLE };
    m.s.is_integer = NULL;
    *feasible = false;
    if (!rc) {
        a.x = arena_alloc(&m.mem, (size_t)(m.s.n_cols + 1) * sizeof *a.x);
        a.dual = arena_alloc(&m.mem, (size_t)(m.s.n_rows + 1) * sizeof *a.dual);
        rc = a.x && a.dual ? PAGU_OK : err_memory(p->ctx, run->err);
    }
    for (uint32_t i = 0; dual && i < p->n_rows; i++)
        dual[i] = 0;
    if (!rc && !m.infeasible && m.s.n_cols > 0)
        rc = run_slices(&m, run, &a);
    else if (!rc && !m.infeasible)
        a.status = SOLVER_OPTIMAL;
    *feasible = !rc && a.status == SOLVER_OPTIMAL;
    if (*feasible)
        *maximum = m.base + m.gain_unit * a.objective;
    for (int k = 0; dual && *feasible && k < m.s.n_rows; k++)
        dual[m.rows[k]] = a.dual[k] * m.gain_unit / m.row_unit[k];
    image_free(&m);
    return rc;
}
