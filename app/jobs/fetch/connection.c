/* One request at a time on one connection: what the server says, and where its bytes go. */
#include "jobs/fetch/fetch.h"

#include "monotonic.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { SWALLOW = 64 << 10 /* bytes of an error's page that are read so that the connection can be used again */ };

/* --- headers */

static void begin_response(response *said, const char *line)
{
    *said = (response){.from = -1, .total = -1, .length = -1};
    sscanf(line, "HTTP/%*s %d %95[^\r\n]", &said->status, said->reason);
}

static void read_content_range(response *said, const char *value)
{
    int64_t to;
    if (sscanf(value, "bytes %" SCNd64 "-%" SCNd64 "/%" SCNd64, &said->from, &to, &said->total) < 2)
        sscanf(value, "bytes */%" SCNd64, &said->total);
}

static void read_field(response *said, const char *name, size_t length, const char *value)
{
    static const struct {
        const char *name;
        size_t at, size;
    } texts[] = {{"etag", offsetof(response, etag), sizeof said->etag},
                 {"last-modified", offsetof(response, modified), sizeof said->modified},
                 {"content-encoding", offsetof(response, encoding), sizeof said->encoding}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strlen(texts[i].name) == length && strncasecmp(name, texts[i].name, length) == 0 && strlen(value) < texts[i].size)
            snprintf((char *)said + texts[i].at, texts[i].size, "%s", value);
    if (length == 13 && strncasecmp(name, "content-range", 13) == 0)
        read_content_range(said, value);
    if (length == 14 && strncasecmp(name, "content-length", 14) == 0 && sscanf(value, "%" SCNd64, &said->length) == 1 &&
        said->status != 206 && said->status != 416)
        said->total = said->length;
}

static size_t on_header(char *data, size_t size, size_t count, void *user)
{
    connection *c = user;
    char line[1024];
    size_t bytes = size * count, length = bytes < sizeof line ? bytes : sizeof line - 1;
    memcpy(line, data, length);
    line[length] = 0;
    line[strcspn(line, "\r\n")] = 0;
    const char *colon = strchr(line, ':');
    if (strncmp(line, "HTTP/", 5) == 0)
        begin_response(&c->said, line);
    else if (colon)
        read_field(&c->said, line, (size_t)(colon - line), colon + 1 + strspn(colon + 1, " \t"));
    return bytes;
}

/* --- bytes */

static bool write_at(fetch *f, const char *bytes, size_t size, int64_t at)
{
    for (size_t done = 0; done < size;) {
        ssize_t wrote = pwrite(f->file, bytes + done, size - done, at + (int64_t)done);
        if (wrote < 0 && errno != EINTR) {
            fetch_fail(f, BH_ERROR_IO, "cannot write %s: %s; the %lld bytes that are there are kept", f->part, strerror(errno),
                       (long long)ranges_size(&f->done));
            return false;
        }
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    return true;
}

bool connection_record(connection *c)
{
    fetch *f = c->fetch;
    if (c->recorded < c->at && !journal_done(&f->journal, c->recorded, c->at)) {
        fetch_fail(f, BH_ERROR_IO, "cannot write %s: %s", f->journal.path, strerror(errno));
        return false;
    }
    c->recorded = c->at;
    return true;
}

bool connection_take(connection *c, const char *data, size_t size)
{
    fetch *f = c->fetch;
    if (!write_at(f, data, size, c->at))
        return false;
    if (!ranges_add(&f->done, c->at, c->at + (int64_t)size)) {
        fetch_fail(f, BH_ERROR_MEMORY, "no memory for the list of what is there");
        return false;
    }
    c->at += (int64_t)size;
    c->received += (int64_t)size;
    f->written += (int64_t)size;
    if (c->at - c->recorded >= FETCH_RECORD && !connection_record(c))
        return false;
    uint64_t synced = behind_advance(&f->behind, ranges_front(&f->done), f->written, f->journal.records);
    return journal_synced(&f->journal, synced);
}

/* The first answer tells how long the file is. */
static bool learn(connection *c)
{
    fetch *f = c->fetch;
    if (f->mode != FETCH_UNKNOWN && (f->mode == FETCH_RANGES || f->facts.total >= 0))
        return true;
    fetch_mode mode = f->mode == FETCH_UNKNOWN ? (c->said.status == 206 ? FETCH_RANGES : FETCH_WHOLE) : f->mode;
    if (mode == FETCH_DECODED)
        c->said.total = -1; /* it is of the encoded bytes */
    if (!part_learn(f, &c->said, mode))
        return false;
    int64_t end = f->facts.total >= 0 ? f->facts.total : INT64_MAX;
    c->piece.to = mode != FETCH_RANGES || c->piece.to > end ? end : c->piece.to;
    c->asked = c->asked > end || mode != FETCH_RANGES ? end : c->asked;
    return true;
}

static size_t on_body(char *data, size_t size, size_t count, void *user)
{
    connection *c = user;
    size_t bytes = size * count;
    if (fetch_ahead_s(c->fetch) > 0) {
        c->paused = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    if (c->verdict == VERDICT_NONE) {
        c->verdict = judge(c->fetch, c);
        if (c->verdict == VERDICT_TAKE && !learn(c))
            return 0;
    }
    if (c->verdict != VERDICT_TAKE) {
        c->swallowed += bytes;
        bool is_page = c->verdict == VERDICT_RETRY || c->verdict == VERDICT_FATAL || c->verdict == VERDICT_EMPTY;
        return is_page && c->swallowed <= SWALLOW ? bytes : 0;
    }
    int64_t room = c->piece.to - c->at;
    size_t fits = (int64_t)bytes < room ? bytes : (size_t)room;
    if (!connection_take(c, data, fits))
        return 0;
    c->enough = c->at == c->piece.to;
    return fits < bytes || (c->enough && c->asked > c->piece.to) ? 0 : bytes;
}

/* --- requests */

static bool add_header(connection *c, const char *name, const char *value)
{
    char line[512];
    snprintf(line, sizeof line, "%s: %s", name, value);
    struct curl_slist *list = curl_slist_append(c->headers, line);
    c->headers = list ? list : c->headers;
    return list != NULL;
}

static void set_range(connection *c)
{
    const fetch *f = c->fetch;
    char text[64];
    if (f->mode == FETCH_WHOLE || f->mode == FETCH_DECODED)
        return;
    snprintf(text, sizeof text, "%" PRId64 "-%" PRId64, c->piece.from, c->piece.to - 1);
    curl_easy_setopt(c->easy, CURLOPT_RANGE, text);
    if (f->mode != FETCH_RANGES || (f->resumed_any && *f->options.hash.digits))
        return;
    if (*f->facts.etag && strncmp(f->facts.etag, "W/", 2) != 0)
        add_header(c, "If-Range", f->facts.etag);
    else if (!*f->facts.etag && *f->facts.modified)
        add_header(c, "If-Range", f->facts.modified);
}

static void set_authorities(CURL *easy)
{
    const char *file = getenv("CURL_CA_BUNDLE");
    file = file ? file : getenv("SSL_CERT_FILE");
    if (file && *file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, file);
}

static void set_options(connection *c)
{
    const fetch *f = c->fetch;
    CURL *easy = c->easy;
    curl_easy_setopt(easy, CURLOPT_URL, f->options.url);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, 10L);
    /* Ranges on several streams of one HTTP/2 connection would share what one connection gets */
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "bulkhead");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, 15L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)f->options.stall_s);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)(f->options.max_bytes_per_s ? CURL_MAX_WRITE_SIZE : FETCH_BUFFER));
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, (long)(f->failures > 0)); /* an old one may have rests of its last answer */
    if (f->mode == FETCH_DECODED)
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    else
        add_header(c, "Accept-Encoding", "identity");
    set_range(c);
    set_authorities(easy);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, c->headers);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, c);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, c);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, c->error);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, c);
}

bool connection_start(connection *c, range piece)
{
    fetch *f = c->fetch;
    if (!c->easy && !(c->easy = curl_easy_init()))
        return false;
    curl_easy_reset(c->easy);
    c->piece = piece;
    c->asked = piece.to;
    c->at = c->recorded = piece.from;
    c->received = 0;
    c->swallowed = 0;
    c->enough = c->paused = false;
    c->verdict = VERDICT_NONE;
    c->error[0] = 0;
    c->said = (response){.from = -1, .total = -1, .length = -1};
    c->began = monotonic_s();
    set_options(c);
    c->busy = curl_multi_add_handle(f->multi, c->easy) == CURLM_OK;
    f->requests += c->busy;
    return c->busy;
}

void connection_stop(connection *c)
{
    if (!c->busy)
        return;
    curl_multi_remove_handle(c->fetch->multi, c->easy);
    c->busy = false;
    curl_slist_free_all(c->headers);
    c->headers = NULL;
    connection_record(c);
    double took = monotonic_s() - c->began;
    if (c->received > 0 && took > 0)
        c->rate = (double)c->received / took;
}
