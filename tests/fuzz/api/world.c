/* What each thread has made: rings of handles, from which the generators take live ones, stale ones, those of other threads and of
 * other kinds. A ring that is full ends its oldest thing, so that a run of any length keeps within its bounds. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORLDS = 16, FIRST_SHARED = 4, RING = 160, FAMILIES = 64 };

typedef struct kept {
    _Atomic(void *) handle;
    _Atomic(const fuzz_class *) of;
} kept;

typedef struct ring {
    kept slots[RING];
    _Atomic unsigned next;
} ring;

/* 0: the main thread; 1 to 3: raw threads; from FIRST_SHARED on: threads of the library, which share them. */
static ring worlds[WORLDS][FUZZ_KIND_COUNT];

/* How many of a kind are kept: threads are dear, objects are cheap. */
static const unsigned ring_sizes[FUZZ_KIND_COUNT] = {
    [FUZZ_OBJECT] = RING,  [FUZZ_INSTANCE] = 24, [FUZZ_MODEL] = 12,    [FUZZ_CONNECTION] = 64,    [FUZZ_TIMER] = 16,
    [FUZZ_THREAD] = 4,     [FUZZ_POOL] = 3,      [FUZZ_RUNNABLE] = 16, [FUZZ_EVENT_HANDLER] = 32, [FUZZ_PAINTER] = 8,
    [FUZZ_TREE_ITEM] = 32, [FUZZ_WORKER] = 5,    [FUZZ_CONTEXT] = 8,   [FUZZ_TASK] = 16,          [FUZZ_TASK_CONTEXT] = 8,
    [FUZZ_GROUP] = 4,      [FUZZ_STARTUP] = 3,   [FUZZ_FINALIZER] = 8, [FUZZ_CHART] = 6,
};

/* What a family is made by where there is none of it yet. */
static const struct {
    const char *family, *made_by;
} families[] = {
    {"QObject", "QObject"},         {"QWidget", "QWidget"},
    {"QLayout", "QVBoxLayout"},     {"QBoxLayout", "QHBoxLayout"},
    {"QGridLayout", "QGridLayout"}, {"QFormLayout", "QFormLayout"},
    {"QMainWindow", "QMainWindow"}, {"QSplitter", "QSplitter"},
    {"QTabWidget", "QTabWidget"},   {"QStackedWidget", "QStackedWidget"},
    {"QScrollArea", "QScrollArea"}, {"QLabel", "QLabel"},
    {"QComboBox", "QComboBox"},     {"QListWidget", "QListWidget"},
    {"QTreeWidget", "QTreeWidget"}, {"QAbstractItemView", "QTableView"},
    {"QTableView", "QTableView"},   {"QMenu", "QMenu"},
    {"QMenuBar", "QMenuBar"},       {"QToolBar", "QToolBar"},
    {"QStatusBar", "QStatusBar"},   {"QAction", "QAction"},
    {"QDialog", "QDialog"},
};

enum { FAMILY_COUNT = sizeof families / sizeof families[0] };
#define FAMILIES_KNOWN ((uint64_t)1 << 63)

static ring *rings_here(void)
{
    static _Thread_local unsigned world;
    static _Atomic unsigned next;
    if (fuzz_lane >= 0)
        return worlds[fuzz_lane];
    if (!world)
        world = FIRST_SHARED + atomic_fetch_add(&next, 1) % (WORLDS - FIRST_SHARED);
    return worlds[world];
}

/* --- ending */

static void end_thread(bh_thread *thread)
{
    bh_thread_quit(thread);
    if (bh_thread_wait(thread, 500) == BH_OK)
        bh_thread_destroy(thread);
}

static void end_pool(bh_thread_pool *pool)
{
    bh_thread_pool_clear(pool);
    if (bh_thread_pool_wait_for_done(pool, 500) == BH_OK)
        bh_thread_pool_destroy(pool);
}

static void end_worker(bh_worker *worker)
{
    bh_worker_cancel(worker);
    if (bh_worker_wait(worker, 500) == BH_OK)
        bh_worker_destroy(worker);
}

static void end_task(bh_task *task)
{
    bh_task_cancel(task);
    bh_task_release(task);
}

static void end_group(bh_task_group *group)
{
    bh_task_group_cancel(group);
    bh_task_group_seal(group);
    bh_task_group_destroy(group);
}

static void end_thing(fuzz_kind kind, void *handle)
{
    switch (kind) {
    case FUZZ_OBJECT:
    case FUZZ_INSTANCE:
    case FUZZ_MODEL:
    case FUZZ_CHART:
        if (bh_is_alive(handle))
            bh_destroy((bh_object *)handle);
        break;
    case FUZZ_CONNECTION:
        bh_disconnect((bh_connection *)handle);
        break;
    case FUZZ_TIMER:
        bh_timer_stop((bh_timer *)handle);
        break;
    case FUZZ_THREAD:
        end_thread(handle);
        break;
    case FUZZ_POOL:
        end_pool(handle);
        break;
    case FUZZ_WORKER:
        end_worker(handle);
        break;
    case FUZZ_STARTUP:
        bh_startup_cancel((bh_startup *)handle);
        break;
    case FUZZ_FINALIZER:
        bh_finalizer_remove((bh_finalizer *)handle);
        break;
    case FUZZ_TASK:
        end_task(handle);
        break;
    case FUZZ_GROUP:
        end_group(handle);
        break;
    case FUZZ_EVENT_HANDLER:
        bh_remove_event_handler((bh_event_handler *)handle);
        break;
    case FUZZ_TREE_ITEM:
        bh_tree_item_destroy((bh_tree_item *)handle);
        break;
    default:
        break;
    }
}

void fuzz_kill_one(fuzz_kind kind)
{
    kept *slot = &rings_here()[kind].slots[fuzz_below(ring_sizes[kind])];
    void *handle = atomic_exchange(&slot->handle, NULL);
    if (handle)
        end_thing(kind, handle);
}

/* --- keeping */

static void keep(fuzz_kind kind, void *handle, const fuzz_class *of)
{
    ring *into = &rings_here()[kind];
    kept *slot = &into->slots[atomic_fetch_add(&into->next, 1) % ring_sizes[kind]];
    void *old = atomic_exchange(&slot->handle, NULL);
    if (old && old != handle)
        end_thing(kind, old);
    atomic_store(&slot->of, of);
    atomic_store(&slot->handle, handle);
}

void fuzz_keep(fuzz_kind kind, void *handle)
{
    if (kind == FUZZ_OBJECT)
        fuzz_keep_object(handle, NULL);
    else if (handle)
        keep(kind, handle, NULL);
}

void fuzz_keep_object(bh_object *object, const fuzz_class *of)
{
    if (!object || object == bh_app())
        return;
    keep(FUZZ_OBJECT, object, of ? of : fuzz_class_find(bh_class_name(object)));
}

/* --- taking */

static void *take(ring *from, fuzz_kind kind)
{
    for (int tries = 0; tries < 4; tries++) {
        void *handle = atomic_load(&from[kind].slots[fuzz_below(ring_sizes[kind])].handle);
        if (handle)
            return handle;
    }
    return NULL;
}

/* A handle as it might have been: another generation, index or kind. */
static void *twisted(void *handle)
{
    return (void *)((uintptr_t)handle ^ (uintptr_t)1 << fuzz_below(fuzz_chance(70) ? 64 : 26));
}

void *fuzz_thing(fuzz_kind kind)
{
    unsigned choice = fuzz_below(100);
    void *handle;
    if (choice < 80)
        handle = take(rings_here(), kind);
    else if (choice < 87)
        handle = take(worlds[fuzz_below(WORLDS)], kind);
    else if (choice < 92)
        handle = take(rings_here(), (fuzz_kind)fuzz_below(FUZZ_KIND_COUNT));
    else if (choice < 94)
        handle = twisted(take(rings_here(), kind));
    else
        handle = fuzz_garbage();
    fuzz_note("%p", handle);
    return handle;
}

static int family_number(const char *family)
{
    for (int i = 0; i < FAMILY_COUNT; i++)
        if (!strcmp(families[i].family, family))
            return i;
    fprintf(stderr, "fuzz_api: no family %s\n", family);
    abort();
}

/* OF's families, asked of OBJECT, which is of it and of this thread. */
static uint64_t families_of(const fuzz_class *of, bh_object *object)
{
    uint64_t bits = atomic_load(&of->families);
    if (bits & FAMILIES_KNOWN)
        return bits;
    for (int i = 0; i < FAMILY_COUNT; i++)
        if (bh_inherits(object, families[i].family))
            bits |= (uint64_t)1 << i;
    if (bh_is_alive(object))
        atomic_store(&((fuzz_class *)of)->families, bits | FAMILIES_KNOWN);
    return bits;
}

/* A live object of this thread, of a family (-1: any) or of a class; NULL if there is none. */
static bh_object *find_live(int family, const fuzz_class *wanted, const fuzz_class **found)
{
    kept *slots = rings_here()[FUZZ_OBJECT].slots;
    unsigned start = fuzz_below(RING);
    for (unsigned i = 0; i < RING; i++) {
        kept *slot = &slots[(start + i) % RING];
        bh_object *object = atomic_load(&slot->handle);
        const fuzz_class *of = atomic_load(&slot->of);
        if (!object || !of || !bh_is_alive(object) || (wanted && of != wanted))
            continue;
        if (family >= 0 && !(families_of(of, object) >> family & 1))
            continue;
        *found = of;
        return object;
    }
    return NULL;
}

static bh_object *make(const fuzz_class *of)
{
    bh_object *parent = NULL;
    if (strstr(of->name, "Layout")) {
        parent = bh_create("QWidget", NULL);
        fuzz_keep_object(parent, fuzz_class_find("QWidget"));
    } else if (fuzz_chance(50)) {
        const fuzz_class *parents;
        parent = find_live(family_number("QWidget"), NULL, &parents);
    }
    bh_object *object = bh_create(of->name, parent);
    if (!object && parent)
        object = bh_create(of->name, NULL);
    fuzz_keep_object(object, of);
    return object;
}

/* A live one, now and then a new one though there are some. */
static fuzz_target live_target(int family, const fuzz_class *wanted)
{
    fuzz_target target = {NULL, NULL};
    if (!fuzz_chance(5))
        target.object = find_live(family, wanted, &target.of);
    if (target.object || family < 0)
        return target;
    target.of = wanted ? wanted : fuzz_class_find(families[family].made_by);
    if (target.of)
        target.object = make(target.of);
    return target;
}

bh_object *fuzz_live(const char *family)
{
    return live_target(family_number(family ? family : "QObject"), NULL).object;
}

static fuzz_target odd_target(void)
{
    fuzz_target target = {NULL, fuzz_class_any()};
    if (fuzz_chance(10))
        target.object = bh_app();
    else
        target.object = fuzz_thing(FUZZ_OBJECT);
    return target;
}

static fuzz_target finish(fuzz_target target)
{
    if (!target.of)
        target.of = fuzz_class_any();
    fuzz_note("%s@%p", target.of->name, (void *)target.object);
    return target;
}

fuzz_target fuzz_target_any(const char *family)
{
    if (fuzz_chance(12))
        return finish(odd_target());
    return finish(live_target(family_number(family ? family : "QObject"), NULL));
}

fuzz_target fuzz_target_of(const fuzz_class *of)
{
    fuzz_target target = {NULL, of};
    if (fuzz_chance(10))
        return finish(odd_target());
    target.object = find_live(-1, of, &target.of);
    if (!target.object)
        target.object = make(of);
    target.of = of;
    return finish(target);
}

bh_object *fuzz_object(const char *family)
{
    return fuzz_target_any(family).object;
}

/* --- tokens */

enum { TOKEN_LIVE = 0x600D, TOKEN_DEAD = 0xDEAD };

typedef struct token {
    _Atomic unsigned state;
} token;

static _Atomic long tokens;

void *fuzz_token_new(void)
{
    token *made = malloc(sizeof *made);
    if (!made)
        abort();
    atomic_init(&made->state, TOKEN_LIVE);
    atomic_fetch_add(&tokens, 1);
    return made;
}

void fuzz_token_drop(void *user)
{
    if (!user)
        return;
    if (atomic_exchange(&((token *)user)->state, TOKEN_DEAD) != TOKEN_LIVE) {
        fprintf(stderr, "fuzz_api: a drop function ran twice\n");
        abort();
    }
    atomic_fetch_sub(&tokens, 1);
    free(user);
}

void fuzz_token_check(void *user, const char *where)
{
    if (user && atomic_load(&((token *)user)->state) != TOKEN_LIVE) {
        fprintf(stderr, "fuzz_api: %s ran after its drop function\n", where);
        abort();
    }
}

long fuzz_tokens(void)
{
    return atomic_load(&tokens);
}
