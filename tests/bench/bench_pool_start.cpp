// For bench_pool.sh: empty runnables on two threads, ours and QThreadPool's own way. With a COUNT: prints ours alone, in
// millions a second.
#define QT_NO_KEYWORDS // Qt's `signals` and `slots` are names in class.h
#include "bench.h"

#include <QRunnable>
#include <QThreadPool>
#include <atomic>
#include <bulkhead/qt.h>

namespace {
int tasks = 300000;
bh_thread_pool *ours_pool;
QThreadPool *qt_pool;
std::atomic<int> ran;

class Empty final : public QRunnable { // a new one each time, which the pool deletes: the usual way
    void run() override {}
};

bh_status empty(void *)
{
    return BH_OK;
}

bh_status count(void *)
{
    ran++;
    return BH_OK;
}

double ours()
{
    const double begun = bench_seconds();
    for (int i = 0; i < tasks; i++)
        bh_thread_pool_start(ours_pool, empty, nullptr, nullptr, 0, nullptr);
    bh_thread_pool_wait_for_done(ours_pool, -1);
    return bench_seconds() - begun;
}

double theirs()
{
    const double begun = bench_seconds();
    for (int i = 0; i < tasks; i++)
        qt_pool->start(new Empty);
    qt_pool->waitForDone();
    return bench_seconds() - begun;
}

void check()
{
    for (int i = 0; i < 1000; i++)
        bench_require(bh_thread_pool_start(ours_pool, count, nullptr, nullptr, 0, nullptr) == BH_OK, "a runnable is taken");
    bench_require(bh_thread_pool_wait_for_done(ours_pool, -1) == BH_OK && ran == 1000, "every runnable runs");
}

void compare()
{
    QThreadPool pool;
    pool.setMaxThreadCount(2);
    qt_pool = &pool;
    bench_rounds rounds = bench_alternate(7, ours, theirs);
    bench_figure("pool.tasks_vs_qt", bench_ratio(&rounds), "x");
    bench_figure("pool.tasks_mps", tasks / bench_median(rounds.ours, 7) / 1e6, "M/s");
    bench_figure("pool.tasks_qt_mps", tasks / bench_median(rounds.theirs, 7) / 1e6, "M/s");
}
} // namespace

int main(int argc, char **argv)
{
    bench_require(bh_app_create(argc, argv), "there is an application");
    ours_pool = bh_thread_pool_create("bench", 2);
    bench_require(ours_pool, "there is a pool");
    check();
    if (argc > 1) {
        tasks = atoi(argv[1]);
        printf("%.3f\n", tasks / ours() / 1e6);
    } else {
        compare();
    }
    bench_require(bh_thread_pool_destroy(ours_pool) == BH_OK, "nothing is left in the pool");
    return 0;
}
