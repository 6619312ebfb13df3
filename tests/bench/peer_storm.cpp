// C++ for bench_storm.sh, as bench_storm_ours.cpp, with Qt's queued connections: SECONDS WORK_US. They have no bound.
#include "source.hpp"
#include "storm.hpp"

#include <QApplication>
#include <QThread>

namespace {
struct Sender {
    Source source;
    QThread thread;
    int sent = 0;
    alignas(64) int received = 0; // the receiver's, not on a cache line of the sender's
};
} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    bench_require(argc == 3, "usage: peer_storm SECONDS WORK_US");
    const double seconds = atof(argv[1]), work_seconds = atof(argv[2]) * 1e-6;
    Sender senders[2];
    QObject receiver;
    int unfinished = 2;
    Sampler *sampler = nullptr;
    const auto quit_if_done = [&] {
        if (unfinished == 0 && sampler->done())
            QCoreApplication::quit();
    };
    for (Sender &sender : senders) {
        QObject::connect(&sender.source, &Source::progress, &receiver, [&](int number, const QString &text) {
            const QByteArray utf8 = text.toUtf8();
            bench_require(number == sender.received++, "messages arrive in order");
            bench_require(utf8.constData()[0] == BENCH_TEXT[0], "the text arrives");
            work(work_seconds);
        });
        QObject::connect(&sender.source, &Source::finished, &receiver, [&] {
            bench_require(sender.received == sender.sent, "every message arrives");
            unfinished--;
            quit_if_done();
        });
        sender.source.moveToThread(&sender.thread);
        sender.thread.start();
    }
    QCoreApplication::processEvents();
    Sampler own_sampler(seconds, quit_if_done);
    sampler = &own_sampler;
    const double begun = bench_seconds();
    sampler->start();
    for (Sender &sender : senders) {
        const auto emit_all = [&] {
            while (bench_seconds() < begun + seconds) {
                for (int i = 0; i < 64; i++)
                    Q_EMIT sender.source.progress(sender.sent++, QString::fromUtf8(BENCH_TEXT));
            }
            Q_EMIT sender.source.finished();
            sender.source.moveToThread(receiver.thread());
        };
        QMetaObject::invokeMethod(&sender.source, emit_all, Qt::QueuedConnection);
    }
    QCoreApplication::exec();
    const double took = bench_seconds() - begun;

    sampler->print();
    printf("delivered_mps %.3f\n", (senders[0].received + senders[1].received) / took / 1e6);
    for (Sender &sender : senders) {
        sender.thread.quit();
        sender.thread.wait();
    }
    return 0;
}
