/* noise.c - Philox blocks and inverse normals. SPDX-License-Identifier: MIT */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-math-errno") /* a square root is one instruction; nothing here reads errno */
#endif
#include "solve/noise.h"
#include "solve/noise_avx512.h"

#include "base/base.h"

#include <math.h>

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
#define NOISE_CLONES                                                                                                   \
    __attribute__((target_clones("avx512f", "avx2", "default"), optimize("O3", "no-trapping-math", "no-math-errno")))
#else
#define NOISE_CLONES
#endif
#define INLINE inline __attribute__((always_inline))

/* ---- Philox4x32-10, as random.c has it, many counters at a time ---- */

NOISE_CLONES static void fill_words(random_key key, uint32_t first, int n, uint32_t *restrict w0, uint32_t *restrict w1,
                                    uint32_t *restrict w2, uint32_t *restrict w3)
{
    for (int i = 0; i < n; i++) {
        uint32_t a = first + (uint32_t)i, b = 0, c = 0, d = 0, x = key.word[0], y = key.word[1];
#pragma GCC unroll 10
        for (int round = 0; round < 10; round++) {
            uint64_t p = (uint64_t)a * 0xD2511F53u, q = (uint64_t)c * 0xCD9E8D57u;
            a = (uint32_t)(q >> 32) ^ b ^ x;
            c = (uint32_t)(p >> 32) ^ d ^ y;
            b = (uint32_t)q;
            d = (uint32_t)p;
            x += 0x9E3779B9u;
            y += 0xBB67AE85u;
        }
        w0[i] = a;
        w1[i] = b;
        w2[i] = c;
        w3[i] = d;
    }
}

/* As random_unit: the bits of a double in [1, 2), moved down by 1 and up by half a step. */
NOISE_CLONES static void make_units(const uint32_t *restrict hi, const uint32_t *restrict lo, double *restrict u, int n)
{
    for (int i = 0; i < n; i++) {
        uint64_t bits = ((uint64_t)hi[i] << 32 | lo[i]) >> 12 | UINT64_C(0x3ff0000000000000);
        double d;
        memcpy(&d, &bits, sizeof d);
        u[i] = (d - 1.0) + 0x1p-53;
    }
}

void noise_units_plain(random_key key, uint32_t block, double u[NOISE_BLOCK])
{
    enum { HALF = NOISE_BLOCK / 2 };
    uint32_t w[4][HALF];
    fill_words(key, block * HALF, HALF, w[0], w[1], w[2], w[3]);
    make_units(w[0], w[1], u, HALF);
    make_units(w[2], w[3], u + HALF, HALF);
}

static void single_words(random_key key, uint32_t block, uint32_t w[NOISE_BLOCK])
{
    enum { QUARTER = NOISE_BLOCK / 4 };
    fill_words(key, block * QUARTER, QUARTER, w, w + QUARTER, w + 2 * QUARTER, w + 3 * QUARTER);
}

void noise_units_single(random_key key, uint32_t block, double u[NOISE_BLOCK])
{
    uint32_t w[NOISE_BLOCK];
    single_words(key, block, w);
    for (int i = 0; i < NOISE_BLOCK; i++)
        u[i] = ((double)w[i] + 0.5) * 0x1p-32;
}

/* ---- logarithm and exponential ---- */

static INLINE double log_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    /* x = 2^k × m with m in [sqrt(1/2), sqrt(2)); k through the bits of a double, as AVX has no conversion. */
    uint64_t shifted = bits - UINT64_C(0x3fe6a09e667f3bcd) + UINT64_C(0x4000000000000000);
    uint64_t biased = shifted >> 52, k_bits = biased | UINT64_C(0x4330000000000000);
    uint64_t m_bits = bits - ((biased - 0x400) << 52);
    double k, m;
    memcpy(&k, &k_bits, sizeof k);
    memcpy(&m, &m_bits, sizeof m);
    k -= 0x1p52 + 0x400;
    double f = m - 1.0, hfsq = 0.5 * f * f, s = f / (2.0 + f), z = s * s, w = z * z;
    double t1 = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    double t2 = z * (6.666666666666735130e-01 +
                     w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
    double r = t1 + t2;
    return k * 6.93147180369123816490e-01 - ((hfsq - (s * (hfsq + r) + k * 1.90821492927058770002e-10)) - f);
}

static INLINE double exp_of(double x)
{
    const double magic = 0x1.8p52;
    double kd = (x * 1.44269504088896338700e+00 + magic) - magic;
    double hi = x - kd * 6.93147180369123816490e-01, lo = kd * 1.90821492927058770002e-10, r = hi - lo, t = r * r;
    double c = r - t * (1.66666666666666019037e-01 +
                        t * (-2.77777777770155933842e-03 +
                             t * (6.61375632143793436117e-05 +
                                  t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
    double y = 1.0 - ((lo - (r * c) / (2.0 - c)) - hi), shifted = kd + magic;
    uint64_t k_bits, y_bits;
    memcpy(&k_bits, &shifted, sizeof k_bits);
    memcpy(&y_bits, &y, sizeof y_bits);
    y_bits += k_bits << 52;
    memcpy(&y, &y_bits, sizeof y);
    return y;
}

double exact_log(double x)
{
    return log_of(x);
}

double exact_exp(double x)
{
    return exp_of(x < -700 ? -700 : x > 700 ? 700 : x);
}

/* ---- AS 241, PPND16 ---- */

static INLINE double central(double q)
{
    double r = 0.180625 - q * q;
    double num = ((((((2.5090809287301226727e+3 * r + 3.3430575583588128105e+4) * r + 6.7265770927008700853e+4) * r +
                     4.5921953931549871457e+4) *
                        r +
                    1.3731693765509461125e+4) *
                       r +
                   1.9715909503065514427e+3) *
                      r +
                  1.3314166789178437745e+2) *
                     r +
                 3.3871328727963666080e0;
    double den = ((((((5.2264952788528545610e+3 * r + 2.8729085735721942674e+4) * r + 3.9307895800092710610e+4) * r +
                     2.1213794301586595867e+4) *
                        r +
                    5.3941960214247511077e+3) *
                       r +
                   6.8718700749205790830e+2) *
                      r +
                  4.2313330701600911252e+1) *
                     r +
                 1.0;
    return q * num / den;
}

static INLINE double near_tail(double r)
{
    r -= 1.6;
    double num = ((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1) * r +
                     1.27045825245236838258e0) *
                        r +
                    3.64784832476320460504e0) *
                       r +
                   5.76949722146069140550e0) *
                      r +
                  4.63033784615654529590e0) *
                     r +
                 1.42343711074968357734e0;
    double den = ((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r + 1.51986665636164571966e-2) * r +
                     1.48103976427480074590e-1) *
                        r +
                    6.89767334985100004550e-1) *
                       r +
                   1.67638483018380384940e0) *
                      r +
                  2.05319162663775882187e0) *
                     r +
                 1.0;
    return num / den;
}

static INLINE double far_tail(double r)
{
    r -= 5.0;
    double num = ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.24266094738807843860e-3) * r +
                     2.65321895265761230930e-2) *
                        r +
                    2.96560571828504891230e-1) *
                       r +
                   1.78482653991729133580e0) *
                      r +
                  5.46378491116411436990e0) *
                     r +
                 6.65790464350110377720e0;
    double den =
        ((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r + 1.84631831751005468180e-5) * r +
            7.86869131145613259100e-4) *
               r +
           1.48753612908506148525e-2) *
              r +
          1.36929880922735805310e-1) *
             r +
         5.99832206555887937690e-1) *
            r +
        1.0;
    return num / den;
}

double normal_quantile(double u)
{
    double q = u - 0.5;
    if (q >= -0.425 && q <= 0.425)
        return central(q);
    double r = sqrt(-log_of(q < 0 ? u : 1.0 - u));
    double z = r <= 5.0 ? near_tail(r) : far_tail(r);
    return q < 0 ? -z : z;
}

NOISE_CLONES static void centrals(const double *restrict u, double *restrict z, int n)
{
    for (int i = 0; i < n; i++)
        z[i] = central(u[i] - 0.5);
}

/* Positions in the tails, of which there are 15 in 100. */
static int find_tails(const double *u, uint16_t *at, int n)
{
    int found = 0;
    for (int i = 0; i < n; i++) {
        double q = u[i] - 0.5;
        at[found] = (uint16_t)i;
        found += (q < -0.425) | (q > 0.425);
    }
    return found;
}

NOISE_CLONES static void near_tails(const double *restrict p, double *restrict r, double *restrict z, int n)
{
    for (int i = 0; i < n; i++) {
        r[i] = sqrt(-log_of(p[i]));
        z[i] = near_tail(r[i]);
    }
}

void noise_normals_plain(random_key key, uint32_t block, double z[NOISE_BLOCK])
{
    double u[NOISE_BLOCK], p[NOISE_BLOCK], r[NOISE_BLOCK], tail[NOISE_BLOCK];
    uint16_t at[NOISE_BLOCK + 1];
    noise_units_plain(key, block, u);
    centrals(u, z, NOISE_BLOCK);
    int n = find_tails(u, at, NOISE_BLOCK);
    for (int i = 0; i < n; i++)
        p[i] = u[at[i]] < 0.5 ? u[at[i]] : 1.0 - u[at[i]];
    near_tails(p, r, tail, n);
    for (int i = 0; i < n; i++) {
        double t = r[i] <= 5.0 ? tail[i] : far_tail(r[i]);
        z[at[i]] = u[at[i]] < 0.5 ? -t : t;
    }
}

/* ---- AS 241, PPND7: a word is a sign and 31 bits of the distance to the end, never below 2^-33 ---- */

static INLINE float single_distance(uint32_t w)
{
    int32_t t = (int32_t)((w ^ (uint32_t)((int32_t)w >> 31)) & 0x7fffffffu);
    return ((float)t + 0.5f) * 0x1p-32f;
}

static INLINE float single_central(float q)
{
    float r = 0.180625f - q * q;
    float num = ((59.109374720f * r + 159.29113202f) * r + 50.434271938f) * r + 3.3871327179f;
    float den = ((67.187563600f * r + 78.757757664f) * r + 17.895169469f) * r + 1.0f;
    return q * num / den;
}

static INLINE float single_log(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    uint32_t shifted = bits - 0x3f3504f3u + 0x40000000u, biased = shifted >> 23;
    uint32_t m_bits = bits - ((biased - 0x80u) << 23);
    float m, k = (float)((int32_t)biased - 0x80);
    memcpy(&m, &m_bits, sizeof m);
    float f = m - 1.0f, s = f / (2.0f + f), z = s * s, w = z * z, hfsq = 0.5f * f * f;
    float t1 = w * (0xccce13.0p-25f + w * 0xf89e26.0p-26f), t2 = z * (0xaaaaaa.0p-24f + w * 0x91e9ee.0p-25f);
    return k * 6.9313812256e-01f - ((hfsq - (s * (hfsq + (t1 + t2)) + k * 9.0580006145e-06f)) - f);
}

/* The square root of -log(2^-33) is 4.8: the far tail is never reached. */
static INLINE float single_tail(float p)
{
    float r = sqrtf(-single_log(p)) - 1.6f;
    float num = ((0.17023821103f * r + 1.3067284816f) * r + 2.7568153900f) * r + 1.4234372777f;
    float den = (0.12021132975f * r + 0.73700164250f) * r + 1.0f;
    return num / den;
}

NOISE_CLONES static void single_centrals(const uint32_t *restrict w, double *restrict z, int n)
{
    for (int i = 0; i < n; i++) {
        float q = 0.5f - single_distance(w[i]), m = single_central(q);
        z[i] = (int32_t)w[i] < 0 ? (double)m : (double)-m;
    }
}

NOISE_CLONES static void single_tails(const uint32_t *restrict w, float *restrict z, int n)
{
    for (int i = 0; i < n; i++) {
        float m = single_tail(single_distance(w[i]));
        z[i] = (int32_t)w[i] < 0 ? m : -m;
    }
}

void noise_normals_single_plain(random_key key, uint32_t block, double z[NOISE_BLOCK])
{
    uint32_t w[NOISE_BLOCK], tail[NOISE_BLOCK + 1];
    uint16_t at[NOISE_BLOCK + 1];
    float value[NOISE_BLOCK];
    int n = 0;
    single_words(key, block, w);
    single_centrals(w, z, NOISE_BLOCK);
    for (int i = 0; i < NOISE_BLOCK; i++) {
        at[n] = (uint16_t)i;
        tail[n] = w[i];
        n += single_distance(w[i]) < 0.075f;
    }
    single_tails(tail, value, n);
    for (int i = 0; i < n; i++)
        z[at[i]] = value[i];
}

/* ---- the fastest form of this processor ---- */

void noise_units(random_key key, uint32_t block, double u[NOISE_BLOCK])
{
    (noise_avx512_is_supported() ? noise_avx512_units : noise_units_plain)(key, block, u);
}

void noise_normals(random_key key, uint32_t block, double z[NOISE_BLOCK])
{
    (noise_avx512_is_supported() ? noise_avx512_normals : noise_normals_plain)(key, block, z);
}

void noise_normals_single(random_key key, uint32_t block, double z[NOISE_BLOCK])
{
    (noise_avx512_is_supported() ? noise_avx512_normals_single : noise_normals_single_plain)(key, block, z);
}

/* ---- Cody's normal integral ---- */

static double cody_middle(double y)
{
    static const double c[9] = { .39894151208813466764, 8.8831497943883759412, 93.506656132177855979,
                                 597.27027639480026226, 2494.5375852903726711, 6848.1904505362823326,
                                 11602.651437647350124, 9842.7148383839780218, 1.0765576773720192317e-8 };
    static const double d[8] = { 22.266688044328115691, 235.38790178262499861, 1519.377599407554805,
                                 6485.558298266760755,  18615.571640885098091, 34900.952721145977266,
                                 38912.003286093271411, 19685.429676859990727 };
    double num = c[8] * y, den = y;
    for (int i = 0; i < 7; i++) {
        num = (num + c[i]) * y;
        den = (den + d[i]) * y;
    }
    return (num + c[7]) / (den + d[7]);
}

static double cody_far(double y)
{
    static const double p[6] = { .21589853405795699,     .1274011611602473639,  .022235277870649807,
                                 .001421619193227893466, 2.9112874951168792e-5, .02307344176494017303 };
    static const double q[5] = { 1.28426009614491121, .468238212480865118, .0659881378689285515, .00378239633202758244,
                                 7.29751555083966205e-5 };
    double s = 1.0 / (y * y), num = p[5] * s, den = s;
    for (int i = 0; i < 4; i++) {
        num = (num + p[i]) * s;
        den = (den + q[i]) * s;
    }
    return (0.398942280401432677939946059934 - s * (num + p[4]) / (den + q[4])) / y;
}

/* Share above y, y >= 0.67448975. */
static double tail_share(double y)
{
    double cut = floor(y * 16.0) / 16.0, rest = (y - cut) * (y + cut);
    double density = exact_exp(-cut * cut * 0.5) * exact_exp(-rest * 0.5);
    return density * (y <= 5.656854249492380195 ? cody_middle(y) : cody_far(y));
}

double normal_cdf(double z)
{
    static const double a[5] = { 2.2352520354606839287, 161.02823106855587881, 1067.6894854603709582,
                                 18154.981253343561249, .065682337918207449113 };
    static const double b[4] = { 47.20258190468824187, 976.09855173777669322, 10260.932208618978205,
                                 45507.789335026729956 };
    double y = fabs(z);
    if (y > 0.67448975)
        return z < 0 ? tail_share(y) : 1.0 - tail_share(y);
    double s = z * z, num = a[4] * s, den = s;
    for (int i = 0; i < 3; i++) {
        num = (num + a[i]) * s;
        den = (den + b[i]) * s;
    }
    return 0.5 + z * (num + a[3]) / (den + b[3]);
}
