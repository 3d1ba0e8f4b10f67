/* scenario_reader.h - what the parts of reading a saved scenario share.
 *
 *     scenario_read.c     the file: head, entries, undo steps
 *     scenario_values.c   values that an entry changed
 *     scenario_effects.c  all other effects, and what is gathered
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_SCENARIO_READER_H
#define PAGU_SRC_SCENARIO_READER_H

#include "io/json.h"
#include "io/report.h"
#include "io/scenario_file.h"
#include "scenario/scenario_struct.h"

/* Effects of one kind that stand together came about together, as one journal entry. */
typedef enum gathered_kind {
    GATHER_NOTHING,
    GATHER_VALUES,
    GATHER_JOINS,
    GATHER_REMOVALS,
    GATHER_RELEASES
} gathered_kind;

typedef struct scenario_reader {
    pagu_ctx *ctx;
    pagu_plan *plan;
    pagu_findings *findings;
    const char *path;
    uint32_t line;
    uint32_t malformed; /* the last line that is not as it must be; 0: none */
    bool begun, ended;  /* a first line, the last line was read */
    pagu_scenario *s;   /* NULL until the head is read */

    pagu_note note; /* of the entry; verb NULL: before the first */
    char *args;
    size_t args_size;
    uint32_t entry_line;

    gathered_kind kind;
    pagu_proposal *changes;
    uint32_t *items; /* rows, or ids of constraints */
    uint32_t n_items, cap_items;

    uint32_t step; /* savepoint where the undo step began */
} scenario_reader;

/* Do an effect, or gather it. Only want of memory is an error; what can't be done is a finding. */
pagu_code effect_read(scenario_reader *r, const cJSON *o);
/* Do what is gathered. */
pagu_code effects_commit(scenario_reader *r);

/* ---- values (scenario_values.c) ---- */

bool read_cell(const cJSON *item, pagu_cell *out);
pagu_code read_money(scenario_reader *r, const cJSON *o, const char *key);
pagu_code read_measure(scenario_reader *r, const cJSON *o, const char *id);
pagu_code values_commit(scenario_reader *r);

/* ---- findings ---- */

/* A finding: the line is not what a saved scenario has there. */
pagu_code report_malformed(scenario_reader *r, const char *what);
/* A finding: it can't be done here. Want of memory is returned, not reported. */
pagu_code report_conflict(scenario_reader *r, uint32_t line, const char *key, pagu_code code, const pagu_error *err);
/* A finding: something is not what it was. */
pagu_code report_changed(scenario_reader *r, uint32_t line, const char *key);

/* ---- members of objects ---- */

static inline const char *text_of(const cJSON *o, const char *key)
{
    const cJSON *item = json_get(o, key);
    return cJSON_IsString(item) ? item->valuestring : NULL;
}
static inline const char *text_or_empty(const cJSON *o, const char *key)
{
    const char *s = text_of(o, key);
    return s ? s : "";
}
/* A whole number in a range; false: none. An absent one is `absent`. */
bool read_whole(const cJSON *item, int least, int most, int absent, int *out);

#endif
