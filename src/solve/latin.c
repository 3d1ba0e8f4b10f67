/* latin.c - Latin hypercubes. See pagu/sweep.h.
 * SPDX-License-Identifier: MIT */
#include "base/base.h"
#include "pagu/sweep.h"
#include "solve/random.h"

#include <math.h>

enum { PLACE = 0, INSIDE = 1 }; /* lanes: the part a run takes, and where in it */

static uint64_t word_at(random_key key, uint32_t i, uint32_t lane)
{
    uint32_t w[4];
    random_words(key, i, 0, lane, w);
    return (uint64_t)w[0] << 32 | w[1];
}

/* Fisher and Yates: the part of each of n runs. */
static uint32_t *shuffled_parts(pagu_ctx *ctx, random_key key, uint32_t n)
{
    uint32_t *part = mem_array(ctx, n, sizeof *part);
    if (!part)
        return NULL;
    for (uint32_t i = 0; i < n; i++)
        part[i] = i;
    for (uint32_t i = n; i-- > 1;) {
        uint32_t k = (uint32_t)((unsigned __int128)word_at(key, i, PLACE) * (i + 1) >> 64), swap = part[i];
        part[i] = part[k];
        part[k] = swap;
    }
    return part;
}

static pagu_code start(pagu_ctx *ctx, uint64_t seed, const char *name, uint32_t n, random_key *key, uint32_t **part,
                       pagu_error *err)
{
    *key = random_key_make(seed ^ UINT64_C(0x6c6174696e), name); /* "latin": not the stream of a simulation */
    if (n == 0)
        return err_set(ctx, err, PAGU_ARGUMENT, "a Latin hypercube needs at least one run");
    *part = shuffled_parts(ctx, *key, n);
    return *part ? PAGU_OK : err_memory(ctx, err);
}

/* Decimals that change a value by less than a two-thousandth of a part; INFINITY-free powers only. */
static double scale_of(double step)
{
    double scale = 1;
    while (scale < 1e15 && scale * step < 2000)
        scale *= 10;
    return scale;
}

pagu_code pagu_latin_numbers(pagu_ctx *ctx, uint64_t seed, const char *name, double lo, double hi, uint32_t n,
                             double *out, pagu_error *err)
{
    random_key key;
    uint32_t *part = NULL;
    if (!isfinite(lo) || !isfinite(hi) || !(lo < hi) || !isfinite(hi - lo))
        return err_set(ctx, err, PAGU_ARGUMENT, "the range of \"%s\" must go up", name);
    pagu_code code = start(ctx, seed, name, n, &key, &part, err);
    if (code != PAGU_OK)
        return code;
    double width = hi - lo, scale = scale_of(width / n);
    for (uint32_t i = 0; i < n; i++) {
        uint64_t inside = word_at(key, i, INSIDE) % 999 + 1; /* away from the ends, so that rounding stays inside */
        double value = lo + width * (((double)part[i] + (double)inside / 1000) / n);
        double rounded = round(value * scale) / scale;
        out[i] = rounded > lo && rounded < hi && fabs(value) * scale < 9e15 ? rounded : value;
    }
    mem_free(ctx, part, n * sizeof *part);
    return PAGU_OK;
}

pagu_code pagu_latin_integers(pagu_ctx *ctx, uint64_t seed, const char *name, int64_t lo, int64_t hi, uint32_t n,
                              int64_t *out, pagu_error *err)
{
    random_key key;
    uint32_t *part = NULL;
    if (lo > hi)
        return err_set(ctx, err, PAGU_ARGUMENT, "the range of \"%s\" must go up", name);
    pagu_code code = start(ctx, seed, name, n, &key, &part, err);
    if (code != PAGU_OK)
        return code;
    unsigned __int128 count = (unsigned __int128)((uint64_t)hi - (uint64_t)lo) + 1, parts = (unsigned __int128)n << 32;
    for (uint32_t i = 0; i < n; i++) {
        /* (part + u) / n of the count, u in 32 bits; count < 2^64 + 1 and part < 2^32: in two steps of 128 bits */
        unsigned __int128 at = (unsigned __int128)part[i] << 32 | (uint32_t)(word_at(key, i, INSIDE) >> 32);
        unsigned __int128 whole = count / parts * at, rest = count % parts * at / parts;
        out[i] = (int64_t)((uint64_t)lo + (uint64_t)(whole + rest));
    }
    mem_free(ctx, part, n * sizeof *part);
    return PAGU_OK;
}
