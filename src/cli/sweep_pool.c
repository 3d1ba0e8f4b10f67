/* sweep_pool.c - see sweep_pool.h.
 * SPDX-License-Identifier: MIT */
#include "cli/sweep_pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_BATCH = 32, BATCHES = 16, TICK = 100 };

typedef struct worker {
    pid_t pid; /* 0: none */
    int from;
    uint32_t *tasks; /* borrowed from the queue, or one of its own */
    uint32_t n, done, own;
    bool again; /* its tasks were tried before */
    char *bytes;
    size_t len, cap;
} worker;

typedef struct crew {
    const pool *p;
    worker *workers;
    struct pollfd *fds;
    uint32_t next;                       /* of p->tasks */
    uint32_t *again, n_again, cap_again; /* tasks of dead workers */
    uint32_t active;
} crew;

/* ---- starting ---- */

/* Few tasks a batch where there are few, so that workers end together. */
static uint32_t batch_size(const pool *p)
{
    uint32_t size = p->n / (p->jobs * BATCHES);
    return size < 1 ? 1 : size > MOST_BATCH ? MOST_BATCH : size;
}

static bool take_batch(crew *c, worker *w)
{
    w->done = 0;
    w->again = c->next == c->p->n;
    if (!w->again) {
        uint32_t left = c->p->n - c->next, size = batch_size(c->p);
        w->tasks = (uint32_t *)c->p->tasks + c->next;
        w->n = left < size ? left : size;
        c->next += w->n;
        return true;
    }
    if (c->n_again == 0)
        return false;
    w->own = c->again[--c->n_again]; /* alone: another of its batch may have been the cause */
    w->tasks = &w->own;
    w->n = 1;
    return true;
}

static void give_back(crew *c, const worker *w)
{
    if (w->again)
        c->again[c->n_again++] = w->own;
    else
        c->next -= w->n;
}

static bool start_worker(crew *c, worker *w)
{
    int fds[2], parent = getpid();
    if (pipe2(fds, O_CLOEXEC) != 0)
        return false;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        close(fds[0]);
        if (!pool_die_with(parent))
            _exit(1);
        pool_work(c->p, w->tasks, w->n, fds[1]);
    }
    close(fds[1]);
    if (pid < 0) {
        close(fds[0]);
        return false;
    }
    w->pid = pid;
    w->from = fds[0];
    w->len = 0;
    c->active++;
    return true;
}

/* False: none runs and none could be started. */
static bool start_workers(crew *c)
{
    for (unsigned i = 0; i < c->p->jobs; i++) {
        worker *w = &c->workers[i];
        if (w->pid || !take_batch(c, w))
            continue;
        if (!start_worker(c, w)) {
            give_back(c, w);
            return c->active > 0;
        }
    }
    return true;
}

/* ---- listening ---- */

static bool room(worker *w, size_t more)
{
    if (w->cap - w->len >= more)
        return true;
    size_t cap = (w->len + more) * 2;
    char *bytes = realloc(w->bytes, cap);
    if (!bytes)
        return false;
    w->bytes = bytes;
    w->cap = cap;
    return true;
}

/* Hand on the whole frames that have come; false: it isn't what a worker writes. */
static bool take_frames(crew *c, worker *w)
{
    size_t at = 0;
    pool_frame f;
    while (w->len - at >= sizeof f) {
        memcpy(&f, w->bytes + at, sizeof f);
        if (w->done == w->n || f.task != w->tasks[w->done] || f.len > POOL_MOST_BYTES || f.end < POOL_RESULT ||
            f.end > POOL_BIG)
            return false;
        if (w->len - at - sizeof f < f.len)
            break;
        c->p->take(c->p->ud, f.task, (pool_end)f.end, f.detail, w->bytes + at + sizeof f, f.len);
        w->done++;
        at += sizeof f + f.len;
    }
    memmove(w->bytes, w->bytes + at, w->len - at);
    w->len -= at;
    return true;
}

static bool push_again(crew *c, uint32_t task)
{
    if (c->n_again == c->cap_again) {
        uint32_t cap = c->cap_again ? c->cap_again * 2 : 64;
        uint32_t *grown = realloc(c->again, cap * sizeof *grown);
        if (!grown)
            return false;
        c->again = grown;
        c->cap_again = cap;
    }
    c->again[c->n_again++] = task;
    return true;
}

/* The worker has ended; what it has not done is tried once more, then given up. */
static void reap(crew *c, worker *w)
{
    int status = 0;
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        ;
    close(w->from);
    w->pid = 0;
    c->active--;
    uint32_t lost = w->n - w->done;
    int sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0, code = WIFSIGNALED(status) ? sig : WEXITSTATUS(status);
    if (lost > 0 && !w->again)
        c->p->worker_died(c->p->ud, sig, lost);
    for (; w->done < w->n; w->done++)
        if (w->again || !push_again(c, w->tasks[w->done]))
            c->p->take(c->p->ud, w->tasks[w->done], sig ? POOL_SIGNAL : POOL_EXIT, code, "", 0);
}

static void listen_to(crew *c, worker *w)
{
    ssize_t n = -1;
    if (room(w, 65536)) {
        n = read(w->from, w->bytes + w->len, w->cap - w->len);
        if (n < 0 && errno == EINTR)
            return;
    }
    if (n > 0) {
        w->len += (size_t)n;
        if (take_frames(c, w))
            return;
    }
    if (n != 0) /* out of memory, or it writes what no worker does */
        kill(w->pid, SIGKILL);
    reap(c, w);
}

static void listen_all(crew *c)
{
    unsigned n = 0;
    for (unsigned i = 0; i < c->p->jobs; i++) {
        c->fds[i] = (struct pollfd){ .fd = c->workers[i].pid ? c->workers[i].from : -1, .events = POLLIN };
        n += c->workers[i].pid != 0;
    }
    if (n == 0 || poll(c->fds, c->p->jobs, TICK) <= 0)
        return;
    for (unsigned i = 0; i < c->p->jobs; i++)
        if (c->fds[i].fd >= 0 && c->fds[i].revents)
            listen_to(c, &c->workers[i]);
}

/* ---- the whole ---- */

static void kill_all(crew *c)
{
    for (unsigned i = 0; i < c->p->jobs; i++) {
        worker *w = &c->workers[i];
        if (!w->pid)
            continue;
        kill(w->pid, SIGKILL); /* its task dies with it */
        while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
            ;
        close(w->from);
        w->pid = 0;
    }
}

static pool_status run_crew(crew *c)
{
    while (c->next < c->p->n || c->n_again > 0 || c->active > 0) {
        if (c->p->stopped(c->p->ud)) {
            kill_all(c);
            return POOL_STOPPED;
        }
        if (!start_workers(c))
            return POOL_NO_PROCESS;
        listen_all(c);
        c->p->idle(c->p->ud);
    }
    return POOL_DONE;
}

pool_status pool_run(const pool *p)
{
    crew c = { .p = p, .workers = calloc(p->jobs, sizeof *c.workers), .fds = calloc(p->jobs, sizeof *c.fds) };
    pool_status status = POOL_NO_PROCESS;
    if (c.workers && c.fds)
        status = run_crew(&c);
    int why = errno;
    for (unsigned i = 0; c.workers && i < p->jobs; i++)
        free(c.workers[i].bytes);
    free(c.workers);
    free(c.fds);
    free(c.again);
    errno = why;
    return status;
}
