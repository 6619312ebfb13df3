/* The mailbox: batches, slices, bounds and what happens at them, what is late and what is never lost. */
#include "source.h"

/* --- batches and slices */

static void one_event_brings_a_batch(void **state)
{
    (void)state;
    listen_to(PLAIN, "plain", NULL, BH_CONNECTION_AUTO);
    send_now(PLAIN, 1000);
    assert_int_equal(stats_of(NULL).waiting, 1000);
    assert_int_equal(atomic_load(&arrivals), 0);
    pump_until(atomic_load(&arrivals) == 1000);
    bh_mailbox_stats now = stats_of(NULL);
    assert_int_equal(now.sent - before.sent, 1000);
    assert_int_equal(now.delivered - before.delivered, 1000);
    assert_in_range(now.batches - before.batches, 1, 10);
    assert_int_equal(now.waiting, 0);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(arrived[i], i);
    assert_silent();
}

static double cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static struct {
    int ticks;
    double last, longest;
} turn;

static void on_tick(void *user)
{
    (void)user;
    double now = cpu_ms();
    if (turn.ticks++ && now - turn.last > turn.longest)
        turn.longest = now - turn.last;
    turn.last = now;
}

static void on_slow(void *user, int number)
{
    (void)user;
    for (double until = cpu_ms() + 0.005; cpu_ms() < until;)
        ;
    note(number);
}

/* A timer gets its turns during a storm, and so does an event that Qt has queued. */
static void storm_leaves_turns_to_the_event_loop(void **state)
{
    (void)state;
    enum { MANY = 100000 };
    bh_object *slider = bh_create("QSlider", NULL), *bar = bh_create("QProgressBar", NULL);
    assert_non_null(bh_connect(source, "storm", BH_CALLBACK(on_slow, int), NULL, NULL));
    assert_non_null(bh_connect_slot(slider, "valueChanged", bar, "setValue", BH_CONNECTION_QUEUED));
    send_now(STORM, MANY);
    bh_timer *timer = bh_timer_start(0, BH_TIMER_PRECISE, NULL, on_tick, NULL);
    memset(&turn, 0, sizeof turn);
    bh_app_process_events(0);
    bh_set_int(slider, "value", 7);
    int value = 0, when = 0;
    int64_t deadline = test_now_ms() + PATIENCE_MS;
    while (atomic_load(&arrivals) < MANY && test_now_ms() < deadline) {
        bh_app_process_events(0);
        bh_get_int(bar, "value", &value);
        if (value == 7 && !when)
            when = atomic_load(&arrivals);
    }
    assert_int_equal(atomic_load(&arrivals), MANY);
    assert_in_range(when, 1, MANY / 2);
    assert_true(turn.ticks > 20);
    assert_true(turn.longest < 50);
    bh_timer_stop(timer);
    assert_silent();
}

/* --- bounds */

static void block_makes_the_sender_wait_and_loses_nothing(void **state)
{
    (void)state;
    burst one = {.signal = BLOCK, .count = 5000};
    listen_to(BLOCK, "block", NULL, BH_CONNECTION_AUTO);
    pthread_t sender = start_pthread(send_burst, &one);
    wait_until(stats_of(NULL).blocked > before.blocked);
    assert_int_equal(stats_of(NULL).waiting, 10);
    assert_int_equal(atomic_load(&one.sent), 10);
    pump_until(atomic_load(&arrivals) == 5000);
    pthread_join(sender, NULL);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(arrived[i], BLOCK * EACH + i);
    assert_int_equal(stats_of(NULL).exceeded, before.exceeded);
    assert_silent();
}

static void newest_replaces_what_waits(void **state)
{
    (void)state;
    listen_to(NEWEST, "newest", NULL, BH_CONNECTION_AUTO);
    send_now(NEWEST, 1000);
    pump();
    assert_int_equal(atomic_load(&arrivals), 1);
    assert_int_equal(arrived[0], NEWEST * EACH + 999);
    bh_mailbox_stats now = stats_of(NULL);
    assert_int_equal(now.conflated - before.conflated, 999);
    assert_int_equal(now.delivered - before.delivered, 1);
    send_now(NEWEST, 1);
    pump();
    assert_int_equal(arrived[1], NEWEST * EACH);
}

static void *send_interleaved(void *user)
{
    (void)user;
    bh_emit(source, NEWEST, 1);
    bh_emit(source, NEWEST, 2);
    bh_emit(source, PLAIN, 3);
    bh_emit(source, NEWEST, 4);
    bh_emit(source, NEWEST, 5);
    bh_emit(source, PLAIN, 6);
    bh_emit(source, PLAIN, 7);
    bh_emit(source, NEWEST, 8);
    bh_emit(source, NEWEST, 9);
    return NULL;
}

static void newest_never_overtakes(void **state)
{
    (void)state;
    const int expected[] = {NEWEST * EACH + 2, 3, NEWEST * EACH + 5, 6, 7, NEWEST * EACH + 9};
    listen_to(NEWEST, "newest", NULL, BH_CONNECTION_AUTO);
    listen_to(PLAIN, "plain", NULL, BH_CONNECTION_AUTO);
    pthread_join(start_pthread(send_interleaved, NULL), NULL);
    pump();
    assert_int_equal(atomic_load(&arrivals), 6);
    assert_memory_equal(arrived, expected, sizeof expected);
}

static char last_text[200000];

static void on_text(void *user, const char *text)
{
    (void)user;
    strncpy(last_text, text, sizeof last_text - 1);
    note((int)strlen(text));
}

static void *send_texts(void *user)
{
    static char text[150001];
    (void)user;
    for (int length = 0; length <= 150000; length += 1000) {
        memset(text, 'x', (size_t)length);
        text[length] = 0;
        bh_emit(source, TEXT, text);
    }
    bh_emit(source, TEXT, "the last");
    return NULL;
}

static void newest_may_grow_and_shrink(void **state)
{
    (void)state;
    assert_non_null(bh_connect(source, "text", BH_CALLBACK(on_text, const char *), NULL, NULL));
    pthread_join(start_pthread(send_texts, NULL), NULL);
    pump();
    assert_int_equal(atomic_load(&arrivals), 1);
    assert_string_equal(last_text, "the last");
    assert_int_equal(stats_of(NULL).conflated - before.conflated, 151);
}

static void drop_keeps_the_first_and_counts(void **state)
{
    (void)state;
    listen_to(DROP, "dropping", NULL, BH_CONNECTION_AUTO);
    send_now(DROP, 100);
    pump();
    assert_int_equal(atomic_load(&arrivals), 5);
    for (int i = 0; i < 5; i++)
        assert_int_equal(arrived[i], DROP * EACH + i);
    assert_int_equal(stats_of(NULL).dropped - before.dropped, 95);
    send_now(DROP, 3);
    pump();
    assert_int_equal(atomic_load(&arrivals), 8);
}

static void the_gui_thread_is_never_blocked(void **state)
{
    (void)state;
    gate at;
    side other = start_side("receiver");
    hold(&other, &at);
    bh_mailbox_stats old = stats_of(other.thread);
    listen_to(BLOCK, "block", other.object, BH_CONNECTION_AUTO);
    for (int i = 0; i < 50; i++)
        assert_int_equal(bh_emit(source, BLOCK, i), BH_OK);
    bh_mailbox_stats now = stats_of(other.thread);
    assert_int_equal(now.exceeded - old.exceeded, 40);
    assert_int_equal(now.blocked, 0);
    gate_open(&at);
    wait_until(atomic_load(&arrivals) == 50);
    for (int i = 0; i < 50; i++)
        assert_int_equal(arrived[i], BLOCK * EACH + i);
    stop_side(&other);
}

static void queued_to_oneself_does_not_block_either(void **state)
{
    (void)state;
    listen_to(TINY, "tiny", NULL, BH_CONNECTION_QUEUED);
    for (int i = 0; i < 20; i++)
        assert_int_equal(bh_emit(source, TINY, i), BH_OK);
    assert_int_equal(atomic_load(&arrivals), 0);
    assert_int_equal(stats_of(NULL).exceeded - before.exceeded, 19);
    pump();
    assert_int_equal(atomic_load(&arrivals), 20);
}

/* --- late */

static void signals_to_a_context_that_is_gone_are_late(void **state)
{
    (void)state;
    bh_object *context = bh_create("QObject", NULL);
    listen_to(PLAIN, "plain", context, BH_CONNECTION_AUTO);
    send_now(PLAIN, 30);
    bh_destroy(context);
    pump();
    assert_int_equal(atomic_load(&arrivals), 0);
    assert_int_equal(stats_of(NULL).late - before.late, 30);
    assert_silent();
}

static void signals_of_a_sender_that_is_gone_are_late(void **state)
{
    (void)state;
    listen_to(PLAIN, "plain", NULL, BH_CONNECTION_AUTO);
    send_now(PLAIN, 30);
    assert_int_equal(bh_destroy(source), BH_OK);
    pump();
    assert_int_equal(atomic_load(&arrivals), 0);
    assert_int_equal(stats_of(NULL).late - before.late, 30);
}

static void signals_to_a_thread_that_has_ended_are_late(void **state)
{
    (void)state;
    gate at;
    side other = start_side("ending");
    hold(&other, &at);
    listen_to(PLAIN, "plain", other.object, BH_CONNECTION_AUTO);
    send_now(PLAIN, 30);
    bh_thread_quit(other.thread);
    gate_open(&at);
    assert_int_equal(bh_thread_wait(other.thread, PATIENCE_MS), BH_OK);
    assert_int_equal(bh_emit(source, PLAIN, 0), BH_OK);
    assert_int_equal(atomic_load(&arrivals), 0);
    assert_int_equal(stats_of(other.thread).late, 31);
    stop_side(&other);
}

/* --- completions */

static bh_status slow_completion(void *counter)
{
    for (double until = cpu_ms() + 0.5; cpu_ms() < until;)
        ;
    return count_run(counter);
}

static void post_and_quit(void *counter)
{
    bh_app_quit(3);
    for (int i = 0; i < 50; i++)
        bh_post_completion(NULL, slow_completion, counter, count_drop);
}

static void completions_posted_at_quit_run_before_exec_returns(void **state)
{
    (void)state;
    _Atomic int runs = 0;
    bh_timer_single_shot(0, post_and_quit, &runs);
    assert_int_equal(bh_app_exec(), 3);
    assert_int_equal(runs, 100); /* each ran, and each was dropped */
}

static void *post_completions(void *counter)
{
    for (int i = 0; i < 1000; i++)
        bh_post_completion(NULL, count_run, counter, NULL);
    return NULL;
}

static void completions_outlive_the_thread_that_sent_them(void **state)
{
    (void)state;
    _Atomic int runs = 0;
    pthread_join(start_pthread(post_completions, &runs), NULL);
    pump_until(atomic_load(&runs) == 1000);
    assert_int_equal(stats_of(NULL).late, before.late);
}

static void completions_left_over_run_in_app_destroy(void **state)
{
    _Atomic int runs = 0;
    pthread_join(start_pthread(post_completions, &runs), NULL);
    assert_int_equal(without_app(state), 0);
    assert_int_equal(runs, 1000);
    setup(state);
}

static void a_thread_told_to_quit_runs_its_completions_only(void **state)
{
    (void)state;
    gate at;
    _Atomic int completed = 0, posted = 0, drops = 0;
    side other = start_side("quitting");
    hold(&other, &at);
    bh_thread_quit(other.thread);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(bh_post_completion(other.thread, count_run, &completed, NULL), BH_OK);
        assert_int_equal(bh_post(other.object, count_run, &posted, NULL), BH_OK);
    }
    assert_int_equal(bh_post(other.object, count_run, &drops, count_drop), BH_OK);
    gate_open(&at);
    assert_int_equal(bh_thread_wait(other.thread, PATIENCE_MS), BH_OK);
    assert_int_equal(completed, 10);
    assert_int_equal(posted, 0);
    assert_int_equal(drops, 1);
    assert_int_equal(stats_of(other.thread).late, 11);
    assert_refused(bh_post_completion(other.thread, count_run, &completed, count_drop), BH_ERROR_CLOSED,
                   "'quitting' receives nothing more");
    assert_int_equal(completed, 10);
    stop_side(&other);
}

/* --- statistics */

static void statistics_are_refused_without_a_place_or_a_thread(void **state)
{
    (void)state;
    bh_mailbox_stats stats;
    bh_thread *thread = bh_thread_create("gone");
    assert_refused(bh_mailbox_get_stats(NULL, NULL), BH_ERROR_NULL, "bh_mailbox_get_stats: out is NULL");
    bh_thread_destroy(thread);
    memset(&stats, 1, sizeof stats);
    assert_refused(bh_mailbox_get_stats(thread, &stats), BH_ERROR_STALE, "thread is gone");
    assert_int_equal(stats.sent, 0);
    assert_refused(bh_mailbox_get_stats((bh_thread *)source, &stats), BH_ERROR_CLASS, "is a bh_object *");
    without_app(NULL);
    assert_refused(bh_mailbox_get_stats(NULL, &stats), BH_ERROR_NO_APP, "call bh_app_create first");
    setup(NULL);
}

static void memory_comes_back(void **state)
{
    (void)state;
    listen_to(STORM, "storm", NULL, BH_CONNECTION_AUTO);
    send_now(STORM, 50000);
    assert_true(stats_of(NULL).bytes > 1000000);
    pump_until(atomic_load(&arrivals) == 50000);
    assert_true(stats_of(NULL).bytes <= 400000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_event_brings_a_batch),
        TEST(storm_leaves_turns_to_the_event_loop),
        TEST(block_makes_the_sender_wait_and_loses_nothing),
        TEST(newest_replaces_what_waits),
        TEST(newest_never_overtakes),
        TEST(newest_may_grow_and_shrink),
        TEST(drop_keeps_the_first_and_counts),
        TEST(the_gui_thread_is_never_blocked),
        TEST(queued_to_oneself_does_not_block_either),
        TEST(signals_to_a_context_that_is_gone_are_late),
        TEST(signals_of_a_sender_that_is_gone_are_late),
        TEST(signals_to_a_thread_that_has_ended_are_late),
        TEST(completions_posted_at_quit_run_before_exec_returns),
        TEST(completions_outlive_the_thread_that_sent_them),
        TEST(completions_left_over_run_in_app_destroy),
        TEST(a_thread_told_to_quit_runs_its_completions_only),
        TEST(statistics_are_refused_without_a_place_or_a_thread),
        TEST(memory_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
