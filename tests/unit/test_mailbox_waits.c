/* The mailbox: nested event loops go on delivering, and no wait becomes a deadlock. */
#include "source.h"

/* --- nested loops */

static void on_nest(void *user, int number)
{
    (void)user;
    note(number);
    if (number % 10 == 0)
        bh_app_process_events(0);
    note(-number);
}

static void a_nested_loop_goes_on_delivering(void **state)
{
    (void)state;
    assert_non_null(bh_connect(source, "plain", BH_CALLBACK(on_nest, int), NULL, NULL));
    send_now(PLAIN, 100);
    pump();
    assert_int_equal(atomic_load(&arrivals), 200);
    for (int i = 0, next = 0; i < 200; i++)
        if (arrived[i] > 0 || i == 0)
            assert_int_equal(arrived[i], next++);
    assert_int_equal(arrived[1], 1); /* inside the callback of 0 */
}

static bh_object *dialog;

static void on_dialog(void *user, int number)
{
    (void)user;
    note(number);
    if (number == 1)
        bh_call(dialog, "exec");
    if (number == 90)
        bh_call(dialog, "accept");
    note(-number);
}

static void a_dialog_opened_by_a_message_is_closed_by_a_later_one(void **state)
{
    (void)state;
    dialog = bh_create("QDialog", NULL);
    assert_non_null(bh_connect(source, "plain", BH_CALLBACK(on_dialog, int), NULL, NULL));
    send_now(PLAIN, 100);
    pump_until(atomic_load(&arrivals) == 200);
    int last = 0;
    for (int i = 0; i < 200; i++)
        if (arrived[i] == -1)
            last = i;
    assert_true(last > 2 * 90); /* its callback was still running when 90 arrived */
    assert_silent();
}

/* --- waits */

static void ending_the_receiver_releases_blocked_senders(void **state)
{
    (void)state;
    gate at;
    burst one = {.signal = BLOCK, .count = 100};
    side other = start_side("ending");
    hold(&other, &at);
    listen_to(BLOCK, "block", other.object, BH_CONNECTION_AUTO);
    pthread_t sender = start_pthread(send_burst, &one);
    wait_until(stats_of(other.thread).blocked == 1);
    bh_thread_quit(other.thread);
    gate_open(&at);
    assert_int_equal(bh_thread_wait(other.thread, PATIENCE_MS), BH_OK);
    wait_until(atomic_load(&one.ended));
    pthread_join(sender, NULL);
    stop_side(&other);
}

static bh_status wait_for_end_of_burst(void *one)
{
    wait_until(atomic_load(&((burst *)one)->ended));
    return BH_OK;
}

typedef struct detour {
    _Atomic bool ready;
    burst *blocked;
} detour;

/* On the receiver: waits on the GUI thread for a sender that is blocked on the receiver. */
static bh_status ask_gui(void *from)
{
    detour *way = from;
    atomic_store(&way->ready, true);
    wait_until(stats_of(bh_thread_current()).blocked > 0);
    return bh_send(NULL, wait_for_end_of_burst, way->blocked);
}

static void a_receiver_that_waits_lets_senders_through(void **state)
{
    (void)state;
    burst one = {.signal = BLOCK, .count = 100};
    detour way = {.blocked = &one};
    side other = start_side("waiting");
    listen_to(BLOCK, "block", other.object, BH_CONNECTION_AUTO);
    bh_post(other.object, ask_gui, &way, NULL);
    wait_until(atomic_load(&way.ready));
    pthread_t sender = start_pthread(send_burst, &one);
    pump_until(atomic_load(&one.ended) && atomic_load(&arrivals) == 100);
    pthread_join(sender, NULL);
    assert_true(stats_of(other.thread).exceeded > 0);
    for (int i = 0; i < 100; i++)
        assert_int_equal(arrived[i], BLOCK * EACH + i);
    stop_side(&other);
    assert_silent();
}

static bool sent_from_inside;

static void on_full(void *user, int number)
{
    (void)user;
    note(number);
    if (sent_from_inside)
        return;
    sent_from_inside = true;
    assert_int_equal(bh_emit(source, BLOCK, 7777), BH_OK);
    assert_int_equal(arrived[atomic_load(&arrivals) - 1], BLOCK * EACH + 7777);
}

static void emitting_to_oneself_is_direct_even_when_the_mailbox_is_full(void **state)
{
    (void)state;
    burst one = {.signal = BLOCK, .count = 100};
    sent_from_inside = false;
    assert_non_null(bh_connect(source, "plain", BH_CALLBACK(on_full, int), NULL, NULL));
    listen_to(BLOCK, "block", NULL, BH_CONNECTION_AUTO);
    send_now(PLAIN, 1);
    pthread_t sender = start_pthread(send_burst, &one);
    wait_until(stats_of(NULL).blocked > before.blocked);
    pump_until(atomic_load(&arrivals) == 102);
    pthread_join(sender, NULL);
    assert_int_equal(arrived[1], BLOCK * EACH + 7777);
}

typedef struct player {
    side at;
    bh_object *ball;
    struct player *partner;
    int rounds;
    _Atomic int caught;
} player;

static void on_ball(void *from, int number)
{
    player *one = from;
    (void)number;
    atomic_fetch_add(&one->caught, 1);
}

static bh_status serve(void *from)
{
    player *one = from;
    for (int i = 0; i < one->rounds; i++)
        assert_int_equal(bh_emit(one->ball, TINY, i), BH_OK);
    return BH_OK;
}

/* Each sends to the other as fast as it can, with room for one message: both would wait for ever. */
static void two_threads_that_emit_to_each_other_go_on(void **state)
{
    (void)state;
    enum { ROUNDS = 5000 };
    player players[2] = {{.rounds = ROUNDS}, {.rounds = ROUNDS}};
    for (int i = 0; i < 2; i++) {
        players[i].at = start_side(i ? "right" : "left");
        players[i].ball = bh_create_instance(&source_class, NULL, NULL);
        players[i].partner = &players[1 - i];
    }
    for (int i = 0; i < 2; i++) {
        const bh_connect_options options = {BH_CONNECT_INIT, .context = players[1 - i].at.object};
        assert_non_null(bh_connect(players[i].ball, "tiny", BH_CALLBACK(on_ball, int), &players[1 - i], &options));
    }
    for (int i = 0; i < 2; i++)
        bh_post(players[i].at.object, serve, &players[i], NULL);
    pump_until(atomic_load(&players[0].caught) == ROUNDS && atomic_load(&players[1].caught) == ROUNDS);
    for (int i = 0; i < 2; i++)
        stop_side(&players[i].at);
    assert_silent();
}

/* The sender is blocked on the GUI thread and has the object pinned that the GUI thread destroys. */
static void destroying_the_sender_of_a_blocked_emission_does_not_hang(void **state)
{
    (void)state;
    burst one = {.signal = BLOCK, .count = 11};
    listen_to(BLOCK, "block", NULL, BH_CONNECTION_AUTO);
    pthread_t sender = start_pthread(send_burst, &one);
    wait_until(stats_of(NULL).blocked > before.blocked);
    assert_int_equal(bh_destroy(source), BH_OK);
    pthread_join(sender, NULL);
    pump();
    assert_int_equal(atomic_load(&arrivals), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_nested_loop_goes_on_delivering),
        TEST(a_dialog_opened_by_a_message_is_closed_by_a_later_one),
        TEST(ending_the_receiver_releases_blocked_senders),
        TEST(a_receiver_that_waits_lets_senders_through),
        TEST(emitting_to_oneself_is_direct_even_when_the_mailbox_is_full),
        TEST(two_threads_that_emit_to_each_other_go_on),
        TEST(destroying_the_sender_of_a_blocked_emission_does_not_hang),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
