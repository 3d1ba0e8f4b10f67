/* sweep_pool.h - many small tasks in processes of their own.
 *
 * A few workers run at once, each forked with a batch of tasks; a worker forks every task in turn, so
 * that each starts from the same memory, whatever others did, and none can harm another. Plan and
 * script are loaded once, before. What a task writes comes back through pipes.
 *
 *     pool p = { .tasks = list, .n = 100, .jobs = 2, .run = run, .take = take, .ud = &job };
 *     pool_run(&p);
 *
 * SPDX-License-Identifier: MIT */
#ifndef PAGU_SRC_SWEEP_POOL_H
#define PAGU_SRC_SWEEP_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a task ended; the detail is a signal or an exit code. */
typedef enum pool_end { POOL_RESULT, POOL_TIME, POOL_MEMORY, POOL_SIGNAL, POOL_EXIT, POOL_BIG } pool_end;

typedef enum pool_status { POOL_DONE, POOL_STOPPED, POOL_NO_PROCESS } pool_status;

typedef struct pool {
    const uint32_t *tasks;
    uint32_t n;
    unsigned jobs;    /* workers at once */
    unsigned timeout; /* seconds for a task; 0: none */
    void *ud;
    void (*in_worker)(void *ud); /* in a worker: let go of what is this process's only */
    /* In the task's process: do it, and write what came of it with pool_write. */
    void (*run)(void *ud, uint32_t task, int to);
    /* In this process: a task ended. The bytes are borrowed. */
    void (*take)(void *ud, uint32_t task, pool_end end, int detail, const char *bytes, size_t len);
    /* A worker died of a signal (0: it ended too early) with so many tasks not done, which are run again. */
    void (*worker_died)(void *ud, int signal, uint32_t n_tasks);
    void (*idle)(void *ud);    /* at least ten times a second */
    bool (*stopped)(void *ud); /* true: kill the workers and return */
} pool;

/* Run all tasks. A task whose process dies is tried once more in another; one whose worker dies, in
 * another worker. POOL_NO_PROCESS: errno says why none could be started. */
pool_status pool_run(const pool *p);

/* A task's answer, once: a result, or POOL_TIME or POOL_MEMORY. */
void pool_write(int to, pool_end end, const char *bytes, size_t len);

/* For sweep_worker.c: the life of a worker with a batch; never returns. */
_Noreturn void pool_work(const pool *p, const uint32_t *tasks, uint32_t n, int to);

/* What a worker sends before the bytes of each task. */
typedef struct pool_frame {
    uint32_t task;
    int32_t end, detail;
    uint32_t len;
} pool_frame;

enum { POOL_MOST_BYTES = 16 << 20 };

/* Write all bytes; false on an error. */
bool pool_write_all(int fd, const void *bytes, size_t len);
/* Let a process die with its parent; false if that is gone already. */
bool pool_die_with(int parent);
double pool_now(void); /* seconds of a clock that only goes on */

#endif
