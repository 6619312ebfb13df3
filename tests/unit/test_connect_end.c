/* Connections: how they end, also inside of their callbacks, and that what they hold is given back once. */
#include "node.h"

#include <stdlib.h>

/* --- the end, inside the callback */

typedef struct ending {
    bh_connection *connection;
    bh_object *victim;
    int calls;
    _Atomic int *drops;
} ending;

static ending *new_ending(_Atomic int *counter)
{
    ending *made = calloc(1, sizeof *made);
    made->drops = counter;
    return made;
}

static void drop_ending(void *from)
{
    atomic_fetch_add(((ending *)from)->drops, 1);
    free(from);
}

static void on_ending(void *from, int number)
{
    ending *self = from;
    (void)number;
    if (self->connection)
        assert_int_equal(bh_disconnect(self->connection), BH_OK);
    assert_int_equal(bh_destroy(self->victim), BH_OK);
    self->calls++; /* still there: dropped only after this returns */
    atomic_fetch_add(&calls, 1);
}

static ending *connect_ending(bh_object *sender, const char *signal, bh_object *context, bh_connection_type type)
{
    const bh_connect_options options = {BH_CONNECT_INIT, .type = type, .context = context, .drop = drop_ending};
    ending *self = new_ending(&drops);
    self->connection = bh_connect(sender, signal, BH_CALLBACK(on_ending, int), self, &options);
    assert_non_null(self->connection);
    return self;
}

static void disconnecting_inside_the_callback(void **state)
{
    (void)state;
    bh_object *slider = bh_create("QSlider", NULL);
    connect_ending(slider, "valueChanged", NULL, BH_CONNECTION_AUTO);
    connect_ending(node, "number", NULL, BH_CONNECTION_AUTO);
    connect_ending(node, "number", NULL, BH_CONNECTION_QUEUED);
    for (int i = 1; i < 4; i++) {
        bh_set_int(slider, "value", i);
        bh_emit(node, NUMBER, i);
    }
    pump();
    assert_int_equal(calls, 3);
    assert_int_equal(drops, 3);
    assert_silent();
}

static void destroying_the_sender_or_the_context_inside_the_callback(void **state)
{
    (void)state;
    const bh_connection_type types[] = {BH_CONNECTION_AUTO, BH_CONNECTION_QUEUED, BH_CONNECTION_DIRECT};
    for (int i = 0; i < 3; i++)
        for (int which = 0; which < 4; which++) {
            bh_object *slider = bh_create("QSlider", NULL), *mine = bh_create_instance(&node_class, NULL, NULL);
            bh_object *sender = which & 1 ? slider : mine, *context = bh_create("QObject", NULL);
            ending *self = connect_ending(sender, which & 1 ? "valueChanged" : "number", context, types[i]);
            self->connection = NULL;
            self->victim = which & 2 ? sender : context;
            atomic_store(&calls, 0);
            atomic_store(&drops, 0);
            for (int n = 1; n < 4; n++) {
                if (bh_is_alive(slider))
                    bh_set_int(slider, "value", n);
                if (bh_is_alive(mine))
                    bh_emit(mine, NUMBER, n);
            }
            pump();
            assert_int_equal(calls, 1);
            assert_int_equal(drops, 1);
            assert_false(bh_is_alive(which & 2 ? sender : context));
        }
    assert_silent();
}

static void *emit_blocking(void *sender)
{
    bh_emit((bh_object *)sender, NUMBER, 1);
    return NULL;
}

/* The emitting thread waits for a callback that destroys the object that it emits for. */
static void destroying_the_sender_of_a_waiting_emission(void **state)
{
    (void)state;
    ending *self = connect_ending(node, "number", NULL, BH_CONNECTION_BLOCKING_QUEUED);
    self->connection = NULL;
    self->victim = node;
    pthread_t emitter = start_pthread(emit_blocking, node);
    pump_until(atomic_load(&drops) == 1);
    pthread_join(emitter, NULL);
    assert_false(bh_is_alive(node));
}

/* The same where a slot, which Qt itself calls, destroys it. */
static void a_waiting_slot_destroys_the_sender(void **state)
{
    (void)state;
    assert_non_null(bh_connect_slot(node, "number", other_node, "take", BH_CONNECTION_BLOCKING_QUEUED));
    slot_victim = node;
    pthread_t emitter = start_pthread(emit_blocking, node);
    pump_until(atomic_load(&calls) == 1);
    pthread_join(emitter, NULL);
    assert_false(bh_is_alive(node));
    pump();
    assert_silent();
}

/* --- drop, once, whatever ended the connection */

static void disconnect_drops_once_and_what_is_queued_is_not_delivered(void **state)
{
    (void)state;
    bh_connection *connection = connect_number(BH_CONNECTION_AUTO, NULL);
    queue_ten();
    assert_int_equal(bh_disconnect(connection), BH_OK);
    assert_refused(bh_disconnect(connection), BH_ERROR_STALE, "bh_disconnect: connection is gone");
    assert_int_equal(bh_disconnect(NULL), BH_OK);
    pump();
    assert_int_equal(calls, 0);
    assert_int_equal(drops, 1);
}

static void the_sender_s_end_drops_once(void **state)
{
    (void)state;
    bh_object *slider = bh_create("QSlider", NULL);
    const bh_connect_options options = {BH_CONNECT_INIT, .type = BH_CONNECTION_QUEUED, .drop = count_drop};
    bh_connection *of_qt = bh_connect(slider, "valueChanged", BH_CALLBACK(on_number, int), &drops, &options);
    bh_connection *of_c = connect_number(BH_CONNECTION_AUTO, NULL);
    bh_set_int(slider, "value", 1);
    queue_ten();
    bh_destroy(slider);
    bh_destroy(node);
    pump();
    assert_int_equal(calls, 0);
    assert_int_equal(drops, 2);
    assert_refused(bh_disconnect(of_qt), BH_ERROR_STALE, "connection is gone");
    assert_refused(bh_disconnect(of_c), BH_ERROR_STALE, "connection is gone");
}

static void the_context_s_end_drops_once(void **state)
{
    (void)state;
    bh_object *context = bh_create("QWidget", NULL), *child = bh_create("QLabel", context);
    connect_number(BH_CONNECTION_AUTO, child);
    queue_ten();
    bh_destroy(context);
    pump();
    assert_int_equal(calls, 0);
    assert_int_equal(drops, 1);
}

static void the_thread_s_end_drops_once(void **state)
{
    (void)state;
    side there = start_side("there");
    gate at;
    bh_connection *connection = connect_number(BH_CONNECTION_AUTO, there.object);
    hold(&there, &at);
    queue_ten();
    bh_thread_quit(there.thread);
    gate_open(&at);
    bh_thread_wait(there.thread, PATIENCE_MS);
    assert_int_equal(calls, 0);
    assert_int_equal(drops, 0); /* the connection stands until somebody ends it */
    assert_int_equal(bh_disconnect(connection), BH_OK);
    assert_int_equal(drops, 1);
    stop_side(&there);
    assert_int_equal(drops, 1);
}

static void the_application_s_end_drops_once(void **state)
{
    bh_object *slider = bh_create("QSlider", NULL);
    side there = start_side("there");
    const bh_connect_options options = {BH_CONNECT_INIT, .drop = count_drop},
                             elsewhere = {BH_CONNECT_INIT, .context = there.object, .drop = count_drop};
    bh_connect(bh_app(), "aboutToQuit", BH_CALLBACK(on_nothing), &drops, &options);
    bh_connect(slider, "valueChanged", BH_CALLBACK(on_number, int), &drops, &options);
    bh_connect(slider, "valueChanged", BH_CALLBACK(on_number, int), &drops, &elsewhere);
    bh_connect(there.object, "objectNameChanged", BH_CALLBACK(on_nothing), &drops, &options);
    connect_number(BH_CONNECTION_AUTO, NULL);
    queue_ten();
    assert_int_equal(without_app(state), 0);
    assert_int_equal(drops, 5);
    assert_false(bh_is_alive(there.object));
    setup(state);
}

static void a_failed_connect_drops_nothing(void **state)
{
    (void)state;
    bh_object *gone = bh_create("QObject", NULL);
    bh_connect_options options = {BH_CONNECT_INIT, .drop = count_drop, .unique = true};
    bh_connect_options with_gone = {BH_CONNECT_INIT, .drop = count_drop, .context = gone};
    bh_destroy(gone);
    bh_connection *first = bh_connect(node, "number", BH_CALLBACK(on_number, int), &drops, &options);
    assert_null(bh_connect(node, "number", BH_CALLBACK(on_number, int), &drops, &options));
    assert_null(bh_connect(node, "nothing", BH_CALLBACK(on_number, int), &drops, &options));
    assert_null(bh_connect(gone, "number", BH_CALLBACK(on_number, int), &drops, &options));
    assert_null(bh_connect(node, "number", BH_CALLBACK(on_number, int), &drops, &with_gone));
    pump();
    assert_int_equal(drops, 0);
    bh_disconnect(first);
    pump();
    assert_int_equal(drops, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(disconnecting_inside_the_callback),
        TEST(destroying_the_sender_or_the_context_inside_the_callback),
        TEST(destroying_the_sender_of_a_waiting_emission),
        TEST(disconnect_drops_once_and_what_is_queued_is_not_delivered),
        TEST(the_sender_s_end_drops_once),
        TEST(the_context_s_end_drops_once),
        TEST(a_waiting_slot_destroys_the_sender),
        TEST(the_thread_s_end_drops_once),
        TEST(the_application_s_end_drops_once),
        TEST(a_failed_connect_drops_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
