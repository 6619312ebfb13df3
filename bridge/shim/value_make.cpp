// One Qt value from one C value. What is no date, no URL, no key sequence, no image or no object of the class is said in a few
// words; the core makes the sentence.
#include "shim/value.hpp"

#include <QApplication>
#include <QColor>
#include <QDateTime>
#include <QFont>
#include <QIcon>
#include <QKeySequence>
#include <QModelIndex>
#include <QPixmap>
#include <QRect>
#include <QThread>
#include <QUrl>
#include <QVariant>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <limits>
#include <new>

using namespace shim;

namespace {

bh_status none(char *why, bh_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));
bh_status none(char *why, bh_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(why, BHS_WHY_SIZE, format, arguments);
    va_end(arguments);
    return status;
}

template <class T> bh_status put(void *at, T value)
{
    new (at) T(std::move(value));
    return BH_OK;
}

// An integer of C into any integer or enum type of Qt, if it fits.
bh_status make_integer(int id, void *to, const bh_value &value, char *why)
{
    const qsizetype size = QMetaType(id).sizeOf();
    const qint64 number = value.type == BH_TYPE_INT ? value.of.as_int : value.of.as_int64;
    if (size == 8)
        return put<qint64>(to, number); // the bits are the same without a sign
    if (size == 4)
        return put<int>(to, int(number));
    const qint64 span = qint64(1) << (8 * size);
    const qint64 least = is_unsigned(id) ? 0 : -span / 2;
    if (number < least || number >= least + span)
        return none(why, BH_ERROR_RANGE, "%lld lies outside %lld to %lld", number, least, least + span - 1);
    return size == 2 ? put<qint16>(to, qint16(number)) : put<qint8>(to, qint8(number));
}

bh_status make_double(int id, void *to, double number, char *why)
{
    if (id == QMetaType::Double)
        return put<double>(to, number);
    if (std::isfinite(number) && std::fabs(number) > double(std::numeric_limits<float>::max()))
        return none(why, BH_ERROR_RANGE, "%g is too large for a float", number);
    return put<float>(to, float(number));
}

bh_status make_url(void *to, const char *from, char *why)
{
    QUrl url(text(from), QUrl::StrictMode);
    if (*from && !url.isValid())
        return none(why, BH_ERROR_RANGE, "\"%.60s\" is no URL: %s", from,
                    url.errorString().section(';', 0, 0).toUtf8().constData());
    return put(to, url);
}

bh_status make_keys(void *to, const char *from, char *why)
{
    const QString keys = text(from);
    QKeySequence sequence = QKeySequence::fromString(keys, QKeySequence::PortableText);
    bool good = (keys.isEmpty() || sequence.count() > 0) && keys.count(", ") < 4;
    for (int i = 0; i < sequence.count(); i++)
        good = good && sequence[uint(i)].key() != Qt::Key_unknown;
    if (!good)
        return none(why, BH_ERROR_RANGE, "\"%.60s\" is no key sequence: write up to four as \"Ctrl+S\" or \"Ctrl+K, Ctrl+C\"",
                    from);
    return put(to, sequence);
}

bh_status make_image(int id, void *to, const char *file, char *why)
{
    if (!qApp || QThread::currentThread() != qApp->thread())
        return none(why, BH_ERROR_THREAD, "images are made on the GUI thread");
    QIcon icon;
    QPixmap pixmap;
    bool good = true;
    if (*file && id == QMetaType::QIcon) {
        icon = QIcon(text(file));
        good = !icon.pixmap(16, 16).isNull();
    } else if (*file) {
        good = pixmap.load(text(file));
    }
    if (!good)
        return none(why, BH_ERROR_IO, "cannot read an image from the file \"%.180s\"", file);
    return id == QMetaType::QIcon ? put(to, icon) : put(to, pixmap);
}

bh_status make_text(int id, void *to, const char *from, char *why)
{
    switch (id) {
    case QMetaType::QString:
        return put(to, text(from));
    case QMetaType::QByteArray:
        return put(to, QByteArray(from));
    case QMetaType::QUrl:
        return make_url(to, from, why);
    case QMetaType::QKeySequence:
        return make_keys(to, from, why);
    default:
        return make_image(id, to, from, why);
    }
}

bh_status make_font(void *to, const bh_font *from, char *why)
{
    if (!from)
        return none(why, BH_ERROR_NULL, "the font is NULL");
    if (!std::memchr(from->family, 0, sizeof from->family))
        return none(why, BH_ERROR_RANGE, "the font's family has no end within %zu bytes", sizeof from->family);
    if (!(from->point_size > 0 && from->point_size <= 4096))
        return none(why, BH_ERROR_RANGE, "the font's point_size %g lies outside 0 to 4096", from->point_size);
    if (from->weight < 1 || from->weight > 1000)
        return none(why, BH_ERROR_RANGE, "the font's weight %d lies outside 1 to 1000", from->weight);
    QFont font;
    if (from->family[0])
        font.setFamilies({text(from->family)});
    font.setPointSizeF(from->point_size);
    font.setWeight(QFont::Weight(from->weight));
    font.setItalic(from->italic);
    font.setUnderline(from->underline);
    font.setStrikeOut(from->strike_out);
    return put(to, font);
}

bh_status make_time(void *to, const bh_time &from, char *why)
{
    QTime time;
    if (!time.setHMS(from.hour, from.minute, from.second, from.millisecond))
        return none(why, BH_ERROR_RANGE, "%02d:%02d:%02d.%03d is no time", from.hour, from.minute, from.second, from.millisecond);
    return put(to, time);
}

bh_status make_date(void *to, const bh_date &from, char *why)
{
    const QDate date(from.year, from.month, from.day);
    if (!date.isValid())
        return none(why, BH_ERROR_RANGE, "there is no date %04d-%02d-%02d", from.year, from.month, from.day);
    return put(to, date);
}

bh_status make_date_time(void *to, const bh_date_time &from, char *why)
{
    const int ms = from.millisecond_of_day;
    const QDate date(from.date.year, from.date.month, from.date.day);
    const QDateTime moment(date, ms < 0 ? QTime() : QTime::fromMSecsSinceStartOfDay(ms));
    if (!moment.isValid() || !moment.time().isValid() || moment.time().msecsSinceStartOfDay() != ms)
        return none(why, BH_ERROR_RANGE, "there is no %04d-%02d-%02d with %d milliseconds in local time", from.date.year,
                    from.date.month, from.date.day, ms);
    return put(to, moment);
}

bh_status make_object(int id, void *to, const bh_object *from, char *why)
{
    QObject *object = from ? qt(bh__on_object_given(from)) : nullptr;
    if (from && !object)
        return none(why, BH_ERROR_STALE, "the object given is gone");
    const QMetaObject *needed = QMetaType(id).metaObject();
    if (object && needed && !needed->cast(object))
        return none(why, BH_ERROR_CLASS, "needs a %s, got %s '%s'", needed->className(), object->metaObject()->className(),
                    object->objectName().toUtf8().constData());
    return put(to, object); // QObject is the first base of every class that moc accepts: the same address
}

bh_status make_strings(void *to, const char *const *from)
{
    QStringList list;
    for (; from && *from; from++)
        list += text(*from);
    return put(to, list);
}

bh_status make_variant(void *to, const bh_value &value, char *why)
{
    const int id = variant_id(value.type);
    if (id == QMetaType::UnknownType)
        return put(to, QVariant());
    bhs_storage held;
    const bh_status status = make_value(id, &held, value, why);
    if (status)
        return status;
    put(to, QVariant(QMetaType(id), &held));
    QMetaType(id).destruct(&held);
    return BH_OK;
}

bh_status make_struct(int id, void *to, const bh_value &value, char *why)
{
    const auto &of = value.of;
    switch (value.type) {
    case BH_TYPE_SIZE:
        return put(to, QSize(of.as_size.width, of.as_size.height));
    case BH_TYPE_POINT:
        return put(to, QPoint(of.as_point.x, of.as_point.y));
    case BH_TYPE_POINTF:
        return put(to, QPointF(of.as_pointf.x, of.as_pointf.y));
    case BH_TYPE_RECT:
        return put(to, QRect(of.as_rect.x, of.as_rect.y, of.as_rect.width, of.as_rect.height));
    case BH_TYPE_COLOR:
        return put(to, QColor(of.as_color.red, of.as_color.green, of.as_color.blue, of.as_color.alpha));
    case BH_TYPE_FONT:
        return make_font(to, of.as_font, why);
    case BH_TYPE_DATE:
        return make_date(to, of.as_date, why);
    case BH_TYPE_TIME:
        return make_time(to, of.as_time, why);
    case BH_TYPE_DATE_TIME:
        return make_date_time(to, of.as_date_time, why);
    case BH_TYPE_INDEX:
        if (of.as_index.row == -1 && of.as_index.column == -1)
            return put(to, QModelIndex());
        return none(why, BH_ERROR_RANGE, "an index is made by its model: C can give {-1, -1} only");
    default:
        return none(why, BH_ERROR_TYPE, "C cannot hold %s", bhs_type_name(id));
    }
}

} // namespace

bh_status shim::make_value(int id, void *to, const bh_value &value, char *why)
{
    const auto &of = value.of;
    if (id == QMetaType::QVariant)
        return make_variant(to, value, why);
    switch (value.type) {
    case BH_TYPE_BOOL:
        return put(to, of.as_bool);
    case BH_TYPE_UINT:
        return put(to, of.as_uint);
    case BH_TYPE_UINT64:
        return id == QMetaType::ULong ? put(to, ulong(of.as_uint64)) : put(to, of.as_uint64);
    case BH_TYPE_INT:
    case BH_TYPE_INT64:
        return make_integer(id, to, value, why);
    case BH_TYPE_DOUBLE:
        return make_double(id, to, of.as_double, why);
    case BH_TYPE_STRING:
        return make_text(id, to, of.as_string ? of.as_string : "", why);
    case BH_TYPE_STRINGS:
        return make_strings(to, of.as_strings);
    case BH_TYPE_OBJECT:
        return make_object(id, to, of.as_object, why);
    default:
        return make_struct(id, to, value, why);
    }
}
