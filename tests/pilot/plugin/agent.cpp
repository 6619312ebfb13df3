// The plug-in's part of the event loop: what Qt tells it goes on to the session, which is C.
#include "frames.hpp"
#include "look.hpp"
#include "record.h"
#include "session.h"

#include <QAbstractEventDispatcher>
#include <QApplication>
#include <QEvent>
#include <QGenericPlugin>
#include <QKeyEvent>
#include <QKeySequence>
#include <QMouseEvent>
#include <QMutex>
#include <QPointer>
#include <QSocketNotifier>
#include <QStringList>
#include <QTimer>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

const QEvent::Type step = static_cast<QEvent::Type>(QEvent::registerEventType());

// Messages come from any thread. Guarded by the mutex: warnings.
QMutex mutex;
QStringList warnings;
QtMessageHandler previous;

void hear(QtMsgType type, const QMessageLogContext &context, const QString &text)
{
    // What platforms without windows of their own say of calls that mean nothing there
    bool platform = text.startsWith(QLatin1String("This plugin does not support"));
    if ((type == QtWarningMsg || type == QtCriticalMsg) && !platform) {
        QMutexLocker lock(&mutex);
        warnings += text;
    }
    if (previous)
        previous(type, context, text);
    else if (!platform)
        fprintf(stderr, "%s\n", qUtf8Printable(text));
}

// The program may have set a handler of its own since: ours goes before it
void listen_to_messages()
{
    QtMessageHandler was = qInstallMessageHandler(hear);
    if (was != hear)
        previous = was;
}

// What a person does, for the recorder. An event goes up to parents that want it: only its first receiver counts.
bool pick_key(QObject *watched, QKeyEvent *event)
{
    seen what = {};
    what.kind = event->type() == QEvent::ShortcutOverride ? SEEN_SHORTCUT : SEEN_KEY;
    what.widget = watched;
    what.key = event->key();
    what.modifiers = static_cast<int>(event->modifiers());
    QByteArray keys = QKeySequence(event->keyCombination()).toString(QKeySequence::PortableText).toUtf8();
    what.text = keys.constData();
    return record_seen(&what);
}

bool pick_mouse(QObject *watched, QMouseEvent *event)
{
    seen what = {};
    what.kind = event->type() == QEvent::MouseButtonPress      ? SEEN_PRESS
                : event->type() == QEvent::MouseButtonDblClick ? SEEN_DOUBLE
                                                               : SEEN_RELEASE;
    what.widget = watched;
    what.button = static_cast<int>(event->button());
    what.modifiers = static_cast<int>(event->modifiers());
    what.x = event->position().toPoint().x();
    what.y = event->position().toPoint().y();
    return record_seen(&what);
}

// Widgets hear of moves only if they ask for them: windows hear of all
bool pick_move(QMouseEvent *event)
{
    QPoint at = event->globalPosition().toPoint();
    QWidget *under = QApplication::widgetAt(at);
    seen what = {};
    what.kind = SEEN_MOVE;
    what.widget = under;
    what.x = under ? under->mapFromGlobal(at).x() : 0;
    what.y = under ? under->mapFromGlobal(at).y() : 0;
    return under && record_seen(&what);
}

bool pick(QObject *watched, QEvent *event)
{
    static const QEvent *last;
    static quint64 last_time;
    static QEvent::Type last_type;
    bool key = event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride;
    bool mouse = event->type() == QEvent::MouseButtonPress || event->type() == QEvent::MouseButtonDblClick ||
                 event->type() == QEvent::MouseButtonRelease;
    if (watched->isWindowType() && event->type() == QEvent::MouseMove)
        return pick_move(static_cast<QMouseEvent *>(event));
    if (watched->isWidgetType() && event->type() == QEvent::Close && event->spontaneous()) {
        seen closed = {};
        closed.kind = SEEN_CLOSE;
        closed.widget = watched;
        return record_seen(&closed);
    }
    if (!watched->isWidgetType() || (!key && !mouse))
        return false;
    quint64 time = static_cast<QInputEvent *>(event)->timestamp();
    if (event == last && time == last_time && event->type() == last_type)
        return false;
    last = event;
    last_time = time;
    last_type = event->type();
    return key ? pick_key(watched, static_cast<QKeyEvent *>(event)) : pick_mouse(watched, static_cast<QMouseEvent *>(event));
}

class Agent : public QObject {
  public:
    explicit Agent(int fd) : descriptor(fd) {}

    void start()
    {
        QApplication::setCursorFlashTime(0);
        for (Qt::UIEffect effect :
             {Qt::UI_AnimateMenu, Qt::UI_FadeMenu, Qt::UI_AnimateCombo, Qt::UI_AnimateTooltip, Qt::UI_FadeTooltip})
            QApplication::setEffectEnabled(effect, false);
        notifier = new QSocketNotifier(descriptor, QSocketNotifier::Read, this);
        connect(notifier, &QSocketNotifier::activated, this, [] {
            listen_to_messages();
            session_receive();
        });
        timer.setInterval(10);
        connect(&timer, &QTimer::timeout, this, session_tick);
        connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::aboutToBlock, this, session_blocks);
        // Here, and not when it comes to its destructor: the event loop and what it needs are gone by then
        connect(qApp, &QCoreApplication::aboutToQuit, this, &Agent::stop);
        qApp->installEventFilter(this);
        listen_to_messages();
        session_start(descriptor);
    }

    void stop()
    {
        stopped = true;
        session_stops();
        timer.stop();
        frames.stop();
        delete notifier;
    }

    bool event(QEvent *event) override
    {
        if (event->type() != step)
            return QObject::event(event);
        if (!notifier && !stopped)
            start();
        else if (!stopped)
            session_step();
        return true;
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (frames.hold(watched, event))
            return true;
        if (watched != this && watched != &timer && watched != &frames && watched != notifier)
            session_active();
        if ((event->type() == QEvent::Move || event->type() == QEvent::Resize) && watched->isWidgetType() &&
            static_cast<QWidget *>(watched)->isVisible() && !static_cast<QWidget *>(watched)->isWindow())
            session_moved(watched);
        return record_is_on() && pick(watched, event);
    }

    QTimer timer;
    Frames frames{this};
    QPointer<QSocketNotifier> notifier;
    int descriptor;
    bool stopped = false;
};

Agent *agent;

} // namespace

class Plugin : public QGenericPlugin {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID QGenericPluginFactoryInterface_iid FILE "bulkheadpilot.json")
  public:
    QObject *create(const QString &name, const QString &specification) override;
};

// Only for the runner that started this program: whoever else holds the other end is not spoken to
static bool is_parents(int fd)
{
    ucred peer = {};
    socklen_t length = sizeof peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 && length == sizeof peer && peer.pid == getppid();
}

QObject *Plugin::create(const QString &, const QString &specification)
{
    bool number = false;
    int fd = specification.startsWith(QLatin1String("fd=")) ? specification.mid(3).toInt(&number) : -1;
    if (!number || !is_parents(fd)) {
        fputs("bulkhead-pilot: the plug-in acts only for bulkhead-pilot itself: start the program with it\n", stderr);
        return nullptr;
    }
    fcntl(fd, F_SETFD, FD_CLOEXEC); // the program's own children have no part in this
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    agent = new Agent(fd);
    agent_post(); // begins when the event loop runs
    return agent;
}

void agent_post(void)
{
    QCoreApplication::postEvent(agent, new QEvent(step));
}

void agent_tick(bool on)
{
    if (on && !agent->timer.isActive())
        agent->timer.start();
    else if (!on && agent->timer.isActive())
        agent->timer.stop();
}

void agent_stop_listening(void)
{
    if (agent->notifier)
        agent->notifier->setEnabled(false);
}

void agent_quit(int code)
{
    QMetaObject::invokeMethod(
        qApp, [code] { QCoreApplication::exit(code); }, Qt::QueuedConnection);
}

void agent_paint(void)
{
    agent->frames.paint();
}

int agent_busy(void)
{
    return qApp->property("pilotBusy").toInt();
}

void agent_warnings(buffer *out)
{
    QMutexLocker lock(&mutex);
    pilot::put(out, warnings.join(QLatin1Char('\n')));
    warnings.clear();
}

#include "agent.moc"
