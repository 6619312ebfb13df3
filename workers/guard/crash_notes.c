/* Notes for the record of a crash. Written under a lock; read in the handler without it, by a version that is odd while one is written. */
#include "core/door.h"
#include "guard/crash.h"

#include <bulkhead/crash.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { NOTES = 32, NAME = 32, TEXT = 256 };

typedef struct note {
    atomic_uint version;
    char name[NAME]; /* "": free */
    char text[TEXT];
} note;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards writing to notes */
static note notes[NOTES];

static void write_note(note *self, const char *name, const char *text)
{
    atomic_fetch_add(&self->version, 1);
    bh__copy_text(self->name, sizeof self->name, name);
    bh__copy_text(self->text, sizeof self->text, text);
    atomic_fetch_add(&self->version, 1);
}

/* The one of that name, or else a free one, or else NULL. */
static note *find(const char *name)
{
    note *room = NULL;
    for (int i = 0; i < NOTES; i++) {
        if (strncmp(notes[i].name, name, NAME - 1) == 0 && notes[i].name[0])
            return &notes[i];
        if (!room && !notes[i].name[0])
            room = &notes[i];
    }
    return room;
}

bh_status(bh_crash_note)(const char *name, const char *text)
{
    char copy[NAME];
    if (!name || !name[0])
        return bh__fail(BH_ERROR_NULL, "bh_crash_note", "name is %s: pass a short word, such as \"job\"", name ? "\"\"" : "NULL");
    bh__copy_text(copy, sizeof copy, name);
    pthread_mutex_lock(&lock);
    note *place = find(copy);
    if (place && text)
        write_note(place, copy, text);
    else if (place && place->name[0])
        write_note(place, "", "");
    pthread_mutex_unlock(&lock);
    if (!place && text)
        return bh__fail(BH_ERROR_FULL, "bh_crash_note", "no room for '%s': there are %d notes already; NULL takes one back", copy,
                        NOTES);
    return BH_OK;
}

void bh__crash_notes_each(void (*each)(const char *name, const char *text, void *user), void *user)
{
    for (int i = 0; i < NOTES; i++) {
        note copy;
        unsigned version = atomic_load(&notes[i].version);
        memcpy(copy.name, notes[i].name, sizeof copy.name);
        memcpy(copy.text, notes[i].text, sizeof copy.text);
        copy.name[NAME - 1] = copy.text[TEXT - 1] = 0;
        atomic_thread_fence(memory_order_acquire);
        if (version % 2 == 0 && atomic_load(&notes[i].version) == version && copy.name[0])
            each(copy.name, copy.text, user);
    }
}
