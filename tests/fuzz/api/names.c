/* Classes and their members, asked for once by introspection, and the names that are made of them. */
#include "fuzz.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CLASSES = 512, MAX_TYPED = 4096 };

static fuzz_class classes[MAX_CLASSES];
static _Atomic unsigned class_count; /* written under the lock; a class is whole once it is counted */
static pthread_mutex_t class_lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned qt_class_count;
static char **class_names;

/* Properties of Qt's classes, to be found by their type. */
static struct typed {
    const fuzz_class *of;
    const bh_property_info *property;
} typed[MAX_TYPED];
static unsigned typed_count;

static void fill_class(fuzz_class *of, const char *name)
{
    of->name = name;
    if (bh_class_properties(name, &of->properties, &of->property_count))
        fuzz_complain("bh_class_properties", "refused a class that exists", name);
    if (bh_class_methods(name, &of->methods, &of->method_count))
        fuzz_complain("bh_class_methods", "refused a class that exists", name);
    if (bh_class_enums(name, &of->keys, &of->key_count))
        fuzz_complain("bh_class_enums", "refused a class that exists", name);
}

static void index_properties(const fuzz_class *of)
{
    for (size_t i = 0; i < of->property_count && typed_count < MAX_TYPED; i++)
        if (of->properties[i].type != BH_TYPE_VOID)
            typed[typed_count++] = (struct typed){of, &of->properties[i]};
}

void fuzz_names_start(void)
{
    if (bh_class_names(&class_names) || !class_names[0]) {
        fprintf(stderr, "fuzz_api: there are no classes: %s\n", bh_last_error());
        exit(1);
    }
    for (unsigned i = 0; class_names[i] && i < MAX_CLASSES / 2; i++) {
        fill_class(&classes[i], class_names[i]);
        index_properties(&classes[i]);
        qt_class_count = i + 1;
    }
    atomic_store(&class_count, qt_class_count);
}

void fuzz_names_stop(void)
{
    for (unsigned i = 0; i < atomic_load(&class_count); i++) {
        bh_free(classes[i].properties);
        bh_free(classes[i].methods);
        bh_free(classes[i].keys);
    }
    bh_free(class_names);
}

const fuzz_class *fuzz_class_find(const char *name)
{
    for (unsigned i = 0; i < atomic_load(&class_count); i++)
        if (!strcmp(classes[i].name, name))
            return &classes[i];
    return NULL;
}

const fuzz_class *fuzz_class_add(const char *name)
{
    pthread_mutex_lock(&class_lock);
    const fuzz_class *found = fuzz_class_find(name);
    unsigned count = atomic_load(&class_count);
    if (!found && count < MAX_CLASSES) {
        fill_class(&classes[count], name);
        found = &classes[count];
        atomic_store(&class_count, count + 1);
    }
    pthread_mutex_unlock(&class_lock);
    return found ? found : fuzz_class_any();
}

const fuzz_class *fuzz_class_any(void)
{
    return &classes[fuzz_below(qt_class_count)];
}

const char *fuzz_class_name(void)
{
    return fuzz_mutated(fuzz_class_any()->name);
}

/* What blocks, ends the process, opens a loop of its own, or leaves the process; and QSortFilterProxyModel::sort, in which Qt reads
 * beyond its columns for any column below -1. */
bool fuzz_is_harmful(const char *method)
{
    static const char *const harmful[] = {"exec",      "aboutQt",   "terminate", "openUrl", "print",  "showMenu", "save",
                                          "grabMouse", "whatsThis", "wait(",     "sleep",   "accept", "done(",    "sort"};
    for (size_t i = 0; i < sizeof harmful / sizeof harmful[0]; i++)
        if (strstr(method, harmful[i]))
            return true;
    return false;
}

/* A member's name with or without its parameters. */
static const char *signature_or_name(const char *signature)
{
    static _Thread_local char name[128];
    if (fuzz_chance(50))
        return fuzz_mutated(signature);
    snprintf(name, sizeof name, "%.*s", (int)strcspn(signature, "("), signature);
    return fuzz_mutated(name);
}

static const bh_method_info *find_method(const fuzz_class *of, bool signal, bool callable)
{
    for (int tries = 0; of->method_count > 0 && tries < 30; tries++) {
        const bh_method_info *method = &of->methods[fuzz_below((unsigned)of->method_count)];
        bool fits = (method->kind == BH_METHOD_SIGNAL) == signal;
        if (fits && (!callable || (method->callable && !fuzz_is_harmful(method->signature))))
            return method;
    }
    return NULL;
}

const char *fuzz_signal_name(const fuzz_class *of)
{
    const bh_method_info *method = find_method(of, true, false);
    return method ? signature_or_name(method->signature) : fuzz_text();
}

const char *fuzz_method_name(const fuzz_class *of, bool callable)
{
    const bh_method_info *method = find_method(of, false, callable);
    return method ? signature_or_name(method->signature) : fuzz_text();
}

const char *fuzz_property_name(const fuzz_class *of)
{
    if (!of->property_count)
        return fuzz_text();
    return fuzz_mutated(of->properties[fuzz_below((unsigned)of->property_count)].name);
}

const char *fuzz_key_text(const fuzz_class *of)
{
    static _Thread_local char keys[200];
    if (!of->key_count)
        return fuzz_text();
    const bh_enum_key_info *one = &of->keys[fuzz_below((unsigned)of->key_count)];
    const bh_enum_key_info *two = &of->keys[fuzz_below((unsigned)of->key_count)];
    if (fuzz_chance(70))
        return fuzz_mutated(one->key);
    snprintf(keys, sizeof keys, "%s|%s", one->key, two->key);
    return fuzz_mutated(keys);
}

bool fuzz_property_of_type(bh_type type, bool is_enum, const fuzz_class **of, const bh_property_info **property)
{
    unsigned start = fuzz_below(typed_count);
    for (unsigned i = 0; i < typed_count; i++) {
        const struct typed *one = &typed[(start + i) % typed_count];
        if (one->property->type == type && (!is_enum || one->property->is_enum)) {
            *of = one->of;
            *property = one->property;
            return true;
        }
    }
    return false;
}

/* --- signatures */

static const struct {
    const char *name;
    bh_type type;
} qt_types[] = {
    {"bool", BH_TYPE_BOOL},           {"int", BH_TYPE_INT},
    {"uint", BH_TYPE_UINT},           {"qlonglong", BH_TYPE_INT64},
    {"qulonglong", BH_TYPE_UINT64},   {"double", BH_TYPE_DOUBLE},
    {"float", BH_TYPE_DOUBLE},        {"QString", BH_TYPE_STRING},
    {"QByteArray", BH_TYPE_STRING},   {"QUrl", BH_TYPE_STRING},
    {"QSize", BH_TYPE_SIZE},          {"QPoint", BH_TYPE_POINT},
    {"QPointF", BH_TYPE_POINTF},      {"QRect", BH_TYPE_RECT},
    {"QColor", BH_TYPE_COLOR},        {"QFont", BH_TYPE_FONT},
    {"QDate", BH_TYPE_DATE},          {"QTime", BH_TYPE_TIME},
    {"QDateTime", BH_TYPE_DATE_TIME}, {"QStringList", BH_TYPE_STRINGS},
    {"QModelIndex", BH_TYPE_INDEX},
};

enum { QT_TYPES = sizeof qt_types / sizeof qt_types[0] };

static bool type_of(const char *name, size_t length, bh_type *type)
{
    for (size_t i = 0; i < QT_TYPES; i++) {
        if (strlen(qt_types[i].name) == length && !memcmp(qt_types[i].name, name, length)) {
            *type = qt_types[i].type;
            return true;
        }
    }
    bool is_pointer = length > 1 && name[length - 1] == '*';
    *type = is_pointer ? BH_TYPE_OBJECT : BH_TYPE_INT; /* an enum, most likely */
    return is_pointer || memchr(name, ':', length);
}

int fuzz_signature_types(const char *signature, bh_type types[BH_MAX_ARGUMENTS])
{
    const char *at = strchr(signature, '(');
    int count = 0;
    if (!at)
        return -1;
    for (at++; *at && *at != ')'; at += *at == ',') {
        size_t length = strcspn(at, ",)");
        if (count == BH_MAX_ARGUMENTS || !type_of(at, length, &types[count++]))
            return -1;
        at += length;
    }
    return count;
}

const char *fuzz_signature(void)
{
    static const char *const broken[] = {
        "",
        "(",
        ")",
        "()",
        "x",
        "x(",
        "x)",
        "x()x",
        "x(int",
        "x(int,)",
        "x(,int)",
        "x((int))",
        "x(int)(int)",
        "1x(int)",
        " x ( int )",
        "x( int ,QString)",
        "x(void)",
        "x(Nothing)",
        "x(QList<int>)",
        "x(const QString&)",
        "x(int*)",
        "x(QString&)",
        "x(int,int,int,int,int,int,int,int,int)",
        "destroyed(QObject*)",
        "objectNameChanged(QString)",
        "deleteLater()",
        "x(int int)",
        "x(unsigned int)",
        "x(long long)",
        "x\xFF(int)",
        "class(int)",
        "x(QWidget*)",
        "x(int,int,int,int,int,int,int,int)",
    };
    static _Thread_local char signature[256];
    if (fuzz_chance(20))
        return fuzz_mutated(broken[fuzz_below(sizeof broken / sizeof broken[0])]);
    int used = snprintf(signature, sizeof signature, "s%u(", fuzz_below(1000));
    for (unsigned i = 0, count = fuzz_below(5); i < count; i++)
        used += snprintf(signature + used, sizeof signature - (size_t)used, "%s%s", i ? "," : "",
                         qt_types[fuzz_below(QT_TYPES)].name);
    snprintf(signature + used, sizeof signature - (size_t)used, ")");
    return fuzz_chance(95) ? signature : fuzz_mutated(signature);
}
