/* sweep_worker.c - a worker: its tasks one after another, each in a process of its own.
 * SPDX-License-Identifier: MIT */
#include "cli/sweep_pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The task's own timer, which knows the line, goes first. */
static const double GRACE = 0.5;

typedef struct answer {
    char *bytes; /* the first is the pool_end */
    size_t len, cap;
    pool_end end;
    int detail;
} answer;

double pool_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

bool pool_write_all(int fd, const void *bytes, size_t len)
{
    const char *p = bytes;
    while (len > 0) {
        ssize_t n = write(fd, p, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        p += n;
        len -= (size_t)n;
    }
    return true;
}

void pool_write(int to, pool_end end, const char *bytes, size_t len)
{
    char first = (char)end;
    if (pool_write_all(to, &first, 1) && len > 0)
        pool_write_all(to, bytes, len);
}

bool pool_die_with(int parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    return getppid() == parent;
}

/* ---- one task ---- */

_Noreturn static void be_task(const pool *p, uint32_t task, int to, int worker)
{
    struct rlimit none = { 0, 0 };
    setrlimit(RLIMIT_CORE, &none);
    if (pool_die_with(worker))
        p->run(p->ud, task, to);
    _exit(0); /* no exit handlers, no flushing: they are the parent's */
}

static bool grow(answer *a)
{
    if (a->len < a->cap)
        return true;
    size_t cap = a->cap ? a->cap * 2 : 4096;
    char *bytes = cap <= 2 * (size_t)POOL_MOST_BYTES ? realloc(a->bytes, cap) : NULL;
    if (!bytes)
        return false;
    a->bytes = bytes;
    a->cap = cap;
    return true;
}

/* Read to the end of the pipe. False: the deadline passed, or the answer is too long. */
static bool read_answer(int from, double deadline, answer *a)
{
    struct pollfd fd = { .fd = from, .events = POLLIN };
    for (;;) {
        double left = deadline > 0 ? deadline - pool_now() : 3600;
        if (left <= 0) {
            a->end = POOL_TIME;
            return false;
        }
        if (poll(&fd, 1, left > 1000 ? 1000000 : (int)(left * 1000) + 1) <= 0)
            continue;
        if (!grow(a) || a->len > POOL_MOST_BYTES) {
            a->end = POOL_BIG;
            return false;
        }
        ssize_t n = read(from, a->bytes + a->len, a->cap - a->len);
        if (n == 0)
            return true;
        if (n > 0)
            a->len += (size_t)n;
    }
}

/* Wait until it has ended; a process that closed its pipe but goes on is killed at the deadline. */
static int wait_for(pid_t pid, double deadline, bool *late)
{
    int status = 0;
    const struct timespec nap = { 0, 1000000 };
    for (int tries = 0;; tries++) {
        pid_t got = waitpid(pid, &status, deadline > 0 && tries < 1000000 ? WNOHANG : 0);
        if (got == pid)
            return status;
        if (got < 0 && errno != EINTR)
            return 0;
        if (got == 0 && deadline > 0 && pool_now() > deadline) {
            kill(pid, SIGKILL);
            *late = true;
            deadline = 0;
        } else if (got == 0 && tries > 10) {
            nanosleep(&nap, NULL);
        }
    }
}

static void conclude(answer *a, int status, bool late)
{
    if (a->end == POOL_BIG || a->end == POOL_TIME)
        return;
    bool signalled = WIFSIGNALED(status);
    a->detail = signalled ? WTERMSIG(status) : WEXITSTATUS(status);
    if (!signalled && a->detail == 0 && a->len > 0 && a->bytes[0] >= POOL_RESULT && a->bytes[0] <= POOL_MEMORY)
        a->end = (pool_end)a->bytes[0];
    else
        a->end = late ? POOL_TIME : signalled ? POOL_SIGNAL : POOL_EXIT;
}

/* False: no process could be started. */
static bool run_task(const pool *p, uint32_t task, int to, answer *a)
{
    int fds[2], worker = getpid();
    if (pipe2(fds, O_CLOEXEC) != 0)
        return false;
    pid_t pid = fork();
    if (pid == 0) {
        close(fds[0]);
        close(to);
        be_task(p, task, fds[1], worker);
    }
    close(fds[1]);
    if (pid < 0) {
        close(fds[0]);
        return false;
    }
    double deadline = p->timeout ? pool_now() + p->timeout + GRACE : 0;
    bool late = false;
    a->len = 0;
    a->end = POOL_RESULT;
    if (!read_answer(fds[0], deadline, a))
        kill(pid, SIGKILL);
    close(fds[0]);
    int status = wait_for(pid, deadline, &late);
    conclude(a, status, late || (deadline > 0 && pool_now() > deadline));
    return true;
}

/* A process that died may have been killed from outside, for instance for want of memory: try again. */
static bool run_twice(const pool *p, uint32_t task, int to, answer *a)
{
    for (int attempt = 0; attempt < 2; attempt++) {
        if (!run_task(p, task, to, a))
            return false;
        if (a->end != POOL_SIGNAL && a->end != POOL_EXIT)
            break;
    }
    return true;
}

_Noreturn void pool_work(const pool *p, const uint32_t *tasks, uint32_t n, int to)
{
    answer a = { .bytes = NULL };
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd <= 2; fd++) /* what scripts print is nobody's */
        dup2(null, fd);
    signal(SIGINT, SIG_IGN); /* of the whole terminal: the parent decides */
    p->in_worker(p->ud);
    for (uint32_t i = 0; i < n; i++) {
        if (!run_twice(p, tasks[i], to, &a))
            _exit(1);
        size_t len = a.end == POOL_RESULT ? a.len - 1 : 0;
        pool_frame frame = { tasks[i], (int32_t)a.end, a.detail, (uint32_t)len };
        if (!pool_write_all(to, &frame, sizeof frame) || (len > 0 && !pool_write_all(to, a.bytes + 1, len)))
            _exit(1);
    }
    _exit(0);
}
