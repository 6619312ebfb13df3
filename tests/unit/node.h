/* For tests of connections: a class with signals of all types, and a callback that notes how it was called. */
#ifndef TEST_NODE_H
#define TEST_NODE_H

#include "turns.h"

enum { ALL, STRUCTS, LISTS, NUMBER, NOTHING, ANSWER };

static void on_slot_number(bh_object *self, void *user, int number);

static const bh_class node_class = {
    BH_CLASS_INIT,
    .name = "ConnectNode",
    .signals = {[ALL] = "all(bool,int,uint,qlonglong,qulonglong,double,QString,QObject*)",
                [STRUCTS] = "structs(QSize,QPoint,QPointF,QRect,QColor,QDate,QTime,QDateTime)",
                [LISTS] = "lists(QFont,QStringList)",
                [NUMBER] = "number(int)",
                [NOTHING] = "nothing()",
                [ANSWER] = "answer(int)"},
    .slots = {BH_SLOT("take(int)", on_slot_number, int)},
};

static bh_object *node, *other_node, *slot_victim;
static _Atomic int calls, drops, last_number;
static bh_thread *_Atomic called_on;
static bh_object *_Atomic called_by;

static void on_number(void *user, int number)
{
    (void)user;
    atomic_store(&last_number, number);
    atomic_store(&called_on, bh_thread_current());
    atomic_store(&called_by, bh_sender());
    atomic_fetch_add(&calls, 1);
}

static void on_slot_number(bh_object *self, void *user, int number)
{
    (void)user;
    assert_ptr_equal(self, other_node);
    on_number(NULL, number);
    if (slot_victim)
        assert_int_equal(bh_destroy(slot_victim), BH_OK);
    slot_victim = NULL;
}

static inline void on_nothing(void *user)
{
    on_number(user, 0);
}

static int setup(void **state)
{
    int status = with_app(state);
    atomic_store(&calls, 0);
    atomic_store(&drops, 0);
    atomic_store(&last_number, -1);
    node = bh_create_instance(&node_class, NULL, NULL);
    other_node = bh_create_instance(&node_class, NULL, NULL);
    return status;
}

static inline bh_connection *connect_number(bh_connection_type type, bh_object *context)
{
    const bh_connect_options options = {BH_CONNECT_INIT, .type = type, .context = context, .drop = count_drop};
    return bh_connect(node, "number", BH_CALLBACK(on_number, int), &drops, &options);
}

static inline void *emit_numbers(void *count)
{
    for (int i = 1; i <= (int)(intptr_t)count; i++)
        assert_int_equal(bh_emit(node, NUMBER, i), BH_OK);
    return NULL;
}

static inline void *queue_some(void *user)
{
    (void)user;
    return emit_numbers((void *)10);
}

static inline void queue_ten(void)
{
    pthread_join(start_pthread(queue_some, NULL), NULL);
}

#endif
