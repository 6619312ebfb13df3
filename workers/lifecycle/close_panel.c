/* The panel of a closing window: a dialog on it, modal for this window, that follows what is left. */
#include "lifecycle/close_panel.h"

#include "core/door.h"

#include <bulkhead/call.h>
#include <bulkhead/connect.h>
#include <bulkhead/layout.h>
#include <bulkhead/property.h>
#include <stdio.h>
#include <string.h>

enum { MOST_LINES = 8 };

static bh_object *add(bh_object *dialog, bh_object *layout, const char *class_name, const char *name, const char *text)
{
    bh_object *made = (bh_create)(class_name, dialog);
    (bh_set_name)(made, name);
    if (text)
        (bh_set_string)(made, "text", text);
    (bh_layout_add_widget)(layout, made, 0);
    return made;
}

void bh__close_panel_open(bh__close_panel *self, bh_object *window, void (*longer)(void *user), void (*leave)(void *user),
                          void *user)
{
    self->dialog = (bh_create)("QDialog", window);
    if (!self->dialog)
        return;
    (bh_set_name)(self->dialog, "bulkhead_close");
    (bh_set_string)(self->dialog, "windowTitle", "Closing");
    (bh_set_enum)(self->dialog, "windowModality", "WindowModal");
    bh_object *all = (bh_create)("QVBoxLayout", self->dialog), *row = (bh_create)("QHBoxLayout", NULL);
    add(self->dialog, all, "QLabel", "bulkhead_close_title", "Waiting for work to end before the window closes:");
    self->list = add(self->dialog, all, "QLabel", "bulkhead_close_list", "");
    (bh_set_enum)(self->list, "textFormat", "PlainText");
    self->time = add(self->dialog, all, "QProgressBar", "bulkhead_close_time", NULL);
    (bh_set_string)(self->time, "accessibleName", "Time until the window closes all the same");
    (bh_layout_add_layout)(all, row, 0);
    (bh_layout_add_stretch)(row, 1);
    bh_object *wait = add(self->dialog, row, "QPushButton", "bulkhead_close_longer", "&Wait longer");
    bh_object *now = add(self->dialog, row, "QPushButton", "bulkhead_close_leave", "&Leave now");
    (bh_set_string)(now, "toolTip", "Closes without waiting. What has not ended is left, and may be lost.");
    (bh_set_bool)(wait, "default", true);
    (bh_connect)(wait, "clicked", BH_CALLBACK(longer), user, NULL);
    (bh_connect)(now, "clicked", BH_CALLBACK(leave), user, NULL);
    (bh_call_values)(self->dialog, "open", NULL, 0, NULL);
}

/* --- following */

typedef struct lines {
    char text[1024];
    size_t length;
    int shown, more;
} lines;

static void add_line(const char *text, int64_t since_ms, void *user)
{
    lines *all = user;
    char since[32] = "";
    if (all->shown == MOST_LINES) {
        all->more++;
        return;
    }
    if (since_ms)
        snprintf(since, sizeof since, ", for %lld s", (long long)(bh__clock_ms() - since_ms) / 1000);
    all->length += (size_t)snprintf(all->text + all->length, sizeof all->text - all->length, "%s• %s%s", all->shown ? "\n" : "",
                                    text, since);
    if (all->length >= sizeof all->text)
        all->length = sizeof all->text - 1;
    all->shown++;
}

void bh__close_panel_update(const bh__close_panel *self, const bh__close_part *parts, int64_t left_ms, int64_t all_ms)
{
    lines all = {.length = 0};
    char time[64];
    if (!bh_is_alive(self->dialog))
        return;
    bh__close_parts_left(parts, add_line, &all);
    if (all.more)
        snprintf(all.text + all.length, sizeof all.text - all.length, "\nand %d more", all.more);
    (bh_set_string)(self->list, "text", all.text);
    snprintf(time, sizeof time, "closes in %lld s at the latest", (long long)(left_ms + 999) / 1000);
    (bh_set_int)(self->time, "maximum", (int)all_ms);
    (bh_set_int)(self->time, "value", (int)(left_ms > 0 ? left_ms : 0));
    (bh_set_string)(self->time, "format", time);
}

void bh__close_panel_end(bh__close_panel *self)
{
    if (bh_is_alive(self->dialog)) {
        (bh_call_values)(self->dialog, "hide", NULL, 0, NULL); /* inside a handler it lives a moment longer */
        (bh_destroy)(self->dialog);
    }
    *self = (bh__close_panel){0};
}
