// Painting as on a display: so many pictures a second, and not one after each event, of which nobody sees most. With a display the window
// system sees to that; offscreen a program would paint as fast as events come, and a step of a script would wait for it. What takes a
// picture paints by itself, so it is never an old one.
#include "frames.hpp"

#include <QApplication>
#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>
#include <QWidget>

enum { FRAME_MS = 16 };

namespace {
QElapsedTimer last; // since the last picture
QList<QPointer<QWidget>> waiting;
bool painting;
} // namespace

Frames::Frames(QObject *parent) : QTimer(parent), offscreen(QGuiApplication::platformName() == QLatin1String("offscreen"))
{
    setSingleShot(true);
    setTimerType(Qt::PreciseTimer);
    connect(this, &QTimer::timeout, this, &Frames::paint);
}

bool Frames::hold(QObject *watched, const QEvent *event)
{
    if (event->type() != QEvent::UpdateRequest || !offscreen || painting || !watched->isWidgetType())
        return false;
    qint64 left = last.isValid() ? FRAME_MS - last.elapsed() : 0;
    if (left <= 0) {
        last.start();
        return false;
    }
    if (!waiting.contains(static_cast<QWidget *>(watched)))
        waiting.append(static_cast<QWidget *>(watched));
    if (!isActive())
        start(static_cast<int>(left));
    return true;
}

void Frames::paint()
{
    const QList<QPointer<QWidget>> now = std::exchange(waiting, {});
    stop();
    last.start();
    painting = true; // repaint() in the midst of it, too
    for (const QPointer<QWidget> &window : now) {
        QEvent request(QEvent::UpdateRequest);
        if (window)
            QCoreApplication::sendEvent(window, &request);
    }
    painting = false;
}
