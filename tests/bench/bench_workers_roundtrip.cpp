// A task from the GUI thread and back, one after the other, beside QtConcurrent::run with a QFutureWatcher. One thread in each pool; the
// same event loop delivers both.
#define QT_NO_KEYWORDS // Qt's `signals` and `slots` are names in class.h
#include "bench.h"

#include <QFutureWatcher>
#include <QThreadPool>
#include <QtConcurrentRun>
#include <bulkhead/bulkhead.h>
#include <memory>

namespace {
constexpr int trips = 20000, rounds_count = 9;

bh_thread_pool *pool;
QThreadPool *qt_pool;
QFutureWatcher<int> *watcher;
int left;
long sum; // of what the tasks have returned: each arrived, once
int next_value;

int work(int value)
{
    return value * 2;
}

// --- ours: the number goes there in `user` and comes back in it

bh_status run(bh_task_context *, void *user)
{
    *static_cast<int *>(user) = work(*static_cast<int *>(user));
    return BH_OK;
}

int number;
void on_done(void *user, bh_task *task);

void start_ours()
{
    bh_task_options options = {};
    options.size = sizeof options;
    options.done = on_done;
    number = next_value++;
    bench_require(bh_task_start(pool, run, &number, &options), "a task starts");
}

void on_done(void *user, bh_task *task)
{
    bench_require(bh_task_get_state(task) == BH_TASK_FINISHED, "a task finishes");
    sum += *static_cast<int *>(user);
    if (--left)
        start_ours();
    else
        bh_app_quit(0);
}

// --- theirs

void start_theirs()
{
    const int value = next_value++;
    watcher->setFuture(QtConcurrent::run(qt_pool, [value] { return work(value); }));
}

void on_finished()
{
    sum += watcher->result();
    if (--left)
        start_theirs();
    else
        bh_app_quit(0);
}

double round_of(void (*start)())
{
    left = trips;
    sum = next_value = 0;
    const double begun = bench_seconds();
    start();
    bh_app_exec();
    const double taken = bench_seconds() - begun;
    bench_require(sum == static_cast<long>(trips) * (trips - 1), "every task came back once");
    return taken;
}

double ours()
{
    return round_of(start_ours);
}

double theirs()
{
    return round_of(start_theirs);
}
} // namespace

int main(int argc, char **argv)
{
    bench_require(bh_app_create(argc, argv), "there is an application");
    pool = bh_thread_pool_create("bench", 1);
    auto theirs_pool = std::make_unique<QThreadPool>();
    auto theirs_watcher = std::make_unique<QFutureWatcher<int>>();
    theirs_pool->setMaxThreadCount(1);
    qt_pool = theirs_pool.get();
    watcher = theirs_watcher.get();
    QObject::connect(watcher, &QFutureWatcherBase::finished, on_finished);
    bench_rounds rounds = bench_alternate(rounds_count, ours, theirs);
    bench_figure("workers.roundtrip_vs_qt", bench_ratio(&rounds), "x");
    bench_figure("workers.roundtrip_us", bench_median(rounds.ours, rounds_count) / trips * 1e6, "us");
    bench_figure("workers.roundtrip_qt_us", bench_median(rounds.theirs, rounds_count) / trips * 1e6, "us");
    theirs_watcher.reset();
    theirs_pool.reset();
    return 0;
}
