/* What a person chooses about a data set: how it is read, and what of it is trained on. A form, and two marks for each column. */
#ifndef APP_WINDOW_CHOICES_H
#define APP_WINDOW_CHOICES_H

#include "project/project.h"
#include "window/facts.h"

typedef struct choices {
    const facts *facts;    /* NULL: none */
    bool *used, *category; /* for each column */
    int target;            /* -1: none */
    bool changed, loading;
    char *kept;               /* the options that are in force, JSON */
    void (*told)(void *user); /* something has been chosen otherwise */
    void (*apply)(void *user);
    void *user;
    bh_object *object, *delimiter, *header, *bad, *target_box, *target_is, *validation, *seed, *apply_button, *revert;
    bh_object *training; /* the part that only tables with columns have */
} choices;

/* The form under PARENT. SELF has told, apply and user set, and must live until the form is gone. */
void choices_create(choices *self, bh_object *parent);

/* Shows OPTIONS (JSON) for FACTS, which must live until the next call. */
void choices_load(choices *self, const facts *of, const char *options);

/* What is chosen, JSON; NULL without memory. The caller's: bh_free. */
char *choices_json(const choices *self);

/* A column was marked otherwise in the table. */
void choices_mark(choices *self, size_t column, bool used, bool category);
void choices_clear(choices *self);

#endif
