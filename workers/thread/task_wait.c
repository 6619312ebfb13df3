/* Waiting for tasks and groups without deadlock: who it is that a waiter waits for. */
#include "thread/task.h"

#include <bulkhead/app.h>

enum { MOST_STEPS = 1000 };

typedef struct walk {
    bool (*is)(bh__thread *thread, void *user);
    void *user;
    int steps; /* that it may still take: what tasks come after is a graph of any size */
} walk;

/* Under the tasks lock: the thread that runs TASK, or those that run what it comes after. What is queued has no thread yet, and needs
 * none of the waiter's: a thread of a pool lends its place while it waits. */
static bool runs_on(const bh__task *task, walk *at)
{
    if (--at->steps < 0)
        return false;
    if (task->runner)
        return at->is(task->runner, at->user);
    for (size_t i = 0; i < task->link_count; i++)
        if (task->links[i].dependency && runs_on(task->links[i].dependency, at))
            return true;
    return false;
}

static bool runners_of_task(void *task, bool (*is)(bh__thread *thread, void *user), void *user)
{
    walk at = {is, user, MOST_STEPS};
    bh__tasks_lock();
    bool found = runs_on(task, &at);
    bh__tasks_unlock();
    return found;
}

static bool runners_of_group(void *group, bool (*is)(bh__thread *thread, void *user), void *user)
{
    walk at = {is, user, MOST_STEPS};
    bool found = false;
    bh__tasks_lock();
    for (const bh__task *task = bh__tasks_first(); task && !found; task = task->next)
        found = task->group == group && !bh__task_has_ended(task) && runs_on(task, &at);
    bh__tasks_unlock();
    return found;
}

static bool refuse_gui(const char *call)
{
    if (!bh_is_gui_thread())
        return false;
    bh__fail(BH_ERROR_THREAD, call, "called on the GUI thread, which it would freeze: let `done` tell you, in the options");
    return true;
}

static bool task_has_ended(void *task)
{
    return bh__task_has_ended(task);
}

static bh_status refuse_task(bh__task *self, const char *call)
{
    bh__tasks_lock();
    bool own = self->runner == bh__door_self();
    bh__tasks_unlock();
    if (own)
        return bh__fail(BH_DEADLOCK, call, "task '%s' waits for itself: return from its function instead", self->name);
    return bh__fail(BH_DEADLOCK, call, "task '%s' cannot end while '%s' waits for it: neither would ever go on", self->name,
                    (bh_thread_name)(NULL));
}

bh_status(bh_task_wait)(bh_task *handle, int timeout_ms)
{
    static const char call[] = "bh_task_wait";
    bh__task *self = bh__task_check(handle, call);
    if (!self)
        return bh__last_status();
    bh_status status = BH_ERROR_THREAD;
    if (!refuse_gui(call))
        status = bh__door_wait_for_runners(runners_of_task, self, task_has_ended, self, timeout_ms);
    if (status == BH_DEADLOCK)
        refuse_task(self, call);
    bh__task_unref(self);
    return status;
}

bh_status(bh_task_group_wait)(bh_task_group *handle, int timeout_ms)
{
    static const char call[] = "bh_task_group_wait";
    bh__task_group *self = bh__task_group_check(handle, call);
    if (!self)
        return bh__last_status();
    bh_status status = BH_ERROR_THREAD;
    if (!refuse_gui(call))
        status = bh__door_wait_for_runners(runners_of_group, self, bh__task_group_has_ended, self, timeout_ms);
    if (status == BH_DEADLOCK)
        bh__fail(status, call, "a task of the group cannot end while '%s' waits for it: neither would ever go on",
                 (bh_thread_name)(NULL));
    bh__task_group_unref(self);
    return status;
}
