/* For bench_startup.sh: a staged start that is over once its splash screen has been painted: the first stage runs then. */
#include <bulkhead/bulkhead.h>
#include <stdlib.h>

static bh_status painted(bh_startup *self, void *user)
{
    (void)self, (void)user;
    _Exit(0);
}

int main(int argc, char **argv)
{
    static const bh_startup_stage stages[] = {{BH_STARTUP_STAGE_INIT, .name = "Painted", .run = painted}};
    if (!bh_app_create(argc, argv))
        return 1;
    bh_set_string(bh_app(), "applicationDisplayName", "Startup");
    bh_startup_start(&(bh_startup_options){BH_STARTUP_INIT, .stages = stages, .stage_count = 1});
    return bh_app_exec() + 1;
}
