/* Why a C value does not become a Qt value: what C can tell before Qt sees it, and the sentences for what only Qt can tell. */
#include "core/object.h"
#include "core/value.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bh_status none(char *why, bh_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));
static bh_status none(char *why, bh_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, BHS_WHY_SIZE, format, arguments);
    va_end(arguments);
    return status;
}

/* --- before */

/* Int is the smallest integer of C: only smaller ones of Qt have other limits. */
static bh_status check_integer(int id, int64_t number, char *why)
{
    int size = bhs_type_size(id);
    if (size != 1 && size != 2)
        return BH_OK;
    int64_t span = (int64_t)1 << (8 * size), least = bhs_type_traits(id) & BHS_UNSIGNED ? 0 : -span / 2;
    if (number >= least && number < least + span)
        return BH_OK;
    return none(why, BH_ERROR_RANGE, "%lld lies outside %lld to %lld", (long long)number, (long long)least,
                (long long)(least + span - 1));
}

static bh_status check_double(int id, double number, char *why)
{
    if (bhs_type_size(id) != sizeof(float) || !isfinite(number) || fabs(number) <= (double)FLT_MAX)
        return BH_OK;
    return none(why, BH_ERROR_RANGE, "%g is too large for a float", number);
}

static bh_status check_font(const bh_font *font, char *why)
{
    if (!font)
        return none(why, BH_ERROR_NULL, "the font is NULL");
    if (!memchr(font->family, 0, sizeof font->family))
        return none(why, BH_ERROR_RANGE, "the font's family has no end within %zu bytes", sizeof font->family);
    if (!(font->point_size > 0 && font->point_size <= 4096))
        return none(why, BH_ERROR_RANGE, "the font's point_size %g lies outside 0 to 4096", font->point_size);
    if (font->weight < 1 || font->weight > 1000)
        return none(why, BH_ERROR_RANGE, "the font's weight %d lies outside 1 to 1000", font->weight);
    return BH_OK;
}

/* Qt keeps a rectangle's right and lower edge, as ints. */
static bool edge_fits(int at, int length)
{
    int64_t edge = (int64_t)at + length;
    return edge > INT_MIN && edge <= INT_MAX;
}

static bh_status check_rect(bh_rect rect, char *why)
{
    if (edge_fits(rect.x, rect.width) && edge_fits(rect.y, rect.height))
        return BH_OK;
    return none(why, BH_ERROR_RANGE, "the rectangle %d,%d %dx%d ends beyond what an int holds", rect.x, rect.y, rect.width,
                rect.height);
}

static bh_status check_object(int id, const bh_object *handle, char *why)
{
    char name[160];
    const bhs_meta *needed = bhs_type_meta(id);
    bhs_object *object = handle ? bh__on_object_given(handle) : NULL;
    if (handle && !object)
        return none(why, BH_ERROR_STALE, "the object given is gone");
    if (!object || !needed || bhs_inherits(object, bhs_meta_name(needed)))
        return BH_OK;
    bhs_name(object, name, sizeof name);
    return none(why, BH_ERROR_CLASS, "needs a %s, got %s '%s'", bhs_meta_name(needed), bhs_meta_name(bhs_meta_of(object)), name);
}

bh_status bh__on_value_given(int id, const bh_value *value, char *why)
{
    switch (value->type) {
    case BH_TYPE_INT:
        return check_integer(id, value->of.as_int, why);
    case BH_TYPE_INT64:
        return check_integer(id, value->of.as_int64, why);
    case BH_TYPE_DOUBLE:
        return check_double(id, value->of.as_double, why);
    case BH_TYPE_FONT:
        return check_font(value->of.as_font, why);
    case BH_TYPE_RECT:
        return check_rect(value->of.as_rect, why);
    case BH_TYPE_OBJECT:
        return check_object(id, value->of.as_object, why);
    case BH_TYPE_INDEX:
        if (value->of.as_index.row == -1 && value->of.as_index.column == -1)
            return BH_OK;
        return none(why, BH_ERROR_RANGE, "an index is made by its model: C can give {-1, -1} only");
    default:
        return BH_OK;
    }
}

/* --- after */

static void refuse_text(int id, const char *text, const char *detail, char *why)
{
    if (strcmp(bhs_type_name(id), "QUrl") == 0)
        none(why, BH_ERROR_RANGE, "\"%.60s\" is no URL: %s", text, detail);
    else
        none(why, BH_ERROR_RANGE, "\"%.60s\" is no key sequence: write up to four as \"Ctrl+S\" or \"Ctrl+K, Ctrl+C\"", text);
}

static void refuse_moment(const bh_value *value, char *why)
{
    const bh_date *date = value->type == BH_TYPE_DATE ? &value->of.as_date : &value->of.as_date_time.date;
    const bh_time *time = &value->of.as_time;
    if (value->type == BH_TYPE_TIME)
        none(why, BH_ERROR_RANGE, "%02d:%02d:%02d.%03d is no time", time->hour, time->minute, time->second, time->millisecond);
    else if (value->type == BH_TYPE_DATE)
        none(why, BH_ERROR_RANGE, "there is no date %04d-%02d-%02d", date->year, date->month, date->day);
    else
        none(why, BH_ERROR_RANGE, "there is no %04d-%02d-%02d with %d milliseconds in local time", date->year, date->month,
             date->day, value->of.as_date_time.millisecond_of_day);
}

void bh__on_value_refused(int id, const bh_value *value, bh_status status, char *why)
{
    char detail[BHS_WHY_SIZE];
    snprintf(detail, sizeof detail, "%s", why);
    if (status == BH_ERROR_EXCEPTION)
        none(why, status, "a C++ exception: %s", bhs_exception_text());
    else if (status == BH_ERROR_THREAD)
        none(why, status, "images are made on the GUI thread");
    else if (status == BH_ERROR_IO)
        none(why, status, "cannot read an image from the file \"%.180s\"", value->of.as_string);
    else if (status == BH_ERROR_STALE)
        none(why, status, "the object given is gone");
    else if (status == BH_ERROR_TYPE)
        none(why, status, "C cannot hold %s", bhs_type_name(id));
    else if (value->type == BH_TYPE_STRING)
        refuse_text(id, value->of.as_string, detail, why);
    else
        refuse_moment(value, why);
}
