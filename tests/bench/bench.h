/* What the benchmarks share: clock, median, and the lines that figures are printed as. C11 and C++. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* The text that messages carry: long enough that QString and std::string allocate for it. */
#define BENCH_TEXT "record 123456 of 2000000"

/* Messages that may wait for the GUI thread where a queue is bounded, on either side. */
enum { BENCH_BOUND = 1024 };

static inline double bench_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* A figure of something that did not work is worse than none. */
static inline void bench_require(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "bench: not so: %s\n", what);
    exit(1);
}

static inline int bench_compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The value below which SHARE of the COUNT values lie. Sorts them. */
static inline double bench_percentile(double *values, size_t count, double share)
{
    bench_require(count > 0, "there are values");
    qsort(values, count, sizeof *values, bench_compare);
    size_t index = (size_t)(share * (double)count);
    return values[index < count ? index : count - 1];
}

/* Sorts them. */
static inline double bench_median(double *values, size_t count)
{
    double upper = bench_percentile(values, count, 0.5);
    return count % 2 ? upper : (values[count / 2 - 1] + upper) / 2;
}

static inline void bench_figure(const char *name, double value, const char *unit)
{
    printf("figure %s %.*f %s\n", name, value >= 1000 ? 0 : 3, value, unit);
}

/* Alternating rounds of ours and theirs: seconds of each. */
enum { BENCH_MAX_ROUNDS = 64 };

typedef struct bench_rounds {
    int count;
    double ours[BENCH_MAX_ROUNDS], theirs[BENCH_MAX_ROUNDS];
} bench_rounds;

/* Runs ours and theirs in turn, COUNT times, each round beginning with the other one. */
static inline bench_rounds bench_alternate(int count, double (*ours)(void), double (*theirs)(void))
{
    bench_rounds rounds = {0, {0}, {0}};
    for (; rounds.count < count && rounds.count < BENCH_MAX_ROUNDS; rounds.count++) {
        bool swap = rounds.count % 2;
        if (!swap)
            rounds.ours[rounds.count] = ours();
        rounds.theirs[rounds.count] = theirs();
        if (swap)
            rounds.ours[rounds.count] = ours();
    }
    return rounds;
}

/* How many times as fast as theirs ours is: the median of the rounds' ratios. */
static inline double bench_ratio(const bench_rounds *rounds)
{
    double ratios[BENCH_MAX_ROUNDS];
    for (int i = 0; i < rounds->count; i++)
        ratios[i] = rounds->theirs[i] / rounds->ours[i];
    return bench_median(ratios, (size_t)rounds->count);
}

#endif
