/* bench_train_kill WORKER FILE FOLDER COUNT: kills trainings in the middle of their rounds; prints the longest time until one is gone. */
#include "bench/bench.h"

#include <bulkhead/main_guard.h>
#include <bulkhead/process_pool.h>
#include <errno.h>
#include <signal.h>
#include <string.h>

static bh_future *submit(bh_process_pool *pool, const char *file, const char *folder, int number)
{
    char run[512];
    snprintf(run, sizeof run, "%s/kill%d", folder, number);
    bh_message *arguments = bh_message_create();
    bh_message_add_string(arguments, "file", file);
    bh_message_add_string(arguments, "run", run);
    bh_message_add_string(arguments, "target", "#1");
    bh_message_add_bool(arguments, "header", false);
    bh_message_add_string(arguments, "objective", "multi-class");
    bh_future *future = bh_process_pool_submit(pool, "train", arguments, NULL);
    bench_require(future != NULL, "the training is queued");
    bh_message_destroy(arguments);
    return future;
}

static void sleep_ms(int ms)
{
    const struct timespec pause = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&pause, NULL);
}

static void wait_for_first_round(bh_future *future)
{
    bh_message_view view;
    bh_message *progress = bh_message_create();
    for (int64_t round = 0; round < 1;) {
        sleep_ms(2);
        bench_require(!bh_future_is_done(future), "the training goes on");
        bh_future_progress(future, progress);
        if (bh_message_complete(progress, &view) == BH_OK)
            round = bh_message_get_int(view, "round", 0);
    }
    bh_message_destroy(progress);
}

/* Milliseconds from the wish to the death, after which there is no process of that number. */
static double kill_one(bh_process_pool *pool, const char *file, const char *folder, int number)
{
    bh_process_failure failure;
    bh_future *future = submit(pool, file, folder, number);
    wait_for_first_round(future);
    sleep_ms(37 * number % 200);
    double began = bench_seconds();
    bh_future_cancel(future);
    bench_require(bh_future_wait(future, 60000) == BH_OK, "it ends");
    double ms = (bench_seconds() - began) * 1000;
    bench_require(bh_future_failure(future, &failure) == BH_OK && failure.kind == BH_FAILURE_CANCELLED, "it was cancelled");
    bench_require(kill(failure.worker_pid, 0) != 0 && errno == ESRCH, "its process is gone");
    bh_future_destroy(future);
    return ms;
}

int main(int argc, char **argv)
{
    static const bh_process_function none[] = {{0}};
    bh_main_guard(argc, argv, none);
    bench_require(argc == 5, "there are four arguments");
    /* As for Kill: no time to end by itself */
    const bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .program = argv[1], .workers = 1, .threads = -1,
                                             .cancel_grace_ms = 1,         .term_grace_ms = 1};
    bh_process_pool *pool = bh_process_pool_create(&options);
    bench_require(pool != NULL, "there is a pool");
    double longest = 0;
    for (int i = 0; i < atoi(argv[4]); i++) {
        double ms = kill_one(pool, argv[2], argv[3], i);
        longest = ms > longest ? ms : longest;
    }
    bench_figure("train.kill_ms_max", longest, "ms");
    bench_require(bh_process_pool_close(pool, 2000) == BH_OK, "the pool closes");
    bh_process_pool_destroy(pool);
    return 0;
}
