/* Values that cross between C and Qt, each in its natural C type, with a tag that the library checks.
 *
 *   Qt                                    C
 *   bool                                  bool
 *   int, and any enum or flags            int
 *   uint                                  unsigned
 *   qint64 / quint64                      int64_t / uint64_t
 *   double, float                         double
 *   QString, QByteArray, QUrl,            const char *   (UTF-8, valid during the call; NULL reads as "")
 *   QKeySequence, QIcon/QPixmap (a file)
 *   QStringList                           const char *const *   (NULL-terminated)
 *   QObject * and every class of it       bh_object *
 *   QSize, QPoint, QPointF, QRect         bh_size, bh_point, bh_pointf, bh_rect
 *   QColor, QFont                         bh_color, const bh_font *
 *   QDate, QTime, QDateTime               bh_date, bh_time, bh_date_time (local time)
 *   QModelIndex                           bh_index
 *
 * Nothing is converted that could lose something: 3.7 is no int, "no" is no bool, 9999999999 is no int. What is always exact is
 * accepted: an int where Qt wants a double or an int64_t, 0 and 1 where it wants a bool (C's `true` is an int).
 * Bytes that are no UTF-8 arrive as U+FFFD. */
#ifndef BULKHEAD_VALUE_H
#define BULKHEAD_VALUE_H

#include <bulkhead/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Any QObject. A handle, no address: checked at each call, safe to keep after its object is gone. */
typedef struct bh_object bh_object;

typedef struct bh_size {
    int width, height; /* pixels */
} bh_size;

typedef struct bh_point {
    int x, y; /* pixels */
} bh_point;

typedef struct bh_pointf {
    double x, y; /* pixels */
} bh_pointf;

typedef struct bh_rect {
    int x, y, width, height; /* pixels */
} bh_rect;

typedef struct bh_color {
    uint8_t red, green, blue, alpha; /* 0 to 255; alpha 255 is opaque */
} bh_color;

typedef struct bh_date {
    int year, month, day; /* month and day count from 1 */
} bh_date;

typedef struct bh_time {
    int hour, minute, second, millisecond;
} bh_time;

typedef struct bh_date_time {
    bh_date date;
    int millisecond_of_day; /* local time */
} bh_date_time;

typedef struct bh_font {
    char family[64]; /* UTF-8; "" for the application's */
    double point_size;
    int weight; /* 1 to 1000; 400 normal, 700 bold */
    bool italic, underline, strike_out;
} bh_font;

typedef struct bh_index {
    int row, column; /* -1 and -1: no index */
} bh_index;

/* Tags. Numbers are frozen. */
typedef enum bh_type {
    BH_TYPE_VOID = 0,
    BH_TYPE_BOOL = 1,
    BH_TYPE_INT = 2,
    BH_TYPE_UINT = 3,
    BH_TYPE_INT64 = 4,
    BH_TYPE_UINT64 = 5,
    BH_TYPE_DOUBLE = 6,
    BH_TYPE_STRING = 7,
    BH_TYPE_OBJECT = 8,
    BH_TYPE_SIZE = 9,
    BH_TYPE_POINT = 10,
    BH_TYPE_POINTF = 11,
    BH_TYPE_RECT = 12,
    BH_TYPE_COLOR = 13,
    BH_TYPE_DATE = 14,
    BH_TYPE_TIME = 15,
    BH_TYPE_DATE_TIME = 16,
    BH_TYPE_FONT = 17,
    BH_TYPE_STRINGS = 18,
    BH_TYPE_INDEX = 19,
    BH_TYPE_POINTER = 20 /* a void *: only NULL, or a handle kept in a void * */
} bh_type;

/* One value with its tag. Borrows strings, lists and fonts: they must live until the call that takes the value returns. */
typedef struct bh_value {
    union {
        bool as_bool;
        int as_int;
        unsigned as_uint;
        int64_t as_int64;
        uint64_t as_uint64;
        double as_double;
        const char *as_string;
        bh_object *as_object;
        bh_size as_size;
        bh_point as_point;
        bh_pointf as_pointf;
        bh_rect as_rect;
        bh_color as_color;
        bh_date as_date;
        bh_time as_time;
        bh_date_time as_date_time;
        const bh_font *as_font;
        const char *const *as_strings;
        bh_index as_index;
        const void *as_pointer;
    } of;
    bh_type type;
} bh_value;

/* Structs as one expression, also as an argument of bh_call and bh_emit, where bare braces would be cut at their commas. */
#ifdef __cplusplus
#define BH_SIZE(width, height) (bh_size{(width), (height)})
#define BH_POINT(x, y) (bh_point{(x), (y)})
#define BH_RECT(x, y, width, height) (bh_rect{(x), (y), (width), (height)})
#define BH_RGBA(red, green, blue, alpha) (bh_color{(red), (green), (blue), (alpha)})
#define BH_INDEX(row, column) (bh_index{(row), (column)})
#else
#define BH_SIZE(width, height) ((bh_size){(width), (height)})
#define BH_POINT(x, y) ((bh_point){(x), (y)})
#define BH_RECT(x, y, width, height) ((bh_rect){(x), (y), (width), (height)})
#define BH_RGBA(red, green, blue, alpha) ((bh_color){(red), (green), (blue), (alpha)})
#define BH_INDEX(row, column) ((bh_index){(row), (column)})
#endif

/* The tag's C type as written in a program, "const char *". A static string, never NULL. */
BH_API const char *bh_type_name(bh_type type);

#ifdef __cplusplus
}
#endif

/* The C types that a value can be made from: name, type, tag, field of the union. Serves the macros below. */
/* clang-format off */
#define BH_VALUE_TYPES(X)                          \
    X(bool, bool, BOOL, bool)                      \
    X(char, char, INT, int)                        \
    X(schar, signed char, INT, int)                \
    X(uchar, unsigned char, INT, int)              \
    X(short, short, INT, int)                      \
    X(ushort, unsigned short, INT, int)            \
    X(int, int, INT, int)                          \
    X(uint, unsigned, UINT, uint)                  \
    X(long, long, INT64, int64)                    \
    X(ulong, unsigned long, UINT64, uint64)        \
    X(llong, long long, INT64, int64)              \
    X(ullong, unsigned long long, UINT64, uint64)  \
    X(float, float, DOUBLE, double)                \
    X(double, double, DOUBLE, double)              \
    X(string, const char *, STRING, string)        \
    X(buffer, char *, STRING, string)              \
    X(object, bh_object *, OBJECT, object)         \
    X(size, bh_size, SIZE, size)                   \
    X(point, bh_point, POINT, point)               \
    X(pointf, bh_pointf, POINTF, pointf)           \
    X(rect, bh_rect, RECT, rect)                   \
    X(color, bh_color, COLOR, color)               \
    X(date, bh_date, DATE, date)                   \
    X(time, bh_time, TIME, time)                   \
    X(date_time, bh_date_time, DATE_TIME, date_time) \
    X(font, const bh_font *, FONT, font)           \
    X(font_buffer, bh_font *, FONT, font)          \
    X(strings, const char *const *, STRINGS, strings) \
    X(index, bh_index, INDEX, index)               \
    X(pointer, void *, POINTER, pointer)           \
    X(const_pointer, const void *, POINTER, pointer)

#ifdef __cplusplus
#define BH_VALUE_MAKER(name, ctype, TAG, field)                \
    inline bh_value bh_value_of(ctype from)                    \
    {                                                          \
        bh_value value;                                        \
        value.of.as_##field = from;                            \
        value.type = BH_TYPE_##TAG;                            \
        return value;                                          \
    }
BH_VALUE_TYPES(BH_VALUE_MAKER)
inline bh_value bh_value_of(char *const *from)
{
    return bh_value_of(const_cast<const char *const *>(from));
}
#define BH_VALUE(x) bh_value_of(x)
#else
#define BH_VALUE_MAKER(name, ctype, TAG, field)                \
    static inline bh_value bh_value_from_##name(ctype from)    \
    {                                                          \
        bh_value value;                                        \
        value.of.as_##field = from;                            \
        value.type = BH_TYPE_##TAG;                            \
        return value;                                          \
    }
BH_VALUE_TYPES(BH_VALUE_MAKER)
static inline bh_value bh_value_from_string_buffer(char **from)
{
    return bh_value_from_strings((const char *const *)from);
}
#define BH_VALUE_CHOICE(name, ctype, TAG, field) ctype : bh_value_from_##name,
/* A value from any of these C types; another type is a compile error. */
#define BH_VALUE(x) \
    (_Generic((x), BH_VALUE_TYPES(BH_VALUE_CHOICE) char **: bh_value_from_string_buffer)(x))
#endif

/* Tag of a type that a callback or slot can take. Another type is a compile error. */
#define BH_CALLBACK_TYPES(X)                       \
    X(bool, bool, BOOL, bool)                      \
    X(int, int, INT, int)                          \
    X(uint, unsigned, UINT, uint)                  \
    X(long, long, INT64, int64)                    \
    X(ulong, unsigned long, UINT64, uint64)        \
    X(llong, long long, INT64, int64)              \
    X(ullong, unsigned long long, UINT64, uint64)  \
    X(double, double, DOUBLE, double)              \
    X(string, const char *, STRING, string)        \
    X(object, bh_object *, OBJECT, object)         \
    X(size, bh_size, SIZE, size)                   \
    X(point, bh_point, POINT, point)               \
    X(pointf, bh_pointf, POINTF, pointf)           \
    X(rect, bh_rect, RECT, rect)                   \
    X(color, bh_color, COLOR, color)               \
    X(date, bh_date, DATE, date)                   \
    X(time, bh_time, TIME, time)                   \
    X(date_time, bh_date_time, DATE_TIME, date_time) \
    X(font, const bh_font *, FONT, font)           \
    X(strings, const char *const *, STRINGS, strings) \
    X(index, bh_index, INDEX, index)
/* clang-format on */

#ifdef __cplusplus
template <class T> struct bh_type_of;
#define BH_TYPE_OF_CASE(name, ctype, TAG, field)      \
    template <> struct bh_type_of<ctype> {            \
        static constexpr bh_type tag = BH_TYPE_##TAG; \
    };
BH_CALLBACK_TYPES(BH_TYPE_OF_CASE)
#define BH_TYPE_OF(ctype) (bh_type_of<ctype>::tag)
#else
#define BH_TYPE_OF_CASE(name, ctype, TAG, field) \
    ctype:                                       \
    BH_TYPE_##TAG,
#define BH_TYPE_OF(ctype) _Generic(*(ctype *)0, BH_CALLBACK_TYPES(BH_TYPE_OF_CASE) struct bh_no_such_type * : BH_TYPE_VOID)
#endif
#endif
