// QPainter, and the colours of a widget's palette.
#include "shim/painter.h"

#include "shim/guard.hpp"

#include <QFontMetrics>
#include <QPainter>
#include <QWidget>
#include <type_traits>

namespace {

// So that a C array of points is one of Qt's.
static_assert(sizeof(bh_pointf) == sizeof(QPointF) && std::is_same_v<qreal, double>);

QPainter *qt(bhs_painter *painter)
{
    return reinterpret_cast<QPainter *>(painter);
}

QColor qt(bh_color color)
{
    return QColor(color.red, color.green, color.blue, color.alpha);
}

QRect qt(bh_rect rect)
{
    return QRect(rect.x, rect.y, rect.width, rect.height);
}

const QPointF *qt(const bh_pointf *points)
{
    return reinterpret_cast<const QPointF *>(points);
}

} // namespace

bh_status bhs_palette_color(const bhs_object *widget, bh_color_role role, bh_color *color)
{
    static constexpr QPalette::ColorRole roles[BH_ROLE_COUNT] = {
        QPalette::Window,    QPalette::WindowText,      QPalette::Base, QPalette::Text, QPalette::Button,
        QPalette::Highlight, QPalette::HighlightedText, QPalette::Mid};
    return shim::guarded([&] {
        const QColor found = shim::as<const QWidget>(widget)->palette().color(roles[role]);
        *color = {uint8_t(found.red()), uint8_t(found.green()), uint8_t(found.blue()), uint8_t(found.alpha())};
    });
}

bh_status bhs_painter_set_pen(bhs_painter *painter, bh_color color, double width, bh_pen_style style)
{
    static constexpr Qt::PenStyle styles[] = {Qt::NoPen, Qt::SolidLine, Qt::DashLine, Qt::DotLine};
    return shim::guarded([&] { qt(painter)->setPen(QPen(qt(color), width, styles[style])); });
}

bh_status bhs_painter_set_brush(bhs_painter *painter, bh_color color)
{
    return shim::guarded([&] { qt(painter)->setBrush(color.alpha ? QBrush(qt(color)) : QBrush()); });
}

bh_status bhs_painter_set_font(bhs_painter *painter, const void *font)
{
    return shim::guarded([&] { qt(painter)->setFont(*static_cast<const QFont *>(font)); });
}

bh_status bhs_painter_set_antialiasing(bhs_painter *painter, bool on)
{
    return shim::guarded([&] { qt(painter)->setRenderHint(QPainter::Antialiasing, on); });
}

bh_status bhs_painter_clip_rect(bhs_painter *painter, bh_rect rect)
{
    return shim::guarded([&] { qt(painter)->setClipRect(qt(rect), Qt::IntersectClip); });
}

bh_status bhs_painter_translate(bhs_painter *painter, double dx, double dy)
{
    return shim::guarded([&] { qt(painter)->translate(dx, dy); });
}

bh_status bhs_painter_rotate(bhs_painter *painter, double degrees)
{
    return shim::guarded([&] { qt(painter)->rotate(degrees); });
}

bh_status bhs_painter_save(bhs_painter *painter)
{
    return shim::guarded([&] { qt(painter)->save(); });
}

bh_status bhs_painter_restore(bhs_painter *painter)
{
    return shim::guarded([&] { qt(painter)->restore(); });
}

bh_status bhs_painter_draw_line(bhs_painter *painter, double x1, double y1, double x2, double y2)
{
    return shim::guarded([&] { qt(painter)->drawLine(QLineF(x1, y1, x2, y2)); });
}

bh_status bhs_painter_draw_rect(bhs_painter *painter, double x, double y, double width, double height)
{
    return shim::guarded([&] { qt(painter)->drawRect(QRectF(x, y, width, height)); });
}

bh_status bhs_painter_draw_ellipse(bhs_painter *painter, double x, double y, double width, double height)
{
    return shim::guarded([&] { qt(painter)->drawEllipse(QRectF(x, y, width, height)); });
}

bh_status bhs_painter_fill_rect(bhs_painter *painter, bh_rect rect, bh_color color)
{
    return shim::guarded([&] { qt(painter)->fillRect(qt(rect), qt(color)); });
}

bh_status bhs_painter_draw_polyline(bhs_painter *painter, const bh_pointf *points, int count)
{
    return shim::guarded([&] { qt(painter)->drawPolyline(qt(points), count); });
}

bh_status bhs_painter_draw_polygon(bhs_painter *painter, const bh_pointf *points, int count)
{
    return shim::guarded([&] { qt(painter)->drawPolygon(qt(points), count); });
}

bh_status bhs_painter_draw_text(bhs_painter *painter, bh_rect rect, int alignment, const char *text)
{
    return shim::guarded([&] { qt(painter)->drawText(qt(rect), alignment, shim::text(text)); });
}

bh_status bhs_painter_text_size(bhs_painter *painter, const char *text, bh_size *size)
{
    return shim::guarded([&] {
        const QSize found = qt(painter)->fontMetrics().size(Qt::TextSingleLine, shim::text(text));
        *size = {found.width(), found.height()};
    });
}
