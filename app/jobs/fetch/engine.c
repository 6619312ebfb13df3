/* The loop: which connection fetches which bytes, and what comes after a failure. */
#include "jobs/fetch/fetch.h"

#include "monotonic.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POLL_MS = 50, PROGRESS_BYTES = 4096, RESTARTS = 4 };
static const double FIRST_REST_S = 0.5, LONGEST_REST_S = 30, LONGEST_RETRY_AFTER_S = 600;

double fetch_ahead_s(const fetch *f)
{
    if (f->options.max_bytes_per_s == 0)
        return 0;
    return (double)f->written / (double)f->options.max_bytes_per_s - (monotonic_s() - f->began);
}

void fetch_fail(fetch *f, bh_status status, const char *format, ...)
{
    char text[900];
    va_list values;
    if (f->status)
        return;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    f->status = bh_job_fail(f->self, status, "%s", text);
}

static int count_busy(const fetch *f)
{
    int busy = 0;
    for (int i = 0; i < FETCH_CONNECTIONS; i++)
        busy += f->connections[i].busy;
    return busy;
}

static void stop_all(fetch *f)
{
    for (int i = 0; i < FETCH_CONNECTIONS; i++)
        connection_stop(f->connections + i);
}

static void start_over(fetch *f, fetch_mode mode)
{
    stop_all(f);
    if (++f->restarts > RESTARTS)
        fetch_fail(f, BH_ERROR_IO, "the file on the server changes while it is being fetched: %d times; try again later",
                   f->restarts);
    else if (!part_start_over(f, mode))
        fetch_fail(f, BH_ERROR_IO, "cannot start %s anew", f->part);
}

/* --- pieces */

/* About a second's worth, and not so much that one connection is busy when the others have nothing left. */
static int64_t piece_size(const fetch *f, const connection *c)
{
    int64_t left = f->facts.total - ranges_size(&f->claimed), size = (int64_t)c->rate;
    int64_t share = left / f->limit;
    size = size < FETCH_FIRST ? FETCH_FIRST : size;
    size = size > FETCH_PIECE_MAX ? FETCH_PIECE_MAX : size;
    size = size > share ? share : size;
    return size < FETCH_PIECE_MIN ? FETCH_PIECE_MIN : size;
}

/* The back half of what is left of the longest piece. */
static bool share_longest(fetch *f, range *piece)
{
    connection *longest = NULL;
    for (int i = 0; i < FETCH_CONNECTIONS; i++) {
        connection *c = f->connections + i;
        if (c->busy && (!longest || c->piece.to - c->at > longest->piece.to - longest->at))
            longest = c;
    }
    if (!longest || longest->piece.to - longest->at < 2 * (int64_t)FETCH_PIECE_MIN)
        return false;
    *piece = (range){longest->at + (longest->piece.to - longest->at) / 2, longest->piece.to};
    longest->piece.to = piece->from;
    return true;
}

static bool next_piece(fetch *f, const connection *next, range *piece)
{
    bool fine = ranges_copy(&f->claimed, &f->done);
    for (int i = 0; fine && i < FETCH_CONNECTIONS; i++) {
        const connection *c = f->connections + i;
        fine = !c->busy || ranges_add(&f->claimed, c->at, c->piece.to);
    }
    if (!fine) {
        fetch_fail(f, BH_ERROR_MEMORY, "no memory for the list of what is there");
        return false;
    }
    if (!ranges_gap(&f->claimed, f->facts.total, piece))
        return share_longest(f, piece);
    int64_t size = piece_size(f, next), rest = piece->to - piece->from - size;
    if (rest > FETCH_PIECE_MIN)
        piece->to = piece->from + size;
    return true;
}

static connection *idle(fetch *f)
{
    for (int i = 0; i < FETCH_CONNECTIONS; i++)
        if (!f->connections[i].busy)
            return f->connections + i;
    return NULL;
}

static void start_requests(fetch *f)
{
    range piece = {0, f->mode == FETCH_UNKNOWN ? FETCH_FIRST : f->facts.total >= 0 ? f->facts.total : INT64_MAX};
    if (monotonic_s() < f->rest_until || f->complete || f->status)
        return;
    int busy = count_busy(f), most = f->mode == FETCH_RANGES ? f->limit : 1;
    for (; busy < most && !f->status; busy++) {
        connection *c = idle(f);
        if (f->mode == FETCH_RANGES && !next_piece(f, c, &piece))
            return;
        if (!connection_start(c, piece))
            fetch_fail(f, BH_ERROR_MEMORY, "cannot make a connection: no memory");
    }
}

/* --- what comes of them */

static void rest(fetch *f, connection *c)
{
    curl_off_t asked = 0;
    double jitter = 0.5 + 0.5 * (double)rand() / RAND_MAX; /* NOLINT(cert-msc30-c,cert-msc50-cpp): no secret */
    double seconds = fmin(FIRST_REST_S * pow(2, f->failures - 1), LONGEST_REST_S) * jitter;
    if (curl_easy_getinfo(c->easy, CURLINFO_RETRY_AFTER, &asked) == CURLE_OK && (double)asked > seconds)
        seconds = fmin((double)asked, LONGEST_RETRY_AFTER_S);
    f->rest_until = monotonic_s() + seconds;
}

static bool others_deliver(const fetch *f)
{
    for (int i = 0; i < FETCH_CONNECTIONS; i++)
        if (f->connections[i].busy && f->connections[i].received > 0)
            return true;
    return false;
}

/* WHY is a part of a sentence. What was received before counts as a success: a server that cuts each connection gets there in the end. */
static void failed(fetch *f, connection *c, bool passes, const char *why)
{
    int64_t have = ranges_size(&f->done);
    snprintf(f->trouble, sizeof f->trouble, "%s", why);
    f->retries++;
    bool moved = c->received >= PROGRESS_BYTES && f->mode == FETCH_RANGES;
    if (!moved && others_deliver(f)) {
        f->limit -= f->limit > 1; /* more connections than it wants */
        return;
    }
    f->failures = moved ? 1 : f->failures + 1;
    if (!passes || f->failures > f->options.retries) {
        const char *hint = judge_is_refusal(c) ? "; if the address has expired, fetch from a new one to the same file" : "";
        char kept[64] = "";
        if (f->mode == FETCH_RANGES && have > 0)
            snprintf(kept, sizeof kept, "; %lld bytes are kept", (long long)have);
        fetch_fail(f, BH_ERROR_IO, "cannot fetch %.*s: %s%s%s", (int)strcspn(f->options.url, "?#"), f->options.url, why, hint,
                   kept);
        return;
    }
    if (moved)
        f->rest_until = monotonic_s() + 0.02;
    else
        rest(f, c);
    if (f->mode == FETCH_WHOLE || f->mode == FETCH_DECODED)
        if (!part_start_over(f, f->mode))
            fetch_fail(f, BH_ERROR_IO, "cannot start %s anew", f->part);
}

static bool passes(const fetch *f, CURLcode code)
{
    switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL: /* also of an answer that is none, after one that was longer than it said */
        return f->written > 0;
    case CURLE_URL_MALFORMAT:
    case CURLE_FILE_COULDNT_READ_FILE:
    case CURLE_TOO_MANY_REDIRECTS:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_OUT_OF_MEMORY:
    case CURLE_LOGIN_DENIED:
        return false;
    default:
        return true;
    }
}

static const char *reason(const connection *c, CURLcode code)
{
    return *c->error ? c->error : curl_easy_strerror(code);
}

/* The connection gave bytes that were asked for. */
static void taken(fetch *f, connection *c, CURLcode code)
{
    bool whole = f->mode != FETCH_RANGES;
    if (whole && code == CURLE_OK && f->facts.total < 0)
        f->facts.total = c->at; /* now it is known */
    bool all = whole ? c->at == f->facts.total : ranges_front(&f->done) == f->facts.total;
    if (c->enough || all || (code == CURLE_OK && c->received > 0 && !whole)) {
        f->failures = 0;
        f->trouble[0] = 0;
    } else {
        failed(f, c, passes(f, code), code == CURLE_OK ? "the answer has no bytes" : reason(c, code));
    }
    f->complete = all;
}

static void refused(fetch *f, connection *c, bool may_pass)
{
    char why[160];
    snprintf(why, sizeof why, "the server says %d %s", c->said.status, c->said.reason);
    failed(f, c, may_pass, why);
}

static void finished(fetch *f, connection *c, CURLcode code)
{
    char *url = NULL;
    if (curl_easy_getinfo(c->easy, CURLINFO_EFFECTIVE_URL, &url) == CURLE_OK && url)
        snprintf(f->effective, sizeof f->effective, "%s", url);
    if (c->verdict == VERDICT_NONE && code == CURLE_OK) {
        c->verdict = judge(f, c);
        if (c->verdict == VERDICT_TAKE && c->said.total <= 0)
            c->verdict = c->said.length == 0 || c->said.total < 0 ? VERDICT_EMPTY : VERDICT_TAKE;
    }
    connection_stop(c);
    if (f->status)
        return;
    switch (c->verdict) {
    case VERDICT_TAKE:
        taken(f, c, code);
        break;
    case VERDICT_RETRY:
    case VERDICT_FATAL:
        refused(f, c, c->verdict == VERDICT_RETRY);
        break;
    case VERDICT_CHANGED:
        start_over(f, FETCH_UNKNOWN);
        break;
    case VERDICT_WHOLE:
    case VERDICT_DECODE:
        start_over(f, c->verdict == VERDICT_WHOLE ? FETCH_WHOLE : FETCH_DECODED);
        break;
    case VERDICT_EMPTY:
        f->facts.total = 0;
        f->complete = true;
        break;
    case VERDICT_NONE:
        failed(f, c, passes(f, code), reason(c, code));
        break;
    }
}

static void read_finished(fetch *f)
{
    CURLMsg *message;
    int left;
    while (!f->status && !f->complete && (message = curl_multi_info_read(f->multi, &left))) {
        connection *c = NULL;
        CURLcode code = message->data.result; /* the message is gone once the handle is removed */
        if (message->msg == CURLMSG_DONE && curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&c) == CURLE_OK &&
            c)
            finished(f, c, code);
    }
}

/* Those that were paused go on once the limit of speed allows it. How many milliseconds until then. */
static int keep_to_limit(fetch *f)
{
    int ms = (int)(fetch_ahead_s(f) * 1000) + 1;
    for (int i = 0; i < FETCH_CONNECTIONS && fetch_ahead_s(f) <= 0; i++) {
        connection *c = f->connections + i;
        if (c->busy && c->paused) {
            c->paused = false;
            curl_easy_pause(c->easy, CURLPAUSE_CONT);
        }
    }
    return ms > 1 && ms < POLL_MS ? ms : POLL_MS;
}

static void turn(fetch *f)
{
    int running;
    char text[320] = "";
    int wait_ms = keep_to_limit(f);
    curl_multi_perform(f->multi, &running);
    read_finished(f);
    start_requests(f); /* before waiting: there may be nothing else to wait for */
    double wait_s = f->rest_until - monotonic_s();
    if (wait_s > 0.1)
        snprintf(text, sizeof text, "%s; next try in %.0f s", f->trouble, ceil(wait_s));
    fetch_show(f, *text ? text : NULL);
    if (!f->complete && !f->status)
        curl_multi_poll(f->multi, NULL, 0, wait_ms, NULL);
}

bh_status fetch_run(fetch *f)
{
    f->status = BH_OK;
    while (!f->complete && !f->status) {
        if (bh_job_cancelled(f->self))
            f->status = BH_CANCELLED;
        else
            turn(f);
    }
    stop_all(f);
    return f->status;
}
