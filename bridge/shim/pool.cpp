// Thread pools: QThreadPool.
#include "shim/guard.hpp"

#include <QThread>
#include <QThreadPool>

using namespace shim;

bhs_object *bhs_pool_create(void)
{
    return c(attempt([] { return new QThreadPool; }));
}

bh_status bhs_pool_start(bhs_object *pool, void *record)
{
    return guarded([&] { as<QThreadPool>(pool)->start([record] { bh__on_pool_thread(record); }); });
}

void bhs_pool_release_thread(bhs_object *pool)
{
    guarded([&] { as<QThreadPool>(pool)->releaseThread(); });
}

void bhs_pool_reserve_thread(bhs_object *pool)
{
    guarded([&] { as<QThreadPool>(pool)->reserveThread(); });
}

int bhs_ideal_threads(void)
{
    return QThread::idealThreadCount();
}
