// Drags, drops and context menus, as Qt's own windows send them.
#include "dragging.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QUrl>
#include <QWidget>

static QWidget *receiver(int x, int y)
{
    QWidget *window = QApplication::activeWindow();
    QWidget *child = window ? window->childAt(x, y) : nullptr;
    return child ? child : window;
}

bool drop_at(int x, int y, const char *const *urls, const char *text)
{
    QMimeData data;
    QList<QUrl> list;
    for (; urls && *urls; urls++)
        list += QUrl(QString::fromUtf8(*urls));
    if (!list.isEmpty())
        data.setUrls(list);
    if (text)
        data.setText(QString::fromUtf8(text));
    QWidget *to = receiver(x, y);
    while (to && !to->acceptDrops()) // as QApplication finds it
        to = to->parentWidget();
    if (!to)
        return false;
    QDragEnterEvent enter(QPoint(x, y), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    enter.ignore();
    QCoreApplication::sendEvent(to, &enter);
    if (!enter.isAccepted())
        return false;
    QDropEvent drop(QPointF(x, y), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    drop.ignore();
    QCoreApplication::sendEvent(to, &drop);
    return drop.isAccepted();
}

void ask_for_menu_at(int x, int y)
{
    QWidget *to = receiver(x, y);
    QWidget *window = QApplication::activeWindow();
    if (!to)
        return;
    QContextMenuEvent event(QContextMenuEvent::Mouse, to->mapFrom(window, QPoint(x, y)), window->mapToGlobal(QPoint(x, y)));
    QCoreApplication::sendEvent(to, &event);
}
