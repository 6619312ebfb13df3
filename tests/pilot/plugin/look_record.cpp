// What the recorder asks: fields and what is in them, menus and the way through them, points of the screen.
#include "look.hpp"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QCompleter>
#include <QGroupBox>
#include <QKeySequence>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QStyleHints>
#include <QTabBar>
#include <QTextEdit>

using namespace pilot;

static bool is_checkable(QWidget *widget)
{
    auto button = qobject_cast<QAbstractButton *>(widget);
    auto group = qobject_cast<QGroupBox *>(widget);
    return (button && button->isCheckable()) || (group && group->isCheckable());
}

static field_kind kind_of(QWidget *widget)
{
    auto box = qobject_cast<QComboBox *>(widget);
    if (box)
        return box->isEditable() ? FIELD_TEXT : FIELD_CHOICE;
    if (qobject_cast<QLineEdit *>(widget))
        return FIELD_TEXT;
    if (qobject_cast<QTextEdit *>(widget) || qobject_cast<QPlainTextEdit *>(widget))
        return FIELD_LINES;
    if (qobject_cast<QAbstractSpinBox *>(widget))
        return FIELD_NUMBER;
    if (qobject_cast<QAbstractSlider *>(widget) && !qobject_cast<QScrollBar *>(widget))
        return FIELD_SLIDER;
    if (qobject_cast<QTabBar *>(widget))
        return FIELD_TABS;
    return is_checkable(widget) ? FIELD_CHECK : FIELD_NONE;
}

field_kind look_field(void *widget)
{
    QWidget *it = w(widget);
    return it->isEnabled() && !it->property("readOnly").toBool() ? kind_of(it) : FIELD_NONE;
}

void look_field_value(void *widget, buffer *out)
{
    QWidget *it = w(widget);
    auto bar = qobject_cast<QTabBar *>(it);
    const char *name = nullptr;
    switch (kind_of(it)) {
    case FIELD_NUMBER:
        name = it->metaObject()->indexOfProperty("cleanText") >= 0 ? "cleanText" : "text";
        break;
    case FIELD_CHOICE:
        name = "currentText";
        break;
    case FIELD_SLIDER:
        name = "value";
        break;
    case FIELD_CHECK:
        name = "checked";
        break;
    case FIELD_TABS:
        put(out, without_mnemonic(bar->tabText(bar->currentIndex())));
        return;
    default:
        look_text(widget, out);
        return;
    }
    put(out, it->property(name).toString());
}

bool look_field_takes_tab(void *widget)
{
    auto lines = qobject_cast<QTextEdit *>(w(widget));
    auto plain = qobject_cast<QPlainTextEdit *>(w(widget));
    return (lines && !lines->tabChangesFocus()) || (plain && !plain->tabChangesFocus());
}

bool look_is_qts(void *widget)
{
    const char *name = o(widget)->metaObject()->className();
    return name[0] == 'Q' && name[1] >= 'A' && name[1] <= 'Z';
}

// A combo box is its list's parent; a list of completions gives its keys to the field that it is for
void *look_popup_owner(void *popup)
{
    QWidget *it = w(popup), *owner = it->parentWidget();
    if (owner && (qobject_cast<QComboBox *>(owner) || qobject_cast<QAbstractSpinBox *>(owner)))
        return static_cast<QObject *>(owner);
    return static_cast<QObject *>(it->focusProxy());
}

bool look_completes(void *widget)
{
    auto box = qobject_cast<QComboBox *>(w(widget));
    auto line = box ? box->lineEdit() : qobject_cast<QLineEdit *>(w(widget));
    QCompleter *completer = line ? line->completer() : nullptr;
    return completer && completer->completionMode() != QCompleter::InlineCompletion;
}

bool look_current(void *widget, node *out)
{
    auto box = qobject_cast<QComboBox *>(w(widget));
    auto bar = qobject_cast<QTabBar *>(w(widget));
    auto view = qobject_cast<QAbstractItemView *>(w(widget));
    if (!view && !box) // what a list pops up in
        view = w(widget)->findChild<QAbstractItemView *>();
    QModelIndex index = view ? view->currentIndex() : QModelIndex();
    *out = {PART_ITEM, widget, nullptr, 0, {index.row()}, 1, index.column()};
    if (box)
        *out = {PART_ITEM, widget, nullptr, 0, {box->currentIndex()}, 1, box->modelColumn()};
    if (bar)
        *out = {PART_TAB, widget, nullptr, bar->currentIndex(), {0}, 0, 0};
    return bar ? bar->currentIndex() >= 0 : box ? box->currentIndex() >= 0 : index.isValid() && !index.parent().isValid();
}

void *look_menu_at(int x, int y)
{
    for (QWidget *top : QApplication::topLevelWidgets())
        if (qobject_cast<QMenu *>(top) && top->isVisible() && top->geometry().contains(x, y))
            return static_cast<QObject *>(top);
    for (QWidget *it : QApplication::allWidgets())
        if (qobject_cast<QMenuBar *>(it) && it->isVisible() && it->rect().contains(it->mapFromGlobal(QPoint(x, y))))
            return static_cast<QObject *>(it);
    return nullptr;
}

size_t look_menus_open(void)
{
    size_t count = 0;
    for (QWidget *top : QApplication::topLevelWidgets())
        count += qobject_cast<QMenu *>(top) && top->isVisible();
    return count;
}

static QAction *chosen_by(QMenu *menu, int key)
{
    if (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Space)
        return menu->activeAction();
    QAction *found = nullptr;
    for (QAction *action : menu->actions()) {
        QKeySequence keys = QKeySequence::mnemonic(action->text());
        if (!action->isVisible() || keys.isEmpty() || keys[0].key() != key)
            continue;
        if (found) // of several that have it the key chooses none
            return nullptr;
        found = action;
    }
    return found;
}

bool look_menu_key(void *menu, int key, void **action)
{
    auto it = qobject_cast<QMenu *>(w(menu));
    QAction *found = it ? chosen_by(it, key) : nullptr;
    *action = static_cast<QObject *>(found);
    return found;
}

bool look_menu_opens(void *action)
{
    return static_cast<QAction *>(o(action))->menu<QMenu *>();
}

bool look_action_works(void *action)
{
    auto it = static_cast<QAction *>(o(action));
    return it->isEnabled() && it->isVisible() && !it->isSeparator();
}

// What a menu opens from: of several the one that shows
static QWidget *opener(QMenu *menu)
{
    QWidget *hidden = nullptr;
    for (QObject *it : menu->menuAction()->associatedObjects()) {
        auto host = qobject_cast<QWidget *>(it);
        if (!qobject_cast<QMenu *>(host) && !qobject_cast<QMenuBar *>(host))
            continue;
        if (host->isVisible())
            return host;
        hidden = host;
    }
    return hidden;
}

void *look_menu_root(void *menu)
{
    QWidget *it = w(menu);
    while (auto inner = qobject_cast<QMenu *>(it)) {
        QWidget *from = opener(inner);
        if (!from || !from->isVisible())
            break;
        it = from;
    }
    return static_cast<QObject *>(it);
}

void look_menu_path(void *menu, void *action, buffer *out)
{
    node here = {PART_ACTION, menu, action, 0, {0}, 0, 0};
    buffer text = {};
    QStringList path;
    QWidget *root = w(look_menu_root(menu));
    for (;;) {
        buffer_clear(&text);
        look_part_text(&here, &text);
        path.prepend(QString::fromUtf8(buffer_get(&text)));
        QWidget *it = w(here.widget);
        if (it == root)
            break;
        auto inner = static_cast<QMenu *>(it);
        here.action = static_cast<QObject *>(inner->menuAction());
        here.widget = static_cast<QObject *>(opener(inner));
    }
    put(out, path.join(QLatin1Char('/')));
    buffer_free(&text);
}

void look_to_screen(void *widget, int *x, int *y)
{
    QPoint at = w(widget)->mapToGlobal(QPoint(*x, *y));
    *x = at.x();
    *y = at.y();
}

void look_from_screen(void *widget, int *x, int *y)
{
    QPoint at = w(widget)->mapFromGlobal(QPoint(*x, *y));
    *x = at.x();
    *y = at.y();
}

void *look_at_screen(int x, int y)
{
    return static_cast<QObject *>(QApplication::widgetAt(x, y));
}

int look_drag_distance(void)
{
    return QGuiApplication::styleHints()->startDragDistance();
}
