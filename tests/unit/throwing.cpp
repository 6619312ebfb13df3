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
