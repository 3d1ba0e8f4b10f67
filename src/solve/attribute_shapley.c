/* attribute_shapley.c - the Shapley value of a game of integers, exact or from drawn orders.
 * SPDX-License-Identifier: MIT */
#include "solve/attribute.h"
#include "solve/random.h"

#include <stdio.h>

/* ---- all sets ---- */

static pagu_code poll(pagu_ctx *ctx, pagu_error *err)
{
    return pagu_ctx_interrupted(ctx) ? err_set(ctx, err, PAGU_INTERRUPTED, "interrupted") : PAGU_OK;
}

static pagu_code value_of_sets(const game *g, int64_t *values, pagu_error *err)
{
    uint8_t in[MOST_EXACT];
    pagu_code rc = PAGU_OK;
    for (uint32_t set = 0; set < 1u << g->n && !rc; set++) {
        for (uint32_t i = 0; i < g->n; i++)
            in[i] = set >> i & 1;
        rc = set % 64 == 63 ? poll(g->ctx, err) : PAGU_OK;
        if (!rc)
            rc = g->value(g->ud, in, &values[set], err);
    }
    return rc;
}

/* How many of the n! orders have just a set of s players before one: s! (n - s - 1)!, as a share of 12!. */
static void order_weights(uint32_t n, int64_t *weights)
{
    int64_t factorial[MOST_EXACT + 1] = { 1 };
    for (uint32_t i = 1; i <= MOST_EXACT; i++)
        factorial[i] = factorial[i - 1] * i;
    for (uint32_t s = 0; s < n; s++)
        weights[s] = factorial[s] * factorial[n - s - 1] * (factorial[MOST_EXACT] / factorial[n]);
}

pagu_code shapley_exact(const game *g, wide *part, pagu_error *err)
{
    int64_t weights[MOST_EXACT];
    size_t n_sets = (size_t)1 << g->n;
    int64_t *values = mem_array(g->ctx, n_sets, sizeof *values);
    if (!values)
        return err_memory(g->ctx, err);
    pagu_code rc = value_of_sets(g, values, err);
    order_weights(g->n, weights);
    for (uint32_t set = 0; set < n_sets && !rc; set++)
        for (uint32_t i = 0; i < g->n; i++)
            if (!(set >> i & 1))
                part[i] += ((wide)values[set | 1u << i] - values[set]) * weights[__builtin_popcount(set)];
    mem_free(g->ctx, values, n_sets * sizeof *values);
    return rc;
}

/* ---- drawn orders ---- */

typedef struct drawing {
    const game *g;
    const sampling *how;
    uint32_t *order;
    uint8_t *in;
    wide *sum;   /* of what each player changed */
    wide *first; /* in the first order of the pair */
    double *mean, *squares;
    int64_t none;
} drawing;

static void draw_order(drawing *d, uint32_t pair)
{
    uint32_t n = d->g->n, words[4];
    char stream[40];
    snprintf(stream, sizeof stream, "attribute %llu", (unsigned long long)d->how->stream);
    random_key key = random_key_make(d->how->seed, stream);
    for (uint32_t i = 0; i < n; i++)
        d->order[i] = i;
    for (uint32_t i = n; i-- > 1;) {
        random_words(key, pair, i, 0, words);
        uint64_t w = (uint64_t)words[0] << 32 | words[1];
        uint32_t k = (uint32_t)((unsigned __int128)w * (i + 1) >> 64);
        uint32_t moved = d->order[i];
        d->order[i] = d->order[k];
        d->order[k] = moved;
    }
}

/* Let the players in, one by one, and note what each one changes. */
static pagu_code walk_order(drawing *d, bool backwards, pagu_error *err)
{
    uint32_t n = d->g->n;
    int64_t before = d->none, after;
    memset(d->in, 0, n);
    for (uint32_t k = 0; k < n; k++) {
        uint32_t player = d->order[backwards ? n - 1 - k : k];
        d->in[player] = 1;
        pagu_code rc = d->g->value(d->g->ud, d->in, &after, err);
        if (rc)
            return rc;
        d->sum[player] += (wide)after - before;
        if (!backwards) {
            d->first[player] = (wide)after - before;
        } else { /* Welford, over means of pairs */
            double x = (double)((wide)after - before + d->first[player]) / 2;
            double off = x - d->mean[player];
            d->mean[player] += off / d->squares[n]; /* squares[n] counts the pairs */
            d->squares[player] += off * (x - d->mean[player]);
        }
        before = after;
    }
    return PAGU_OK;
}

/* sum / orders, in units of 1/12!, so that what adds up stays so. */
static void take_means(const drawing *d, wide *part, double *variance)
{
    wide orders = 2 * (wide)d->how->pairs, left = 0;
    uint32_t n = d->g->n;
    for (uint32_t i = 0; i < n; i++) {
        wide scaled = d->sum[i] * SHAPLEY_UNIT, share = scaled / orders;
        part[i] += share;
        left += scaled - share * orders;
        if (d->how->pairs > 1)
            variance[i] += d->squares[i] / ((double)d->how->pairs - 1) / d->how->pairs;
    }
    wide step = left < 0 ? -1 : 1; /* a few 1/12!: to the first players */
    for (uint32_t i = 0; left != 0; i = (i + 1) % n, left -= step * orders)
        part[i] += step;
}

static pagu_code draw(drawing *d, pagu_error *err)
{
    memset(d->in, 0, d->g->n);
    pagu_code rc = d->g->value(d->g->ud, d->in, &d->none, err);
    for (uint32_t pair = 0; pair < d->how->pairs && !rc; pair++) {
        draw_order(d, pair);
        d->squares[d->g->n] = pair + 1.0;
        rc = walk_order(d, false, err);
        if (!rc)
            rc = walk_order(d, true, err);
        if (!rc)
            rc = poll(d->g->ctx, err);
    }
    return rc;
}

pagu_code shapley_sampled(const game *g, const sampling *how, wide *part, double *variance, pagu_error *err)
{
    pagu_ctx *ctx = g->ctx;
    size_t n = g->n;
    drawing d = { .g = g,
                  .how = how,
                  .order = mem_array(ctx, n, sizeof *d.order),
                  .in = mem_zarray(ctx, n, 1),
                  .sum = mem_zarray(ctx, n, sizeof *d.sum),
                  .first = mem_zarray(ctx, n, sizeof *d.first),
                  .mean = mem_zarray(ctx, n, sizeof *d.mean),
                  .squares = mem_zarray(ctx, n + 1, sizeof *d.squares) };
    bool ok = d.order && d.in && d.sum && d.first && d.mean && d.squares;
    pagu_code rc = ok ? draw(&d, err) : err_memory(ctx, err);
    if (!rc)
        take_means(&d, part, variance);
    mem_free(ctx, d.order, n * sizeof *d.order);
    mem_free(ctx, d.in, n);
    mem_free(ctx, d.sum, n * sizeof *d.sum);
    mem_free(ctx, d.first, n * sizeof *d.first);
    mem_free(ctx, d.mean, n * sizeof *d.mean);
    mem_free(ctx, d.squares, (n + 1) * sizeof *d.squares);
    return rc;
}

/* ---- rounding ---- */

pagu_code shapley_round(pagu_ctx *ctx, const wide *part, uint32_t n, int64_t *out)
{
    wide sum = 0, given = 0;
    pagu_code rc = PAGU_OK;
    uint8_t *taken = mem_zarray(ctx, n, 1);
    if (n && !taken)
        return PAGU_NO_MEMORY;
    for (uint32_t i = 0; i < n; i++) {
        wide whole = wide_div_floor(part[i], SHAPLEY_UNIT);
        rc = wide_to_int64(whole, &out[i]) ? rc : PAGU_OVERFLOW;
        sum += part[i];
        given += whole;
    }
    for (wide left = sum / SHAPLEY_UNIT - given; left > 0 && !rc; left--) {
        uint32_t best = n;
        wide most = -1;
        for (uint32_t i = 0; i < n; i++) {
            wide rest = part[i] - wide_div_floor(part[i], SHAPLEY_UNIT) * SHAPLEY_UNIT;
            if (!taken[i] && rest > most) {
                most = rest;
                best = i;
            }
        }
        taken[best] = 1;
        out[best]++;
    }
    mem_free(ctx, taken, n);
    return rc;
}
