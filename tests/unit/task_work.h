/* For tests of tasks: what a task was told, functions for tasks, and a pool for them. */
#ifndef TEST_TASK_WORK_H
#define TEST_TASK_WORK_H

#include "throwing.h"
#include "turns.h"

#include <bulkhead/bulkhead.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct work {
    gate at;
    bh_task *task, *other;
    bh_status status;
    bh_thread_pool *pool;
    bh_object *widget;
    _Atomic int runs, done, drops, destroyed, progress;
    bh_task_state state; /* in done */
    char text[512], function[64], location[64];
    char trail[64];
    int last_value;
    bh_thread *told_on;
    bool told_on_gui;
} work;

static bh_thread_pool *pool;

static inline int with_pool(void **state)
{
    int failed = with_app(state);
    pool = bh_thread_pool_create("tasks", 2);
    return failed || !pool;
}

static inline void on_done(void *user, bh_task *task)
{
    work *mine = user;
    bh_failure failure;
    mine->state = bh_task_get_state(task);
    assert_int_equal(bh_task_get_failure(task, &failure), BH_OK);
    snprintf(mine->text, sizeof mine->text, "%s", failure.text);
    snprintf(mine->function, sizeof mine->function, "%s", failure.function);
    snprintf(mine->location, sizeof mine->location, "%s", failure.location);
    mine->told_on = bh_thread_current();
    mine->told_on_gui = bh_is_gui_thread();
    strcat(mine->trail, "d");
    atomic_fetch_add(&mine->done, 1);
}

static inline void on_drop(void *user)
{
    atomic_fetch_add(&((work *)user)->drops, 1);
}

#define WITH(named, told, ...) (&(const bh_task_options){BH_TASK_INIT, .name = named, .done = told, .drop = on_drop, __VA_ARGS__})
#define OPTIONS(...) WITH("work", on_done, __VA_ARGS__)
#define PLAIN OPTIONS(.priority = 0)

static inline bh_task *start_with(bh_task_function fn, work *mine, const bh_task_options *options)
{
    gate_init(&mine->at);
    mine->pool = pool;
    mine->task = bh_task_start(pool, fn, mine, options);
    return mine->task;
}

static inline void wait_done(work *mine)
{
    pump_until(atomic_load(&mine->done) > 0 && atomic_load(&mine->drops) > 0);
    assert_int_equal(mine->done, 1);
    assert_int_equal(mine->drops, 1);
}

static inline bh_status nothing(bh_task_context *self, void *user)
{
    (void)self;
    atomic_fetch_add(&((work *)user)->runs, 1);
    return BH_OK;
}

static inline bh_status until_open(bh_task_context *self, void *user)
{
    work *mine = user;
    (void)self;
    atomic_fetch_add(&mine->runs, 1);
    return wait_at_gate(&mine->at);
}

static inline bh_status until_cancelled(bh_task_context *self, void *user)
{
    work *mine = user;
    atomic_fetch_add(&mine->runs, 1);
    while (bh_task_sleep(self, 1000) == BH_OK)
        continue;
    return bh_task_cancelled(self) ? BH_CANCELLED : BH_ERROR;
}

static inline bh_status fail_twice(bh_task_context *self, void *user)
{
    (void)user;
    bh_task_fail(self, BH_ERROR_IO, "cannot read %s", "data.csv");
    return bh_task_fail_because(self, BH_ERROR, "cannot load the table");
}

static inline void count_destroy(void *result)
{
    atomic_fetch_add((_Atomic int *)result, 1);
}

static inline bh_status give(bh_task_context *self, void *user)
{
    work *mine = user;
    static _Atomic int first;
    assert_int_equal(bh_task_set_result(self, &first, count_destroy), BH_OK);
    assert_int_equal(bh_task_set_result(self, &mine->destroyed, count_destroy), BH_OK);
    assert_int_equal(first, 1);
    atomic_store(&first, 0);
    return BH_OK;
}

static inline void fill_pool(work busy[2])
{
    for (int i = 0; i < 2; i++)
        start_with(until_open, &busy[i], PLAIN);
    wait_until(atomic_load(&busy[0].runs) + atomic_load(&busy[1].runs) == 2);
}

static inline void empty_pool(work busy[2])
{
    for (int i = 0; i < 2; i++)
        gate_open(&busy[i].at);
    for (int i = 0; i < 2; i++)
        wait_done(&busy[i]);
}

#endif
