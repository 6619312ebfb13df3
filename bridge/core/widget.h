/* Checks that the functions for widgets share (layout.c, window.c, dialog.c, item.c, table_model.c). */
#ifndef CORE_WIDGET_H
#define CORE_WIDGET_H

#include "core/object.h"

/* Or the same. */
bool bh__is_ancestor(const bhs_object *ancestor, const bhs_object *object);

/* Each reports what is wrong for CALL; WHAT is the parameter's name. */

/* As bh__check_class, for one of several classes: NULL-terminated; LIST is how the sentence names them. */
bh__object *bh__check_classes(const bh_object *object, const char *const *classes, const char *list, const char *call,
                              const char *what);

/* Reports and returns true where MOVED (NULL: none in particular) may not be put elsewhere: inside a paint function; in a callback that
 * comes from such a move itself; and, if it has a window, in a handler of a passive event. Qt changes its containers step by step and sends events between the steps; a second change in there
 * leaves pointers to what is gone (QStatusBar and its layout, the chain of focus). */
bool bh__refuse_moving(const char *call, const bh__object *moved);

/* A widget that may become a child of HOST: neither HOST itself, nor around it, nor a part of one of Qt's widgets. */
bh__object *bh__check_guest(const bh_object *widget, const bh__object *host, const char *call, const char *what);

/* False if TEXT (or any pointer) is NULL. */
bool bh__check_text(const char *text, const char *call, const char *what);
bool bh__check_out(const void *out, const char *call, const char *what);

/* False if NUMBER is not LOW..HIGH. */
bool bh__check_number(int number, int low, int high, const char *call, const char *what);

/* Passes STATUS on, after having reported an exception of Qt's. */
bh_status bh__done(bh_status status, const char *call);

/* The handle of an object that was just MADE by us; NULL, with the object deleted, if that fails or if MADE is NULL. */
bh_object *bh__adopt(bhs_object *made, const char *call);

/* A new object of a class that the factory has. PROPERTY gets TEXT. */
bh_object *bh__make(const char *class_name, bhs_object *parent, const char *property, const char *text, const char *call);

/* HANDLE, or NULL, with its object gone, if STATUS is a failure. */
bh_object *bh__kept(bh_object *handle, bh_status status, const char *call);

/* A property that is certain to be there: a count. */
int bh__int_of(const bh__object *object, const char *property);

#endif
