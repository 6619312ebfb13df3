// QApplication: one at a time, with exceptions contained below notify().
#include "shim/guard.hpp"
#include "shim/value.hpp"

#include <QAbstractEventDispatcher>
#include <QApplication>
#include <QOpenGLContext>
#include <QPalette>
#include <QSocketNotifier>
#include <QThread>
#include <QTimer>
#include <QWidget>
#include <array>
#include <atomic>
#include <memory>

using namespace shim;

namespace {

// Qt takes the window from a window that becomes a child only if it counts as created, which another move before undoes. What is
// left would hang below the window of the new parent, and be deleted with it.
struct Moved : QWidget {
    static void drop_window(QWidget *child)
    {
        if (!child->isWindow() && child->windowHandle() && !child->testAttribute(Qt::WA_NativeWindow))
            (child->*&Moved::destroy)(true, true);
    }
};

std::atomic<bool> no_event_yet; // since the last signal of the dispatcher, if somebody watches its turns
__thread int painting BH__TLS;  // widgets' paint events on the stack: events of all threads come here

// A function that is called while a widget is painted may ask for another paint at once, as QProgressBar::setValue does. Qt would resize
// and reuse what is painted on, under the painter of the first.
bool wants_paint(const QObject *receiver, QEvent::Type type)
{
    return type == QEvent::UpdateRequest || (receiver->isWindowType() && (type == QEvent::Expose || type == QEvent::Paint));
}

class Application : public QApplication {
  public:
    using QApplication::QApplication;

    bool notify(QObject *receiver, QEvent *event) override
    {
        if (no_event_yet.load(std::memory_order_relaxed) && QThread::currentThread() == thread()) {
            no_event_yet.store(false, std::memory_order_relaxed);
            bh__on_turn(BHS_TURN_HANDLES);
        }
        const QMetaObject *meta = receiver ? receiver->metaObject() : nullptr;
        bool result = false;
        if (event->type() == QEvent::ParentChange && receiver && receiver->isWidgetType())
            Moved::drop_window(static_cast<QWidget *>(receiver));
        if (painting && wants_paint(receiver, event->type()))
            return guarded([&] { postEvent(receiver, event->clone(), Qt::LowEventPriority); }) == BH_OK;
        const bool paints = event->type() == QEvent::Paint && receiver && receiver->isWidgetType();
        painting += paints;
        if (looped([&] { result = QApplication::notify(receiver, event); }))
            bh__on_exception(bhs_exception_text(), meta ? meta->className() : "?");
        painting -= paints;
        return result;
    }

    bool event(QEvent *event) override
    {
        if (event->type() != QEvent::Quit)
            return QApplication::event(event);
        bh__on_quit();
        return true;
    }

    void watch_turns(bool on)
    {
        for (const QMetaObject::Connection &one : turns)
            QObject::disconnect(one);
        no_event_yet = false;
        const auto *dispatcher = QAbstractEventDispatcher::instance(thread());
        if (!on || !dispatcher)
            return;
        turns = {QObject::connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, [] { turn(BHS_TURN_WAITS); }),
                 QObject::connect(dispatcher, &QAbstractEventDispatcher::awake, [] { turn(BHS_TURN_BEGINS); })};
    }

    static void turn(int what)
    {
        no_event_yet.store(true, std::memory_order_relaxed);
        bh__on_turn(what);
    }

    std::array<QMetaObject::Connection, 2> turns;
    std::unique_ptr<QSocketNotifier> notifier;
    QWidget sheet_keeper;
};

Application *application;
QtMessageHandler handler_before;

void on_message(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    int level = type == QtDebugMsg ? 0 : type == QtInfoMsg ? 1 : type == QtWarningMsg ? 2 : 3;
    bh__on_message(level, context.category, message.toUtf8().constData());
}

QPalette palette_of(const bhs_palette &from)
{
    QPalette made(qt(from.text), qt(from.button), qt(from.light), qt(from.dark), qt(from.mid), qt(from.text), Qt::white,
                  qt(from.base), qt(from.window));
    for (const bhs_role_color &one : from.others)
        made.setColor(one.disabled ? QPalette::Disabled : QPalette::All, QPalette::ColorRole(one.role), qt(one.color));
    return made;
}

} // namespace

bh_status bhs_app_create(int *argc, char **argv, bhs_object **app)
{
    return guarded([&] {
        *app = c(application = new Application(*argc, argv));
        // Qt's record of the widgets with style sheets ends with the last style sheet, and a new one is not told when they go.
        application->sheet_keeper.setStyleSheet(QStringLiteral("*{}"));
        // A global of Qt's is made when the first window is destroyed. That may be after the event loop, and then it is gone again
        // before what is left is destroyed at exit, which needs it.
        QOpenGLContext::currentContext();
    });
}

void bhs_app_destroy(void)
{
    looped([] { QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); }); // no event loop comes for these any more
    guarded([] {
        delete application;
        application = nullptr;
    });
}

int bhs_app_exec(void)
{
    int code = 1;
    looped([&] { code = QApplication::exec(); });
    return code;
}

bool bhs_is_painting(void)
{
    return painting > 0;
}

void bhs_app_quit(int code)
{
    guarded([&] { QCoreApplication::exit(code); });
}

bh_status bhs_app_process_events(int max_ms, bool delete_deferred)
{
    return looped([&] {
        max_ms > 0 ? QCoreApplication::processEvents(QEventLoop::AllEvents, max_ms) : QCoreApplication::processEvents();
        if (delete_deferred)
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    });
}

void bhs_app_quit_after(int ms)
{
    guarded([&] { QTimer::singleShot(ms, application, [] { bh__on_quit(); }); });
}

bh_status bhs_app_set_colors(const char *style, const bhs_palette *palette)
{
    return guarded([&] {
        if (style)
            QApplication::setStyle(style);
        QApplication::setPalette(palette ? palette_of(*palette) : QPalette());
    });
}

bh_status bhs_watch_turns(bool on)
{
    return guarded([on] { application->watch_turns(on); });
}

bh_status bhs_watch_descriptor(int fd, void (*readable)(void))
{
    return guarded([&] {
        auto *made = fd < 0 ? nullptr : new QSocketNotifier(fd, QSocketNotifier::Read);
        application->notifier.reset(made);
        if (made)
            QObject::connect(made, &QSocketNotifier::activated, readable);
    });
}

bhs_object *bhs_active_modal(void)
{
    return c(QApplication::activeModalWidget());
}

void bhs_install_message_handler(void)
{
    const QtMessageHandler before = qInstallMessageHandler(on_message);
    if (before != on_message)
        handler_before = before;
}

void bhs_remove_message_handler(void)
{
    const QtMessageHandler ours = qInstallMessageHandler(handler_before);
    if (ours != on_message) // somebody has put another one in our place
        qInstallMessageHandler(ours);
    handler_before = nullptr;
}

size_t bhs_top_level_widgets(void (*visit)(bhs_object *, bool, void *), void *user)
{
    const QWidgetList widgets = QApplication::topLevelWidgets();
    for (QWidget *widget : widgets)
        if (widget != &application->sheet_keeper)
            visit(c(widget), widget->isVisible(), user);
    return static_cast<size_t>(widgets.size() - 1);
}
