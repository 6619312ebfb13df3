// State: shown, enabled, blocked, where, and what lies above.
#include "look.hpp"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QGroupBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStyleOptionGroupBox>
#include <QTextEdit>
#include <QWindow>

using namespace pilot;

bool look_visible(void *widget)
{
    return w(widget)->isVisible();
}

bool look_enabled(void *widget)
{
    return w(widget)->isEnabled();
}

bool look_checked(void *widget)
{
    return w(widget)->property("checked").toBool();
}

bool look_focused(void *widget)
{
    QWidget *focus = w(widget)->window()->focusWidget();
    return focus && w(widget)->isActiveWindow() && look_contains(widget, focus);
}

bool look_editable(void *widget)
{
    QWidget *it = w(widget);
    if (auto box = qobject_cast<QComboBox *>(it))
        return box->isEditable();
    return qobject_cast<QLineEdit *>(it) || qobject_cast<QTextEdit *>(it) || qobject_cast<QPlainTextEdit *>(it) ||
           qobject_cast<QAbstractSpinBox *>(it) || it->testAttribute(Qt::WA_InputMethodEnabled);
}

bool look_read_only(void *widget)
{
    return w(widget)->property("readOnly").toBool();
}

bool look_exposed(void *widget)
{
    QWindow *window = w(widget)->window()->windowHandle();
    return window && window->isExposed();
}

bool look_minimized(void *widget)
{
    return w(widget)->window()->isMinimized();
}

bool look_active(void *widget)
{
    QWidget *window = w(widget)->window();
    return QApplication::activeWindow() == window && QGuiApplication::focusWindow() == window->windowHandle();
}

void look_activate(void *widget)
{
    QWidget *window = w(widget)->window();
    window->raise();
    window->activateWindow();
}

// The last window that was shown modal, and is not its own window or one that it opened. Popups are for whoever opened them.
void *look_blocker(void *widget)
{
    QWidget *modal = QApplication::activeModalWidget();
    QWidget *window = w(widget)->window();
    if (window == QApplication::activePopupWidget())
        return nullptr;
    if (modal && window != modal && !look_contains(modal, window))
        return modal->windowModality() == Qt::WindowModal && !look_contains(window, modal) ? nullptr : modal;
    return nullptr;
}

void *look_popup(void)
{
    return QApplication::activePopupWidget();
}

bool look_is_popup(void *window)
{
    return w(window)->windowType() == Qt::Popup;
}

void *look_modal(void)
{
    return QApplication::activeModalWidget();
}

void *look_front(void)
{
    for (QWidget *first : {QApplication::activePopupWidget(), QApplication::activeModalWidget(), QApplication::activeWindow()})
        if (first)
            return first;
    QWindowList windows = QGuiApplication::topLevelWindows(); // the newest is last
    for (auto it = windows.crbegin(); it != windows.crend(); ++it)
        for (QWidget *top : QApplication::topLevelWidgets())
            if (top->isVisible() && top->windowHandle() == *it)
                return top;
    return nullptr;
}

bool look_takes_focus(void *widget)
{
    QWidget *it = w(widget);
    while (it->focusProxy())
        it = it->focusProxy();
    return it->focusPolicy() != Qt::NoFocus;
}

void look_focus(void *widget)
{
    w(widget)->setFocus(Qt::TabFocusReason);
}

static rect in_window(QWidget *widget, const QRect &area)
{
    QPoint at = widget->mapTo(widget->window(), area.topLeft());
    return {at.x(), at.y(), area.width(), area.height()};
}

rect look_rect(void *widget)
{
    return in_window(w(widget), w(widget)->rect());
}

rect look_on_screen(void *widget, rect area)
{
    QPoint at = w(widget)->window()->mapToGlobal(QPoint(area.x, area.y));
    return {at.x(), at.y(), area.width, area.height};
}

rect look_visible_rect(void *widget)
{
    QWidget *it = w(widget), *window = it->window();
    QRect area(it->mapTo(window, QPoint(0, 0)), it->size());
    for (QWidget *parent = it; parent && parent != window; parent = parent->parentWidget())
        area &= QRect(parent->mapTo(window, QPoint(0, 0)), parent->size());
    area &= window->rect();
    return {area.x(), area.y(), area.width(), area.height()};
}

void *look_hit(void *window, int x, int y)
{
    QWidget *hit = w(window)->childAt(x, y);
    return hit ? hit : window;
}

bool look_contains(void *widget, void *other)
{
    return widget == other || w(widget)->isAncestorOf(w(other)) || [&] {
        for (QWidget *it = w(other); it; it = it->parentWidget()) // isAncestorOf ends at windows
            if (it == w(widget))
                return true;
        return false;
    }();
}

bool look_reveal(void *widget)
{
    QPoint before = w(widget)->mapTo(w(widget)->window(), QPoint(0, 0));
    for (QWidget *it = w(widget)->parentWidget(); it && !it->isWindow(); it = it->parentWidget())
        if (auto area = qobject_cast<QScrollArea *>(it))
            if (area->widget() && look_contains(area->widget(), widget))
                area->ensureWidgetVisible(w(widget));
    return w(widget)->mapTo(w(widget)->window(), QPoint(0, 0)) != before;
}

static QPoint indicator(QWidget *widget)
{
    int x = widget->layoutDirection() == Qt::RightToLeft ? widget->width() - 9 : 9;
    return {x, widget->height() / 2};
}

static QPoint title(QGroupBox *box)
{
    QStyleOptionGroupBox option;
    option.initFrom(box);
    option.text = box->title();
    option.lineWidth = 1;
    option.textAlignment = Qt::Alignment(box->alignment());
    option.subControls = QStyle::SC_GroupBoxFrame | QStyle::SC_GroupBoxLabel | QStyle::SC_GroupBoxCheckBox;
    return box->style()->subControlRect(QStyle::CC_GroupBox, &option, QStyle::SC_GroupBoxCheckBox, box).center();
}

// The middle of what shows; but boxes with a wide text take clicks on it only, so there it is their indicator
void look_click_point(void *widget, rect visible, int *x, int *y)
{
    QWidget *it = w(widget);
    auto group = qobject_cast<QGroupBox *>(it);
    QPoint at(visible.x + visible.width / 2, visible.y + visible.height / 2);
    if (qobject_cast<QCheckBox *>(it) || qobject_cast<QRadioButton *>(it))
        at = it->mapTo(it->window(), indicator(it));
    else if (group && group->isCheckable())
        at = it->mapTo(it->window(), title(group));
    *x = at.x();
    *y = at.y();
}
