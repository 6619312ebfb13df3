// C++ for bench_signals.sh, as bench_signals_ours.c: MODE COUNT prints how many millions of signals a second arrived.
#include "bench.h"
#include "source.hpp"

#include <QApplication>
#include <QByteArray>
#include <QSemaphore>
#include <QThread>
#include <cstring>

namespace {
const int batch = 128; // of the semaphore

struct State {
    Source source;
    int count = 0;
    double begun = 0;
    alignas(64) int received = 0; // the receiver's, not on a cache line of the sender's
    long sum = 0;
    double ended = 0;
};

void queued(State &self)
{
    QThread thread;
    QSemaphore room(BENCH_BOUND);
    QObject receiver;
    self.source.moveToThread(&thread);
    QObject::connect(&self.source, &Source::progress, &receiver, [&](int number, const QString &text) {
        const QByteArray utf8 = text.toUtf8();
        bench_require(number == self.received, "messages arrive in order");
        self.sum += utf8.constData()[0];
        self.received++;
        if (self.received % batch == 0)
            room.release(batch);
        if (self.received < self.count)
            return;
        self.ended = bench_seconds();
        QCoreApplication::quit();
    });
    thread.start();
    const auto emit_all = [&] {
        self.begun = bench_seconds();
        for (int i = 0; i < self.count; i++) {
            if (i % batch == 0)
                room.acquire(batch);
            Q_EMIT self.source.progress(i, QString::fromUtf8(BENCH_TEXT));
        }
        self.source.moveToThread(receiver.thread());
    };
    QMetaObject::invokeMethod(&self.source, emit_all, Qt::QueuedConnection);
    QCoreApplication::exec();
    thread.quit();
    thread.wait();
}

void direct_int(State &self)
{
    QObject::connect(&self.source, &Source::changed, &self.source, [&](int number) {
        self.sum += number & 1;
        self.received++;
    });
    self.begun = bench_seconds();
    for (int i = 0; i < self.count; i++)
        Q_EMIT self.source.changed(i);
    self.ended = bench_seconds();
}

void direct_string(State &self)
{
    QObject::connect(&self.source, &Source::textChanged, &self.source, [&](const QString &text) {
        const QByteArray utf8 = text.toUtf8();
        self.sum += utf8.constData()[0];
        self.received++;
    });
    self.begun = bench_seconds();
    for (int i = 0; i < self.count; i++)
        Q_EMIT self.source.textChanged(QString::fromUtf8(BENCH_TEXT));
    self.ended = bench_seconds();
}
} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    bench_require(argc == 3, "usage: peer_signals queued|int|string COUNT");
    State self;
    self.count = atoi(argv[2]);
    if (strcmp(argv[1], "queued") == 0)
        queued(self);
    else if (strcmp(argv[1], "int") == 0)
        direct_int(self);
    else
        direct_string(self);
    bench_require(self.received == self.count && self.sum > 0, "every message arrives");
    printf("%.3f\n", self.count / (self.ended - self.begun) / 1e6);
    return 0;
}
