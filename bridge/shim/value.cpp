// Types: which C type a type of Qt is; and values as the core calls for them.
#include "shim/value.hpp"

#include <QAction>
#include <QDialog>
#include <QLayout>
#include <QMainWindow>
#include <QMenu>
#include <QMetaObject>
#include <QMetaType>
#include <type_traits>

namespace {

// The first Qt type of each C type is what a value becomes inside a QVariant.
const struct {
    int id;
    bh_type type;
} types[] = {
    {QMetaType::Int, BH_TYPE_INT},           {QMetaType::Bool, BH_TYPE_BOOL},          {QMetaType::QString, BH_TYPE_STRING},
    {QMetaType::Double, BH_TYPE_DOUBLE},     {QMetaType::LongLong, BH_TYPE_INT64},     {QMetaType::UInt, BH_TYPE_UINT},
    {QMetaType::ULongLong, BH_TYPE_UINT64},  {QMetaType::QObjectStar, BH_TYPE_OBJECT}, {QMetaType::QStringList, BH_TYPE_STRINGS},
    {QMetaType::QSize, BH_TYPE_SIZE},        {QMetaType::QPoint, BH_TYPE_POINT},       {QMetaType::QPointF, BH_TYPE_POINTF},
    {QMetaType::QRect, BH_TYPE_RECT},        {QMetaType::QColor, BH_TYPE_COLOR},       {QMetaType::QFont, BH_TYPE_FONT},
    {QMetaType::QDate, BH_TYPE_DATE},        {QMetaType::QTime, BH_TYPE_TIME},         {QMetaType::QDateTime, BH_TYPE_DATE_TIME},
    {QMetaType::QModelIndex, BH_TYPE_INDEX}, {QMetaType::Short, BH_TYPE_INT},          {QMetaType::UShort, BH_TYPE_INT},
    {QMetaType::Char, BH_TYPE_INT},          {QMetaType::SChar, BH_TYPE_INT},          {QMetaType::UChar, BH_TYPE_INT},
    {QMetaType::Long, BH_TYPE_INT64},        {QMetaType::ULong, BH_TYPE_UINT64},       {QMetaType::Float, BH_TYPE_DOUBLE},
    {QMetaType::QByteArray, BH_TYPE_STRING}, {QMetaType::QUrl, BH_TYPE_STRING},        {QMetaType::QKeySequence, BH_TYPE_STRING},
    {QMetaType::QIcon, BH_TYPE_STRING},      {QMetaType::QPixmap, BH_TYPE_STRING}};

// Pointer types whose names may be written before Qt itself has met them.
void register_types()
{
    static const int last = (qRegisterMetaType<QWidget *>(), qRegisterMetaType<QAction *>(), qRegisterMetaType<QLayout *>(),
                             qRegisterMetaType<QMenu *>(), qRegisterMetaType<QDialog *>(), qRegisterMetaType<QMainWindow *>());
    Q_UNUSED(last);
}

} // namespace

bh_type shim::natural_type(int id)
{
    for (const auto &known : types)
        if (known.id == id)
            return known.type;
    const QMetaType type(id);
    if (type.flags() & QMetaType::IsEnumeration)
        return type.sizeOf() <= qsizetype(sizeof(int)) ? BH_TYPE_INT : BH_TYPE_INT64;
    return type.flags() & QMetaType::PointerToQObject ? BH_TYPE_OBJECT : BH_TYPE_VOID;
}

bool shim::is_unsigned(int id)
{
    return id == QMetaType::UShort || id == QMetaType::UChar || (id == QMetaType::Char && !std::is_signed<char>::value) ||
           (QMetaType(id).flags() & QMetaType::IsUnsignedEnumeration);
}

int shim::variant_id(bh_type type)
{
    for (const auto &known : types)
        if (known.type == type)
            return known.id;
    return 0;
}

using namespace shim;

int bhs_type_id(const char *name)
{
    return attempt([&] {
        register_types();
        return QMetaType::fromName(QMetaObject::normalizedType(name)).id();
    });
}

const char *bhs_type_name(int id)
{
    const char *name = QMetaType(id).name();
    return name ? name : "a type unknown to Qt";
}

bh_type bhs_type_of(int id, bool *is_enum)
{
    if (is_enum)
        *is_enum = id > QMetaType::User && QMetaType(id).flags() & QMetaType::IsEnumeration;
    return natural_type(id);
}

unsigned bhs_type_traits(int id)
{
    // clang-format off
    switch (id) {
    case QMetaType::Bool: case QMetaType::Int: case QMetaType::UInt:
    case QMetaType::LongLong: case QMetaType::ULongLong: case QMetaType::Double:
        return BHS_PLAIN | BHS_DIRECT;
    case QMetaType::QVariant:
        return BHS_VARIANT;
    case QMetaType::QIcon: case QMetaType::QPixmap:
        return BHS_IMAGE;
    default:
        return (variant_id(natural_type(id)) == id ? BHS_PLAIN : 0) | (is_unsigned(id) ? BHS_UNSIGNED : 0);
    }
    // clang-format on
}

int bhs_type_size(int id)
{
    return int(QMetaType(id).sizeOf());
}

const void *bhs_type_interface(int id)
{
    return QMetaType(id).iface();
}

const bhs_meta *bhs_type_meta(int id)
{
    return QMetaType(id).flags() & QMetaType::PointerToQObject ? c(QMetaType(id).metaObject()) : nullptr;
}

bh_status bhs_construct(int id, bhs_storage *storage, const bh_value *value, char *why)
{
    why[0] = 0;
    bh_status status = bh__on_value_given(id, value, why);
    if (status)
        return status;
    status = attempt([&] { return make_value(id, storage, *value, why); }, BH_ERROR_EXCEPTION);
    if (status)
        bh__on_value_refused(id, value, status, why);
    return status;
}

bool bhs_default_construct(int id, bhs_storage *storage)
{
    const QMetaType type(id);
    if (!type.isValid() || type.sizeOf() > BHS_STORAGE_SIZE || type.alignOf() > qsizetype(alignof(bhs_storage)))
        return false;
    return attempt([&] { return type.construct(storage) != nullptr; });
}

void bhs_destroy_value(int id, bhs_storage *storage)
{
    if (id == QMetaType::QString)
        reinterpret_cast<QString *>(storage)->~QString();
    else
        guarded([&] { QMetaType(id).destruct(storage); });
}

bool bhs_read(int id, const void *qt, bh_value *value)
{
    return attempt([&] { return read_value(id, qt, value); });
}
