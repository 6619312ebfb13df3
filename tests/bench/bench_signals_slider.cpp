// For bench_signals.sh: QSlider::valueChanged(int) to a C callback and to a C++ lambda, on the same kind of slider and
// with the same loop of setValue in C++, so that only the connection differs.
#define QT_NO_KEYWORDS // Qt's `signals` and `slots` are names in class.h
#include "find.hpp"

#include <QSlider>
#include <bulkhead/qt.h>

namespace {
const int calls = 2000000;
QSlider *ours_slider, *qt_slider;
long ours_sum, qt_sum;

double set_all(QSlider *slider)
{
    const double begun = bench_seconds();
    for (int i = 1; i <= calls; i++)
        slider->setValue(i & 63); // another value on every call
    return bench_seconds() - begun;
}

double ours()
{
    return set_all(ours_slider);
}

double theirs()
{
    return set_all(qt_slider);
}

void on_value_changed(void *user, int value)
{
    *static_cast<long *>(user) += value;
}
} // namespace

int main(int argc, char **argv)
{
    bench_require(bh_app_create(argc, argv), "there is an application");
    bh_object *connected, *plain;
    ours_slider = create<QSlider>("QSlider", "ours", &connected);
    qt_slider = create<QSlider>("QSlider", "theirs", &plain);
    bench_require(bh_connect(connected, "valueChanged", BH_CALLBACK(on_value_changed, int), &ours_sum, nullptr),
                  "valueChanged connects");
    long *sum = &qt_sum;
    QObject::connect(qt_slider, &QSlider::valueChanged, qt_slider, [sum](int value) { *sum += value; });

    const bench_rounds rounds = bench_alternate(7, ours, theirs);
    bench_require(ours_sum == qt_sum && ours_sum > 0, "both saw the same values");
    bench_figure("signals.direct_vs_qt", bench_ratio(&rounds), "x");
    return 0;
}
