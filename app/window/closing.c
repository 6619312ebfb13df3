/* The end of the window: what it asks while work runs, how long it waits, and what it remembers. */
#include "window/inner.h"

#include <stdio.h>

enum { WAIT = BH_BUTTON_RETRY, STOP = BH_BUTTON_DISCARD };

static size_t count_jobs(const window *self)
{
    size_t count;
    project_jobs(self->project, &count);
    return count;
}

static void keep_settings(window *self)
{
    int *sizes = NULL;
    size_t count = 0;
    if (self->options->quit_when_idle || self->options->screenshot)
        return;
    bh_get_bool(self->object, "maximized", &self->settings->maximized);
    if (!self->settings->maximized)
        bh_get_rect(self->object, "geometry", &self->settings->geometry);
    if (bh_splitter_get_sizes(self->splitter, &sizes, &count) == BH_OK && count == 2 && sizes[0] > 0)
        self->settings->tree_width = sizes[0];
    bh_free(sizes);
    self->settings->tab = part_int(self->tabs, "currentIndex", 0);
    settings_write(self->settings);
}

static void close_now(window *self)
{
    self->closing = true;
    bh_close_all_windows(0);
}

static void on_answer(void *user, int button)
{
    window *self = user;
    self->asking = false;
    self->close_when_idle = button == WAIT;
    if (button == STOP || (button == WAIT && count_jobs(self) == 0))
        close_now(self);
    else
        window_refresh(self);
}

void closing_ask(window *self)
{
    char text[256];
    size_t jobs = count_jobs(self);
    if (self->asking)
        return;
    if (jobs == 0) {
        close_now(self);
        return;
    }
    self->asking = true;
    snprintf(text, sizeof text,
             "%zu job%s %s still under way.\n\nStopped trainings keep a checkpoint and stopped fetches their bytes: both go on "
             "where they were when they are resumed.",
             jobs, jobs == 1 ? "" : "s", jobs == 1 ? "is" : "are");
    bh_object *box = bh_message_box(self->object, BH_MESSAGE_QUESTION, "Close Bulkhead?", text, WAIT | STOP | BH_BUTTON_CANCEL,
                                    on_answer, self);
    bh_set_name(box, "close-question");
    bh_message_box_set_button_text(box, WAIT, "&Wait");
    bh_message_box_set_button_text(box, STOP, "&Stop and Close");
    self->asking = box != NULL;
}

void closing_idle(window *self)
{
    if (self->close_when_idle && count_jobs(self) == 0)
        close_now(self);
}

/* The close button asks. What the program or a signal closes (Ctrl+C, SIGTERM) is not to wait for a person. */
static bh_event_result on_close(bh_object *object, void *user, const bh_event *event)
{
    window *self = user;
    (void)object;
    if (event->spontaneous && !self->closing && count_jobs(self) > 0) {
        closing_ask(self);
        return BH_EVENT_IGNORE;
    }
    self->closing = true;
    keep_settings(self);
    return BH_EVENT_PASS;
}

void closing_create(window *self)
{
    bh_on_event(self->object, BH_EVENT_CLOSE, on_close, self);
}
