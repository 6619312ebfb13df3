/* What a trace keeps of a moment: the windows as a person sees them, where the target is in them, and all widgets as text. */
#include "match.h"

#include <string.h>

/* On the screen; false if it is not one, or does not show */
static bool target_of(const char *text, node *target, rect *where)
{
    const char *why;
    static matches found;
    selector *wanted = *text ? selector_parse(text, &why) : NULL;
    found.count = 0;
    found.shown = false;
    if (wanted)
        match_all(wanted, &found);
    selector_free(wanted);
    if (found.count != 1 || !found.shown)
        return false;
    *target = found.nodes[0];
    *where = look_on_screen(target->widget, node_rect(target));
    return where->width > 0 && where->height > 0;
}

/* trace SELECTOR: the message is "new" or, if the picture is the last one's again, "same"; and then where the target is in it */
static outcome trace(request *self)
{
    node target;
    rect where, area;
    bool there = target_of(wire_text(self->fields, 2), &target, &where);
    session_trace();
    tree_text(NULL, &self->tree);
    if (!scene_paint(there ? look_window(target.widget) : NULL, &area)) {
        buffer_text(&self->value, "none");
        return OUTCOME_DONE;
    }
    bool fresh = scene_is_new();
    if (fresh)
        scene_picture(&self->picture);
    buffer_text(&self->value, fresh ? "new" : "same");
    if (there)
        buffer_format(&self->value, " %d %d %d %d", where.x - area.x, where.y - area.y, where.width, where.height);
    return OUTCOME_DONE;
}

verb trace_verb(const char *name)
{
    return strcmp(name, "trace") == 0 ? trace : NULL;
}
