/* A project without a window, for tests: opened in a folder of its own, with what was heard of it, and the event loop run until something
 * has come true. */
#ifndef UNIT_WORKBENCH_H
#define UNIT_WORKBENCH_H

#include "heard.h"

#include "project/project.h"

#include <bulkhead/bulkhead.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

typedef struct workbench {
    char base[64], folder[96];
    project *project;
    store_opened found;
    bool opened;
    int changes, jobs, events, raised;
    char last_event[512];
} workbench;

static workbench bench;

static inline void bench_opened(void *user, const store_opened *found)
{
    (void)user;
    assert_false(bench.opened);
    bench.opened = true;
    bench.found = *found;
}

static inline void bench_changed(void *user, store_table table, int64_t id)
{
    (void)user;
    (void)table;
    (void)id;
    bench.changes++;
}

static inline void bench_job(void *user, int64_t id, const project_job *job)
{
    (void)user;
    assert_true(id > 0);
    assert_true(!job || job->id == id);
    bench.jobs++;
}

static inline void bench_event(void *user, const store_event *event)
{
    (void)user;
    bench.events++;
    snprintf(bench.last_event, sizeof bench.last_event, "%s", event->text);
}

static inline void bench_raise(void *user)
{
    (void)user;
    bench.raised++;
}

static inline double bench_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Runs the loop until CONDITION, which fails the test if that takes some minutes. */
#define BENCH_UNTIL(condition)                                                      \
    do {                                                                            \
        double until_ = bench_seconds() + 200;                                      \
        while (!(condition)) {                                                      \
            if (bench_seconds() > until_)                                           \
                fail_msg("not within 200 s: %s; %s", #condition, bench.last_event); \
            bh_app_process_events(20);                                              \
        }                                                                           \
    } while (0)

static inline void bench_open(void)
{
    const project_observer observer = {.opened = bench_opened,
                                       .changed = bench_changed,
                                       .job = bench_job,
                                       .event = bench_event,
                                       .raise = bench_raise,
                                       .user = &bench};
    bench.opened = false;
    bench.project = project_open(bench.folder, NULL);
    assert_non_null(bench.project);
    project_observe(bench.project, &observer);
    BENCH_UNTIL(bench.opened);
    if (bench.found.status == BH_OK) /* on a machine that tests other things, too, what is nice does not come to its turn */
        project_set_setting(bench.project, PROJECT_NICENESS, "0");
}

static inline void bench_close(void)
{
    project_destroy(bench.project);
    bench.project = NULL;
}

/* All that was asked for is over. */
static inline void bench_finish(void)
{
    BENCH_UNTIL(project_is_idle(bench.project));
}

static inline int with_bench(void **state)
{
    memset(&bench, 0, sizeof bench);
    strcpy(bench.base, "/tmp/test-project-XXXXXX");
    if (!mkdtemp(bench.base))
        return -1;
    snprintf(bench.folder, sizeof bench.folder, "%s/project", bench.base);
    int failed = with_hearing(state);
    bench_open();
    return failed;
}

static inline int bench_remove(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
    (void)facts;
    (void)kind;
    (void)place;
    return remove(path);
}

static inline int without_bench(void **state)
{
    (void)state;
    bench_close();
    return nftw(bench.base, bench_remove, 16, FTW_DEPTH | FTW_PHYS);
}

static inline char *bench_path(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", bench.base, name);
    return path;
}

/* A file of ROWS rows that can be learnt from: a, b, c and a class. */
static inline char *bench_table(const char *name, int rows)
{
    unsigned long state = 7;
    char *path = bench_path(name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("a,b,c,kind\n", file);
    for (int i = 0; i < rows; i++) {
        double v[3];
        for (int k = 0; k < 3; k++)
            v[k] = (double)((state = state * 6364136223846793005UL + 1442695040888963407UL) >> 40) / (1 << 24);
        fprintf(file, "%.5f,%.5f,%.5f,%s\n", v[0], v[1], v[2], v[0] + v[1] * v[2] > 0.7 + 0.1 * v[2] ? "yes" : "no");
    }
    fclose(file);
    return path;
}

/* Adds it, and waits until it has been looked at. Its id. */
static inline int64_t bench_data(const char *path)
{
    size_t before, count;
    project_data_sets(bench.project, &before);
    assert_int_equal(project_add_file(bench.project, path), BH_OK);
    bench_finish();
    const store_data_set *const *rows = project_data_sets(bench.project, &count);
    assert_int_equal(count, before + 1);
    int64_t newest = 0;
    for (size_t i = 0; i < count; i++)
        newest = rows[i]->id > newest ? rows[i]->id : newest;
    return newest;
}

static inline int64_t bench_run(int64_t data, const char *parameters, store_run_mode mode)
{
    size_t before, count;
    project_runs(bench.project, &before);
    const store_run run = {.name = "run", .parameters = parameters, .data_set = data, .mode = mode};
    if (project_add_runs(bench.project, &run, 1))
        fail_msg("%s", bh_last_error());
    BENCH_UNTIL((project_runs(bench.project, &count), count > before));
    return project_runs(bench.project, &count)[before]->id;
}

static inline char *bench_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("there is no %s", path);
    char *bytes = malloc(1 << 24);
    *size = fread(bytes, 1, 1 << 24, file);
    fclose(file);
    return bytes;
}

static inline void bench_same_models(int64_t a, int64_t b)
{
    char one[512], other[512];
    size_t one_size, other_size;
    assert_true(project_model_path(bench.project, a, one, sizeof one));
    assert_true(project_model_path(bench.project, b, other, sizeof other));
    char *left = bench_file(one, &one_size), *right = bench_file(other, &other_size);
    assert_int_equal(one_size, other_size);
    assert_true(one_size > 1000);
    assert_memory_equal(left, right, one_size);
    free(left);
    free(right);
}

/* All of main. A program that makes process pools begins with the guard. */
static inline int bench_main(int argc, char **argv, int (*tests)(void))
{
    bh_main_guard(argc, argv, NULL);
    if (!bh_app_create(argc, argv))
        return 1;
    int failed = tests();
    bh_app_destroy();
    return failed;
}

#endif
