// Properties by name beside C++'s setters, on the same hidden widgets, with another value on every call.
#define QT_NO_KEYWORDS // Qt's `signals` and `slots` are names in class.h
#include "find.hpp"

#include <QLabel>
#include <QProgressBar>
#include <algorithm>
#include <bulkhead/qt.h>

namespace {
const int ints = 1000000, strings = 200000;
bh_object *bar, *label;
QProgressBar *qt_bar;
QLabel *qt_label;
char texts[64][32];

double ours_int()
{
    const double begun = bench_seconds();
    for (int i = 1; i <= ints; i++)
        bh_set_int(bar, "value", i & 63);
    return bench_seconds() - begun;
}

double qt_int()
{
    const double begun = bench_seconds();
    for (int i = 1; i <= ints; i++)
        qt_bar->setValue(i & 63);
    return bench_seconds() - begun;
}

double ours_string()
{
    const double begun = bench_seconds();
    for (int i = 1; i <= strings; i++)
        bh_set_string(label, "text", texts[i & 63]);
    return bench_seconds() - begun;
}

double qt_string()
{
    const double begun = bench_seconds();
    for (int i = 1; i <= strings; i++)
        qt_label->setText(QString::fromUtf8(texts[i & 63]));
    return bench_seconds() - begun;
}
} // namespace

int main(int argc, char **argv)
{
    bench_require(bh_app_create(argc, argv), "there is an application");
    qt_bar = create<QProgressBar>("QProgressBar", "bar", &bar);
    qt_label = create<QLabel>("QLabel", "label", &label);
    for (int i = 0; i < 64; i++)
        snprintf(texts[i], sizeof texts[i], "record %d of 2000000", 123456 + i);
    bench_require(bh_set_int(bar, "value", 17) == BH_OK && qt_bar->value() == 17, "the value is set");
    bench_require(bh_set_string(label, "text", texts[17]) == BH_OK && qt_label->text() == texts[17], "the text is set");

    const bench_rounds int_rounds = bench_alternate(7, ours_int, qt_int);
    const bench_rounds string_rounds = bench_alternate(7, ours_string, qt_string);
    const double int_ratio = bench_ratio(&int_rounds), string_ratio = bench_ratio(&string_rounds);
    bench_figure("property.set_vs_qt", std::min(int_ratio, string_ratio), "x");
    bench_figure("property.set_int_vs_qt", int_ratio, "x");
    bench_figure("property.set_string_vs_qt", string_ratio, "x");
    return 0;
}
