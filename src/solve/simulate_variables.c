/* simulate_variables.c - variables of a simulation: keys, shared factors, correlation.
 * SPDX-License-Identifier: MIT */
#include "solve/simulate.h"

#include <math.h>
#include <stdio.h>

enum { NAME_MAX_BYTES = 255, VARY_MAX = 10000, CORRELATED_MAX = 500 };

random_key simulate_key(uint64_t seed, const char *kind, const char *name, const char *line, const char *period)
{
    char stream[3 * (NAME_MAX_BYTES + 1) + 32];
    snprintf(stream, sizeof stream, "%s\n%s\n%s\n%s", kind, name, line, period);
    return random_key_make(seed, stream);
}

static pagu_code check_name(pagu_ctx *ctx, const char *name, pagu_error *err)
{
    if (!name || !*name)
        return err_set(ctx, err, PAGU_ARGUMENT, "what varies needs a name: its draws follow it");
    if (strlen(name) > NAME_MAX_BYTES)
        return err_set(ctx, err, PAGU_ARGUMENT, "a name of what varies has more than %d bytes", NAME_MAX_BYTES);
    return PAGU_OK;
}

/* ---- sources ---- */

static pagu_code add_source(pagu_simulation *sim, random_key key, uint32_t *out, pagu_error *err)
{
    for (uint32_t i = 0; i < sim->n_sources; i++)
        if (sim->sources[i].word[0] == key.word[0] && sim->sources[i].word[1] == key.word[1]) {
            *out = i;
            return PAGU_OK;
        }
    if (!mem_grow(sim->ctx, &sim->sources, &sim->cap_sources, sim->n_sources, sizeof *sim->sources))
        return err_memory(sim->ctx, err);
    *out = sim->n_sources;
    sim->sources[sim->n_sources++] = key;
    return PAGU_OK;
}

static pagu_code add_term(pagu_simulation *sim, sim_mix *mix, random_key source, double weight, pagu_error *err)
{
    uint32_t s = 0;
    pagu_code code = add_source(sim, source, &s, err);
    if (code != PAGU_OK)
        return code;
    if (!mem_grow(sim->ctx, &sim->terms, &sim->cap_terms, sim->n_terms, sizeof *sim->terms))
        return err_memory(sim->ctx, err);
    sim->terms[sim->n_terms++] = (sim_term){ s, weight };
    mix->n_terms++;
    return PAGU_OK;
}

/* ---- loadings ---- */

static pagu_code check_loadings(pagu_ctx *ctx, const pagu_vary *d, double *own, pagu_error *err)
{
    double sum = 0;
    for (uint32_t f = 0; f < d->n_factors; f++) {
        if (!d->factors[f] || !*d->factors[f] || strlen(d->factors[f]) > NAME_MAX_BYTES)
            return err_set(ctx, err, PAGU_ARGUMENT, "%s: a factor needs a name", d->name);
        if (!(fabs(d->loadings[f]) <= 1))
            return err_set(ctx, err, PAGU_ARGUMENT, "%s: the loading of factor \"%s\" is not from -1 to 1", d->name,
                           d->factors[f]);
        for (uint32_t g = 0; g < f; g++)
            if (str_eq(d->factors[f], d->factors[g]))
                return err_set(ctx, err, PAGU_ARGUMENT, "%s: factor \"%s\" is given twice", d->name, d->factors[f]);
        sum += d->loadings[f] * d->loadings[f];
    }
    if (sum > 1 + 1e-12)
        return err_set(ctx, err, PAGU_ARGUMENT, "%s: the squares of its loadings sum to %g, more than 1", d->name, sum);
    *own = sqrt(sum < 1 ? 1 - sum : 0);
    return PAGU_OK;
}

/* ---- one variable ---- */

static const char *period_part(const pagu_view *v, const pagu_vary *d, uint32_t t)
{
    return d->path == PAGU_PATH_SAME ? "" : pagu_plan_period_id(pagu_view_plan(v), d->periods[t]);
}

static pagu_code add_instances(pagu_simulation *sim, const pagu_view *v, const pagu_vary *d, sim_vary *x, double own,
                               pagu_error *err)
{
    x->first_instance = sim->n_instances;
    x->n_instances = d->path == PAGU_PATH_SAME ? 1 : d->n_periods;
    for (uint32_t t = 0; t < x->n_instances; t++) {
        if (!mem_grow(sim->ctx, &sim->instances, &sim->cap_instances, sim->n_instances, sizeof *sim->instances))
            return err_memory(sim->ctx, err);
        sim_instance *i = &sim->instances[sim->n_instances++];
        const char *period = period_part(v, d, t);
        *i = (sim_instance){ (uint32_t)(x - sim->vary),
                             simulate_key(sim->seed, "vary", d->name, "", period),
                             { sim->n_terms, 0, own } };
        for (uint32_t f = 0; f < d->n_factors; f++) {
            random_key key = simulate_key(sim->seed, "factor", d->factors[f], "", period);
            pagu_code code = add_term(sim, &i->mix, key, d->loadings[f], err);
            if (code != PAGU_OK)
                return code;
        }
    }
    return PAGU_OK;
}

/* What a draw multiplies with, or adds, at most. */
static double bound_of(const pagu_vary *d, const sim_vary *x)
{
    double low, high, score = DIST_SCORE_MAX * (1 + d->n_factors);
    dist_range(&x->dist, score, &low, &high);
    if (d->as == PAGU_VARY_PERCENT) {
        low = 1 + low / 100;
        high = 1 + high / 100;
    }
    double bound = fmax(fabs(low), fabs(high));
    if (d->path == PAGU_PATH_CUMULATIVE)
        bound = d->as >= PAGU_VARY_DELTA ? bound * d->n_periods : bound > 1 ? pow(bound, d->n_periods) : 1;
    return bound;
}

static pagu_code check_vary(pagu_ctx *ctx, const pagu_view *v, const pagu_vary *d, pagu_error *err)
{
    pagu_plan *plan = pagu_view_plan(v);
    pagu_code code = check_name(ctx, d->name, err);
    if (code == PAGU_OK)
        code = pagu_dist_check(ctx, &d->dist, d->name, err);
    if (code != PAGU_OK)
        return code;
    if (!d->at || d->n_periods == 0)
        return err_set(ctx, err, PAGU_ARGUMENT, "%s: a place and a period are needed", d->name);
    if (pagu_plan_field_kind(plan, d->field) != PAGU_FIELD_MONEY)
        return err_set(ctx, err, PAGU_UNKNOWN_FIELD, "%s: only money varies", d->name);
    for (uint32_t t = 1; t < d->n_periods; t++)
        if (d->periods[t] <= d->periods[t - 1])
            return err_set(ctx, err, PAGU_ARGUMENT, "%s: its years must go up, each once", d->name);
    if (d->as == PAGU_VARY_TOTAL && d->path == PAGU_PATH_CUMULATIVE)
        return err_set(ctx, err, PAGU_ARGUMENT, "%s: a total can't be cumulative", d->name);
    return PAGU_OK;
}

static pagu_code add_vary(pagu_simulation *sim, const pagu_view *v, const pagu_simulate_options *o, uint32_t index,
                          pagu_error *err)
{
    double own = 1;
    const pagu_vary *d = &o->vary[index];
    sim_vary *x = &sim->vary[index];
    pagu_code code = check_vary(sim->ctx, v, d, err);
    if (code == PAGU_OK)
        code = check_loadings(sim->ctx, d, &own, err);
    for (uint32_t i = 0; code == PAGU_OK && i < index; i++)
        if (str_eq(o->vary[i].name, d->name))
            code = err_set(sim->ctx, err, PAGU_ARGUMENT, "two things that vary are named \"%s\"", d->name);
    if (code == PAGU_OK)
        code = dist_prepare(sim->ctx, &d->dist, &x->dist, err);
    if (code != PAGU_OK)
        return code;
    x->as = d->as;
    x->path = d->path;
    x->per_line = d->per_line;
    x->units = d->n_factors == 0 && dist_wants_units(&x->dist);
    x->bound = bound_of(d, x);
    x->path_buffer = NO_SLOT;
    if (d->per_line && d->path != PAGU_PATH_INDEPENDENT && d->n_periods > 1)
        x->path_buffer = sim->n_path_buffers++;
    return add_instances(sim, v, d, x, own, err);
}

/* ---- a correlation matrix ---- */

/* Index of a variable among the correlated ones, added if new. */
static pagu_code find_correlated(const pagu_simulate_options *o, pagu_ctx *ctx, const char *name, uint32_t *list,
                                 uint32_t *n, uint32_t *out, pagu_error *err)
{
    uint32_t i = 0;
    while (i < o->n_vary && !str_eq(o->vary[i].name, name ? name : ""))
        i++;
    if (i == o->n_vary)
        return err_set(ctx, err, PAGU_ARGUMENT, "correlation: nothing that varies is named \"%s\"", name ? name : "");
    if (o->vary[i].per_line)
        return err_set(ctx, err, PAGU_ARGUMENT,
                       "correlation: \"%s\" is drawn for every line; give it a factor, or one draw for the place",
                       name);
    if (o->vary[i].n_factors)
        return err_set(ctx, err, PAGU_ARGUMENT, "correlation: \"%s\" has factors already", name);
    for (*out = 0; *out < *n; ++*out)
        if (list[*out] == i)
            return PAGU_OK;
    if (*n == CORRELATED_MAX)
        return err_set(ctx, err, PAGU_LIMIT, "correlation: more than %d variables", CORRELATED_MAX);
    list[(*n)++] = i;
    return PAGU_OK;
}

static pagu_code fill_matrix(pagu_simulation *sim, const pagu_simulate_options *o, uint32_t *list, uint32_t *n,
                             double *matrix, uint32_t room, pagu_error *err)
{
    for (uint32_t c = 0; c < o->n_correlations; c++) {
        const pagu_correlation *pair = &o->correlations[c];
        uint32_t a = 0, b = 0;
        pagu_code code = find_correlated(o, sim->ctx, pair->a, list, n, &a, err);
        if (code == PAGU_OK)
            code = find_correlated(o, sim->ctx, pair->b, list, n, &b, err);
        if (code != PAGU_OK)
            return code;
        if (a == b || !(fabs(pair->r) <= 1))
            return err_set(sim->ctx, err, PAGU_ARGUMENT,
                           "correlation of \"%s\" and \"%s\": %g is not from -1 to 1 "
                           "between two variables",
                           pair->a, pair->b, pair->r);
        if (sim->vary[list[a]].n_instances != sim->vary[list[b]].n_instances)
            return err_set(sim->ctx, err, PAGU_ARGUMENT, "correlation: \"%s\" and \"%s\" need as many years each",
                           pair->a, pair->b);
        if (matrix[a * room + b] != 0 && matrix[a * room + b] != pair->r)
            return err_set(sim->ctx, err, PAGU_ARGUMENT, "correlation of \"%s\" and \"%s\" is given twice", pair->a,
                           pair->b);
        matrix[a * room + b] = matrix[b * room + a] = pair->r;
    }
    return PAGU_OK;
}

/* In place, lower triangle. On failure *row, *col name the pair that can't be. */
static bool decompose(double *m, uint32_t n, uint32_t room, uint32_t *row, uint32_t *col)
{
    for (uint32_t i = 0; i < n; i++) {
        double rest = 1;
        for (uint32_t j = 0; j < i; j++) {
            double sum = m[i * room + j];
            for (uint32_t k = 0; k < j; k++)
                sum -= m[i * room + k] * m[j * room + k];
            double pivot = m[j * room + j];
            double l = pivot > 1e-9 ? sum / pivot : 0;
            *row = i;
            *col = j;
            rest -= l * l;
            if (rest < -1e-9 || (pivot <= 1e-9 && fabs(sum) > 1e-9))
                return false;
            m[i * room + j] = l;
        }
        m[i * room + i] = sqrt(rest > 0 ? rest : 0);
    }
    return true;
}

/* Scores of correlated variables come of sources, one a variable and period, by the rows of the triangle. */
static pagu_code mix_correlated(pagu_simulation *sim, const uint32_t *list, uint32_t n, const double *m, uint32_t room,
                                pagu_error *err)
{
    for (uint32_t i = 0; i < n; i++) {
        sim_vary *x = &sim->vary[list[i]];
        x->units = false;
        for (uint32_t t = 0; t < x->n_instances; t++) {
            sim_mix *mix = &sim->instances[x->first_instance + t].mix;
            *mix = (sim_mix){ sim->n_terms, 0, 0 };
            for (uint32_t j = 0; j <= i; j++) {
                random_key key = sim->instances[sim->vary[list[j]].first_instance + t].key;
                double weight = m[i * room + j];
                pagu_code code = weight != 0 ? add_term(sim, mix, key, weight, err) : PAGU_OK;
                if (code != PAGU_OK)
                    return code;
            }
        }
    }
    return PAGU_OK;
}

static pagu_code correlate(pagu_simulation *sim, const pagu_simulate_options *o, pagu_error *err)
{
    uint32_t n = 0, row = 0, col = 0;
    uint32_t room = o->n_correlations < CORRELATED_MAX / 2 ? 2 * o->n_correlations : CORRELATED_MAX;
    uint32_t *list = mem_array(sim->ctx, room, sizeof *list);
    double *matrix = mem_zarray(sim->ctx, (size_t)room * room, sizeof *matrix);
    pagu_code code = list && matrix ? PAGU_OK : err_memory(sim->ctx, err);
    if (code == PAGU_OK)
        code = fill_matrix(sim, o, list, &n, matrix, room, err);
    if (code == PAGU_OK && !decompose(matrix, n, room, &row, &col))
        code = err_set(sim->ctx, err, PAGU_ARGUMENT,
                       "the correlations contradict each other: \"%s\" and \"%s\" can't "
                       "have this one beside the others (not positive definite)",
                       o->vary[list[row]].name, o->vary[list[col]].name);
    if (code == PAGU_OK)
        code = mix_correlated(sim, list, n, matrix, room, err);
    mem_free(sim->ctx, list, room * sizeof *list);
    mem_free(sim->ctx, matrix, (size_t)room * room * sizeof *matrix);
    return code;
}

pagu_code simulate_variables(pagu_simulation *sim, const pagu_view *v, const pagu_simulate_options *o, pagu_error *err)
{
    pagu_code code = PAGU_OK;
    if (o->n_vary > VARY_MAX)
        return err_set(sim->ctx, err, PAGU_LIMIT, "more than %d things vary", VARY_MAX);
    sim->vary = mem_zarray(sim->ctx, o->n_vary, sizeof *sim->vary);
    if (!sim->vary && o->n_vary)
        return err_memory(sim->ctx, err);
    sim->n_vary = o->n_vary;
    for (uint32_t i = 0; code == PAGU_OK && i < o->n_vary; i++)
        code = add_vary(sim, v, o, i, err);
    if (code == PAGU_OK && o->n_correlations)
        code = correlate(sim, o, err);
    return code;
}

pagu_code pagu_dist_draws(pagu_ctx *ctx, const pagu_dist *d, uint64_t seed, const char *name, uint32_t n, double *out,
                          pagu_error *err)
{
    dist_ready ready = { 0 };
    double x[NOISE_BLOCK];
    pagu_code code = check_name(ctx, name, err);
    if (code == PAGU_OK)
        code = pagu_dist_check(ctx, d, name, err);
    if (code == PAGU_OK)
        code = dist_prepare(ctx, d, &ready, err);
    if (code != PAGU_OK)
        return code;
    random_key key = simulate_key(seed, "vary", name, "", "");
    for (uint32_t block = 0; (uint64_t)block * NOISE_BLOCK < n; block++) {
        uint32_t first = block * NOISE_BLOCK, count = n - first < NOISE_BLOCK ? n - first : NOISE_BLOCK;
        (dist_wants_units(&ready) ? noise_units : noise_normals)(key, block, x);
        (dist_wants_units(&ready) ? dist_of_units : dist_of_normals)(&ready, x, NOISE_BLOCK);
        memcpy(out + first, x, count * sizeof *x);
    }
    dist_release(ctx, &ready);
    return PAGU_OK;
}
