/* Tasks: starting, with all that can be refused. See task.h. */
#include "thread/task.h"

static bool valid_options(const bh_task_options *options, const char *call)
{
    if (!options)
        return true;
    if (options->size < sizeof *options || options->size > 4096)
        bh__fail(BH_ERROR_STATE, call, "options.size is %zu: begin the options with BH_TASK_INIT", options->size);
    else if (options->after_count && !options->after)
        bh__fail(BH_ERROR_NULL, call, "after is NULL, after_count %zu: pass the tasks that it comes after", options->after_count);
    else if (options->after_count > UINT16_MAX)
        bh__fail(BH_ERROR_RANGE, call, "after_count is %zu: at most %d", options->after_count, UINT16_MAX);
    else
        return !options->thread || bh__door_is_thread(options->thread, call);
    return false;
}

static bh__task *new_task(bh_thread_pool *pool, bh_task_function fn, void *user, const bh_task_options *options)
{
    size_t links = options ? options->after_count : 0;
    bh__task *made = bh__calloc(1, sizeof *made + links * sizeof made->links[0]);
    if (!made)
        return NULL;
    made->fn = fn;
    made->user = user;
    made->pool = pool;
    if (options)
        made->options = *options;
    made->kept = made->options.keep;
    bh__copy_text(made->name, sizeof made->name, made->options.name ? made->options.name : "task");
    bh__clean_text(made->name);
    bh__cancel_init(&made->cancel);
    atomic_init(&made->refs, 1); /* the list's */
    atomic_init(&made->users, 2);
    return made;
}

/* Those that it comes after, each with a reference; false after having reported. */
static bool find_dependencies(bh__task *self, const char *call)
{
    size_t count = self->options.after_count;
    while (self->link_count < count) {
        bh__task *found = bh__task_check(self->options.after[self->link_count], call);
        if (!found)
            return false;
        self->links[self->link_count++] = (bh__task_link){self, found, NULL};
    }
    return true;
}

static void forget_dependencies(bh__task *self)
{
    for (size_t i = 0; i < self->link_count; i++)
        if (self->links[i].dependency)
            bh__task_unref(self->links[i].dependency);
}

/* Under the lock. One that has ended already is no longer waited for; with BAD, one of those that did not finish, referenced. */
static void link_dependencies(bh__task *self, bh__task **bad)
{
    for (size_t i = 0; i < self->link_count; i++) {
        bh__task_link *link = &self->links[i];
        bh__task *dependency = link->dependency;
        int state = atomic_load(&dependency->state);
        if (state < (int)BH_TASK_FINISHED) {
            bh__task_ref(self);
            link->next = dependency->dependents;
            dependency->dependents = link;
            self->unmet++;
            continue;
        }
        link->dependency = NULL;
        if (state != (int)BH_TASK_FINISHED && !*bad)
            *bad = dependency;
        else
            bh__task_unref(dependency);
    }
}

/* What was found on entering the list. */
typedef struct entry {
    bh__task *bad; /* it comes after one that did not finish; referenced */
    bool waits, group_cancelled;
} entry;

/* Its place in list, group and links; false, with nothing done, if the group takes no more. */
static bool enter(bh__task *self, void *held, entry *found)
{
    bh__tasks_lock();
    bool joined = !self->group || bh__task_group_join(self->group, &found->group_cancelled);
    if (joined) {
        link_dependencies(self, &found->bad);
        found->waits = self->unmet > 0 || found->bad;
        atomic_store(&self->state, found->waits ? (int)BH_TASK_WAITING : (int)BH__TASK_STARTING);
        self->held = found->waits ? held : NULL;
        self->since_ms = bh__clock_ms();
        bh__task_enlist(self);
    }
    bh__tasks_unlock();
    if (!joined)
        bh__fail(BH_ERROR_STATE, "bh_task_start", "group '%s' is sealed: start its tasks before bh_task_group_seal",
                 bh__task_group_name(self->group));
    return joined;
}

/* Not started after all: nobody knows of it, and nothing of it may run. */
static void undo(bh__task *self)
{
    bh__tasks_lock();
    bh__task_delist(self);
    if (self->group)
        bh__task_group_leave(self->group);
    bh__tasks_unlock();
}

static void discard(bh__task *self)
{
    forget_dependencies(self);
    if (self->handle)
        bh__door_handle_destroy(BH__DOOR_TASK, self->handle);
    if (self->group)
        bh__task_group_unref(self->group);
    bh__task_unref(self);
}

/* Checks and references what the options name. */
static bool prepare(bh__task *self, const char *call)
{
    if (!find_dependencies(self, call))
        return false;
    if (self->options.group && !(self->group = bh__task_group_check(self->options.group, call)))
        return false;
    self->handle = bh__door_handle_create(BH__DOOR_TASK, self, call);
    return self->handle != NULL;
}

static bh_status go(bh__task *self, const entry *found)
{
    bh__task *bad = found->bad;
    if (found->group_cancelled)
        bh__task_cancel(self, bh__failure_make(BH_CANCELLED, "its group was cancelled"));
    if (bad) {
        bool failed = atomic_load(&bad->state) == (int)BH_TASK_FAILED;
        bh__task_cancel(self, bh__failure_make(BH_CANCELLED, "task '%s' comes after '%s', which %s", self->name, bad->name,
                                               failed ? "failed" : "was cancelled"));
        bh__task_unref(bad);
    }
    return found->waits ? BH_OK : bh__task_submit(self);
}

/* HELD becomes the task's if it waits for others. */
static bh_task *start(bh__task *self, void *held, const char *call)
{
    entry found = {NULL, false, false};
    if (!prepare(self, call) || !enter(self, held, &found)) {
        bh__door_pool_release(held);
        discard(self);
        return NULL;
    }
    bh_task *handle = self->handle;
    bh__task_ref(self);
    bh_status status = go(self, &found);
    if (!found.waits)
        bh__door_pool_release(held);
    if (status) {
        undo(self);
        discard(self);
    }
    bh__task_unref(self);
    return status ? NULL : handle;
}

bh_task *(bh_task_start)(bh_thread_pool *pool, bh_task_function fn, void *user, const bh_task_options *options)
{
    static const char call[] = "bh_task_start";
    if (!fn) {
        bh__fail(BH_ERROR_NULL, call, "fn is NULL: pass the function to run");
        return NULL;
    }
    void *held = valid_options(options, call) ? bh__door_pool_hold(pool, call) : NULL;
    if (!held)
        return NULL;
    bh__task *made = new_task(pool, fn, user, options);
    if (!made) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory for one more task");
        bh__door_pool_release(held);
        return NULL;
    }
    return start(made, held, call);
}
