/* Fetches: what a person can ask for. */
#include "project/inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

typedef struct new_fetches {
    size_t count;
    store_fetch rows[];
} new_fetches;

enum { NAME_SIZE = 200 };

/* --- names */

/* The last part of the address without query, as a file can be called: never empty, no slash, not hidden. */
static void name_of_url(const char *url, char out[NAME_SIZE])
{
    size_t used = 0;
    const char *end = url + strcspn(url, "?#"), *begin = end;
    while (begin > url && begin[-1] != '/')
        begin--;
    for (; begin < end && used + 1 < NAME_SIZE; begin++) {
        unsigned high, low, c = (unsigned char)*begin;
        if (c == '%' && sscanf(begin + 1, "%1x%1x", &high, &low) == 2 && high < 8) {
            c = high * 16 + low;
            begin += 2;
        }
        out[used] = (char)(c < ' ' || c == '/' || c == 127 || (c == '.' && used == 0) ? '_' : c);
        used++;
    }
    out[used] = 0;
    if (used == 0)
        memcpy(out, "file", sizeof "file");
}

static bool is_taken(project *self, const char *name, const store_fetch *known, size_t count)
{
    char path[PROJECT_PATH];
    for (size_t i = 0; i < count; i++)
        if (strcmp(known[i].name, name) == 0)
            return true;
    snprintf(path, sizeof path, "%.3000s/data/%.900s", self->folder, name);
    return access(path, F_OK) == 0;
}

/* "iris.csv", "iris-2.csv"… The end stays what it is, as it says what is in the file. */
static char *free_name(project *self, const char *wanted, const store_fetch *old, size_t old_count, const store_fetch *fresh,
                       size_t fresh_count)
{
    char name[NAME_SIZE + 16];
    const char *dot = strchr(wanted, '.');
    int stem = dot ? (int)(dot - wanted) : (int)strlen(wanted);
    snprintf(name, sizeof name, "%s", wanted);
    for (int i = 2; is_taken(self, name, old, old_count) || is_taken(self, name, fresh, fresh_count); i++)
        snprintf(name, sizeof name, "%.*s-%d%s", stem, wanted, i, wanted + stem);
    return strdup(name);
}

/* --- adding */

static void drop_fetches(request *asked)
{
    new_fetches *it = asked->data;
    for (size_t i = 0; i < it->count; i++) {
        free((char *)it->rows[i].url);
        free((char *)it->rows[i].name);
        free((char *)it->rows[i].expected_hash);
        free((char *)it->rows[i].manifest);
    }
    free(it);
}

static bh_status add_named(request *asked, const store_fetch *known, size_t known_count)
{
    new_fetches *it = asked->data;
    store *s = asked->of->store;
    bh_status status = store_begin(s);
    for (size_t i = 0; !status && i < it->count; i++) {
        char *name = free_name(asked->of, it->rows[i].name, known, known_count, it->rows, i);
        free((char *)it->rows[i].name);
        it->rows[i].name = name;
        status = name ? store_add_fetch(s, &it->rows[i], NULL) : BH_ERROR_MEMORY;
    }
    if (!status)
        return store_commit(s);
    snprintf(asked->sentence, sizeof asked->sentence, "%s", bh_last_error());
    store_rollback(s);
    keeper_log(asked->of, BH_LOG_ERROR, 0, 0, "the fetches cannot be added: %s", asked->sentence);
    return status;
}

static bh_status add_all(request *asked)
{
    size_t count;
    store_fetch *known;
    bh_status status = store_list_fetches(asked->of->store, &known, &count);
    if (!status)
        status = add_named(asked, known, count);
    store_free(known);
    return status;
}

static bool is_address(const char *url)
{
    static const char *const schemes[] = {"http://", "https://", "file:/"};
    for (size_t i = 0; url && i < sizeof schemes / sizeof *schemes; i++)
        if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
            return true;
    return false;
}

static bh_status take_fetch(const project_fetch_item *from, store_fetch *to)
{
    char name[NAME_SIZE];
    static const char call[] = "project_add_fetches";
    if (!is_address(from->url))
        return bh_report(BH_ERROR_FORMAT, call, "'%.200s' is no address that begins with http://, https:// or file:/",
                         from->url ? from->url : "");
    bool named =
        from->name && from->name[0] && from->name[0] != '.' && !strchr(from->name, '/') && strlen(from->name) < NAME_SIZE;
    if (!named)
        name_of_url(from->url, name);
    to->bytes_total = from->bytes;
    to->url = strdup(from->url);
    to->name = strdup(named ? from->name : name);
    to->expected_hash = strdup(from->hash ? from->hash : "");
    to->manifest = strdup(from->manifest ? from->manifest : "");
    return to->url && to->name && to->expected_hash && to->manifest ? BH_OK : bh_report(BH_ERROR_MEMORY, call, "no memory");
}

bh_status project_add_fetches(project *self, const project_fetch_item *items, size_t count)
{
    bh_status status = project_check(self, "project_add_fetches");
    if (status)
        return status;
    if (!items || count == 0)
        return bh_report(BH_ERROR_NULL, "project_add_fetches", "items is NULL, or there is none");
    new_fetches *it = calloc(1, sizeof *it + count * sizeof *it->rows);
    if (!it)
        return bh_report(BH_ERROR_MEMORY, "project_add_fetches", "no memory for %zu addresses", count);
    request asked = {.work = add_all, .drop = drop_fetches, .data = it};
    for (size_t i = 0; !status && i < count; i++) {
        it->count++;
        status = take_fetch(&items[i], &it->rows[i]);
    }
    if (!status)
        status = keeper_ask(self, &asked);
    if (status)
        drop_fetches(&asked);
    return status;
}

/* --- going on, changing, removing */

static const store_fetch *find_row(project *self, int64_t id, const char *call, bh_status *status)
{
    *status = project_check(self, call);
    const store_fetch *row = *status ? NULL : project_fetch(self, id);
    if (!*status && !row)
        *status = bh_report(BH_ERROR_NAME, call, "there is no fetch %lld", (long long)id);
    if (*status || !project_job_of(self, STORE_FETCHES, id))
        return row;
    *status = bh_report(BH_ERROR_STATE, call, "fetch %lld runs, or waits: stop it first", (long long)id);
    return NULL;
}

static bh_status requeue(request *asked)
{
    return store_requeue_fetch(asked->of->store, asked->id);
}

static bh_status again(project *self, const store_fetch *row)
{
    if (row->state != STORE_FETCH_QUEUED)
        return ask_about(self, requeue, row->id, NULL, NULL);
    jobs_notice(self, STORE_FETCHES, row->id);
    jobs_schedule(self);
    return BH_OK;
}

bh_status project_retry_fetch(project *self, int64_t id)
{
    bh_status status;
    const store_fetch *row = find_row(self, id, "project_retry_fetch", &status);
    if (!row)
        return status;
    if (row->state == STORE_FETCH_DONE)
        return bh_report(BH_ERROR_STATE, "project_retry_fetch", "fetch %lld is done", (long long)id);
    return again(self, row);
}

bh_status fetches_resume_all(project *self)
{
    bh_status status = BH_OK;
    const row_list *fetches = &self->lists[STORE_FETCHES];
    for (size_t i = 0; !status && i < fetches->count; i++) {
        const store_fetch *row = fetches->rows[i];
        if ((row->state == STORE_FETCH_INTERRUPTED || row->state == STORE_FETCH_QUEUED) &&
            !project_job_of(self, STORE_FETCHES, row->id))
            status = again(self, row);
    }
    return status;
}

static bh_status set_url(request *asked)
{
    const texts *it = asked->data;
    bh_status status = store_set_fetch_url(asked->of->store, asked->id, it->a);
    return status ? status : store_requeue_fetch(asked->of->store, asked->id);
}

bh_status project_set_fetch_url(project *self, int64_t id, const char *url)
{
    bh_status status;
    const store_fetch *row = find_row(self, id, "project_set_fetch_url", &status);
    if (!row)
        return status;
    if (!is_address(url))
        return bh_report(BH_ERROR_FORMAT, "project_set_fetch_url",
                         "'%.200s' is no address that begins with http://, https:// or file:/", url ? url : "");
    if (row->state == STORE_FETCH_DONE)
        return bh_report(BH_ERROR_STATE, "project_set_fetch_url", "fetch %lld is done", (long long)id);
    return ask_about(self, set_url, id, url, NULL);
}

/* What is on the disk of one that did not come to its end goes too: nobody would know what it is. */
static bh_status remove_one(request *asked)
{
    char path[PROJECT_PATH];
    const texts *it = asked->data;
    static const char *const ends[] = {".part", ".part.journal"};
    bh_status status = store_remove_fetch(asked->of->store, asked->id);
    for (int i = 0; !status && i < 2; i++) {
        snprintf(path, sizeof path, "%.3000s/data/%.900s%s", asked->of->folder, it->a, ends[i]);
        unlink(path);
    }
    return status;
}

bh_status project_remove_fetch(project *self, int64_t id)
{
    bh_status status;
    const store_fetch *row = find_row(self, id, "project_remove_fetch", &status);
    return row ? ask_about(self, remove_one, id, row->name, NULL) : status;
}
