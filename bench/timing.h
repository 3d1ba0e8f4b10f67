/*
 * timing.h - clock, medians and sinks for the benchmarks.
 *
 * Machines are shared: a figure is a median of several runs, and what is quoted is the ratio of two
 * medians whose runs took turns (timing_compare), so that a slow spell falls on both.
 *
 *     double kernel, ours;
 *     timing_compare(run_kernel, run_ours, &data, 21, &kernel, &ours);   // nanoseconds a call
 *     printf("%.2f\n", ours / kernel);
 *
 * Header only. Include it first: it asks for the POSIX clock.
 */
#ifndef PAGU_BENCH_TIMING_H
#define PAGU_BENCH_TIMING_H

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <stdint.h>
#include <stdlib.h>
#include <time.h>

enum { TIMING_MAX_RUNS = 101 };

/* Nanoseconds since some fixed moment; never goes backwards. */
static inline uint64_t timing_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Make the compiler believe that `value` is needed. */
static inline void timing_sink(int64_t value)
{
    __asm__ volatile("" : : "r"(value) : "memory");
}

/* Make the compiler believe that the memory behind `p` is read and written here. */
static inline void timing_touch(void *p)
{
    __asm__ volatile("" : : "r"(p) : "memory");
}

static inline int timing_compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median of n values (n >= 1), which are left sorted. */
static inline double timing_median_of(double *values, int n)
{
    qsort(values, (size_t)n, sizeof *values, timing_compare_doubles);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

typedef void timing_work(void *data);

static inline double timing_of_batch(timing_work *work, void *data, uint64_t calls)
{
    uint64_t start = timing_now();
    for (uint64_t i = 0; i < calls; i++)
        work(data);
    return (double)(timing_now() - start) / (double)calls;
}

/* How many calls of `work` last about a millisecond: short work is timed in batches. Warms up. */
static inline uint64_t timing_calibrate(timing_work *work, void *data)
{
    uint64_t calls = 1;
    while (calls < (1u << 24) && timing_of_batch(work, data, calls) * (double)calls < 1e6)
        calls *= 2;
    return calls;
}

/* Median nanoseconds of one call over `runs` runs (1 .. TIMING_MAX_RUNS), after a warm-up. */
static inline double timing_median(timing_work *work, void *data, int runs)
{
    double ns[TIMING_MAX_RUNS];
    uint64_t calls = timing_calibrate(work, data);
    for (int i = 0; i < runs; i++)
        ns[i] = timing_of_batch(work, data, calls);
    return timing_median_of(ns, runs);
}

/* Medians of two kinds of work on the same data, their runs taking turns. */
static inline void timing_compare(timing_work *a, timing_work *b, void *data, int runs, double *out_a, double *out_b)
{
    double ns_a[TIMING_MAX_RUNS], ns_b[TIMING_MAX_RUNS];
    uint64_t calls_a = timing_calibrate(a, data), calls_b = timing_calibrate(b, data);
    for (int i = 0; i < runs; i++) {
        ns_a[i] = timing_of_batch(a, data, calls_a);
        ns_b[i] = timing_of_batch(b, data, calls_b);
    }
    *out_a = timing_median_of(ns_a, runs);
    *out_b = timing_median_of(ns_b, runs);
}

#endif
