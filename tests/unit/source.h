/* For tests of the mailbox: a class with a signal for each policy, and a record of what arrived, in order. */
#ifndef TEST_SOURCE_H
#define TEST_SOURCE_H

#include "turns.h"

enum { PLAIN, BLOCK, NEWEST, DROP, TEXT, STORM, TINY };

static const bh_class source_class = {
    BH_CLASS_INIT,
    .name = "MailboxSource",
    .signals = {[PLAIN] = "plain(int)",
                [BLOCK] = "block(int)",
                [NEWEST] = "newest(int)",
                [DROP] = "dropping(int)",
                [TEXT] = "text(QString)",
                [STORM] = "storm(int)",
                [TINY] = "tiny(int)"},
    .queues = {[BLOCK] = {BH_QUEUE_BLOCK, 10},
               [NEWEST] = {BH_QUEUE_NEWEST, 0},
               [DROP] = {BH_QUEUE_DROP, 5},
               [TEXT] = {BH_QUEUE_NEWEST, 0},
               [STORM] = {BH_QUEUE_BLOCK, 1000000},
               [TINY] = {BH_QUEUE_BLOCK, 1}},
};

/* What arrived, in order: signal * 1,000,000 + number. */
enum { MOST = 200000, EACH = 1000000 };
static int arrived[MOST];
static _Atomic int arrivals;
static bh_object *source;
static bh_mailbox_stats before;

static inline void note(int what)
{
    int at = atomic_load(&arrivals);
    if (at < MOST)
        arrived[at] = what;
    atomic_store(&arrivals, at + 1);
}

static inline void on_number(void *signal, int number)
{
    note((int)(intptr_t)signal * EACH + number);
}

static inline bh_connection *listen_to(int signal, const char *name, bh_object *context, bh_connection_type type)
{
    const bh_connect_options options = {BH_CONNECT_INIT, .context = context, .type = type};
    return bh_connect(source, name, BH_CALLBACK(on_number, int), (void *)(intptr_t)signal, &options);
}

static inline int setup(void **state)
{
    int status = with_app(state);
    atomic_store(&arrivals, 0);
    source = bh_create_instance(&source_class, NULL, NULL);
    before = stats_of(NULL);
    return status;
}

/* --- senders on a thread of their own */

typedef struct burst {
    int signal, count;
    _Atomic int sent;
    _Atomic bool ended;
    bh_object *object; /* NULL: source */
} burst;

static inline void *send_burst(void *from)
{
    burst *one = from;
    for (int i = 0; i < one->count; i++) {
        assert_int_equal(bh_emit(one->object ? one->object : source, one->signal, i), BH_OK);
        atomic_fetch_add(&one->sent, 1);
    }
    atomic_store(&one->ended, true);
    return NULL;
}

/* Sends COUNT of SIGNAL from another thread, while the GUI thread handles nothing. */
static inline void send_now(int signal, int count)
{
    burst one = {.signal = signal, .count = count};
    pthread_join(start_pthread(send_burst, &one), NULL);
}

#endif
