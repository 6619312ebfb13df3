// What C cannot do: throw.
#include "throwing.h"

#include <QCoreApplication>
#include <stdexcept>

void throw_now(void *text)
{
    throw std::runtime_error(text ? static_cast<const char *>(text) : "thrown by a test");
}

void throw_number(void *)
{
    throw 42;
}

void throw_in_event(void)
{
    QMetaObject::invokeMethod(
        QCoreApplication::instance(), [] { throw std::runtime_error("thrown in an event"); }, Qt::QueuedConnection);
}

void fail_in_qt(void *text)
{
    qFatal("%s", static_cast<const char *>(text));
}

struct ThrowingHalf {
    ThrowingHalf();
    virtual ~ThrowingHalf() = default;
    virtual void work() = 0;
};

struct ThrowingWhole : ThrowingHalf {
    void work() override;
};

// Apart, or the compiler would see that nothing comes of it.
[[gnu::noinline]] static void work_with(ThrowingHalf *half)
{
    half->work();
}

ThrowingHalf::ThrowingHalf()
{
    work_with(this);
}

void ThrowingWhole::work()
{
    throw_now(nullptr);
}

void call_pure_virtual(void *)
{
    ThrowingWhole whole;
}
