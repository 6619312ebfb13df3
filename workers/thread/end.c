/* The application's end, for workers and tasks together. */
#include "thread/end.h"

#include "core/door.h"
#include "thread/task.h"
#include "thread/task_list.h"
#include "thread/worker.h"

void bh__end_work(int64_t deadline)
{
    bh__workers_cancel();
    bh__tasks_cancel(NULL);
    bh__workers_end(deadline);
    bh__tasks_end(deadline);
}
