/* Axes, ticks, numbers as text. */
#include "chart/axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double NARROWEST = 1e-13; /* of the greatest number shown: beyond it doubles have no more digits */
static const double LARGEST = 1e300, SMALLEST_POSITIVE = 1e-300;

static bh__span to_log(bh__span span)
{
    return (bh__span){log10(span.low), log10(span.high)};
}

static bh__span from_log(bh__span span)
{
    return (bh__span){pow(10, fmax(span.low, -300)), pow(10, fmin(span.high, 300))};
}

/* A span that can be drawn: as it is, or widened around its middle. */
static bh__span drawable(bh__span span)
{
    double size = fmax(fabs(span.low), fabs(span.high)), least = fmax(size * NARROWEST, SMALLEST_POSITIVE);
    if (span.high - span.low < least) {
        double middle = span.low / 2 + span.high / 2, half = size > 0 ? size * 0.05 : 0.5;
        span = (bh__span){middle - half, middle + half};
    }
    return (bh__span){fmax(span.low, -LARGEST), fmin(span.high, LARGEST)};
}

bh__span bh__axis_fit(bh__span span, double margin, bool log)
{
    if (isnan(span.low) || isnan(span.high))
        return log ? (bh__span){0.1, 1} : (bh__span){0, 1};
    if (log)
        return from_log(bh__axis_fit(to_log(span), margin, false));
    span = drawable(span);
    double room = (span.high - span.low) * margin;
    return drawable((bh__span){span.low - room, span.high + room});
}

static double share_of(const bh__axis *axis, double number)
{
    bh__span shown = axis->log ? to_log(axis->shown) : axis->shown;
    double at = axis->log ? log10(number) : number;
    return (at - shown.low) / (shown.high - shown.low);
}

double bh__axis_pixel(const bh__axis *axis, double number)
{
    return axis->from + share_of(axis, number) * (axis->to - axis->from);
}

double bh__axis_number(const bh__axis *axis, double pixel)
{
    bh__span shown = axis->log ? to_log(axis->shown) : axis->shown;
    double at = shown.low + (pixel - axis->from) / (axis->to - axis->from) * (shown.high - shown.low);
    return axis->log ? pow(10, at) : at;
}

bh__span bh__axis_zoom(bh__span span, double around, double factor, bool log)
{
    if (log)
        return from_log(bh__axis_zoom(to_log(span), log10(around), factor, false));
    bh__span zoomed = {around - (around - span.low) * factor, around + (span.high - around) * factor};
    double size = fmax(fabs(zoomed.low), fabs(zoomed.high));
    bool possible = zoomed.high - zoomed.low > fmax(size * NARROWEST * 1000, SMALLEST_POSITIVE) && size < LARGEST;
    return possible ? zoomed : span;
}

bh__span bh__axis_move(bh__span span, double share, bool log)
{
    if (log)
        return from_log(bh__axis_move(to_log(span), share, false));
    double by = (span.high - span.low) * share;
    bh__span moved = {span.low + by, span.high + by};
    return fabs(moved.low) < LARGEST && fabs(moved.high) < LARGEST ? moved : span;
}

/* --- ticks */

/* 1, 2 or 5 times a power of ten, not less than LEAST. */
static double round_step(double least)
{
    double power = pow(10, floor(log10(least))), times = least / power;
    return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
}

static void even_ticks(const bh__axis *axis, double most, bool whole, bh__ticks *out)
{
    double step = round_step((axis->shown.high - axis->shown.low) / most);
    step = whole && step < 1 ? 1 : step;
    double first = ceil(axis->shown.low / step - 1e-9), last = floor(axis->shown.high / step + 1e-9);
    out->step = step;
    for (double i = first; i <= last && out->count < BH__MOST_TICKS; i++)
        out->at[out->count++] = i * step;
}

static void log_ticks(const bh__axis *axis, double most, bh__ticks *out)
{
    bh__span powers = to_log(axis->shown);
    double decades = powers.high - powers.low, stride = ceil(decades / most);
    bool between = most / decades > 4; /* room for 2 and 5 too */
    for (int k = 0; k < BH__MOST_TICKS; k++)
        for (int i = 0; i < (between ? 3 : 1); i++) {
            double power = (floor(powers.low / stride) + k) * stride;
            double at = pow(10, power) * (i == 0 ? 1 : i == 1 ? 2 : 5);
            if (at >= axis->shown.low * (1 - 1e-9) && at <= axis->shown.high * (1 + 1e-9) && out->count < BH__MOST_TICKS)
                out->at[out->count++] = at;
        }
}

void bh__axis_ticks(const bh__axis *axis, double spacing, bool whole, bh__ticks *out)
{
    double most = fmin(fmax(fabs(axis->to - axis->from) / spacing, 1), BH__MOST_TICKS / 2.0);
    *out = (bh__ticks){0};
    /* Less than a decade has too few powers to read it by */
    if (axis->log && axis->shown.high / axis->shown.low >= 8)
        log_ticks(axis, most, out);
    else
        even_ticks(axis, most, whole, out);
}

/* --- texts */

/* Minus signs as typographers want them. */
static void finish(const char *number, char out[BH__NUMBER_SIZE])
{
    size_t length = 0;
    for (; *number && length + 4 < BH__NUMBER_SIZE; number++) {
        if (*number == '-') {
            memcpy(out + length, "\xE2\x88\x92", 3);
            length += 3;
        } else {
            out[length++] = *number;
        }
    }
    out[length] = 0;
}

void bh__tick_text(double number, double step, char out[BH__NUMBER_SIZE])
{
    char text[64];
    double size = fabs(number);
    if (number == 0 || (step > 0 && size < step * 1e-6))
        snprintf(text, sizeof text, "0");
    else if (step == 0)
        snprintf(text, sizeof text, "%.3g", number);
    else if (size >= 1e7 || size < 1e-4)
        snprintf(text, sizeof text, "%.*g", (int)fmin(fmax(ceil(log10(size / step)) + 1, 1), 15), number);
    else
        snprintf(text, sizeof text, "%.*f", step >= 1 ? 0 : (int)fmin(-floor(log10(step) + 1e-9), 15), number);
    finish(text, out);
}

void bh__value_text(double number, char out[BH__NUMBER_SIZE])
{
    char text[64];
    if (number == floor(number) && fabs(number) < 1e9)
        snprintf(text, sizeof text, "%.0f", number == 0 ? 0.0 : number);
    else
        snprintf(text, sizeof text, "%.5g", number);
    finish(text, out);
}
