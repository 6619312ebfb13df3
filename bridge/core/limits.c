/* The few calls of Qt, found by trying all with numbers of every size, that end the program when their numbers or their moments are wrong. */
#include "core/limits.h"

#include "core/value.h"

#include <stdio.h>
#include <string.h>

enum { MOST_CELLS = 10000000, MOST_ROWS = 1000000 };

/* The value of an int property or of a method without arguments. -1: the class has neither. */
static int count_of(const bhs_object *object, const char *property, const char *method)
{
    const bhs_meta *meta = bhs_meta_of(object);
    int index = bhs_property_index(meta, property), value = -1;
    bhs_storage storage;
    if (index >= 0) {
        if (bhs_property_read(object, index, bhs_type_id("int"), &storage) == BH_OK)
            memcpy(&value, storage.bytes, sizeof value);
        return value;
    }
    index = bhs_method_index(meta, method);
    void *arguments[] = {&value};
    if (index < 0 || bhs_method_call((bhs_object *)object, index, arguments))
        return -1;
    return value;
}

bool bh__property_exceeds(const bhs_object *object, const char *name, int64_t value, char *why)
{
    static const struct {
        const char *class_name, *property, *other;
    } tables[] = {
        {"QTableWidget", "rowCount", "columnCount"},
        {"QTableWidget", "columnCount", "rowCount"},
        {"QTreeWidget", "columnCount", NULL},
    };
    if (value <= 1000) /* nearly all calls end here */
        return false;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (strcmp(name, tables[i].property) != 0 || !bhs_inherits(object, tables[i].class_name))
            continue;
        int other = tables[i].other ? count_of(object, tables[i].other, "") : 1;
        int most = MOST_CELLS / (other > 0 ? other : 1);
        snprintf(why, BH__LIMIT_SIZE, "%lld is more than the %d that are possible here", (long long)value, most);
        return value > most;
    }
    return false;
}

/* "Rows" of "removeRows"; NULL for other methods. REMOVES tells removing from inserting and moving. */
static const char *what_changes(const char *name, bool *removes)
{
    const char *rest = NULL;
    *removes = strncmp(name, "remove", 6) == 0;
    if (*removes || strncmp(name, "insert", 6) == 0)
        rest = name + 6;
    else if (strncmp(name, "move", 4) == 0)
        rest = name + 4;
    bool counts = rest && (strncmp(rest, "Row", 3) == 0 || strncmp(rest, "Column", 6) == 0);
    return counts ? rest : NULL;
}

/* Styles paint on a picture without having looked whether there is one. */
static bool has_no_picture(const bhs_object *widget, int count, const bh_value *arguments, char *why)
{
    enum { LARGEST_SIDE = 16384, MOST_PIXELS = 67108864 };
    bh_rect all = {0, 0, count_of(widget, "width", ""), count_of(widget, "height", "")};
    bh_rect part = count > 0 && arguments[0].type == BH_TYPE_RECT ? arguments[0].of.as_rect : all;
    if (part.width < 0 || part.height < 0)
        part = all;
    snprintf(why, BH__LIMIT_SIZE, "a picture of %d x %d is not possible: 1 x 1 to %d pixels is", part.width, part.height,
             MOST_PIXELS);
    return part.width < 1 || part.height < 1 || part.width > LARGEST_SIDE || part.height > LARGEST_SIDE ||
           (int64_t)part.width * part.height > MOST_PIXELS;
}

bool bh__call_loops(const char *name)
{
    return strcmp(name, "exec") == 0 || strcmp(name, "showMenu") == 0;
}

bool bh__call_exceeds(bhs_object *object, const char *name, int count, const bh_value *arguments, char *why)
{
    bool removes;
    const char *what = what_changes(name, &removes);
    int64_t end = 0;
    bh_value number;
    if (strcmp(name, "grab") == 0)
        return bhs_is_widget(object) && has_no_picture(object, count, arguments, why);
    if (!what)
        return false;
    for (int i = 0; i < count; i++) {
        if (bh__value_convert(&arguments[i], BH_TYPE_INT, &number))
            continue;
        snprintf(why, BH__LIMIT_SIZE, "argument %d is %d: only 0 to %d is possible", i + 1, number.of.as_int, MOST_ROWS);
        if (number.of.as_int < 0 || number.of.as_int > MOST_ROWS)
            return true;
        end += number.of.as_int;
    }
    if (!removes)
        return false;
    bool columns = what[0] == 'C', several = strchr(what, 's') != NULL;
    int there = columns ? count_of(object, "columnCount", "columnCount()") : count_of(object, "rowCount", "rowCount()");
    end += several ? 0 : 1;
    snprintf(why, BH__LIMIT_SIZE, "there are only %d %s", there, columns ? "columns" : "rows");
    return there >= 0 && end > there;
}
