/* The banner above the tabs: what a death has left, and what to do about it; what has just failed and has no row of its own that could say so;
 * and that the window closes by itself. Where the note of a crash is shown, what the crash has left stands there: one death is told once. */
#include "window/inner.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 1400, PROBLEMS = 3 /* that are shown at once */, PROBLEM = 800, LEAST_WIDTH = 200 };

typedef enum banner_kind { NOTHING, INTERRUPTED, FOUND, FAILED, CLOSING } banner_kind;

struct banner {
    window *window;
    bh_object *object, *text, *resume, *dismiss;
    banner_kind kind;
    bool dismissed;
    int runs, fetches;               /* that are interrupted */
    int problems;                    /* since the last Dismiss */
    char problem[PROBLEMS][PROBLEM]; /* the newest, as they came */
};

/* --- what was interrupted */

static void count(banner *self, const char **died)
{
    size_t rows;
    const store_run *const *runs = project_runs(self->window->project, &rows);
    self->runs = self->fetches = 0;
    for (size_t i = 0; i < rows; i++) {
        if (runs[i]->state != STORE_RUN_INTERRUPTED)
            continue;
        self->runs++;
        *died = runs[i]->died;
    }
    const store_fetch *const *fetches = project_fetches(self->window->project, &rows);
    for (size_t i = 0; i < rows; i++)
        self->fetches += fetches[i]->state == STORE_FETCH_INTERRUPTED;
}

/* DIED: how, where it is known; "": it is told already. */
static size_t say_interrupted(const banner *self, const char *died, char *out, size_t size)
{
    int all = self->runs + self->fetches;
    char runs[64] = "", fetches[64] = "";
    if (all == 0)
        return 0;
    if (self->runs)
        snprintf(runs, sizeof runs, "%d training%s", self->runs, self->runs == 1 ? "" : "s");
    if (self->fetches)
        snprintf(fetches, sizeof fetches, "%d fetch%s", self->fetches, self->fetches == 1 ? "" : "es");
    int used = snprintf(out, size, "%s%s%s %s interrupted%s%s.", runs, runs[0] && fetches[0] ? " and " : "", fetches,
                        all == 1 ? "was" : "were",
                        !died     ? " when the program ended"
                        : died[0] ? ": "
                                  : "",
                        died ? died : "");
    return used > 0 && (size_t)used < size ? (size_t)used : 0;
}

static void say_suspects(int suspects, char *out, size_t size)
{
    snprintf(out, size, "%d data set%s being read when the program ended, and %s not opened by %s again.", suspects,
             suspects == 1 ? " was" : "s were", suspects == 1 ? "is" : "are", suspects == 1 ? "itself" : "themselves");
}

/* --- */

static banner_kind kind_of(banner *self, char *text, size_t size)
{
    const window *w = self->window;
    const char *died = NULL;
    int before = self->runs + self->fetches, suspects = w->found_dismissed ? 0 : w->found.suspects;
    count(self, &died);
    if (self->runs + self->fetches > before)
        self->dismissed = false;
    if (w->close_when_idle) {
        snprintf(text, size, "The window closes when all work is done.");
        return CLOSING;
    }
    if ((w->found.damaged || w->found.status) && w->found.sentence[0] && !w->found_dismissed) {
        snprintf(text, size, "%s", w->found.sentence);
        return FOUND;
    }
    if ((self->runs + self->fetches == 0 || self->dismissed) && !suspects)
        return NOTHING;
    size_t used = self->dismissed ? 0 : say_interrupted(self, crash_note_is_shown(w->crash_note) ? "" : died, text, size);
    if (suspects)
        say_suspects(suspects, text + used + (used > 0), size - used - (used > 0));
    if (suspects && used)
        text[used] = ' ';
    return INTERRUPTED;
}

static void show(banner *self, banner_kind kind, bool offers, const char *text)
{
    self->kind = kind;
    bh_set_string(self->text, "text", text);
    part_show(self->object, kind != NOTHING);
    part_show(self->resume, offers && kind != CLOSING && kind != FAILED);
    bh_set_string(self->dismiss, "text", kind == CLOSING ? "Cancel" : "Dismiss");
}

static void show_problems(banner *self)
{
    char text[PROBLEMS * PROBLEM + 100] = "";
    size_t used = 0;
    int shown = self->problems < PROBLEMS ? self->problems : PROBLEMS;
    for (int i = 0; i < shown; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", i ? "\n" : "", self->problem[i]);
    if (self->problems > shown)
        snprintf(text + used, sizeof text - used, "\n%d more before: see Event Log in the View menu", self->problems - shown);
    show(self, FAILED, false, text);
}

void banner_update(banner *self)
{
    char text[TEXT] = "";
    banner_kind left = kind_of(self, text, sizeof text);
    bool offers = self->runs + self->fetches > 0 && !self->dismissed;
    bool apart = left == CLOSING || !crash_note_is_shown(self->window->crash_note);
    crash_note_add(self->window->crash_note, apart ? "" : text, !apart && offers);
    if (self->problems && left != CLOSING)
        show_problems(self);
    else
        show(self, apart ? left : NOTHING, offers, text);
}

void banner_tell(banner *self, const char *sentence)
{
    int at = self->problems < PROBLEMS ? self->problems : PROBLEMS - 1;
    if (self->problems++ >= PROBLEMS)
        memmove(self->problem[0], self->problem[1], sizeof self->problem - sizeof self->problem[0]);
    snprintf(self->problem[at], PROBLEM, "%s", sentence);
    self->problem[at][0] = (char)toupper((unsigned char)self->problem[at][0]);
    banner_update(self);
}

void banner_resume(banner *self)
{
    if (project_resume_all(self->window->project))
        window_complain(self->window, bh_last_error());
    self->window->found_dismissed = true;
    window_refresh(self->window);
}

void banner_dismiss(banner *self)
{
    self->dismissed = self->window->found_dismissed = true;
    banner_update(self);
}

static void on_resume(void *user)
{
    banner_resume(user);
}

static void on_dismiss(void *user)
{
    banner *self = user;
    if (self->kind == CLOSING) {
        self->window->close_when_idle = false;
        banner_update(self);
    } else if (self->kind == FAILED) {
        self->problems = 0;
        banner_update(self);
    } else if (self->kind == FOUND) {
        self->window->found_dismissed = true;
        banner_update(self);
    } else {
        banner_dismiss(self);
    }
}

bh_object *banner_object(const banner *self)
{
    return self->object;
}

banner *banner_create(window *w, bh_object *parent)
{
    banner *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->window = w;
    self->object = part_widget(parent, "QFrame", "recovery-banner");
    bh_set_string(
        self->object, "styleSheet",
        "QFrame#recovery-banner { background: rgba(192, 132, 26, 40); border-bottom: 1px solid rgba(192, 132, 26, 120); }");
    bh_object *layout = part_box(self->object, "QHBoxLayout", PART_SPACING);
    bh_layout_set_margins(layout, PART_MARGIN, 6, PART_MARGIN, 6);
    self->text = part_label(self->object, "recovery-text", "");
    bh_set_bool(self->text, "wordWrap", true);
    bh_set_int(self->text, "minimumWidth", LEAST_WIDTH); /* rather than that of its longest word, which may be a path */
    self->resume = part_button(self->object, "recovery-resume", "Resume All", BH_CALLBACK(on_resume), self);
    self->dismiss = part_button(self->object, "recovery-dismiss", "Dismiss", BH_CALLBACK(on_dismiss), self);
    bh_layout_add_widget(layout, self->text, 1);
    bh_layout_add_widget(layout, self->resume, 0);
    bh_layout_add_widget(layout, self->dismiss, 0);
    part_show(self->object, false);
    return self;
}
