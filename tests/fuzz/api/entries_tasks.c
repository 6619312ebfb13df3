/* task.h and assert.h */
#include "fuzz.h"

#include <stdlib.h>

#define TASK fuzz_thing(FUZZ_TASK)
#define GROUP fuzz_thing(FUZZ_GROUP)
#define CONTEXT fuzz_thing(FUZZ_TASK_CONTEXT)

static void fail_an_assertion(void *user)
{
    BH_ASSERT_MSG(user && !user, "%p", user);
}

static bh_status work(bh_task_context *self, void *user)
{
    fuzz_token_check(user, "task");
    fuzz_keep(FUZZ_TASK_CONTEXT, self);
    for (unsigned i = fuzz_below(4); i > 0 && !bh_task_cancelled(self); i--) {
        if (fuzz_chance(40))
            bh_task_sleep(self, fuzz_small(0, 3));
        bh_task_progress(self, (int)i, "some");
        fuzz_nested("task");
    }
    if (fuzz_chance(10))
        return bh_task_fail(self, BH_ERROR_IO, "cannot read %s", "anything");
    if (fuzz_chance(5))
        fail_an_assertion(user);
    return fuzz_chance(80) ? BH_OK : (bh_status)fuzz_small(0, BH_ERROR_ASSERTION);
}

static void on_done(void *user, bh_task *task)
{
    fuzz_token_check(user, "done of a task");
    if (bh_task_get_state(task) < BH_TASK_FINISHED)
        fuzz_complain("bh_task_start", "`done` ran for a task that has not ended", "");
    fuzz_nested("done of a task");
}

static void on_progress(void *user, bh_task *task, int value, const char *text)
{
    (void)task;
    (void)value;
    if (!text)
        fuzz_complain("bh_task_progress", "no text", "");
    fuzz_token_check(user, "progress of a task");
    fuzz_nested("progress of a task");
}

static fuzz_result run_bh_task_start(void)
{
    bh_task *after[3];
    size_t count = fuzz_chance(20) ? fuzz_below(4) : 0;
    for (size_t i = 0; i < count; i++)
        after[i] = TASK;
    void *user = fuzz_chance(70) ? fuzz_token_new() : NULL;
    const bh_task_options options = {
        .size = fuzz_chance(98) ? sizeof options : fuzz_size_t() % 16,
        .name = fuzz_text(),
        .priority = fuzz_int(),
        .done = fuzz_chance(70) ? on_done : NULL,
        .progress = fuzz_chance(40) ? on_progress : NULL,
        .thread = fuzz_chance(80) ? NULL : fuzz_thing(FUZZ_THREAD),
        .after = count || fuzz_chance(98) ? after : NULL,
        .after_count = count,
        .group = fuzz_chance(80) ? NULL : GROUP,
        .keep = fuzz_chance(50),
        .drop = user ? fuzz_token_drop : NULL,
    };
    bool plain = !user && fuzz_chance(30);
    bh_task *task = bh_task_start(fuzz_thing(FUZZ_POOL), fuzz_chance(97) ? work : NULL, user, plain ? NULL : &options);
    if (!task)
        fuzz_token_drop(user);
    fuzz_keep(FUZZ_TASK, task);
    return task ? FUZZ_OK : FUZZ_REFUSED;
}

static fuzz_result run_bh_task_wait(void)
{
    int timeout = fuzz_small(0, 10);
    fuzz_note("%d ms", timeout);
    return fuzz_status(bh_task_wait(TASK, timeout));
}

static fuzz_result run_bh_task_group_wait(void)
{
    int timeout = fuzz_small(0, 10);
    fuzz_note("%d ms", timeout);
    return fuzz_status(bh_task_group_wait(GROUP, timeout));
}

static fuzz_result run_bh_task_get_state(void)
{
    bh_task_state state = bh_task_get_state(TASK);
    if ((unsigned)state > BH_TASK_CANCELLED)
        fuzz_complain("bh_task_get_state", "a state that is none", "");
    return state == BH_TASK_CANCELLED ? FUZZ_QUIET : FUZZ_OK;
}

static fuzz_result run_bh_task_get_name(void)
{
    const char *name = bh_task_get_name(TASK);
    if (!name)
        fuzz_complain("bh_task_get_name", "NULL", "");
    return name && name[0] ? FUZZ_OK : FUZZ_QUIET;
}

static fuzz_result check_failure(bh_status status, const bh_failure *failure)
{
    if (!failure->text || !failure->function || !failure->location || (status && failure->status))
        fuzz_complain("bh_failure", "a result that was not cleared", "");
    return fuzz_status(status);
}

static fuzz_result run_bh_task_get_failure(void)
{
    bh_failure failure;
    return check_failure(bh_task_get_failure(TASK, &failure), &failure);
}

static fuzz_result run_bh_task_group_get_failure(void)
{
    bh_failure failure;
    return check_failure(bh_task_group_get_failure(GROUP, &failure), &failure);
}

static fuzz_result run_bh_task_get_result(void)
{
    void *result;
    return fuzz_status(bh_task_get_result(TASK, fuzz_chance(95) ? &result : NULL));
}

static fuzz_result run_bh_task_take_result(void)
{
    void *result = NULL;
    bh_status status = bh_task_take_result(TASK, fuzz_chance(95) ? &result : NULL);
    free(result);
    return fuzz_status(status);
}

static fuzz_result run_bh_task_set_result(void)
{
    void *result = malloc(1);
    bh_status status = bh_task_set_result(CONTEXT, result, free);
    if (status)
        free(result);
    return fuzz_status(status);
}

static fuzz_result run_bh_task_cancelled(void)
{
    return bh_task_cancelled(CONTEXT) ? FUZZ_QUIET : FUZZ_OK;
}

#define TELL_FAILURE(function)                                                    \
    static fuzz_result run_##function(void)                                       \
    {                                                                             \
        const char *text = fuzz_text();                                           \
        bh_status status = (bh_status)fuzz_small(BH_TIMEOUT, BH_ERROR_ASSERTION); \
        if (function(CONTEXT, status, "%s", text ? text : "no text") != status)   \
            fuzz_complain(#function, "another status came back", "");             \
        return FUZZ_OK;                                                           \
    }
TELL_FAILURE(bh_task_fail)
TELL_FAILURE(bh_task_fail_because)

FUZZ_CALL(bh_task_cancel, TASK)
FUZZ_CALL(bh_task_release, TASK)
FUZZ_CALL(bh_task_sleep, CONTEXT, fuzz_short_ms())
FUZZ_CALL(bh_task_progress, CONTEXT, fuzz_int(), fuzz_text())

/* --- groups */

static void on_group_done(void *user, bh_task_group *group)
{
    bh_task_counts counts;
    fuzz_token_check(user, "done of a group");
    if (bh_task_group_get_counts(group, &counts) == BH_OK && counts.tasks != counts.finished + counts.failed + counts.cancelled)
        fuzz_complain("bh_task_group_create", "`done` ran before all tasks had ended", "");
    fuzz_nested("done of a group");
}

static fuzz_result run_bh_task_group_create(void)
{
    void *user = fuzz_chance(70) ? fuzz_token_new() : NULL;
    const bh_task_group_options options = {
        .size = fuzz_chance(98) ? sizeof options : fuzz_size_t() % 16,
        .name = fuzz_text(),
        .done = fuzz_chance(80) ? on_group_done : NULL,
        .user = user,
        .thread = fuzz_chance(90) ? NULL : fuzz_thing(FUZZ_THREAD),
        .cancel_on_failure = fuzz_chance(50),
        .drop = user ? fuzz_token_drop : NULL,
    };
    bh_task_group *group = bh_task_group_create(!user && fuzz_chance(30) ? NULL : &options);
    if (!group)
        fuzz_token_drop(user);
    fuzz_keep(FUZZ_GROUP, group);
    return group ? FUZZ_OK : FUZZ_REFUSED;
}

static fuzz_result run_bh_task_group_get_counts(void)
{
    bh_task_counts counts;
    bh_status status = bh_task_group_get_counts(GROUP, &counts);
    if (status && counts.tasks)
        fuzz_complain("bh_task_group_get_counts", "the result was not cleared on failure", "");
    return fuzz_status(status);
}

FUZZ_CALL(bh_task_group_seal, GROUP)
FUZZ_CALL(bh_task_group_cancel, GROUP)
FUZZ_CALL(bh_task_group_destroy, GROUP)

/* --- assert.h: only where a guard is certain, since it takes the shortest way there */

static bh_status asserting(void *user)
{
    fail_an_assertion(user);
    return BH_OK;
}

static fuzz_result run_bh_assertion_failed(void)
{
    bh_status status = bh_send(NULL, asserting, NULL);
    if (status == BH_OK)
        fuzz_complain("bh_assertion_failed", "it returned", "");
    return status == BH_ERROR_ASSERTION ? FUZZ_OK : FUZZ_QUIET; /* bh_send was refused */
}

static fuzz_result run_bh_in_function(void)
{
    bh_in_function(fuzz_chance(80) ? __func__ : NULL);
    return FUZZ_QUIET;
}

const fuzz_entry fuzz_task_entries[] = {
    FUZZ_ENTRY(bh_task_start),
    FUZZ_ENTRY(bh_task_cancel),
    FUZZ_ENTRY(bh_task_wait),
    FUZZ_ENTRY(bh_task_get_state),
    FUZZ_ENTRY(bh_task_get_name),
    FUZZ_ENTRY(bh_task_get_failure),
    FUZZ_ENTRY(bh_task_get_result),
    FUZZ_ENTRY(bh_task_take_result),
    FUZZ_ENTRY(bh_task_release),
    FUZZ_ENTRY(bh_task_cancelled),
    FUZZ_ENTRY(bh_task_sleep),
    FUZZ_ENTRY(bh_task_progress),
    FUZZ_ENTRY(bh_task_set_result),
    FUZZ_ENTRY(bh_task_fail),
    FUZZ_ENTRY(bh_task_fail_because),
    FUZZ_ENTRY(bh_task_group_create),
    FUZZ_ENTRY(bh_task_group_seal),
    FUZZ_ENTRY(bh_task_group_cancel),
    FUZZ_ENTRY(bh_task_group_wait),
    FUZZ_ENTRY(bh_task_group_get_counts),
    FUZZ_ENTRY(bh_task_group_get_failure),
    FUZZ_ENTRY(bh_task_group_destroy),
    FUZZ_RARE(bh_assertion_failed, 4),
    FUZZ_RARE(bh_in_function, 8),
    {NULL, NULL, 0},
};
