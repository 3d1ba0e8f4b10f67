/* simulate_run.c - the draws, a block of 512 at a time, blocks shared out over threads.
 *
 * A block is a function of its number alone and writes its own part of every watched cell, so threads take
 * blocks as they come and the result can't tell how many there were. Nothing is allocated while drawing.
 * SPDX-License-Identifier: MIT */
#include "solve/simulate.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { B = NOISE_BLOCK, THREADS_MAX = 64 };
#define MAGIC 0x1.8p52
#define MAGIC_BITS INT64_C(0x4338000000000000)

typedef struct crew crew;

/* Memory of one thread: buffers of B doubles. */
typedef struct worker {
    crew *crew;
    pthread_t thread;
    double *memory, *sources, *shared, *paths, *work, *product;
    uint32_t *path_row;  /* by path buffer: the row that it follows now */
    pagu_money *scratch; /* for sorting */
} worker;

struct crew {
    pagu_simulation *sim;
    atomic_uint next_block, next_slot;
    uint32_t n_blocks, n_workers;
    size_t buffers; /* doubles of one worker */
    worker workers[THREADS_MAX];
};

/* ---- arithmetic over a block ---- */

SIMD_CLONES static void mix_in(double *restrict z, const double *restrict source, double weight, int n)
{
    for (int i = 0; i < n; i++)
        z[i] += weight * source[i];
}

SIMD_CLONES static void scale_by(double *restrict z, double weight, int n)
{
    for (int i = 0; i < n; i++)
        z[i] *= weight;
}

SIMD_CLONES static void multiply(double *restrict x, const double *restrict y, int n)
{
    for (int i = 0; i < n; i++)
        x[i] *= y[i];
}

SIMD_CLONES static void add(double *restrict x, const double *restrict y, int n)
{
    for (int i = 0; i < n; i++)
        x[i] += y[i];
}

SIMD_CLONES static void percent_to_factor(double *restrict x, int n)
{
    for (int i = 0; i < n; i++)
        x[i] = 1.0 + x[i] / 100.0;
}

/*
 * to += round(f × base) - minus, halves away from zero. Adding 1.5 × 2^52 rounds halves to even and leaves the integer
 * in the low bits.
 */
SIMD_CLONES static void add_rounded(int64_t *restrict to, const double *restrict f, double base, int64_t minus, int n)
{
    for (int i = 0; i < n; i++) {
        double x = f[i] * base, half = copysign(0.5, x), r = (x + MAGIC) - MAGIC;
        int64_t bits;
        r = x - r == half ? r + 2 * half : r;
        r += MAGIC;
        memcpy(&bits, &r, sizeof bits);
        to[i] += bits - (MAGIC_BITS + minus);
    }
}

/* The same with f = mean + sd × z: one pass for normal noise on many lines. */
SIMD_CLONES static void add_rounded_normal(int64_t *restrict to, const double *restrict z, double mean, double sd,
                                           double base, int64_t minus, int n)
{
    for (int i = 0; i < n; i++) {
        double x = (mean + sd * z[i]) * base, half = copysign(0.5, x), r = (x + MAGIC) - MAGIC;
        int64_t bits;
        r = x - r == half ? r + 2 * half : r;
        r += MAGIC;
        memcpy(&bits, &r, sizeof bits);
        to[i] += bits - (MAGIC_BITS + minus);
    }
}

static void add_rounded_wide(int64_t *restrict to, const double *restrict f, double base, int64_t minus, int n)
{
    for (int i = 0; i < n; i++)
        to[i] += llround(f[i] * base) - minus;
}

/* to += sign × (round(x end) - round(x start) - minus): a line's part of an amount, so that parts add up exactly. */
static void add_part(int64_t *to, const double *x, double start, double end, int sign, int64_t minus)
{
    for (int i = 0; i < B; i++)
        to[i] += sign * (llround(x[i] * end) - llround(x[i] * start) - minus);
}

SIMD_CLONES static void add_up(int64_t *restrict to, const int64_t *restrict from, int64_t sign, int n)
{
    for (int i = 0; i < n; i++)
        to[i] += sign * from[i];
}

/* ---- variables ---- */

static void draw_value(const worker *w, const sim_instance *instance, random_key key, bool single, uint32_t block,
                       double *out)
{
    const pagu_simulation *sim = w->crew->sim;
    const sim_vary *x = &sim->vary[instance->vary];
    const sim_mix *mix = &instance->mix;
    if (x->units) {
        (single ? noise_units_single : noise_units)(key, block, out);
        dist_of_units(&x->dist, out, B);
    } else {
        if (mix->own != 0)
            (single ? noise_normals_single : noise_normals)(key, block, out);
        else
            memset(out, 0, B * sizeof *out);
        if (mix->own != 0 && mix->own != 1)
            scale_by(out, mix->own, B);
        for (uint32_t t = 0; t < mix->n_terms; t++) {
            const sim_term *term = &sim->terms[mix->first_term + t];
            mix_in(out, w->sources + (size_t)term->source * B, term->weight, B);
        }
        dist_of_normals(&x->dist, out, B);
    }
    if (x->as == PAGU_VARY_PERCENT)
        percent_to_factor(out, B);
}

static void follow(const sim_vary *x, double *now, const double *before)
{
    if (x->as <= PAGU_VARY_PERCENT)
        multiply(now, before, B);
    else
        add(now, before, B);
}

static void draw_shared(const worker *w, uint32_t block)
{
    const pagu_simulation *sim = w->crew->sim;
    for (uint32_t s = 0; s < sim->n_sources; s++)
        noise_normals(sim->sources[s], block, w->sources + (size_t)s * B);
    for (uint32_t i = 0; i < sim->n_instances; i++) {
        const sim_instance *instance = &sim->instances[i];
        const sim_vary *x = &sim->vary[instance->vary];
        if (x->per_line)
            continue;
        double *out = w->shared + (size_t)i * B;
        draw_value(w, instance, instance->key, false, block, out);
        if (x->path == PAGU_PATH_CUMULATIVE && i > x->first_instance)
            follow(x, out, out - B);
    }
}

/* The values that move a line by a hit. */
static const double *value_of(worker *w, const sim_hit *h, uint32_t block)
{
    const pagu_simulation *sim = w->crew->sim;
    const sim_instance *instance = &sim->instances[h->instance];
    const sim_vary *x = &sim->vary[instance->vary];
    if (!x->per_line)
        return w->shared + (size_t)h->instance * B;
    if (x->path_buffer == NO_SLOT) {
        draw_value(w, instance, h->key, sim->single, block, w->work);
        return w->work;
    }
    double *path = w->paths + (size_t)x->path_buffer * B;
    bool started = w->path_row[x->path_buffer] == h->row;
    w->path_row[x->path_buffer] = h->row;
    if (!started) {
        draw_value(w, instance, h->key, sim->single, block, path);
    } else if (x->path == PAGU_PATH_CUMULATIVE) {
        draw_value(w, instance, h->key, sim->single, block, w->work);
        follow(x, path, w->work);
    }
    return path;
}

/* ---- cells ---- */

static void add_amount(int64_t *to, const sim_cell *c, const sim_hit *h, const sim_vary *x, const double *value)
{
    int64_t minus = x->as == PAGU_VARY_TOTAL ? c->base : 0;
    if (!x->per_line)
        add_part(to, value, h->from, h->to, c->sign, minus);
    else if (c->wide)
        add_rounded_wide(to, value, c->sign, c->sign * minus, B);
    else
        add_rounded(to, value, c->sign, c->sign * minus, B);
}

/* A normal factor of the line's own and nothing else, as noise on many lines is. */
static bool is_plain_noise(const pagu_simulation *sim, const sim_cell *c)
{
    const sim_instance *instance = &sim->instances[sim->hits[c->first_hit].instance];
    const sim_vary *x = &sim->vary[instance->vary];
    return c->n_hits == 1 && x->per_line && x->path_buffer == NO_SLOT && x->as == PAGU_VARY_FACTOR &&
           x->dist.dist.kind == PAGU_DIST_NORMAL && instance->mix.n_terms == 0 && !c->wide && !c->missing &&
           c->slot != NO_SLOT;
}

static void run_plain_noise(const worker *w, const sim_cell *c, uint32_t block)
{
    const pagu_simulation *sim = w->crew->sim;
    const sim_hit *h = &sim->hits[c->first_hit];
    const pagu_dist *d = &sim->vary[sim->instances[h->instance].vary].dist.dist;
    (sim->single ? noise_normals_single : noise_normals)(h->key, block, w->work);
    add_rounded_normal(sim->values + (size_t)c->slot * sim->stride + (size_t)block * B, w->work, d->a, d->b,
                       (double)c->base * c->sign, c->base * c->sign, B);
}

static void run_cell(worker *w, const sim_cell *c, uint32_t block)
{
    const pagu_simulation *sim = w->crew->sim;
    const double *factor = NULL;
    int64_t *to = NULL;
    if (is_plain_noise(sim, c)) {
        run_plain_noise(w, c, block);
        return;
    }
    if (c->slot != NO_SLOT)
        to = sim->values + (size_t)c->slot * sim->stride + (size_t)block * B;
    for (uint32_t i = 0; i < c->n_hits; i++) {
        const sim_hit *h = &sim->hits[c->first_hit + i];
        const sim_vary *x = &sim->vary[sim->instances[h->instance].vary];
        if ((!to || (c->missing && x->as <= PAGU_VARY_PERCENT)) && x->path_buffer == NO_SLOT)
            continue;
        const double *value = value_of(w, h, block);
        if (!to || (c->missing && x->as <= PAGU_VARY_PERCENT))
            continue;
        if (x->as >= PAGU_VARY_DELTA) {
            add_amount(to, c, h, x, value);
        } else if (!factor && c->n_hits == 1) {
            factor = value;
        } else if (!factor) {
            factor = memcpy(w->product, value, B * sizeof *value);
        } else {
            multiply(w->product, value, B);
        }
    }
    if (factor && c->wide)
        add_rounded_wide(to, factor, (double)c->base * c->sign, c->base * c->sign, B);
    else if (factor)
        add_rounded(to, factor, (double)c->base * c->sign, c->base * c->sign, B);
}

static void roll_up(const pagu_simulation *sim, uint32_t block)
{
    for (uint32_t i = sim->n_slots; i-- > 0;) {
        const sim_slot *s = &sim->slots[i];
        int64_t *values = sim->values + (size_t)i * sim->stride + (size_t)block * B;
        if (s->above != NO_SLOT && s->sign != 0)
            add_up(sim->values + (size_t)s->above * sim->stride + (size_t)block * B, values, s->sign, B);
        for (int d = 0; d < B; d++)
            values[d] += s->base;
    }
}

static bool run_block(worker *w, uint32_t block)
{
    const pagu_simulation *sim = w->crew->sim;
    for (uint32_t i = 0; i < sim->n_path_buffers; i++)
        w->path_row[i] = PAGU_NO_ROW;
    draw_shared(w, block);
    for (uint32_t i = 0; i < sim->n_cells; i++) {
        if ((i & 0xff) == 0 && pagu_ctx_interrupted(sim->ctx))
            return false;
        run_cell(w, &sim->cells[i], block);
    }
    roll_up(sim, block);
    return true;
}

/* ---- threads ---- */

static void *draw_blocks(void *arg)
{
    worker *w = arg;
    uint32_t block;
    while ((block = atomic_fetch_add(&w->crew->next_block, 1)) < w->crew->n_blocks)
        if (!run_block(w, block))
            break;
    return NULL;
}

static void *sort_slots(void *arg)
{
    worker *w = arg;
    const pagu_simulation *sim = w->crew->sim;
    uint32_t slot;
    while ((slot = atomic_fetch_add(&w->crew->next_slot, 1)) < sim->n_slots && !pagu_ctx_interrupted(sim->ctx)) {
        pagu_money *sorted = sim->sorted + (size_t)slot * sim->draws;
        memcpy(sorted, sim->values + (size_t)slot * sim->stride, sim->draws * sizeof *sorted);
        simulate_sort(sorted, w->scratch, sim->draws);
    }
    return NULL;
}

/* Threads that can't be made are no error: the caller's does their work. */
static void work_together(crew *c, void *(*work)(void *))
{
    bool started[THREADS_MAX] = { false };
    for (uint32_t i = 1; i < c->n_workers; i++)
        started[i] = pthread_create(&c->workers[i].thread, NULL, work, &c->workers[i]) == 0;
    work(&c->workers[0]);
    for (uint32_t i = 1; i < c->n_workers; i++)
        if (started[i])
            pthread_join(c->workers[i].thread, NULL);
}

static uint32_t count_workers(uint32_t asked, uint32_t blocks)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint32_t n = asked ? asked : processors > 0 ? (uint32_t)processors : 1;
    n = n > blocks ? blocks : n;
    return n > THREADS_MAX ? THREADS_MAX : n;
}

static bool equip(crew *c, worker *w)
{
    pagu_simulation *sim = c->sim;
    w->crew = c;
    w->memory = mem_array(sim->ctx, c->buffers, sizeof *w->memory);
    w->scratch = mem_array(sim->ctx, sim->draws, sizeof *w->scratch);
    w->path_row = mem_array(sim->ctx, sim->n_path_buffers + 1, sizeof *w->path_row);
    if (!w->memory || !w->scratch || !w->path_row)
        return false;
    w->work = w->memory;
    w->product = w->work + B;
    w->sources = w->product + B;
    w->shared = w->sources + (size_t)sim->n_sources * B;
    w->paths = w->shared + (size_t)sim->n_instances * B;
    return true;
}

static void dismiss(crew *c)
{
    pagu_ctx *ctx = c->sim->ctx;
    for (uint32_t i = 0; i < c->n_workers; i++) {
        worker *w = &c->workers[i];
        mem_free(ctx, w->memory, w->memory ? c->buffers * sizeof *w->memory : 0);
        mem_free(ctx, w->scratch, w->scratch ? c->sim->draws * sizeof *w->scratch : 0);
        mem_free(ctx, w->path_row, w->path_row ? (c->sim->n_path_buffers + 1) * sizeof *w->path_row : 0);
    }
}

pagu_code simulate_run(pagu_simulation *sim, uint32_t threads, pagu_error *err)
{
    pagu_code code = PAGU_OK;
    crew c = { .sim = sim, .n_blocks = sim->stride / B };
    c.n_workers = count_workers(threads, c.n_blocks);
    c.buffers = (2 + (size_t)sim->n_sources + sim->n_instances + sim->n_path_buffers) * B;
    for (uint32_t i = 0; code == PAGU_OK && i < c.n_workers; i++)
        if (!equip(&c, &c.workers[i]))
            code = err_memory(sim->ctx, err);
    if (code == PAGU_OK)
        work_together(&c, draw_blocks);
    if (code == PAGU_OK && !pagu_ctx_interrupted(sim->ctx))
        work_together(&c, sort_slots);
    dismiss(&c);
    if (code == PAGU_OK && pagu_ctx_interrupted(sim->ctx))
        code = err_set(sim->ctx, err, PAGU_INTERRUPTED, "interrupted");
    return code;
}
