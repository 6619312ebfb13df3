/* For tests of workers: a worker that does what its job says, and a trail of what the GUI thread was told. */
#ifndef TEST_JOB_H
#define TEST_JOB_H

#include "throwing.h"
#include "turns.h"

#include <bulkhead/bulkhead.h>
#include <stdio.h>

typedef enum job_kind {
    COUNT_UP,
    FAIL,
    FAIL_PLAINLY,
    THROW,
    SLEEP,
    TOUCH_WIDGET,
    WAIT_FOR_SELF,
    IGNORE_CANCEL,
    LAST_WORDS
} job_kind;

typedef struct job {
    job_kind kind;
    gate at; /* IGNORE_CANCEL waits here */
    bh_worker *worker;
    bh_object *widget;
    bh_worker_context *context;
    bh_status status;
    _Atomic int runs, touched;
    char trail[256]; /* s: started, p: progress, e: error, f: finished */
    char error[256];
} job;

enum { PROGRESS };

static inline bh_status count_up(bh_worker_context *self)
{
    for (int i = 1; i <= 3; i++)
        assert_int_equal(bh_emit(self, PROGRESS, i, "counting"), BH_OK);
    return BH_OK;
}

static inline bh_status touch_widget(job *mine)
{
    mine->status = bh_set_string(mine->widget, "text", "from the worker");
    assert_heard(BH_ERROR_THREAD, "QLabel 'status' belongs to the GUI thread, called on 'TestWorker'");
    return BH_OK;
}

static inline bh_status wait_for_self(job *mine)
{
    mine->status = bh_worker_wait(mine->worker, -1);
    assert_heard(BH_DEADLOCK, "worker 'TestWorker' waits for itself");
    assert_refused(bh_worker_destroy(mine->worker), BH_ERROR_THREAD, "called on 'TestWorker': only the GUI thread may");
    return BH_OK;
}

static inline bh_status do_job(bh_worker_context *self, void *user)
{
    job *mine = user;
    mine->context = self;
    atomic_fetch_add(&mine->runs, 1);
    switch (mine->kind) {
    case COUNT_UP:
        return count_up(self);
    case FAIL:
        return bh_fail(self, BH_ERROR_IO, "cannot read %s", "data.csv");
    case FAIL_PLAINLY:
        return BH_ERROR_SYSTEM;
    case THROW:
        throw_now(NULL);
        return BH_OK;
    case SLEEP:
        return bh_worker_sleep(self, 10 * PATIENCE_MS);
    case TOUCH_WIDGET:
        return touch_widget(mine);
    case WAIT_FOR_SELF:
        return wait_for_self(mine);
    case IGNORE_CANCEL:
        return wait_at_gate(&mine->at);
    case LAST_WORDS:
        while (bh_worker_sleep(self, 1000) == BH_OK)
            ;
        return count_up(self);
    }
    return BH_OK;
}

static inline void touch(bh_object *self, void *user, int number)
{
    (void)self;
    assert_string_equal(bh_thread_name(NULL), "TestWorker");
    atomic_store(&((job *)user)->touched, number);
}

static const bh_class worker_class = {
    BH_CLASS_INIT,
    .name = "TestWorker",
    .signals = {[PROGRESS] = "progress(int,QString)"},
    .slots = {BH_SLOT("touch(int)", touch, int)},
    .run = do_job,
};

static inline void leave(job *mine, char letter)
{
    size_t length = strlen(mine->trail);
    assert_true(bh_is_gui_thread());
    if (length + 1 < sizeof mine->trail)
        mine->trail[length] = letter;
}

static inline void on_started(void *mine)
{
    leave(mine, 's');
}

static inline void on_progress(void *mine, int number, const char *text)
{
    leave(mine, (char)('0' + number));
    assert_string_equal(text, "counting");
}

static inline void on_error(void *from, const char *text)
{
    job *mine = from;
    leave(mine, 'e');
    snprintf(mine->error, sizeof mine->error, "%s", text);
}

static inline void on_finished(void *mine)
{
    leave(mine, 'f');
}

/* A worker for MINE with all its signals connected, but "error" only where HEARS. */
static inline bh_worker *make_worker(job *mine, bool hears)
{
    gate_init(&mine->at);
    mine->worker = bh_worker_create(&worker_class, mine);
    bh_object *object = bh_worker_object(mine->worker);
    assert_non_null(bh_connect(object, "started", BH_CALLBACK(on_started), mine, NULL));
    assert_non_null(bh_connect(object, "progress", BH_CALLBACK(on_progress, int, const char *), mine, NULL));
    assert_non_null(bh_connect(object, "finished", BH_CALLBACK(on_finished), mine, NULL));
    if (hears)
        assert_non_null(bh_connect(object, "error", BH_CALLBACK(on_error, const char *), mine, NULL));
    return mine->worker;
}

#endif
