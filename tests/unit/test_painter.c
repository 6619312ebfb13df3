/* Painters: what can be painted, what is refused, and that a painter ends with its paint function. */
#include "turns.h"

#include <float.h>
#include <math.h>

static bh_object *window, *canvas;
static bh_painter *kept;
static int painted;
static bh_size seen;
static void (*paint_now)(bh_painter *painter);

static void paint(bh_object *self, void *user, bh_painter *painter, bh_size size)
{
    (void)user;
    assert_ptr_equal(self, canvas);
    painted++;
    seen = size;
    kept = painter;
    if (paint_now)
        paint_now(painter);
}

static const bh_class canvas_class = {
    BH_CLASS_INIT,
    .name = "Canvas",
    .base = "QWidget",
    .paint = paint,
};

static int setup(void **state)
{
    if (with_app(state))
        return -1;
    paint_now = NULL;
    painted = 0;
    kept = NULL;
    window = bh_create("QWidget", NULL);
    canvas = bh_create_instance(&canvas_class, window, NULL);
    bh_set_rect(window, "geometry", BH_RECT(0, 0, 200, 100));
    bh_set_rect(canvas, "geometry", BH_RECT(0, 0, 150, 60));
    bh_call(window, "show");
    bh_app_process_events(20);
    painted = 0;
    return canvas ? 0 : -1;
}

static void paint_with(void (*fn)(bh_painter *painter))
{
    paint_now = fn;
    painted = 0;
    forget_heard();
    bh_call(canvas, "repaint");
    assert_int_equal(painted, 1);
}

static void everything(bh_painter *painter)
{
    static const bh_pointf points[] = {{0, 0}, {10.5, 20}, {-5, 30}};
    const bh_font font = {.family = "DejaVu Sans", .point_size = 12, .weight = 700, .italic = true};
    bh_size text = {0, 0}, longer = {0, 0};
    double scale = 0;
    assert_int_equal(bh_painter_set_antialiasing(painter, true), BH_OK);
    assert_int_equal(bh_painter_set_pen(painter, BH_RGB(255, 0, 0), 2.5, BH_PEN_DASH), BH_OK);
    assert_int_equal(bh_painter_set_brush(painter, BH_RGBA(0, 0, 255, 128)), BH_OK);
    assert_int_equal(bh_painter_set_font(painter, &font), BH_OK);
    assert_int_equal(bh_painter_save(painter), BH_OK);
    assert_int_equal(bh_painter_clip_rect(painter, BH_RECT(0, 0, 100, 100)), BH_OK);
    assert_int_equal(bh_painter_translate(painter, 10, 10), BH_OK);
    assert_int_equal(bh_painter_rotate(painter, 45), BH_OK);
    assert_int_equal(bh_painter_draw_line(painter, 0, 0, 50, 50), BH_OK);
    assert_int_equal(bh_painter_draw_rect(painter, 0, 0, 50, 50), BH_OK);
    assert_int_equal(bh_painter_draw_rounded_rect(painter, 0, 0, 50, 50, 4.5), BH_OK);
    assert_int_equal(bh_painter_get_scale(painter, &scale), BH_OK);
    assert_true(scale >= 1);
    assert_int_equal(bh_painter_draw_text(painter, BH_RECT(0, 0, 9, 40), BH_TEXT_ELIDE, "too long for it"), BH_OK);
    assert_int_equal(bh_painter_restore(painter), BH_OK);
    assert_int_equal(bh_painter_draw_ellipse(painter, 0, 0, 50, 50), BH_OK);
    assert_int_equal(bh_painter_fill_rect(painter, BH_RECT(5, 5, 10, 10), BH_RGB(0, 255, 0)), BH_OK);
    assert_int_equal(bh_painter_draw_polyline(painter, points, 3), BH_OK);
    assert_int_equal(bh_painter_draw_polygon(painter, points, 3), BH_OK);
    assert_int_equal(bh_painter_set_brush(painter, BH_RGBA(0, 0, 0, 0)), BH_OK);
    assert_int_equal(bh_painter_set_pen(painter, BH_RGB(0, 0, 0), 0, BH_PEN_NONE), BH_OK);
    assert_int_equal(bh_painter_draw_text(painter, BH_RECT(0, 0, 90, 40), BH_ALIGN_CENTER | BH_TEXT_WORD_WRAP,
                                          "Gr\xC3\xBC\xC3\x9F"
                                          "e, Welt"),
                     BH_OK);
    assert_int_equal(bh_painter_draw_text(painter, BH_RECT(0, 0, 90, 40), 0, ""), BH_OK);
    assert_int_equal(bh_painter_text_size(painter, "abc", &text), BH_OK);
    assert_int_equal(bh_painter_text_size(painter, "abcabc", &longer), BH_OK);
    assert_true(text.width > 0 && text.height > 0 && longer.width > text.width);
}

static void paints_everything(void **state)
{
    (void)state;
    paint_with(everything);
    assert_silent();
    assert_int_equal(seen.width, 150);
    assert_int_equal(seen.height, 60);
}

static void move_while_painting(bh_painter *painter)
{
    (void)painter;
    assert_refused(bh_set_parent(canvas, NULL), BH_ERROR_STATE, "a widget is being painted");
    assert_refused(bh_app_process_events(0), BH_ERROR_STATE, "use bh_timer_single_shot");
}

static void nothing_moves_while_it_runs(void **state)
{
    (void)state;
    paint_with(move_while_painting);
    assert_silent();
}

static atomic_int beats;

static void beat(void *user)
{
    (void)user;
    atomic_fetch_add(&beats, 1);
}

static bh_status begin_to_beat(void *user)
{
    (void)user;
    return bh_timer_start(0, BH_TIMER_PRECISE, NULL, beat, NULL) ? BH_OK : BH_ERROR_STATE;
}

/* What is counted while something is painted is counted on the GUI thread alone, though other threads' events come the same way. */
static void events_of_other_threads_are_no_painting(void **state)
{
    (void)state;
    side other = start_side("beats");
    assert_int_equal(bh_post(other.object, begin_to_beat, NULL, NULL), BH_OK);
    wait_until(atomic_load(&beats) > 0);
    for (int i = 0; i < 20000 || atomic_load(&beats) < 20000; i++) {
        bh_call(canvas, "repaint");
        assert_int_equal(bh_app_process_events(0), BH_OK);
    }
    stop_side(&other);
    paint_with(move_while_painting);
    assert_silent();
}

static void repaint_while_painting(bh_painter *painter)
{
    bh_object *bar = bh_find(window, "bar", "QProgressBar"), *dialog = bh_find(window, NULL, "QDialog");
    if (painted > 1)
        return;
    bh_set_size(window, "size", BH_SIZE(900, 700));        /* what is painted on is too small from now on */
    assert_int_equal(bh_set_int(bar, "value", 40), BH_OK); /* which repaints at once */
    assert_int_equal(bh_call(window, "repaint"), BH_OK);
    assert_refused(bh_call(dialog, "exec"), BH_ERROR_STATE, "a widget is being painted");
    assert_int_equal(bh_painter_fill_rect(painter, BH_RECT(0, 0, 150, 60), BH_RGB(1, 2, 3)), BH_OK);
}

static void another_paint_comes_afterwards(void **state)
{
    (void)state;
    bh_object *bar = bh_create("QProgressBar", window);
    bh_set_name(bar, "bar");
    bh_create("QDialog", window);
    bh_call(bar, "show");
    bh_app_process_events(20);
    paint_with(repaint_while_painting);
    assert_silent();
    pump_until(painted > 1);
}

static void ends_with_the_paint_function(void **state)
{
    bh_size size = {7, 7};
    (void)state;
    paint_with(NULL);
    assert_refused(bh_painter_draw_line(kept, 0, 0, 1, 1), BH_ERROR_STALE, "a painter lives only during its paint function");
    assert_refused(bh_painter_text_size(kept, "a", &size), BH_ERROR_STALE, "a painter lives only during its paint function");
    assert_int_equal(size.width, 0);
}

static void save_three(bh_painter *painter)
{
    for (int i = 0; i < 3; i++)
        assert_int_equal(bh_painter_save(painter), BH_OK);
}

static void restore_one_too_many(bh_painter *painter)
{
    save_three(painter);
    for (int i = 0; i < 3; i++)
        assert_int_equal(bh_painter_restore(painter), BH_OK);
    assert_refused(bh_painter_restore(painter), BH_ERROR_STATE, "nothing is saved");
}

static void save_without_end(bh_painter *painter)
{
    bh_status status = BH_OK;
    for (int i = 0; i < 1000000 && !status; i++)
        status = bh_painter_save(painter);
    assert_int_equal(status, BH_ERROR_STATE);
    assert_heard(BH_ERROR_STATE, "saves without a restore");
}

static void saves_are_balanced(void **state)
{
    (void)state;
    paint_with(save_three);
    assert_silent();
    paint_with(restore_one_too_many);
    paint_with(save_without_end);
}

static void wrong_numbers(bh_painter *painter)
{
    assert_refused(bh_painter_draw_line(painter, 0, NAN, 0, 0), BH_ERROR_RANGE, "y1 is nan");
    assert_refused(bh_painter_draw_line(painter, 0, 0, INFINITY, 0), BH_ERROR_RANGE, "x2 is inf");
    assert_refused(bh_painter_draw_rect(painter, 0, 0, 1e7, 0), BH_ERROR_RANGE, "width is 1e+07");
    assert_refused(bh_painter_draw_ellipse(painter, 0, 0, 0, -DBL_MAX), BH_ERROR_RANGE, "height is -1.79769e+308");
    assert_refused(bh_painter_fill_rect(painter, BH_RECT(0, 0, INT32_MAX, 0), BH_RGB(0, 0, 0)), BH_ERROR_RANGE, "rect.width is");
    assert_refused(bh_painter_clip_rect(painter, BH_RECT(INT32_MIN, 0, 0, 0)), BH_ERROR_RANGE, "rect.x is");
    assert_refused(bh_painter_translate(painter, 0, -INFINITY), BH_ERROR_RANGE, "dy is -inf");
    assert_refused(bh_painter_rotate(painter, NAN), BH_ERROR_RANGE, "degrees is nan");
    assert_refused(bh_painter_set_pen(painter, BH_RGB(0, 0, 0), -1, BH_PEN_SOLID), BH_ERROR_RANGE, "width is -1");
    assert_refused(bh_painter_set_pen(painter, BH_RGB(0, 0, 0), 1001, BH_PEN_SOLID), BH_ERROR_RANGE, "width is 1001");
    assert_refused(bh_painter_set_pen(painter, BH_RGB(0, 0, 0), NAN, BH_PEN_SOLID), BH_ERROR_RANGE, "width is nan");
    assert_refused(bh_painter_set_pen(painter, BH_RGB(0, 0, 0), 1, (bh_pen_style)4), BH_ERROR_RANGE, "style 4");
    assert_refused(bh_painter_draw_rounded_rect(painter, 0, 0, 9, 9, NAN), BH_ERROR_RANGE, "radius is nan");
    assert_refused(bh_painter_draw_rounded_rect(painter, 0, 0, NAN, 9, 1), BH_ERROR_RANGE, "width is nan");
    assert_refused(bh_painter_get_scale(painter, NULL), BH_ERROR_NULL, "scale is NULL");
    assert_refused(bh_painter_draw_text(painter, BH_RECT(0, 0, 1, 1), 0x8000, "a"), BH_ERROR_RANGE, "0x8000");
    assert_refused(bh_painter_draw_text(painter, BH_RECT(0, 0, -2000000, 1), 0, "a"), BH_ERROR_RANGE, "rect.width");
}

static void wrong_points(bh_painter *painter)
{
    const bh_pointf points[] = {{0, 0}, {1, 1}, {2, NAN}};
    assert_refused(bh_painter_draw_polyline(painter, NULL, 2), BH_ERROR_NULL, "points is NULL");
    assert_refused(bh_painter_draw_polyline(painter, points, 1), BH_ERROR_RANGE, "count is 1");
    assert_refused(bh_painter_draw_polygon(painter, points, 2), BH_ERROR_RANGE, "count is 2");
    assert_refused(bh_painter_draw_polygon(painter, points, SIZE_MAX), BH_ERROR_RANGE, "count is 18446744073709551615");
    assert_refused(bh_painter_draw_polygon(painter, points, 3), BH_ERROR_RANGE, "point 2 is (2, nan)");
    assert_int_equal(bh_painter_draw_polyline(painter, points, 2), BH_OK);
}

static void wrong_texts(bh_painter *painter)
{
    static char endless[2000000];
    bh_size size = {9, 9};
    memset(endless, 'a', sizeof endless - 1);
    assert_refused(bh_painter_draw_text(painter, BH_RECT(0, 0, 1, 1), 0, NULL), BH_ERROR_NULL, "text is NULL");
    assert_refused(bh_painter_draw_text(painter, BH_RECT(0, 0, 1, 1), 0, endless), BH_ERROR_RANGE, "longer than");
    assert_refused(bh_painter_text_size(painter, NULL, &size), BH_ERROR_NULL, "text is NULL");
    assert_int_equal(size.width, 0);
    assert_refused(bh_painter_text_size(painter, "a", NULL), BH_ERROR_NULL, "size is NULL");
    assert_int_equal(bh_painter_draw_text(painter, BH_RECT(0, 0, 100, 20), 0, "no UTF-8: \xFF\xFE"), BH_OK);
}

static void wrong_fonts(bh_painter *painter)
{
    bh_font font = {.point_size = NAN, .weight = 400};
    assert_refused(bh_painter_set_font(painter, NULL), BH_ERROR_NULL, "font is NULL");
    assert_refused(bh_painter_set_font(painter, &font), BH_ERROR_RANGE, "bh_painter_set_font");
    memset(font.family, 'x', sizeof font.family); /* no end */
    font.point_size = 10;
    bh_painter_set_font(painter, &font);
}

static void wrong_values_are_refused(void **state)
{
    (void)state;
    paint_with(wrong_numbers);
    paint_with(wrong_points);
    paint_with(wrong_texts);
    paint_with(wrong_fonts);
}

static void *from_elsewhere(void *painter)
{
    assert_refused(bh_painter_save(painter), BH_ERROR_THREAD, "thread");
    assert_refused(bh_palette_color(canvas, BH_ROLE_TEXT, &(bh_color){0}), BH_ERROR_THREAD, "thread");
    return NULL;
}

static void paint_elsewhere(bh_painter *painter)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, from_elsewhere, painter), 0);
    pthread_join(thread, NULL);
}

static void wrong_handles_are_refused(void **state)
{
    (void)state;
    paint_with(paint_elsewhere);
    assert_refused(bh_painter_save(NULL), BH_ERROR_NULL, "painter is NULL");
    assert_refused(bh_painter_save((bh_painter *)canvas), BH_ERROR_CLASS, "bh_object");
    assert_refused(bh_painter_save((bh_painter *)&painted), BH_ERROR_NOT_A_HANDLE, "painter");
}

static void destroy_canvas(bh_painter *painter)
{
    assert_int_equal(bh_destroy(canvas), BH_OK);
    assert_int_equal(bh_painter_draw_line(painter, 0, 0, 5, 5), BH_OK);
    bh_painter_save(painter);
}

static void widget_may_be_destroyed_inside(void **state)
{
    (void)state;
    paint_with(destroy_canvas);
    bh_app_process_events(5);
    assert_silent();
    assert_false(bh_is_alive(canvas));
}

static void palette_follows_the_state(void **state)
{
    (void)state;
    bh_color enabled = {1, 2, 3, 4}, disabled = {1, 2, 3, 4}, color = {1, 2, 3, 4};
    for (int role = 0; role < BH_ROLE_COUNT; role++) {
        assert_int_equal(bh_palette_color(canvas, (bh_color_role)role, &color), BH_OK);
        assert_int_equal(color.alpha, 255);
    }
    bh_palette_color(canvas, BH_ROLE_WINDOW_TEXT, &enabled);
    bh_set_bool(window, "enabled", false);
    bh_palette_color(canvas, BH_ROLE_WINDOW_TEXT, &disabled);
    assert_memory_not_equal(&enabled, &disabled, sizeof enabled);
    assert_refused(bh_palette_color(canvas, BH_ROLE_COUNT, &color), BH_ERROR_RANGE, "role 8");
    assert_int_equal(color.red + color.green + color.blue, 0);
    assert_int_equal(color.alpha, 255);
    assert_refused(bh_palette_color(canvas, BH_ROLE_TEXT, NULL), BH_ERROR_NULL, "color is NULL");
    assert_refused(bh_palette_color(bh_app(), BH_ROLE_TEXT, &color), BH_ERROR_CLASS, "QWidget");
    assert_refused(bh_palette_color(NULL, BH_ROLE_TEXT, &color), BH_ERROR_NULL, "widget is NULL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(paints_everything, setup, without_app),
        cmocka_unit_test_setup_teardown(nothing_moves_while_it_runs, setup, without_app),
        cmocka_unit_test_setup_teardown(events_of_other_threads_are_no_painting, setup, without_app),
        cmocka_unit_test_setup_teardown(another_paint_comes_afterwards, setup, without_app),
        cmocka_unit_test_setup_teardown(ends_with_the_paint_function, setup, without_app),
        cmocka_unit_test_setup_teardown(saves_are_balanced, setup, without_app),
        cmocka_unit_test_setup_teardown(wrong_values_are_refused, setup, without_app),
        cmocka_unit_test_setup_teardown(wrong_handles_are_refused, setup, without_app),
        cmocka_unit_test_setup_teardown(widget_may_be_destroyed_inside, setup, without_app),
        cmocka_unit_test_setup_teardown(palette_follows_the_state, setup, without_app),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
