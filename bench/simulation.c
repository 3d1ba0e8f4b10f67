/* simulation.c - P6: 10^4 draws of every line, roll-up, quantiles of 200 nodes.
 *
 * Two kernels, the least that answers the question: double noise (xoshiro256+ in eight lanes, Box-Muller) and float
 * noise (Philox4x32-10, Box-Muller in floats). They add doubles, know no keys, round nothing, and draw other numbers on
 * another number of threads; both use fused operations, which pagu may not. The engine's draws are whole rupiah, keyed
 * by line, the same on every machine. SPDX-License-Identifier: MIT */
#include "timing.h"

#include "simulation.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { BLOCK = 512, DRAWS = 10000, NODES = 200, WORKERS_MAX = 2 };

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define FAST __attribute__((target("arch=x86-64-v4,prefer-vector-width=512")))
#else
#define FAST
#endif
#define INLINE static inline __attribute__((always_inline))

typedef struct study {
    const struct gen_plan *gen;
    const pagu_view *view;
    pagu_column column;
    uint32_t draws, stride, n_nodes, nodes[NODES];
    int threads;
    bool single;
    uint32_t *inner; /* by row: its number among the inner rows */
    uint32_t n_inner;
    double *values; /* of the nodes, by draw: what the kernels fill */
    int64_t checksum;
} study;

/* ---- noise of the kernels ---- */

typedef struct xoshiro {
    uint64_t s[4][8];
} xoshiro;

static void seed_xoshiro(xoshiro *x, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        for (int k = 0; k < 8; k++) {
            seed += 0x9E3779B97F4A7C15u;
            uint64_t z = (seed ^ seed >> 30) * 0xBF58476D1CE4E5B9u;
            z = (z ^ z >> 27) * 0x94D049BB133111EBu;
            x->s[i][k] = z ^ z >> 31;
        }
}

/* Doubles in [1, 2). */
FAST static void xoshiro_block(xoshiro *x, double *restrict u, int n)
{
    for (int i = 0; i < n; i += 8)
        for (int k = 0; k < 8; k++) {
            uint64_t a = x->s[0][k], b = x->s[1][k], c = x->s[2][k], d = x->s[3][k];
            uint64_t bits = (a + d) >> 12 | UINT64_C(0x3ff0000000000000), t = b << 17;
            c ^= a;
            d ^= b;
            b ^= c;
            a ^= d;
            c ^= t;
            d = d << 45 | d >> 19;
            x->s[0][k] = a, x->s[1][k] = b, x->s[2][k] = c, x->s[3][k] = d;
            memcpy(&u[i + k], &bits, 8);
        }
}

/* -2 log of x in (0, 1], by the halves of a double. */
INLINE FAST double minus_two_log(double x)
{
    uint64_t bits, top;
    memcpy(&bits, &x, 8);
    top = (bits - UINT64_C(0x3fe6a09e667f3bcd) + UINT64_C(0x4000000000000000)) >> 52;
    bits -= (top - 0x400) << 52;
    double m, k = (double)(int64_t)(top - 0x400);
    memcpy(&m, &bits, 8);
    double f = m - 1, s = f / (2 + f), z = s * s;
    double p = 1.479819860511658591e-01;
    p = p * z + 1.531383769920937332e-01;
    p = p * z + 1.818357216161805012e-01;
    p = p * z + 2.222219843214978396e-01;
    p = p * z + 2.857142874366239149e-01;
    p = p * z + 3.999999999940941908e-01;
    p = p * z + 6.666666666666735130e-01;
    return -2 * (k * 0.6931471805599453 + s * (2 + z * p));
}

/* Sine and cosine of 2 pi (v - 1.5), v in [1, 2): the quarter turn by its half angle, doubled twice. */
INLINE FAST void sine_and_cosine(double v, double *sine, double *cosine)
{
    double x = (v - 1.5) * 1.5707963267948966, y = x * x; /* a quarter of the angle */
    double s = x * (1 + y * (-1.0 / 6 + y * (1.0 / 120 + y * (-1.0 / 5040 + y * (1.0 / 362880 - y / 39916800)))));
    double c = 1 + y * (-0.5 + y * (1.0 / 24 + y * (-1.0 / 720 + y * (1.0 / 40320 - y / 3628800))));
    double s2 = 2 * s * c, c2 = 1 - 2 * s * s;
    *sine = 2 * s2 * c2;
    *cosine = 1 - 2 * s2 * s2;
}

FAST static void add_double(double *restrict to, const double *restrict u, double base, int half)
{
    for (int i = 0; i < half; i++) {
        double r = sqrt(minus_two_log(2 - u[i])), s, c;
        sine_and_cosine(u[half + i], &s, &c);
        to[i] += base * (1 + 0.1 * (r * c));
        to[half + i] += base * (1 + 0.1 * (r * s));
    }
}

#if defined(__x86_64__)
FAST static void philox_block(uint32_t key, uint32_t first, uint32_t *restrict w, int n)
{
    const __m512i evens = _mm512_setr_epi32(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30);
    const __m512i odds = _mm512_setr_epi32(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
    const __m512i m = _mm512_set1_epi64(0xD2511F53), k = _mm512_set1_epi64(0xCD9E8D57);
    for (int i = 0; i < n; i += 16) {
        __m512i a = _mm512_add_epi32(_mm512_set1_epi32((int)first + i),
                                     _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
        __m512i b = _mm512_set1_epi32((int)key), c = _mm512_setzero_si512(), d = c;
#pragma GCC unroll 10
        for (int round = 0; round < 10; round++) {
            __m512i p = _mm512_mul_epu32(a, m), p2 = _mm512_mul_epu32(_mm512_srli_epi64(a, 32), m);
            __m512i q = _mm512_mul_epu32(c, k), q2 = _mm512_mul_epu32(_mm512_srli_epi64(c, 32), k);
            a = _mm512_ternarylogic_epi32(_mm512_permutex2var_epi32(q, odds, q2), b,
                                          _mm512_set1_epi32((int)(1 + (uint32_t)round * 0x9E3779B9u)), 0x96);
            c = _mm512_ternarylogic_epi32(_mm512_permutex2var_epi32(p, odds, p2), d,
                                          _mm512_set1_epi32((int)(2 + (uint32_t)round * 0xBB67AE85u)), 0x96);
            b = _mm512_permutex2var_epi32(q, evens, q2);
            d = _mm512_permutex2var_epi32(p, evens, p2);
        }
        _mm512_storeu_si512(w + i, a);
        _mm512_storeu_si512(w + n + i, b);
        _mm512_storeu_si512(w + 2 * n + i, c);
        _mm512_storeu_si512(w + 3 * n + i, d);
    }
}
#else
static void philox_block(uint32_t key, uint32_t first, uint32_t *restrict w, int n)
{
    for (int i = 0; i < n; i++) {
        uint32_t a = first + (uint32_t)i, b = key, c = 0, d = 0;
        for (uint32_t round = 0; round < 10; round++) {
            uint64_t p = (uint64_t)a * 0xD2511F53u, q = (uint64_t)c * 0xCD9E8D57u;
            a = (uint32_t)(q >> 32) ^ b ^ (1 + round * 0x9E3779B9u);
            c = (uint32_t)(p >> 32) ^ d ^ (2 + round * 0xBB67AE85u);
            b = (uint32_t)q;
            d = (uint32_t)p;
        }
        w[i] = a, w[n + i] = b, w[2 * n + i] = c, w[3 * n + i] = d;
    }
}
#endif

FAST static void add_float(double *restrict to, const uint32_t *restrict w, double base, int half)
{
    for (int i = 0; i < half; i++) {
        uint32_t bits = w[i] >> 9 | 0x3f800000u, other = w[half + i] >> 9 | 0x3f800000u, m_bits;
        float u, v;
        memcpy(&u, &bits, 4);
        memcpy(&v, &other, 4);
        float x = 2 - u;
        memcpy(&m_bits, &x, 4);
        uint32_t top = (m_bits - 0x3f3504f3u + 0x40000000u) >> 23;
        m_bits -= (top - 0x80u) << 23;
        float m;
        memcpy(&m, &m_bits, 4);
        float f = m - 1, s = f / (2 + f), z = s * s;
        float l = (float)(int32_t)(top - 0x80u) * 0.69314718f +
                  s * (2 + z * (0.66666662f + z * (0.40000972f + z * (0.28498787f + z * 0.24279079f))));
        float r = sqrtf(-2 * l), a = (v - 1.5f) * 1.5707964f, y = a * a;
        float sn = a * (1 + y * (-0.16666667f + y * (8.3333333e-3f - y * 1.9841270e-4f)));
        float cs = 1 + y * (-0.5f + y * (4.1666667e-2f - y * 1.3888889e-3f));
        float s2 = 2 * sn * cs, c2 = 1 - 2 * sn * sn;
        to[i] += base * (double)(1 + 0.1f * (r * (1 - 2 * s2 * s2)));
        to[half + i] += base * (double)(1 + 0.1f * (r * (2 * s2 * c2)));
    }
}

FAST static void add_row(double *restrict to, const double *restrict from, int n)
{
    for (int i = 0; i < n; i++)
        to[i] += from[i];
}

/* ---- the kernel: blocks of draws, lines to their parents, parents to theirs ---- */

typedef struct hand {
    pthread_t thread;
    study *s;
    int number;
} hand;

static void kernel_block(const study *s, uint32_t block, xoshiro *x, double *sums)
{
    const struct gen_plan *g = s->gen;
    double u[BLOCK];
    uint32_t w[BLOCK];
    memset(sums, 0, (size_t)s->n_inner * BLOCK * sizeof *sums);
    for (uint32_t r = g->n_rows; r-- > 1;) {
        double *to = sums + (size_t)s->inner[g->parent[r]] * BLOCK;
        if (!gen_is_line(g, r)) {
            add_row(to, sums + (size_t)s->inner[r] * BLOCK, BLOCK);
        } else if (s->single) {
            philox_block(r, block * (BLOCK / 4), w, BLOCK / 4);
            add_float(to, w, (double)g->value[r], BLOCK / 2);
        } else {
            xoshiro_block(x, u, BLOCK);
            add_double(to, u, (double)g->value[r], BLOCK / 2);
        }
    }
    for (uint32_t i = 0; i < s->n_nodes; i++)
        memcpy(s->values + (size_t)i * s->stride + (size_t)block * BLOCK, sums + (size_t)s->inner[s->nodes[i]] * BLOCK,
               BLOCK * sizeof *sums);
}

/* The k smallest in front (Hoare). */
static void select_smallest(double *x, int64_t low, int64_t high, int64_t k)
{
    while (low < high) {
        double pivot = x[low + (high - low) / 2];
        int64_t i = low, j = high;
        while (i <= j) {
            while (x[i] < pivot)
                i++;
            while (x[j] > pivot)
                j--;
            if (i <= j) {
                double t = x[i];
                x[i++] = x[j];
                x[j--] = t;
            }
        }
        if (k <= j)
            high = j;
        else if (k >= i)
            low = i;
        else
            return;
    }
}

static void *kernel_hand(void *arg)
{
    hand *h = arg;
    study *s = h->s;
    double *sums = malloc((size_t)s->n_inner * BLOCK * sizeof *sums);
    xoshiro x;
    seed_xoshiro(&x, (uint64_t)h->number + 1);
    for (uint32_t b = (uint32_t)h->number; sums && b < s->stride / BLOCK; b += (uint32_t)s->threads)
        kernel_block(s, b, &x, sums);
    free(sums);
    return NULL;
}

static void *quantile_hand(void *arg)
{
    hand *h = arg;
    study *s = h->s;
    double *column = malloc(s->stride * sizeof *column), sink = 0;
    for (uint32_t i = (uint32_t)h->number; column && i < s->n_nodes; i += (uint32_t)s->threads) {
        memcpy(column, s->values + (size_t)i * s->stride, s->draws * sizeof *column);
        int64_t n = s->draws, low = 0;
        static const double p[] = { 0.1, 0.5, 0.9 };
        for (int k = 0; k < 3; k++) {
            int64_t at = (int64_t)((double)(n - 1) * p[k]);
            select_smallest(column, low, n - 1, at);
            sink += column[at];
            low = at;
        }
    }
    free(column);
    timing_sink((int64_t)sink);
    return NULL;
}

static void work_together(study *s, void *(*work)(void *))
{
    hand h[WORKERS_MAX];
    for (int i = 0; i < s->threads; i++)
        h[i] = (hand){ .s = s, .number = i };
    for (int i = 1; i < s->threads; i++)
        if (pthread_create(&h[i].thread, NULL, work, &h[i]) != 0)
            exit(1);
    work(&h[0]);
    for (int i = 1; i < s->threads; i++)
        pthread_join(h[i].thread, NULL);
}

static void kernel_run(void *data)
{
    study *s = data;
    work_together(s, kernel_hand);
    work_together(s, quantile_hand);
}

/* ---- pagu ---- */

static void pagu_run(void *data)
{
    study *s = data;
    pagu_error err;
    pagu_selection *all;
    pagu_period period = pagu_plan_column_period(pagu_view_plan(s->view), s->column);
    pagu_watch watch[NODES];
    pagu_simulation *sim = NULL;
    if (pagu_select_under(s->view, 0, &all, &err) != PAGU_OK)
        exit(1);
    pagu_vary vary = { .name = "noise",
                       .at = all,
                       .periods = &period,
                       .n_periods = 1,
                       .per_line = true,
                       .field = pagu_plan_column_field(pagu_view_plan(s->view), s->column),
                       .dist = { .kind = PAGU_DIST_NORMAL, .a = 1, .b = 0.1 } };
    for (uint32_t i = 0; i < s->n_nodes; i++)
        watch[i] = (pagu_watch){ s->nodes[i], s->column };
    pagu_simulate_options o = PAGU_SIMULATE_OPTIONS_INIT;
    o.vary = &vary;
    o.n_vary = 1;
    o.watch = watch;
    o.n_watch = s->n_nodes;
    o.draws = s->draws;
    o.seed = 1;
    o.single = s->single;
    o.threads = (uint32_t)s->threads;
    if (pagu_simulate(s->view, &o, &sim, &err) != PAGU_OK) {
        fprintf(stderr, "bench: %s\n", err.message);
        exit(1);
    }
    for (uint32_t i = 0; i < s->n_nodes; i++)
        for (int k = 0; k < 3; k++)
            s->checksum += pagu_simulation_quantile(sim, i, k == 0 ? 0.1 : k == 1 ? 0.5 : 0.9, NULL);
    timing_sink(s->checksum);
    pagu_simulation_free(sim);
    pagu_selection_free(all);
}

/* ---- figures ---- */

static void compare(study *s, int runs)
{
    double kernel, ours;
    timing_compare(kernel_run, pagu_run, s, runs, &kernel, &ours);
    printf(
        "  P6 %-6s noise, %d thread%s, %u draws, %u nodes     kernel %8.3f s    pagu %8.3f s    ratio %5.2f   reach 1.3"
        "   (%.2f and %.2f ns a line and draw)\n",
        s->single ? "float" : "double", s->threads, s->threads > 1 ? "s" : " ", s->draws, s->n_nodes, kernel / 1e9,
        ours / 1e9, ours / kernel, kernel / s->draws / s->gen->n_lines, ours / s->draws / s->gen->n_lines);
}

void bench_simulation(const struct gen_plan *gen, const pagu_view *view, pagu_column column, bool quick)
{
    study s = { .gen = gen, .view = view, .column = column, .draws = quick ? 1000 : DRAWS };
    s.stride = (s.draws + BLOCK - 1) / BLOCK * BLOCK;
    for (uint32_t r = 0; r < gen->n_rows && s.n_nodes < NODES; r++)
        if (!gen_is_line(gen, r))
            s.nodes[s.n_nodes++] = r;
    if (gen->n_lines > 20000) {
        printf("  P6 is measured at 10,000 lines\n");
        return;
    }
    s.values = malloc((size_t)s.stride * NODES * sizeof *s.values);
    s.inner = malloc(gen->n_rows * sizeof *s.inner);
    if (!s.values || !s.inner)
        exit(1);
    for (uint32_t r = 0; r < gen->n_rows; r++)
        s.inner[r] = gen_is_line(gen, r) ? 0 : s.n_inner++;
    for (s.threads = 1; s.threads <= 2; s.threads++)
        for (int single = 0; single <= 1; single++) {
            s.single = single;
            compare(&s, quick ? 1 : 15);
        }
    free(s.values);
    free(s.inner);
}
