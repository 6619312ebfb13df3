/* Values of each C type, and the user code that the library calls back. */
#include "fuzz.h"

#include <limits.h>
#include <string.h>

enum { FONTS = 8, LIST_SIZE = 6 };

bh_size fuzz_size(void)
{
    static const int sizes[] = {0, 1, 16, 100, 300, 1000, 16777215};
    bh_size size = {sizes[fuzz_below(6)], sizes[fuzz_below(6)]};
    if (fuzz_chance(10))
        size = (bh_size){fuzz_int(), fuzz_int()};
    fuzz_note("%dx%d", size.width, size.height);
    return size;
}

bh_point fuzz_point(void)
{
    bh_point point = {fuzz_small(-10, 300), fuzz_small(-10, 300)};
    if (fuzz_chance(10))
        point = (bh_point){fuzz_int(), fuzz_int()};
    fuzz_note("(%d,%d)", point.x, point.y);
    return point;
}

bh_rect fuzz_rect(void)
{
    bh_point point = fuzz_point();
    bh_size size = fuzz_size();
    return (bh_rect){point.x, point.y, size.width, size.height};
}

bh_color fuzz_color(void)
{
    uint64_t random = fuzz_random();
    return (bh_color){(uint8_t)random, (uint8_t)(random >> 8), (uint8_t)(random >> 16), (uint8_t)(random >> 24)};
}

bh_font *fuzz_font(void)
{
    static _Thread_local bh_font fonts[FONTS];
    static _Thread_local unsigned next;
    static const char *const families[] = {"", "Sans", "no such family", "\xC3\xA4", "\xFF\xFF", "Sans,Serif"};
    if (fuzz_chance(5)) {
        fuzz_note("NULL font");
        return NULL;
    }
    bh_font *font = &fonts[next++ % FONTS];
    memset(font, 0, sizeof *font);
    strcpy(font->family, families[fuzz_below(6)]);
    if (fuzz_chance(3))
        memset(font->family, 'x', sizeof font->family); /* without an end */
    font->point_size = fuzz_chance(80) ? fuzz_small(1, 400) / 10.0 : fuzz_double();
    font->weight = fuzz_chance(80) ? fuzz_small(1, 1000) : fuzz_int();
    font->italic = fuzz_chance(50);
    font->underline = fuzz_chance(50);
    fuzz_note("font(%.20s %g %d)", font->family, font->point_size, font->weight);
    return font;
}

bh_date fuzz_date(void)
{
    bh_date date = {fuzz_small(1900, 2100), fuzz_small(1, 12), fuzz_small(1, 28)};
    if (fuzz_chance(20))
        date = (bh_date){fuzz_int(), fuzz_int(), fuzz_int()};
    fuzz_note("%d-%d-%d", date.year, date.month, date.day);
    return date;
}

bh_time fuzz_time(void)
{
    bh_time time = {fuzz_small(0, 23), fuzz_small(0, 59), fuzz_small(0, 59), fuzz_small(0, 999)};
    if (fuzz_chance(20))
        time = (bh_time){fuzz_int(), fuzz_int(), fuzz_int(), fuzz_int()};
    fuzz_note("%d:%d", time.hour, time.minute);
    return time;
}

bh_date_time fuzz_date_time(void)
{
    bh_date_time both = {fuzz_date(), fuzz_chance(80) ? fuzz_small(0, 86399999) : fuzz_int()};
    return both;
}

const char *const *fuzz_strings(void)
{
    static _Thread_local const char *lists[8][LIST_SIZE + 1];
    static _Thread_local unsigned next;
    if (fuzz_chance(5)) {
        fuzz_note("NULL list");
        return NULL;
    }
    const char **list = lists[next++ % 8];
    unsigned count = fuzz_below(LIST_SIZE);
    for (unsigned i = 0; i < count; i++) {
        const char *text = fuzz_text();
        list[i] = text ? text : "";
    }
    list[count] = NULL;
    return list;
}

bh_type fuzz_type(void)
{
    return fuzz_chance(95) ? (bh_type)fuzz_below(BH_TYPE_POINTER + 1) : (bh_type)fuzz_int();
}

static int64_t any_int64(void)
{
    static const int64_t limits[] = {INT64_MIN, INT64_MAX, (int64_t)INT_MAX + 1, (int64_t)INT_MIN - 1, UINT32_MAX, 0, -1};
    return fuzz_chance(60) ? fuzz_int() : limits[fuzz_below(7)];
}

static void fill_struct(bh_value *value)
{
    switch (value->type) {
    case BH_TYPE_SIZE:
        value->of.as_size = fuzz_size();
        break;
    case BH_TYPE_POINT:
        value->of.as_point = fuzz_point();
        break;
    case BH_TYPE_POINTF:
        value->of.as_pointf = (bh_pointf){fuzz_double(), fuzz_double()};
        break;
    case BH_TYPE_RECT:
        value->of.as_rect = fuzz_rect();
        break;
    case BH_TYPE_COLOR:
        value->of.as_color = fuzz_color();
        break;
    case BH_TYPE_DATE:
        value->of.as_date = fuzz_date();
        break;
    case BH_TYPE_TIME:
        value->of.as_time = fuzz_time();
        break;
    case BH_TYPE_DATE_TIME:
        value->of.as_date_time = fuzz_date_time();
        break;
    case BH_TYPE_INDEX:
        value->of.as_index = (bh_index){fuzz_row(), fuzz_row()};
        break;
    default:
        break;
    }
}

bh_value fuzz_value(bh_type type)
{
    bh_value value;
    memset(&value, 0, sizeof value);
    value.type = type;
    switch (type) {
    case BH_TYPE_BOOL:
        value.of.as_bool = fuzz_bool();
        break;
    case BH_TYPE_INT:
        value.of.as_int = fuzz_int();
        break;
    case BH_TYPE_UINT:
        value.of.as_uint = (unsigned)fuzz_int();
        break;
    case BH_TYPE_INT64:
        value.of.as_int64 = any_int64();
        break;
    case BH_TYPE_UINT64:
        value.of.as_uint64 = (uint64_t)any_int64();
        break;
    case BH_TYPE_DOUBLE:
        value.of.as_double = fuzz_double();
        break;
    case BH_TYPE_STRING:
        value.of.as_string = fuzz_text();
        break;
    case BH_TYPE_OBJECT:
        value.of.as_object = fuzz_object(NULL);
        break;
    case BH_TYPE_FONT:
        value.of.as_font = fuzz_font();
        break;
    case BH_TYPE_STRINGS:
        value.of.as_strings = fuzz_strings();
        break;
    case BH_TYPE_POINTER:
        value.of.as_pointer = fuzz_chance(50) ? fuzz_object(NULL) : fuzz_garbage();
        break;
    default:
        fill_struct(&value);
        break;
    }
    return value;
}

/* --- callbacks */

void fuzz_on_void(void *user)
{
    fuzz_token_check(user, "callback");
    fuzz_nested("callback");
}

bh_status fuzz_on_posted(void *user)
{
    fuzz_token_check(user, "posted function");
    fuzz_nested("posted function");
    return fuzz_chance(90) ? BH_OK : (bh_status)fuzz_small(0, BH_ERROR_CLOSED);
}

bh_event_result fuzz_on_event(bh_object *widget, void *user, const bh_event *event)
{
    fuzz_token_check(user, "event handler");
    if (!event || !event->text || !event->urls || event->type < 0 || event->type >= BH_EVENT_TYPE_COUNT)
        fuzz_complain("bh_on_event", "a handler got an event that is none", "");
    if (!bh_is_alive(widget))
        fuzz_complain("bh_on_event", "a handler got a widget that is gone", "");
    fuzz_nested("event handler");
    if (fuzz_chance(3))
        bh_destroy(widget);
    return fuzz_chance(85) ? BH_EVENT_PASS : (bh_event_result)fuzz_small(-1, 3);
}

static void on_bool(void *user, bool value)
{
    if (value != false && value != true)
        fuzz_complain("bh_connect", "a callback got a bool that is none", "");
    fuzz_on_void(user);
}

static void on_text(void *user, const char *value)
{
    if (!value || strlen(value) > 10000000)
        fuzz_complain("bh_connect", "a callback got a text that is none", "");
    fuzz_on_void(user);
}

static void on_strings(void *user, const char *const *value)
{
    for (int i = 0; value && value[i]; i++)
        if (strlen(value[i]) > 10000000)
            fuzz_complain("bh_connect", "a callback got a list that is none", "");
    if (!value)
        fuzz_complain("bh_connect", "a callback got no list", "");
    fuzz_on_void(user);
}

static void on_object(void *user, bh_object *value)
{
    fuzz_keep(FUZZ_OBJECT, value);
    if (bh_sender())
        fuzz_keep(FUZZ_OBJECT, bh_sender());
    fuzz_on_void(user);
}

static void on_font(void *user, const bh_font *value)
{
    if (!value || memchr(value->family, 0, sizeof value->family) == NULL)
        fuzz_complain("bh_connect", "a callback got a font that is none", "");
    fuzz_on_void(user);
}

#define PLAIN(name, ctype)                         \
    static void on_##name(void *user, ctype value) \
    {                                              \
        (void)value;                               \
        fuzz_on_void(user);                        \
    }
PLAIN(int, int)
PLAIN(uint, unsigned)
PLAIN(long, long)
PLAIN(ulong, unsigned long)
PLAIN(double, double)
PLAIN(size, bh_size)
PLAIN(point, bh_point)
PLAIN(pointf, bh_pointf)
PLAIN(rect, bh_rect)
PLAIN(color, bh_color)
PLAIN(date, bh_date)
PLAIN(time, bh_time)
PLAIN(date_time, bh_date_time)
PLAIN(index, bh_index)

static void on_int_text(void *user, int value, const char *text)
{
    (void)value;
    on_text(user, text);
}

static void on_two_ints(void *user, int one, int two)
{
    (void)one;
    (void)two;
    fuzz_on_void(user);
}

static void on_many(void *user, bh_rect rect, double number, bh_date_time when, int count, bh_color color, bool on)
{
    (void)rect;
    (void)number;
    (void)when;
    (void)count;
    (void)color;
    on_bool(user, on);
}

static bool fits(const bh_callback *callback, const bh_type *types, int count)
{
    if (callback->count > count)
        return false;
    for (int i = 0; i < callback->count; i++)
        if (callback->types[i] != types[i])
            return false;
    return true;
}

static bh_callback break_callback(bh_callback callback)
{
    switch (fuzz_below(3)) {
    case 0:
        callback.function = NULL;
        break;
    case 1:
        callback.count = fuzz_chance(50) ? fuzz_small(-3, -1) : fuzz_small(9, 1000000);
        break;
    default:
        callback.types[0] = (bh_type)fuzz_small(21, 1000);
        callback.count = 1;
        break;
    }
    fuzz_note("broken callback");
    return callback;
}

bh_callback fuzz_callback(const bh_type *types, int count)
{
    const bh_callback all[] = {
        BH_CALLBACK(fuzz_on_void),
        BH_CALLBACK(on_bool, bool),
        BH_CALLBACK(on_int, int),
        BH_CALLBACK(on_uint, unsigned),
        BH_CALLBACK(on_long, long),
        BH_CALLBACK(on_ulong, unsigned long),
        BH_CALLBACK(on_double, double),
        BH_CALLBACK(on_text, const char *),
        BH_CALLBACK(on_object, bh_object *),
        BH_CALLBACK(on_size, bh_size),
        BH_CALLBACK(on_point, bh_point),
        BH_CALLBACK(on_pointf, bh_pointf),
        BH_CALLBACK(on_rect, bh_rect),
        BH_CALLBACK(on_color, bh_color),
        BH_CALLBACK(on_date, bh_date),
        BH_CALLBACK(on_time, bh_time),
        BH_CALLBACK(on_date_time, bh_date_time),
        BH_CALLBACK(on_font, const bh_font *),
        BH_CALLBACK(on_strings, const char *const *),
        BH_CALLBACK(on_index, bh_index),
        BH_CALLBACK(on_int_text, int, const char *),
        BH_CALLBACK(on_two_ints, int, int),
        BH_CALLBACK(on_many, bh_rect, double, bh_date_time, int, bh_color, bool),
    };
    unsigned number = sizeof all / sizeof all[0], chosen = fuzz_below(number);
    for (unsigned i = 0; types && i < number && !fits(&all[chosen], types, count); i++)
        chosen = (chosen + 1) % number;
    fuzz_note("callback %u", chosen);
    return fuzz_chance(96) ? all[chosen] : break_callback(all[chosen]);
}
