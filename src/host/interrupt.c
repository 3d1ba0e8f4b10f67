/* interrupt.c - see interrupt.h. As lua.c does, the handler only installs a hook: Lua itself
 * raises at its next instruction. The hook stays, at every instruction, until cleared: an
 * error that a script catches is raised again at once.
 * SPDX-License-Identifier: MIT */
#include "host/interrupt.h"

#include <lauxlib.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static struct {
    pagu_ctx *volatile ctx;
    lua_State *volatile L;
    volatile sig_atomic_t cause;
    volatile sig_atomic_t presses; /* since the computation last answered */
    int exit_code;
    const char *message;
} watched;

static void stop_lua(lua_State *L, lua_Debug *ar)
{
    (void)ar;
    luaL_error(L, "interrupted");
}

static void ask_to_stop(interrupt_cause cause)
{
    watched.cause = cause;
    if (watched.ctx)
        pagu_ctx_interrupt(watched.ctx, true);
    if (watched.L) /* count only: a call hook would also hit the host's message handler */
        lua_sethook(watched.L, stop_lua, LUA_MASKCOUNT, 1);
}

/* A loop inside C sees no hook: the third press in vain ends the process. */
static void on_sigint(int sig)
{
    if (++watched.presses >= 3) {
        signal(sig, SIG_DFL);
        raise(sig);
        return;
    }
    ask_to_stop(INTERRUPT_USER);
}

static void on_sigalrm(int sig)
{
    (void)sig;
    if (watched.cause == INTERRUPT_TIME) {
        ssize_t ignored = write(STDERR_FILENO, watched.message, strlen(watched.message));
        (void)ignored;
        _exit(watched.exit_code);
    }
    ask_to_stop(INTERRUPT_TIME);
}

static void handle(int sig, void (*handler)(int))
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler; /* no SA_RESTART: a blocked read must return */
    sigaction(sig, &action, NULL);
}

void interrupt_watch(pagu_ctx *ctx)
{
    watched.ctx = ctx;
    interrupt_clear();
    handle(SIGINT, on_sigint);
    handle(SIGALRM, on_sigalrm);
    handle(SIGPIPE, SIG_IGN);
    handle(SIGXFSZ, SIG_IGN);
}

void interrupt_unwatch(void)
{
    interrupt_after(0, 0, "");
    handle(SIGINT, SIG_DFL);
    watched.L = NULL;
    watched.ctx = NULL;
}

void interrupt_lua(lua_State *L)
{
    watched.L = L;
}

interrupt_cause interrupt_pending(void)
{
    return (interrupt_cause)watched.cause;
}

void interrupt_clear(void)
{
    if (watched.L)
        lua_sethook(watched.L, NULL, 0, 0);
    if (watched.ctx)
        pagu_ctx_interrupt(watched.ctx, false);
    watched.cause = INTERRUPT_NONE;
    watched.presses = 0;
}

void interrupt_after(unsigned seconds, int exit_code, const char *message)
{
    struct itimerval timer = { .it_interval = { .tv_sec = 1 }, .it_value = { .tv_sec = (time_t)seconds } };
    watched.exit_code = exit_code;
    watched.message = message;
    if (seconds == 0)
        timer.it_interval.tv_sec = 0;
    setitimer(ITIMER_REAL, &timer, NULL);
}
