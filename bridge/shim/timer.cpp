// Timers: a QObject that has one.
#include "shim/guard.hpp"

#include <QTimerEvent>
#include <memory>

using namespace shim;

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

    // The core may destroy this inside.
    void timerEvent(QTimerEvent *) override
    {
        if (once)
            stop();
        bh__on_timer(payload);
    }

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

} // namespace

bhs_timer *bhs_timer_create(int interval_ms, bool precise, bool single_shot, void *payload)
{
    return attempt([&] {
        auto timer = std::make_unique<Timer>(precise, single_shot, payload);
        return alias<bhs_timer>(timer->start(interval_ms) ? timer.release() : nullptr);
    });
}

bool bhs_timer_set_interval(bhs_timer *timer, int interval_ms)
{
    return attempt([&] { return alias<Timer>(timer)->start(interval_ms); });
}

void bhs_timer_destroy(bhs_timer *timer)
{
    guarded([&] { delete alias<Timer>(timer); });
}
