// Thread pools: QThreadPool, and the one QRunnable that it is given.
#include "shim/guard.hpp"

#include <QRunnable>
#include <QThread>
#include <QThreadPool>
#include <QVariant>

using namespace shim;

namespace {

// Queued as often as threads are wanted.
class Turn final : public QRunnable {
  public:
    explicit Turn(void *record) : pool(record)
    {
        setAutoDelete(false);
    }
    void run() override
    {
        bh__on_pool_thread(pool);
    }

  private:
    void *pool;
};

struct Pool {
    explicit Pool(void *record) : turn(record) {}

    Turn turn; // outlives the threads
    QThreadPool qt;
};

QThreadPool &threads(bhs_pool *pool)
{
    return alias<Pool>(pool)->qt;
}

} // namespace

bhs_pool *bhs_pool_create(const char *name, void *record)
{
    return attempt([&] {
        auto *pool = new Pool(record);
        pool->qt.setObjectName(text(name));
        return alias<bhs_pool>(pool);
    });
}

void bhs_pool_destroy(bhs_pool *pool)
{
    guarded([&] { delete alias<Pool>(pool); });
}

bh_status bhs_pool_start(bhs_pool *pool)
{
    const unsigned before = bhs_thread_start_failures();
    const bh_status status = guarded([&] { threads(pool).start(&alias<Pool>(pool)->turn); });
    return status == BH_OK && bhs_thread_start_failures() != before ? BH_ERROR_SYSTEM : status;
}

void bhs_pool_release_thread(bhs_pool *pool)
{
    guarded([&] { threads(pool).releaseThread(); });
}

void bhs_pool_reserve_thread(bhs_pool *pool)
{
    guarded([&] { threads(pool).reserveThread(); });
}

void bhs_pool_set(bhs_pool *pool, const char *property, int value)
{
    guarded([&] { threads(pool).setProperty(property, value); });
}

int bhs_ideal_threads(void)
{
    return QThread::idealThreadCount();
}
