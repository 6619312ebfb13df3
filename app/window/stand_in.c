/* Pages and dialogs of runs, until they are there. */
#include "window/compare_page.h"
#include "window/export.h"
#include "window/new_run.h"
#include "window/parts.h"
#include "window/predict.h"
#include "window/run_page.h"

bh_object *run_page_create(project *of, bh_object *parent)
{
    (void)of;
    return part_label(parent, "run-page", "No run is chosen.");
}

void run_page_show(bh_object *page, int64_t run)
{
    (void)page;
    (void)run;
}

int64_t run_page_shown(bh_object *page)
{
    (void)page;
    return 0;
}

bh_object *compare_page_create(project *of, bh_object *parent)
{
    (void)of;
    return part_label(parent, "compare-page", "There are no runs to compare.");
}

void compare_page_select(bh_object *page, int64_t run)
{
    (void)page;
    (void)run;
}

void new_run_open(bh_object *window, project *of, int64_t data_set)
{
    (void)window;
    (void)of;
    (void)data_set;
}

void predict_open(bh_object *window, project *of, int64_t run)
{
    (void)window;
    (void)of;
    (void)run;
}

void export_runs(bh_object *window, project *of)
{
    (void)window;
    (void)of;
}

void export_curve(bh_object *window, project *of, int64_t run)
{
    (void)window;
    (void)of;
    (void)run;
}

void export_model(bh_object *window, project *of, int64_t run)
{
    (void)window;
    (void)of;
    (void)run;
}
