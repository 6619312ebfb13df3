/* class.h: classes with random descriptions, good ones and broken ones, and what their instances are called for. */
#include "fuzz.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DESCRIPTIONS = 96, SIGNATURE_SIZE = 128, MAX_SIGNALS = 4, MAX_PROPERTIES = 4 };

/* A description and the texts that it points to: as it is for good once it can be seen. */
typedef struct described {
    bh_class class;
    char name[32];
    char signatures[MAX_SIGNALS][SIGNATURE_SIZE];
    char properties[MAX_PROPERTIES][32];
} described;

static described all[DESCRIPTIONS];
static _Atomic unsigned count;
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER; /* guards the description that is being made */

/* --- the functions of the classes */

static void check_instance(bh_object *self, void *user, const char *where)
{
    if (!bh_is_alive(self))
        fuzz_complain("bh_create_instance", "a function of the class got an instance that is gone", where);
    fuzz_token_check(user, where);
    fuzz_nested(where);
}

static void slot_void(bh_object *self, void *user)
{
    check_instance(self, user, "slot");
}

static void slot_int(bh_object *self, void *user, int value)
{
    (void)value;
    check_instance(self, user, "slot(int)");
}

static void slot_text(bh_object *self, void *user, int value, const char *text)
{
    (void)value;
    if (!text)
        fuzz_complain("bh_create_instance", "a slot got no text", "");
    check_instance(self, user, "slot(int,QString)");
}

static void slot_object(bh_object *self, void *user, bh_object *value)
{
    fuzz_keep(FUZZ_OBJECT, value);
    check_instance(self, user, "slot(QObject*)");
}

static void slot_rect(bh_object *self, void *user, bh_rect value)
{
    (void)value;
    check_instance(self, user, "slot(QRect)");
}

static void paint(bh_object *self, void *user, bh_painter *painter, bh_size size)
{
    fuzz_token_check(user, "paint");
    if (size.width < 0 || size.height < 0 || !bh_is_alive(self))
        fuzz_complain("bh_create_instance", "paint got a widget that is none", "");
    fuzz_keep(FUZZ_PAINTER, painter);
    if (atomic_load(&fuzz_stopping))
        return;
    fuzz_record *before = fuzz_trace_begin("paint");
    for (unsigned i = fuzz_below(12); i > 0; i--)
        fuzz_call_table(fuzz_paint_entries);
    fuzz_trace_end(before, '.');
    if (fuzz_chance(10))
        fuzz_nested("in paint");
}

static bh_size size_hint(bh_object *self, void *user)
{
    (void)self;
    fuzz_token_check(user, "size_hint");
    return fuzz_size();
}

/* --- descriptions */

static void add_signals(described *one)
{
    static const bh_queue queues[] = {{0}, {BH_QUEUE_BLOCK, 2}, {BH_QUEUE_NEWEST, 0}, {BH_QUEUE_DROP, 1}, {BH_QUEUE_NEWEST, 5}};
    for (unsigned i = 0, number = 1 + fuzz_below(MAX_SIGNALS); i < number; i++) {
        const char *signature = fuzz_signature();
        while (!signature || strlen(signature) < 2 || signature[0] != 's')
            signature = fuzz_signature();
        snprintf(one->signatures[i], SIGNATURE_SIZE, "sig%u%s", i, signature + 1);
        one->class.signals[i] = one->signatures[i];
        one->class.queues[i] = queues[fuzz_below(5)];
    }
}

static void add_slots(described *one)
{
    static const bh_slot slots[] = {
        BH_SLOT("act()", slot_void),
        BH_SLOT("takeInt(int)", slot_int, int),
        BH_SLOT("takeText(int,QString)", slot_text, int, const char *),
        BH_SLOT("takeObject(QObject*)", slot_object, bh_object *),
        BH_SLOT("takeRect(QRect)", slot_rect, bh_rect),
    };
    unsigned first = fuzz_below(5), number = fuzz_below(6);
    for (unsigned i = 0; i < number; i++)
        one->class.slots[i] = slots[(first + i) % 5];
}

static void add_properties(described *one)
{
    static const char *const types[] = {"int",   "QString",     "bool",  "double",    "QColor",
                                        "QFont", "QStringList", "QRect", "QDateTime", "qlonglong"};
    for (unsigned i = 0, number = fuzz_below(MAX_PROPERTIES + 1); i < number; i++) {
        bh_property *property = &one->class.properties[i];
        snprintf(one->properties[i], sizeof one->properties[i], "prop%u", i);
        property->name = one->properties[i];
        property->type = types[fuzz_below(10)];
        property->notify = fuzz_chance(50) ? NULL : i % 2 ? "oddChanged" : "evenChanged";
        property->read_only = fuzz_chance(20);
    }
}

static const char *odd_name(void)
{
    static const char *const names[] = {"", "QWidget", "Fuzz0", "9x", "a b", "class", "Fuzz-1", "\xFF", "%n", "QObject::x", "bh"};
    return fuzz_chance(10) ? NULL : names[fuzz_below(11)];
}

static void break_one(bh_class *class)
{
    static const bh_slot bad_slots[] = {
        {"broken(QString)", {(bh_function)slot_int, 1, {BH_TYPE_INT}}}, {"null()", {NULL, 0, {BH_TYPE_VOID}}},
        {"many(int)", {(bh_function)slot_int, 99, {BH_TYPE_INT}}},      {"", {(bh_function)slot_void, 0, {BH_TYPE_VOID}}},
        {"negative()", {(bh_function)slot_void, -1, {BH_TYPE_VOID}}},
    };
    switch (fuzz_below(12)) {
    case 0:
        class->name = odd_name();
        break;
    case 1:
        class->base = fuzz_chance(50) ? "QPushButton" : "NoSuchClass";
        break;
    case 2:
        class->size = fuzz_size_t();
        break;
    case 3:
        class->signals[fuzz_below(BH_MAX_SIGNALS)] = "broken((";
        break;
    case 4:
        class->signals[1] = class->signals[0];
        break;
    case 5:
        class->slots[fuzz_below(6)] = bad_slots[fuzz_below(5)];
        break;
    case 6:
        class->properties[0] = (bh_property){.name = "prop9", .type = "NoSuchType"};
        break;
    case 7:
        class->properties[0] = (bh_property){.name = odd_name(), .type = "int"};
        break;
    case 8:
        class->properties[0] = (bh_property){.name = "prop8", .type = NULL, .notify = "x()"};
        break;
    case 9:
        class->queues[0] = (bh_queue){(bh_queue_policy)fuzz_int(), fuzz_int()};
        break;
    case 10:
        class->signals[0] = "destroyed(QObject*)";
        break;
    default:
        class->properties[0] = (bh_property){.name = "objectName", .type = "int", .notify = "sig0"};
        break;
    }
}

static bh_status run(bh_worker_context *self, void *user)
{
    fuzz_token_check(user, "run");
    fuzz_keep(FUZZ_CONTEXT, self);
    for (unsigned i = fuzz_below(5); i > 0 && !bh_cancelled(self); i--) {
        if (fuzz_chance(50))
            bh_worker_sleep(self, fuzz_small(0, 3));
        fuzz_nested("run");
        bh_emit_values(bh_worker_context_object(self), 0, 0, NULL);
    }
    if (fuzz_chance(10))
        return bh_fail(self, BH_ERROR_IO, "cannot read %s", "anything");
    return fuzz_chance(80) ? BH_OK : (bh_status)fuzz_small(0, BH_ERROR_CLOSED);
}

static void describe(described *one, unsigned number)
{
    static const char *const bases[] = {NULL, "QObject", "QObject", "QWidget", "QWidget", "QDialog", "QMainWindow"};
    bh_class *class = &one->class;
    unsigned base = fuzz_below(7);
    snprintf(one->name, sizeof one->name, "Fuzz%u", number);
    class->size = sizeof *class;
    class->name = one->name;
    class->base = bases[base];
    add_signals(one);
    add_slots(one);
    add_properties(one);
    if (base < 3 && fuzz_chance(60))
        class->run = run;
    if (base >= 3 || fuzz_chance(2)) {
        class->paint = fuzz_chance(80) ? paint : NULL;
        class->size_hint = fuzz_chance(50) ? size_hint : NULL;
        class->event = fuzz_chance(50) ? fuzz_on_event : NULL;
    }
    class->destroyed = fuzz_chance(70) ? fuzz_token_drop : NULL;
    if (fuzz_chance(25))
        break_one(class);
}

/* One of those there are, now and then a new one. */
static const bh_class *any_class(bool for_workers)
{
    pthread_mutex_lock(&making);
    unsigned number = atomic_load(&count);
    if (number < DESCRIPTIONS && (number < 8 || fuzz_chance(3))) {
        describe(&all[number], number);
        atomic_store(&count, ++number);
    }
    pthread_mutex_unlock(&making);
    unsigned chosen = fuzz_below(number);
    for (unsigned i = 0; i < number && fuzz_chance(95) && (all[chosen].class.run != NULL) != for_workers; i++)
        chosen = (chosen + 1) % number;
    fuzz_note("class %s", all[chosen].class.name ? all[chosen].class.name : "NULL");
    return &all[chosen].class;
}

/* The description of a live instance, or any one. */
static const bh_class *class_of(const bh_object *object)
{
    unsigned number = 0;
    if (bh_is_alive(object) && sscanf(bh_class_name(object), "Fuzz%u", &number) == 1 && number < atomic_load(&count))
        return &all[number].class;
    return &all[0].class;
}

/* --- calls */

static bh_object *any_parent(const bh_class *class)
{
    if (fuzz_chance(60))
        return NULL;
    return fuzz_object(class && class->base && strcmp(class->base, "QObject") != 0 ? "QWidget" : NULL);
}

static fuzz_result run_bh_create_instance(void)
{
    const bh_class *class = fuzz_chance(98) ? any_class(fuzz_chance(10)) : NULL;
    void *user = class && class->destroyed ? fuzz_token_new() : NULL;
    bh_object *object = bh_create_instance(class, any_parent(class), user);
    if (!object) {
        fuzz_token_drop(user);
        return FUZZ_REFUSED;
    }
    fuzz_keep(FUZZ_INSTANCE, object);
    fuzz_keep_object(object, fuzz_class_add(class->name));
    if (fuzz_chance(50) && bh_inherits(object, "QWidget")) {
        bh_call(object, "resize", BH_SIZE(120, 80));
        bh_call(object, "show");
    }
    return FUZZ_OK;
}

static fuzz_result run_bh_instance_user(void)
{
    void *user = fuzz_garbage();
    bool no_place = fuzz_chance(5);
    bh_object *object = fuzz_thing(FUZZ_INSTANCE);
    bh_status status = bh_instance_user(object, no_place ? NULL : &user);
    if (status && !no_place && user)
        fuzz_complain("bh_instance_user", "a result was left after a failure", "");
    return fuzz_status(status);
}

static fuzz_result run_bh_set_property_value(void)
{
    bh_object *object = fuzz_thing(FUZZ_INSTANCE);
    const bh_property *property = &class_of(object)->properties[fuzz_below(MAX_PROPERTIES)];
    bh_type types[BH_MAX_ARGUMENTS] = {BH_TYPE_VOID};
    char as_signature[64];
    snprintf(as_signature, sizeof as_signature, "x(%.40s)", property->type ? property->type : "");
    int known = fuzz_signature_types(as_signature, types);
    bh_value value = fuzz_value(known == 1 && fuzz_chance(85) ? types[0] : fuzz_type());
    return fuzz_status(bh_set_property_value(object, fuzz_mutated(property->name), fuzz_chance(97) ? &value : NULL));
}

/* Arguments that fit a signal of the object's class, mostly. */
static int make_arguments(const char *signature, bh_value arguments[BH_MAX_ARGUMENTS])
{
    bh_type types[BH_MAX_ARGUMENTS];
    int number = signature ? fuzz_signature_types(signature, types) : -1;
    bool fit = number >= 0 && fuzz_chance(90);
    if (!fit)
        number = fuzz_small(0, BH_MAX_ARGUMENTS);
    for (int i = 0; i < number; i++)
        arguments[i] = fuzz_value(fit ? types[i] : fuzz_type());
    return number;
}

static fuzz_result run_bh_emit_values(void)
{
    bh_object *object = fuzz_thing(FUZZ_INSTANCE);
    int signal = fuzz_small(0, MAX_SIGNALS - 1);
    bh_value arguments[BH_MAX_ARGUMENTS];
    int number = make_arguments(class_of(object)->signals[signal], arguments);
    if (fuzz_chance(5))
        signal = fuzz_int();
    if (fuzz_chance(2))
        number = fuzz_chance(50) ? -1 : 9;
    return fuzz_status(BH_AT(bh_emit_values(object, signal, number, fuzz_chance(98) ? arguments : NULL)));
}

static fuzz_result run_bh_worker_context_object(void)
{
    return bh_is_alive(bh_worker_context_object(fuzz_thing(FUZZ_CONTEXT))) ? FUZZ_OK : FUZZ_QUIET;
}

const fuzz_entry fuzz_class_entries[] = {
    FUZZ_ENTRY(bh_create_instance), FUZZ_ENTRY(bh_instance_user),         FUZZ_ENTRY(bh_set_property_value),
    FUZZ_ENTRY(bh_emit_values),     FUZZ_ENTRY(bh_worker_context_object), {NULL, NULL, 0},
};

/* --- worker.h and close.h */

static fuzz_result run_bh_worker_create(void)
{
    const bh_class *class = fuzz_chance(97) ? any_class(fuzz_chance(90)) : NULL;
    void *user = class && class->destroyed ? fuzz_token_new() : NULL;
    bh_worker *worker = bh_worker_create(class, user);
    if (!worker) {
        fuzz_token_drop(user);
        return FUZZ_REFUSED;
    }
    fuzz_keep(FUZZ_WORKER, worker);
    fuzz_keep(FUZZ_INSTANCE, bh_worker_object(worker));
    return FUZZ_OK;
}

#define WORKER fuzz_thing(FUZZ_WORKER)
#define CONTEXT fuzz_thing(FUZZ_CONTEXT)

static fuzz_result run_bh_worker_object(void)
{
    bh_object *object = bh_worker_object(WORKER);
    fuzz_keep(FUZZ_INSTANCE, object);
    return object ? FUZZ_OK : FUZZ_REFUSED;
}

/* Without a limit only for one that has been told to stop: run ends by itself. */
static fuzz_result run_bh_worker_wait(void)
{
    bh_worker *worker = WORKER;
    int timeout = fuzz_small(0, 10);
    if (fuzz_chance(5) && bh_worker_cancel(worker) == BH_OK)
        timeout = -1;
    return fuzz_status(bh_worker_wait(worker, timeout));
}

static fuzz_result run_bh_worker_get_state(void)
{
    bh_worker_state state = bh_worker_get_state(WORKER);
    if ((unsigned)state > BH_WORKER_CANCELLED)
        fuzz_complain("bh_worker_get_state", "a state that is none", "");
    return state == BH_WORKER_READY ? FUZZ_QUIET : FUZZ_OK;
}

FUZZ_CALL(bh_worker_start, WORKER)
FUZZ_CALL(bh_worker_restart, WORKER)
FUZZ_CALL(bh_worker_cancel, WORKER)
FUZZ_CALL(bh_worker_destroy, WORKER)
FUZZ_CALL(bh_worker_sleep, CONTEXT, fuzz_short_ms())
FUZZ_CALL(bh_close_all_windows, fuzz_small(-1, 3))

/* A close that passes its deadline by 40 ms ends the process, and under a sanitizer the calls of a step may take as long: those that
 * end by themselves have the time they need. */
static int close_ms(void)
{
    return fuzz_chance(90) ? fuzz_small(5000, 9000) : fuzz_small(-5, -1);
}

FUZZ_CALL(bh_close_waits_for_processes, fuzz_object("QWidget"), (bh_process_pool *)fuzz_thing(FUZZ_POOL), close_ms())
FUZZ_CALL(bh_close_waits_for_pool, fuzz_object("QWidget"), fuzz_thing(FUZZ_POOL), close_ms())
FUZZ_CALL(bh_close_waits_for, fuzz_object("QWidget"), WORKER, close_ms())

static fuzz_result run_bh_cancelled(void)
{
    return bh_cancelled(CONTEXT) ? FUZZ_QUIET : FUZZ_OK;
}

static fuzz_result run_bh_fail(void)
{
    const char *text = fuzz_text();
    bh_status status = (bh_status)fuzz_small(BH_TIMEOUT, BH_ERROR_CLOSED);
    if (bh_fail(CONTEXT, status, "%s", text ? text : "no text") != status)
        fuzz_complain("bh_fail", "another status came back", "");
    return FUZZ_OK;
}

static fuzz_result run_bh_fail_because(void)
{
    const char *text = fuzz_text();
    bh_status status = (bh_status)fuzz_small(BH_TIMEOUT, BH_ERROR_ASSERTION);
    if (bh_fail_because(CONTEXT, status, "%s", text ? text : "no text") != status)
        fuzz_complain("bh_fail_because", "another status came back", "");
    return FUZZ_OK;
}

static fuzz_result run_bh_worker_get_failure(void)
{
    bh_thread_failure failure;
    bh_status status = bh_worker_get_failure(WORKER, &failure);
    if (!failure.text || (status && failure.status))
        fuzz_complain("bh_worker_get_failure", "a result that was not cleared", "");
    return fuzz_status(status);
}

static fuzz_result run_bh_worker_self(void)
{
    bh_worker_context *context = bh_worker_self(fuzz_thing(FUZZ_INSTANCE));
    fuzz_keep(FUZZ_CONTEXT, context);
    return context ? FUZZ_OK : FUZZ_REFUSED;
}

const fuzz_entry fuzz_worker_entries[] = {
    FUZZ_ENTRY(bh_worker_create),
    FUZZ_ENTRY(bh_worker_object),
    FUZZ_ENTRY(bh_worker_start),
    FUZZ_ENTRY(bh_worker_restart),
    FUZZ_ENTRY(bh_worker_cancel),
    FUZZ_ENTRY(bh_worker_wait),
    FUZZ_ENTRY(bh_worker_get_state),
    FUZZ_ENTRY(bh_worker_destroy),
    FUZZ_ENTRY(bh_cancelled),
    FUZZ_ENTRY(bh_worker_sleep),
    FUZZ_ENTRY(bh_fail),
    FUZZ_ENTRY(bh_close_all_windows),
    FUZZ_ENTRY(bh_close_waits_for_processes),
    FUZZ_ENTRY(bh_close_waits_for_pool),
    FUZZ_ENTRY(bh_fail_because),
    FUZZ_ENTRY(bh_worker_get_failure),
    FUZZ_ENTRY(bh_worker_self),
    FUZZ_ENTRY(bh_close_waits_for),
    {NULL, NULL, 0},
};
