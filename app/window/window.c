/* The main window: its parts, what it remembers, and how it follows the project. */
#include "window/inner.h"

#include "window/compare_page.h"
#include "window/fetch_dialog.h"
#include "window/run_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 1180, HEIGHT = 740, LEAST_WIDTH = 760, LEAST_HEIGHT = 520, TREE_WIDTH = 300, REFRESH_MS = 40 };

bh_object *window_object(const window *self)
{
    return self ? self->object : NULL;
}

/* --- following the project */

static void show_added(window *self)
{
    size_t count;
    const store_data_set *const *rows = project_data_sets(self->project, &count);
    for (size_t i = 0; self->added && i < count; i++) {
        if (strcmp(rows[i]->file, self->added) != 0)
            continue;
        free(self->added);
        self->added = NULL;
        window_show_data(self, rows[i]->id);
    }
}

static void refresh(void *user)
{
    window *self = user;
    self->refreshing = false;
    bool all = tree_update(self->tree);
    show_added(self);
    all &= strip_update(self->strip);
    banner_update(self->banner);
    data_page_update(self->data);
    fetch_page_update(self->fetches);
    menus_update(self);
    if (!all)
        window_refresh(self);
}

void window_refresh(window *self)
{
    if (self->refreshing)
        return;
    self->refreshing = bh_timer_single_shot_for(self->object, REFRESH_MS, refresh, self) == BH_OK;
}

static void on_opened(void *user, const store_opened *found)
{
    window *self = user;
    self->found = *found;
    window_refresh(self);
}

static void on_changed(void *user, store_table table, int64_t id)
{
    (void)table;
    (void)id;
    window_refresh(user);
}

static void on_job(void *user, int64_t id, const project_job *job)
{
    window *self = user;
    strip_job(self->strip, id, job);
    status_wake(self->status);
    window_refresh(self);
}

/* What is about a row is said where the row is shown. */
static void on_event(void *user, const store_event *event)
{
    window *self = user;
    if (event->level >= BH_LOG_ERROR && !event->row)
        banner_tell(self->banner, event->text);
}

static void on_show(void *user, store_table table, int64_t id)
{
    window *self = user;
    tree_select(self->tree, table, id);
    window_select(self, (selected){table, id});
}

static void on_idle(void *user)
{
    closing_idle(user);
}

static void on_raise(void *user)
{
    window *self = user;
    bool minimized = false, maximized = false;
    bh_get_bool(self->object, "minimized", &minimized);
    bh_get_bool(self->object, "maximized", &maximized);
    bh_call(self->object, !minimized ? "show" : maximized ? "showMaximized" : "showNormal"); /* show leaves it minimized */
    bh_call(self->object, "raise");
}

/* --- what is shown */

void window_select(window *self, selected what)
{
    bool fetches = what.table == STORE_FETCHES;
    if (fetches)
        fetch_page_show(self->fetches, what.id);
    else if (what.table == STORE_DATA_SETS)
        data_page_show(self->data, what.id);
    else if (what.table == STORE_RUNS && what.id)
        run_page_show(self->run_page, what.id);
    if (what.table == STORE_RUNS)
        bh_set_int(self->tabs, "currentIndex", what.id ? TAB_RUN : TAB_COMPARE);
    else if (what.table) {
        bh_set_int(self->data_stack, "currentIndex", fetches);
        bh_set_int(self->tabs, "currentIndex", TAB_DATA);
    }
    menus_update(self);
}

void window_show_data(window *self, int64_t data_set)
{
    on_show(self, STORE_DATA_SETS, data_set);
}

void window_show_run(window *self, int64_t run)
{
    on_show(self, STORE_RUNS, run);
}

void window_show_compare(window *self)
{
    bh_set_int(self->tabs, "currentIndex", TAB_COMPARE);
}

void window_complain(window *self, const char *sentence)
{
    bh_object *box = bh_message_box(self->object, BH_MESSAGE_WARNING, "Bulkhead", sentence, BH_BUTTON_OK, NULL, NULL);
    bh_set_name(box, "complaint");
}

/* --- files and addresses that are dropped */

void window_add_files(window *self, const char *const *paths)
{
    for (; *paths; paths++) {
        if (project_add_file(self->project, *paths)) {
            window_complain(self, bh_last_error());
            return;
        }
        free(self->added);
        self->added = strdup(*paths);
    }
    window_refresh(self); /* it may be there already */
}

static bool is_address(const char *text)
{
    return strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0;
}

static bh_event_result on_drag(bh_object *object, void *user, const bh_event *event)
{
    (void)object;
    (void)user;
    return event->urls[0] || is_address(event->text) ? BH_EVENT_ACCEPT : BH_EVENT_IGNORE;
}

/* One a line, for the dialog; NULL if there is none. */
static char *addresses_of(const bh_event *event)
{
    char *out = NULL;
    size_t size = 0;
    FILE *lines = open_memstream(&out, &size);
    if (!lines)
        return NULL;
    for (const char *const *each = event->urls; *each; each++)
        if ((*each)[0] != '/')
            fprintf(lines, "%s\n", *each);
    if (!event->urls[0])
        fputs(event->text, lines);
    fclose(lines);
    return out;
}

static bh_event_result on_drop(bh_object *object, void *user, const bh_event *event)
{
    window *self = user;
    (void)object;
    for (const char *const *each = event->urls; *each; each++) {
        const char *const one[] = {*each, NULL};
        if ((*each)[0] == '/')
            window_add_files(self, one);
    }
    char *addresses = addresses_of(event);
    if (addresses && addresses[0])
        fetch_dialog_open(self->object, self->project, addresses);
    free(addresses);
    return BH_EVENT_ACCEPT;
}

/* --- the parts */

static void create_tabs(window *self)
{
    bh_object *tabs = self->tabs = part_widget(self->splitter, "QTabWidget", "tabs");
    bh_set_bool(tabs, "documentMode", true);
    self->data_stack = part_widget(NULL, "QStackedWidget", "data-stack");
    bh_tab_widget_add_tab(tabs, self->data_stack, "&Data", NULL);
    self->data = data_page_create(self->project, self->data_stack);
    self->fetches = fetch_page_create(self->project, self->data_stack);
    bh_stacked_widget_add_widget(self->data_stack, data_page_object(self->data), NULL);
    bh_stacked_widget_add_widget(self->data_stack, fetch_page_object(self->fetches), NULL);
    self->run_page = run_page_create(self->project, tabs);
    self->compare_page = compare_page_create(self->project, tabs);
    bh_tab_widget_add_tab(tabs, self->run_page, "R&un", NULL);
    bh_tab_widget_add_tab(tabs, self->compare_page, "&Compare", NULL);
    bh_splitter_add_widget(self->splitter, tabs, 1);
}

static bool create_parts(window *self)
{
    bh_object *central = part_widget(self->object, "QWidget", "central");
    bh_object *layout = part_box(central, "QVBoxLayout", 0);
    bh_set_int(layout, "spacing", 0);
    self->crash_note = crash_note_create(self, central);
    self->banner = banner_create(self, central);
    self->splitter = part_widget(central, "QSplitter", "splitter");
    bh_set_bool(self->splitter, "childrenCollapsible", false);
    self->tree = tree_create(self, self->splitter);
    create_tabs(self);
    self->strip = strip_create(self, central);
    if (!self->crash_note || !self->banner || !self->tree || !self->strip || !self->data || !self->fetches || !self->run_page ||
        !self->compare_page)
        return false;
    bh_layout_add_widget(layout, crash_note_object(self->crash_note), 0);
    bh_layout_add_widget(layout, banner_object(self->banner), 0);
    bh_layout_add_widget(layout, self->splitter, 1);
    bh_layout_add_widget(layout, strip_object(self->strip), 0);
    return bh_main_window_set_central_widget(self->object, central) == BH_OK;
}

static void show(window *self)
{
    const bh_rect *last = &self->settings->geometry;
    bool remembered = !self->options->screenshot && !self->options->quit_when_idle;
    int width = remembered && self->settings->tree_width ? self->settings->tree_width : TREE_WIDTH;
    bh_set_size(self->object, "minimumSize", BH_SIZE(LEAST_WIDTH, LEAST_HEIGHT));
    bh_set_size(self->object, "size", BH_SIZE(WIDTH, HEIGHT));
    if (last->width && remembered)
        bh_set_rect(self->object, "geometry", *last);
    bh_rect now = {.width = WIDTH};
    bh_get_rect(self->object, "geometry", &now);
    bh_splitter_set_sizes(self->splitter, (const int[]){width, now.width - width}, 2); /* in parts of what there is */
    if (remembered)
        bh_set_int(self->tabs, "currentIndex", self->settings->tab);
    bh_call(self->object, self->settings->maximized && remembered ? "showMaximized" : "show");
}

static void forget(window *self)
{
    project_forget(self->project, self);
    project_release(self->project);
    data_page_destroy(self->data);
    fetch_page_destroy(self->fetches);
    tree_destroy(self->tree);
    strip_destroy(self->strip);
    free(self->banner);
    crash_note_destroy(self->crash_note);
    free(self->status);
    free(self->added);
    free(self);
}

static void on_gone(void *user)
{
    forget(user);
}

static const bh_class window_class = {BH_CLASS_INIT, .name = "MainWindow", .base = "QMainWindow", .destroyed = on_gone};

static void follow(window *self)
{
    const project_observer observer = {.opened = on_opened,
                                       .changed = on_changed,
                                       .job = on_job,
                                       .idle = on_idle,
                                       .event = on_event,
                                       .show = on_show,
                                       .raise = on_raise,
                                       .user = self};
    project_observe(self->project, &observer);
    bh_set_bool(self->object, "acceptDrops", true);
    bh_on_event(self->object, BH_EVENT_DRAG_ENTER, on_drag, self);
    bh_on_event(self->object, BH_EVENT_DROP, on_drop, self);
}

static void set_title(window *self)
{
    char title[512];
    snprintf(title, sizeof title, "%s \xE2\x80\x94 Bulkhead", text_base(project_folder(self->project)));
    bh_set_string(self->object, "windowTitle", title);
}

window *window_create(project *of, settings *kept, const options *asked)
{
    window *self = calloc(1, sizeof *self);
    if (!self) {
        bh_report(BH_ERROR_MEMORY, "window", "no memory for a window");
        return NULL;
    }
    *self = (window){.project = of, .settings = kept, .options = asked};
    bh_app_set_color_scheme((bh_color_scheme)(asked->scheme ? asked->scheme : kept->scheme));
    self->object = bh_create_instance(&window_class, NULL, self);
    if (!self->object) {
        free(self);
        return NULL;
    }
    project_take(of);
    bh_set_name(self->object, "main-window");
    set_title(self);
    if (!create_parts(self)) {
        bh_destroy(self->object); /* frees self */
        return NULL;
    }
    menus_create(self);
    self->status = status_create(self);
    closing_create(self);
    bh_close_waits_for_pool(self->object, data_page_pool(self->data), 1000);
    follow(self);
    refresh(self);
    show(self);
    return self;
}
