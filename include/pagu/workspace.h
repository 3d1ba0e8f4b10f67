/* pagu/workspace.h - named scenarios, runs, their results and history, in one file that several may use.
 *
 *     pagu_workspace *w;
 *     pagu_workspace_open(ctx, "kerja.pagu", PAGU_WORKSPACE_CREATE, &w, &err);
 *     pagu_workspace_save(w, "potong gedung", s, &o, &version, &err);
 *     pagu_workspace_close(w);
 *
 * The file is an SQLite database with application_id 0x50616775 ("Pagu") and user_version as its schema
 * number. It holds the text of each scenario (pagu_scenario_write), whole and with its SHA-256, so that nothing of a
 * scenario is known here only. Every change is one transaction, synced before the call returns; a process that dies
 * leaves the file as it was before. Two processes may write at once: one waits for the other, up to the busy time, and
 * a scenario that somebody else saved meanwhile is not overwritten. Nothing is ever deleted from the history.
 *
 * Files of others are refused by their application_id, those of a newer pagu by their schema number; one whose
 * schema is not exactly ours is refused as well, so no trigger or view of a stranger runs. An older file is
 * brought up to date when it is opened for writing, in one transaction, after a copy of it was made beside it
 * (kerja.pagu.v1).
 *
 * A workspace is one thread's at a time. Times and names of people stand in workspaces only, never in reports.
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_WORKSPACE_H
#define PAGU_WORKSPACE_H

#include "pagu/life.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pagu_workspace pagu_workspace;

typedef enum pagu_workspace_mode {
    PAGU_WORKSPACE_READ,  /* never written; PAGU_NOT_FOUND if there is none */
    PAGU_WORKSPACE_WRITE, /* PAGU_NOT_FOUND if there is none */
    PAGU_WORKSPACE_CREATE /* made if there is none */
} pagu_workspace_mode;

/* Open. PAGU_NOT_FOUND; PAGU_PACKAGE: no workspace, one of a newer pagu, or a damaged one; PAGU_IO. */
PAGU_API pagu_code pagu_workspace_open(pagu_ctx *ctx, const char *path, pagu_workspace_mode mode, pagu_workspace **out,
                                       pagu_error *err);
PAGU_API void pagu_workspace_close(pagu_workspace *w);
/* How long a call waits for another process, 5000 ms unless set; then PAGU_IO. */
PAGU_API void pagu_workspace_set_busy(pagu_workspace *w, int milliseconds);
/* Read every page and compare every text with its hash. PAGU_PACKAGE names what is damaged. Linear. */
PAGU_API pagu_code pagu_workspace_verify(pagu_workspace *w, pagu_error *err);

/* ---- scenarios ---- */

#define PAGU_ANY_VERSION (-1)

typedef struct pagu_workspace_save_options {
    size_t size;
    int64_t expected; /* the version that this save replaces: 0: there is none yet; PAGU_ANY_VERSION: whichever */
    const char *who, *reason; /* who NULL: the user of the system */
} pagu_workspace_save_options;
#define PAGU_WORKSPACE_SAVE_INIT ((pagu_workspace_save_options){ .size = sizeof(pagu_workspace_save_options) })

/* Save under a name (1 to 200 bytes of text, no control characters); *version (may be NULL) counts from 1.
 * The scenario as it is saved already makes no new version. PAGU_CONFLICT: another version is there than expected; the
 * message names it, who saved it and when. */
PAGU_API pagu_code pagu_workspace_save(pagu_workspace *w, const char *name, const pagu_scenario *s,
                                       const pagu_workspace_save_options *options, int64_t *version, pagu_error *err);
/* Append the text of a version (0: the latest); *found (may be NULL) says which. Versions of removed scenarios can be
 * read as well. PAGU_UNKNOWN_KEY; PAGU_PACKAGE: the text is damaged. */
PAGU_API pagu_code pagu_workspace_read(pagu_workspace *w, const char *name, int64_t version, pagu_text *out,
                                       int64_t *found, pagu_error *err);
/* Remove a name; the texts stay in the history. expected as in save. */
PAGU_API pagu_code pagu_workspace_remove(pagu_workspace *w, const char *name,
                                         const pagu_workspace_save_options *options, pagu_error *err);
/* name, version, stage, year, steps, at (time in UTC), who, reason, hash (of the content), base; by name. */
PAGU_API pagu_code pagu_workspace_list(pagu_workspace *w, pagu_table **out, pagu_error *err);
/* Everything that happened, or to one name (NULL: all), in its order: at, who, what (save, remove, run), name,
 * version, reason, before, after (hashes of content). */
PAGU_API pagu_code pagu_workspace_history(pagu_workspace *w, const char *name, pagu_table **out, pagu_error *err);

/* ---- runs ---- */

typedef struct pagu_workspace_result {
    const char *name, *text; /* "metrics" and its JSON, "comparison" and its CSV */
} pagu_workspace_result;

typedef struct pagu_workspace_run {
    size_t size;
    const char *script, *script_hash; /* name, SHA-256 */
    const char *plan_hash, *stage;
    const char *params; /* JSON */
    const char *stamp;  /* JSON: what else made the result, as in a report's stamp */
    const char *who;    /* NULL: the user of the system */
    size_t n_results;
    const pagu_workspace_result *results;
} pagu_workspace_run;
#define PAGU_WORKSPACE_RUN_INIT ((pagu_workspace_run){ .size = sizeof(pagu_workspace_run) })

/* Keep a run and its results; *id (may be NULL) counts from 1. */
PAGU_API pagu_code pagu_workspace_add_run(pagu_workspace *w, const pagu_workspace_run *run, int64_t *id,
                                          pagu_error *err);
/* run, at, who, script, script_hash, plan_hash, stage, params, results (their names); the latest first. */
PAGU_API pagu_code pagu_workspace_runs(pagu_workspace *w, pagu_table **out, pagu_error *err);
/* Append a result of a run. PAGU_UNKNOWN_KEY. */
PAGU_API pagu_code pagu_workspace_result_text(pagu_workspace *w, int64_t run, const char *name, pagu_text *out,
                                              pagu_error *err);

#ifdef __cplusplus
}
#endif
#endif
