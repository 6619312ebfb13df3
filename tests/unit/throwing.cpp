// What C cannot do: throw, and what else only C++ can ask of Qt.
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

void say_in_qt(int level, const char *category, const char *text)
{
    const QMessageLogger logger("file.cpp", 1, "function", category);
    switch (level) {
    case 0:
        return logger.debug("%s", text);
    case 1:
        return logger.info("%s", text);
    case 2:
        return logger.warning("%s", text);
    default:
        return logger.critical("%s", text);
    }
}

static void (*hears)(const char *text);
static QtMessageHandler handler_before;

static void on_message(QtMsgType, const QMessageLogContext &, const QString &message)
{
    hears(message.toUtf8().constData());
}

void hear_qt(void (*fn)(const char *text))
{
    hears = fn;
    if (fn)
        handler_before = qInstallMessageHandler(on_message);
    else
        qInstallMessageHandler(handler_before);
}
