/* Signals of workers at bad moments: the receiver is gone, the loop has ended, a dialog is open, and threads that wait for each other. */
#include "unit/turns.h"

#include <bulkhead/bulkhead.h>
#include <sys/resource.h>

enum { TICK };

typedef struct ticker {
    gate at;
    int count;
    _Atomic int heard, emitted, finished, opened;
    _Atomic bool in_dialog;
    int last;
    bool in_order;
    bh_object *dialog;
} ticker;

/* Emits COUNT ticks, one before the gate and the rest behind it. */
static bh_status tick(bh_worker_context *self, void *user)
{
    ticker *mine = user;
    for (int i = 1; i <= mine->count; i++) {
        if (i == 2)
            wait_at_gate(&mine->at);
        bh_emit(self, TICK, i);
        atomic_fetch_add(&mine->emitted, 1);
    }
    return BH_OK;
}

static const bh_class ticking = {BH_CLASS_INIT, .name = "Ticking", .signals = {[TICK] = "tick(int)"}, .run = tick};
static const bh_class tight = {BH_CLASS_INIT, .name = "TightTicking", .signals = {[TICK] = "tick(int)"},
                               .queues = {[TICK] = {BH_QUEUE_BLOCK, 1}}, .run = tick};

static void on_tick(void *user, int number)
{
    ticker *mine = user;
    mine->in_order = mine->heard == 0 ? number == 1 : mine->in_order && number == mine->last + 1;
    mine->last = number;
    atomic_fetch_add(&mine->heard, 1);
}

static void on_finished(void *user)
{
    atomic_fetch_add(&((ticker *)user)->finished, 1);
}

static bh_worker *make(const bh_class *class, ticker *mine, const bh_connect_options *options)
{
    gate_init(&mine->at);
    bh_worker *worker = bh_worker_create(class, mine);
    assert_non_null(bh_connect(bh_worker_object(worker), "tick", BH_CALLBACK(on_tick, int), mine, options));
    assert_non_null(bh_connect(bh_worker_object(worker), "finished", BH_CALLBACK(on_finished), mine, NULL));
    return worker;
}

static void end(bh_worker *worker)
{
    assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
    assert_int_equal(bh_worker_destroy(worker), BH_OK);
}

static void signals_to_a_receiver_that_is_gone_are_dropped_and_counted(void **state)
{
    (void)state;
    ticker mine = {.count = 50};
    bh_object *label = bh_create("QLabel", NULL);
    const bh_connect_options options = {BH_CONNECT_INIT, .context = label};
    bh_worker *worker = make(&ticking, &mine, &options);
    bh_worker_start(worker);
    pump_until(atomic_load(&mine.heard) == 1);
    assert_int_equal(bh_destroy(label), BH_OK);
    uint64_t late = stats_of(NULL).late;
    gate_open(&mine.at);
    end(worker);
    assert_int_equal(mine.heard, 1);
    assert_int_equal(mine.emitted, 50);
    assert_int_equal(mine.finished, 1);
    assert_true(stats_of(NULL).late >= late);
    assert_silent();
}

static void quit(void *user)
{
    (void)user;
    bh_app_quit(3);
}

static void signals_after_the_loop_has_ended_harm_nothing(void **state)
{
    ticker mine = {.count = 50};
    bh_worker *worker = make(&ticking, &mine, NULL);
    bh_worker_start(worker);
    wait_until(atomic_load(&mine.at.reached));
    bh_timer_single_shot(0, quit, NULL);
    assert_int_equal(bh_app_exec(), 3);
    gate_open(&mine.at);
    wait_until(atomic_load(&mine.emitted) == 50);
    assert_int_equal(without_app(state), 0); /* waits for the worker, and delivers meanwhile */
    assert_int_equal(mine.finished, 1);
    assert_silent();
    with_app(state);
}

static void close_dialog(ticker *mine)
{
    bh_call(mine->dialog, "accept");
}

static void on_tick_dialog(void *user, int number)
{
    ticker *mine = user;
    on_tick(user, number);
    if (number == 2) {
        atomic_store(&mine->in_dialog, true);
        atomic_fetch_add(&mine->opened, 1);
        bh_call(mine->dialog, "exec");
        atomic_store(&mine->in_dialog, false);
    } else if (number == mine->count && atomic_load(&mine->in_dialog)) {
        close_dialog(mine);
    }
}

static void a_dialog_in_a_callback_keeps_the_signals_coming(void **state)
{
    (void)state;
    ticker mine = {.count = 20000, .dialog = bh_create("QDialog", NULL)};
    gate_init(&mine.at);
    bh_worker *worker = bh_worker_create(&ticking, &mine);
    bh_connect(bh_worker_object(worker), "tick", BH_CALLBACK(on_tick_dialog, int), &mine, NULL);
    gate_open(&mine.at);
    bh_worker_start(worker);
    pump_until(atomic_load(&mine.heard) == mine.count && !atomic_load(&mine.in_dialog));
    assert_int_equal(mine.opened, 1);
    assert_true(mine.in_order);
    end(worker);
    assert_silent();
}

/* The bound is one, and the receiver stands still in a wait for the very worker that it holds back. */
static void waiting_for_a_worker_that_is_held_back_by_the_waiter_ends(void **state)
{
    (void)state;
    ticker mine = {.count = 2000};
    bh_worker *worker = make(&tight, &mine, NULL);
    gate_open(&mine.at);
    assert_int_equal(bh_worker_start(worker), BH_OK);
    end(worker);
    assert_int_equal(mine.heard, 2000);
    assert_true(mine.in_order);
}

/* --- two that call each other */

typedef struct caller {
    bh_object *other;
    _Atomic int *ready;
    bh_status status;
    _Atomic int called;
} caller;

static bh_status be_called(void *user)
{
    atomic_fetch_add(&((caller *)user)->called, 1);
    return BH_OK;
}

static bh_status call_other(bh_worker_context *self, void *user)
{
    caller *mine = user;
    (void)self;
    atomic_fetch_add(mine->ready, 1);
    wait_until(atomic_load(mine->ready) == 2);
    mine->status = bh_send(mine->other, be_called, mine);
    return BH_OK;
}

static const bh_class calling = {BH_CLASS_INIT, .name = "Calling", .run = call_other};

static void two_that_call_each_other_at_once_are_told(void **state)
{
    (void)state;
    for (int round = 0; round < 20; round++) {
        _Atomic int ready = 0;
        caller pair[2] = {{.ready = &ready}, {.ready = &ready}};
        bh_worker *workers[2] = {bh_worker_create(&calling, &pair[0]), bh_worker_create(&calling, &pair[1])};
        for (int i = 0; i < 2; i++)
            pair[i].other = bh_worker_object(workers[1 - i]);
        for (int i = 0; i < 2; i++)
            assert_int_equal(bh_worker_start(workers[i]), BH_OK);
        for (int i = 0; i < 2; i++)
            end(workers[i]);
        assert_int_equal((pair[0].status == BH_DEADLOCK) + (pair[1].status == BH_DEADLOCK), 1);
        assert_int_equal(pair[0].called + pair[1].called, 1);
        assert_heard(BH_DEADLOCK, "thread 'Calling' waits for thread 'Calling' already");
    }
}

/* --- very many */

static void a_thousand_workers_at_once(void **state)
{
    enum { MANY = 1000 };
    static ticker all[MANY];
    static bh_worker *workers[MANY];
    struct rlimit files;
    (void)state;
    getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_max < 4 * MANY)
        skip();
    struct rlimit enough = {4 * MANY, files.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &enough), 0);
    for (int i = 0; i < MANY; i++) {
        all[i] = (ticker){.count = 20};
        workers[i] = make(&ticking, &all[i], NULL);
        assert_int_equal(bh_worker_start(workers[i]), BH_OK);
    }
    for (int i = 0; i < MANY; i++) /* all are there at the same time */
        pump_until(atomic_load(&all[i].at.reached));
    for (int i = 0; i < MANY; i++)
        gate_open(&all[i].at);
    for (int i = 0; i < MANY; i++)
        end(workers[i]);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(all[i].heard, 20);
        assert_true(all[i].in_order);
        assert_int_equal(all[i].finished, 1);
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
    assert_silent();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, with_app, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(signals_to_a_receiver_that_is_gone_are_dropped_and_counted),
        TEST(signals_after_the_loop_has_ended_harm_nothing),
        TEST(a_dialog_in_a_callback_keeps_the_signals_coming),
        TEST(waiting_for_a_worker_that_is_held_back_by_the_waiter_ends),
        TEST(two_that_call_each_other_at_once_are_told),
        TEST(a_thousand_workers_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
