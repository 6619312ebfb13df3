/* For bench_start.sh: examples/hello.c, which ends by itself once it has been painted. */
#include <bulkhead/qt.h>

static void quit_when_painted(bh_object *self, void *user, bh_painter *painter, bh_size size)
{
    (void)self, (void)user, (void)painter, (void)size;
    bh_app_quit(0);
}

static const bh_class hello = {BH_CLASS_INIT, .name = "Hello", .base = "QWidget", .paint = quit_when_painted};

int main(int argc, char **argv)
{
    if (!bh_app_create(argc, argv))
        return 1;
    bh_object *window = bh_create_instance(&hello, NULL, NULL);
    bh_object *layout = bh_create("QVBoxLayout", window);
    bh_object *label = bh_create("QLabel", window);
    bh_object *button = bh_create("QPushButton", window);
    bh_set_string(window, "windowTitle", "Hello");
    bh_set_string(label, "text", "Hello from C.");
    bh_set_string(button, "text", "&Close");
    bh_layout_add_widget(layout, label, 1);
    bh_layout_add_widget(layout, button, 0);
    bh_connect_slot(button, "clicked", window, "close()", BH_CONNECTION_AUTO);
    bh_call(window, "show");
    return bh_app_exec();
}
