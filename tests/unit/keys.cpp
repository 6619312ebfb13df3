// A keyboard: see the header.
#include "keys.h"

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGroupBox>
#include <QKeyEvent>
#include <QLabel>
#include <QMap>
#include <QMenu>
#include <QMenuBar>
#include <QSet>
#include <QTabBar>

// What Qt's own tests press keys with.
Q_GUI_EXPORT bool qt_sendShortcutOverrideEvent(QObject *, ulong, int, Qt::KeyboardModifiers, const QString & = QString(),
                                               bool = false, ushort = 1);

static QByteArray answer;

static const char *say(const QString &text)
{
    answer = text.toUtf8();
    return answer.constData();
}

static QWidget *active()
{
    QWidget *modal = QApplication::activeModalWidget();
    return modal ? modal : QApplication::activeWindow();
}

bool keys_activate()
{
    QWidget *top = QApplication::activeModalWidget();
    for (QWidget *window : QApplication::topLevelWidgets())
        if (!top && window->isVisible() && window->windowType() != Qt::Popup)
            top = window;
    for (QWidget *window : QApplication::topLevelWidgets()) // a dialog lies above the window that it is of
        if (window->isVisible() && window->windowType() == Qt::Dialog && !QApplication::activeModalWidget())
            top = window;
    if (!top)
        return false;
    top->activateWindow();
    top->raise();
    QApplication::setActiveWindow(top);
    QCoreApplication::processEvents();
    return QApplication::activeWindow() == top;
}

void keys_press(int key, int modifiers, const char *text)
{
    QWidget *to = QApplication::activePopupWidget();
    if (!to)
        to = QApplication::focusWidget();
    if (!to)
        to = active();
    if (!to)
        return;
    const auto with = Qt::KeyboardModifiers(modifiers);
    const QString typed = QString::fromUtf8(text);
    static ulong time = 1;
    if (qt_sendShortcutOverrideEvent(to, time++, key, with, typed))
        return;
    QKeyEvent press(QEvent::KeyPress, key, with, typed), release(QEvent::KeyRelease, key, with, typed);
    QPointer<QWidget> still = to;
    QCoreApplication::sendEvent(to, &press);
    if (still)
        QCoreApplication::sendEvent(to, &release);
}

const char *keys_focus()
{
    const QWidget *at = QApplication::focusWidget();
    while (at && (at->objectName().isEmpty() || at->objectName().startsWith("qt_")))
        at = at->parentWidget();
    return say(at ? at->objectName() : QString());
}

bool keys_set_focus(const char *name)
{
    QWidget *found = active() ? active()->findChild<QWidget *>(QString::fromUtf8(name)) : nullptr;
    if (found)
        found->setFocus(Qt::TabFocusReason);
    return found && found->hasFocus();
}

// What takes the focus for it: the field inside of a spin box, say, has it by proxy.
static bool counts(const QWidget *at)
{
    return at->isVisible() && at->isEnabled() && (at->focusPolicy() & Qt::TabFocus) == Qt::TabFocus && !at->focusProxy();
}

const char *keys_not_reached()
{
    QSet<const QWidget *> reached;
    QWidget *window = active();
    const QList<QWidget *> all = window ? window->findChildren<QWidget *>() : QList<QWidget *>();
    for (qsizetype i = 0; i < all.size() + 8; i++) {
        keys_press(Qt::Key_Tab, 0, "\t");
        QCoreApplication::processEvents();
        for (const QWidget *at = QApplication::focusWidget(); at; at = at->parentWidget())
            reached += at;
    }
    QString missing;
    for (const QWidget *at : all)
        if (at->window() == window && counts(at) && !reached.contains(at))
            missing += (at->objectName().isEmpty() ? QString::fromUtf8(at->metaObject()->className()) : at->objectName()) + ' ';
    return say(missing);
}

static void note(QMap<QString, QStringList> *known, const QString &text)
{
    const QKeySequence keys = QKeySequence::mnemonic(text);
    if (!keys.isEmpty())
        (*known)[keys.toString()] += text;
}

static void note_labels(QMap<QString, QStringList> *known, const QWidget *at)
{
    if (auto *button = qobject_cast<const QAbstractButton *>(at))
        note(known, button->text());
    else if (auto *label = qobject_cast<const QLabel *>(at); label && label->buddy())
        note(known, label->text());
    else if (auto *group = qobject_cast<const QGroupBox *>(at))
        note(known, group->title());
    else if (auto *tabs = qobject_cast<const QTabBar *>(at))
        for (int i = 0; i < tabs->count(); i++)
            note(known, tabs->tabText(i));
    else if (auto *bar = qobject_cast<const QMenuBar *>(at))
        for (const QAction *action : bar->actions())
            note(known, action->text());
}

const char *keys_shared_mnemonics()
{
    QMap<QString, QStringList> known;
    QWidget *window = active();
    const QList<QWidget *> all = window ? window->findChildren<QWidget *>() : QList<QWidget *>();
    for (const QWidget *at : all)
        if (at->window() == window && at->isVisible())
            note_labels(&known, at);
    QString shared;
    for (auto i = known.cbegin(); i != known.cend(); ++i)
        if (i->size() > 1)
            shared += i.key() + ": " + i->join(" | ") + "\n";
    return say(shared);
}

void keys_ask_for_menu()
{
    QWidget *to = QApplication::focusWidget();
    if (!to)
        return;
    QContextMenuEvent event(QContextMenuEvent::Keyboard, to->rect().center(), to->mapToGlobal(to->rect().center()));
    QCoreApplication::sendEvent(to, &event);
    QCoreApplication::processEvents();
}

static QMenu *open_menu()
{
    return qobject_cast<QMenu *>(QApplication::activePopupWidget());
}

static QString text_of(const QAction *action)
{
    return action->text().section('\t', 0, 0).remove('&');
}

const char *keys_menu()
{
    QString texts;
    const QMenu *menu = open_menu();
    for (const QAction *action : menu ? menu->actions() : QList<QAction *>())
        if (!action->isSeparator())
            texts += (action->isEnabled() ? text_of(action) : '(' + text_of(action) + ')') + '\n';
    return say(texts);
}

bool keys_choose(const char *text)
{
    QMenu *menu = open_menu();
    QAction *chosen = nullptr;
    for (QAction *action : menu ? menu->actions() : QList<QAction *>())
        if (action->isEnabled() && text_of(action) == QString::fromUtf8(text))
            chosen = action;
    if (!chosen)
        return false;
    menu->setActiveAction(chosen);
    keys_press(Qt::Key_Return, 0, "\r");
    return true;
}

const char *keys_clipboard()
{
    return say(QGuiApplication::clipboard()->text());
}
