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

protected:
    void run() override
    {
        bh__on_thread_begins(record_);
        guarded([this] { exec(); });
        bh__on_thread_ends(record_);
    }

private:
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

private:
    void *mailbox_;
};

Thread *real(bhs_thread *thread)
{
    return reinterpret_cast<Thread *>(thread);
}
Mailbox *real(bhs_mailbox *box)
{
    return reinterpret_cast<Mailbox *>(box);
}

} // namespace

bhs_thread *bhs_thread_create(const char *name, void *record)
{
    Thread *made = nullptr;
    guarded([&] {
        made = new Thread(record);
        made->setObjectName(text(name));
    });
    return reinterpret_cast<bhs_thread *>(made);
}

bhs_object *bhs_thread_object(bhs_thread *thread)
{
    return c(real(thread));
}

bool bhs_thread_start(bhs_thread *thread, int priority, size_t stack_size)
{
    guarded([&] {
        real(thread)->setStackSize(static_cast<uint>(stack_size));
        real(thread)->start(static_cast<QThread::Priority>(priority));
    });
    return real(thread)->isRunning() || real(thread)->isFinished();
}

void bhs_thread_set_priority(bhs_thread *thread, int priority)
{
    guarded([&] { real(thread)->setPriority(static_cast<QThread::Priority>(priority)); });
}

void bhs_thread_quit(bhs_thread *thread)
{
    guarded([&] { real(thread)->quit(); });
}

bool bhs_thread_wait(bhs_thread *thread, int timeout_ms)
{
    bool ended = false;
    guarded([&] {
        ended = real(thread)->wait(timeout_ms < 0 ? QDeadlineTimer(QDeadlineTimer::Forever) : QDeadlineTimer(timeout_ms));
    });
    return ended;
}

void bhs_thread_destroy(bhs_thread *thread)
{
    guarded([&] { delete real(thread); });
}

void bhs_move_to_thread(bhs_object *object, bhs_thread *thread)
{
    guarded([&] {
        QThread *target = thread ? real(thread) : QCoreApplication::instance()->thread();
        qt(object)->moveToThread(target);
    });
}

bhs_mailbox *bhs_mailbox_create(void *mailbox)
{
    Mailbox *made = nullptr;
    guarded([&] { made = new Mailbox(mailbox); });
    return reinterpret_cast<bhs_mailbox *>(made);
}

void bhs_mailbox_destroy(bhs_mailbox *box)
{
    guarded([&] { delete real(box); });
}

void bhs_mailbox_wake(bhs_mailbox *box)
{
    guarded([&] { QCoreApplication::postEvent(real(box), new QEvent(wake_event)); });
}
