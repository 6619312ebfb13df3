/* A widget that paints itself: a dial in the colours of the theme, turned by a slider. */
#include <bulkhead/qt.h>
#include <stdio.h>

enum { TICKS = 48, FIRST_DEGREE = -120, SWEEP = 240, HORIZONTAL = 1 };

static void paint_ticks(bh_painter *painter, double radius, int level, bh_color reached, bh_color open)
{
    bh_painter_save(painter);
    bh_painter_rotate(painter, FIRST_DEGREE);
    for (int tick = 0; tick <= TICKS; tick++) {
        bh_painter_set_pen(painter, tick * 100 <= level * TICKS ? reached : open, 3, BH_PEN_SOLID);
        bh_painter_draw_line(painter, 0, -radius, 0, tick % 12 ? -radius * 0.88 : -radius * 0.8);
        bh_painter_rotate(painter, (double)SWEEP / TICKS);
    }
    bh_painter_restore(painter);
}

static void paint_needle(bh_painter *painter, double radius, int level, bh_color color)
{
    const bh_pointf needle[] = {{-4, 0}, {0, -radius * 0.72}, {4, 0}};
    bh_painter_save(painter);
    bh_painter_rotate(painter, FIRST_DEGREE + level * SWEEP / 100.0);
    bh_painter_set_pen(painter, color, 0, BH_PEN_NONE);
    bh_painter_set_brush(painter, color);
    bh_painter_draw_polygon(painter, needle, 3);
    bh_painter_draw_ellipse(painter, -7, -7, 14, 14);
    bh_painter_restore(painter);
}

static void paint_dial(bh_object *self, void *user, bh_painter *painter, bh_size size)
{
    int level = 0;
    char text[16];
    bh_color ink, accent, quiet;
    double radius = (size.width < size.height ? size.width : size.height) / 2.0 - 8;
    (void)user;
    bh_get_int(self, "level", &level);
    bh_palette_color(self, BH_ROLE_WINDOW_TEXT, &ink);
    bh_palette_color(self, BH_ROLE_HIGHLIGHT, &accent);
    quiet = BH_RGBA(ink.red, ink.green, ink.blue, 60);
    bh_painter_set_antialiasing(painter, true);
    bh_painter_translate(painter, size.width / 2.0, size.height / 2.0);
    paint_ticks(painter, radius, level, accent, quiet);
    paint_needle(painter, radius, level, ink);
    snprintf(text, sizeof text, "%d %%", level);
    bh_painter_set_font(painter, &(bh_font){.point_size = 18, .weight = 600});
    bh_painter_set_pen(painter, ink, 1, BH_PEN_SOLID);
    bh_painter_draw_text(painter, BH_RECT(-60, (int)(radius * 0.4), 120, 40), BH_ALIGN_CENTER, text);
}

static const bh_class dial = {
    BH_CLASS_INIT, .name = "Dial", .base = "QWidget", .properties = {{.name = "level", .type = "int"}}, .paint = paint_dial,
};

static void on_slider(void *gauge, int value)
{
    bh_set_int(gauge, "level", value);
    bh_call(gauge, "update"); /* paints it again, once the loop is back */
}

int main(int argc, char **argv)
{
    if (!bh_app_create(argc, argv))
        return 1;
    bh_object *window = bh_create("QWidget", NULL);
    bh_object *layout = bh_create("QVBoxLayout", window);
    bh_object *gauge = bh_create_instance(&dial, window, NULL);
    bh_object *slider = bh_create("QSlider", window);
    bh_set_string(window, "windowTitle", "Dial");
    bh_set_int(slider, "orientation", HORIZONTAL);
    bh_set_int(slider, "maximum", 100);
    bh_layout_add_widget(layout, gauge, 1);
    bh_layout_add_widget(layout, slider, 0);
    bh_connect(slider, "valueChanged", BH_CALLBACK(on_slider, int), gauge, NULL);
    bh_set_int(slider, "value", 62);
    bh_set_size(window, "size", BH_SIZE(280, 300));
    bh_call(window, "show");
    return bh_app_exec();
}
