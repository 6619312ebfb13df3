// Timers: a QObject that has one.
#include "shim/guard.hpp"

#include <QTimerEvent>

namespace {

class Timer final : public QObject {
  public:
    Timer(bool precise, bool single_shot, void *record)
        : type(precise ? Qt::PreciseTimer : Qt::CoarseTimer), once(single_shot), payload(record)
    {
    }

    bool start(int interval_ms)
    {
        stop();
        id = startTimer(interval_ms, type);
        return id != 0;
    }

  protected:
    // The core may destroy this inside.
    void timerEvent(QTimerEvent *) override
    {
        if (once)
            stop();
        bh__on_timer(payload);
    }

  private:
    void stop()
    {
        if (id)
            killTimer(id);
        id = 0;
    }

    const Qt::TimerType type;
    const bool once;
    void *const payload;
    int id = 0;
};

Timer *qt(bhs_timer *timer)
{
    return reinterpret_cast<Timer *>(timer);
}

} // namespace

bhs_timer *bhs_timer_create(int interval_ms, bool precise, bool single_shot, void *payload)
{
    Timer *timer = nullptr;
    shim::guarded([&] {
        timer = new Timer(precise, single_shot, payload);
        if (timer->start(interval_ms))
            return;
        delete timer;
        timer = nullptr;
    });
    return reinterpret_cast<bhs_timer *>(timer);
}

bool bhs_timer_set_interval(bhs_timer *timer, int interval_ms)
{
    bool started = false;
    shim::guarded([&] { started = qt(timer)->start(interval_ms); });
    return started;
}

void bhs_timer_destroy(bhs_timer *timer)
{
    shim::guarded([&] { delete qt(timer); });
}
