// QPainter, and the colours of a widget's palette.
#include "shim/painter.h"

#include "shim/value.hpp"

#include <QFontMetrics>
#include <QPainter>
#include <QWidget>
#include <type_traits>

using namespace shim;

namespace {

// So that a C array of points is one of Qt's.
static_assert(sizeof(bh_pointf) == sizeof(QPointF) && std::is_same_v<qreal, double>);

QRect qt(bh_rect rect)
{
    return QRect(rect.x, rect.y, rect.width, rect.height);
}

} // namespace

bh_status bhs_palette_color(const bhs_object *widget, int role, bh_color *color)
{
    return guarded([&] {
        const QColor found = as<const QWidget>(widget)->palette().color(QPalette::ColorRole(role));
        *color = {uint8_t(found.red()), uint8_t(found.green()), uint8_t(found.blue()), uint8_t(found.alpha())};
    });
}

bh_status bhs_painter_set_pen(bhs_painter *painter, bh_color color, double width, bh_pen_style style)
{
    static_assert(BH_PEN_SOLID == int(Qt::SolidLine) && BH_PEN_DASH == int(Qt::DashLine) && BH_PEN_DOT == int(Qt::DotLine));
    return guarded([&] { alias<QPainter>(painter)->setPen(QPen(qt(color), width, Qt::PenStyle(style))); });
}

bh_status bhs_painter_set_brush(bhs_painter *painter, bh_color color)
{
    return guarded([&] { alias<QPainter>(painter)->setBrush(color.alpha ? QBrush(qt(color)) : QBrush()); });
}

bh_status bhs_painter_set_font(bhs_painter *painter, const void *font)
{
    return guarded([&] { alias<QPainter>(painter)->setFont(*static_cast<const QFont *>(font)); });
}

bh_status bhs_painter_set_antialiasing(bhs_painter *painter, bool on)
{
    return guarded([&] { alias<QPainter>(painter)->setRenderHint(QPainter::Antialiasing, on); });
}

bh_status bhs_painter_clip_rect(bhs_painter *painter, bh_rect rect)
{
    return guarded([&] { alias<QPainter>(painter)->setClipRect(qt(rect), Qt::IntersectClip); });
}

bh_status bhs_painter_transform(bhs_painter *painter, double dx, double dy, double degrees)
{
    return guarded([&] {
        alias<QPainter>(painter)->translate(dx, dy);
        alias<QPainter>(painter)->rotate(degrees);
    });
}

bh_status bhs_painter_save(bhs_painter *painter)
{
    return guarded([&] { alias<QPainter>(painter)->save(); });
}

bh_status bhs_painter_restore(bhs_painter *painter)
{
    return guarded([&] { alias<QPainter>(painter)->restore(); });
}

bh_status bhs_painter_draw_line(bhs_painter *painter, double x1, double y1, double x2, double y2)
{
    return guarded([&] { alias<QPainter>(painter)->drawLine(QLineF(x1, y1, x2, y2)); });
}

bh_status bhs_painter_draw_ellipse(bhs_painter *painter, double x, double y, double width, double height)
{
    return guarded([&] { alias<QPainter>(painter)->drawEllipse(QRectF(x, y, width, height)); });
}

bh_status bhs_painter_draw_rect(bhs_painter *painter, double x, double y, double width, double height, double radius)
{
    return guarded([&] { alias<QPainter>(painter)->drawRoundedRect(QRectF(x, y, width, height), radius, radius); });
}

bh_status bhs_painter_scale(bhs_painter *painter, double *scale)
{
    return guarded([&] { *scale = alias<QPainter>(painter)->device()->devicePixelRatioF(); });
}

bh_status bhs_painter_fill_rect(bhs_painter *painter, bh_rect rect, bh_color color)
{
    return guarded([&] { alias<QPainter>(painter)->fillRect(qt(rect), qt(color)); });
}

bh_status bhs_painter_draw_points(bhs_painter *painter, bool closed, const bh_pointf *points, int count)
{
    auto *all = reinterpret_cast<const QPointF *>(points);
    return guarded(
        [&] { closed ? alias<QPainter>(painter)->drawPolygon(all, count) : alias<QPainter>(painter)->drawPolyline(all, count); });
}

bh_status bhs_painter_draw_text(bhs_painter *painter, bh_rect rect, int alignment, const char *words)
{
    return guarded([&] {
        auto *self = alias<QPainter>(painter);
        QString shown = text(words);
        if (alignment & BH_TEXT_ELIDE)
            shown = self->fontMetrics().elidedText(shown, Qt::ElideRight, rect.width, Qt::TextSingleLine);
        self->drawText(qt(rect), alignment & ~BH_TEXT_ELIDE, shown);
    });
}

bh_status bhs_painter_text_size(bhs_painter *painter, const char *words, bh_size *size)
{
    return guarded([&] {
        const QSize found = alias<QPainter>(painter)->fontMetrics().size(Qt::TextSingleLine, text(words));
        *size = {found.width(), found.height()};
    });
}
