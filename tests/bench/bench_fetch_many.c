/* bench_fetch_many WORKER WORKERS BASE FOLDER COUNT SIZE: COUNT files BASE/0, BASE/1… of SIZE bytes each to FOLDER, through a process pool.
 * Prints the seconds from before the pool to after the last file. */
#include <bulkhead/main_guard.h>
#include <bulkhead/process_pool.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MOST = 10000 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int fetch_all(bh_process_pool *pool, char **argv, int count)
{
    static bh_message *arguments[MOST];
    static bh_future *futures[MOST];
    long size = atol(argv[6]);
    char text[1024];
    int wrong = 0;
    for (int i = 0; i < count; i++) {
        arguments[i] = bh_message_create();
        snprintf(text, sizeof text, "%s/%d", argv[3], i);
        bh_message_add_string(arguments[i], "url", text);
        snprintf(text, sizeof text, "%s/%d", argv[4], i);
        bh_message_add_string(arguments[i], "output", text);
    }
    if (bh_process_pool_map(pool, "fetch", arguments, (size_t)count, 0, NULL, futures))
        return 1;
    for (int i = 0; i < count; i++) {
        bh_message_view result = {NULL};
        bool fine = bh_future_wait(futures[i], 60000) == BH_OK && bh_future_result(futures[i], &result) == BH_OK;
        wrong += !fine || bh_message_get_int(result, "bytes", -1) != size;
        bh_future_destroy(futures[i]);
        bh_message_destroy(arguments[i]);
    }
    return wrong;
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, NULL);
    if (argc != 7 || atoi(argv[5]) > MOST) {
        fprintf(stderr, "usage: %s WORKER WORKERS BASE FOLDER COUNT SIZE\n", argv[0]);
        return 2;
    }
    double began = now();
    bh_process_pool *pool = bh_process_pool_create(
        &(bh_process_pool_options){BH_PROCESS_POOL_OPTIONS_INIT, .program = argv[1], .workers = atoi(argv[2]), .spares = -1});
    if (!pool)
        return 1;
    int wrong = fetch_all(pool, argv, atoi(argv[5]));
    printf("%.4f\n", now() - began);
    bh_process_pool_close(pool, 1000);
    bh_process_pool_destroy(pool);
    return wrong != 0;
}
