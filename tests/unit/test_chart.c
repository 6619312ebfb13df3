/* Charts: what they take and refuse, what they show, and what mouse and keys do. */
#include "hands.h"
#include "turns.h"

#include "base/memory.h"

#include <bulkhead/bulkhead.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

static bh_object *chart;
static int first, second;
static double told;
static int moves, views;

static void on_cursor(void *user, double x)
{
    (void)user;
    told = x;
    moves++;
}

static void on_view(void *user)
{
    (void)user;
    views++;
}

/* A chart of 400 x 300 pixels with two series: 0 to 10 at x of 0 to 10, and 100 at x of 5 alone. */
static int setup(void **state)
{
    const double line[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, five = 5, hundred = 100;
    if (find_qt(state) || with_app(state))
        return -1;
    chart = bh_chart_create(NULL);
    bh_set_size(chart, "size", BH_SIZE(400, 300));
    bh_connect(chart, "cursorMoved", BH_CALLBACK(on_cursor, double), NULL, NULL);
    bh_connect(chart, "viewChanged", BH_CALLBACK(on_view), NULL, NULL);
    bh_chart_add_series(chart, "first", &first);
    bh_chart_add_series(chart, "second", &second);
    bh_chart_append(chart, first, line, line, 11);
    bh_chart_append(chart, second, &five, &hundred, 1);
    bh_call(chart, "show");
    bh_app_process_events(20);
    forget_heard();
    moves = views = 0;
    told = NAN;
    return 0;
}

static void assert_view(double x_low, double x_high)
{
    double low = 0, high = 0;
    assert_int_equal(bh_chart_get_view(chart, &low, &high, NULL, NULL), BH_OK);
    assert_true(fabs(low - x_low) < 1e-9 && fabs(high - x_high) < 1e-9);
}

static bh_status append(double x, double y)
{
    return bh_chart_append(chart, first, &x, &y, 1);
}

static void what_is_shown_follows_the_points(void **state)
{
    double low = 0, high = 0;
    (void)state;
    assert_view(0, 10);
    assert_int_equal(append(20, -3), BH_OK);
    assert_view(0, 20);
    bh_chart_get_view(chart, NULL, NULL, &low, &high);
    assert_true(low < -3 && low > -20 && high > 100 && high < 120);
    bh_chart_set_series_visible(chart, second, false);
    bh_chart_get_view(chart, NULL, NULL, &low, &high);
    assert_true(high > 10 && high < 12);
    bh_chart_set_view(chart, 3, 4, NAN, NAN);
    bh_chart_get_view(chart, NULL, NULL, &low, &high);
    assert_true(low > 2.9 && high < 4.1); /* of the points from 3 to 4 */
    bh_chart_clear(chart);
    bh_chart_set_view(chart, NAN, NAN, NAN, NAN);
    assert_view(0, 1);
    assert_silent();
}

static void nearest_points_are_found(void **state)
{
    double x = 0, y = 0;
    (void)state;
    assert_int_equal(bh_chart_get_nearest(chart, first, 3.4, &x, &y), BH_OK);
    assert_true(x == 3 && y == 3);
    assert_int_equal(bh_chart_get_nearest(chart, first, -1e300, &x, NULL), BH_OK);
    assert_true(x == 0);
    assert_int_equal(bh_chart_get_nearest(chart, first, 1e300, &x, &y), BH_OK);
    assert_true(x == 10 && y == 10);
    bh_chart_clear_series(chart, first);
    assert_int_equal(bh_chart_get_nearest(chart, first, 3, &x, &y), BH_OK);
    assert_true(isnan(x) && isnan(y));
}

static void points_count_on(void **state)
{
    const double values[] = {7, NAN, 9};
    double x = 0, y = 0;
    (void)state;
    assert_int_equal(bh_chart_append(chart, second, NULL, values, 3), BH_OK); /* behind 5 */
    bh_chart_get_nearest(chart, second, 8, &x, &y);
    assert_true(x == 8 && y == 9);
    bh_chart_get_nearest(chart, second, 7, &x, &y);
    assert_true(x == 7 && isnan(y));
    assert_int_equal(bh_chart_append(chart, second, NULL, NULL, 0), BH_OK);
    assert_silent();
}

/* Against a slow search, over ranges of all sizes and many blocks. */
static void extremes_are_never_lost(void **state)
{
    enum { COUNT = 5000 };
    static double values[COUNT];
    (void)state;
    srand(7);
    for (int i = 0; i < COUNT; i++)
        values[i] = rand() % 50 ? rand() % 1000 - 500 : NAN;
    bh_chart_clear(chart);
    bh_chart_add_series(chart, "random", &first);
    for (int i = 0; i < COUNT; i += 100)
        bh_chart_append(chart, first, NULL, values + i, 100);
    for (int tries = 0; tries < 300; tries++) {
        int from = rand() % COUNT, to = from + 2 + rand() % (COUNT - from);
        double low = INFINITY, high = -INFINITY, shown_low = 0, shown_high = 0;
        for (int i = from; i <= to && i < COUNT; i++) {
            low = fmin(low, values[i]);
            high = fmax(high, values[i]);
        }
        if (low >= high)
            continue;
        bh_chart_set_view(chart, from, to, NAN, NAN);
        bh_chart_get_view(chart, NULL, NULL, &shown_low, &shown_high);
        double room = (high - low) * 0.06;
        assert_true(fabs(shown_low - (low - room)) < 1e-6 && fabs(shown_high - (high + room)) < 1e-6);
    }
}

static void logarithms_leave_out_what_has_none(void **state)
{
    const double values[] = {0, -5, 0.001, NAN, 1000};
    double low = 0, high = 0;
    (void)state;
    bh_chart_clear(chart);
    bh_chart_add_series(chart, "wide", &first);
    bh_chart_append(chart, first, NULL, values, 5);
    assert_int_equal(bh_chart_set_log_y(chart, true), BH_OK);
    bh_chart_get_view(chart, NULL, NULL, &low, &high);
    assert_true(low > 1e-4 && low < 0.001 && high > 1000 && high < 1e4);
    assert_refused(bh_chart_set_view(chart, NAN, NAN, 0, 5), BH_ERROR_RANGE, "above 0");
    assert_int_equal(bh_chart_set_view(chart, NAN, NAN, 1, 5), BH_OK);
    forget_heard();
    bh_call(chart, "repaint");
    bh_chart_set_log_y(chart, false);
    assert_int_equal(bh_chart_set_view(chart, NAN, NAN, -1, 5), BH_OK);
    bh_chart_set_log_y(chart, true);
    bh_chart_get_view(chart, NULL, NULL, &low, &high);
    assert_true(low > 0);
    bh_call(chart, "repaint");
    assert_silent();
}

/* Nothing that can be shown makes the painter complain. */
static void everything_can_be_painted(void **state)
{
    static const double odd[] = {0, 1e300, -1e300, NAN, INFINITY, 1e-300, 4e-320, 1};
    static const double shown[][4] = {{NAN, NAN, NAN, NAN},
                                      {0, 1e-9, NAN, NAN},
                                      {-1e300, 1e300, -1e300, 1e300},
                                      {1e9, 1e9 + 1e-3, 0, 1e-9},
                                      {2.5, 3.5, 0.1, 0.2}};
    static const bh_size sizes[] = {{400, 300}, {120, 80}, {30, 20}, {1, 1}, {3000, 90}, {60, 2000}};
    (void)state;
    bh_set_size(chart, "minimumSize", BH_SIZE(0, 0));
    bh_chart_set_titles(chart, "x", "y");
    bh_chart_append(chart, second, NULL, odd, 8);
    for (int log = 0; log < 2; log++)
        for (size_t v = 0; v < sizeof shown / sizeof shown[0]; v++)
            for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
                bh_chart_set_log_y(chart, log);
                if (!log || v == 0 || v == 4)
                    bh_chart_set_view(chart, shown[v][0], shown[v][1], shown[v][2], shown[v][3]);
                bh_chart_set_cursor(chart, 5 + (double)s);
                bh_set_size(chart, "size", sizes[s]);
                bh_call(chart, "repaint");
            }
    assert_silent();
}

static void many_series_can_be_painted(void **state)
{
    int number = 0, last = 0;
    (void)state;
    while (bh_chart_add_series(chart, "one of very many series with a name that is too long for a legend", &number) == BH_OK) {
        double value = last++;
        bh_chart_append(chart, number, NULL, &value, 1);
    }
    assert_heard(BH_ERROR_STATE, "256 series");
    assert_int_equal(last, BH_CHART_MAX_SERIES - 2);
    bh_chart_set_cursor(chart, 0);
    bh_call(chart, "repaint");
    assert_silent();
}

static void wrong_values_are_refused(void **state)
{
    const double x[] = {11, 10.5}, y[] = {1, 2}, wild[] = {NAN, 1};
    double out = 7;
    int number = 7;
    (void)state;
    assert_refused(bh_chart_append(chart, first, x, y, 2), BH_ERROR_RANGE, "x[1] is 10.5, behind 11");
    assert_refused(append(9, 9), BH_ERROR_RANGE, "behind 10");
    assert_refused(bh_chart_append(chart, first, wild, y, 2), BH_ERROR_RANGE, "x[0] is nan");
    assert_refused(bh_chart_append(chart, first, x, NULL, 2), BH_ERROR_NULL, "y is NULL");
    assert_refused(bh_chart_append(chart, first, NULL, y, SIZE_MAX / 8), BH_ERROR_MEMORY, "no memory");
    assert_view(0, 10);
    assert_refused(bh_chart_append(chart, 99, x, y, 1), BH_ERROR_RANGE, "no series 99");
    assert_refused(bh_chart_set_series_style(chart, first, 8, BH_PEN_SOLID), BH_ERROR_RANGE, "color is 8");
    assert_refused(bh_chart_set_series_style(chart, first, 0, BH_PEN_NONE), BH_ERROR_RANGE, "draws no line");
    assert_refused(bh_chart_set_view(chart, 1, 1, NAN, NAN), BH_ERROR_RANGE, "x from 1 to 1");
    assert_refused(bh_chart_set_view(chart, 1, NAN, NAN, NAN), BH_ERROR_RANGE, "x from 1 to nan");
    assert_refused(bh_chart_set_view(chart, NAN, NAN, -INFINITY, 0), BH_ERROR_RANGE, "y from -inf");
    assert_refused(bh_chart_set_view(chart, 1, 1 + 1e-15, NAN, NAN), BH_ERROR_RANGE, "cannot be shown");
    assert_refused(bh_chart_set_cursor(chart, INFINITY), BH_ERROR_RANGE, "x is inf");
    assert_refused(bh_chart_get_nearest(chart, first, NAN, &out, NULL), BH_ERROR_RANGE, "x is nan");
    assert_true(isnan(out));
    assert_refused(bh_chart_add_series(chart, NULL, &number), BH_ERROR_NULL, "name is NULL");
    assert_int_equal(number, -1);
    assert_refused(bh_chart_add_series(chart, "a", NULL), BH_ERROR_NULL, "series is NULL");
    assert_int_equal(bh_chart_set_titles(chart, NULL, NULL), BH_OK);
    assert_int_equal(bh_chart_set_empty_text(chart, NULL), BH_OK);
}

static void *from_elsewhere(void *unused)
{
    double x = 7;
    assert_refused(bh_chart_clear(chart), BH_ERROR_THREAD, "thread");
    assert_refused(bh_chart_get_view(chart, &x, NULL, NULL, NULL), BH_ERROR_THREAD, "thread");
    assert_true(isnan(x));
    return unused;
}

static void wrong_charts_are_refused(void **state)
{
    bh_object *label = bh_create("QLabel", NULL);
    pthread_t thread;
    int number = 7;
    (void)state;
    assert_refused(bh_chart_clear(label), BH_ERROR_CLASS, "bh_chart_clear: chart is QLabel");
    assert_refused(bh_chart_clear(NULL), BH_ERROR_NULL, "chart is NULL");
    assert_refused(bh_chart_clear((bh_object *)&number), BH_ERROR_NOT_A_HANDLE, "chart");
    assert_int_equal(pthread_create(&thread, NULL, from_elsewhere, NULL), 0);
    pthread_join(thread, NULL);
    assert_not_made(bh_chart_create(bh_app()), BH_ERROR_CLASS, "bh_chart_create");
    bh_destroy(chart);
    assert_refused(bh_chart_add_series(chart, "a", &number), BH_ERROR_STALE, "bh_chart_add_series");
    assert_int_equal(number, -1);
}

static void without_memory_nothing_changes(void **state)
{
    int number = 7;
    (void)state;
    for (long nth = 1;; nth++) {
        bh__fail_allocation(nth);
        bh_object *made = bh_chart_create(NULL);
        bool failed = bh__allocation_failed();
        bh__fail_allocation(0);
        assert_true(made || failed);
        bh_destroy(made);
        if (!failed)
            break;
    }
    bh_chart_clear_series(chart, first);
    for (long nth = 1; nth <= 3; nth++) {
        bh__fail_allocation(nth);
        assert_refused(append(1, 1), BH_ERROR_MEMORY, "no memory for 1 more");
        bh__fail_allocation(0);
    }
    assert_int_equal(append(1, 1), BH_OK);
    for (int i = 0; i < 6; i++)
        bh_chart_add_series(chart, "fill", &number);
    bh__fail_allocation(1);
    assert_refused(bh_chart_add_series(chart, "ninth", &number), BH_ERROR_MEMORY, "no memory");
    bh__fail_allocation(0);
    assert_int_equal(number, -1);
}

/* --- hands */

static void key(int code, int modifiers)
{
    press_key(KEY_PRESS, code, modifiers, NULL, 0, false);
}

static void keys_move_the_readout(void **state)
{
    (void)state;
    key(BH_KEY_RIGHT, 0);
    assert_true(told == 0 && moves == 1);
    key(BH_KEY_RIGHT, 0);
    key(BH_KEY_RIGHT, 0);
    assert_true(told == 2);
    key(BH_KEY_LEFT, 0);
    assert_true(told == 1);
    key(BH_KEY_END, 0);
    assert_true(told == 10);
    key(BH_KEY_RIGHT, 0);
    assert_true(told == 10);
    key(BH_KEY_LEFT, BH_CONTROL);
    assert_true(told == 9);
    key(BH_KEY_HOME, 0);
    assert_true(told == 0);
    key(BH_KEY_ESCAPE, 0);
    assert_true(isnan(told));
    assert_silent();
}

static void keys_zoom(void **state)
{
    (void)state;
    bh_chart_set_cursor(chart, 0);
    key('+', 0);
    assert_view(0, 8);
    key(BH_KEY_END, 0); /* the view follows */
    assert_view(2, 10);
    key('-', 0);
    assert_view(0, 10);
    key('+', BH_CONTROL);
    key('0', 0);
    assert_view(0, 10);
    assert_true(views == 4);
}

static void the_mouse_reads_and_zooms(void **state)
{
    (void)state;
    bh_call(chart, "repaint");
    mouse_at(MOUSE_MOVE, 387, 150, 0, 0);
    assert_true(told == 10);
    turn_wheel(388, 150, 120, 0);
    assert_view(2, 10);
    mouse_at(MOUSE_PRESS, 300, 150, BH_BUTTON_LEFT, BH_BUTTON_LEFT);
    mouse_at(MOUSE_MOVE, 388, 150, 0, BH_BUTTON_LEFT);
    mouse_at(MOUSE_RELEASE, 388, 150, BH_BUTTON_LEFT, 0);
    double low = 0, high = 0;
    bh_chart_get_view(chart, &low, &high, NULL, NULL);
    assert_true(low < 1 && fabs(high - low - 8) < 1e-9);
    mouse_at(MOUSE_DOUBLE_CLICK, 300, 150, BH_BUTTON_LEFT, BH_BUTTON_LEFT);
    assert_view(0, 10);
    mouse_at(MOUSE_MOVE, 2, 2, 0, 0);
    assert_true(isnan(told));
}

static void a_click_in_the_legend_hides(void **state)
{
    double high = 0;
    (void)state;
    mouse_at(MOUSE_PRESS, 14, 18, BH_BUTTON_LEFT, BH_BUTTON_LEFT);
    bh_chart_get_view(chart, NULL, &high, NULL, NULL);
    assert_true(high < 6); /* the second alone */
    mouse_at(MOUSE_PRESS, 14, 18, BH_BUTTON_LEFT, BH_BUTTON_LEFT);
    assert_view(0, 10);
}

static void destroy_chart(void *user, double x)
{
    (void)user;
    (void)x;
    bh_destroy(chart);
}

static void it_may_be_destroyed_in_its_signals(void **state)
{
    (void)state;
    bh_connect(chart, "cursorMoved", BH_CALLBACK(destroy_chart, double), NULL, NULL);
    key(BH_KEY_RIGHT, 0);
    assert_false(bh_is_alive(chart));
    bh_app_process_events(10);
    assert_silent();
}

static bool is_described(char **text)
{
    bh_free(*text);
    bh_get_string(chart, "accessibleDescription", text);
    return (*text)[0];
}

static void screen_readers_hear_the_last_values(void **state)
{
    char *text = NULL;
    (void)state;
    pump_until(is_described(&text));
    assert_string_equal(text, "first: 10 at 10; second: 100 at 5");
    bh_free(text);
}

static void colors_and_markers_can_be_asked_for(void **state)
{
    (void)state;
    bh_color one, other = {0, 0, 0, 0};
    assert_int_equal(bh_chart_get_series_color(chart, first, &one), BH_OK);
    assert_int_equal(bh_chart_get_series_color(chart, second, &other), BH_OK);
    assert_true(one.red != other.red || one.green != other.green || one.blue != other.blue);
    assert_int_equal(bh_chart_set_series_style(chart, second, 0, BH_PEN_DASH), BH_OK);
    assert_int_equal(bh_chart_get_series_color(chart, second, &other), BH_OK);
    assert_memory_equal(&one, &other, sizeof one);
    assert_refused(bh_chart_get_series_color(chart, 77, &other), BH_ERROR_RANGE, "no series 77");
    assert_int_equal(other.red + other.green + other.blue, 0);
    assert_refused(bh_chart_get_series_color(chart, first, NULL), BH_ERROR_NULL, "color is NULL");
    assert_int_equal(bh_chart_set_marker(chart, 5, "best round 5"), BH_OK);
    bh_app_process_events(20);
    assert_int_equal(bh_chart_set_marker(chart, NAN, NULL), BH_OK);
    assert_refused(bh_chart_set_marker(chart, INFINITY, NULL), BH_ERROR_RANGE, "x is inf");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_shown_follows_the_points),
        TEST(nearest_points_are_found),
        TEST(points_count_on),
        TEST(extremes_are_never_lost),
        TEST(logarithms_leave_out_what_has_none),
        TEST(everything_can_be_painted),
        TEST(many_series_can_be_painted),
        TEST(wrong_values_are_refused),
        TEST(wrong_charts_are_refused),
        TEST(without_memory_nothing_changes),
        TEST(keys_move_the_readout),
        TEST(keys_zoom),
        TEST(the_mouse_reads_and_zooms),
        TEST(a_click_in_the_legend_hides),
        TEST(it_may_be_destroyed_in_its_signals),
        TEST(colors_and_markers_can_be_asked_for),
        TEST(screen_readers_hear_the_last_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
