/* A stopwatch: a repeating timer that runs only while there is something to show. */
#include <bulkhead/qt.h>
#include <stdio.h>

enum { STEP_MS = 100 };

static struct {
    bh_object *window, *time, *button;
    bh_timer *timer; /* NULL while it stands still */
    int elapsed_ms;
} ui;

static void show_time(void)
{
    char text[32];
    snprintf(text, sizeof text, "%d:%02d.%d", ui.elapsed_ms / 60000, ui.elapsed_ms / 1000 % 60, ui.elapsed_ms / 100 % 10);
    bh_set_string(ui.time, "text", text);
    bh_set_string(ui.button, "text", ui.timer ? "&Stop" : "&Start");
}

static void on_tick(void *user)
{
    (void)user;
    ui.elapsed_ms += STEP_MS;
    show_time();
}

static void on_toggle(void *user)
{
    (void)user;
    if (ui.timer) {
        bh_timer_stop(ui.timer);
        ui.timer = NULL;
    } else {
        ui.timer = bh_timer_start(STEP_MS, BH_TIMER_PRECISE, ui.window, on_tick, NULL);
    }
    show_time();
}

static void on_reset(void *user)
{
    (void)user;
    ui.elapsed_ms = 0;
    show_time();
}

static bh_object *add_button(bh_object *row, void (*fn)(void *user), const char *text)
{
    bh_object *button = bh_create("QPushButton", ui.window);
    bh_set_string(button, "text", text);
    bh_layout_add_widget(row, button, 1);
    bh_connect(button, "clicked", BH_CALLBACK(fn), NULL, NULL);
    return button;
}

int main(int argc, char **argv)
{
    if (!bh_app_create(argc, argv))
        return 1;
    ui.window = bh_create("QWidget", NULL);
    bh_object *column = bh_create("QVBoxLayout", ui.window);
    bh_object *row = bh_create("QHBoxLayout", NULL);
    bh_set_string(ui.window, "windowTitle", "Stopwatch");
    ui.time = bh_create("QLabel", ui.window);
    bh_set_int(ui.time, "alignment", BH_ALIGN_CENTER);
    bh_set_font(ui.time, "font", &(bh_font){.point_size = 32, .weight = 300});
    bh_layout_add_widget(column, ui.time, 1);
    bh_layout_add_layout(column, row, 0);
    ui.button = add_button(row, on_toggle, "&Start");
    add_button(row, on_reset, "&Reset");
    show_time();
    bh_timer_single_shot_for(ui.window, 0, on_toggle, NULL); /* as soon as the window stands */
    bh_call(ui.window, "show");
    return bh_app_exec();
}
