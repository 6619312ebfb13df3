/* The switch for a logarithmic axis. */
#include "window/log_scale.h"

#include "window/parts.h"

#include <math.h>

static void apply(log_scale *self)
{
    bool wanted = false, sensible = self->least > 0;
    bh_get_bool(self->box, "checked", &wanted);
    bh_set_bool(self->box, "enabled", sensible);
    bh_set_string(self->box, "toolTip",
                  sensible ? "A logarithmic scale shows what is small beside what is large (Ctrl+L)"
                           : "The chart has a value that is not above 0, which has no place on a logarithmic scale");
    if (self->chart && self->on != (wanted && sensible) && bh_chart_set_log_y(self->chart, wanted && sensible) == BH_OK)
        self->on = wanted && sensible;
}

static void on_toggled(void *user, bool on)
{
    (void)on;
    apply(user);
}

void log_scale_make(log_scale *self, bh_object *parent, const char *name)
{
    *self = (log_scale){.least = INFINITY, .box = part_widget(parent, "QCheckBox", name)};
    bh_set_string(self->box, "text", "Lo&g scale");
    bh_connect(self->box, "toggled", BH_CALLBACK(on_toggled, bool), self, NULL);
    apply(self);
}

void log_scale_set_chart(log_scale *self, bh_object *chart)
{
    self->chart = chart;
    apply(self);
}

void log_scale_set_least(log_scale *self, double least)
{
    if (least == self->least)
        return;
    self->least = least;
    apply(self);
}
