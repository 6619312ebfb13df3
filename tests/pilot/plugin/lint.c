/* What keeps people and tests from finding their way: no name, the name of another, nothing for a screen reader, no key. */
#include "match.h"

#include <string.h>

static void complain(void *widget, const char *what, buffer *out)
{
    unique_selector(widget, out);
    buffer_format(out, ": %s\n", what);
}

/* Whether an interactive widget before this one, in the same window, has its name */
static bool name_is_taken(void *const *all, size_t before, void *widget, const char *name)
{
    for (size_t i = 0; i < before; i++)
        if (look_interactive(all[i]) && look_window(all[i]) == look_window(widget) && look_has_name(all[i], name))
            return true;
    return false;
}

static void lint_one(void *const *all, size_t at, buffer *out)
{
    buffer name = {0}, accessible = {0};
    void *widget = all[at];
    look_name(widget, &name);
    look_accessible(widget, &accessible);
    bool taken = name.length && name_is_taken(all, at, widget, name.bytes);
    bool mnemonic = look_has_mnemonic(widget);
    if (!name.length)
        complain(widget, "has no objectName", out);
    if (taken)
        complain(widget, "has the objectName of another", out);
    if (!accessible.length)
        complain(widget, "has no accessible name, and no label is its buddy", out);
    if (!mnemonic)
        complain(widget, "has no mnemonic", out);
    buffer_free(&name);
    buffer_free(&accessible);
}

void lint_text(buffer *out)
{
    enum { MOST = 4000 };
    static void *copy[MOST]; /* making a selector asks for all widgets again */
    void *const *all;
    size_t count = look_widgets(&all);
    count = count < MOST ? count : MOST;
    memcpy(copy, all, count * sizeof *copy);
    for (size_t i = 0; i < count; i++)
        if (look_interactive(copy[i]) && look_visible(copy[i]))
            lint_one(copy, i, out);
}
