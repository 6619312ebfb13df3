// QThread, and the QObject through which a mailbox wakes its thread.
#include "shim/guard.hpp"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QThread>

using namespace shim;

namespace {

class Thread : public Owned<QThread> {
  public:
    explicit Thread(void *record) : record_(record) {}

    void run() override
    {
        bh__on_thread_begins(record_);
        looped([this] { exec(); });
        bh__on_thread_ends(record_);
    }

    void *record_;
};

const QEvent::Type wake_event = static_cast<QEvent::Type>(QEvent::User + 7716);

class Mailbox : public QObject {
  public:
    explicit Mailbox(void *mailbox) : mailbox_(mailbox) {}

    bool event(QEvent *event) override
    {
        if (event->type() != wake_event)
            return QObject::event(event);
        bh__on_mailbox(mailbox_);
        return true;
    }

    void *mailbox_;
};

} // namespace

bhs_object *bhs_thread_create(void *record)
{
    return c(attempt([&] { return new Thread(record); }));
}

bool bhs_thread_start(bhs_object *thread, int priority, size_t stack_size)
{
    guarded([&] {
        as<Thread>(thread)->setStackSize(static_cast<uint>(stack_size));
        as<Thread>(thread)->start(static_cast<QThread::Priority>(priority));
    });
    return as<Thread>(thread)->isRunning() || as<Thread>(thread)->isFinished();
}

void bhs_thread_set_priority(bhs_object *thread, int priority)
{
    guarded([&] { as<Thread>(thread)->setPriority(static_cast<QThread::Priority>(priority)); });
}

void bhs_thread_quit(bhs_object *thread)
{
    guarded([&] { as<Thread>(thread)->quit(); });
}

bool bhs_thread_wait(bhs_object *thread, int timeout_ms)
{
    const QDeadlineTimer end = timeout_ms < 0 ? QDeadlineTimer(QDeadlineTimer::Forever) : QDeadlineTimer(timeout_ms);
    return attempt([&] { return as<Thread>(thread)->wait(end); });
}

void bhs_move_to_thread(bhs_object *object, bhs_object *thread)
{
    guarded([&] { qt(object)->moveToThread(thread ? as<Thread>(thread) : QCoreApplication::instance()->thread()); });
}

bhs_object *bhs_mailbox_create(void *mailbox)
{
    return c(attempt([&] { return new Mailbox(mailbox); }));
}

void bhs_mailbox_wake(bhs_object *box)
{
    guarded([&] { QCoreApplication::postEvent(qt(box), new QEvent(wake_event)); });
}
