#include "rollup.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define ROLLUP_X86 1
#include <immintrin.h>
#define TARGET_AVX2 __attribute__((target("avx2,bmi2")))
#define TARGET_AVX512 __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,bmi2")))
/* The step functions must dissolve in their loop: a call per parent costs as much as its sum. */
#define INLINE inline __attribute__((always_inline))
#endif

/* One kernel per form: set the inner rows among [first, end), whose children are done. */
struct kernel {
    void (*plain)(const struct rollup_shape *shape, int64_t *column, uint32_t first, uint32_t end);
    void (*with_sign)(const struct rollup_shape *shape, int64_t *column, uint32_t first, uint32_t end);
};

/* ---- baseline ------------------------------------------------------------------------------- */

static uint64_t sum_interval(const int64_t *column, uint32_t begin, uint32_t end)
{
    uint64_t sum = 0; /* unsigned: wraps instead of being undefined if the contract is broken */
    for (uint32_t i = begin; i < end; i++)
        sum += (uint64_t)column[i];
    return sum;
}

static uint64_t sum_interval_signed(const int64_t *column, const int8_t *sign, uint32_t begin, uint32_t end)
{
    uint64_t sum = 0;
    for (uint32_t i = begin; i < end; i++)
        sum += (uint64_t)column[i] * (uint64_t)(int64_t)sign[i];
    return sum;
}

static void plain_baseline(const struct rollup_shape *shape, int64_t *column, uint32_t first, uint32_t end)
{
    const uint32_t *child_first = shape->child_first;
    for (uint32_t r = first; r < end; r++) {
        if (child_first[r] < child_first[r + 1])
            column[r] = (int64_t)sum_interval(column, child_first[r], child_first[r + 1]);
    }
}

static void signed_baseline(const struct rollup_shape *shape, int64_t *column, uint32_t first, uint32_t end)
{
    const uint32_t *child_first = shape->child_first;
    for (uint32_t r = first; r < end; r++) {
        if (child_first[r] < child_first[r + 1])
            column[r] = (int64_t)sum_interval_signed(column, shape->sign, child_first[r], child_first[r + 1]);
    }
}

#ifdef ROLLUP_X86

/*
 * Children are read once, front to back, but the processor's own prefetch stops at every page. Ask
 * for `lines` cache lines some way ahead; beyond the column this is harmless.
 */
static INLINE void prefetch_children(const int64_t *child, int lines)
{
    enum { AHEAD = 1536 }; /* bytes; 1 to 2 KiB measured best, 10 to 20% at every size */
#pragma GCC unroll 12
    for (int i = 0; i < lines; i++)
        _mm_prefetch((const char *)((uintptr_t)child + AHEAD + 64 * (uintptr_t)i), _MM_HINT_T0);
}

/* Whether reading 24 values from row `child` on, as the short forms do, would leave the column. */
static INLINE bool is_near_end(const struct rollup_shape *shape, uint32_t child)
{
    return (uint64_t)child + 24 > shape->n_rows;
}

/* ---- AVX-512 -------------------------------------------------------------------------------- */

/*
 * Eight parents at a time. Family sizes vary, so a loop per parent would mispredict its end nearly
 * every time; instead all eight take the same number of masked loads, chosen by the largest family
 * of the group, and one tree of shuffles adds the eight vectors up together.
 */

/* Lane pairs of a and b added up: a01 b01 a23 b23 a45 b45 a67 b67. */
TARGET_AVX512 static INLINE __m512i add_pairs(__m512i a, __m512i b)
{
    return _mm512_add_epi64(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
}

/* The same for pairs of lanes. */
TARGET_AVX512 static INLINE __m512i add_quarters(__m512i a, __m512i b)
{
    return _mm512_add_epi64(_mm512_shuffle_i64x2(a, b, 0x88), _mm512_shuffle_i64x2(a, b, 0xdd));
}

/*
 * Lane sums of a family of at most 8 * loads children. Whole loads under a masked add cost one
 * operation less than masked loads; they read 8 * loads values whatever the size of the family.
 */
TARGET_AVX512 static INLINE __m512i add_short(const int64_t *child, uint32_t count, int loads)
{
    uint32_t mask = _bzhi_u32(0xffffff, count);
    __m512i sum = _mm512_maskz_loadu_epi64((__mmask8)mask, child);
#pragma GCC unroll 3
    for (int i = 1; i < loads; i++)
        sum = _mm512_mask_add_epi64(sum, (__mmask8)(mask >> 8 * i), sum, _mm512_loadu_si512(child + 8 * i));
    return sum;
}

/* Lane sums of a family of any size; reads nothing else. */
TARGET_AVX512 static INLINE __m512i add_long(const int64_t *child, uint32_t count)
{
    __m512i sum = _mm512_setzero_si512();
    uint32_t i = 0;
    for (; count - i >= 8; i += 8)
        sum = _mm512_add_epi64(sum, _mm512_loadu_si512(child + i));
    return _mm512_add_epi64(sum, add_short(child + i, count - i, 1));
}

TARGET_AVX512 static INLINE __m512i add_family(const uint32_t *child_first, const int64_t *column, int loads)
{
    const int64_t *child = column + child_first[0];
    uint32_t count = child_first[1] - child_first[0];
    return loads ? add_short(child, count, loads) : add_long(child, count);
}

/* Lane j = sum of the children of row j; loads = 0 for families of any size. */
TARGET_AVX512 static INLINE __m512i sum_eight(const uint32_t *child_first, const int64_t *column, int loads)
{
    prefetch_children(column + child_first[8], loads ? 4 * loads : 12);
    __m512i ab = add_pairs(add_family(child_first + 0, column, loads), add_family(child_first + 1, column, loads));
    __m512i cd = add_pairs(add_family(child_first + 2, column, loads), add_family(child_first + 3, column, loads));
    __m512i abcd = add_quarters(ab, cd);
    __m512i ef = add_pairs(add_family(child_first + 4, column, loads), add_family(child_first + 5, column, loads));
    __m512i gh = add_pairs(add_family(child_first + 6, column, loads), add_family(child_first + 7, column, loads));
    return add_quarters(abcd, add_quarters(ef, gh));
}

TARGET_AVX512 static void plain_avx512(const struct rollup_shape *shape, int64_t *column, uint32_t first, uint32_t end)
{
    const uint32_t *child_first = shape->child_first;
    uint32_t r = first;
    for (; end - r >= 8; r += 8) {
        const uint32_t *family = child_first + r;
        __m256i count = _mm256_sub_epi32(_mm256_loadu_si256((const __m256i *)(family + 1)),
                                         _mm256_loadu_si256((const __m256i *)family));
        __m512i sums;
        if (_mm256_cmpgt_epu32_mask(count, _mm256_set1_epi32(24)) || is_near_end(shape, family[7]))
            sums = sum_eight(family, column, 0);
        else if (_mm256_cmpgt_epu32_mask(count, _mm256_set1_epi32(16)))
            sums = sum_eight(family, column, 3);
        else if (_mm256_cmpgt_epu32_mask(count, _mm256_set1_epi32(8)))
            sums = sum_eight(family, column, 2);
        else
            sums = sum_eight(family, column, 1);
        /* A leaf keeps its value. */
        _mm512_mask_storeu_epi64(column + r, _mm256_test_epi32_mask(count, count), sums);
    }
    for (; r < end; r++) {
        uint32_t begin = child_first[r], count = child_first[r + 1] - begin;
        if (count > 0)
            column[r] = _mm512_reduce_add_epi64(add_long(column + begin, count));
    }
}

/* Signs are bytes: eight of them become two masks, children to add and children to subtract. */
TARGET_AVX512 static INLINE __m512i add_signed(const int64_t *child, const int8_t *sign, uint32_t count)
{
    __m512i sum = _mm512_setzero_si512();
    for (uint32_t i = 0; i < count; i += 8) {
        uint32_t left = count - i < 8 ? count - i : 8; /* bzhi looks at 8 bits of its index */
        __mmask8 live = (__mmask8)_bzhi_u32(0xff, left);
        __m512i value = _mm512_maskz_loadu_epi64(live, child + i);
        __m128i signs = _mm_maskz_loadu_epi8(live, sign + i);
        __mmask8 plus = (__mmask8)_mm_cmpgt_epi8_mask(signs, _mm_setzero_si128());
        __mmask8 minus = (__mmask8)_mm_movepi8_mask(signs);
        sum = _mm512_mask_add_epi64(sum, plus, sum, value);
        sum = _mm512_mask_sub_epi64(sum, minus, sum, value);
    }
    return sum;
}

TARGET_AVX512 static void signed_avx512(const struct rollup_shape *shape, int64_t *column, uint32_t first, uint32_t end)
{
    const uint32_t *child_first = shape->child_first;
    for (uint32_t r = first; r < end; r++) {
        uint32_t begin = child_first[r], count = child_first[r + 1] - begin;
        if (count > 0)
            column[r] = _mm512_reduce_add_epi64(add_signed(column + begin, shape->sign + begin, count));
    }
}

/* ---- AVX2 ----------------------------------------------------------------------------------- */

/*
 * The same idea with four parents at a time. AVX2 has no cheap masks, so a family is loaded whole
 * and cut with a window into this table: 24 ones, then 24 zeros, entered `count` before the zeros.
 */
static const int64_t cut_table[48] = {
    -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
};

TARGET_AVX2 static INLINE __m256i load_four(const int64_t *p)
{
    return _mm256_loadu_si256((const __m256i *)p);
}

/* out lane j = sum of the four lanes of part[j]. */
TARGET_AVX2 static INLINE __m256i reduce_four(const __m256i part[4])
{
    __m256i low = _mm256_add_epi64(_mm256_unpacklo_epi64(part[0], part[1]), _mm256_unpackhi_epi64(part[0], part[1]));
    __m256i high = _mm256_add_epi64(_mm256_unpacklo_epi64(part[2], part[3]), _mm256_unpackhi_epi64(part[2], part[3]));
    return _mm256_add_epi64(_mm256_permute2x128_si256(low, high, 0x20), _mm256_permute2x128_si256(low, high, 0x31));
}

/* Lane sums of a family of at most 4 * loads children; reads 4 * loads values whatever its size. */
TARGET_AVX2 static INLINE __m256i add_cut(const int64_t *child, uint32_t count, int loads)
{
    const int64_t *cut = cut_table + 24 - count;
    __m256i sum = _mm256_and_si256(load_four(child), load_four(cut));
#pragma GCC unroll 6
    for (int i = 1; i < loads; i++)
        sum = _mm256_add_epi64(sum, _mm256_and_si256(load_four(child + 4 * i), load_four(cut + 4 * i)));
    return sum;
}

TARGET_AVX2 static INLINE void sum_four_families(const uint32_t *child_first, int64_t *column, int64_t *out, int loads)
{
    __m256i part[4];
    prefetch_children(column + child_first[4], 2 * loads);
#pragma GCC unroll 4
    for (int j = 0; j < 4; j++)
        part[j] = add_cut(column + child_first[j], child_first[j + 1] - child_first[j], loads);
    __m256i sums = reduce_four(part);
    __m128i begin = _mm_loadu_si128((const __m128i *)child_first);
    __m128i end = _mm_loadu_si128((const __m128i *)(child_first + 1));
    __m256i leaf = _mm256_cvtepi32_epi64(_mm_cmpeq_epi32(begin, end));
    _mm256_storeu_si256((__m256i *)out, _mm256_blendv_epi8(sums, load_four(out), leaf));
}

/* Long families: plain vector loop, one parent after the other. */
TARGET_AVX2 static void sum_long_avx2(const uint32_t *child_first, int64_t *column, uint32_t first, uint32_t end)
{
    for (uint32_t r = first; r < end; r++) {
        uint32_t i = child_first[r], stop = child_first[r + 1];
        if (i == stop)
            continue;
        __m256i sum = _mm256_setzero_si256();
        for (; stop - i >= 4; i += 4)
            sum = _mm256_add_epi64(sum, load_four(column + i));
        int64_t lane[4];
        _mm256_storeu_si256((__m256i *)lane, sum);
        uint64_t total = sum_interval(lane, 0, 4) + sum_interval(column, i, stop);
        column[r] = (int64_t)total;
    }
}

TARGET_AVX2 static INLINE uint32_t largest_of_four(const uint32_t *child_first)
{
    uint32_t largest = 0;
    for (int j = 0; j < 4; j++) {
        uint32_t count = child_first[j + 1] - child_first[j];
        largest = count > largest ? count : largest;
    }
    return largest;
}

TARGET_AVX2 static void plain_avx2(const struct rollup_shape *shape, int64_t *column, uint32_t first, uint32_t end)
{
    const uint32_t *child_first = shape->child_first;
    uint32_t r = first;
    for (; end - r >= 4; r += 4) {
        const uint32_t *family = child_first + r;
        uint32_t largest = largest_of_four(family);
        if (largest > 24 || is_near_end(shape, family[3]))
            sum_long_avx2(child_first, column, r, r + 4);
        else if (largest > 16)
            sum_four_families(family, column, column + r, 6);
        else if (largest > 8)
            sum_four_families(family, column, column + r, 4);
        else
            sum_four_families(family, column, column + r, 2);
    }
    sum_long_avx2(child_first, column, r, end);
}

#endif /* ROLLUP_X86 */

/* ---- choice of form --------------------------------------------------------------------------- */

static const struct kernel kernels[ROLLUP_FORMS] = {
    [ROLLUP_BASELINE] = { plain_baseline, signed_baseline },
#ifdef ROLLUP_X86
    [ROLLUP_AVX2] = { plain_avx2, signed_baseline },
    [ROLLUP_AVX512] = { plain_avx512, signed_avx512 },
#endif
};

bool rollup_form_is_supported(enum rollup_form form)
{
#ifdef ROLLUP_X86
    if (form == ROLLUP_AVX512)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("bmi2");
    if (form == ROLLUP_AVX2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
#endif
    return form == ROLLUP_BASELINE;
}

enum rollup_form rollup_best_form(void)
{
    if (rollup_form_is_supported(ROLLUP_AVX512))
        return ROLLUP_AVX512;
    return rollup_form_is_supported(ROLLUP_AVX2) ? ROLLUP_AVX2 : ROLLUP_BASELINE;
}

/* ---- order of work -------------------------------------------------------------------------- */

static void sum_rows(const struct kernel *kernel, const struct rollup_shape *shape, int64_t *column, uint32_t level,
                     uint32_t first, uint32_t end)
{
    bool is_signed = shape->sign && (!shape->level_signed || shape->level_signed[level]);
    if (is_signed)
        kernel->with_sign(shape, column, first, end);
    else
        kernel->plain(shape, column, first, end);
}

void rollup_column_as(enum rollup_form form, const struct rollup_shape *shape, int64_t *column)
{
    if (shape->n_levels < 2)
        return; /* the deepest level is all leaves */
    for (uint32_t k = shape->n_levels - 1; k-- > 0;)
        sum_rows(&kernels[form], shape, column, k, shape->level_first[k], shape->level_first[k + 1]);
}

void rollup_column(const struct rollup_shape *shape, int64_t *column)
{
    rollup_column_as(rollup_best_form(), shape, column);
}
