/* The API fuzzer: what its parts share.
 *
 * Each function of the public headers has an entry: it makes random arguments, calls, and says whether the call succeeded. The
 * entries stand in tables, one per group of headers (fuzz_objects.c, fuzz_paint.c …). fuzz_engine.c picks among them, on the GUI
 * thread, on threads of all kinds, and again inside callbacks, event handlers, timers, slots and paint functions.
 *
 * Arguments come from generators, which also note what they made, so that a crash is printed with the last calls. What a thread has
 * made it keeps in its world (fuzz_world.c), where the generators find handles that are live, stale, of other kinds and other threads.
 *
 * What is a finding: a crash, a hang, a leak, and a complaint: something that the headers promise and that was not so. */
#ifndef FUZZ_H
#define FUZZ_H

#include <bulkhead/bulkhead.h>
#include <stdatomic.h>

/* --- random.c: numbers and texts. Each thread has a generator of its own. */

void fuzz_seed(uint64_t seed);
uint64_t fuzz_mix(uint64_t a, uint64_t b);
uint64_t fuzz_random(void);
unsigned fuzz_below(unsigned limit); /* 0 to LIMIT - 1 */
bool fuzz_chance(unsigned percent);

int fuzz_int(void); /* small ones, limits, anything */
int fuzz_small(int from, int to);
int fuzz_row(void);       /* mostly 0 to 9 */
double fuzz_double(void); /* NaN and infinities too */
size_t fuzz_size_t(void);
bool fuzz_bool(void);
int fuzz_short_ms(void);     /* what can be waited for: -5 to 20 */
const char *fuzz_text(void); /* NULL, "", UTF-8, none, huge; valid until the thread has made eight more */
const char *fuzz_mutated(const char *text);
void *fuzz_garbage(void); /* NULL, real pointers, numbers: no handle that was ever given out, but for luck */

/* --- trace.c: what was called last, and who tells of it */

typedef struct fuzz_record fuzz_record;

/* Begins the record of a call on this thread and returns the one before it, for fuzz_trace_end. */
fuzz_record *fuzz_trace_begin(const char *name);
void fuzz_trace_end(fuzz_record *before, char result);
void fuzz_note(const char *format, ...) __attribute__((format(printf, 1, 2))); /* one more argument of the running call */
void fuzz_trace_print(void);
void fuzz_trace_signals(void); /* a crash prints the trace */
void fuzz_watchdog_start(void);
void fuzz_watchdog_lane(void); /* watches the calling thread, whose lane is set, until its progress is UINT64_MAX */
void fuzz_watchdog_stop(void);
uint64_t fuzz_rescues(void); /* how often the watchdog has ended a loop that would not end by itself */

/* A promise that was broken: printed once per WHAT, and the run fails at its end. */
void fuzz_complain(const char *call, const char *what, const char *detail);
unsigned fuzz_complaints(void);

/* --- engine.c */

typedef enum fuzz_result {
    FUZZ_REFUSED, /* and so there must have been a sentence */
    FUZZ_OK,
    FUZZ_QUIET /* neither: a timeout, a cancelled wait, a question answered with no */
} fuzz_result;

typedef struct fuzz_entry {
    const char *name;
    fuzz_result (*run)(void);
    unsigned rare; /* 0: as often as any; N: one time in N */
} fuzz_entry;

#define FUZZ_ENTRY(name)     \
    {                        \
#name, run_##name, 0 \
    }
#define FUZZ_RARE(name, rare)   \
    {                           \
#name, run_##name, rare \
    }

/* An entry that is a single call returning a status. */
#define FUZZ_CALL(name, ...)                   \
    static fuzz_result run_##name(void)        \
    {                                          \
        return fuzz_status(name(__VA_ARGS__)); \
    }

/* An entry that is a single call returning an object, which is kept. */
#define FUZZ_MAKE(name, ...)                 \
    static fuzz_result run_##name(void)      \
    {                                        \
        return fuzz_made(name(__VA_ARGS__)); \
    }

/* Tables end with an entry without a name. */
extern const fuzz_entry fuzz_app_entries[], fuzz_object_entries[], fuzz_property_entries[], fuzz_connect_entries[],
    fuzz_class_entries[], fuzz_layout_entries[], fuzz_item_entries[], fuzz_window_entries[], fuzz_table_entries[],
    fuzz_paint_entries[], fuzz_thread_entries[], fuzz_pool_entries[], fuzz_worker_entries[], fuzz_life_entries[],
    fuzz_task_entries[], fuzz_chart_entries[];

extern uint64_t fuzz_run_seed;
extern _Atomic uint64_t fuzz_step;        /* of the main thread */
extern _Atomic bool fuzz_stopping;        /* nothing nested is begun any more */
extern _Atomic uint64_t fuzz_progress[4]; /* calls begun: main thread, raw threads */
extern _Thread_local int fuzz_lane;       /* 0: main thread, 1 to 3: a raw thread, -1: a thread of the library */

extern char fuzz_last_line[256];            /* of the log: Qt's last words before it aborts; written under the log's lock */
extern const bh_error_hook fuzz_error_hook; /* counts and checks sentences */
extern const bh_log_handler fuzz_log_handler;

void fuzz_engine_start(void);
void fuzz_call(void); /* any entry */
void fuzz_call_by_name(const char *name);
void fuzz_call_table(const fuzz_entry *table); /* any entry of this table */
void fuzz_nested(const char *where);           /* inside user code: perhaps some calls, not too deep */
void fuzz_list(void);                          /* the names, one a line */
bool fuzz_report(unsigned percent);            /* the table; true if so many succeeded */

fuzz_result fuzz_status(bh_status status);
fuzz_result fuzz_made(bh_object *object);

/* --- names.c: classes and their members, by introspection */

typedef struct fuzz_class {
    const char *name;
    bh_property_info *properties;
    bh_method_info *methods;
    bh_enum_key_info *keys;
    size_t property_count, method_count, key_count;
    _Atomic uint64_t families; /* bits by family; FUZZ_FAMILIES_KNOWN once they have been asked for */
} fuzz_class;

void fuzz_names_start(void);
void fuzz_names_stop(void);
const fuzz_class *fuzz_class_add(const char *name); /* a class defined in C, after its first use */
const fuzz_class *fuzz_class_find(const char *name);
const fuzz_class *fuzz_class_any(void);
const char *fuzz_class_name(void); /* valid, mutated, anything */
const char *fuzz_signal_name(const fuzz_class *of);
const char *fuzz_method_name(const fuzz_class *of, bool callable); /* CALLABLE: that bh_call may try */
const char *fuzz_property_name(const fuzz_class *of);
const char *fuzz_key_text(const fuzz_class *of);
const char *fuzz_signature(void);
bool fuzz_is_harmful(const char *method); /* blocks, ends the process or leaves it */

/* A class with a property of TYPE, and its name; false if there is none. */
bool fuzz_property_of_type(bh_type type, bool is_enum, const fuzz_class **of, const bh_property_info **property);

/* The parameter types of a signature: their number, or -1 where one has no C type. */
int fuzz_signature_types(const char *signature, bh_type types[BH_MAX_ARGUMENTS]);

/* --- world.c: what each thread has made */

typedef enum fuzz_kind {
    FUZZ_OBJECT,
    FUZZ_INSTANCE, /* objects of classes defined in C */
    FUZZ_MODEL,
    FUZZ_CHART,
    FUZZ_CONNECTION,
    FUZZ_TIMER,
    FUZZ_THREAD,
    FUZZ_POOL,
    FUZZ_RUNNABLE,
    FUZZ_EVENT_HANDLER,
    FUZZ_PAINTER,
    FUZZ_TREE_ITEM,
    FUZZ_WORKER,
    FUZZ_CONTEXT,
    FUZZ_STARTUP,
    FUZZ_FINALIZER,
    FUZZ_TASK,
    FUZZ_TASK_CONTEXT,
    FUZZ_GROUP,
    FUZZ_KIND_COUNT
} fuzz_kind;

typedef struct fuzz_target {
    bh_object *object;
    const fuzz_class *of; /* never NULL; a random one if the object's is not known */
} fuzz_target;

void fuzz_keep(fuzz_kind kind, void *handle);
void fuzz_keep_object(bh_object *object, const fuzz_class *of); /* OF NULL: it is asked for */
void *fuzz_thing(fuzz_kind kind);                               /* live, stale, of another thread or kind, garbage */
bh_object *fuzz_object(const char *family);                     /* of a class, or of none; NULL: any */
fuzz_target fuzz_target_any(const char *family);
fuzz_target fuzz_target_of(const fuzz_class *of);
bh_object *fuzz_live(const char *family); /* made if need be; NULL only where it cannot be made */
void fuzz_kill_one(fuzz_kind kind);       /* ends one of the thread's, the way its header says */

/* What is passed as user where a drop function gives it back: checked in each callback, counted. */
void *fuzz_token_new(void);
void fuzz_token_drop(void *token); /* as drop(user), or after a call that failed and so took nothing */
void fuzz_token_check(void *token, const char *where);
long fuzz_tokens(void);

/* --- values.c */

bh_value fuzz_value(bh_type type); /* of this type; borrowed parts live until the thread has made eight more */
bh_type fuzz_type(void);
bh_size fuzz_size(void);
bh_point fuzz_point(void);
bh_rect fuzz_rect(void);
bh_color fuzz_color(void);
bh_font *fuzz_font(void); /* NULL too */
bh_date fuzz_date(void);
bh_time fuzz_time(void);
bh_date_time fuzz_date_time(void);
const char *const *fuzz_strings(void);
bh_callback fuzz_callback(const bh_type *types, int count); /* that fits these types, or any, or a broken one */
bh_event_result fuzz_on_event(bh_object *widget, void *user, const bh_event *event);
bh_status fuzz_on_posted(void *user);
void fuzz_on_void(void *user);

#endif
