/* What a start-up shows. */
#include "lifecycle/startup_show.h"

#include "core/door.h"

#include <bulkhead/object.h>
#include <bulkhead/property.h>
#include <bulkhead/window.h>
#include <stdio.h>

enum { PLAIN_TEXT = 0, RETRY = BH_BUTTON_RETRY, WITHOUT = BH_BUTTON_DISCARD, QUIT = BH_BUTTON_CLOSE };

void bh__startup_show_stage(const char *name, int percent)
{
    char line[256] = "";
    bh__append_text(line, sizeof line, "%.240s…", name);
    (bh_splash_set_progress)(percent);
    (bh_splash_message)(line);
}

/* Why it failed, and what each button does. Plain text: what stands in angle brackets is not to vanish. */
static void explain(bh_object *box, const bh_startup_failure *failure)
{
    char text[1536];
    bh_object **labels = NULL;
    snprintf(text, sizeof text, "%s\n\n%s", failure->sentence,
             failure->optional ? "The steps before it have been undone. The program can also start without this one."
                               : "The steps before it have been undone.");
    (bh_set_string)(box, "informativeText", text);
    if ((bh_find_all)(box, "qt_msgbox_informativelabel", "QLabel", &labels, NULL) == BH_OK && labels[0])
        (bh_set_int)(labels[0], "textFormat", PLAIN_TEXT);
    bh_free(labels);
}

bh_object *bh__startup_ask(const bh_startup_failure *failure, void (*answered)(void *user, int button), void *user)
{
    char heading[256];
    int buttons = RETRY | QUIT | (failure->optional ? WITHOUT : 0);
    snprintf(heading, sizeof heading, failure->optional ? "“%.160s” failed." : "The program could not start: “%.160s” failed.",
             failure->stage);
    bh_object *box = (bh_message_box)(NULL, BH_MESSAGE_ERROR, "Start", heading, buttons, answered, user);
    if (!box)
        return NULL;
    explain(box, failure);
    (bh_message_box_set_button_text)(box, RETRY, "&Retry");
    (bh_message_box_set_button_text)(box, QUIT, "&Quit");
    if (failure->optional)
        (bh_message_box_set_button_text)(box, WITHOUT, "Continue &Without");
    return box;
}

bh_startup_decision bh__startup_decision_of(int button)
{
    return button == RETRY ? BH_STARTUP_RETRY : button == WITHOUT ? BH_STARTUP_CONTINUE_WITHOUT : BH_STARTUP_QUIT;
}
