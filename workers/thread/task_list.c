/* The list of all tasks that have not settled, and of those that are kept; the end of the application. */
#include "thread/task_list.h"

#include "thread/task.h"

#include <string.h>

enum { MOST_AT_ONCE = 32 };

/* Guarded by the tasks lock. New ones come at the end. */
static bh__task *all, **all_end = &all;
static bh__task *kept;

static void link_at(bh__task *self, bh__task **place)
{
    self->next = *place;
    self->place = place;
    if (self->next)
        self->next->place = &self->next;
    *place = self;
}

void bh__task_enlist(bh__task *self)
{
    static uint64_t number;
    self->number = ++number;
    link_at(self, all_end);
    all_end = &self->next;
}

void bh__task_delist(bh__task *self)
{
    if (all_end == &self->next)
        all_end = self->place;
    *self->place = self->next;
    if (self->next)
        self->next->place = self->place;
}

bh__task *bh__tasks_first(void)
{
    return all;
}

void bh__task_keep(bh__task *self)
{
    link_at(self, &kept);
}

/* --- visiting */

static bool is_of(const bh__task *task, const bh_thread_pool *pool, const bh__task_group *group)
{
    return (!pool || task->pool == pool) && (!group || task->group == group);
}

/* References up to MOST_AT_ONCE from the list on, past those whose number is not above AFTER. */
static int gather(bh__task **found, const bh_thread_pool *pool, const bh__task_group *group, uint64_t *after)
{
    int count = 0;
    bh__tasks_lock();
    for (bh__task *task = all; task && count < MOST_AT_ONCE; task = task->next) {
        if (task->number <= *after)
            continue;
        *after = task->number;
        if (!is_of(task, pool, group))
            continue;
        bh__task_ref(task);
        found[count++] = task;
    }
    bh__tasks_unlock();
    return count;
}

void bh__tasks_visit(const bh_thread_pool *pool, const bh__task_group *group, void (*visit)(bh__task *task, void *user),
                     void *user)
{
    bh__task *found[MOST_AT_ONCE];
    uint64_t after = 0;
    int count;
    do {
        count = gather(found, pool, group, &after);
        for (int i = 0; i < count; i++) {
            visit(found[i], user);
            bh__task_unref(found[i]);
        }
    } while (count == MOST_AT_ONCE);
}

typedef struct info_visit {
    void (*visit)(const bh__task_info *task, void *user);
    void *user;
} info_visit;

static void show(bh__task *task, void *user)
{
    info_visit *call = user;
    bh__task_info info = {.pool = task->pool, .cancelled = bh__cancel_asked(&task->cancel)};
    memcpy(info.name, task->name, sizeof info.name);
    bh__tasks_lock();
    int state = atomic_load(&task->state);
    info.since_ms = task->since_ms;
    bh__tasks_unlock();
    info.state = state == BH__TASK_STARTING ? BH_TASK_QUEUED : state == BH__TASK_ENDING ? BH_TASK_RUNNING : (bh_task_state)state;
    call->visit(&info, call->user);
}

void bh__tasks_each(const bh_thread_pool *pool, void (*visit)(const bh__task_info *task, void *user), void *user)
{
    info_visit call = {visit, user};
    bh__tasks_visit(pool, NULL, show, &call);
}

static void cancel_unbegun(bh__task *task, void *user)
{
    int state = atomic_load(&task->state);
    (void)user;
    if (state == (int)BH_TASK_WAITING || state == (int)BH_TASK_QUEUED)
        bh__task_cancel(task, NULL);
}

static void cancel_one(bh__task *task, void *user)
{
    (void)user;
    bh__task_cancel(task, NULL);
}

void bh__tasks_cancel_all(const bh_thread_pool *pool, const bh__task_group *group)
{
    bh__tasks_visit(pool, group, cancel_unbegun, NULL);
    bh__tasks_visit(pool, group, cancel_one, NULL);
}

void bh__tasks_cancel(const bh_thread_pool *pool)
{
    bh__tasks_cancel_all(pool, NULL);
}

static void cancel_waiting(bh__task *task, void *user)
{
    (void)user;
    if (atomic_load(&task->state) == (int)BH_TASK_WAITING)
        bh__task_cancel(task, bh__failure_make(BH_CANCELLED, "its pool was cleared"));
}

void bh__tasks_cancel_waiting(const bh_thread_pool *pool)
{
    bh__tasks_visit(pool, NULL, cancel_waiting, NULL);
}

bool bh__tasks_are_settled(const bh_thread_pool *pool)
{
    bh__tasks_lock();
    const bh__task *task = all;
    while (task && !is_of(task, pool, NULL))
        task = task->next;
    bh__tasks_unlock();
    return !task;
}

/* --- the application's end */

static bool all_settled(void *user)
{
    (void)user;
    return bh__tasks_are_settled(NULL);
}

static void abandon(bh__task *task, void *user)
{
    (void)user;
    if (atomic_load(&task->state) != (int)BH_TASK_RUNNING)
        return;
    bh__fail(BH_TIMEOUT, "bh_app_destroy", "task '%s' did not end in time and is left running", task->name);
    bh__task_abandon(task, bh__failure_make(BH_TIMEOUT, "did not end before the application did, and is left running"));
}

/* Those that were kept and never released. One that has still to be told goes then. */
static void release_kept(void)
{
    bh__tasks_lock();
    for (bh__task *task = all; task; task = task->next)
        task->kept = false;
    bh__tasks_unlock();
    for (;;) {
        bh__tasks_lock();
        bh_task *handle = kept ? kept->handle : NULL;
        bh__tasks_unlock();
        if (!handle || (bh_task_release)(handle))
            return;
    }
}

void bh__tasks_end(int64_t deadline)
{
    int64_t left = deadline - bh__clock_ms();
    bh__door_wait_until(all_settled, NULL, left > 0 ? (int)left : 0);
    bh__tasks_visit(NULL, NULL, abandon, NULL);
    bh__task_groups_end();
    release_kept();
}
