/* Entry guards: failed assertions on every way into the program's code, their place, what goes on afterwards; and slots of workers. */
#include "throwing.h"
#include "turns.h"

#include <bulkhead/bulkhead.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static _Atomic int deferred;

static void count_deferred(void *user)
{
    (void)user;
    atomic_fetch_add(&deferred, 1);
}

static void fail_deep(int depth)
{
    BH_ASSERT(depth > 0);
    if (depth > 0)
        fail_deep(depth - 1);
}

static bh_status fail_posted(void *user)
{
    (void)user;
    bh_defer(count_deferred, NULL);
    fail_deep(5);
    return BH_OK;
}

static void fail_void(void *user)
{
    BH_ASSERT_MSG(user == &deferred, "%d of them", 3);
}

static void fail_clicked(void *user, bool checked)
{
    (void)checked;
    fail_void(user);
}

static bh_event_result fail_event(bh_object *widget, void *user, const bh_event *event)
{
    (void)widget;
    (void)event;
    fail_void(user);
    return BH_EVENT_PASS;
}

static void every_entry_on_the_gui_thread_contains_it(void **state)
{
    (void)state;
    atomic_store(&deferred, 0);
    assert_int_equal(bh_post(NULL, fail_posted, NULL, NULL), BH_OK);
    pump();
    assert_heard(BH_ERROR_ASSERTION, "test_guard.c:");
    assert_int_equal(deferred, 1);
    assert_int_equal(bh_send(NULL, fail_posted, NULL), BH_ERROR_ASSERTION);
    assert_heard(BH_ERROR_ASSERTION, "in fail_deep: assertion failed: depth > 0");
    assert_int_equal(deferred, 2);

    bh_object *button = bh_create("QPushButton", NULL);
    bh_connect(button, "clicked(bool)", BH_CALLBACK(fail_clicked, bool), NULL, NULL);
    assert_int_equal(bh_call(button, "click"), BH_OK);
    assert_heard(BH_ERROR_ASSERTION, "in fail_void: assertion failed: user == &deferred: 3 of them");

    bh_on_event(button, BH_EVENT_SHOW, fail_event, NULL);
    assert_int_equal(bh_call(button, "show"), BH_OK);
    assert_heard(BH_ERROR_ASSERTION, "assertion failed: user == &deferred");

    bh_timer_single_shot(0, fail_void, NULL);
    pump();
    assert_heard(BH_ERROR_ASSERTION, "single-shot timer: in fail_void");
    assert_int_equal(bh_post(NULL, count_run, &deferred, fail_void), BH_OK);
    pump();
    assert_int_equal(deferred, 3);
    assert_silent();
}

static void a_runnable_s_pool_goes_on(void **state)
{
    (void)state;
    _Atomic int ran = 0;
    bh_thread_pool *pool = bh_thread_pool_create("guarded", 1);
    for (int i = 0; i < 20; i++) {
        bh_thread_pool_start(pool, fail_posted, NULL, NULL, 0, NULL);
        bh_thread_pool_start(pool, count_run, &ran, NULL, 0, NULL);
    }
    assert_int_equal(bh_thread_pool_wait_for_done(pool, PATIENCE_MS), BH_OK);
    assert_int_equal(ran, 20);
    assert_heard(BH_ERROR_ASSERTION, "runnable of pool 'guarded': in fail_deep");
}

/* --- workers */

typedef struct slot_work {
    char error[512];
    _Atomic int errors, slots;
    bh_worker_context *context;
} slot_work;

static bh_status quiet(bh_worker_context *self, void *user)
{
    ((slot_work *)user)->context = self;
    return BH_OK;
}

static void slot(bh_object *object, void *user, int kind)
{
    slot_work *mine = user;
    bh_worker_context *self = bh_worker_self(object);
    atomic_fetch_add(&mine->slots, 1);
    assert_ptr_equal(self, mine->context);
    if (kind == 1)
        bh_fail(self, BH_ERROR_IO, "cannot read %s", "x.csv");
    if (kind == 2)
        BH_ASSERT_MSG(kind == 0, "kind is %d", kind);
    if (kind == 3)
        throw_now(NULL);
    assert_int_equal(bh_worker_sleep(self, 1), BH_OK);
}

static const bh_class slot_class = {BH_CLASS_INIT, .name = "SlotWorker", .slots = {BH_SLOT("slot(int)", slot, int)},
                                    .run = quiet};

static void hear_error(void *user, const char *text)
{
    slot_work *mine = user;
    snprintf(mine->error, sizeof mine->error, "%s", text);
    atomic_fetch_add(&mine->errors, 1);
}

static bh_worker *start_slots(slot_work *mine, bh_object *slider, bool hears)
{
    bh_worker *worker = bh_worker_create(&slot_class, mine);
    if (hears)
        bh_connect(bh_worker_object(worker), "error", BH_CALLBACK(hear_error, const char *), mine, NULL);
    bh_connect_slot(slider, "valueChanged", bh_worker_object(worker), "slot", BH_CONNECTION_AUTO);
    assert_int_equal(bh_worker_start(worker), BH_OK);
    assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
    return worker;
}

static void check_slot(slot_work *mine, bh_object *slider, int kind, const char *text)
{
    int before = atomic_load(&mine->errors);
    bh_set_int(slider, "value", kind);
    pump_until(atomic_load(&mine->errors) == before + 1);
    assert_non_null(strstr(mine->error, text));
}

static void a_slot_s_failure_is_its_worker_s(void **state)
{
    (void)state;
    slot_work mine = {.errors = 0};
    bh_object *slider = bh_create("QSlider", NULL);
    bh_worker *worker = start_slots(&mine, slider, true);
    bh_failure failure;
    check_slot(&mine, slider, 1, "cannot read x.csv");
    check_slot(&mine, slider, 2, "assertion failed: kind == 0: kind is 2 (in slot, test_guard.c:");
    assert_int_equal(bh_worker_get_failure(worker, &failure), BH_OK);
    assert_int_equal(failure.status, BH_ERROR_ASSERTION);
    assert_string_equal(failure.function, "slot");
    check_slot(&mine, slider, 3, "threw a C++ exception, contained here: thrown by a test");
    assert_silent();
    bh_set_int(slider, "value", 4);
    wait_until(atomic_load(&mine.slots) == 4);
    assert_int_equal(bh_worker_destroy(worker), BH_OK);
    assert_not_made(bh_worker_self(slider), BH_ERROR_CLASS, "bh_worker_self: QSlider is no worker's object");
}

static void a_slot_s_failure_that_nobody_hears_goes_to_the_hook(void **state)
{
    (void)state;
    slot_work mine = {.errors = 0};
    bh_object *slider = bh_create("QSlider", NULL);
    bh_worker *worker = start_slots(&mine, slider, false);
    bh_set_int(slider, "value", 1);
    bh_set_int(slider, "value", 5);
    wait_until(atomic_load(&mine.slots) == 2);
    assert_heard(BH_ERROR_IO, "SlotWorker: ❌ Worker error: cannot read x.csv (in slot)");
    assert_int_equal(bh_worker_destroy(worker), BH_OK);
}

static bh_status fail_with_causes(bh_worker_context *self, void *user)
{
    (void)user;
    assert_int_equal(bh_set_string(NULL, "text", "x"), BH_ERROR_NULL);
    bh_fail_because(self, BH_ERROR_IO, "cannot show the table");
    return bh_fail_because(self, BH_ERROR, "cannot start");
}

static const bh_class causes_class = {BH_CLASS_INIT, .name = "Causes", .run = fail_with_causes};

static void a_failure_has_its_chain_of_causes(void **state)
{
    (void)state;
    bh_failure failure;
    bh_worker *worker = bh_worker_create(&causes_class, NULL);
    bh_worker_start(worker);
    assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
    assert_heard(BH_ERROR, "Causes: ❌ Worker error: cannot start: because cannot show the table: because test_guard.c:");
    assert_int_equal(bh_worker_get_failure(worker, &failure), BH_OK);
    assert_string_equal(failure.function, "fail_with_causes");
    assert_non_null(strstr(failure.location, "test_guard.c:"));
    assert_int_equal(bh_worker_destroy(worker), BH_OK);
}

static bh_status count_worker(bh_worker_context *self, void *user)
{
    (void)self;
    atomic_fetch_add((_Atomic int *)user, 1);
    return BH_OK;
}

static const bh_class counting_class = {BH_CLASS_INIT, .name = "Counting", .run = count_worker};

static void a_worker_that_was_cancelled_before_its_start_does_not_run(void **state)
{
    (void)state;
    _Atomic int runs = 0;
    bh_worker *worker = bh_worker_create(&counting_class, (void *)&runs);
    assert_int_equal(bh_worker_cancel(worker), BH_OK);
    assert_int_equal(bh_worker_start(worker), BH_OK);
    assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
    assert_int_equal(bh_worker_get_state(worker), BH_WORKER_CANCELLED);
    assert_int_equal(runs, 0);
    assert_int_equal(bh_worker_restart(worker), BH_OK);
    assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
    assert_int_equal(bh_worker_get_state(worker), BH_WORKER_FINISHED);
    assert_int_equal(runs, 1);
    assert_int_equal(bh_worker_destroy(worker), BH_OK);
}

/* --- outside of any guard */

static void in_hook(const bh_error *error, void *user)
{
    (void)error;
    BH_ASSERT(user);
}

static void assert_aborts(void (*fn)(void), const char *part)
{
    int channel[2], status;
    char text[1024] = "";
    assert_int_equal(pipe(channel), 0);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        dup2(channel[1], 2);
        fn();
        _exit(0);
    }
    close(channel[1]);
    size_t used = 0;
    for (ssize_t got; used < sizeof text - 1 && (got = read(channel[0], text + used, sizeof text - 1 - used)) > 0;)
        used += (size_t)got;
    close(channel[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    if (!strstr(text, part))
        fail_msg("stderr is \"%s\"", text);
}

static void fail_in_plain_main(void)
{
    BH_ASSERT_MSG(deferred < 0, "deferred is %d", 0);
}

static void fail_in_hook(void)
{
    bh_set_error_hook((bh_error_hook){in_hook, NULL});
    bh_post(NULL, NULL, NULL, NULL);
}

static void without_a_guard_the_program_aborts_with_a_sentence(void **state)
{
    (void)state;
    assert_aborts(fail_in_plain_main, "assertion failed: deferred < 0: deferred is 0; there is no entry guard here");
    assert_aborts(fail_in_hook, "assertion failed: user; there is no entry guard here");
}

/* --- alternate signal stacks */

static bh_status has_altstack(void *user)
{
    stack_t now;
    *(bool *)user = sigaltstack(NULL, &now) == 0 && !(now.ss_flags & SS_DISABLE) && now.ss_size >= 16384;
    return BH_OK;
}

static void threads_of_ours_have_an_alternate_signal_stack(void **state)
{
    (void)state;
    bool of_thread = false, of_pool = false;
    side other = start_side("stacked");
    assert_int_equal(bh_send(other.object, has_altstack, &of_thread), BH_OK);
    stop_side(&other);
    bh_thread_pool *pool = bh_thread_pool_create("stacked", 1);
    bh_thread_pool_start(pool, has_altstack, &of_pool, NULL, 0, NULL);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, PATIENCE_MS), BH_OK);
    assert_true(of_thread);
    assert_true(of_pool);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, with_app, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_guard_the_program_aborts_with_a_sentence),
        TEST(every_entry_on_the_gui_thread_contains_it),
        TEST(a_runnable_s_pool_goes_on),
        TEST(a_slot_s_failure_is_its_worker_s),
        TEST(a_slot_s_failure_that_nobody_hears_goes_to_the_hook),
        TEST(a_failure_has_its_chain_of_causes),
        TEST(a_worker_that_was_cancelled_before_its_start_does_not_run),
        TEST(threads_of_ours_have_an_alternate_signal_stack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
