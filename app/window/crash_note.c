/* The note above the tabs that says what crashed last time: told once for each crash, with the place where it was as soon as
 * that has been found out, all that its record says, and what it has left (banner.c). A start that nobody watches leaves it to the next one. */
#include "window/inner.h"

#include "window/text_dialog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 5, PATH = 4096, SENTENCE = 1100, PLACE = 300, LEFT = 1400, CLOSE_MS = 1000 };

/* A crash. */
typedef struct crash {
    char path[PATH], sentence[SENTENCE];
    char *record; /* for people; NULL: not read yet */
} crash;

struct crash_note {
    bh_object *object, *text, *resume;
    window *window;
    char left[LEFT];
    bool shown;
    crash crashes[MOST]; /* the newest, the oldest of them first */
    int count, all;
};

/* --- reading the records, on a pool's thread */

typedef struct reading {
    bh_object *widget; /* of the note, which goes with it */
    crash_note *note;
    crash crashes[MOST];
    int count;
} reading;

static bh_status read_records(bh_task_context *self, void *user)
{
    reading *of = user;
    for (int i = 0; i < of->count && !bh_task_cancelled(self); i++)
        if (bh_crash_read(of->crashes[i].path, &of->crashes[i].record))
            return bh_task_fail_because(self, BH_ERROR_IO, "a record of a crash cannot be shown");
    return BH_OK;
}

static void drop(void *user)
{
    reading *of = user;
    for (int i = 0; i < of->count; i++)
        bh_free(of->crashes[i].record);
    free(of);
}

/* --- what it says */

/* Functions of C++ come with the types of what they take. */
static void drop_arguments(char *place)
{
    char *types = strchr(place, '(');
    if (!types || types == place || types[-1] == ' ')
        return;
    const char *rest = strstr(types, " (");
    memmove(types, rest ? rest : "", rest ? strlen(rest) + 1 : 1);
}

/* The innermost frame that is not the system's: "train (train.c:42)"; false if there is none. */
static bool find_place(const char *record, char *out, size_t size)
{
    static const char *const systems[] = {"[libc.so", "[ld-linux", "[libpthread", "[vdso"};
    for (const char *line = strstr(record, "\n#"); line; line = strstr(line + 1, "\n#")) {
        const char *from = line + 2 + strspn(line + 2, "0123456789 "), *end = from + strcspn(from, "\n");
        const char *module = memmem(from, (size_t)(end - from), " [", 2);
        bool foreign = false;
        for (size_t i = 0; module && i < sizeof systems / sizeof systems[0]; i++)
            foreign |= strncmp(module + 1, systems[i], strlen(systems[i])) == 0;
        if (foreign || end == from)
            continue;
        snprintf(out, size, "%.*s", (int)((module ? module : end) - from), from);
        drop_arguments(out);
        char *path = strrchr(out, '('), *slash = strrchr(out, '/');
        if (path && slash > path) /* a person knows the file by its name */
            memmove(path + 1, slash + 1, strlen(slash + 1) + 1);
        return true;
    }
    return false;
}

static void say(const crash_note *self)
{
    char text[SENTENCE + PLACE + LEFT + 100], place[PLACE] = "", more[64] = "";
    const crash *newest = &self->crashes[self->count - 1];
    bool found = newest->record && find_place(newest->record, place, sizeof place);
    if (self->all > 1)
        snprintf(more, sizeof more, " It crashed %d times since this was looked at.", self->all);
    snprintf(text, sizeof text, "%s%s%s.%s%s%s", newest->sentence, found ? ", in " : "", place, more, self->left[0] ? " " : "",
             self->left);
    bh_set_string(self->text, "text", text);
}

static void on_read(void *user, bh_task *task)
{
    reading *of = user;
    crash_note *self = of->note;
    (void)task;
    if (!bh_is_alive(of->widget))
        return;
    for (int i = 0; i < self->count; i++) {
        self->crashes[i].record = of->crashes[i].record;
        of->crashes[i].record = NULL;
    }
    say(self);
}

static void begin_reading(crash_note *self)
{
    reading *of = calloc(1, sizeof *of);
    bh_thread_pool *pool = of ? bh_thread_pool_create("crash-note", 1) : NULL;
    const bh_task_options how = {BH_TASK_INIT, .name = "crash-note", .done = on_read, .drop = drop};
    if (!pool) {
        free(of);
        return;
    }
    of->widget = self->object;
    of->note = self;
    of->count = self->count;
    memcpy(of->crashes, self->crashes, sizeof of->crashes);
    bh_close_waits_for_pool(self->window->object, pool, CLOSE_MS);
    if (!bh_task_start(pool, read_records, of, &how))
        drop(of);
}

/* --- what can be done with it */

static void on_details(void *user)
{
    const crash_note *self = user;
    size_t size = 0;
    char *text = NULL;
    FILE *to = open_memstream(&text, &size);
    for (int i = self->count; to && i-- > 0;)
        fprintf(to, "%s.\n%s\n\n%s\n", self->crashes[i].sentence, self->crashes[i].path,
                self->crashes[i].record ? self->crashes[i].record : "Its record is still being read.\n");
    if (to && fclose(to) == 0)
        text_dialog_open(self->window->object, "crash", "What Crashed", text);
    free(text);
}

static void on_resume(void *user)
{
    banner_resume(((const crash_note *)user)->window->banner);
}

/* What it has left, too: it has been read. */
static void on_dismiss(void *user)
{
    crash_note *self = user;
    self->shown = false;
    part_show(self->object, false);
    banner_dismiss(self->window->banner);
}

bool crash_note_is_shown(const crash_note *self)
{
    return self && self->shown;
}

void crash_note_add(crash_note *self, const char *left, bool resumable)
{
    if (!crash_note_is_shown(self))
        return;
    part_show(self->resume, resumable);
    if (strcmp(self->left, left) == 0)
        return;
    snprintf(self->left, sizeof self->left, "%s", left);
    say(self);
}

/* --- */

static void on_report(const bh_crash_report *report, void *user)
{
    crash_note *self = user;
    if (self->count == MOST) {
        memmove(self->crashes, self->crashes + 1, (MOST - 1) * sizeof *self->crashes);
        self->count--;
    }
    crash *to = &self->crashes[self->count++];
    *to = (crash){.record = NULL};
    snprintf(to->path, sizeof to->path, "%s", report->path);
    snprintf(to->sentence, sizeof to->sentence, "%s", report->text);
    self->all++;
    bh_log(BH_LOG_INFO, "crash", "%s; its record: %s", report->text, report->path);
}

bh_object *crash_note_object(const crash_note *self)
{
    return self->object;
}

void crash_note_destroy(crash_note *self)
{
    for (int i = 0; self && i < self->count; i++)
        bh_free(self->crashes[i].record);
    free(self);
}

crash_note *crash_note_create(window *w, bh_object *parent)
{
    crash_note *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->window = w;
    self->object = part_widget(parent, "QFrame", "crash-note");
    bh_set_string(self->object, "styleSheet",
                  "QFrame#crash-note { background: rgba(200, 60, 60, 36); border-bottom: 1px solid rgba(200, 60, 60, 120); }");
    bh_object *layout = part_box(self->object, "QHBoxLayout", PART_SPACING);
    bh_layout_set_margins(layout, PART_MARGIN, 6, PART_MARGIN, 6);
    self->text = part_label(self->object, "crash-note-text", "");
    bh_set_bool(self->text, "wordWrap", true);
    self->resume = part_button(self->object, "crash-note-resume", "Resume All", BH_CALLBACK(on_resume), self);
    bh_object *details = part_button(self->object, "crash-note-details", "Show Crash\xE2\x80\xA6", BH_CALLBACK(on_details), self);
    part_show(self->resume, false);
    bh_layout_add_widget(layout, self->text, 1);
    bh_layout_add_widget(layout, self->resume, 0);
    bh_layout_add_widget(layout, details, 0);
    bh_layout_add_widget(layout, part_button(self->object, "crash-note-dismiss", "&Dismiss", BH_CALLBACK(on_dismiss), self), 0);
    if (!w->options->quit_when_idle || w->options->screenshot)
        bh_crash_reports(on_report, self);
    self->shown = self->count > 0;
    part_show(self->object, self->shown);
    if (self->count) {
        say(self);
        begin_reading(self);
    }
    return self;
}
