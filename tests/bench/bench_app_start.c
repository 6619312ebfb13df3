/* For bench_app.sh: the program, staged start and splash screen and all, which ends at the first paint of its main window. What sees the
 * paint is a small child on top of all others, which is painted last. */
#include "bench.h"

#include "program.h"

#include <bulkhead/bulkhead.h>

static void painted(bh_object *self, void *user, bh_painter *painter, bh_size size)
{
    (void)self, (void)user, (void)painter, (void)size;
    _Exit(0);
}

static const bh_class last = {BH_CLASS_INIT, .name = "Last", .base = "QWidget", .paint = painted};

static void shown(bh_object *window)
{
    bh_object *child = bh_create_instance(&last, window, NULL);
    bh_set_rect(child, "geometry", (bh_rect){0, 0, 2, 2});
    bh_call(child, "raise");
    bh_call(child, "show");
}

int main(int argc, char **argv)
{
    const program_face face = {program_usual_face.create, shown, NULL};
    bh_main_guard(argc, argv, NULL);
    bench_require(face.create != NULL, "the program has a window");
    return program_run(argc, argv, &face) + 1;
}
