/* Ours for bench_signals.sh: MODE COUNT emits COUNT signals and prints how many millions a second arrived.
 *   queued   from a thread to a callback on the GUI thread
 *   int      directly to a callback, with an int
 *   string   directly to a callback, with a string */
#include "bench.h"

#include <bulkhead/qt.h>
#include <string.h>

enum { PROGRESS, CHANGED, TEXT_CHANGED };

static const bh_class source = {
    BH_CLASS_INIT,
    .name = "Source",
    .signals = {[PROGRESS] = "progress(int,QString)", [CHANGED] = "changed(int)", [TEXT_CHANGED] = "textChanged(QString)"},
    .queues = {[PROGRESS] = {BH_QUEUE_BLOCK, BENCH_BOUND}},
};

typedef struct state {
    bh_object *object;
    int count;
    double begun;
    int received __attribute__((aligned(64))); /* the receiver's, not on a cache line of the sender's */
    long sum;
    double ended;
} state;

static bh_status emit_all(void *user) /* on the thread */
{
    state *self = user;
    self->begun = bench_seconds();
    for (int i = 0; i < self->count; i++)
        bh_emit(self->object, PROGRESS, i, BENCH_TEXT);
    return BH_OK;
}

static void on_progress(void *user, int number, const char *text)
{
    state *self = user;
    bench_require(number == self->received, "messages arrive in order");
    self->sum += text[0];
    if (++self->received < self->count)
        return;
    self->ended = bench_seconds();
    bh_app_quit(0);
}

static void on_changed(void *user, int number)
{
    ((state *)user)->sum += number & 1;
    ((state *)user)->received++;
}

static void on_text_changed(void *user, const char *text)
{
    ((state *)user)->sum += text[0];
    ((state *)user)->received++;
}

static void queued(state *self)
{
    bh_thread *thread = bh_thread_create("bench");
    bench_require(bh_connect(self->object, "progress", BH_CALLBACK(on_progress, int, const char *), self, NULL),
                  "progress connects");
    bench_require(bh_thread_start(thread) == BH_OK, "the thread starts");
    bench_require(bh_move_to_thread(self->object, thread) == BH_OK, "the object moves to the thread");
    bench_require(bh_post(self->object, emit_all, self, NULL) == BH_OK, "the thread gets its work");
    bh_app_exec();
    bh_destroy(self->object);
    bh_thread_quit(thread);
    bh_thread_wait(thread, -1);
    bh_thread_destroy(thread);
}

static void direct(state *self, bool text)
{
    bh_connection *connection =
        text ? bh_connect(self->object, "textChanged", BH_CALLBACK(on_text_changed, const char *), self, NULL)
             : bh_connect(self->object, "changed", BH_CALLBACK(on_changed, int), self, NULL);
    bench_require(connection, "it connects");
    self->begun = bench_seconds();
    if (text)
        for (int i = 0; i < self->count; i++)
            bh_emit(self->object, TEXT_CHANGED, BENCH_TEXT);
    else
        for (int i = 0; i < self->count; i++)
            bh_emit(self->object, CHANGED, i);
    self->ended = bench_seconds();
}

int main(int argc, char **argv)
{
    bench_require(argc == 3, "usage: bench_signals_ours queued|int|string COUNT");
    bench_require(bh_app_create(argc, argv), "there is an application");
    state self = {.object = bh_create_instance(&source, NULL, NULL), .count = atoi(argv[2])};
    bench_require(self.object, "there is an object");
    if (strcmp(argv[1], "queued") == 0)
        queued(&self);
    else
        direct(&self, strcmp(argv[1], "string") == 0);
    bench_require(self.received == self.count && self.sum > 0, "every message arrives");
    printf("%.3f\n", self.count / (self.ended - self.begun) / 1e6);
    return 0;
}
