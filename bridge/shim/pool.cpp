// Thread pools: QThreadPool, and a QRunnable with the core's record inside.
#include "base/memory.h"
#include "shim/guard.hpp"

#include <QRunnable>
#include <QThread>
#include <QThreadPool>
#include <cstddef>
#include <new>

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

QThreadPool *qt(bhs_pool *pool)
{
    return reinterpret_cast<QThreadPool *>(pool);
}

const QThreadPool *qt(const bhs_pool *pool)
{
    return reinterpret_cast<const QThreadPool *>(pool);
}

int or_ideal(int count)
{
    return count ? count : QThread::idealThreadCount();
}

} // namespace

bhs_pool *bhs_pool_create(const char *name, int max_threads)
{
    QThreadPool *pool = nullptr;
    shim::guarded([&] {
        pool = new QThreadPool;
        pool->setObjectName(shim::text(name));
        pool->setMaxThreadCount(or_ideal(max_threads));
    });
    return reinterpret_cast<bhs_pool *>(pool);
}

void bhs_pool_destroy(bhs_pool *pool)
{
    shim::guarded([&] { delete qt(pool); });
}

void *bhs_runnable_create(size_t size)
{
    void *block = bh__malloc(sizeof(Runnable) + size);
    return block ? ::new (block) Runnable + 1 : nullptr;
}

void bhs_runnable_destroy(void *payload)
{
    shim::guarded([&] { delete Runnable::of(payload); });
}

bh_status bhs_pool_start(bhs_pool *pool, void *payload, int priority)
{
    return shim::guarded([&] { qt(pool)->start(Runnable::of(payload), priority); });
}

bool bhs_pool_try_take(bhs_pool *pool, void *payload)
{
    bool taken = false;
    shim::guarded([&] { taken = qt(pool)->tryTake(Runnable::of(payload)); });
    return taken;
}

void bhs_pool_clear(bhs_pool *pool)
{
    shim::guarded([&] { qt(pool)->clear(); });
}

void bhs_pool_set_max(bhs_pool *pool, int count)
{
    shim::guarded([&] { qt(pool)->setMaxThreadCount(or_ideal(count)); });
}

int bhs_pool_max(const bhs_pool *pool)
{
    return qt(pool)->maxThreadCount();
}

int bhs_pool_active(const bhs_pool *pool)
{
    return qt(pool)->activeThreadCount();
}

void bhs_pool_set_expiry(bhs_pool *pool, int expiry_ms)
{
    shim::guarded([&] { qt(pool)->setExpiryTimeout(expiry_ms); });
}

void bhs_pool_set_stack_size(bhs_pool *pool, size_t bytes)
{
    shim::guarded([&] { qt(pool)->setStackSize(static_cast<uint>(bytes)); });
}
