/* sweep_progress.h - how far a sweep is, on a terminal only.
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_SWEEP_PROGRESS_H
#define PAGU_SRC_SWEEP_PROGRESS_H

#include "cli/cli.h"

typedef struct progress {
    const cli *c;
    bool on, shown;
    uint32_t total, before; /* members, and those that were done when it began */
    double start, last;
} progress;

/* Written to stderr if that is a terminal that isn't dumb, and not with --quiet. */
void progress_start(progress *p, const cli *c, uint32_t total, uint32_t done);
/* Show the state, from a second after the start on and ten times a second at most. */
void progress_show(progress *p, uint32_t done, uint32_t failed);
/* Clear it. */
void progress_end(progress *p);

/* "1j02m03d", "2m05d", "7d" (h, m, s in English) of seconds. */
void progress_duration(const cli *c, double seconds, char *out, size_t size);

#endif
