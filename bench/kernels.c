#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* madvise */
#endif
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include "kernels.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define KERNELS_X86 1
#include <immintrin.h>
#define TARGET_AVX512 __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx512vbmi2,bmi,bmi2,popcnt,pclmul")))
#endif

#ifdef __GNUC__
#define INLINE inline __attribute__((always_inline)) /* so that one body serves both forms */
#else
#define INLINE inline
#endif

static int has_avx512(void)
{
#ifdef KERNELS_X86
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vbmi2") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("pclmul");
#else
    return 0;
#endif
}

const char *kernel_form(void)
{
    return has_avx512() ? "avx512" : "c";
}

/* ---- P1 ------------------------------------------------------------------------------------- */

static int64_t sum_plain(const int64_t *values, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (uint64_t)values[i];
    return (int64_t)sum;
}

static void rollup_plain(const uint32_t *child_first, const uint32_t *level_first, uint32_t n_levels, int64_t *column)
{
    /* The deepest level is all leaves, the rows above it one interval: back to front is level by
     * level, but front to back inside a level is what the prefetcher likes. */
    for (uint32_t k = n_levels - 1; k-- > 0;) {
        for (uint32_t r = level_first[k]; r < level_first[k + 1]; r++) {
            uint32_t begin = child_first[r], end = child_first[r + 1];
            if (begin < end)
                column[r] = sum_plain(column + begin, end - begin);
        }
    }
}

#ifdef KERNELS_X86

TARGET_AVX512 static INLINE void prefetch(const int64_t *p, int lines)
{
#pragma GCC unroll 12
    for (int i = 0; i < lines; i++)
        _mm_prefetch((const char *)((uintptr_t)p + 1536 + 64 * (uintptr_t)i), _MM_HINT_T0);
}

TARGET_AVX512 static int64_t sum_avx512(const int64_t *values, size_t n)
{
    __m512i a = _mm512_setzero_si512(), b = a, c = a, d = a;
    size_t i = 0;
    for (; n - i >= 32; i += 32) {
        prefetch(values + i, 4);
        a = _mm512_add_epi64(a, _mm512_loadu_si512(values + i));
        b = _mm512_add_epi64(b, _mm512_loadu_si512(values + i + 8));
        c = _mm512_add_epi64(c, _mm512_loadu_si512(values + i + 16));
        d = _mm512_add_epi64(d, _mm512_loadu_si512(values + i + 24));
    }
    __m512i sum = _mm512_add_epi64(_mm512_add_epi64(a, b), _mm512_add_epi64(c, d));
    return (int64_t)((uint64_t)_mm512_reduce_add_epi64(sum) + (uint64_t)sum_plain(values + i, n - i));
}

TARGET_AVX512 static INLINE __m512i family(const uint32_t *child_first, const int64_t *column, int loads)
{
    const int64_t *child = column + child_first[0];
    uint32_t mask = _bzhi_u32(0xffffff, child_first[1] - child_first[0]);
    __m512i sum = _mm512_maskz_loadu_epi64((__mmask8)mask, child);
#pragma GCC unroll 3
    for (int i = 1; i < loads; i++)
        sum = _mm512_mask_add_epi64(sum, (__mmask8)(mask >> 8 * i), sum, _mm512_loadu_si512(child + 8 * i));
    return sum;
}

TARGET_AVX512 static INLINE __m512i add_pairs(__m512i a, __m512i b)
{
    return _mm512_add_epi64(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b));
}

TARGET_AVX512 static INLINE __m512i add_quarters(__m512i a, __m512i b)
{
    return _mm512_add_epi64(_mm512_shuffle_i64x2(a, b, 0x88), _mm512_shuffle_i64x2(a, b, 0xdd));
}

/* Eight parents of at most 8 * loads children; leaves among them keep their value. */
TARGET_AVX512 static INLINE void sum_eight(const uint32_t *f, int64_t *column, uint32_t row, __mmask8 inner, int loads)
{
    prefetch(column + f[8], 4 * loads);
    __m512i ab = add_pairs(family(f, column, loads), family(f + 1, column, loads));
    __m512i cd = add_pairs(family(f + 2, column, loads), family(f + 3, column, loads));
    __m512i abcd = add_quarters(ab, cd);
    __m512i ef = add_pairs(family(f + 4, column, loads), family(f + 5, column, loads));
    __m512i gh = add_pairs(family(f + 6, column, loads), family(f + 7, column, loads));
    _mm512_mask_storeu_epi64(column + row, inner, add_quarters(abcd, add_quarters(ef, gh)));
}

TARGET_AVX512 static void rollup_avx512(const uint32_t *child_first, const uint32_t *level_first, uint32_t n_levels,
                                        int64_t *column)
{
    uint32_t n_rows = level_first[n_levels];
    for (uint32_t k = n_levels - 1; k-- > 0;) {
        uint32_t r = level_first[k], end = level_first[k + 1];
        while (r < end) {
            const uint32_t *f = child_first + r;
            /* The last families, and groups with a long one, don't fit the pattern. */
            if (end - r < 8 || f[7] + 24 > n_rows) {
                if (f[0] < f[1])
                    column[r] = sum_avx512(column + f[0], f[1] - f[0]);
                r++;
                continue;
            }
            __m256i count =
                _mm256_sub_epi32(_mm256_loadu_si256((const __m256i *)(f + 1)), _mm256_loadu_si256((const __m256i *)f));
            __mmask8 inner = _mm256_test_epi32_mask(count, count);
            if (_mm256_cmpgt_epu32_mask(count, _mm256_set1_epi32(24))) {
                for (int j = 0; j < 8; j++)
                    if (f[j] < f[j + 1])
                        column[r + (uint32_t)j] = sum_avx512(column + f[j], f[j + 1] - f[j]);
            } else if (_mm256_cmpgt_epu32_mask(count, _mm256_set1_epi32(16))) {
                sum_eight(f, column, r, inner, 3);
            } else if (_mm256_cmpgt_epu32_mask(count, _mm256_set1_epi32(8))) {
                sum_eight(f, column, r, inner, 2);
            } else {
                sum_eight(f, column, r, inner, 1);
            }
            r += 8;
        }
    }
}

#endif

int64_t kernel_sum(const int64_t *values, size_t n)
{
#ifdef KERNELS_X86
    if (has_avx512())
        return sum_avx512(values, n);
#endif
    return sum_plain(values, n);
}

void kernel_copy(int64_t *to, const int64_t *from, size_t n)
{
    memcpy(to, from, n * sizeof *to);
}

void kernel_rollup(const uint32_t *child_first, const uint32_t *level_first, uint32_t n_levels, int64_t *column)
{
    if (n_levels == 0)
        return;
#ifdef KERNELS_X86
    if (has_avx512()) {
        rollup_avx512(child_first, level_first, n_levels, column);
        return;
    }
#endif
    rollup_plain(child_first, level_first, n_levels, column);
}

/* ---- P2, P3 --------------------------------------------------------------------------------- */

int64_t kernel_edit(const uint32_t *parent, int64_t *column, const uint32_t *rows, const int64_t *values, size_t n,
                    uint32_t zero)
{
    int64_t read = 0, last = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t row = rows[i] + ((uint32_t)last & zero);
        int64_t delta = values[i] - column[row];
        column[row] = values[i];
        last = 0;
        while (row > 0) {
            row = parent[row];
            int64_t total = column[row] + delta;
            column[row] = total;
            last += total;
        }
        read += last;
    }
    return read;
}

/*
 * All walks go in step, one generation after the other: then they don't wait for each other, and the
 * root is written ten times in a row instead of at the end of each walk.
 */
static INLINE void add_in_step(const uint32_t *parent, int64_t *column, const uint32_t *rows, const int64_t *deltas,
                               uint32_t depth, int64_t sign)
{
    uint32_t row[KERNEL_EDITS];
#pragma GCC unroll 10
    for (int i = 0; i < KERNEL_EDITS; i++) {
        row[i] = rows[i];
        column[row[i]] += sign * deltas[i];
    }
    for (uint32_t k = 0; k < depth; k++) {
#pragma GCC unroll 10
        for (int i = 0; i < KERNEL_EDITS; i++) {
            row[i] = parent[row[i]];
            column[row[i]] += sign * deltas[i];
        }
    }
}

int64_t kernel_branch(const uint32_t *parent, int64_t *column, const uint32_t *rows, const int64_t *deltas,
                      uint32_t depth, uint32_t first, uint32_t end)
{
    add_in_step(parent, column, rows, deltas, depth, 1);
    int64_t read = kernel_sum(column + first, end - first);
    add_in_step(parent, column, rows, deltas, depth, -1);
    return read;
}

/* ---- P5 ------------------------------------------------------------------------------------- */

/*
 * First find where fields end: an index of the commas and line feeds outside quotes, made for a
 * stretch of text at a time so that text and index stay in cache. Then read four fields a row. Rows
 * come in tree order, so the ancestors of a row are a stack, and one comparison with the previous
 * code tells how much of it stands. Last, rows are dealt out to their levels.
 */

enum {
    STRETCH = 16384, /* bytes of text indexed at a time */
    MAX_DEPTH = 16,
    MAX_TAGS = 255,
    TAG_SLOTS = 1024,
};

/* One row as parsed, in the order of the text. */
struct record {
    int64_t value;
    uint32_t code; /* offset in the text */
    uint16_t name; /* offset from the code */
    uint16_t name_size;
    uint8_t code_size, depth, tag;
};

struct loader {
    const char *text;
    size_t size;
    struct record *records;
    size_t n_records, capacity;
    uint32_t level_rows[MAX_DEPTH + 1]; /* rows at each depth */
    uint32_t code, code_size;           /* of the row before */
    uint32_t open[MAX_DEPTH + 1];       /* code sizes of the ancestors-or-self of the row before */
    uint32_t depth;
    uint64_t tag_key[TAG_SLOTS];
    uint8_t tag_value[TAG_SLOTS];
    uint32_t n_tags;
};

/* Fresh memory costs 1.4 us a page of 4 KiB on our machines, a third of the whole load; huge pages
 * where the system gives them cost a fifth of that. */
static void *allocate(size_t size)
{
    enum { HUGE = 2 << 20 };
    void *p = NULL;
    if (size < HUGE)
        return malloc(size);
    size = (size + HUGE - 1) / HUGE * HUGE;
    if (posix_memalign(&p, HUGE, size) != 0)
        return NULL;
#ifdef MADV_HUGEPAGE
    madvise(p, size, MADV_HUGEPAGE);
#endif
    return p;
}

/* Append the positions of the field ends in [begin, end) to `out`; *quoted says whether the text
 * before ended inside quotes. Writes up to 64 entries too many. Returns how many. */
typedef size_t index_text(const char *text, size_t begin, size_t end, uint64_t *quoted, uint32_t *out);

static size_t index_plain(const char *text, size_t begin, size_t end, uint64_t *quoted, uint32_t *out)
{
    size_t n = 0;
    for (size_t i = begin; i < end; i++) {
        char c = text[i];
        if (c == '"')
            *quoted = ~*quoted;
        else if ((c == ',' || c == '\n') && !*quoted)
            out[n++] = (uint32_t)i;
    }
    return n;
}

#ifdef KERNELS_X86
TARGET_AVX512 static INLINE void store_positions(uint32_t *out, __m512i bytes, uint32_t base)
{
    __m512i wide = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(bytes));
    _mm512_storeu_si512(out, _mm512_add_epi32(wide, _mm512_set1_epi32((int)base)));
}

TARGET_AVX512 static size_t index_avx512(const char *text, size_t begin, size_t end, uint64_t *quoted, uint32_t *out)
{
    static const uint8_t iota[64] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
        22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
        44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63,
    };
    const __m512i lane = _mm512_loadu_si512(iota);
    size_t n = 0;
    for (size_t i = begin; i < end; i += 64) {
        _mm_prefetch((const char *)((uintptr_t)text + i + 2048), _MM_HINT_T0);
        __m512i block = _mm512_loadu_si512(text + i);
        uint64_t live = end - i < 64 ? _bzhi_u64(~(uint64_t)0, (uint32_t)(end - i)) : ~(uint64_t)0;
        uint64_t ends = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8(',')) |
                        _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('\n'));
        uint64_t quotes = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('"')) & live;
        /* A product without carries by all ones is a running exclusive or: inside or outside. */
        __m128i inside = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)quotes), _mm_set1_epi8((char)0xff), 0);
        uint64_t in_quotes = (uint64_t)_mm_cvtsi128_si64(inside) ^ *quoted;
        *quoted = (uint64_t)((int64_t)in_quotes >> 63);
        ends &= live & ~in_quotes;
        size_t found = (size_t)_mm_popcnt_u64(ends);
        __m512i bytes = _mm512_maskz_compress_epi8(ends, lane);
        store_positions(out + n, bytes, (uint32_t)i);
        if (found > 16) { /* only text of many empty fields */
            store_positions(out + n + 16, _mm512_shuffle_i64x2(bytes, bytes, 1), (uint32_t)i);
            store_positions(out + n + 32, _mm512_shuffle_i64x2(bytes, bytes, 2), (uint32_t)i);
            store_positions(out + n + 48, _mm512_shuffle_i64x2(bytes, bytes, 3), (uint32_t)i);
        }
        n += found;
    }
    return n;
}
#endif

static INLINE uint64_t load_eight(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word; /* little endian from here on */
}

/* Number of leading bytes that a and b have in common, up to `limit`; reads 7 bytes beyond it. */
static INLINE uint32_t common_prefix(const char *a, const char *b, uint32_t limit)
{
    for (uint32_t i = 0; i < limit; i += 8) {
        uint64_t difference = load_eight(a + i) ^ load_eight(b + i);
        if (difference) {
            i += (uint32_t)__builtin_ctzll(difference) / 8;
            return i < limit ? i : limit;
        }
    }
    return limit;
}

/* Depth of a row below the root: pop what is no longer a prefix by whole segments, push the row. */
static INLINE int place_row(struct loader *l, uint32_t code, uint32_t size)
{
    const char *text = l->text + code;
    uint32_t limit = size < l->code_size ? size : l->code_size;
    uint32_t common = common_prefix(l->text + l->code, text, limit), depth = l->depth;
    while (depth > 0 && (l->open[depth] > common || text[l->open[depth]] != '.'))
        depth--;
    if (++depth > MAX_DEPTH)
        return 2;
    l->open[depth] = size;
    l->depth = depth;
    l->code = code;
    l->code_size = size;
    l->level_rows[depth]++;
    return 0;
}

/* The last min(count, 8) ASCII digits before `end`; *bad becomes non-zero if they are none. */
static uint64_t read_digits(const char *end, size_t count, uint64_t *bad)
{
    /* What stands left of the digits becomes leading zeros. Two half shifts: by 64 is undefined. */
    uint32_t half = count < 8 ? 4 * (8 - (uint32_t)count) : 0;
    uint64_t word = load_eight(end - 8) ^ 0x3030303030303030u;
    word = word >> half >> half << half << half;
    *bad |= (word | (word + 0x0606060606060606u)) & 0xf0f0f0f0f0f0f0f0u;
    word = word * 10 + (word >> 8);
    return (((word & 0x000000ff000000ffu) * 0x000f424000000064u) +
            (((word >> 16) & 0x000000ff000000ffu) * 0x0000271000000001u)) >>
           32;
}

/* Value of the last min(count, 16) digits before `end`. */
static uint64_t read_sixteen(const char *end, size_t count, uint64_t *bad)
{
    uint64_t high = read_digits(end - 8, count > 8 ? count - 8 : 0, bad);
    return high * 100000000u + read_digits(end, count, bad);
}

#ifdef KERNELS_X86
TARGET_AVX512 static INLINE uint64_t read_sixteen_avx512(const char *end, size_t count, uint64_t *bad)
{
    __m128i ones = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)(end - 16)), _mm_set1_epi8('0'));
    /* Lanes stand in reading order: the digits are the last `count` of the sixteen. */
    __mmask16 live = (__mmask16)(0xffffu << (count < 16 ? 16 - (uint32_t)count : 0));
    ones = _mm_maskz_mov_epi8(live, ones);
    *bad |= _mm_cmpgt_epu8_mask(ones, _mm_set1_epi8(9));
    __m128i tens = _mm_maddubs_epi16(ones, _mm_set1_epi16(0x010a));
    __m128i hundreds = _mm_madd_epi16(tens, _mm_set1_epi32(0x00010064));
    __m128i fours = _mm_packus_epi32(hundreds, hundreds);
    __m128i eights = _mm_madd_epi16(fours, _mm_set1_epi32(0x00012710));
    uint64_t both = (uint64_t)_mm_cvtsi128_si64(eights);
    return (both & 0xffffffffu) * 100000000u + (both >> 32);
}
#endif

typedef uint64_t read_number(const char *end, size_t count, uint64_t *bad);

static INLINE int read_amount(const char *begin, const char *end, read_number *read, int64_t *out)
{
    uint64_t bad = 0;
    int negative = *begin == '-';
    size_t size = (size_t)(end - begin) - (size_t)negative;
    uint64_t value = read(end, size, &bad);
    if (size > 16)
        value += 10000000000000000u * read_digits(end - 16, size - 16, &bad);
    *out = negative ? -(int64_t)value : (int64_t)value;
    return bad || size > 18 || (negative && size == 0) ? 2 : 0;
}

/* Number of a tag of up to eight bytes, in order of first appearance; 0 for none. */
static INLINE int read_tag(struct loader *l, const char *tag, uint32_t size, uint8_t *out)
{
    if (size > 8)
        return 2;
    uint64_t key = size < 8 ? load_eight(tag) & (((uint64_t)1 << 8 * size) - 1) : load_eight(tag);
    size_t slot = (size_t)(key * 0x9e3779b97f4a7c15u >> 54);
    *out = 0;
    if (size == 0)
        return 0;
    while (l->tag_key[slot] != key) {
        if (l->tag_key[slot] == 0) {
            if (l->n_tags == MAX_TAGS)
                return 2;
            l->tag_key[slot] = key;
            l->tag_value[slot] = (uint8_t)++l->n_tags;
            break;
        }
        slot = (slot + 1) % TAG_SLOTS;
    }
    *out = l->tag_value[slot];
    return 0;
}

/* Read the row that begins at `begin` and whose fields end at ends[0..3]. */
static INLINE int read_row(struct loader *l, uint32_t begin, const uint32_t *ends, read_number *read)
{
    const char *text = l->text;
    uint32_t code_size = ends[0] - begin, quote = text[ends[0] + 1] == '"';
    uint32_t name = ends[0] + 1 + quote, name_size = ends[1] - name - quote;
    if (text[ends[0]] != ',' || text[ends[1]] != ',' || text[ends[2]] != ',' || text[ends[3]] != '\n' ||
        code_size - 1u >= 255 || name_size > UINT16_MAX)
        return 2;
    if (l->n_records == l->capacity) {
        size_t capacity = l->capacity * 2;
        struct record *grown = allocate(capacity * sizeof *grown);
        if (!grown)
            return 1;
        memcpy(grown, l->records, l->n_records * sizeof *grown);
        free(l->records);
        l->records = grown;
        l->capacity = capacity;
    }
    struct record *record = &l->records[l->n_records++];
    int code = place_row(l, begin, code_size);
    code |= read_tag(l, text + ends[1] + 1, ends[2] - ends[1] - 1, &record->tag);
    code |= read_amount(text + ends[2] + 1, text + ends[3], read, &record->value);
    record->code = begin;
    record->code_size = (uint8_t)code_size;
    record->name = (uint16_t)(name - begin);
    record->name_size = (uint16_t)name_size;
    record->depth = (uint8_t)l->depth;
    return code;
}

static INLINE int read_rows(struct loader *l, size_t first, index_text *index, read_number *read)
{
    static const size_t spare = 64 + 4;
    uint32_t *ends = malloc((STRETCH + spare) * sizeof *ends);
    if (!ends)
        return 1;
    uint64_t quoted = 0;
    size_t pending = 0;
    uint32_t begin = (uint32_t)first;
    int code = 0;
    for (size_t at = first; at < l->size && code == 0; at += STRETCH) {
        size_t stop = l->size - at < STRETCH ? l->size : at + STRETCH, used = 0;
        pending += index(l->text, at, stop, &quoted, ends + pending);
        for (; pending - used >= 4 && code == 0; used += 4) {
            code = read_row(l, begin, ends + used, read);
            begin = ends[used + 3] + 1;
        }
        memmove(ends, ends + used, (pending - used) * sizeof *ends);
        pending -= used;
    }
    free(ends);
    return code ? code : begin == l->size ? 0 : 2;
}

static int read_rows_plain(struct loader *l, size_t first)
{
    return read_rows(l, first, index_plain, read_sixteen);
}

#ifdef KERNELS_X86
TARGET_AVX512 static int read_rows_avx512(struct loader *l, size_t first)
{
    return read_rows(l, first, index_avx512, read_sixteen_avx512);
}
#endif

static int allocate_tree(struct kernel_tree *tree)
{
    size_t n = tree->n_rows,
           row = sizeof(int64_t) + 2 * sizeof(struct kernel_slice) + 2 * sizeof(uint32_t) + sizeof(uint8_t);
    char *memory = allocate(n * row + sizeof(uint32_t));
    if (!memory)
        return 1;
    tree->memory = memory;
    tree->value = (int64_t *)memory;
    tree->code = (struct kernel_slice *)(tree->value + n);
    tree->name = tree->code + n;
    tree->parent = (uint32_t *)(tree->name + n);
    tree->child_first = tree->parent + n;
    tree->tag = (uint8_t *)(tree->child_first + n + 1);
    return 0;
}

/* Tree order visits each level from front to back: a row goes to the next place of its level, its
 * children to the next places of the level below. */
static void deal_out(const struct loader *l, struct kernel_tree *tree)
{
    uint32_t next[MAX_DEPTH + 2], at[MAX_DEPTH + 1] = { 0 };
    for (uint32_t d = 0; d <= MAX_DEPTH + 1; d++)
        next[d] = tree->level_first[d < tree->n_levels ? d : tree->n_levels];
    next[0]++;
    tree->child_first[0] = next[1];
    for (size_t i = 0; i < l->n_records; i++) {
        const struct record *record = &l->records[i];
        uint32_t d = record->depth, r = next[d]++;
        at[d] = r;
        tree->parent[r] = at[d - 1];
        tree->child_first[r] = next[d + 1];
        tree->code[r] = (struct kernel_slice){ record->code, record->code_size };
        tree->name[r] = (struct kernel_slice){ record->code + record->name, record->name_size };
        tree->tag[r] = record->tag;
        tree->value[r] = record->value;
    }
    tree->child_first[tree->n_rows] = tree->n_rows;
}

static int build_tree(struct loader *l, struct kernel_tree *tree)
{
    l->level_rows[0] = 1;
    for (uint32_t d = 0; d <= MAX_DEPTH && l->level_rows[d] > 0; d++) {
        tree->n_levels = d + 1;
        tree->level_first[d + 1] = tree->level_first[d] + l->level_rows[d];
    }
    tree->n_rows = tree->level_first[tree->n_levels];
    if (allocate_tree(tree) != 0)
        return 1;
    tree->parent[0] = 0;
    tree->code[0] = tree->name[0] = (struct kernel_slice){ 0, 0 };
    tree->tag[0] = 0;
    tree->value[0] = 0;
    deal_out(l, tree);
    return 0;
}

int kernel_load_csv(const char *text, size_t size, struct kernel_tree *out)
{
    static const char header[] = "code,name,tag,amount\n";
    int (*read)(struct loader *, size_t) = read_rows_plain;
    memset(out, 0, sizeof *out);
    if (size > UINT32_MAX - STRETCH || size < sizeof header - 1 || memcmp(text, header, sizeof header - 1) != 0)
        return 2;
#ifdef KERNELS_X86
    if (has_avx512())
        read = read_rows_avx512;
#endif
    struct loader *l = calloc(1, sizeof *l);
    if (!l)
        return 1;
    l->text = text;
    l->size = size;
    l->capacity = size / 48 + 16;
    l->records = allocate(l->capacity * sizeof *l->records);
    int code = l->records ? read(l, sizeof header - 1) : 1;
    if (code == 0)
        code = build_tree(l, out);
    free(l->records);
    free(l);
    return code;
}

void kernel_tree_free(struct kernel_tree *tree)
{
    free(tree->memory);
    memset(tree, 0, sizeof *tree);
}
