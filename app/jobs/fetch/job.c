/* The job "fetch": one file from an HTTP, HTTPS or file: address, with parallel ranges, gone on with after any death, and checked.
 *
 * Arguments: "url" · "output", the file's path · "hash", "sha256:…", "sha1:…" (of the file, or git's of a blob), "md5:…", "sha512:…", or the name
 * alone: computed and not compared · "connections" [4], at most 16 · "retries" [5] in a row without a byte · "max_bytes_per_s" [0: without
 * limit] · "stall_s" [30]: a connection that gives nothing for so long is cut · "overwrite" [false].
 * Progress: "done", "total" (not if it is not known), "bytes_per_s", "eta_s" (not if it is not known), "connections", "text".
 * Result: "file", "url" (after redirects), "bytes", "hash", "hash_matched" ("sha256", "git-blob sha1"…), "etag", "modified", "fetched" and
 * "resumed" (bytes), "requests", "retries", "existing" (it was there already, with this checksum), "seconds". */
#include "jobs/fetch/fetch.h"

#include "monotonic.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

BH_API bh_status job_fetch(bh_job *self, bh_message_view arguments, bh_message *result);

/* --- arguments */

static bool is_url(const char *url)
{
    static const char *const schemes[] = {"http://", "https://", "file:/"};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
            return true;
    return false;
}

static bool read_number(fetch *f, bh_message_view arguments, const char *key, int fallback, int most, int *out)
{
    int64_t value = bh_message_get_int(arguments, key, fallback);
    *out = (int)value;
    if (value >= 0 && value <= most && (value > 0 || strcmp(key, "retries") == 0))
        return true;
    fetch_fail(f, BH_ERROR_RANGE, "%s is %lld: it may be at most %d, and not less than 1", key, (long long)value, most);
    return false;
}

static bool is_folder(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

static bh_status read_options(fetch *f, bh_message_view arguments)
{
    fetch_options *o = &f->options;
    bh_status status = bh_message_read_string(arguments, "url", &o->url);
    if (!status)
        status = bh_message_read_string(arguments, "output", &o->output);
    if (status)
        return status;
    const char *hash = bh_message_get_string(arguments, "hash", "");
    o->max_bytes_per_s = bh_message_get_int(arguments, "max_bytes_per_s", 0);
    o->overwrite = bh_message_get_bool(arguments, "overwrite", false);
    if (!is_url(o->url))
        fetch_fail(f, BH_ERROR_FORMAT, "'%.200s' is no address that begins with http://, https:// or file:/", o->url);
    else if (!*o->output || is_folder(o->output))
        fetch_fail(f, BH_ERROR_NAME, "output '%s' is a folder: give the file's name too", o->output);
    else if (!digest_parse(hash, &o->hash))
        fetch_fail(f, BH_ERROR_FORMAT, "hash '%.150s' is none of sha256:…, sha512:…, sha1:…, md5:… with all their digits", hash);
    else if (o->max_bytes_per_s < 0)
        fetch_fail(f, BH_ERROR_RANGE, "max_bytes_per_s is %lld: 0 is without limit", (long long)o->max_bytes_per_s);
    else if (read_number(f, arguments, "connections", 4, FETCH_CONNECTIONS, &o->connections) &&
             read_number(f, arguments, "retries", 5, 1000, &o->retries))
        read_number(f, arguments, "stall_s", 30, 86400, &o->stall_s);
    f->limit = o->connections;
    f->file_url = strncasecmp(o->url, "file:", 5) == 0;
    return f->status;
}

/* --- the work */

/* Kept from one job of this worker to the next, with its open connections: many small files from one server are the usual case. */
static CURLM *shared_multi(void)
{
    static CURLM *multi;
    if (multi)
        return multi;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return NULL;
    multi = curl_multi_init();
    if (multi)
        curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)FETCH_CONNECTIONS);
    return multi;
}

/* What is there under the final name already. */
static bh_status look_before(fetch *f)
{
    bool matches;
    bool renamed = part_was_renamed(f);
    bh_status status = fetch_check_existing(f, &matches);
    if (status)
        return status;
    f->existing = matches || (renamed && !*f->options.hash.digits);
    if (f->existing) {
        journal_remove(&f->journal);
        unlink(f->part);
    } else if (access(f->options.output, F_OK) == 0 && !f->options.overwrite) {
        return bh_job_fail(f->self, BH_ERROR_EXISTS, "there is a file %s already, %s: choose another name, or overwrite it",
                           f->options.output,
                           *f->options.hash.digits ? "with another checksum" : "and no checksum to compare it with");
    }
    f->found = f->existing ? f->found : (digest_found){0};
    f->facts.total = f->existing ? f->facts.total : -1;
    return BH_OK;
}

static bh_status work(fetch *f)
{
    bh_status status = part_open(f);
    while (!status && !f->named) { /* a second time if the checksum is wrong */
        status = f->file_url ? fetch_run_local(f) : fetch_run(f);
        if (!status)
            status = fetch_finish(f);
    }
    return status;
}

static bh_status report(const fetch *f, bh_message *result)
{
    bh_message_add_string(result, "file", f->options.output);
    bh_message_add_string(result, "url", *f->effective ? f->effective : f->options.url);
    bh_message_add_int(result, "bytes", f->facts.total);
    if (*f->found.text)
        bh_message_add_string(result, "hash", f->found.text);
    if (f->found.as)
        bh_message_add_string(result, "hash_matched", f->found.as);
    if (*f->facts.etag)
        bh_message_add_string(result, "etag", f->facts.etag);
    if (*f->facts.modified)
        bh_message_add_string(result, "modified", f->facts.modified);
    bh_message_add_int(result, "fetched", f->written);
    bh_message_add_int(result, "resumed", f->resumed);
    bh_message_add_int(result, "requests", f->requests);
    bh_message_add_int(result, "retries", f->retries);
    bh_message_add_bool(result, "existing", f->existing);
    return bh_message_add_double(result, "seconds", monotonic_s() - f->began);
}

static void end(fetch *f)
{
    for (int i = 0; i < FETCH_CONNECTIONS; i++)
        if (f->connections[i].easy)
            curl_easy_cleanup(f->connections[i].easy);
    part_close(f);
    bh_message_destroy(f->progress);
    free(f);
}

static bh_status run(fetch *f, bh_message *result)
{
    if (!f->multi || asprintf(&f->part, "%s.part", f->options.output) < 0 || !journal_init(&f->journal, f->part))
        return bh_job_fail(f->self, BH_ERROR_MEMORY, "no memory");
    bh_status status = look_before(f);
    if (!status && !f->existing)
        status = work(f);
    return status ? status : report(f, result);
}

bh_status job_fetch(bh_job *self, bh_message_view arguments, bh_message *result)
{
    fetch *f = calloc(1, sizeof *f);
    if (!f)
        return bh_job_fail(self, BH_ERROR_MEMORY, "no memory");
    f->self = self;
    f->file = f->source = f->journal.file = -1;
    f->facts.total = -1;
    f->began = f->shown_at = monotonic_s();
    for (int i = 0; i < FETCH_CONNECTIONS; i++)
        f->connections[i].fetch = f;
    void (*before)(int) = signal(SIGXFSZ, SIG_IGN); /* a file too large is an error with a sentence */
    bh_status status = read_options(f, arguments);
    f->multi = status ? NULL : shared_multi();
    if (!status)
        status = run(f, result);
    end(f);
    signal(SIGXFSZ, before);
    return status;
}
