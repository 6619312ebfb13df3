/* What a widget is told: moves, clicks, the wheel and keys, written down as they come. Escape closes the window. */
#include <bulkhead/qt.h>
#include <stdio.h>

static const char *button_name(int button)
{
    return button == BH_BUTTON_LEFT ? "left" : button == BH_BUTTON_RIGHT ? "right" : "another";
}

static bh_event_result on_mouse(bh_object *pad, void *user, const bh_event *event)
{
    char text[80];
    bh_point at = event->position;
    (void)user;
    if (event->type == BH_EVENT_MOUSE_MOVE)
        snprintf(text, sizeof text, "The mouse is at %d, %d.", at.x, at.y);
    else
        snprintf(text, sizeof text, "The %s button went down at %d, %d.", button_name(event->button), at.x, at.y);
    bh_set_string(pad, "text", text);
    return BH_EVENT_PASS;
}

static bh_event_result on_wheel(bh_object *pad, void *user, const bh_event *event)
{
    char text[80];
    (void)user;
    snprintf(text, sizeof text, "The wheel turned by %.2f notches.", event->wheel_angle.y / 120.0);
    bh_set_string(pad, "text", text);
    return BH_EVENT_ACCEPT; /* ours: nothing behind the pad scrolls */
}

static bh_event_result on_key(bh_object *window, void *pad, const bh_event *event)
{
    char text[80];
    if (event->key == BH_KEY_ESCAPE) {
        bh_call(window, "close");
        return BH_EVENT_ACCEPT;
    }
    snprintf(text, sizeof text, "Key 0x%x types \"%s\"%s%s.", (unsigned)event->key, event->text,
             event->modifiers & BH_SHIFT ? " with Shift" : "", event->modifiers & BH_CONTROL ? " with Ctrl" : "");
    bh_set_string(pad, "text", text);
    return BH_EVENT_PASS;
}

static bh_event_result on_resize(bh_object *window, void *user, const bh_event *event)
{
    char title[80];
    (void)user;
    snprintf(title, sizeof title, "Events - %d x %d", event->new_size.width, event->new_size.height);
    bh_set_string(window, "windowTitle", title);
    return BH_EVENT_PASS;
}

int main(int argc, char **argv)
{
    if (!bh_app_create(argc, argv))
        return 1;
    bh_object *window = bh_create("QWidget", NULL);
    bh_object *layout = bh_create("QVBoxLayout", window);
    bh_object *pad = bh_create("QLabel", window);
    bh_set_string(pad, "text", "Move, click, scroll or type.");
    bh_set_int(pad, "alignment", BH_ALIGN_CENTER);
    bh_set_bool(pad, "mouseTracking", true); /* moves without a button, too */
    bh_layout_add_widget(layout, pad, 1);
    bh_on_event(pad, BH_EVENT_MOUSE_MOVE, on_mouse, NULL);
    bh_on_event(pad, BH_EVENT_MOUSE_PRESS, on_mouse, NULL);
    bh_on_event(pad, BH_EVENT_WHEEL, on_wheel, NULL);
    bh_on_event(window, BH_EVENT_KEY_PRESS, on_key, pad);
    bh_on_event(window, BH_EVENT_RESIZE, on_resize, NULL);
    bh_set_size(window, "size", BH_SIZE(420, 240));
    bh_call(window, "show");
    return bh_app_exec();
}
