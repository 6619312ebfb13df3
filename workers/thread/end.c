/* The application's end, for workers and tasks together. */
#include "thread/end.h"

#include "core/door.h"
#include "thread/task.h"
#include "thread/task_list.h"
#include "thread/worker.h"

static void end_all(int64_t deadline)
{
    bh__workers_cancel();
    bh__tasks_cancel(NULL);
    bh__workers_end(deadline);
    bh__tasks_end(deadline);
}

static void pool_cleared(const bh_thread_pool *pool)
{
    bh__tasks_cancel_waiting(pool);
}

void bh__end_register(void)
{
    static _Atomic bool registered;
    if (atomic_exchange(&registered, true))
        return;
    bh__door_before_destroy(end_all);
    bh__door_when_pool_cleared(pool_cleared);
}
