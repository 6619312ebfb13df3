// Timers: a QTimer each.
#include "shim/guard.hpp"

#include <QTimer>
#include <memory>

using namespace shim;

static bool start(QTimer *timer, int interval_ms)
{
    timer->start(interval_ms);
    return timer->timerId() > 0;
}

bhs_object *bhs_timer_create(int interval_ms, bool precise, void *payload)
{
    return c(attempt([&] {
        auto timer = std::make_unique<QTimer>();
        timer->setTimerType(precise ? Qt::PreciseTimer : Qt::CoarseTimer);
        timer->callOnTimeout([payload] { bh__on_timer(payload); });
        return start(timer.get(), interval_ms) ? timer.release() : nullptr;
    }));
}

bool bhs_timer_set_interval(bhs_object *timer, int interval_ms)
{
    return attempt([&] { return start(as<QTimer>(timer), interval_ms); });
}
