/* The close of a window in two phases: what it waits for, for how long, who may veto it, and what may happen meanwhile. */
#include "job.h"

static bh_object *window;
static char log_lines[8192];

static void note_line(bh_log_level level, const char *category, const char *line, void *user)
{
    (void)level;
    (void)user;
    size_t length = strlen(log_lines);
    if (strcmp(category, "close") == 0)
        snprintf(log_lines + length, sizeof log_lines - length, "%s\n", line);
}

static int setup(void **state)
{
    int status = with_app(state);
    log_lines[0] = 0;
    bh_set_log_handler((bh_log_handler){note_line, NULL});
    window = bh_create("QMainWindow", NULL);
    bh_set_name(window, "main");
    return status;
}

static bool is_visible(bh_object *widget)
{
    bool visible = false;
    return bh_is_alive(widget) && bh_get_bool(widget, "visible", &visible) == BH_OK && visible;
}

static void close_now(void *widget)
{
    bh_call(widget, "close");
}

static bh_worker *start_worker(job *mine, int timeout_ms)
{
    bh_worker *worker = make_worker(mine, true);
    assert_int_equal(bh_close_waits_for(window, worker, timeout_ms), BH_OK);
    assert_int_equal(bh_worker_start(worker), BH_OK);
    wait_until(atomic_load(&mine->runs) == 1);
    return worker;
}

static void the_close_waits_and_last_results_arrive(void **state)
{
    (void)state;
    job mine = {.kind = LAST_WORDS};
    bh_worker *worker = start_worker(&mine, PATIENCE_MS);
    bh_call(window, "show");
    bh_timer_single_shot(0, close_now, window);
    assert_int_equal(bh_app_exec(), 0);
    assert_string_equal(mine.trail, "s123f");
    assert_false(is_visible(window));
    assert_int_equal(bh_worker_get_state(worker), BH_WORKER_FINISHED);
    assert_silent();
}

static void the_first_close_event_is_ignored(void **state)
{
    (void)state;
    job mine = {.kind = IGNORE_CANCEL};
    bh_worker *worker = start_worker(&mine, PATIENCE_MS);
    bh_call(window, "show");
    for (int i = 0; i < 3; i++) { /* closing again changes nothing */
        bh_call(window, "close");
        pump();
        assert_true(is_visible(window));
    }
    gate_open(&mine.at);
    pump_until(!is_visible(window));
    assert_int_equal(bh_worker_wait(worker, 0), BH_OK);
    assert_silent();
}

static const char *line_after(const char *from, const char *part)
{
    const char *found = from ? strstr(from, part) : NULL;
    if (!found)
        print_error("'%s' is missing in its place in:\n%s", part, log_lines);
    return found ? found + 1 : NULL;
}

static void it_is_done_in_the_order_of_the_practices(void **state)
{
    (void)state;
    job mine = {.kind = SLEEP};
    start_worker(&mine, PATIENCE_MS);
    bh_call(window, "show");
    bh_call(window, "close");
    pump_until(!is_visible(window));
    const char *at = line_after(log_lines, "Main window is closing...");
    at = line_after(at, "Thread: TestWorker, worker, awaited, alive");
    at = line_after(at, "Top-level widget: QMainWindow 'main', visible");
    at = line_after(at, "Waiting for threads to shut down...");
    assert_non_null(line_after(at, "Thread: "));
}

/* --- vetoes */

static bh_event_result answer;
static int asked;

static bh_event_result veto(bh_object *widget, void *user, const bh_event *event)
{
    (void)widget;
    (void)user;
    (void)event;
    asked++;
    return answer;
}

static void a_veto_comes_before_any_of_this(void **state)
{
    (void)state;
    for (int added_first = 0; added_first < 2; added_first++) {
        job mine = {.kind = SLEEP};
        asked = 0;
        answer = BH_EVENT_IGNORE;
        if (added_first)
            bh_on_event(window, BH_EVENT_CLOSE, veto, NULL);
        bh_worker *worker = start_worker(&mine, PATIENCE_MS);
        if (!added_first)
            bh_on_event(window, BH_EVENT_CLOSE, veto, NULL);
        bh_call(window, "show");
        bh_call(window, "close");
        pump();
        assert_true(is_visible(window));
        assert_int_equal(asked, 1);
        assert_int_equal(bh_worker_wait(worker, 20), BH_TIMEOUT);
        assert_false(bh_cancelled(mine.context));
        answer = BH_EVENT_PASS;
        bh_call(window, "close");
        pump_until(!is_visible(window));
        bh_destroy(window);
        window = bh_create("QMainWindow", NULL);
    }
    assert_silent();
}

/* --- deadlines */

static void at_the_deadline_the_window_closes_all_the_same(void **state)
{
    (void)state;
    job mine = {.kind = IGNORE_CANCEL};
    bh_worker *worker = start_worker(&mine, 50);
    bh_call(window, "show");
    int64_t start = test_now_ms();
    bh_call(window, "close");
    assert_true(is_visible(window));
    pump_until(!is_visible(window));
    assert_true(test_now_ms() - start >= 49);
    assert_heard(BH_TIMEOUT, "worker 'TestWorker' has not ended within 50 ms and is left running");
    assert_non_null(strstr(log_lines, "Awaited: worker 'TestWorker', for "));
    gate_open(&mine.at);
    assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
}

static void the_longest_timeout_counts(void **state)
{
    (void)state;
    job slow = {.kind = IGNORE_CANCEL}, fast = {.kind = SLEEP};
    start_worker(&slow, PATIENCE_MS);
    start_worker(&fast, 1);
    bh_call(window, "show");
    bh_call(window, "close");
    int64_t start = test_now_ms();
    pump_until(test_now_ms() - start > 50);
    assert_true(is_visible(window));
    gate_open(&slow.at);
    pump_until(!is_visible(window));
    assert_silent();
}

static void without_running_workers_it_closes_at_once(void **state)
{
    (void)state;
    job mine = {.kind = COUNT_UP};
    bh_worker *worker = make_worker(&mine, true);
    assert_int_equal(bh_close_waits_for(window, worker, PATIENCE_MS), BH_OK);
    bh_call(window, "show");
    bh_call(window, "close");
    assert_false(is_visible(window));
    bh_worker_destroy(worker);
    bh_call(window, "show");
    bh_call(window, "close");
    assert_false(is_visible(window));
    assert_silent();
}

static void a_window_that_is_shown_again_waits_again(void **state)
{
    (void)state;
    job mine = {.kind = SLEEP};
    bh_worker *worker = start_worker(&mine, PATIENCE_MS);
    for (int i = 0; i < 3; i++) {
        bh_call(window, "show");
        bh_call(window, "close");
        assert_true(is_visible(window));
        pump_until(!is_visible(window));
        assert_int_equal(bh_worker_get_state(worker), BH_WORKER_CANCELLED);
        assert_int_equal(bh_worker_restart(worker), BH_OK);
        wait_until(atomic_load(&mine.runs) == i + 2);
    }
    bh_worker_cancel(worker);
    assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
    assert_silent();
}

/* --- windows that go */

static void a_window_that_deletes_itself_on_close(void **state)
{
    (void)state;
    job mine = {.kind = LAST_WORDS};
    bh_destroy(window);
    window = bh_message_box(NULL, BH_MESSAGE_INFORMATION, "Title", "Text", BH_BUTTON_OK, NULL, NULL);
    start_worker(&mine, PATIENCE_MS);
    bh_call(window, "close");
    assert_true(bh_is_alive(window));
    bh_call(window, "close");
    pump_until(!bh_is_alive(window));
    assert_string_equal(mine.trail, "s123f");
    assert_silent();
}

static void a_window_destroyed_while_it_waits(void **state)
{
    (void)state;
    job mine = {.kind = IGNORE_CANCEL};
    bh_worker *worker = start_worker(&mine, 30);
    bh_call(window, "show");
    bh_call(window, "close");
    bh_destroy(window);
    int64_t start = test_now_ms();
    pump_until(test_now_ms() - start > 60);
    gate_open(&mine.at);
    assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
    assert_silent();
}

static void destroy_window(void *from, int number, const char *text)
{
    (void)from;
    (void)number;
    (void)text;
    bh_destroy(window);
}

static bh_status emit_when_let(bh_worker_context *self, void *user)
{
    job *mine = user;
    wait_at_gate(&mine->at);
    bh_emit(self, PROGRESS, 1, "counting");
    atomic_store(&mine->touched, 1);
    return wait_at_gate(&mine->at);
}

static const bh_class late_class = {BH_CLASS_INIT, .name = "LateWorker", .signals = {[PROGRESS] = "progress(int,QString)"},
                                    .run = emit_when_let};

static void let_and_close(void *from)
{
    job *mine = from;
    gate_open(&mine->at);
    wait_until(atomic_load(&mine->touched) == 1);
}

/* At the deadline the close waits for what is left of the time, and what it delivers meanwhile destroys the window. */
static void a_window_destroyed_by_what_the_last_wait_delivers(void **state)
{
    (void)state;
    job mine = {.kind = IGNORE_CANCEL}, other = {.kind = IGNORE_CANCEL};
    gate_init(&mine.at);
    start_worker(&other, 0);
    bh_worker *worker = bh_worker_create(&late_class, &mine);
    assert_int_equal(bh_close_waits_for(window, worker, 0), BH_OK);
    bh_connect(bh_worker_object(worker), "progress", BH_CALLBACK(destroy_window, int, const char *), NULL, NULL);
    bh_worker_start(worker);
    bh_call(window, "show");
    bh_call(window, "close"); /* the deadline's timer, then a turn in which the signal waits in the mailbox */
    let_and_close(&mine);
    bh_call(window, "close");
    pump_until(!bh_is_alive(window));
    gate_open(&mine.at);
    gate_open(&other.at);
    assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
    assert_int_equal(bh_worker_wait(other.worker, PATIENCE_MS), BH_OK);
}

/* --- refusals */

static void *wait_elsewhere(void *worker)
{
    assert_refused(bh_close_waits_for(window, (bh_worker *)worker, 10), BH_ERROR_THREAD, "only the GUI thread may");
    return NULL;
}

static void wrong_arguments_are_refused(void **state)
{
    (void)state;
    job mine = {.kind = COUNT_UP};
    bh_worker *worker = make_worker(&mine, true);
    bh_object *object = bh_create("QObject", NULL);
    assert_refused(bh_close_waits_for(window, worker, -1), BH_ERROR_RANGE, "timeout_ms is -1: a close never waits without limit");
    assert_refused(bh_close_waits_for(NULL, worker, 10), BH_ERROR_NULL, "is NULL");
    assert_refused(bh_close_waits_for(window, NULL, 10), BH_ERROR_NULL, "worker is NULL");
    assert_refused(bh_close_waits_for(object, worker, 10), BH_ERROR_CLASS, "bh_close_waits_for");
    pthread_join(start_pthread(wait_elsewhere, worker), NULL);
    bh_worker_destroy(worker);
    assert_refused(bh_close_waits_for(window, worker, 10), BH_ERROR_STALE, "worker is gone");
    bh_call(window, "show");
    bh_call(window, "close");
    assert_false(is_visible(window));
}

/* --- the panel */

static bh_object *part(const char *name)
{
    forget_heard();
    bh_object *found = bh_find(window, name, NULL);
    forget_heard();
    return found;
}

static void the_panel_says_what_is_awaited(void **state)
{
    (void)state;
    job mine = {.kind = IGNORE_CANCEL};
    start_worker(&mine, PATIENCE_MS);
    bh_call(window, "show");
    bh_call(window, "close");
    pump_until(part("bulkhead_close"));
    bh_object *panel = part("bulkhead_close");
    assert_true(is_visible(panel));
    char *text;
    assert_int_equal(bh_get_string(part("bulkhead_close_list"), "text", &text), BH_OK);
    assert_non_null(strstr(text, "worker 'TestWorker', for 0 s"));
    bh_free(text);
    assert_int_equal(bh_get_string(part("bulkhead_close_time"), "text", &text), BH_OK);
    assert_non_null(strstr(text, "closes in "));
    bh_free(text);
    gate_open(&mine.at);
    pump_until(!is_visible(window));
    pump_until(!bh_is_alive(panel));
    assert_silent();
}

static void wait_longer_and_leave_now(void **state)
{
    enum { TIMEOUT_MS = 500 };
    (void)state;
    job mine = {.kind = IGNORE_CANCEL};
    bh_worker *worker = start_worker(&mine, TIMEOUT_MS);
    bh_call(window, "show");
    int64_t start = test_now_ms();
    bh_call(window, "close");
    pump_until(part("bulkhead_close_longer"));
    for (int i = 0; i < 20; i++)
        bh_call(part("bulkhead_close_longer"), "click");
    pump_until(test_now_ms() - start > 2 * TIMEOUT_MS);
    assert_true(is_visible(window));
    bh_call(part("bulkhead_close_leave"), "click");
    pump_until(!is_visible(window));
    assert_heard(BH_TIMEOUT, "left running");
    gate_open(&mine.at);
    assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
}

/* --- several windows */

static void a_second_window_goes_on(void **state)
{
    (void)state;
    bh_object *other = bh_create("QMainWindow", NULL);
    job mine = {.kind = SLEEP}, more = {.kind = SLEEP};
    start_worker(&mine, PATIENCE_MS);
    bh_worker *worker = make_worker(&more, true);
    bh_close_waits_for(other, worker, PATIENCE_MS);
    bh_worker_start(worker);
    bh_call(window, "show");
    bh_call(other, "show");
    bh_call(window, "close");
    pump_until(!is_visible(window));
    assert_true(is_visible(other));
    assert_int_equal(bh_worker_get_state(worker), BH_WORKER_RUNNING);
    bh_timer_single_shot(0, close_now, other);
    assert_int_equal(bh_app_exec(), 0);
    assert_int_equal(bh_worker_get_state(worker), BH_WORKER_CANCELLED);
    assert_silent();
}

static void close_all_with_5(void *user)
{
    (void)user;
    bh_close_all_windows(5);
}

static void all_windows_close_one_after_the_other(void **state)
{
    (void)state;
    bh_object *other = bh_create("QMainWindow", NULL), *plain = bh_create("QWidget", NULL);
    job mine = {.kind = LAST_WORDS}, more = {.kind = LAST_WORDS};
    start_worker(&mine, PATIENCE_MS);
    bh_worker *worker = make_worker(&more, true);
    bh_close_waits_for(other, worker, PATIENCE_MS);
    bh_worker_start(worker);
    bh_call(plain, "show");
    bh_call(window, "show");
    bh_call(other, "show");
    bh_timer_single_shot(0, close_all_with_5, NULL);
    assert_int_equal(bh_app_exec(), 5);
    assert_false(is_visible(window) || is_visible(other) || is_visible(plain));
    assert_string_equal(mine.trail, "s123f");
    assert_string_equal(more.trail, "s123f");
    assert_silent();
}

static void quit_with_7(void *user)
{
    (void)user;
    bh_app_quit(7);
}

static void a_veto_ends_the_close_of_all(void **state)
{
    (void)state;
    asked = 0;
    answer = BH_EVENT_IGNORE;
    bh_on_event(window, BH_EVENT_CLOSE, veto, NULL);
    bh_call(window, "show");
    assert_int_equal(bh_close_all_windows(5), BH_OK);
    bh_timer_single_shot(0, quit_with_7, NULL);
    assert_int_equal(bh_app_exec(), 7);
    assert_int_equal(asked, 1);
    assert_true(is_visible(window));
}

static void the_program_is_asked_once(void **state)
{
    (void)state;
    job mine = {.kind = SLEEP};
    asked = 0;
    answer = BH_EVENT_PASS;
    start_worker(&mine, PATIENCE_MS);
    bh_on_event(window, BH_EVENT_CLOSE, veto, NULL);
    bh_call(window, "show");
    bh_call(window, "close");
    pump_until(!is_visible(window));
    assert_int_equal(asked, 1);
    bh_call(window, "show");
    bh_call(window, "close");
    assert_int_equal(asked, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_close_waits_and_last_results_arrive),
        TEST(the_first_close_event_is_ignored),
        TEST(it_is_done_in_the_order_of_the_practices),
        TEST(a_veto_comes_before_any_of_this),
        TEST(at_the_deadline_the_window_closes_all_the_same),
        TEST(the_longest_timeout_counts),
        TEST(without_running_workers_it_closes_at_once),
        TEST(a_window_that_is_shown_again_waits_again),
        TEST(a_window_that_deletes_itself_on_close),
        TEST(a_window_destroyed_while_it_waits),
        TEST(a_window_destroyed_by_what_the_last_wait_delivers),
        TEST(the_panel_says_what_is_awaited),
        TEST(wait_longer_and_leave_now),
        TEST(a_second_window_goes_on),
        TEST(all_windows_close_one_after_the_other),
        TEST(a_veto_ends_the_close_of_all),
        TEST(the_program_is_asked_once),
        TEST(wrong_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
