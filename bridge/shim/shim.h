/* The shim's C interface: Qt, a function at a time, without policy. Checks, sentences and decisions are in core/.
 *
 * Every function is noexcept: an exception becomes BH_ERROR_EXCEPTION (or NULL, false) with its text in bhs_exception_text().
 * Objects are passed as QObject pointers; casts to other bases happen in C++ only, with the real types. The caller has checked
 * class and thread. Functions named bh__on_… are the core's, called from here. */
#ifndef SHIM_SHIM_H
#define SHIM_SHIM_H

#include <bulkhead/app.h>
#include <bulkhead/introspect.h>
#include <bulkhead/value.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bhs_object bhs_object; /* a QObject */
typedef struct bhs_meta bhs_meta;     /* a QMetaObject */

/* --- exceptions (guard.cpp) */

/* Calls FUNCTION(FRAME); false if an exception came out, whose text is then bhs_exception_text(). */
bool bhs_try(void (*function)(void *frame), void *frame);
const char *bhs_exception_text(void);

/* Core: around each function below that puts a widget elsewhere; it may be called within another such. */
void bh__on_move_begins(void);
void bh__on_move_ends(void);
bool bhs_has_window(
    const bhs_object *object); /* a widget with a window of its own, which goes when the widget is put elsewhere */
/* The one function here that throws: an exception of its own, which passes the C frames up to the nearest bhs_try. */
void bhs_throw_assertion(const char *text) __attribute__((noreturn));
bool bhs_exception_is_assertion(void); /* the last one that was caught on this thread */

/* --- application (app.cpp) */

bh_status bhs_app_create(int *argc, char **argv, bhs_object **app); /* Qt keeps and changes both for as long as it lives */
void bhs_app_destroy(void);
int bhs_app_exec(void);
bool bhs_is_painting(void); /* a widget; GUI thread */
void bhs_app_quit(int code);
bh_status bhs_app_process_events(int max_ms, bool delete_deferred);
void bhs_app_quit_after(int ms);

typedef struct bhs_role_color {
    int role; /* QPalette::ColorRole */
    bool disabled;
    bh_color color;
} bhs_role_color;

typedef struct bhs_palette {
    bh_color window, base, button, text, light, dark, mid; /* the last three are of what stands out, as buttons do */
    bhs_role_color others[11];
} bhs_palette;

bh_status bhs_app_set_colors(const char *style, const bhs_palette *palette); /* NULL: it stays; the system's */
void bh__on_quit(void);                                                      /* core: Qt wants the program to end */
bh_status bhs_watch_descriptor(int fd, void (*readable)(void));              /* one at a time; -1: none */
bhs_object *bhs_active_modal(void);
/* The turns of the GUI thread's event loop. A dispatcher of GLib handles events between aboutToBlock and awake, others do between awake and
 * aboutToBlock and some after it: so the first event after either of them is told, too. */
enum { BHS_TURN_WAITS, BHS_TURN_BEGINS, BHS_TURN_HANDLES };
bh_status bhs_watch_turns(bool on);
void bh__on_turn(int what); /* core */
void bhs_install_message_handler(void);
void bhs_remove_message_handler(void);    /* the one before is back */
void bhs_install_terminate_handler(void); /* logs what std::terminate is about, and goes on to the one before */
void bh__on_exception(const char *where, const char *class_name); /* something threw below notify() */
void bh__on_message(int level, const char *category, const char *text);
void bh__on_terminate(const char *text); /* the program is about to abort */

/* --- objects (object.cpp, factory.cpp) */

bhs_object *bhs_create(const char *class_name, bhs_object *parent); /* NULL: exception */
const char *const *bhs_class_names(void);                           /* sorted, NULL-terminated, static */
const bhs_meta *bhs_class_meta(const char *class_name);             /* NULL: unknown */
bool bhs_class_is(const bhs_meta *meta, const char *class_name);    /* is it, or derived from it */
void bhs_delete(bhs_object *object);
void bhs_delete_later(bhs_object *object);
const bhs_meta *bhs_meta_of(const bhs_object *object);
const char *bhs_meta_name(const bhs_meta *meta);
bool bhs_inherits(const bhs_object *object, const char *class_name);
bool bhs_is_widget(const bhs_object *object);
void bhs_name(const bhs_object *object, char *out, size_t size); /* objectName, cut */
char *bhs_name_copy(const bhs_object *object);                   /* bh__malloc */
void bhs_set_name(bhs_object *object, const char *name);
bhs_object *bhs_parent(const bhs_object *object);
bh_status bhs_set_parent(bhs_object *object, bhs_object *parent, bool stays_window); /* a widget: one with its flags */
bool bhs_widget_has_layout(const bhs_object *widget);
const void *bhs_thread_of(const bhs_object *object); /* its QThread, for comparison only */
const void *bhs_current_thread(void);
void bhs_children(const bhs_object *object, void (*visit)(bhs_object *child, void *user), void *user);
void bhs_descendants(const bhs_object *object, void (*visit)(bhs_object *child, void *user), void *user); /* breadth first */
void bhs_track(bhs_object *object);       /* destroyed() will call bh__object_gone */
void bh__object_gone(bhs_object *object); /* core: the most derived destructor, or destroyed() */
size_t bhs_top_level_widgets(void (*visit)(bhs_object *widget, bool visible, void *user), void *user);

/* --- types and values (value.cpp, value_make.cpp, value_read.cpp) */

enum { BHS_STORAGE_SIZE = 64, BHS_WHY_SIZE = 256 };

/* Room for one Qt value of any type that we convert. */
typedef struct bhs_storage {
    unsigned char bytes[BHS_STORAGE_SIZE] __attribute__((aligned(16)));
} bhs_storage;

/* A type of Qt, by QMetaType id. 0: unknown. NAME in Qt's spelling. */
int bhs_type_id(const char *name);
const char *bhs_type_name(int id);
/* The natural C type; BH_TYPE_VOID if there is none. ENUM_OUT (may be NULL): enums and flags, which are BH_TYPE_INT. */
bh_type bhs_type_of(int id, bool *is_enum);
enum {
    BHS_VARIANT = 1,  /* QVariant: no natural type, made from any value, read as what it holds */
    BHS_IMAGE = 2,    /* QIcon, QPixmap: made from the name of a file, read as "" */
    BHS_PLAIN = 4,    /* the foremost Qt type of its C type: QString, not QUrl */
    BHS_DIRECT = 8,   /* the C value is, byte by byte, the Qt value */
    BHS_UNSIGNED = 16 /* an integer without a sign that is an int in C */
};
unsigned bhs_type_traits(int id);
int bhs_type_size(int id);
const void *bhs_type_interface(int id); /* QMetaType::iface() */
const bhs_meta *bhs_type_meta(int id);  /* class of a QObject pointer type; NULL otherwise */

/* Constructs a Qt value of type ID in STORAGE from VALUE, whose type is already the natural one. Otherwise there is nothing to destroy,
 * and the reason is in WHY (BHS_WHY_SIZE): BH_ERROR_RANGE for a number too large for the type, a date, URL, key sequence or font that
 * is none; BH_ERROR_IO for a file that is no image; BH_ERROR_CLASS and BH_ERROR_STALE for objects. Destroy the value afterwards. */
bh_status bhs_construct(int id, bhs_storage *storage, const bh_value *value, char *why);
/* Core: whether VALUE is one that a Qt value of type ID can be made of, as far as C can tell; WHY says why not. */
bh_status bh__on_value_given(int id, const bh_value *value, char *why);
/* Core: makes a sentence of the STATUS with which Qt has refused VALUE, and of what it has said in WHY. */
void bh__on_value_refused(int id, const bh_value *value, bh_status status, char *why);
bool bhs_default_construct(int id, bhs_storage *storage);
void bhs_destroy_value(int id, bhs_storage *storage);

/* Reads a Qt value of type ID at QT into VALUE, whose type says what came. Strings, lists and fonts are new blocks (bh__malloc):
 * bh__value_release. Objects become handles. False without memory. */
bool bhs_read(int id, const void *qt, bh_value *value);
bhs_object *bh__on_object_given(const bh_object *handle); /* core: the object of a handle, NULL if it is gone */
bh_object *bh__on_object_taken(bhs_object *object);       /* core: the handle of an object, NULL without memory */

/* --- properties and methods by index (reflect.cpp) */

typedef struct bhs_property {
    const char *name, *notify; /* static */
    int index, type_id;
    bool readable, writable, is_enum, is_flag;
    char type_name[64];
} bhs_property;

typedef struct bhs_method {
    int index;
    int kind; /* bh_method_kind */
    int parameter_count;
    int parameter_ids[16];
    int return_id;
    const char *return_name;
    const char *name;
    char signature[256];
    bool is_public;
} bhs_method;

int bhs_property_count(const bhs_meta *meta);
int bhs_property_index(const bhs_meta *meta, const char *name); /* -1: none */
const char *bhs_property_name(const bhs_meta *meta, int index);
void bhs_property_at(const bhs_meta *meta, int index, bhs_property *out);
bh_status bhs_property_write(bhs_object *object, int index, void *qt); /* QT: pointer to the Qt value */
bh_status bhs_property_read(const bhs_object *object, int index, int type_id, bhs_storage *storage); /* constructs in STORAGE */
bool bhs_property_enum_parse(const bhs_meta *meta, int index, const char *keys, int *value);
char *bhs_property_enum_text(const bhs_meta *meta, int index, int value); /* bh__malloc */
int bhs_enum_count(const bhs_meta *meta);
/* Key I of enum INDEX of the class, or of the enum of property INDEX; false: it has fewer. */
bool bhs_enum_key(const bhs_meta *meta, bool of_property, int index, int i, bh_enum_key_info *out);

int bhs_method_count(const bhs_meta *meta);
int bhs_method_index(const bhs_meta *meta, const char *signature);     /* of the most derived class that has it; -1: none */
int bhs_method_find(const bhs_meta *meta, const char *name, int from); /* the next of this name, from FROM on; -1: none */
void bhs_method_at(const bhs_meta *meta, int index, bhs_method *out);
/* ARGUMENTS[0] is the return value's place or NULL. */
bh_status bhs_method_call(bhs_object *object, int index, void **arguments);

/* --- connections (connect.cpp) */

/* Connects signal METHOD of SENDER, directly, to number ID of the dispatcher. Delivery calls bh__on_signal(id, arguments). */
void *bhs_connect(bhs_object *sender, int method, unsigned id); /* a QMetaObject::Connection; NULL: failed */
void *bhs_connect_slot(bhs_object *sender, int signal, bhs_object *receiver, int method, int type);
bool bhs_disconnect(void *connection); /* and frees it */
void bh__on_signal(unsigned id, void **arguments);
void bhs_dispatcher_destroy(void);

/* --- classes defined in C (dynamic.cpp) */

/* The classes that one defined in C can be derived from. */
enum { BHS_BASE_OBJECT, BHS_BASE_WIDGET, BHS_BASE_DIALOG, BHS_BASE_MAIN_WINDOW, BHS_BASE_COUNT };
/* Creates an object whose metaObject() is META. */
bhs_object *bhs_dynamic_create(int base, const bhs_meta *meta, void *instance);
const bhs_meta *bhs_base_meta(int base);
/* Makes a QMetaObject over tables laid by the core; they live as long as the program. */
const bhs_meta *bhs_meta_create(const bhs_meta *super, const uint32_t *strings, const uint32_t *data, const void *const *types);
void bhs_activate(bhs_object *object, const bhs_meta *meta, int local_signal, void **arguments);
/* A QObject call on a C-defined object: 0 invoke, 1 read, 2 write property; LOCAL counts within the C class. */
void bh__on_metacall(void *instance, int kind, int local, void **arguments, bhs_object *sender);
void bh__on_qt_connected(void *instance, int local_signal);
void bh__on_paint(void *instance, bhs_object *widget, void *painter, bh_size size); /* a QPainter */
bool bh__on_size_hint(void *instance, bh_size *size);
void bh__on_destroyed(void *instance);

/* --- threads, mailboxes, pools, timers (thread.cpp, pool.cpp, timer.cpp): ended by bhs_delete, NULL after an exception */

bhs_object *bhs_thread_create(void *record); /* a QThread */
bool bhs_thread_start(bhs_object *thread, int priority, size_t stack_size);
void bhs_thread_set_priority(bhs_object *thread, int priority);
void bhs_thread_quit(bhs_object *thread);
bool bhs_thread_wait(bhs_object *thread, int timeout_ms);
void bhs_move_to_thread(bhs_object *object, bhs_object *thread); /* NULL: the GUI thread */
void bh__on_thread_begins(void *record);                         /* on the thread, before its loop */
void bh__on_thread_ends(void *record);                           /* on the thread, after its loop */

bhs_object *bhs_mailbox_create(void *mailbox); /* what takes a mailbox's events, on the calling thread */
void bhs_mailbox_wake(bhs_object *box);        /* posts one event; any thread */
void bh__on_mailbox(void *mailbox);            /* core: drain a slice */

bhs_object *bhs_pool_create(void);              /* a QThreadPool */
void bhs_pool_release_thread(bhs_object *pool); /* the calling thread lends its place */
void bhs_pool_reserve_thread(bhs_object *pool);
/* Has one more of its threads call bh__on_pool_thread, once. Where the system gives no thread, Qt says so in a message; the pool counts a
 * thread that it does not have, from now on, and waits for it when it is destroyed. */
bh_status bhs_pool_start(bhs_object *pool, void *record);
int bhs_ideal_threads(void);           /* one per core */
void bh__on_pool_thread(void *record); /* core: run what is queued, on a thread of the pool */

/* Fires until it is deleted, which may be while it fires. NULL: it cannot be started. */
bhs_object *bhs_timer_create(int interval_ms, bool precise, void *payload);
bool bhs_timer_set_interval(bhs_object *timer, int interval_ms);
void bh__on_timer(void *payload);

#ifdef __cplusplus
}
#endif
#endif
