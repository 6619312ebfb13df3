/* Objects: the record behind a bh_object *, and the checks at each call. */
#ifndef CORE_OBJECT_H
#define CORE_OBJECT_H

#include "core/handle.h"
#include "shim/shim.h"

#include <pthread.h>

typedef struct bh__sender bh__sender;     /* core/connection.h: what is connected to its signals */
typedef struct bh__instance bh__instance; /* core/class.h: an object of a class defined in C */

/* Something to run when the object goes, while its QObject is still a QObject. */
typedef struct bh__end {
    void (*run)(struct bh__end *end);
    struct bh__end *next;
} bh__end;

struct bh__object {
    bhs_object *qt; /* the QObject */
    bh_object *handle;
    const char *class_name; /* static, of the most derived class */
    char name[48];          /* copy of objectName for sentences from other threads; guarded by the name lock */
    bool owned;             /* made by us: its destructor tells; otherwise its destroyed() does */
    bh__sender *sender;     /* written atomically; NULL until the first connection */
    bh__instance *instance; /* NULL for classes of Qt */
    bool library;           /* the application, the QThread of a bh_thread, the object of a worker */
    bool going;             /* guarded by the end lock, as `ends` */
    bh__end *ends;
};

/* The QObject, or NULL after having reported what is wrong with the handle (NULL, pointer, kind, stale, no application, thread).
 * WHAT is the parameter's name: "object", "parent". */
bh__object *bh__check_object(const bh_object *object, const char *call, const char *what);

/* The same, and refuses what is not of CLASS_NAME or derived from it. */
bh__object *bh__check_class(const bh_object *object, const char *class_name, const char *call, const char *what);

/* The same without the check of the thread, pinned: bh__unpin(object). Only what is atomic or locked may be used of it. */
bh__object *bh__check_object_pin(const bh_object *object, const char *call, const char *what);

/* Reports and returns true if there is no application, or if this is not the GUI thread. */
bool bh__refuse_off_gui(const char *call);
bool bh__refuse_no_app(const char *call);

/* True for classes whose objects stay on the GUI thread: widgets, layouts, actions, and models, which views read there. */
bool bh__is_gui_class(const bhs_meta *meta);

/* Reports and returns true on a thread that no object can live on: one without an event loop of ours. */
bool bh__refuse_no_loop(const char *call);

/* The handle of a QObject of the calling thread, made at first sight; NULL for NULL. OWNED: its destructor will call
 * bh__object_gone. NULL without memory, reported. */
bh_object *bh__wrap(bhs_object *qt, bool owned, const char *call);

/* The handle if there is one already; NULL otherwise. */
bh_object *bh__known(bhs_object *qt);

/* Text for sentences: "QLabel 'status'", or "QLabel" without a name. Any thread, for a pinned or own object. Returns OUT. */
const char *bh__object_text(const bh__object *object, char *out, size_t size);

/* Reports and returns true for what the program may not destroy, move or give another parent: the library's own objects, and parts
 * that Qt has made inside another object (a viewport, a header), which that object goes on using. */
bool bh__refuse_part(const bh__object *object, const char *call);

/* bh_destroy; BY_LIBRARY: an object of the library's, too. */
bh_status bh__destroy(bh_object *object, bool by_library);

/* True for slots that would do so, or start a thread behind the library's back. */
bool bh__slot_destroys(const char *name);

/* The objectName has changed: refreshes the copy in the record. The object's thread. */
void bh__object_renamed(bh__object *object, const char *name);

/* Registers END to run when the object goes; false if it has gone already. bh__end_remove takes it back: false if it runs or ran. */
bool bh__end_add(bh__object *object, bh__end *end);
bool bh__end_remove(bh__object *object, bh__end *end);

#endif
