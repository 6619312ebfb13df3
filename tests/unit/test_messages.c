/* What Qt and GLib say goes through the log, with level and category, and what they said before to whom they said it before. */
#include "refused.h"
#include "throwing.h"

#include "base/log_ring.h"

#include <bulkhead/bulkhead.h>
#include <dlfcn.h>
#include <stdio.h>

enum { MOST = 16 };
static struct {
    bh_log_level level;
    char category[32], line[128];
} lines[MOST];
static int count;
static char earlier[128]; /* what a handler other than ours has heard */

static void on_line(bh_log_level level, const char *category, const char *line, void *user)
{
    (void)user;
    if (count == MOST)
        return;
    lines[count].level = level;
    snprintf(lines[count].category, sizeof lines[count].category, "%s", category);
    snprintf(lines[count++].line, sizeof lines[0].line, "%s", line);
}

static int setup(void **state)
{
    count = 0;
    earlier[0] = 0;
    bh_set_log_handler((bh_log_handler){on_line, NULL});
    return with_app(state);
}

static int teardown(void **state)
{
    int failed = bh_app() ? without_app(state) : 0;
    bh_set_log_handler((bh_log_handler){NULL, NULL});
    return failed;
}

static void check_line(bh_log_level level, const char *category, const char *text, const char *file, int at)
{
    for (int i = 0; i < count; i++)
        if (lines[i].level == level && strcmp(lines[i].category, category) == 0 && strcmp(lines[i].line, text) == 0)
            return;
    print_error("no line of level %d, category %s: %s\n", (int)level, category, text);
    _fail(file, at);
}

#define assert_line(level, category, text) check_line(level, category, text, __FILE__, __LINE__)

static bool in_ring(const char *line)
{
    char text[BH__LOG_RING_SIZE];
    for (unsigned i = 0; i < BH__LOG_RING_LINES; i++)
        if (bh__log_ring_get(i, text) && strcmp(text, line) == 0)
            return true;
    return false;
}

/* --- Qt */

static void qt_speaks_through_the_log(void **state)
{
    (void)state;
    say_in_qt(0, "default", "debug");
    say_in_qt(1, NULL, "info");
    say_in_qt(2, "qt.qpa.test", "warning %s");
    say_in_qt(3, "app.parts", "critical");
    assert_line(BH_LOG_DEBUG, "qt", "debug");
    assert_line(BH_LOG_INFO, "qt", "info");
    assert_line(BH_LOG_WARNING, "qt.qpa.test", "warning %s");
    assert_line(BH_LOG_ERROR, "app.parts", "critical");
    assert_true(in_ring("warning: qt.qpa.test: warning %s"));
}

static void on_earlier(const char *text)
{
    snprintf(earlier, sizeof earlier, "%s", text);
}

static void the_handler_before_is_back_at_the_end(void **state)
{
    (void)state;
    bh_app_destroy();
    hear_qt(on_earlier);
    bh_app_create(0, NULL);
    say_in_qt(2, "default", "meanwhile");
    assert_string_equal(earlier, "");
    assert_line(BH_LOG_WARNING, "qt", "meanwhile");
    bh_app_destroy();
    say_in_qt(2, "default", "afterwards");
    assert_string_equal(earlier, "afterwards");
    hear_qt(NULL);
}

static void a_handler_that_came_later_stays(void **state)
{
    (void)state;
    hear_qt(on_earlier);
    bh_app_destroy();
    say_in_qt(2, "default", "to the later one");
    assert_string_equal(earlier, "to the later one");
    hear_qt(NULL);
}

/* --- GLib, as Qt has loaded it */

typedef void (*log_function)(const char *domain, int level, const char *format, ...);
typedef void (*log_handler)(const char *domain, int level, const char *text, void *user);
typedef log_handler (*set_function)(log_handler handler, void *user);

static log_function glib_log;
static set_function glib_set;

static bool find_glib(void)
{
    void *library = dlopen("libglib-2.0.so.0", RTLD_LAZY | RTLD_NOLOAD);
    glib_log = library ? (log_function)(uintptr_t)dlsym(library, "g_log") : NULL;
    glib_set = library ? (set_function)(uintptr_t)dlsym(library, "g_log_set_default_handler") : NULL;
    return glib_log && glib_set;
}

static void glib_speaks_through_the_log(void **state)
{
    (void)state;
    if (!find_glib())
        skip(); /* a Qt without GLib */
    glib_log("Gtk", 1 << 3, "critical %d", 3);
    glib_log(NULL, 1 << 4, "warning");
    glib_log("GLib-GIO", 1 << 5, "message");
    glib_log("dconf", 1 << 6, "info");
    glib_log("dconf", 1 << 7, "debug");
    assert_line(BH_LOG_ERROR, "Gtk", "critical 3");
    assert_line(BH_LOG_WARNING, "glib", "warning");
    assert_line(BH_LOG_INFO, "GLib-GIO", "message");
    assert_line(BH_LOG_DEBUG, "dconf", "info");
    assert_line(BH_LOG_DEBUG, "dconf", "debug");
    assert_true(in_ring("error: Gtk: critical 3"));
}

static void on_glib(const char *domain, int level, const char *text, void *user)
{
    (void)domain;
    (void)level;
    (void)user;
    on_earlier(text);
}

static void glibs_handler_before_is_back_at_the_end(void **state)
{
    (void)state;
    if (!find_glib())
        skip();
    bh_app_destroy();
    log_handler usual = glib_set(on_glib, NULL);
    bh_app_create(0, NULL);
    glib_log("Gtk", 1 << 4, "to the log");
    assert_line(BH_LOG_WARNING, "Gtk", "to the log");
    bh_app_destroy();
    glib_log("Gtk", 1 << 4, "to the one before");
    assert_string_equal(earlier, "to the one before");
    bh_app_create(0, NULL);
    glib_set(on_glib, NULL); /* later than ours */
    bh_app_destroy();
    glib_log("Gtk", 1 << 4, "to the later one");
    assert_string_equal(earlier, "to the later one");
    glib_set(usual, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(qt_speaks_through_the_log, setup, teardown),
        cmocka_unit_test_setup_teardown(the_handler_before_is_back_at_the_end, setup, teardown),
        cmocka_unit_test_setup_teardown(a_handler_that_came_later_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(glib_speaks_through_the_log, setup, teardown),
        cmocka_unit_test_setup_teardown(glibs_handler_before_is_back_at_the_end, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
