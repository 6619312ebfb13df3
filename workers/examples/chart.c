/* A chart that grows: two curves of a training that goes on, a point of each every few milliseconds. With a FILE as its argument it shows
 * the finished curves and saves a picture of the window: example_chart chart.png [dark]. Other arguments are Qt's. */
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

/* The argument that ends with END; NULL: there is none. */
static const char *find_argument(int argc, char **argv, const char *end)
{
    for (int i = 1; i < argc; i++)
        if (strlen(argv[i]) >= strlen(end) && strcmp(argv[i] + strlen(argv[i]) - strlen(end), end) == 0)
            return argv[i];
    return NULL;
}

int main(int argc, char **argv)
{
    static training my;
    const char *picture = find_argument(argc, argv, ".png");
    if (!bh_app_create(argc, argv))
        return 1;
    if (find_argument(argc, argv, "dark"))
        bh_app_set_color_scheme(BH_COLORS_DARK);
    bh_object *window = make_window(&my);
    bh_call(window, "show");
    if (picture) {
        while (my.round < ROUNDS)
            next_round(&my);
        bh_chart_set_cursor(my.chart, 300);
        return bh_save_picture(window, picture) ? 1 : 0;
    }
    my.timer = bh_timer_start(EVERY_MS, BH_TIMER_COARSE, my.chart, next_round, &my);
    return bh_app_exec();
}
