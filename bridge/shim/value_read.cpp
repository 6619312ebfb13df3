// One C value from one Qt value. Texts, lists and fonts are blocks of their own.
#include "base/memory.h"
#include "base/text.h"
#include "shim/value.hpp"

#include <QColor>
#include <QDateTime>
#include <QFont>
#include <QFontInfo>
#include <QKeySequence>
#include <QModelIndex>
#include <QRect>
#include <QUrl>
#include <QVariant>
#include <algorithm>
#include <climits>
#include <cstring>
#include <type_traits>

using namespace shim;

namespace {

template <class T> const T &at(const void *qt)
{
    return *static_cast<const T *>(qt);
}

// A string of C ends at its first 0, so one inside becomes U+FFFD.
char *copy_text(QByteArray utf8)
{
    if (std::strlen(utf8.constData()) != size_t(utf8.size()))
        utf8.replace('\0', "\xEF\xBF\xBD");
    return bh__strdup(utf8.constData());
}

char *read_text(int id, const void *qt)
{
    // clang-format off
    switch (id) {
    case QMetaType::QString:      return copy_text(at<QString>(qt).toUtf8());
    case QMetaType::QByteArray:   return copy_text(QString::fromUtf8(at<QByteArray>(qt)).toUtf8());
    case QMetaType::QUrl:         return copy_text(at<QUrl>(qt).toEncoded());
    case QMetaType::QKeySequence: return copy_text(at<QKeySequence>(qt).toString(QKeySequence::PortableText).toUtf8());
    default:                      return bh__strdup(""); // an image does not know its file
    }
    // clang-format on
}

const char *const *read_strings(const QStringList &list)
{
    QByteArray all;
    for (const QString &one : list)
        all += one.toUtf8().replace('\0', "\xEF\xBF\xBD") + '\0';
    const size_t head = (size_t(list.size()) + 1) * sizeof(char *);
    auto strings = static_cast<char **>(bh__malloc(head + size_t(all.size())));
    if (!strings)
        return nullptr;
    char *next = reinterpret_cast<char *>(strings) + head;
    std::memcpy(next, all.constData(), size_t(all.size()));
    for (qsizetype i = 0; i < list.size(); i++, next += std::strlen(next) + 1)
        strings[i] = next;
    strings[list.size()] = nullptr;
    return strings;
}

const bh_font *read_font(const QFont &from)
{
    auto font = static_cast<bh_font *>(bh__calloc(1, sizeof(bh_font)));
    if (!font)
        return nullptr;
    bh__copy_text(font->family, sizeof font->family, from.family().toUtf8().constData());
    font->point_size = from.pointSizeF() > 0 ? from.pointSizeF() : QFontInfo(from).pointSizeF();
    font->weight = from.weight();
    font->italic = from.italic();
    font->underline = from.underline();
    font->strike_out = from.strikeOut();
    return font;
}

int read_integer(int id, const void *qt)
{
    const qsizetype size = QMetaType(id).sizeOf();
    if (size == 1)
        return is_unsigned(id) ? at<quint8>(qt) : at<qint8>(qt);
    if (size == 2)
        return is_unsigned(id) ? at<quint16>(qt) : at<qint16>(qt);
    return at<int>(qt);
}

// QRect::width overflows for a rectangle over the whole range of int, which some of Qt's functions return.
int side(int first, int last)
{
    return int(std::min<qint64>(qint64(last) - first + 1, INT_MAX));
}

bh_rect to_c(const QRect &rect)
{
    return {rect.x(), rect.y(), side(rect.left(), rect.right()), side(rect.top(), rect.bottom())};
}

bh_color to_c(const QColor &color)
{
    const QColor rgb = color.toRgb();
    return {uint8_t(rgb.red()), uint8_t(rgb.green()), uint8_t(rgb.blue()), uint8_t(rgb.alpha())};
}

bh_date to_c(const QDate &date)
{
    return {date.year(), date.month(), date.day()};
}

bh_time to_c(const QTime &time)
{
    return {time.hour(), time.minute(), time.second(), time.msec()};
}

bh_date_time to_c(const QDateTime &moment)
{
    const QDateTime local = moment.toLocalTime();
    return {to_c(local.date()), local.time().msecsSinceStartOfDay()};
}

// False without memory for a block.
template <class T> bool give(T &to, T from)
{
    to = from;
    if constexpr (std::is_pointer_v<T>)
        return from != nullptr;
    return true;
}

template <class T> bool read_object(T &to, QObject *from)
{
    to = from ? bh__on_object_taken(c(from)) : nullptr;
    return to || !from;
}

} // namespace

bool shim::read_value(int id, const void *from, bh_value *value)
{
    auto &of = value->of;
    if (id == QMetaType::QVariant) {
        const QVariant &variant = at<QVariant>(from);
        return read_value(variant.metaType().id(), variant.constData(), value);
    }
    value->type = natural_type(id);
    // clang-format off
    switch (value->type) {
    case BH_TYPE_BOOL:      return give(of.as_bool, at<bool>(from));
    case BH_TYPE_INT:       return give(of.as_int, read_integer(id, from));
    case BH_TYPE_UINT:      return give(of.as_uint, at<uint>(from));
    case BH_TYPE_INT64:     return give(of.as_int64, id == QMetaType::Long ? int64_t(at<long>(from)) : at<int64_t>(from));
    case BH_TYPE_UINT64:    return give(of.as_uint64, id == QMetaType::ULong ? uint64_t(at<ulong>(from)) : at<uint64_t>(from));
    case BH_TYPE_DOUBLE:    return give(of.as_double, id == QMetaType::Double ? at<double>(from) : double(at<float>(from)));
    case BH_TYPE_STRING:    return give<const char *>(of.as_string, read_text(id, from));
    case BH_TYPE_STRINGS:   return give(of.as_strings, read_strings(at<QStringList>(from)));
    case BH_TYPE_FONT:      return give(of.as_font, read_font(at<QFont>(from)));
    case BH_TYPE_OBJECT:    return read_object(of.as_object, at<QObject *>(from));
    case BH_TYPE_SIZE:      return give(of.as_size, {at<QSize>(from).width(), at<QSize>(from).height()});
    case BH_TYPE_POINT:     return give(of.as_point, {at<QPoint>(from).x(), at<QPoint>(from).y()});
    case BH_TYPE_POINTF:    return give(of.as_pointf, {at<QPointF>(from).x(), at<QPointF>(from).y()});
    case BH_TYPE_RECT:      return give(of.as_rect, to_c(at<QRect>(from)));
    case BH_TYPE_COLOR:     return give(of.as_color, to_c(at<QColor>(from)));
    case BH_TYPE_DATE:      return give(of.as_date, to_c(at<QDate>(from)));
    case BH_TYPE_TIME:      return give(of.as_time, to_c(at<QTime>(from)));
    case BH_TYPE_DATE_TIME: return give(of.as_date_time, to_c(at<QDateTime>(from)));
    case BH_TYPE_INDEX:     return give(of.as_index, {at<QModelIndex>(from).row(), at<QModelIndex>(from).column()});
    default:                return true;
    }
    // clang-format on
}
