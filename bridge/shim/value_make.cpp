// One Qt value from one C value that the core has checked. What only Qt can tell, that a text is no URL or a file no image, is a
// status here; the core makes the sentence.
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
#include <new>

using namespace shim;

namespace {

template <class T> bh_status put(void *at, T value)
{
    new (at) T(std::move(value));
    return BH_OK;
}

template <class T> bh_status put_valid(void *at, const T &value)
{
    return value.isValid() ? put(at, value) : BH_ERROR_RANGE;
}

// An integer of C into any integer or enum type of Qt.
bh_status make_integer(int id, void *to, qint64 number)
{
    switch (QMetaType(id).sizeOf()) {
    case 8:
        return put(to, number); // the bits are the same without a sign
    case 4:
        return put(to, int(number));
    default:
        return QMetaType(id).sizeOf() == 2 ? put(to, qint16(number)) : put(to, qint8(number));
    }
}

bh_status make_url(void *to, const char *from, char *why)
{
    const QUrl url(text(from), QUrl::StrictMode);
    if (!*from || url.isValid())
        return put(to, url);
    qstrncpy(why, url.errorString().section(';', 0, 0).toUtf8().constData(), BHS_WHY_SIZE);
    return BH_ERROR_RANGE;
}

bh_status make_keys(void *to, const QString &keys)
{
    const QKeySequence sequence = QKeySequence::fromString(keys, QKeySequence::PortableText);
    bool good = (keys.isEmpty() || sequence.count() > 0) && keys.count(", ") < 4;
    for (int i = 0; i < sequence.count(); i++)
        good = good && sequence[uint(i)].key() != Qt::Key_unknown;
    return good ? put(to, sequence) : BH_ERROR_RANGE;
}

bh_status make_image(int id, void *to, const QString &file)
{
    if (!qApp || QThread::currentThread() != qApp->thread())
        return BH_ERROR_THREAD;
    const bool is_icon = id == QMetaType::QIcon;
    const QIcon icon = is_icon ? QIcon(file) : QIcon();
    const QPixmap pixmap = is_icon ? QPixmap() : QPixmap(file);
    if (!file.isEmpty() && (is_icon ? icon.pixmap(16, 16).isNull() : pixmap.isNull()))
        return BH_ERROR_IO;
    return is_icon ? put(to, icon) : put(to, pixmap);
}

bh_status make_text(int id, void *to, const char *from, char *why)
{
    // clang-format off
    switch (id) {
    case QMetaType::QString:      return put(to, text(from));
    case QMetaType::QByteArray:   return put(to, QByteArray(from));
    case QMetaType::QUrl:         return make_url(to, from, why);
    case QMetaType::QKeySequence: return make_keys(to, text(from));
    default:                      return make_image(id, to, text(from));
    }
    // clang-format on
}

bh_status make_font(void *to, const bh_font &from)
{
    QFont font;
    if (from.family[0])
        font.setFamilies({text(from.family)});
    font.setPointSizeF(from.point_size);
    font.setWeight(QFont::Weight(from.weight));
    font.setItalic(from.italic);
    font.setUnderline(from.underline);
    font.setStrikeOut(from.strike_out);
    return put(to, font);
}

bh_status make_date_time(void *to, const bh_date_time &from)
{
    const int ms = from.millisecond_of_day;
    const QDate date(from.date.year, from.date.month, from.date.day);
    const QDateTime moment(date, ms < 0 ? QTime() : QTime::fromMSecsSinceStartOfDay(ms));
    const bool exists = moment.isValid() && moment.time().isValid() && moment.time().msecsSinceStartOfDay() == ms;
    return exists ? put(to, moment) : BH_ERROR_RANGE;
}

// QObject is the first base of every class that moc accepts: the same address.
bh_status make_object(void *to, const bh_object *from)
{
    QObject *object = from ? qt(bh__on_object_given(from)) : nullptr;
    return from && !object ? BH_ERROR_STALE : put(to, object);
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

} // namespace

QVariant shim::to_variant(const bh_value &value)
{
    char why[BHS_WHY_SIZE];
    bhs_storage storage;
    if (value.type == BH_TYPE_STRING)
        return text(value.of.as_string);
    if (bhs_construct(QMetaType::QVariant, &storage, &value, why) != BH_OK)
        return QVariant();
    const QVariant result = std::move(*alias<QVariant>(&storage));
    bhs_destroy_value(QMetaType::QVariant, &storage);
    return result;
}

bh_status shim::make_value(int id, void *to, const bh_value &value, char *why)
{
    const auto &of = value.of;
    if (id == QMetaType::QVariant)
        return make_variant(to, value, why);
    // clang-format off
    switch (value.type) {
    case BH_TYPE_BOOL:      return put(to, of.as_bool);
    case BH_TYPE_INT:       return make_integer(id, to, of.as_int);
    case BH_TYPE_UINT:      return put(to, of.as_uint);
    case BH_TYPE_INT64:     return make_integer(id, to, of.as_int64);
    case BH_TYPE_UINT64:    return id == QMetaType::ULong ? put(to, ulong(of.as_uint64)) : put(to, of.as_uint64);
    case BH_TYPE_DOUBLE:    return id == QMetaType::Double ? put(to, of.as_double) : put(to, float(of.as_double));
    case BH_TYPE_STRING:    return make_text(id, to, of.as_string ? of.as_string : "", why);
    case BH_TYPE_STRINGS:   return make_strings(to, of.as_strings);
    case BH_TYPE_OBJECT:    return make_object(to, of.as_object);
    case BH_TYPE_SIZE:      return put(to, QSize(of.as_size.width, of.as_size.height));
    case BH_TYPE_POINT:     return put(to, QPoint(of.as_point.x, of.as_point.y));
    case BH_TYPE_POINTF:    return put(to, QPointF(of.as_pointf.x, of.as_pointf.y));
    case BH_TYPE_RECT:      return put(to, QRect(of.as_rect.x, of.as_rect.y, of.as_rect.width, of.as_rect.height));
    case BH_TYPE_COLOR:     return put(to, qt(of.as_color));
    case BH_TYPE_FONT:      return make_font(to, *of.as_font);
    case BH_TYPE_DATE:      return put_valid(to, QDate(of.as_date.year, of.as_date.month, of.as_date.day));
    case BH_TYPE_TIME:      return put_valid(to, QTime(of.as_time.hour, of.as_time.minute, of.as_time.second, of.as_time.millisecond));
    case BH_TYPE_DATE_TIME: return make_date_time(to, of.as_date_time);
    case BH_TYPE_INDEX:     return put(to, QModelIndex());
    default:                return BH_ERROR_TYPE;
    }
    // clang-format on
}
