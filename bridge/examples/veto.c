/* A window that asks before it closes with unsaved text. */
#include <bulkhead/qt.h>

static struct {
    bh_object *window, *editor;
    bool unsaved;
} ui;

static void on_changed(void *user)
{
    (void)user;
    ui.unsaved = true;
    bh_set_bool(ui.window, "windowModified", true);
}

static void on_saved(void *user)
{
    (void)user; /* a program would write its file here */
    ui.unsaved = false;
    bh_set_bool(ui.window, "windowModified", false);
}

static void on_answer(void *user, int button)
{
    if (button == BH_BUTTON_CANCEL)
        return;
    if (button == BH_BUTTON_SAVE)
        on_saved(user);
    ui.unsaved = false;
    bh_call(ui.window, "close");
}

/* The box is only opened here: the window stays until it is answered. */
static bh_event_result on_close(bh_object *window, void *user, const bh_event *event)
{
    (void)event;
    if (!ui.unsaved)
        return BH_EVENT_PASS;
    bh_message_box(window, BH_MESSAGE_QUESTION, "Unsaved text", "Save the text before closing?",
                   BH_BUTTON_SAVE | BH_BUTTON_DISCARD | BH_BUTTON_CANCEL, on_answer, user);
    return BH_EVENT_IGNORE;
}

int main(int argc, char **argv)
{
    if (!bh_app_create(argc, argv))
        return 1;
    ui.window = bh_create("QMainWindow", NULL);
    ui.editor = bh_create("QPlainTextEdit", ui.window);
    bh_set_string(ui.window, "windowTitle", "Notes[*]"); /* Qt puts its mark of unsaved text at [*] */
    bh_main_window_set_central_widget(ui.window, ui.editor);
    bh_object *file = bh_add_menu(bh_main_window_menu_bar(ui.window), "&File");
    bh_connect(bh_add_action(file, "&Save", "Ctrl+S"), "triggered", BH_CALLBACK(on_saved), NULL, NULL);
    bh_connect(ui.editor, "textChanged", BH_CALLBACK(on_changed), NULL, NULL);
    bh_on_event(ui.window, BH_EVENT_CLOSE, on_close, NULL);
    bh_set_size(ui.window, "size", BH_SIZE(480, 320));
    bh_call(ui.window, "show");
    return bh_app_exec();
}
