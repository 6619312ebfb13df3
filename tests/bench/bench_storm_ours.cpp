// Ours for bench_storm.sh: newest|block SECONDS WORK_US. Two threads emit as fast as they can; the
// receiver works for WORK_US microseconds on each message. Prints lines "name value".
#define QT_NO_KEYWORDS // Qt's `signals` and `slots` are names in class.h
#include "storm.hpp"

#include <bulkhead/qt.h>
#include <cstring>

namespace {
enum { PROGRESS, FINISHED };

bool newest; // or block
double begun, seconds, work_seconds;
int unfinished = 2;
Sampler *sampler;

struct Sender {
    bh_thread *thread;
    bh_object *object;
    int sent;
    alignas(64) int received; // the receiver's, not on a cache line of the sender's
    int last;
};

bh_status emit_all(void *user) // on the sender's thread
{
    auto *self = static_cast<Sender *>(user);
    while (bench_seconds() < begun + seconds) {
        for (int i = 0; i < 64; i++)
            bh_emit(self->object, PROGRESS, self->sent++, BENCH_TEXT);
    }
    bh_emit(self->object, FINISHED);
    return BH_OK;
}

void quit_if_done()
{
    if (unfinished == 0 && sampler->done())
        bh_app_quit(0);
}

void on_progress(void *user, int number, const char *text)
{
    auto *self = static_cast<Sender *>(user);
    bench_require(newest ? number > self->last : number == self->last + 1, "messages arrive in order");
    bench_require(text[0] == BENCH_TEXT[0], "the text arrives");
    self->last = number;
    self->received++;
    work(work_seconds);
}

void on_finished(void *user)
{
    auto *self = static_cast<Sender *>(user);
    bench_require(self->last == self->sent - 1, "the last message arrives, before finished");
    bench_require(newest || self->received == self->sent, "every message arrives");
    unfinished--;
    quit_if_done();
}

void begin(Sender *self, const bh_class *description)
{
    *self = {bh_thread_create("storm"), bh_create_instance(description, nullptr, nullptr), 0, 0, -1};
    bench_require(bh_connect(self->object, "progress", BH_CALLBACK(on_progress, int, const char *), self, nullptr) &&
                      bh_connect(self->object, "finished", BH_CALLBACK(on_finished), self, nullptr),
                  "the signals connect");
    bench_require(bh_thread_start(self->thread) == BH_OK && bh_move_to_thread(self->object, self->thread) == BH_OK,
                  "the object moves to its thread");
}

void end(Sender *self)
{
    bh_destroy(self->object);
    bh_thread_quit(self->thread);
    bh_thread_wait(self->thread, -1);
    bh_thread_destroy(self->thread);
}
} // namespace

int main(int argc, char **argv)
{
    bench_require(argc == 4, "usage: bench_storm_ours newest|block SECONDS WORK_US");
    bench_require(bh_app_create(argc, argv), "there is an application");
    newest = strcmp(argv[1], "newest") == 0;
    seconds = atof(argv[2]);
    work_seconds = atof(argv[3]) * 1e-6;

    static bh_class description = {};
    description.size = sizeof description;
    description.name = "Storm";
    description.signals[PROGRESS] = "progress(int,QString)";
    description.signals[FINISHED] = "finished()";
    if (newest)
        description.queues[PROGRESS] = {BH_QUEUE_NEWEST, 0};
    else
        description.queues[PROGRESS] = {BH_QUEUE_BLOCK, BENCH_BOUND};

    Sender senders[2];
    for (Sender &sender : senders)
        begin(&sender, &description);
    bh_app_process_events(0);
    Sampler own_sampler(seconds, quit_if_done);
    sampler = &own_sampler;
    begun = bench_seconds();
    sampler->start();
    for (Sender &sender : senders)
        bench_require(bh_post(sender.object, emit_all, &sender, nullptr) == BH_OK, "the thread gets its work");
    bh_app_exec();
    const double took = bench_seconds() - begun;

    sampler->print();
    printf("sent_mps %.3f\n", (senders[0].sent + senders[1].sent) / took / 1e6);
    printf("delivered_mps %.3f\n", (senders[0].received + senders[1].received) / took / 1e6);
    for (Sender &sender : senders)
        end(&sender);
    return 0;
}
