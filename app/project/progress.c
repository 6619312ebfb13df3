/* What a job says of itself, as people see it, and as the store keeps it. */
#include "project/inner.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool set_text(job *which, const char *text)
{
    if (strncmp(which->text, text, sizeof which->text - 1) == 0)
        return false;
    snprintf(which->text, sizeof which->text, "%s", text);
    return true;
}

static bool set_fraction(job *which, double fraction)
{
    bool news = !(fabs(fraction - which->seen.fraction) < 1e-4);
    which->seen.fraction = fraction;
    return news;
}

static bool read_bytes(job *which, bh_message_view said)
{
    int64_t done = bh_message_get_int(said, "done", 0), total = bh_message_get_int(said, "total", -1);
    which->seen.eta_s = bh_message_get_double(said, "eta_s", -1);
    which->seen.done = done;
    which->seen.total = total;
    bool news = set_text(which, bh_message_get_string(said, "text", ""));
    return set_fraction(which, total > 0 ? (double)done / (double)total : -1) || news;
}

/* null is what there is none of. */
static double number(bh_message_view said, const char *key)
{
    return bh_message_get_double(said, key, NAN);
}

static bool read_training(job *which, bh_message_view said)
{
    char text[128];
    project_job *seen = &which->seen;
    if (strcmp(bh_message_get_string(said, "phase", ""), "read") == 0) {
        snprintf(text, sizeof text, "reading the data, %.0f %%", bh_message_get_double(said, "percent", 0));
        return set_text(which, text);
    }
    int64_t before = seen->round;
    seen->round = bh_message_get_int(said, "round", 0);
    seen->rounds = bh_message_get_int(said, "rounds", 0);
    seen->best_round = bh_message_get_int(said, "best_round", 0);
    seen->train = number(said, "train");
    snprintf(which->metric, sizeof which->metric, "%s", bh_message_get_string(said, "metric", ""));
    seen->valid = number(said, "valid");
    seen->eta_s = bh_message_get_double(said, "eta_s", -1);
    seen->memory = which->future ? bh_message_get_int(said, "rss", 0) : 0;
    seen->fraction = seen->rounds > 0 ? (double)seen->round / (double)seen->rounds : -1;
    double shown = isnan(seen->valid) ? seen->train : seen->valid;
    int length = snprintf(text, sizeof text, "round %lld of %lld", (long long)seen->round, (long long)seen->rounds);
    if (!isnan(shown))
        snprintf(text + length, sizeof text - (size_t)length, ", %.5g", shown);
    return set_text(which, text) || before != seen->round;
}

bool progress_read(job *which, bh_message_view said)
{
    switch (which->seen.kind) {
    case PROJECT_FETCH:
    case PROJECT_UNPACK:
        return read_bytes(which, said);
    case PROJECT_TRAIN:
        return read_training(which, said);
    default:
        which->seen.fraction = bh_message_get_double(said, "percent", -100) / 100;
        return set_text(which, bh_message_get_string(said, "text", "")) || which->seen.fraction >= 0;
    }
}

/* --- for the store */

typedef struct newest {
    int64_t first, second;
    char metrics[192];
} newest;

static bh_status write_newest(request *asked)
{
    const newest *it = asked->data;
    if (it->metrics[0])
        return store_run_round(asked->of->store, asked->id, it->first, it->second, it->metrics);
    return store_fetch_bytes(asked->of->store, asked->id, it->first, it->second);
}

static void drop_newest(request *asked)
{
    free(asked->data);
}

/* Through a message, as numbers of JSON have a point whatever the locale thinks. */
static void write_metrics(const project_job *seen, char *out, size_t size)
{
    bh_message *message = bh_message_create();
    if (!isnan(seen->train))
        bh_message_add_double(message, "train", seen->train);
    if (!isnan(seen->valid))
        bh_message_add_double(message, "valid", seen->valid);
    if (seen->metric[0])
        bh_message_add_string(message, "metric", seen->metric);
    char *json = json_of(message);
    snprintf(out, size, "%s", json ? json : "{}");
    bh_free(json);
    bh_message_destroy(message);
}

void progress_keep(job *which)
{
    const project_job *seen = &which->seen;
    if (seen->kind != PROJECT_FETCH && (seen->kind != PROJECT_TRAIN || seen->round == 0 || which->kept == seen->round))
        return;
    newest *it = calloc(1, sizeof *it);
    if (!it)
        return;
    *it = (newest){.first = seen->done, .second = seen->total};
    if (seen->kind == PROJECT_TRAIN) {
        which->kept = it->first = seen->round;
        it->second = seen->best_round > 0 ? seen->best_round : -1;
        write_metrics(seen, it->metrics, sizeof it->metrics);
    }
    const request asked = {.work = write_newest, .drop = drop_newest, .id = seen->row, .data = it};
    if (keeper_ask(which->of, &asked))
        free(it);
}

void progress_keep_last(const job *which, bh_message *last)
{
    bh_message_view said;
    char metrics[sizeof((newest *)NULL)->metrics];
    if (bh_message_complete(last, &said))
        return;
    project_job seen = {.train = number(said, "train"), .valid = number(said, "valid")};
    seen.metric = bh_message_get_string(said, "metric", "");
    seen.round = bh_message_get_int(said, "round", 0);
    if (seen.round == 0)
        return;
    write_metrics(&seen, metrics, sizeof metrics);
    store_run_round(which->of->store, which->seen.row, seen.round, bh_message_get_int(said, "best_round", -1), metrics);
}
