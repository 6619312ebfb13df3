/* The demo's steps. */
#include "demo/demo.h"

#include "jobs/manifest/manifest.h"
#include "project/places.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 4096, MOST_FILES = 16 };

typedef enum demo_step { STEP_SERVE, STEP_LIST, STEP_FETCH, STEP_LOOK, STEP_TRAIN, STEP_COMPARE, STEP_OVER } demo_step;

struct demo {
    project *of;
    demo_step step;
    bool reading, gone; /* the list; destroyed, but for what is read still to come */
    char folder[PATH_SIZE], url[64];
    bh_process_pool *pool;
    bh_future *server;
    void (*failed)(void *user, const char *sentence);
    void *user;
};

static const struct {
    const char *file, *target;
} data[] = {{"iris.csv", "species"}, {"wine.csv", "cultivar"}, {"breast-cancer.csv", "diagnosis"}};

enum { DATA_COUNT = sizeof data / sizeof *data };

static void fail(demo *self, const char *sentence)
{
    self->step = STEP_OVER;
    self->failed(self->user, sentence);
}

/* --- the server */

static void on_server_ended(bh_future *server, void *user)
{
    demo *self = user;
    bh_process_failure failure;
    if (bh_future_failure(server, &failure) == BH_OK && failure.kind != BH_FAILURE_CANCELLED && self->step < STEP_LOOK)
        fail(self, failure.text);
}

static void read_list(demo *self);

/* The first that it says of itself is where it is. */
static void on_server(bh_future *server, void *user)
{
    demo *self = user;
    bh_message_view said;
    bh_message *message = bh_message_create();
    if (self->step == STEP_SERVE && bh_future_progress(server, message) == BH_OK &&
        bh_message_complete(message, &said) == BH_OK) {
        snprintf(self->url, sizeof self->url, "%s", bh_message_get_string(said, "url", ""));
        read_list(self);
    }
    bh_message_destroy(message);
}

static bool serve(demo *self)
{
    const bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .name = "demo", .workers = 1, .spares = -1,
                                             .program = project_worker(self->of)};
    bh_message *arguments = bh_message_create();
    bh_message_add_string(arguments, "folder", self->folder);
    self->pool = bh_process_pool_create(&options);
    if (self->pool)
        self->server = bh_process_pool_submit(self->pool, "serve", arguments, NULL);
    bh_message_destroy(arguments);
    return self->server && bh_future_when_progress(self->server, NULL, on_server, self, NULL) == BH_OK &&
           bh_future_when_done(self->server, NULL, on_server_ended, self, NULL) == BH_OK;
}

/* --- fetching */

/* What a demo that was cut off has left: its server had another port. */
static void go_on_fetching(demo *self)
{
    char url[400];
    size_t count;
    const store_fetch *const *fetches = project_fetches(self->of, &count);
    for (size_t i = 0; i < count; i++) {
        if (fetches[i]->state == STORE_FETCH_DONE || project_job_of(self->of, STORE_FETCHES, fetches[i]->id))
            continue;
        snprintf(url, sizeof url, "%s%s", self->url, fetches[i]->name);
        project_set_fetch_url(self->of, fetches[i]->id, url);
    }
}

static void fetch(demo *self, const manifest *list)
{
    char urls[MOST_FILES][400], from[128];
    project_fetch_item items[MOST_FILES];
    size_t count = 0;
    snprintf(from, sizeof from, "%sSHA256SUMS", self->url);
    for (size_t i = 0; i < list->count && count < MOST_FILES; i++, count++) {
        snprintf(urls[i], sizeof urls[i], "%s%s", self->url, list->items[i].name);
        items[i] = (project_fetch_item){urls[i], list->items[i].name, list->items[i].hash, from, list->items[i].bytes};
    }
    if (project_add_fetches(self->of, items, count))
        fail(self, bh_last_error());
}

static void on_list(void *user, const manifest *list)
{
    demo *self = user;
    size_t known;
    self->reading = false;
    if (self->gone) {
        free(self);
        return;
    }
    if (self->step != STEP_LIST)
        return;
    project_fetches(self->of, &known);
    self->step = STEP_FETCH;
    if (list->count == 0)
        fail(self, list->mistake_count ? list->mistakes[0] : "the list of the demo's files is empty");
    else if (known == 0)
        fetch(self, list);
    else
        go_on_fetching(self);
    if (self->step != STEP_FETCH)
        return;
    project_resume_all(self->of);
    project_set_setting(self->of, "demo", "true"); /* if nothing else is to be done, idle() comes after this */
}

static void read_list(demo *self)
{
    char path[PATH_SIZE + 16];
    self->step = STEP_LIST;
    snprintf(path, sizeof path, "%s/SHA256SUMS", self->folder);
    self->reading = true;
    if (project_read_list(self->of, path, NULL, on_list, self)) {
        self->reading = false;
        fail(self, bh_last_error());
    }
}

/* --- looking */

static const char *target_of(const char *file)
{
    const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
    for (size_t i = 0; i < DATA_COUNT; i++)
        if (strcmp(data[i].file, base) == 0)
            return data[i].target;
    return NULL;
}

/* Says what is to be predicted. One that died while it was looked at is looked at again: it is known to be harmless. */
static bool look(demo *self)
{
    size_t count, begun = 0;
    const store_data_set *const *sets = project_data_sets(self->of, &count);
    for (size_t i = 0; i < count; i++) {
        char options[128];
        const char *target = target_of(sets[i]->file);
        snprintf(options, sizeof options, "{\"target\":\"%s\"}", target ? target : "");
        if (sets[i]->suspect[0])
            begun += project_inspect(self->of, sets[i]->id) == BH_OK;
        else if (target && !strstr(sets[i]->options, "\"target\""))
            begun += project_set_data_options(self->of, sets[i]->id, options) == BH_OK;
    }
    return begun > 0;
}

/* --- training */

static bool is_trained_on(const demo *self, int64_t set)
{
    size_t count;
    const store_run *const *runs = project_runs(self->of, &count);
    for (size_t i = 0; i < count; i++)
        if (runs[i]->data_set == set)
            return true;
    return false;
}

static bool add_grid(demo *self, const store_data_set *set)
{
    static const int depths[] = {2, 4};
    static const char *const etas[] = {"0.05", "0.3"};
    char names[4][128], parameters[4][256];
    store_run runs[4];
    const char *dot = strchr(set->name, '.');
    for (int i = 0; i < 4; i++) {
        snprintf(names[i], sizeof names[i], "%.*s: depth %d, eta %s", dot ? (int)(dot - set->name) : 60, set->name, depths[i / 2],
                 etas[i % 2]);
        snprintf(parameters[i], sizeof parameters[i],
                 "{\"rounds\":60,\"max_depth\":%d,\"eta\":%s,\"subsample\":0.8,\"validation\":0.3,\"nthread\":1}", depths[i / 2],
                 etas[i % 2]);
        runs[i] = (store_run){.name = names[i], .parameters = parameters[i], .data_set = set->id, .notes = "demo"};
    }
    return project_add_runs(self->of, runs, 4) == BH_OK;
}

static bool train(demo *self)
{
    size_t count, begun = 0;
    const store_data_set *const *sets = project_data_sets(self->of, &count);
    for (size_t i = 0; i < count; i++)
        if (target_of(sets[i]->file) && sets[i]->row_count > 0 && !is_trained_on(self, sets[i]->id))
            begun += add_grid(self, sets[i]);
    return begun > 0;
}

/* --- its life */

bool demo_advance(demo *self)
{
    if (self->step < STEP_FETCH)
        return true;
    bool begun = false;
    while (!begun && self->step < STEP_OVER) {
        self->step++;
        if (self->step == STEP_LOOK)
            begun = look(self);
        else if (self->step == STEP_TRAIN)
            begun = train(self);
    }
    return begun;
}

demo *demo_create(project *of, void (*failed)(void *user, const char *sentence), void *user)
{
    demo *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    *self = (demo){.of = of, .failed = failed, .user = user};
    if (!place_resource("demo", self->folder, sizeof self->folder))
        bh_report(BH_ERROR_NAME, "demo", "the demo's data are not installed");
    else if (serve(self))
        return self;
    demo_destroy(self);
    return NULL;
}

void demo_destroy(demo *self)
{
    enum { END_MS = 500 };
    if (!self)
        return;
    self->step = STEP_OVER;
    self->gone = true;
    if (self->server)
        bh_future_cancel(self->server);
    bh_future_destroy(self->server);
    if (self->pool && bh_process_pool_close(self->pool, END_MS) != BH_ERROR_STALE)
        bh_process_pool_destroy(self->pool);
    if (!self->reading)
        free(self);
}
