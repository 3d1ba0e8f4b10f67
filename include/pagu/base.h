/* pagu/base.h - types, visibility and version shared by all headers.
 *
 * Money is a signed 64-bit count of the plan's minor unit (rupiah by default),
 * never a double. Rows, columns and indicators are typed integers that mean
 * something only together with the plan or view that gave them.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_BASE_H
#define PAGU_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) && !defined(PAGU_STATIC)
#define PAGU_API __attribute__((visibility("default")))
#else
#define PAGU_API
#endif
#if defined(__GNUC__)
#define PAGU_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define PAGU_PRINTF(f, a)
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef int64_t pagu_money;      /* minor units of the plan's currency */
typedef uint32_t pagu_row;       /* a node or line of a view; base rows first, added rows after */
typedef uint32_t pagu_indicator; /* an indicator of a view */
typedef uint16_t pagu_field;     /* "budget", "spent", "target", … of a plan */
typedef uint16_t pagu_period;    /* "2024", "2024Q1", "..2021" of a plan */
typedef uint16_t pagu_stage;     /* "common", "draft", "final", … of a plan */
typedef uint16_t pagu_level;     /* a declared level of the main tree, by index */
typedef uint16_t pagu_column;    /* a physical column (field, period, stage) of a plan */

#define PAGU_NO_ROW UINT32_MAX
#define PAGU_NO_INDICATOR UINT32_MAX
#define PAGU_NONE UINT16_MAX

/* What a cell holds. Missing, zero and a printed dash are three things (design 2). */
typedef enum pagu_state {
    PAGU_MISSING = 0, /* nothing known; nil in Lua */
    PAGU_DASH = 1,    /* "-" printed: counts as 0 */
    PAGU_NUMBER = 2,  /* a number */
    PAGU_TEXT = 3     /* measures only: text without a plain number */
} pagu_state;

/* A money cell. value is 0 unless state is PAGU_NUMBER. */
typedef struct pagu_cell {
    pagu_money value;
    pagu_state state;
} pagu_cell;

/* A measure: number and/or text with its unit. Strings are borrowed from the
 * plan or view and valid while it lives. text may stand beside a number. */
typedef struct pagu_measure {
    double value;
    const char *unit; /* "" if the indicator has none */
    const char *text; /* NULL if none */
    pagu_state state;
} pagu_measure;

/* A decimal as written: digits / 10^scale, so that 1.045 is 1045/1000 exactly. */
typedef struct pagu_decimal {
    int64_t digits;
    uint8_t scale; /* 0..18 */
} pagu_decimal;

/* "0.1.0": the engine's version, as in the stamp of every report. */
PAGU_API const char *pagu_version(void);
/* SHA-256 of bytes as 64 hexadecimal digits and a NUL: what stamps call "script". */
PAGU_API void pagu_hash(const void *bytes, size_t len, char out[65]);

#ifdef __cplusplus
}
#endif
#endif
