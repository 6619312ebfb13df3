/* The life of the program, moment by moment. The bridge finds this table where the library is loaded, so that all is in place once
 * bh_app_create has returned, without static initialisers. */
#include "lifecycle/life.h"

#include "core/door.h"
#include "lifecycle/exit_report.h"
#include "lifecycle/finalizer.h"
#include "lifecycle/startup.h"

static void on_creating(void)
{
    bh__exit_report_before_app();
    bh__finalizers_at_exit(); /* before what the bridge registers: handlers run backwards, and it takes the application down first */
}

static void on_created(void)
{
    bh__exit_report_app_created();
}

static void on_loop_begins(void)
{
    bh__exit_report_loop_begins();
}

static void on_loop_ended(int code)
{
    bh__exit_report_loop_ended(code);
    bh__startup_stop();
}

static void on_ending(void)
{
    bh__startup_stop();
    bh__exit_report_ending();
}

static void on_gone(void)
{
    bh__finalizers_run();
    bh__exit_report_write();
}

void bh__life_at_exit(void)
{
    bh__finalizers_run();
    bh__exit_report_write();
}

const bh__door_life bh__door_life_above = {on_creating, on_created, on_loop_begins, on_loop_ended, on_ending, on_gone};
