/* noise_avx512.c - Philox and AS 241 in eight or sixteen lanes. Each lane does what noise.c does, operation by
 * operation, so that not a bit differs; the fifteenth part of draws that lies in the tails is gathered first and
 * done in lanes of its own. SPDX-License-Identifier: MIT */
#include "solve/noise_avx512.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define TARGET __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq")))
#define INLINE inline __attribute__((always_inline))

bool noise_avx512_is_supported(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
}

/* Keys of the ten rounds. */
typedef struct rounds {
    uint32_t x[10], y[10];
} rounds;

static rounds rounds_of(random_key key)
{
    rounds r;
    for (uint32_t i = 0; i < 10; i++) {
        r.x[i] = key.word[0] + i * 0x9E3779B9u;
        r.y[i] = key.word[1] + i * 0xBB67AE85u;
    }
    return r;
}

/* ---- double noise: a counter in each of eight lanes; the upper halves of a, b, c, d are waste ---- */

#define XOR3(a, b, c) _mm512_ternarylogic_epi64(a, b, c, 0x96)

/* Two times eight counters side by side: one multiplication waits for another, two pairs fill the wait. */
TARGET static INLINE void philox_eight(const rounds *r, uint32_t first, __m512i w[2][4])
{
    const __m512i m = _mm512_set1_epi64(0xD2511F53), n = _mm512_set1_epi64(0xCD9E8D57);
    __m512i a[2], b[2], c[2], d[2];
#pragma GCC unroll 2
    for (int k = 0; k < 2; k++) {
        a[k] = _mm512_add_epi64(_mm512_set1_epi64(first + 8 * (uint32_t)k), _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7));
        b[k] = c[k] = d[k] = _mm512_setzero_si512();
    }
#pragma GCC unroll 10
    for (int i = 0; i < 10; i++) {
        __m512i x = _mm512_set1_epi64(r->x[i]), y = _mm512_set1_epi64(r->y[i]);
#pragma GCC unroll 2
        for (int k = 0; k < 2; k++) {
            __m512i p = _mm512_mul_epu32(a[k], m), q = _mm512_mul_epu32(c[k], n);
            a[k] = XOR3(_mm512_srli_epi64(q, 32), b[k], x);
            c[k] = XOR3(_mm512_srli_epi64(p, 32), d[k], y);
            b[k] = q;
            d[k] = p;
        }
    }
#pragma GCC unroll 2
    for (int k = 0; k < 2; k++) {
        w[k][0] = a[k];
        w[k][1] = b[k];
        w[k][2] = c[k];
        w[k][3] = d[k];
    }
}

/* 52 bits of hi and lo as a double in (0, 1). */
TARGET static INLINE __m512d unit_of(__m512i hi, __m512i lo)
{
    __m512i high = _mm512_slli_epi64(hi, 32);
    __m512i word = _mm512_ternarylogic_epi64(high, lo, _mm512_set1_epi64(0xffffffff), 0xf8); /* high | lo & mask */
    __m512i bits = _mm512_or_si512(_mm512_srli_epi64(word, 12), _mm512_set1_epi64(0x3ff0000000000000));
    return _mm512_add_pd(_mm512_sub_pd(_mm512_castsi512_pd(bits), _mm512_set1_pd(1.0)), _mm512_set1_pd(0x1p-53));
}

TARGET static INLINE __m512d poly8(__m512d r, const double c[8])
{
    __m512d x = _mm512_set1_pd(c[0]);
#pragma GCC unroll 7
    for (int i = 1; i < 8; i++)
        x = _mm512_add_pd(_mm512_mul_pd(x, r), _mm512_set1_pd(c[i]));
    return x;
}

static const double central_num[8] = { 2.5090809287301226727e+3, 3.3430575583588128105e+4, 6.7265770927008700853e+4,
                                       4.5921953931549871457e+4, 1.3731693765509461125e+4, 1.9715909503065514427e+3,
                                       1.3314166789178437745e+2, 3.3871328727963666080e0 };
static const double central_den[8] = { 5.2264952788528545610e+3, 2.8729085735721942674e+4,
                                       3.9307895800092710610e+4, 2.1213794301586595867e+4,
                                       5.3941960214247511077e+3, 6.8718700749205790830e+2,
                                       4.2313330701600911252e+1, 1.0 };
static const double near_num[8] = { 7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
                                    1.27045825245236838258e0,  3.64784832476320460504e0,  5.76949722146069140550e0,
                                    4.63033784615654529590e0,  1.42343711074968357734e0 };
static const double near_den[8] = { 1.05075007164441684324e-9, 5.47593808499534494600e-4,
                                    1.51986665636164571966e-2, 1.48103976427480074590e-1,
                                    6.89767334985100004550e-1, 1.67638483018380384940e0,
                                    2.05319162663775882187e0,  1.0 };
static const double far_num[8] = { 2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
                                   2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
                                   5.46378491116411436990e0,  6.65790464350110377720e0 };
static const double far_den[8] = { 2.04426310338993978564e-15, 1.42151175831644588870e-7,
                                   1.84631831751005468180e-5,  7.86869131145613259100e-4,
                                   1.48753612908506148525e-2,  1.36929880922735805310e-1,
                                   5.99832206555887937690e-1,  1.0 };

TARGET static INLINE void log_sixteen(const __m512d x[2], __m512d out[2])
{
    __m512d k[2], f[2], hfsq[2], s[2], z[2], w[2], t1[2], t2[2];
#pragma GCC unroll 2
    for (int i = 0; i < 2; i++) {
        __m512i bits = _mm512_castpd_si512(x[i]);
        __m512i shifted = _mm512_add_epi64(bits, _mm512_set1_epi64(0x4000000000000000 - 0x3fe6a09e667f3bcd));
        __m512i biased = _mm512_srli_epi64(shifted, 52);
        k[i] = _mm512_castsi512_pd(_mm512_or_si512(biased, _mm512_set1_epi64(0x4330000000000000)));
        k[i] = _mm512_sub_pd(k[i], _mm512_set1_pd(0x1p52 + 0x400));
        __m512i scale = _mm512_slli_epi64(_mm512_sub_epi64(biased, _mm512_set1_epi64(0x400)), 52);
        f[i] = _mm512_sub_pd(_mm512_castsi512_pd(_mm512_sub_epi64(bits, scale)), _mm512_set1_pd(1.0));
        s[i] = _mm512_div_pd(f[i], _mm512_add_pd(_mm512_set1_pd(2.0), f[i]));
        hfsq[i] = _mm512_mul_pd(_mm512_mul_pd(_mm512_set1_pd(0.5), f[i]), f[i]);
        z[i] = _mm512_mul_pd(s[i], s[i]);
        w[i] = _mm512_mul_pd(z[i], z[i]);
    }
#define STEP(a, b) _mm512_add_pd(_mm512_set1_pd(a), _mm512_mul_pd(w[i], b))
#pragma GCC unroll 2
    for (int i = 0; i < 2; i++) {
        t1[i] = STEP(2.222219843214978396e-01, _mm512_set1_pd(1.531383769920937332e-01));
        t2[i] = STEP(1.818357216161805012e-01, _mm512_set1_pd(1.479819860511658591e-01));
    }
#pragma GCC unroll 2
    for (int i = 0; i < 2; i++) {
        t1[i] = _mm512_mul_pd(w[i], STEP(3.999999999940941908e-01, t1[i]));
        t2[i] = _mm512_mul_pd(z[i], STEP(6.666666666666735130e-01, STEP(2.857142874366239149e-01, t2[i])));
    }
#undef STEP
#pragma GCC unroll 2
    for (int i = 0; i < 2; i++) {
        __m512d sum = _mm512_add_pd(hfsq[i], _mm512_add_pd(t1[i], t2[i]));
        __m512d inner =
            _mm512_add_pd(_mm512_mul_pd(s[i], sum), _mm512_mul_pd(k[i], _mm512_set1_pd(1.90821492927058770002e-10)));
        out[i] = _mm512_sub_pd(_mm512_mul_pd(k[i], _mm512_set1_pd(6.93147180369123816490e-01)),
                               _mm512_sub_pd(_mm512_sub_pd(hfsq[i], inner), f[i]));
    }
}

/* |z| of shares p below 0.075, two times eight of them. */
TARGET static INLINE void tail_sixteen(const __m512d p[2], __m512d z[2])
{
    __m512d r[2], near[2], num[2], den[2];
    log_sixteen(p, r);
#pragma GCC unroll 2
    for (int k = 0; k < 2; k++) {
        r[k] = _mm512_sqrt_pd(_mm512_sub_pd(_mm512_setzero_pd(), r[k]));
        near[k] = _mm512_sub_pd(r[k], _mm512_set1_pd(1.6));
        num[k] = _mm512_set1_pd(near_num[0]);
        den[k] = _mm512_set1_pd(near_den[0]);
    }
#pragma GCC unroll 7
    for (int i = 1; i < 8; i++)
#pragma GCC unroll 2
        for (int k = 0; k < 2; k++) {
            num[k] = _mm512_add_pd(_mm512_mul_pd(num[k], near[k]), _mm512_set1_pd(near_num[i]));
            den[k] = _mm512_add_pd(_mm512_mul_pd(den[k], near[k]), _mm512_set1_pd(near_den[i]));
        }
#pragma GCC unroll 2
    for (int k = 0; k < 2; k++) {
        __mmask8 far = _mm512_cmp_pd_mask(r[k], _mm512_set1_pd(5.0), _CMP_GT_OQ);
        z[k] = _mm512_div_pd(num[k], den[k]);
        if (__builtin_expect(far != 0, 0)) {
            __m512d end = _mm512_sub_pd(r[k], _mm512_set1_pd(5.0));
            z[k] = _mm512_mask_mov_pd(z[k], far, _mm512_div_pd(poly8(end, far_num), poly8(end, far_den)));
        }
    }
}

typedef struct tails {
    int n;
    double u[NOISE_BLOCK + 16];
    int64_t at[NOISE_BLOCK + 16];
} tails;

TARGET static INLINE void put_aside(__m512d u, __m512d q, int slot, tails *t)
{
    __mmask8 tail = _mm512_cmp_pd_mask(_mm512_abs_pd(q), _mm512_set1_pd(0.425), _CMP_GT_OQ);
    __m512i at = _mm512_add_epi64(_mm512_set1_epi64(slot), _mm512_setr_epi64(0, 1, 2, 3, 4, 5, 6, 7));
    _mm512_storeu_pd(t->u + t->n, _mm512_maskz_compress_pd(tail, u));
    _mm512_storeu_si512(t->at + t->n, _mm512_maskz_compress_epi64(tail, at));
    t->n += __builtin_popcount(tail);
}

/* Centres of four times eight draws, in step, at slots[k] on; those in the tails are put aside. */
TARGET static INLINE void centre_four(const __m512d u[4], const int slots[4], double *z, tails *t)
{
    __m512d q[4], r[4], num[4], den[4];
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) {
        q[k] = _mm512_sub_pd(u[k], _mm512_set1_pd(0.5));
        r[k] = _mm512_sub_pd(_mm512_set1_pd(0.180625), _mm512_mul_pd(q[k], q[k]));
        num[k] = _mm512_set1_pd(central_num[0]);
        den[k] = _mm512_set1_pd(central_den[0]);
    }
#pragma GCC unroll 7
    for (int i = 1; i < 8; i++) {
        __m512d n = _mm512_set1_pd(central_num[i]), d = _mm512_set1_pd(central_den[i]);
#pragma GCC unroll 4
        for (int k = 0; k < 4; k++) {
            num[k] = _mm512_add_pd(_mm512_mul_pd(num[k], r[k]), n);
            den[k] = _mm512_add_pd(_mm512_mul_pd(den[k], r[k]), d);
        }
    }
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) {
        _mm512_storeu_pd(z + slots[k], _mm512_div_pd(_mm512_mul_pd(q[k], num[k]), den[k]));
        put_aside(u[k], q[k], slots[k], t);
    }
}

/* Two times eight in step: each is a long chain of operations that wait for one another. */
TARGET static INLINE void finish_tails(tails *t, double *z)
{
    for (int i = 0; i < t->n; i += 16) {
        __m512d u[2], x[2];
        __mmask8 live[2], low[2];
#pragma GCC unroll 2
        for (int k = 0; k < 2; k++) {
            int left = t->n - i - 8 * k;
            live[k] = (__mmask8)(left >= 8 ? 0xff : left > 0 ? (1 << left) - 1 : 0);
            u[k] = _mm512_mask_loadu_pd(_mm512_set1_pd(0.05), live[k], t->u + i + 8 * k);
            low[k] = _mm512_cmp_pd_mask(u[k], _mm512_set1_pd(0.5), _CMP_LT_OQ);
            u[k] = _mm512_mask_mov_pd(_mm512_sub_pd(_mm512_set1_pd(1.0), u[k]), low[k], u[k]);
        }
        tail_sixteen(u, x);
#pragma GCC unroll 2
        for (int k = 0; k < 2; k++) {
            x[k] = _mm512_mask_xor_pd(x[k], low[k], x[k], _mm512_set1_pd(-0.0));
            _mm512_mask_i64scatter_pd(z, live[k], _mm512_loadu_si512(t->at + i + 8 * k), x[k], 8);
        }
    }
}

/* Draws of sixteen counters from i on, and where they go. */
TARGET static INLINE void units_four(const rounds *r, uint32_t first, int i, __m512d u[4], int slots[4])
{
    __m512i w[2][4];
    philox_eight(r, first + (uint32_t)i, w);
#pragma GCC unroll 2
    for (int k = 0; k < 2; k++) {
        u[2 * k] = unit_of(w[k][0], w[k][1]);
        u[2 * k + 1] = unit_of(w[k][2], w[k][3]);
        slots[2 * k] = i + 8 * k;
        slots[2 * k + 1] = NOISE_BLOCK / 2 + i + 8 * k;
    }
}

TARGET void noise_avx512_units(random_key key, uint32_t block, double u[NOISE_BLOCK])
{
    rounds r = rounds_of(key);
    for (int i = 0; i < NOISE_BLOCK / 2; i += 16) {
        __m512d four[4];
        int slots[4];
        units_four(&r, block * (NOISE_BLOCK / 2), i, four, slots);
        for (int k = 0; k < 4; k++)
            _mm512_storeu_pd(u + slots[k], four[k]);
    }
}

TARGET void noise_avx512_normals(random_key key, uint32_t block, double z[NOISE_BLOCK])
{
    rounds r = rounds_of(key);
    tails t;
    t.n = 0;
    for (int i = 0; i < NOISE_BLOCK / 2; i += 16) {
        __m512d four[4];
        int slots[4];
        units_four(&r, block * (NOISE_BLOCK / 2), i, four, slots);
        centre_four(four, slots, z, &t);
    }
    finish_tails(&t, z);
}

/* ---- single noise: a counter in each of sixteen lanes ---- */

TARGET static INLINE void multiply_sixteen(__m512i a, __m512i m, __m512i *hi, __m512i *lo)
{
    const __m512i evens = _mm512_setr_epi32(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30);
    const __m512i odds = _mm512_setr_epi32(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
    __m512i even = _mm512_mul_epu32(a, m), odd = _mm512_mul_epu32(_mm512_srli_epi64(a, 32), m);
    *lo = _mm512_permutex2var_epi32(even, evens, odd);
    *hi = _mm512_permutex2var_epi32(even, odds, odd);
}

/* Two times sixteen counters side by side, as philox_eight. */
TARGET static INLINE void philox_sixteen(const rounds *r, uint32_t first, __m512i w[2][4])
{
    const __m512i m = _mm512_set1_epi64(0xD2511F53), n = _mm512_set1_epi64(0xCD9E8D57);
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    __m512i a[2], b[2], c[2], d[2];
#pragma GCC unroll 2
    for (int k = 0; k < 2; k++) {
        a[k] = _mm512_add_epi32(_mm512_set1_epi32((int)(first + 16 * (uint32_t)k)), lanes);
        b[k] = c[k] = d[k] = _mm512_setzero_si512();
    }
#pragma GCC unroll 10
    for (int i = 0; i < 10; i++) {
        __m512i x = _mm512_set1_epi32((int)r->x[i]), y = _mm512_set1_epi32((int)r->y[i]);
#pragma GCC unroll 2
        for (int k = 0; k < 2; k++) {
            __m512i p_hi, p_lo, q_hi, q_lo;
            multiply_sixteen(a[k], m, &p_hi, &p_lo);
            multiply_sixteen(c[k], n, &q_hi, &q_lo);
            a[k] = XOR3(q_hi, b[k], x);
            c[k] = XOR3(p_hi, d[k], y);
            b[k] = q_lo;
            d[k] = p_lo;
        }
    }
#pragma GCC unroll 2
    for (int k = 0; k < 2; k++) {
        w[k][0] = a[k];
        w[k][1] = b[k];
        w[k][2] = c[k];
        w[k][3] = d[k];
    }
}

#define F(x) _mm512_set1_ps(x)
#define FMUL_ADD(x, y, c) _mm512_add_ps(_mm512_mul_ps(x, y), F(c))

TARGET static INLINE __m512 distance_sixteen(__m512i w)
{
    __m512i t = _mm512_ternarylogic_epi32(w, _mm512_srai_epi32(w, 31), _mm512_set1_epi32(0x7fffffff), 0x28);
    return _mm512_mul_ps(_mm512_add_ps(_mm512_cvtepi32_ps(t), F(0.5f)), F(0x1p-32f));
}

TARGET static INLINE __m512 single_log_sixteen(__m512 x)
{
    __m512i bits = _mm512_castps_si512(x);
    __m512i biased = _mm512_srli_epi32(_mm512_add_epi32(bits, _mm512_set1_epi32(0x40000000 - 0x3f3504f3)), 23);
    __m512i power = _mm512_sub_epi32(biased, _mm512_set1_epi32(0x80));
    __m512 k = _mm512_cvtepi32_ps(power);
    __m512 f = _mm512_sub_ps(_mm512_castsi512_ps(_mm512_sub_epi32(bits, _mm512_slli_epi32(power, 23))), F(1.0f));
    __m512 s = _mm512_div_ps(f, _mm512_add_ps(F(2.0f), f)), z = _mm512_mul_ps(s, s), w = _mm512_mul_ps(z, z);
    __m512 hfsq = _mm512_mul_ps(_mm512_mul_ps(F(0.5f), f), f);
    __m512 t1 = _mm512_mul_ps(w, _mm512_add_ps(F(0xccce13.0p-25f), _mm512_mul_ps(w, F(0xf89e26.0p-26f))));
    __m512 t2 = _mm512_mul_ps(z, _mm512_add_ps(F(0xaaaaaa.0p-24f), _mm512_mul_ps(w, F(0x91e9ee.0p-25f))));
    __m512 inner = _mm512_add_ps(_mm512_mul_ps(s, _mm512_add_ps(hfsq, _mm512_add_ps(t1, t2))),
                                 _mm512_mul_ps(k, F(9.0580006145e-06f)));
    return _mm512_sub_ps(_mm512_mul_ps(k, F(6.9313812256e-01f)), _mm512_sub_ps(_mm512_sub_ps(hfsq, inner), f));
}

TARGET static INLINE __m512 single_tail_sixteen(__m512 p)
{
    __m512 r = _mm512_sqrt_ps(_mm512_sub_ps(_mm512_setzero_ps(), single_log_sixteen(p)));
    r = _mm512_sub_ps(r, F(1.6f));
    __m512 num = FMUL_ADD(F(0.17023821103f), r, 1.3067284816f);
    num = FMUL_ADD(FMUL_ADD(num, r, 2.7568153900f), r, 1.4234372777f);
    __m512 den = FMUL_ADD(FMUL_ADD(F(0.12021132975f), r, 0.73700164250f), r, 1.0f);
    return _mm512_div_ps(num, den);
}

TARGET static INLINE __m512 single_central_sixteen(__m512 q)
{
    __m512 r = _mm512_sub_ps(F(0.180625f), _mm512_mul_ps(q, q));
    __m512 num = FMUL_ADD(FMUL_ADD(F(59.109374720f), r, 159.29113202f), r, 50.434271938f);
    num = FMUL_ADD(num, r, 3.3871327179f);
    __m512 den = FMUL_ADD(FMUL_ADD(F(67.187563600f), r, 78.757757664f), r, 17.895169469f);
    return _mm512_div_ps(_mm512_mul_ps(q, num), FMUL_ADD(den, r, 1.0f));
}

typedef struct single_tails {
    int n;
    uint32_t w[NOISE_BLOCK + 16];
    int32_t at[NOISE_BLOCK + 16];
} single_tails;

/* A word without its sign bit has a positive draw negative, as noise.c has it. */
TARGET static INLINE __m512 with_sign(__m512 magnitude, __m512i w)
{
    __m512i flip = _mm512_andnot_si512(w, _mm512_set1_epi32((int)0x80000000u));
    return _mm512_castsi512_ps(_mm512_xor_si512(_mm512_castps_si512(magnitude), flip));
}

TARGET static INLINE void single_centre(__m512i w, int slot, double *z, single_tails *t)
{
    __m512 distance = distance_sixteen(w), x = single_central_sixteen(_mm512_sub_ps(F(0.5f), distance));
    __mmask16 tail = _mm512_cmp_ps_mask(distance, F(0.075f), _CMP_LT_OQ);
    __m512i at = _mm512_add_epi32(_mm512_set1_epi32(slot),
                                  _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    x = with_sign(x, w);
    _mm512_storeu_pd(z + slot, _mm512_cvtps_pd(_mm512_castps512_ps256(x)));
    _mm512_storeu_pd(z + slot + 8, _mm512_cvtps_pd(_mm512_extractf32x8_ps(x, 1)));
    _mm512_storeu_si512(t->w + t->n, _mm512_maskz_compress_epi32(tail, w));
    _mm512_storeu_si512(t->at + t->n, _mm512_maskz_compress_epi32(tail, at));
    t->n += __builtin_popcount(tail);
}

TARGET static INLINE void finish_single_tails(single_tails *t, double *z)
{
    for (int i = 0; i < t->n; i += 16) {
        __mmask16 live = (__mmask16)(t->n - i < 16 ? (1 << (t->n - i)) - 1 : 0xffff);
        __m512i w = _mm512_maskz_loadu_epi32(live, t->w + i), at = _mm512_maskz_loadu_epi32(live, t->at + i);
        __m512 x = with_sign(single_tail_sixteen(distance_sixteen(w)), w);
        _mm512_mask_i32scatter_pd(z, (__mmask8)live, _mm512_castsi512_si256(at),
                                  _mm512_cvtps_pd(_mm512_castps512_ps256(x)), 8);
        _mm512_mask_i32scatter_pd(z, (__mmask8)(live >> 8), _mm512_extracti32x8_epi32(at, 1),
                                  _mm512_cvtps_pd(_mm512_extractf32x8_ps(x, 1)), 8);
    }
}

TARGET void noise_avx512_normals_single(random_key key, uint32_t block, double z[NOISE_BLOCK])
{
    enum { QUARTER = NOISE_BLOCK / 4 };
    rounds r = rounds_of(key);
    single_tails t;
    t.n = 0;
    for (int i = 0; i < QUARTER; i += 32) {
        __m512i w[2][4];
        philox_sixteen(&r, block * QUARTER + (uint32_t)i, w);
#pragma GCC unroll 8
        for (int k = 0; k < 8; k++)
            single_centre(w[k % 2][k / 2], k / 2 * QUARTER + i + 16 * (k % 2), z, &t);
    }
    finish_single_tails(&t, z);
}

#else

bool noise_avx512_is_supported(void)
{
    return false;
}
void noise_avx512_units(random_key key, uint32_t block, double u[NOISE_BLOCK])
{
    noise_units(key, block, u);
}
void noise_avx512_normals(random_key key, uint32_t block, double z[NOISE_BLOCK])
{
    noise_normals(key, block, z);
}
void noise_avx512_normals_single(random_key key, uint32_t block, double z[NOISE_BLOCK])
{
    noise_normals_single(key, block, z);
}

#endif
