/* A chart that grows: two curves of a training that goes on, a point of each every few milliseconds. With a FILE as its argument it shows
 * the finished curves and saves a picture of the window: example_chart chart.png [dark]. */
#include <bulkhead/bulkhead.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 400, EVERY_MS = 20 };

typedef struct training {
    bh_object *chart;
    bh_timer *timer;
    int train, validation, round;
} training;

static double noise(void)
{
    return rand() / (double)RAND_MAX - 0.5;
}

static void next_round(void *user)
{
    training *my = user;
    double round = my->round++, fit = 0.64 * 40 / (40 + round) + 0.02;
    double train = fit + 0.006 * noise(), validation = fit + 0.05 + 0.00016 * round + 0.012 * noise();
    bh_chart_append(my->chart, my->train, &round, &train, 1);
    bh_chart_append(my->chart, my->validation, &round, &validation, 1);
    if (my->round < ROUNDS)
        return;
    bh_timer_stop(my->timer);
    my->timer = NULL;
}

static bh_object *make_window(training *my)
{
    bh_object *window = bh_create("QMainWindow", NULL);
    my->chart = bh_chart_create(window);
    bh_chart_set_titles(my->chart, "Round", "Log loss");
    bh_chart_add_series(my->chart, "Training", &my->train);
    bh_chart_add_series(my->chart, "Validation", &my->validation);
    bh_main_window_set_central_widget(window, my->chart);
    bh_set_string(window, "windowTitle", "A training");
    bh_set_size(window, "size", BH_SIZE(760, 440));
    return window;
}

int main(int argc, char **argv)
{
    static training my;
    if (!bh_app_create(argc, argv))
        return 1;
    if (argc > 2 && strcmp(argv[2], "dark") == 0)
        bh_app_set_color_scheme(BH_COLORS_DARK);
    bh_object *window = make_window(&my);
    bh_call(window, "show");
    if (argc > 1) {
        while (my.round < ROUNDS)
            next_round(&my);
        bh_chart_set_cursor(my.chart, 300);
        return bh_save_picture(window, argv[1]) ? 1 : 0;
    }
    my.timer = bh_timer_start(EVERY_MS, BH_TIMER_COARSE, my.chart, next_round, &my);
    return bh_app_exec();
}
