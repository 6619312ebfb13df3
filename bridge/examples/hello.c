/* The smallest window: a label, and a button that closes it. */
#include <bulkhead/qt.h>

int main(int argc, char **argv)
{
    if (!bh_app_create(argc, argv))
        return 1;
    bh_object *window = bh_create("QWidget", NULL);
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
