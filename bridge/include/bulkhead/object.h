/* Objects: made by class name, found in the tree, destroyed, listed.
 *
 * A bh_object * is a checked handle. Each call that takes one answers NULL, a stale handle, a real pointer, a handle of another
 * kind, a wrong class and a wrong thread with a status of its own and a sentence that names the call, the object (its class and
 * objectName) and what to do; none of them crashes. An object that Qt deletes (with its parent, by deleteLater, by
 * WA_DeleteOnClose) makes its handle stale at once.
 *
 * Ownership is Qt's: a parent destroys its children; an object without parent is yours until bh_destroy, or the library's at
 * bh_app_destroy. Handles need no release. */
#ifndef BULKHEAD_OBJECT_H
#define BULKHEAD_OBJECT_H

#include <bulkhead/value.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Creates an object of a class of Qt ("QPushButton"; bh_class_names lists them). PARENT may be NULL; for a widget it must be a
 * widget, for a layout (whose parent gets it as its layout) a widget without a layout, and none that makes its own, such as
 * QInputDialog. Widgets, layouts, actions and models: GUI thread; others: the GUI thread or a bh_thread, where they live, and which
 * must be the parent's. NULL on failure. */
BH_API bh_object *bh_create(const char *class_name, bh_object *parent);

/* Destroys the object and its children. At once; while one of the object's own handlers or signals is running, as soon as
 * control returns to the event loop. Stale at once either way. The object's thread, or any thread for an object without
 * parent on a thread of ours (it is then deleted there). NULL is BH_OK and does nothing. */
BH_API bh_status bh_destroy(bh_object *object);

/* True while the object behind the handle exists. Reports nothing. Any thread. */
BH_API bool bh_is_alive(const bh_object *object);

/* True if the object is of CLASS_NAME or a class derived from it ("QWidget"). False, with a sentence, for a bad handle. */
BH_API bool bh_inherits(const bh_object *object, const char *class_name);

/* The class as Qt names it; "" with a sentence for a bad handle. Static while the library is loaded. Any thread. */
BH_API const char *bh_class_name(const bh_object *object);

/* objectName, the name that bh_find and sentences use. bh_name returns a new string, yours: bh_free; NULL on failure. */
BH_API bh_status bh_set_name(bh_object *object, const char *name);
BH_API char *bh_name(const bh_object *object);

/* The parent, NULL if there is none (BH_OK then). To set: NULL takes it out of its parent; a widget needs a widget. */
BH_API bh_status bh_parent(const bh_object *object, bh_object **parent);
BH_API bh_status bh_set_parent(bh_object *object, bh_object *parent);

/* The children in their order: a new NULL-terminated array, yours: bh_free. COUNT may be NULL. */
BH_API bh_status bh_children(const bh_object *object, bh_object ***children, size_t *count);

/* The first descendant with this objectName (NULL: any) and of this class (NULL: any). NULL, with a sentence that has the
 * nearest name, if there is none. */
BH_API bh_object *bh_find(const bh_object *root, const char *name, const char *class_name);

/* All of them: as bh_children. None is no error. */
BH_API bh_status bh_find_all(const bh_object *root, const char *name, const char *class_name, bh_object ***found, size_t *count);

/* One line of a leak report. */
typedef struct bh_live_object {
    bh_object *object;
    char class_name[64];
    char name[64];
    char thread[32];
    bool has_parent;
} bh_live_object;

/* The objects that the program has a handle of and that exist now: copies up to CAPACITY of them to OUT (may be NULL with 0)
 * and returns how many there are. Any thread. */
BH_API size_t bh_live_objects(bh_live_object *out, size_t capacity);

#define bh_create(...) BH_AT(bh_create(__VA_ARGS__))
#define bh_destroy(...) BH_AT(bh_destroy(__VA_ARGS__))
#define bh_inherits(...) BH_AT(bh_inherits(__VA_ARGS__))
#define bh_class_name(...) BH_AT(bh_class_name(__VA_ARGS__))
#define bh_set_name(...) BH_AT(bh_set_name(__VA_ARGS__))
#define bh_name(...) BH_AT(bh_name(__VA_ARGS__))
#define bh_parent(...) BH_AT(bh_parent(__VA_ARGS__))
#define bh_set_parent(...) BH_AT(bh_set_parent(__VA_ARGS__))
#define bh_children(...) BH_AT(bh_children(__VA_ARGS__))
#define bh_find(...) BH_AT(bh_find(__VA_ARGS__))
#define bh_find_all(...) BH_AT(bh_find_all(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
