/* The dialog that begins fetches. Lists are read by the project on a pool thread: an answer may come after the dialog has gone. */
#include "window/fetch_dialog.h"

#include "window/fetch_list.h"
#include "window/parts.h"
#include "window/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 820, HEIGHT = 560, READ_AFTER_MS = 250, SHOWN_MISTAKES = 6 };

typedef struct dialog {
    int refs;       /* the object, and readings that are under way */
    int generation; /* of readings: only the newest is shown */
    project *project;
    bh_object *object, *urls, *open, *says, *mistakes, *all, *none, *start;
    char *path; /* of the list that is open; NULL: what is pasted */
    fetch_list list;
    bool gone, waiting;
} dialog;

static void unref(void *user)
{
    dialog *self = user;
    if (--self->refs)
        return;
    fetch_list_clear(&self->list);
    free(self->path);
    free(self);
}

static void on_gone(void *user)
{
    dialog *self = user;
    self->gone = true;
    unref(self);
}

/* --- what it says */

static void update(void *user)
{
    dialog *self = user;
    char text[160], size[TEXT_SIZE], number[TEXT_SIZE];
    int64_t bytes;
    size_t count = fetch_list_chosen(&self->list, &bytes);
    snprintf(text, sizeof text, "%s of %zu file%s%s%s", text_count((int64_t)count, number), self->list.count,
             self->list.count == 1 ? "" : "s", bytes ? ", " : "", bytes ? text_bytes(bytes, size) : "");
    bh_set_string(self->says, "text", self->list.count ? text : "Nothing to fetch yet: paste addresses above, or open a list.");
    snprintf(text, sizeof text, count == 1 ? "&Fetch 1 File" : "&Fetch %zu Files", count);
    bh_set_string(self->start, "text", count ? text : "&Fetch");
    bh_set_bool(self->start, "enabled", count > 0);
    bh_set_bool(self->all, "enabled", count < self->list.count);
    bh_set_bool(self->none, "enabled", count > 0);
}

static void show_mistakes(dialog *self, const manifest *list)
{
    char text[2048] = "";
    size_t used = 0;
    for (size_t i = 0; i < list->mistake_count && i < SHOWN_MISTAKES && used < sizeof text - 300; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%.250s", i ? "\n" : "", list->mistakes[i]);
    if (list->mistake_count > SHOWN_MISTAKES)
        snprintf(text + used, sizeof text - used, "\n\xE2\x80\xA6 and %zu more", list->mistake_count - SHOWN_MISTAKES);
    part_set_text(self->mistakes, text);
}

/* --- reading */

typedef struct reading {
    dialog *of;
    int generation;
} reading;

static void on_list(void *user, const manifest *list)
{
    reading *my = user;
    dialog *self = my->of;
    if (!self->gone && my->generation == self->generation) {
        fetch_list_set(&self->list, list, self->path);
        show_mistakes(self, list);
        update(self);
    }
    free(my);
    unref(self);
}

static void read(dialog *self, const char *path, const char *text)
{
    reading *my = malloc(sizeof *my);
    if (!my)
        return;
    *my = (reading){self, ++self->generation};
    self->refs++;
    if (project_read_list(self->project, path, text, on_list, my) == BH_OK)
        return;
    part_set_text(self->mistakes, bh_last_error());
    free(my);
    self->refs--;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == 0;
}

static void read_pasted(void *user)
{
    dialog *self = user;
    char *text = NULL;
    self->waiting = false;
    free(self->path);
    self->path = NULL;
    if (bh_get_string(self->urls, "plainText", &text))
        return;
    if (is_blank(text)) {
        self->generation++;
        fetch_list_set(&self->list, &(manifest){0}, NULL);
        part_set_text(self->mistakes, "");
        update(self);
    } else {
        read(self, NULL, text);
    }
    bh_free(text);
}

static void on_typed(void *user)
{
    dialog *self = user;
    if (!self->waiting)
        self->waiting = bh_timer_single_shot_for(self->object, READ_AFTER_MS, read_pasted, self) == BH_OK;
}

static void on_chosen(void *user, const char *const *paths)
{
    dialog *self = user;
    if (!self->gone && paths[0]) {
        free(self->path);
        self->path = strdup(paths[0]);
        read(self, paths[0], NULL);
    }
    unref(self);
}

static void on_open(void *user)
{
    dialog *self = user;
    self->refs++;
    if (!bh_file_dialog(self->object, BH_FILE_OPEN, "Open a List of Files", NULL,
                        "Lists (*.txt *.json SHA256SUMS SHA1SUMS MD5SUMS *.sha256 *.md5 *.sums);;All files (*)", on_chosen, self))
        self->refs--;
}

/* --- the buttons */

static void on_all(void *user)
{
    dialog *self = user;
    fetch_list_choose_all(&self->list, true);
    update(self);
}

static void on_none(void *user)
{
    dialog *self = user;
    fetch_list_choose_all(&self->list, false);
    update(self);
}

static void on_start(void *user)
{
    dialog *self = user;
    if (fetch_list_start(&self->list, self->project))
        part_set_text(self->mistakes, bh_last_error());
    else
        bh_call(self->object, "accept");
}

static void on_cancel(void *user)
{
    dialog *self = user;
    bh_call(self->object, "reject");
}

static void on_finished(void *user)
{
    dialog *self = user;
    bh_destroy(self->object);
}

static const bh_class dialog_class = {BH_CLASS_INIT, .name = "FetchDialog", .base = "QDialog", .destroyed = on_gone};

/* --- the parts */

static void create_top(dialog *self, bh_object *layout)
{
    bh_object *label =
        part_label(self->object, "fetch-urls-label", "Add&resses, one a line (http, https or file); or the text of a list");
    self->urls = part_widget(self->object, "QPlainTextEdit", "fetch-urls");
    bh_set_string(self->urls, "placeholderText", "https://example.org/data.csv");
    bh_set_bool(self->urls, "tabChangesFocus", true);
    bh_set_enum(self->urls, "lineWrapMode", "NoWrap");
    bh_label_set_buddy(label, self->urls);
    bh_layout_add_widget(layout, label, 0);
    bh_layout_add_widget(layout, self->urls, 1);
    bh_object *row = bh_create("QHBoxLayout", NULL);
    bh_layout_add_layout(layout, row, 0);
    self->open = part_button(self->object, "fetch-open", "&Open a List\xE2\x80\xA6", BH_CALLBACK(on_open), self);
    bh_object *hint = part_label(self->object, "fetch-hint", "SHA256SUMS, datapackage.json, or addresses one a line");
    part_secondary(hint);
    bh_layout_add_widget(row, self->open, 0);
    bh_layout_add_widget(row, hint, 1);
}

static void create_list(dialog *self, bh_object *layout)
{
    fetch_list_create(&self->list, self->object);
    bh_layout_add_widget(layout, self->list.table, 2);
    self->mistakes = part_label(self->object, "fetch-mistakes", "");
    bh_set_bool(self->mistakes, "wordWrap", true);
    bh_set_string(self->mistakes, "styleSheet", "color: #d94848");
    part_show(self->mistakes, false);
    bh_layout_add_widget(layout, self->mistakes, 0);
}

static void create_buttons(dialog *self, bh_object *layout)
{
    bh_object *row = bh_create("QHBoxLayout", NULL);
    bh_layout_add_layout(layout, row, 0);
    self->all = part_button(self->object, "fetch-all", "&All", BH_CALLBACK(on_all), self);
    self->none = part_button(self->object, "fetch-none", "&None", BH_CALLBACK(on_none), self);
    self->says = part_label(self->object, "fetch-says", "");
    self->start = part_button(self->object, "fetch-start", "&Fetch", BH_CALLBACK(on_start), self);
    bh_object *cancel = part_button(self->object, "fetch-cancel", "Cancel", BH_CALLBACK(on_cancel), self);
    bh_set_bool(self->start, "default", true);
    bh_set_bool(self->open, "autoDefault", false);
    bh_set_bool(self->all, "autoDefault", false);
    bh_set_bool(self->none, "autoDefault", false);
    bh_layout_add_widget(row, self->all, 0);
    bh_layout_add_widget(row, self->none, 0);
    bh_layout_add_widget(row, self->says, 1);
    bh_layout_add_widget(row, cancel, 0);
    bh_layout_add_widget(row, self->start, 0);
}

void fetch_dialog_open(bh_object *window, project *of, const char *addresses)
{
    dialog *self = calloc(1, sizeof *self);
    if (!self)
        return;
    *self = (dialog){.refs = 1, .project = of, .list = {.changed = update, .user = self}};
    self->object = bh_create_instance(&dialog_class, window, self);
    if (!self->object) {
        free(self);
        return;
    }
    bh_set_name(self->object, "fetch-dialog");
    bh_set_string(self->object, "windowTitle", "Fetch");
    bh_object *layout = part_box(self->object, "QVBoxLayout", PART_MARGIN);
    create_top(self, layout);
    create_list(self, layout);
    create_buttons(self, layout);
    update(self);
    bh_connect(self->urls, "textChanged", BH_CALLBACK(on_typed), self, NULL);
    bh_connect(self->object, "finished", BH_CALLBACK(on_finished), self, NULL);
    if (addresses)
        bh_set_string(self->urls, "plainText", addresses);
    bh_set_size(self->object, "size", BH_SIZE(WIDTH, HEIGHT));
    bh_call(self->object, "open");
}
