/* scenario_reader.h - what the parts of reading a saved scenario share.
 *
 *     scenario_read.c      the file: head, entries, undo steps
 *     scenario_values.c    values that an entry changed
 *     scenario_effects.c   all other effects, and what is gathered
 *     scenario_remove.c    rows that go
 *     scenario_names.c     keys and periods of the text as they are here
 *     scenario_conflict.c  what can't be done as it was: findings of a load, rows of a table else
 *     scenario_replay.c    onto another base, and merges
 *     scenario_diff.c      the difference of two views as such a text, for merges
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_SCENARIO_READER_H
#define PAGU_SRC_SCENARIO_READER_H

#include "io/json.h"
#include "io/keyset.h"
#include "io/report.h"
#include "io/scenario_file.h"
#include "pagu/life.h"
#include "scenario/scenario_struct.h"

/* Effects of one kind that stand together came about together, as one journal entry. */
typedef enum gathered_kind {
    GATHER_NOTHING,
    GATHER_VALUES,
    GATHER_JOINS,
    GATHER_REMOVALS,
    GATHER_LEAVING, /* of a merge: rows that will be removed once the values are set */
    GATHER_RELEASES
} gathered_kind;

typedef enum read_mode {
    READ_LOAD,   /* on the base that it was saved with: everything that differs is an error */
    READ_REPLAY, /* on another base */
    READ_MERGE   /* the difference of two views, on a third */
} read_mode;

/* What becomes of an effect that is in conflict. */
typedef enum outcome { OUTCOME_OPEN, OUTCOME_APPLIED, OUTCOME_LEFT, OUTCOME_OURS, OUTCOME_THEIRS } outcome;

typedef struct scenario_reader {
    pagu_ctx *ctx;
    pagu_plan *plan;
    pagu_findings *findings;
    const char *path;
    uint32_t line;
    uint32_t malformed; /* the last line that is not as it must be; 0: none */
    bool begun, ended;  /* a first line, the last line was read */
    bool headed;        /* the head was read */
    pagu_scenario *s;   /* a load's is made by the head */

    read_mode mode;
    const pagu_replay_options *replay; /* NULL: of a load or merge */
    const pagu_merge_options *merge;   /* NULL: of a load or replay */
    const pagu_view *base;             /* of a merge */
    keyset staying;                    /* of a merge: keys of rows that were to go, but are changed here */
    keyset codes;                      /* of replay->codes: index */
    keyset renamed;                    /* indicators that have another id here: index of new_ids */
    const char **new_ids;
    uint32_t cap_new_ids;
    int shift;        /* of years */
    uint32_t entry;   /* number of the entry, from 1 */
    const char *part; /* what is read: a field, "structure" or "constraints"; NULL: several */
    int head_year;
    pagu_table *conflicts; /* of a replay or merge */
    uint32_t step_first;   /* first row of this step */
    uint32_t n_open;
    bool leave_step;                /* REPLAY: the step is to be taken back */
    char names[4][KEY_MAX_LEN + 2]; /* keys as they are here, in turn */
    uint32_t next_name;
    char periods[2][32];

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

/* ---- rows that go (scenario_remove.c) ---- */

pagu_code removals_commit(scenario_reader *r);
/* Take the values of the rows away with the other values of the merge; rows that were changed here may stay. */
pagu_code leaving_commit(scenario_reader *r);

/* ---- values (scenario_values.c) ---- */

bool read_cell(const cJSON *item, pagu_cell *out);
pagu_code read_money(scenario_reader *r, const cJSON *o, const char *key);
pagu_code read_measure(scenario_reader *r, const cJSON *o, const char *id);
pagu_code values_commit(scenario_reader *r);

/* ---- names (scenario_names.c) ---- */

/* A key, code or indicator of the text as it is here; NULL: it has no counterpart. Valid until four more are asked. */
const char *here_key(scenario_reader *r, const char *key);
/* The same; "" without a counterpart, which no row has. */
static inline const char *here_or_none(scenario_reader *r, const char *key)
{
    const char *here = here_key(r, key);
    return here ? here : "";
}
const char *here_period(scenario_reader *r, const char *period);
bool names_open(scenario_reader *r);
void names_close(scenario_reader *r);
/* An indicator of the text has this id here. */
bool names_rename(scenario_reader *r, const char *from, const char *to);

/* ---- conflicts of replay and merge (scenario_conflict.c) ---- */

typedef struct conflict {
    const char *key, *field, *period, *why;
    bool cells, measures; /* which values are given */
    pagu_cell base, ours, theirs;
    pagu_measure base_m, ours_m, theirs_m;
    outcome outcome;
} conflict;
/* A row of the table. Only want of memory is an error. */
pagu_code conflict_add(scenario_reader *r, const conflict *c);
pagu_table *conflict_table(pagu_ctx *ctx);
/* What becomes of something that differs, by the part that is read. */
outcome settle(const scenario_reader *r);
/* What becomes of something that can't be done. */
outcome settle_impossible(const scenario_reader *r);
/* A value that is neither what it was nor what it is to be. True: it is to be set all the same. */
bool conflict_overrides(const scenario_reader *r, outcome o);
/* The rows of this step get their last word. */
pagu_code conflicts_end_step(scenario_reader *r);

/* Read the whole text; the codes of scenario_read.c. */
pagu_code scenario_read_text(scenario_reader *r, const char *bytes, size_t len, pagu_error *err);
void scenario_reader_close(scenario_reader *r);

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
