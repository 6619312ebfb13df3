/* The list of threads and the exit report: whose each thread and descriptor is, what is written, and that a clean end says nothing. */
#include "job.h"

#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static char lines[16384];
static bh_log_level worst;

static void note_line(bh_log_level level, const char *category, const char *line, void *user)
{
    (void)user;
    size_t length = strlen(lines);
    if (strcmp(category, "exit") != 0)
        return;
    snprintf(lines + length, sizeof lines - length, "%d %s\n", level, line);
    worst = level > worst ? level : worst;
}

static int setup(void **state)
{
    lines[0] = 0;
    worst = BH_LOG_DEBUG;
    bh_set_log_handler((bh_log_handler){note_line, NULL});
    return with_app(state);
}

static int teardown(void **state)
{
    (void)state;
    int status = bh_app() ? bh_app_destroy() != BH_OK : 0;
    bh_set_log_handler((bh_log_handler){NULL, NULL});
    return status;
}

/* --- threads */

static bh_thread_info find_thread(bh_thread_kind kind, const char *name)
{
    bh_thread_info *all, found = {.tid = 0};
    size_t count;
    assert_int_equal(bh_threads_list(&all, &count), BH_OK);
    for (size_t i = 0; i < count; i++)
        if (all[i].kind == kind && strcmp(all[i].name, name) == 0)
            found = all[i];
    bh_free(all);
    return found;
}

static void ours_are_known_by_name_kind_and_work(void **state)
{
    (void)state;
    job mine = {.kind = IGNORE_CANCEL};
    bh_worker *worker = make_worker(&mine, true);
    gate pool_gate;
    gate_init(&pool_gate);
    bh_worker_start(worker);
    bh_thread_pool *pool = bh_thread_pool_create("fetch", 1);
    bh_thread_pool_start(pool, wait_at_gate, &pool_gate, NULL, 0, NULL);
    side plain = start_side("plain");
    wait_until(atomic_load(&mine.at.reached) && atomic_load(&pool_gate.reached));

    bh_thread_info gui = find_thread(BH_THREAD_GUI, "GUI");
    assert_int_equal(gui.tid, getpid());
    assert_true(gui.alive && !gui.awaited);
    bh_thread_info work = find_thread(BH_THREAD_WORKER, "TestWorker");
    assert_string_equal(work.what, "TestWorker");
    assert_true(work.awaited && work.alive && work.tid != gui.tid);
    bh_thread_info pooled = find_thread(BH_THREAD_POOL, "fetch");
    assert_string_equal(pooled.what, "a runnable");
    assert_true(pooled.awaited);
    int64_t begun = test_now_ms(), before = pooled.for_ms;
    wait_until(test_now_ms() - begun > 20);
    assert_true(find_thread(BH_THREAD_POOL, "fetch").for_ms >= before + 20);
    bh_thread_info idle = find_thread(BH_THREAD_PLAIN, "plain");
    assert_string_equal(idle.what, "idle");
    assert_true(idle.awaited);

    gate_open(&pool_gate);
    gate_open(&mine.at);
    assert_int_equal(bh_thread_pool_wait_for_done(pool, PATIENCE_MS), BH_OK);
    stop_side(&plain);
    assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
    assert_false(find_thread(BH_THREAD_PLAIN, "plain").alive); /* its last steps may still be seen */
    wait_until(find_thread(BH_THREAD_PLAIN, "plain").tid == 0);
    wait_until(strcmp(find_thread(BH_THREAD_WORKER, "TestWorker").what, "idle") == 0);
    assert_silent();
}

static void *wait_as_stranger(void *from)
{
    gate *at = from;
    pthread_setname_np(pthread_self(), "stranger");
    wait_at_gate(at);
    return NULL;
}

static void a_strange_thread_is_native(void **state)
{
    (void)state;
    gate at;
    gate_init(&at);
    pthread_t thread = start_pthread(wait_as_stranger, &at);
    wait_until(atomic_load(&at.reached));
    bh_thread_info stranger = find_thread(BH_THREAD_NATIVE, "stranger");
    assert_true(stranger.tid && stranger.alive && !stranger.awaited);
#ifdef __x86_64__ /* where it waits its stack can be read */
    wait_until(strcmp(find_thread(BH_THREAD_NATIVE, "stranger").what, "the program") == 0);
#endif
    gate_open(&at);
    pthread_join(thread, NULL);
    assert_string_equal(bh_thread_kind_name(BH_THREAD_NATIVE), "native");
    assert_string_equal(bh_thread_kind_name((bh_thread_kind)77), "native");
}

static void wrong_arguments_are_refused(void **state)
{
    (void)state;
    bh_thread_info *all = (bh_thread_info *)&all;
    size_t count = 7;
    assert_refused(bh_threads_list(NULL, &count), BH_ERROR_NULL, "out is NULL");
    assert_int_equal(count, 0);
    assert_refused(bh_threads_list(&all, NULL), BH_ERROR_NULL, "count is NULL");
    assert_null(all);
    assert_refused(bh_exit_report_get(NULL), BH_ERROR_NULL, "out is NULL");
}

/* --- descriptors */

static bh_descriptor_info find_descriptor(int fd)
{
    bh_exit_report *report;
    bh_descriptor_info found = {.fd = -1};
    assert_int_equal(bh_exit_report_get(&report), BH_OK);
    for (size_t i = 0; i < report->descriptor_count; i++)
        if (report->descriptors[i].fd == fd)
            found = report->descriptors[i];
    bh_free(report);
    return found;
}

static void hidden_descriptors_are_told_from_earlier_ones(void **state)
{
    bh_app_destroy();
    int earlier = socket(AF_UNIX, SOCK_STREAM, 0);
    with_app(state);
    int later = epoll_create1(EPOLL_CLOEXEC), file = memfd_create("no events", MFD_CLOEXEC);
    assert_int_equal(find_descriptor(earlier).owner, BH_DESCRIPTOR_EARLIER);
    assert_int_equal(find_descriptor(later).owner, BH_DESCRIPTOR_UNKNOWN);
    assert_string_equal(find_descriptor(later).what, "eventpoll");
    assert_int_equal(find_descriptor(file).fd, -1);
    close(earlier);
    int again = socket(AF_UNIX, SOCK_STREAM, 0); /* another one in the same place */
    assert_int_equal(again, earlier);
    assert_int_equal(find_descriptor(again).owner, BH_DESCRIPTOR_UNKNOWN);
    lines[0] = 0;
    bh_app_destroy();
    assert_non_null(strstr(lines, "1 Descriptor: "));
    assert_non_null(strstr(lines, ", eventpoll, opened since by nobody that is known"));
    close(again);
    close(later);
    close(file);
}

static void loops_of_ours_have_theirs(void **state)
{
    (void)state;
    bh_exit_report *report;
    side one = start_side("one");
    gate at;
    hold(&one, &at);
    assert_int_equal(bh_exit_report_get(&report), BH_OK);
    size_t unknown = 0, ours = 0;
    for (size_t i = 0; i < report->descriptor_count; i++) {
        unknown += report->descriptors[i].owner == BH_DESCRIPTOR_UNKNOWN;
        ours += report->descriptors[i].owner == BH_DESCRIPTOR_OURS;
    }
    assert_int_equal(unknown, 0);
    assert_int_equal(ours, 1);
    bh_free(report);
    gate_open(&at);
    stop_side(&one);
}

/* --- the report */

static void quit_with(void *code)
{
    bh_app_quit(*(int *)code);
}

static void a_clean_end_has_two_lines_and_says_nothing(void **state)
{
    (void)state;
    int code = 3;
    bh_object *window = bh_create("QWidget", NULL);
    bh_call(window, "show");
    bh_timer_single_shot(0, quit_with, &code);
    assert_int_equal(bh_app_exec(), 3);
    assert_string_equal(lines, "0 🟢 Starting Qt event loop...\n0 🔴 Qt event loop ended with code: 3\n");
    bh_app_destroy();
    bh_exit_report *report;
    assert_int_equal(bh_exit_report_get(&report), BH_OK);
    assert_true(report->has_ended);
    assert_int_equal(report->code, 3);
    assert_true(report->objects_at_end >= 2);
    assert_int_equal(report->objects_left, 0);
    assert_int_equal(report->openmp_released, 0);
    bh_free(report);
    if (worst != BH_LOG_DEBUG)
        print_error("%s", lines);
    assert_int_equal(worst, BH_LOG_DEBUG);
}

static void on_number(void *user, int number)
{
    (void)user;
    (void)number;
}

static bh_status emit_from_there(bh_worker_context *self, void *user)
{
    bh_emit(self, 0, 1);
    atomic_store((_Atomic int *)user, 1);
    return BH_OK;
}

static const bh_class emitter = {BH_CLASS_INIT, .name = "Emitter", .signals = {"number(int)"}, .run = emit_from_there};

static void late_signals_are_counted(void **state)
{
    (void)state;
    _Atomic int emitted = 0;
    bh_object *context = bh_create("QObject", NULL);
    bh_worker *worker = bh_worker_create(&emitter, (void *)&emitted);
    bh_connect_options options = {BH_CONNECT_INIT, .context = context};
    assert_non_null(bh_connect(bh_worker_object(worker), "number", BH_CALLBACK(on_number, int), NULL, &options));
    bh_worker_start(worker);
    wait_until(atomic_load(&emitted));
    bh_destroy(context);
    assert_int_equal(bh_worker_wait(worker, PATIENCE_MS), BH_OK);
    bh_app_destroy();
    bh_exit_report *report;
    assert_int_equal(bh_exit_report_get(&report), BH_OK);
    assert_int_equal(report->late_signals, 1);
    bh_free(report);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ours_are_known_by_name_kind_and_work),
        TEST(a_strange_thread_is_native),
        TEST(wrong_arguments_are_refused),
        TEST(hidden_descriptors_are_told_from_earlier_ones),
        TEST(loops_of_ours_have_theirs),
        TEST(a_clean_end_has_two_lines_and_says_nothing),
        TEST(late_signals_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
