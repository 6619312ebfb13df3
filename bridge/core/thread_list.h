/* The list of the threads that run and have called us: for reports, by the system's thread id. */
#ifndef CORE_THREAD_LIST_H
#define CORE_THREAD_LIST_H

#include "core/door.h"
#include "core/thread.h"

/* On the thread itself, at the record's beginning and end. */
void bh__thread_list_add(bh__thread *thread);
void bh__thread_list_remove(bh__thread *thread);

/* Also writes the record's name, unless NAME is NULL. */
void bh__thread_list_set(bh__thread *thread, bh__door_role role, const char *name);

#endif
