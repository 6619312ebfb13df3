/* Message boxes and file dialogs that open and return. The answer is given from the event loop, once, so that a callback may
 * destroy the dialog or the window behind it; also where the dialog goes without having been answered. */
#include <bulkhead/window.h>

#include "base/memory.h"
#include "base/status.h"
#include "core/guard.h"
#include "core/post.h"
#include "core/thread.h"
#include "core/widget.h"
#include "shim/widgets.h"

#include <bulkhead/app.h>
#include <bulkhead/call.h>
#include <bulkhead/connect.h>
#include <bulkhead/mailbox.h>
#include <bulkhead/object.h>
#include <bulkhead/property.h>
#include <string.h>

enum {
    KNOWN_BUTTONS = BH_BUTTON_OK | BH_BUTTON_SAVE | BH_BUTTON_YES | BH_BUTTON_NO | BH_BUTTON_ABORT | BH_BUTTON_RETRY |
                    BH_BUTTON_CLOSE | BH_BUTTON_CANCEL | BH_BUTTON_DISCARD,
};

/* Qt's enums. */
enum { PLAIN_TEXT = 0, SHOW_FOLDERS_ONLY = 0x1, NOT_NATIVE = 0x10 };

/* What was asked, and the answer. */
typedef struct ask {
    int refs;  /* who creates it, its connections, and the delivery that is under way */
    bool done; /* answered, or nobody is to know */
    int buttons, answer;
    char **paths; /* one block; NULL: none */
    bh_object *dialog;
    void (*answered)(void *user, int button);
    void (*chosen)(void *user, const char *const *paths); /* NULL in a message box */
    void *user;
} ask;

static void unref(void *user)
{
    ask *self = user;
    if (--self->refs)
        return;
    bh__free(self->paths);
    bh__free(self);
}

static bh_status run_answer(void *user)
{
    static const char *const none[] = {NULL};
    const ask *self = user;
    if (self->chosen)
        self->chosen(self->user, self->paths ? (const char *const *)self->paths : none);
    else if (self->answered)
        self->answered(self->user, self->answer);
    return BH_OK;
}

static bh_status run_answer_and_unref(void *self)
{
    bh__run_status(run_answer, self, "answer of a dialog", true);
    unref(self);
    return BH_OK;
}

/* As a completion: it comes also when the event loop has been told to end. Where the application is on its way down nobody is told. */
static void deliver(ask *self, int answer)
{
    if (self->done)
        return;
    self->done = true;
    self->answer = answer;
    self->refs++;
    if (!bh__post_to(bh__gui(), run_answer_and_unref, self))
        self->refs--;
}

/* What Escape and the close button answer, as Qt finds it: the only button, Cancel, the only one that rejects, No. */
static int escape_button(int buttons)
{
    int rejecting = buttons & (BH_BUTTON_ABORT | BH_BUTTON_CLOSE);
    if ((buttons & (buttons - 1)) == 0)
        return buttons;
    if (buttons & BH_BUTTON_CANCEL)
        return BH_BUTTON_CANCEL;
    if (rejecting && (rejecting & (rejecting - 1)) == 0)
        return rejecting;
    return buttons & BH_BUTTON_NO ? BH_BUTTON_NO : BH_BUTTON_CANCEL;
}

static void on_finished(void *user, int result)
{
    ask *self = user;
    bool known = result && (result & self->buttons) == result;
    deliver(self, known ? result : escape_button(self->buttons));
    bh__object *dialog = bh__payload_of(self->dialog, BH__OBJECT);
    if (dialog) /* later: others may be connected too */
        bhs_delete_later(dialog->qt);
}

/* Qt tells the files before it tells the end. */
static void on_files(void *user, const char *const *paths)
{
    ask *self = user;
    size_t count = 0, size = sizeof *paths;
    for (; paths[count]; count++)
        size += sizeof *paths + strlen(paths[count]) + 1;
    char **copy = self->paths ? NULL : bh__malloc(size);
    char *at = copy ? (char *)(copy + count + 1) : NULL;
    for (size_t i = 0; copy && i < count; i++) {
        copy[i] = at;
        at = stpcpy(at, paths[i]) + 1;
    }
    if (copy)
        copy[count] = NULL;
    else if (!self->paths)
        bh__fail(BH_ERROR_MEMORY, "bh_file_dialog", "no memory for the paths that were chosen");
    self->paths = copy ? copy : self->paths;
}

/* The end of a connection, with the dialog. */
static void on_gone(void *user)
{
    ask *self = user;
    deliver(self, BH_BUTTON_CANCEL);
    unref(self);
}

static bool connect(ask *self, const char *signal, bh_callback callback)
{
    bh_connect_options options = {BH_CONNECT_INIT, .drop = on_gone};
    if (!(bh_connect)(self->dialog, signal, callback, self, &options))
        return false;
    self->refs++;
    return true;
}

/* The parent's QWidget in *QT, NULL for none. False after having reported. */
static bool check_parent(const bh_object *parent, bhs_object **qt, const char *call)
{
    *qt = NULL;
    if (bh__refuse_off_gui(call))
        return false;
    bh__object *self = parent ? bh__check_class(parent, "QWidget", call, "parent") : NULL;
    *qt = self ? self->qt : NULL;
    return self || !parent;
}

/* A dialog of CLASS_NAME, connected and ready to be opened; NULL, reported, on failure. FROM is copied. */
static ask *create(const char *class_name, bhs_object *parent, const char *title, const ask *from, const char *call)
{
    ask *self = bh__malloc(sizeof *self);
    if (!self) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory");
        return NULL;
    }
    *self = *from;
    self->refs = 1;
    self->done = true; /* not before it is certain that there is a dialog */
    self->dialog = bh__make(class_name, parent, "windowTitle", title, call);
    bool ready = self->dialog && connect(self, "finished", BH_CALLBACK(on_finished, int)) &&
                 (!self->chosen || connect(self, "filesSelected", BH_CALLBACK(on_files, const char *const *)));
    if (ready)
        return self;
    (bh_destroy)(self->dialog);
    unref(self);
    return NULL;
}

/* Opens it, if its preparation went well. */
static bh_object *open_dialog(ask *self, bh_status prepared)
{
    bh_object *dialog = self->dialog;
    self->done = false;
    if (prepared != BH_OK || (bh_call_values)(dialog, "open", NULL, 0, NULL) != BH_OK) {
        self->done = true;
        (bh_destroy)(dialog);
        dialog = NULL;
    }
    unref(self);
    return dialog;
}

static bool check_buttons(int buttons, const char *call)
{
    if (buttons & ~KNOWN_BUTTONS)
        bh__fail(BH_ERROR_RANGE, call, "buttons 0x%x has an unknown one (0x%x): add up BH_BUTTON_…", (unsigned)buttons,
                 (unsigned)(buttons & ~KNOWN_BUTTONS));
    else if (!buttons)
        bh__fail(BH_ERROR_RANGE, call, "buttons is 0: a message box needs a button, such as BH_BUTTON_OK");
    else
        return true;
    return false;
}

/* In plain text: what stands in angle brackets is not to vanish. */
static bh_status prepare_box(bh_object *box, bh_message_icon icon, const char *text, int buttons)
{
    static const int icons[] = {1, 4, 2, 3}; /* QMessageBox::Icon */
    bh_status status = (bh_set_int)(box, "icon", icons[icon]);
    if (status == BH_OK)
        status = (bh_set_int)(box, "textFormat", PLAIN_TEXT);
    if (status == BH_OK)
        status = (bh_set_string)(box, "text", text);
    return status == BH_OK ? (bh_set_int)(box, "standardButtons", buttons) : status;
}

bh_object *(bh_message_box)(bh_object *parent, bh_message_icon icon, const char *title, const char *text, int buttons,
                            void (*answered)(void *user, int button), void *user)
{
    static const char call[] = "bh_message_box";
    bhs_object *on;
    if (!check_parent(parent, &on, call) ||
        !bh__check_number((int)icon, BH_MESSAGE_INFORMATION, BH_MESSAGE_ERROR, call, "icon") ||
        !bh__check_text(title, call, "title") || !bh__check_text(text, call, "text") || !check_buttons(buttons, call))
        return NULL;
    ask asked = {.answered = answered, .user = user, .buttons = buttons};
    ask *self = create("QMessageBox", on, title, &asked, call);
    return self ? open_dialog(self, prepare_box(self->dialog, icon, text, buttons)) : NULL;
}

bh_status(bh_message_box_set_button_text)(bh_object *box, int button, const char *text)
{
    static const char call[] = "bh_message_box_set_button_text";
    const bh__object *self = bh__check_class(box, "QMessageBox", call, "box");
    if (!self || !bh__check_text(text, call, "text"))
        return bh__last_status();
    bhs_object *found = bhs_message_box_button(self->qt, button);
    if (!found)
        return bh__fail(BH_ERROR_NAME, call, "the message box has no button 0x%x: pass one of those that it was made with",
                        (unsigned)button);
    bh_object *handle = bh__wrap(found, false, call);
    if (!handle || (bh_set_string)(handle, "text", text))
        return bh__last_status();
    return (bh_set_string)(handle, "icon", ""); /* it illustrates the text that was */
}

/* A test without a screen has no native dialogs. */
static bool is_offscreen(void)
{
    char *platform = NULL;
    (bh_get_string)(bh_app(), "platformName", &platform);
    bool is = platform && strcmp(platform, "offscreen") == 0;
    bh__free(platform);
    return is;
}

static bh_status prepare_files(bh_object *dialog, bh_file_mode mode, const char *folder, const char *filter, const char *call)
{
    static const int modes[] = {[BH_FILE_OPEN] = 1, [BH_FILE_OPEN_MANY] = 3, [BH_FILE_SAVE] = 0, [BH_FILE_FOLDER] = 2};
    int options = (mode == BH_FILE_FOLDER ? SHOW_FOLDERS_ONLY : 0) | (is_offscreen() ? NOT_NATIVE : 0);
    bh__object *self = bh__payload_of(dialog, BH__OBJECT);
    bh_status status = (bh_set_int)(dialog, "options", options);
    if (status == BH_OK)
        status = (bh_set_int)(dialog, "fileMode", modes[mode]);
    if (status == BH_OK)
        status = (bh_set_int)(dialog, "acceptMode", mode == BH_FILE_SAVE);
    return status == BH_OK ? bh__done(bhs_file_dialog_start(self->qt, folder, filter), call) : status;
}

bh_object *(bh_file_dialog)(bh_object *parent, bh_file_mode mode, const char *title, const char *folder, const char *filter,
                            void (*chosen)(void *user, const char *const *paths), void *user)
{
    static const char call[] = "bh_file_dialog";
    bhs_object *on;
    if (!check_parent(parent, &on, call) || !bh__check_number((int)mode, BH_FILE_OPEN, BH_FILE_FOLDER, call, "mode") ||
        !bh__check_text(title, call, "title"))
        return NULL;
    if (!chosen) {
        bh__fail(BH_ERROR_NULL, call, "chosen is NULL: pass the function that gets the paths");
        return NULL;
    }
    ask asked = {.chosen = chosen, .user = user};
    ask *self = create("QFileDialog", on, title, &asked, call);
    return self ? open_dialog(self, prepare_files(self->dialog, mode, folder, filter, call)) : NULL;
}
