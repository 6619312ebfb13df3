// Thread pools: QThreadPool, and a QRunnable with the core's record inside.
#include "base/memory.h"
#include "shim/guard.hpp"

#include <QRunnable>
#include <QThread>
#include <QThreadPool>
#include <QVariant>
#include <cstddef>
#include <new>

using namespace shim;

namespace {

// The core's payload follows in the same block, so that a runnable is one allocation.
class alignas(std::max_align_t) Runnable final : public QRunnable {
  public:
    ~Runnable() override
    {
        bh__on_runnable_gone(this + 1);
    }
    void run() override
    {
        bh__on_runnable(this + 1);
    }
    static Runnable *of(void *payload)
    {
        return static_cast<Runnable *>(payload) - 1;
    }
    static void operator delete(void *block)
    {
        bh__free(block);
    }
};

} // namespace

bhs_pool *bhs_pool_create(const char *name)
{
    return attempt([&] {
        auto *pool = new QThreadPool;
        pool->setObjectName(text(name));
        return alias<bhs_pool>(pool);
    });
}

void bhs_pool_destroy(bhs_pool *pool)
{
    guarded([&] { delete alias<QThreadPool>(pool); });
}

void *bhs_runnable_create(size_t size)
{
    void *block = bh__malloc(sizeof(Runnable) + size);
    return block ? ::new (block) Runnable + 1 : nullptr;
}

void bhs_runnable_destroy(void *payload)
{
    guarded([&] { delete Runnable::of(payload); });
}

bh_status bhs_pool_start(bhs_pool *pool, void *payload, int priority)
{
    const unsigned before = bhs_thread_start_failures();
    const bh_status status = guarded([&] { alias<QThreadPool>(pool)->start(Runnable::of(payload), priority); });
    return status == BH_OK && bhs_thread_start_failures() != before ? BH_ERROR_SYSTEM : status;
}

bool bhs_pool_try_take(bhs_pool *pool, void *payload)
{
    return attempt([&] { return alias<QThreadPool>(pool)->tryTake(Runnable::of(payload)); });
}

void bhs_pool_release_thread(bhs_pool *pool)
{
    guarded([&] { alias<QThreadPool>(pool)->releaseThread(); });
}

void bhs_pool_reserve_thread(bhs_pool *pool)
{
    guarded([&] { alias<QThreadPool>(pool)->reserveThread(); });
}

void bhs_pool_clear(bhs_pool *pool)
{
    guarded([&] { alias<QThreadPool>(pool)->clear(); });
}

int bhs_pool_get(bhs_pool *pool, const char *property)
{
    return attempt([&] { return alias<QThreadPool>(pool)->property(property).toInt(); });
}

void bhs_pool_set(bhs_pool *pool, const char *property, int value)
{
    guarded([&] { alias<QThreadPool>(pool)->setProperty(property, value); });
}

int bhs_ideal_threads(void)
{
    return QThread::idealThreadCount();
}
