/* cbc.c - the solver plug-in libpagu_cbc.so: linear programs by CLP, integer ones by CBC, through their C
 * interfaces (EPL-1.0, linked, unchanged).
 *
 * Both are quiet, use one thread and fixed seeds, and prove the last bit of the gap, so that the same
 * problem gives the same answer. CBC sets a handler of its own for SIGINT while it runs: the signal
 * is blocked meanwhile and reaches the program's own handler afterwards.
 *
 * SPDX-License-Identifier: MIT */
#include "solve/solver.h"

#include <coin/Cbc_C_Interface.h>
#include <coin/Clp_C_Interface.h>

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER; /* coin-or/Cbc issue 332 */

/* ---- linear ---- */

static void read_linear(Clp_Simplex *lp, const solver_problem *p, solver_answer *a)
{
    a->status = Clp_status(lp) == 0   ? SOLVER_OPTIMAL
                : Clp_status(lp) == 1 ? SOLVER_INFEASIBLE
                : Clp_status(lp) == 3 ? SOLVER_NO_ANSWER
                                      : SOLVER_FAILED;
    if (a->status != SOLVER_OPTIMAL)
        return;
    a->objective = a->bound = Clp_objectiveValue(lp);
    memcpy(a->x, Clp_primalColumnSolution(lp), (size_t)p->n_cols * sizeof *a->x);
    if (a->dual && p->n_rows > 0)
        memcpy(a->dual, Clp_dualRowSolution(lp), (size_t)p->n_rows * sizeof *a->dual);
}

static int run_linear(const solver_problem *p, solver_answer *a)
{
    Clp_Simplex *lp = Clp_newModel();
    if (!lp)
        return 1;
    Clp_setLogLevel(lp, 0);
    Clp_setPerturbation(lp, 100); /* none: the vertex must not depend on it */
    Clp_setMaximumSeconds(lp, p->seconds);
    Clp_loadProblem(lp, p->n_cols, p->n_rows, p->starts, p->index, p->value, p->col_lo, p->col_hi, p->objective,
                    p->row_lo, p->row_hi);
    Clp_setOptimizationDirection(lp, -1);
    Clp_dual(lp, 0);
    if (Clp_status(lp) > 1)
        Clp_primal(lp, 0);
    read_linear(lp, p, a);
    Clp_deleteModel(lp);
    return 0;
}

/* ---- integer ---- */

static void set_integer(Cbc_Model *m, const char *name, int value)
{
    char text[16];
    snprintf(text, sizeof text, "%d", value);
    Cbc_setParameter(m, name, text);
}

static void set_seconds(Cbc_Model *m, double seconds)
{
    char text[32];
    int ms = seconds > 2e6 ? 2000000000 : (int)(seconds * 1000);
    snprintf(text, sizeof text, "%d.%03d", ms / 1000, ms % 1000); /* in no locale */
    Cbc_setParameter(m, "sec", text);
}

static void set_gap(Cbc_Model *m, double gap)
{
    char text[32];
    snprintf(text, sizeof text, "0.%012lld", (long long)(gap < 0.999 ? gap * 1e12 : 999e9));
    Cbc_setParameter(m, "ratioGap", text);
}

static void set_start(Cbc_Model *m, const solver_problem *p)
{
    int *index = malloc((size_t)p->n_cols * sizeof *index);
    for (int i = 0; index && i < p->n_cols; i++)
        index[i] = i;
    if (index)
        Cbc_setMIPStartI(m, p->n_cols, index, p->start);
    free(index);
}

static void set_up(Cbc_Model *m, const solver_problem *p)
{
    Cbc_loadProblem(m, p->n_cols, p->n_rows, p->starts, p->index, p->value, p->col_lo, p->col_hi, p->objective,
                    p->row_lo, p->row_hi);
    Cbc_setObjSense(m, -1);
    for (int i = 0; i < p->n_cols; i++)
        if (p->is_integer[i])
            Cbc_setInteger(m, i);
    Cbc_setLogLevel(m, 0);
    Cbc_setParameter(m, "log", "0");
    Cbc_setParameter(m, "threads", "0"); /* none beside this one */
    set_gap(m, p->gap);
    Cbc_setParameter(m, "allowableGap", "0");
    Cbc_setParameter(m, "integerTolerance", "1e-9");
    set_integer(m, "randomSeed", p->seed);
    set_integer(m, "randomCbcSeed", p->seed);
    Cbc_setParameter(m, "timeMode", "elapsed");
    set_seconds(m, p->seconds);
    if (p->start)
        set_start(m, p);
}

static void read_integer(Cbc_Model *m, const solver_problem *p, solver_answer *a)
{
    const double *best = Cbc_bestSolution(m);
    a->nodes = Cbc_getNodeCount(m);
    if (Cbc_isProvenInfeasible(m)) {
        a->status = SOLVER_INFEASIBLE;
        return;
    }
    if (!best) {
        a->status = Cbc_isAbandoned(m) ? SOLVER_FAILED : SOLVER_NO_ANSWER;
        return;
    }
    a->status = Cbc_isProvenOptimal(m) ? SOLVER_OPTIMAL : SOLVER_LIMIT;
    memcpy(a->x, best, (size_t)p->n_cols * sizeof *a->x);
    a->objective = 0;
    for (int i = 0; i < p->n_cols; i++)
        a->objective += p->objective[i] * best[i];
    bool proven = a->status == SOLVER_OPTIMAL && p->gap == 0;
    a->bound = proven ? a->objective : Cbc_getBestPossibleObjValue(m);
    if (!(a->bound >= a->objective)) /* also when it is no number */
        a->bound = a->status == SOLVER_OPTIMAL ? a->objective : SOLVER_INFINITY;
}

static int run_integer(const solver_problem *p, solver_answer *a)
{
    Cbc_Model *m = Cbc_newModel();
    if (!m)
        return 1;
    set_up(m, p);
    Cbc_solve(m);
    read_integer(m, p, a);
    Cbc_deleteModel(m);
    return 0;
}

static int run(const solver_problem *p, solver_answer *a)
{
    sigset_t interrupt, before;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    pthread_mutex_lock(&one_at_a_time);
    pthread_sigmask(SIG_BLOCK, &interrupt, &before);
    int failed = p->is_integer ? run_integer(p, a) : run_linear(p, a);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_mutex_unlock(&one_at_a_time);
    return failed;
}

__attribute__((visibility("default"))) const solver_plugin *pagu_solver_entry(void);
const solver_plugin *pagu_solver_entry(void)
{
    static const solver_plugin plugin = { SOLVER_VERSION, "COIN-OR CBC " COIN_CBC_VERSION, run };
    return &plugin;
}
