// Input as a window system sends it: to a window, where Qt itself decides which widget gets it, and whether a modal window keeps it away.
#include "look.hpp"

#include <QApplication>
#include <QContextMenuEvent>
#include <QCursor>
#include <QDropEvent>
#include <QFileInfo>
#include <QKeySequence>
#include <QMimeData>
#include <QPointer>
#include <QUrl>
#include <QWheelEvent>
#include <QWindow>

using namespace pilot;

// Exported by Qt Gui for Qt Test, whose clicks on windows go through them too
Q_GUI_EXPORT void qt_handleMouseEvent(QWindow *window, const QPointF &local, const QPointF &global, Qt::MouseButtons state,
                                      Qt::MouseButton button, QEvent::Type type, Qt::KeyboardModifiers mods, int timestamp);
Q_GUI_EXPORT bool qt_handleKeyEvent(QWindow *window, QEvent::Type type, int key, Qt::KeyboardModifiers modifiers,
                                    const QString &text, bool autorep, unsigned short count);

namespace {
bool reach(QObject *receiver, QEvent *event);
template <bool (*send)(QObject *, QEvent *)> struct Opener {
    friend bool reach(QObject *receiver, QEvent *event)
    {
        return send(receiver, event);
    }
};
template struct Opener<&QCoreApplication::sendSpontaneousEvent>;
} // namespace

bool pilot::send_spontaneous(QObject *receiver, QEvent *event)
{
    return reach(receiver, event);
}

static Qt::MouseButtons held;
static int stamp = 1000; // a clock of its own: clicks that follow each other at once are no double clicks

static void mouse(QWindow *window, const input *what)
{
    QPointF at(what->x, what->y);
    auto button = static_cast<Qt::MouseButton>(what->button);
    if (what->kind == HAND_PRESS && !what->twice)
        stamp += 2 * QApplication::doubleClickInterval();
    if (what->kind != HAND_MOVE)
        held.setFlag(button, what->kind == HAND_PRESS);
    QEvent::Type type = what->kind == HAND_MOVE    ? QEvent::MouseMove
                        : what->kind == HAND_PRESS ? QEvent::MouseButtonPress
                                                   : QEvent::MouseButtonRelease;
    qt_handleMouseEvent(window, at, window->mapToGlobal(at), held, what->kind == HAND_MOVE ? Qt::NoButton : button, type,
                        static_cast<Qt::KeyboardModifiers>(what->modifiers), ++stamp);
}

// Qt Gui exports no such function for wheels. The event goes to the window, so that what blocks a window blocks it too.
static void wheel(QWindow *window, const input *what)
{
    QPointF at(what->x, what->y);
    QWheelEvent event(at, window->mapToGlobal(at), QPoint(), QPoint(what->dx, what->dy), held, Qt::NoModifier, Qt::NoScrollPhase,
                      false);
    send_spontaneous(window, &event);
}

static void key(QWindow *to, const input *what)
{
    QPointer<QWindow> window(to); // the key may be its end
    qt_handleKeyEvent(window, what->kind == HAND_KEY ? QEvent::KeyPress : QEvent::KeyRelease, what->key,
                      static_cast<Qt::KeyboardModifiers>(what->modifiers), QString::fromUtf8(what->text), false, 1);
    if (what->kind != HAND_KEY || what->key != Qt::Key_Menu || !window)
        return;
    // That this key asks for a menu is said by the window system, apart from the key; the widget that has the focus says where
    QPoint at = QCursor::pos();
    QContextMenuEvent event(QContextMenuEvent::Keyboard, window->mapFromGlobal(at), at);
    send_spontaneous(window, &event);
}

static void close_list(void *owner)
{
    QWidget *popup = QApplication::activePopupWidget();
    if (!popup || look_popup_owner(static_cast<QObject *>(popup)) != owner || !popup->windowHandle())
        return;
    for (QEvent::Type type : {QEvent::KeyPress, QEvent::KeyRelease})
        if (QWindow *window = popup->windowHandle())
            qt_handleKeyEvent(window, type, Qt::Key_Escape, Qt::NoModifier, QString(), false, 1);
}

// NULL: it is gone
static QWindow *handle_of(void *window)
{
    for (QWidget *it : QApplication::topLevelWidgets())
        if (static_cast<QObject *>(it) == window)
            return it->windowHandle();
    return nullptr;
}

// As a window system does: the widget that takes what comes is asked as it comes in, as it moves, and gets it if it has not refused.
// What it does then may take long, and needs the data as long.
bool hands_drop(void *window, int x, int y, size_t count, const char *const *paths)
{
    const Qt::DropActions offered = Qt::CopyAction | Qt::MoveAction | Qt::LinkAction;
    QPointer<QWindow> handle = handle_of(window);
    QMimeData data;
    QList<QUrl> files;
    for (size_t i = 0; i < count; i++)
        files += QUrl::fromLocalFile(QFileInfo(QString::fromUtf8(paths[i])).absoluteFilePath());
    data.setUrls(files);
    QDragEnterEvent enter(QPoint(x, y), offered, &data, Qt::LeftButton, Qt::NoModifier);
    if (handle)
        send_spontaneous(handle, &enter);
    QDragMoveEvent move(QPoint(x, y), offered, &data, Qt::LeftButton, Qt::NoModifier);
    move.setDropAction(enter.dropAction());
    move.setAccepted(enter.isAccepted()); // who has taken it there need not do so again
    if (handle)
        send_spontaneous(handle, &move);
    if (!handle)
        return false;
    if (!move.isAccepted()) {
        QDragLeaveEvent leave;
        send_spontaneous(handle, &leave);
        return false;
    }
    QDropEvent drop(QPointF(x, y), offered, &data, Qt::LeftButton, Qt::NoModifier);
    drop.setDropAction(move.dropAction());
    send_spontaneous(handle, &drop);
    return true;
}

bool hands_send(const input *what)
{
    if (what->kind == HAND_CLOSE_LIST) {
        close_list(what->window);
        return true;
    }
    QWindow *window = handle_of(what->window);
    if (!window)
        return false;
    if (what->kind == HAND_KEY || what->kind == HAND_KEY_UP)
        key(window, what);
    else if (what->kind == HAND_WHEEL)
        wheel(window, what);
    else
        mouse(window, what);
    return true;
}

static void copy(const QString &text, char out[8])
{
    QByteArray bytes = text.toUtf8();
    qstrncpy(out, bytes.constData(), 8);
}

bool hands_keys(const char *sequence, int *code, int *modifiers, char text[8])
{
    QKeySequence keys = QKeySequence::fromString(QString::fromUtf8(sequence), QKeySequence::PortableText);
    if (keys.count() != 1 || keys[0].key() == Qt::Key_unknown)
        return false;
    *code = keys[0].key();
    *modifiers = static_cast<int>(keys[0].keyboardModifiers());
    bool printable = *code >= 0x20 && *code < 0x1000000 && !(*modifiers & ~Qt::ShiftModifier);
    QString letter = printable ? QString(QChar(*code)) : QString();
    if (*code == Qt::Key_Return || *code == Qt::Key_Enter)
        letter = QStringLiteral("\r");
    else if (*code == Qt::Key_Tab)
        letter = QStringLiteral("\t");
    copy(*modifiers & Qt::ShiftModifier ? letter : letter.toLower(), text);
    return true;
}

static int key_of(char32_t letter, int *modifiers)
{
    *modifiers = 0;
    if (letter == '\n')
        return Qt::Key_Return;
    if (letter == '\t')
        return Qt::Key_Tab;
    if (letter >= 'A' && letter <= 'Z')
        *modifiers = static_cast<int>(Qt::ShiftModifier);
    if (letter < 0x20 || letter > 0x7e)
        return Qt::Key_unknown; // what counts is the text
    return letter >= 'a' && letter <= 'z' ? static_cast<int>(letter) - 0x20 : static_cast<int>(letter);
}

size_t hands_text_key(const char *text, int *code, int *modifiers, char out[8])
{
    auto first = static_cast<unsigned char>(*text);
    size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    if (strlen(text) < length)
        length = 1;
    QString letter = QString::fromUtf8(text, static_cast<qsizetype>(length));
    *code = key_of(letter.toUcs4().value(0), modifiers);
    copy(letter == QLatin1String("\n") ? QStringLiteral("\r") : letter, out);
    return length;
}
