// What a person sees: all windows that show, as they lie over each other.
#include "look.hpp"

#include <QApplication>
#include <QBuffer>
#include <QImage>
#include <QPainter>
#include <QPixmap>
#include <QWindow>

#include <algorithm>

using namespace pilot;

enum { SIDE_MAX = 4096 };

static QImage painted, asked;

static int height(const QWidget *window, const QWidget *raised)
{
    if (window->windowType() == Qt::ToolTip)
        return 5;
    if (window->windowType() == Qt::Popup)
        return 4;
    if (window == QApplication::activeModalWidget())
        return 3;
    return window == raised ? 2 : window == QApplication::activeWindow() ? 1 : 0;
}

// Qt knows of no order but that in which they were made
static QWidgetList windows(const QWidget *raised)
{
    QWidgetList result;
    for (const QWindow *handle : QGuiApplication::topLevelWindows())
        for (QWidget *top : QApplication::topLevelWidgets())
            if (top->windowHandle() == handle && top->isVisible() && !top->isMinimized())
                result.append(top);
    std::stable_sort(result.begin(), result.end(),
                     [raised](const QWidget *a, const QWidget *b) { return height(a, raised) < height(b, raised); });
    return result;
}

// Offscreen there are no frames around windows: a line tells one that is over another
static void paint(QPainter &painter, QWidget *window, QPoint origin, bool line)
{
    QRect where = window->geometry().translated(-origin);
    painter.drawPixmap(where.topLeft(), window->grab());
    painter.setPen(QColor(0, 0, 0, 140));
    if (line)
        painter.drawRect(where.adjusted(0, 0, -1, -1));
}

bool scene_paint(void *raised, rect *area)
{
    const QWidgetList all = windows(raised ? w(raised) : nullptr);
    QRect whole;
    for (const QWidget *window : all)
        whole |= window->geometry();
    whole.setSize(whole.size().boundedTo(QSize(SIDE_MAX, SIDE_MAX)));
    *area = {whole.x(), whole.y(), whole.width(), whole.height()};
    painted = QImage(whole.size(), all.size() > 1 ? QImage::Format_ARGB32_Premultiplied : QImage::Format_RGB32);
    painted.fill(Qt::transparent);
    QPainter painter;
    if (!painted.isNull() && painter.begin(&painted))
        for (QWidget *window : all)
            paint(painter, window, whole.topLeft(), window != all.first());
    return !painted.isNull();
}

void scene_picture(buffer *out)
{
    QByteArray bytes;
    QBuffer device(&bytes);
    if (device.open(QIODevice::WriteOnly) && painted.save(&device, "PNG"))
        buffer_put(out, bytes.constData(), static_cast<size_t>(bytes.size()));
}

bool scene_is_new()
{
    bool fresh = painted != asked;
    asked = painted;
    return fresh;
}
