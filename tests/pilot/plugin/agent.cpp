// The plug-in's part of the event loop: what Qt tells it goes on to the session, which is C.
#include "frames.hpp"
#include "look.hpp"
#include "record.h"
#include "session.h"

#include <QAbstractEventDispatcher>
#include <QApplication>
#include <QDropEvent>
#include <QEvent>
#include <QFile>
#include <QGenericPlugin>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QKeySequence>
#include <QMimeData>
#include <QMouseEvent>
#include <QMutex>
#include <QPointer>
#include <QSocketNotifier>
#include <QStringList>
#include <QTimer>
#include <QUrl>
#include <QWheelEvent>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

const QEvent::Type step = static_cast<QEvent::Type>(QEvent::registerEventType());

enum { WARNINGS_MAX = 1000 }; // a program that warns without end fails by the first of them

// Messages come from any thread, and as late as from destructors of what is static: so these have none that is run. Guarded by the mutex: warnings.
QMutex &mutex = *new QMutex;
QStringList &warnings = *new QStringList;
QtMessageHandler previous;

void hear(QtMsgType type, const QMessageLogContext &context, const QString &text)
{
    // What platforms without windows of their own say of calls that mean nothing there
    bool platform = text.startsWith(QLatin1String("This plugin does not support"));
    if ((type == QtWarningMsg || type == QtCriticalMsg) && !platform) {
        QMutexLocker lock(&mutex);
        if (warnings.size() < WARNINGS_MAX)
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

// What a person does, for the recorder.
bool pick_key(QObject *watched, QKeyEvent *event)
{
    const Qt::KeyboardModifiers known = Qt::ShiftModifier | Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier;
    seen what = {};
    what.kind = event->type() == QEvent::ShortcutOverride ? SEEN_SHORTCUT : SEEN_KEY;
    what.widget = watched;
    what.key = event->key();
    what.modifiers = static_cast<int>(event->modifiers() & known);
    bool back = what.key == Qt::Key_Backtab; // that is how Qt calls it, and nobody else
    QKeyCombination combination(event->modifiers() & known, back ? Qt::Key_Tab : event->keyCombination().key());
    // Names as people write them, where Qt has short ones; it reads both
    static const struct {
        int key;
        const char *name, *full;
    } fulls[] = {{Qt::Key_Escape, "Esc", "Escape"}, {Qt::Key_Delete, "Del", "Delete"}, {Qt::Key_Insert, "Ins", "Insert"}};
    QByteArray keys = QKeySequence(combination).toString(QKeySequence::PortableText).toUtf8(), letters = event->text().toUtf8();
    for (const auto &full : fulls)
        if (full.key == what.key)
            keys.replace(full.name, full.full);
    what.text = what.key && what.key != Qt::Key_unknown ? keys.constData() : "";
    what.letters = letters.constData();
    return record_seen(&what);
}

bool pick_written(QObject *watched, QInputMethodEvent *event)
{
    QByteArray letters = event->commitString().toUtf8();
    seen what = {};
    what.kind = SEEN_WRITTEN;
    what.widget = watched;
    what.text = "";
    what.letters = letters.constData();
    return !letters.isEmpty() && record_seen(&what);
}

bool pick_pointer(QObject *watched, QSinglePointEvent *event, bool again)
{
    seen what = {};
    what.kind = event->type() == QEvent::MouseButtonPress      ? SEEN_PRESS
                : event->type() == QEvent::MouseButtonDblClick ? SEEN_DOUBLE
                : event->type() == QEvent::Wheel               ? SEEN_WHEEL
                                                               : SEEN_RELEASE;
    what.again = again;
    what.widget = watched;
    what.button = static_cast<int>(event->button());
    what.modifiers = static_cast<int>(event->modifiers() & ~Qt::KeyboardModifiers(Qt::KeypadModifier));
    what.x = event->position().toPoint().x();
    what.y = event->position().toPoint().y();
    what.global_x = event->globalPosition().toPoint().x();
    what.global_y = event->globalPosition().toPoint().y();
    if (what.kind == SEEN_WHEEL) {
        what.dx = static_cast<QWheelEvent *>(event)->angleDelta().x();
        what.dy = static_cast<QWheelEvent *>(event)->angleDelta().y();
    }
    return record_seen(&what);
}

bool pick_drop(QObject *watched, QDropEvent *event)
{
    QPoint at = static_cast<QWidget *>(watched)->mapToGlobal(event->position().toPoint());
    QStringList paths;
    for (const QUrl &url : event->source() ? QList<QUrl>() : event->mimeData()->urls())
        if (url.isLocalFile())
            paths += url.toLocalFile();
    QByteArray text = paths.join(QLatin1Char('\n')).toUtf8();
    seen what = {};
    what.kind = paths.isEmpty() ? SEEN_DROP : SEEN_FILES;
    what.text = text.constData();
    what.x = event->position().toPoint().x();
    what.y = event->position().toPoint().y();
    what.widget = watched;
    what.global_x = at.x();
    what.global_y = at.y();
    return record_seen(&what);
}

bool pick_close(QObject *watched)
{
    seen what = {};
    what.kind = SEEN_CLOSE;
    what.widget = watched;
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

// An event goes up to the parents as long as nobody takes it: as another event, but of the same moment. It goes to nobody whose child it is not.
bool goes_up(QObject *watched, QInputEvent *event)
{
    static QPointer<QObject> last;
    static quint64 time;
    static QEvent::Type type;
    bool up = last && last->parent() == watched && event->timestamp() == time && event->type() == type;
    last = watched;
    time = event->timestamp();
    type = event->type();
    return up;
}

bool pick(QObject *watched, QEvent *event)
{
    if (watched->isWindowType() && event->type() == QEvent::MouseMove)
        return pick_move(static_cast<QMouseEvent *>(event));
    if (!watched->isWidgetType())
        return false;
    switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::ShortcutOverride:
        return !goes_up(watched, static_cast<QInputEvent *>(event)) && pick_key(watched, static_cast<QKeyEvent *>(event));
    case QEvent::InputMethod:
        return pick_written(watched, static_cast<QInputMethodEvent *>(event));
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonDblClick:
    case QEvent::MouseButtonRelease:
    case QEvent::Wheel: {
        bool up = goes_up(watched, static_cast<QInputEvent *>(event));
        return (up || event->spontaneous()) && pick_pointer(watched, static_cast<QSinglePointEvent *>(event), up);
    }
    case QEvent::Drop:
        return pick_drop(watched, static_cast<QDropEvent *>(event));
    case QEvent::Close:
        return event->spontaneous() && pick_close(watched);
    default:
        return false;
    }
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

// Only by the command line: a variable that Qt reads could come from anywhere
static bool is_asked_for(const QString &specification)
{
    QFile file(QStringLiteral("/proc/self/cmdline"));
    return file.open(QIODevice::ReadOnly) && file.readAll().split('\0').contains("bulkheadpilot:" + specification.toUtf8());
}

QObject *Plugin::create(const QString &, const QString &specification)
{
    bool number = false;
    int fd = specification.startsWith(QLatin1String("fd=")) ? specification.mid(3).toInt(&number) : -1;
    if (!number || !is_parents(fd) || !is_asked_for(specification)) {
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
