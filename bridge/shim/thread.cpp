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

bhs_thread *bhs_thread_create(const char *name, void *record)
{
    return attempt([&] {
        auto *made = new Thread(record);
        made->setObjectName(text(name));
        return alias<bhs_thread>(made);
    });
}

bhs_object *bhs_thread_object(bhs_thread *thread)
{
    return c(alias<Thread>(thread));
}

bool bhs_thread_start(bhs_thread *thread, int priority, size_t stack_size)
{
    guarded([&] {
        alias<Thread>(thread)->setStackSize(static_cast<uint>(stack_size));
        alias<Thread>(thread)->start(static_cast<QThread::Priority>(priority));
    });
    return alias<Thread>(thread)->isRunning() || alias<Thread>(thread)->isFinished();
}

void bhs_thread_set_priority(bhs_thread *thread, int priority)
{
    guarded([&] { alias<Thread>(thread)->setPriority(static_cast<QThread::Priority>(priority)); });
}

void bhs_thread_quit(bhs_thread *thread)
{
    guarded([&] { alias<Thread>(thread)->quit(); });
}

bool bhs_thread_wait(bhs_thread *thread, int timeout_ms)
{
    const QDeadlineTimer end = timeout_ms < 0 ? QDeadlineTimer(QDeadlineTimer::Forever) : QDeadlineTimer(timeout_ms);
    return attempt([&] { return alias<Thread>(thread)->wait(end); });
}

void bhs_thread_destroy(bhs_thread *thread)
{
    guarded([&] { delete alias<Thread>(thread); });
}

void bhs_move_to_thread(bhs_object *object, bhs_thread *thread)
{
    guarded([&] { qt(object)->moveToThread(thread ? alias<Thread>(thread) : QCoreApplication::instance()->thread()); });
}

bhs_mailbox *bhs_mailbox_create(void *mailbox)
{
    return alias<bhs_mailbox>(attempt([&] { return new Mailbox(mailbox); }));
}

void bhs_mailbox_destroy(bhs_mailbox *box)
{
    guarded([&] { delete alias<Mailbox>(box); });
}

void bhs_mailbox_wake(bhs_mailbox *box)
{
    guarded([&] { QCoreApplication::postEvent(alias<Mailbox>(box), new QEvent(wake_event)); });
}
