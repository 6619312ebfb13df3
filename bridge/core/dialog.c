/* Message boxes and file dialogs that open and return. The answer is given from the event loop, once, so that a callback may
 * destroy the dialog or the window behind it; also where the dialog goes without having been answered. */
#include <bulkhead/window.h>

#include "base/memory.h"
#include "base/status.h"
#include "core/guard.h"
#include "core/widget.h"
#include "shim/widgets.h"

enum {
    KNOWN_BUTTONS = BH_BUTTON_OK | BH_BUTTON_SAVE | BH_BUTTON_YES | BH_BUTTON_NO | BH_BUTTON_ABORT | BH_BUTTON_RETRY |
                    BH_BUTTON_CLOSE | BH_BUTTON_CANCEL | BH_BUTTON_DISCARD,
    ACCEPTED = 1 /* QDialog::Accepted */
};

/* What was asked, and the answer. */
typedef struct ask {
    bhs_later later; /* first: the shim's pointer is ours */
    int refs;        /* the dialog, and the delivery that is under way */
    bool done;       /* answered, or nobody wants to know */
    bool is_file;
    int buttons, answer;
    bh_value paths;
    void (*answered)(void *user, int button);
    void (*chosen)(void *user, const char *const *paths);
    void *user;
} ask;

static void unref(ask *self)
{
    if (--self->refs)
        return;
    bhs_release(&self->paths);
    bh__free(self);
}

static void call_user(void *frame)
{
    static const char *const none[] = {NULL};
    const ask *self = frame;
    if (self->is_file)
        self->chosen(self->user, self->paths.type == BH_TYPE_STRINGS ? self->paths.of.as_strings : none);
    else
        self->answered(self->user, self->answer);
}

static void run_answer(bhs_later *later)
{
    ask *self = (ask *)later;
    self->refs++; /* the callback may destroy the application */
    bh__run_handler(call_user, self, self->is_file ? "choice of a file dialog" : "answer of a message box", NULL);
    unref(self);
}

static void drop_answer(bhs_later *later)
{
    unref((ask *)later);
}

static void deliver(ask *self)
{
    self->done = true;
    self->refs++;
    if (bh__done(bhs_later_start(&self->later, 0), self->is_file ? "bh_file_dialog" : "bh_message_box") != BH_OK)
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

void bh__on_dialog_finished(void *payload, bhs_object *dialog, int result)
{
    ask *self = payload;
    if (self->done)
        return;
    self->answer = (result & self->buttons) == result && result ? result : escape_button(self->buttons);
    if (self->is_file && result == ACCEPTED && !bhs_file_dialog_paths(dialog, &self->paths))
        bh__fail(BH_ERROR_MEMORY, "bh_file_dialog", "no memory for the paths that were chosen");
    deliver(self);
}

void bh__on_dialog_gone(void *payload)
{
    ask *self = payload;
    if (!self->done) {
        self->answer = BH_BUTTON_CANCEL;
        deliver(self);
    }
    unref(self);
}

static ask *ask_create(bool wanted, void *user, const char *call)
{
    ask *self = bh__calloc(1, sizeof *self);
    if (!self) {
        bh__fail(BH_ERROR_MEMORY, call, "no memory");
        return NULL;
    }
    *self = (ask){.later = {run_answer, drop_answer}, .refs = 1, .done = !wanted, .user = user};
    return self;
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

/* Shows DIALOG, whose preparation ended with STATUS; a failure destroys it and takes nothing. */
static bh_object *open_dialog(bhs_object *dialog, bh_object *handle, ask *asked, bh_status status, const char *call)
{
    if (status == BH_OK)
        status = bhs_dialog_open(dialog);
    if (bh__done(status, call) == BH_OK)
        return handle;
    asked->done = true;
    bhs_delete(dialog);
    return NULL;
}

/* The handle of a new dialog; without memory the dialog and its ask are gone. */
static bh_object *adopt(bhs_object *dialog, ask *asked, const char *call)
{
    bool wanted = !asked->done;
    asked->done = true;
    asked->refs++;
    bh_object *handle = bh__adopt(dialog, call);
    asked->done = handle ? !wanted : true;
    if (!dialog)
        unref(asked);
    unref(asked);
    return handle;
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

bh_object *(bh_message_box)(bh_object *parent, bh_message_icon icon, const char *title, const char *text, int buttons,
                            void (*answered)(void *user, int button), void *user)
{
    static const char call[] = "bh_message_box";
    bhs_object *on;
    if (!check_parent(parent, &on, call) ||
        !bh__check_number((int)icon, BH_MESSAGE_INFORMATION, BH_MESSAGE_ERROR, call, "icon") ||
        !bh__check_text(title, call, "title") || !bh__check_text(text, call, "text") || !check_buttons(buttons, call))
        return NULL;
    ask *asked = ask_create(answered != NULL, user, call);
    if (!asked)
        return NULL;
    asked->answered = answered;
    asked->buttons = buttons;
    bhs_object *box = bhs_message_box_create(on, asked);
    bh_object *handle = adopt(box, asked, call);
    if (!handle)
        return NULL;
    return open_dialog(box, handle, asked, bhs_message_box_prepare(box, (int)icon, title, text, buttons), call);
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
    ask *asked = ask_create(true, user, call);
    if (!asked)
        return NULL;
    asked->chosen = chosen;
    asked->is_file = true;
    bhs_object *dialog = bhs_file_dialog_create(on, asked);
    bh_object *handle = adopt(dialog, asked, call);
    if (!handle)
        return NULL;
    return open_dialog(dialog, handle, asked, bhs_file_dialog_prepare(dialog, (int)mode, title, folder, filter), call);
}
