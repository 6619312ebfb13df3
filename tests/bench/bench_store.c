/* What it costs the store's thread to remember: processor time while a run reports 1,000 rounds a second, and how long the usual
 * changes take until they are on the disk. */
#include "bench.h"

#include "store/runs.h"
#include "store/settings.h"

enum { ROUNDS = 3000, CHANGES = 200 };

/* Of this thread's processor time. */
static double spent_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void must(bh_status status)
{
    bench_require(!status, bh_last_error());
}

/* Percent of one processor, for two runs with 1,000 rounds a second each. */
static double cost_of_rounds(store *s)
{
    double start = bench_seconds(), spent = spent_seconds();
    const struct timespec pause = {0, 900000};
    double asleep = 0;
    for (int i = 1; i <= ROUNDS; i++) {
        char metrics[80];
        snprintf(metrics, sizeof metrics, "{\"train-auc\":%.6f,\"valid-auc\":%.6f}", 0.5 + i * 1e-5, 0.5 + i * 9e-6);
        must(store_run_round(s, 1, i, i, metrics));
        must(store_run_round(s, 2, i, i, metrics));
        double before = spent_seconds();
        nanosleep(&pause, NULL);
        asleep += spent_seconds() - before;
    }
    must(store_flush(s));
    spent = spent_seconds() - spent - asleep;
    return 100 * spent / (bench_seconds() - start);
}

static double ms_of_change(store *s)
{
    double start = bench_seconds();
    for (int i = 0; i < CHANGES; i++) {
        char value[32];
        snprintf(value, sizeof value, "%d", i);
        must(store_set_setting(s, "bench", value));
    }
    return 1000 * (bench_seconds() - start) / CHANGES;
}

int main(void)
{
    char base[] = "/tmp/bench-store-XXXXXX", folder[64], command[80];
    if (!mkdtemp(base))
        return 1;
    snprintf(folder, sizeof folder, "%s/project", base);
    store *s = store_open(folder, NULL, NULL);
    if (!s)
        return 1;
    store_run row = {.name = "a", .kind = "train", .rounds = ROUNDS};
    for (int64_t id = 1; id <= 2; id++) {
        must(store_add_run(s, &row, NULL));
        must(store_start_run(s, id));
    }
    bench_figure("store.rounds_cpu_percent", cost_of_rounds(s), "%");
    bench_figure("store.change_ms", ms_of_change(s), "ms");
    must(store_close(s));
    double start = bench_seconds();
    s = store_open(folder, NULL, NULL);
    bench_figure("store.open_ms", 1000 * (bench_seconds() - start), "ms");
    must(store_close(s));
    snprintf(command, sizeof command, "rm -r '%s'", base);
    return system(command) != 0;
}
