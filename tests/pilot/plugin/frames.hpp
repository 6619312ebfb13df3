// Paints offscreen as often as a display would: see frames.cpp.
#ifndef PILOT_FRAMES_HPP
#define PILOT_FRAMES_HPP

#include <QTimer>

class Frames : public QTimer {
  public:
    explicit Frames(QObject *parent);

    // True: the event asks a window to paint what has changed, and comes later
    bool hold(QObject *watched, const QEvent *event);

    // What waits for the next picture is painted now
    void paint();

  private:
    bool offscreen;
};

#endif
