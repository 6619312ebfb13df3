/* chart.draw_800k_ms: painting 8 series of 100,000 points each, 1,200 x 700 pixels, the whole of them shown; median of the rounds.
 * chart.append_ns: appending one point to a chart that has them.
 * chart.draw_small_ms: the same chart with 8 series of 200 points, as a training shows them. */
#include "bench.h"

#include <bulkhead/bulkhead.h>

enum { SERIES = 8, MANY = 100000, FEW = 200, ROUNDS = 31, APPENDS = 100000 };

static double next_noise(void)
{
    static uint64_t state = 1;
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (double)(state >> 40) / (1 << 24) - 0.5;
}

/* Walks at random, so that each column of pixels has something to say. */
static void fill(bh_object *chart, int *numbers, size_t count)
{
    double *y = malloc(count * sizeof *y);
    bench_require(y != NULL, "there is memory");
    for (int s = 0; s < SERIES; s++) {
        double at = s * 3;
        for (size_t i = 0; i < count; i++)
            y[i] = at += next_noise() * 0.1;
        bench_require(bh_chart_add_series(chart, "a series", &numbers[s]) == BH_OK, "a series is added");
        bench_require(bh_chart_append(chart, numbers[s], NULL, y, count) == BH_OK, "its points are taken");
    }
    free(y);
}

static double draw_ms(bh_object *chart)
{
    double times[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        double begun = bench_seconds();
        bh_call(chart, "repaint");
        times[i] = (bench_seconds() - begun) * 1000;
    }
    return bench_median(times, ROUNDS);
}

static double append_ns(bh_object *chart, int series)
{
    double begun = bench_seconds();
    for (int i = 0; i < APPENDS; i++) {
        double y = next_noise();
        bh_chart_append(chart, series, NULL, &y, 1);
    }
    return (bench_seconds() - begun) / APPENDS * 1e9;
}

int main(int argc, char **argv)
{
    int many[SERIES], few[SERIES];
    bench_require(bh_app_create(argc, argv) != NULL, "there is an application");
    bh_object *large = bh_chart_create(NULL), *small = bh_chart_create(NULL);
    fill(large, many, MANY);
    fill(small, few, FEW);
    bh_set_size(large, "size", BH_SIZE(1200, 700));
    bh_set_size(small, "size", BH_SIZE(1200, 700));
    bh_call(large, "show");
    bh_call(small, "show");
    bh_app_process_events(200);
    bench_figure("chart.draw_800k_ms", draw_ms(large), "ms");
    bench_figure("chart.draw_small_ms", draw_ms(small), "ms");
    bench_figure("chart.append_ns", append_ns(small, few[0]), "ns");
    if (argc > 1)
        bench_require(bh_save_picture(large, argv[1]) == BH_OK, "a picture is saved");
    return 0;
}
