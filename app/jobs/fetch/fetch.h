/* One file that is being fetched: what the parts of this job share.
 *
 *     job.c         arguments in, result out
 *     engine.c      the loop: which connection fetches which bytes, retries, progress
 *     connection.c  one request: what the server says, and where its bytes go
 *     local.c       a file of this machine instead
 *     judge.c       whether an answer is one to what was asked
 *     part.c        the part file and its journal: begin, resume, start over
 *     finish.c      checksum, sync, final name
 *     behind.c, digest.c, journal.c, ranges.c
 *
 * The file is requested in pieces from its beginning on. Each connection takes the first piece that nobody has; at the end, what is left
 * of the longest one is shared. What has been written is recorded in the journal after every RECORD bytes of a connection, so no more
 * than that is fetched again after SIGKILL. */
#ifndef FETCH_FETCH_H
#define FETCH_FETCH_H

#include "jobs/fetch/behind.h"
#include "jobs/fetch/digest.h"
#include "jobs/fetch/journal.h"
#include "jobs/fetch/ranges.h"

#include <bulkhead/process_job.h>

#include <curl/curl.h>

enum {
    FETCH_CONNECTIONS = 16, /* at most */
    FETCH_FIRST = 4 << 20,  /* bytes of the first request. A file that fits has no journal before it is stopped */
    FETCH_PIECE_MIN = 512 << 10,
    FETCH_PIECE_MAX = 64 << 20,
    FETCH_RECORD = 512 << 10,
    FETCH_BUFFER = 256 << 10, /* of libcurl */
};

typedef struct fetch_options {
    const char *url, *output;
    digest_wanted hash;
    int connections, retries, stall_s;
    int64_t max_bytes_per_s; /* 0: without limit */
    bool overwrite;
} fetch_options;

/* How the server wants to be asked. */
typedef enum fetch_mode {
    FETCH_UNKNOWN, /* the first request will tell */
    FETCH_RANGES,
    FETCH_WHOLE,  /* it gives whole files only: each request begins at 0 */
    FETCH_DECODED /* as WHOLE, and it compresses what it sends, unasked: libcurl decodes */
} fetch_mode;

/* What a server says before the bytes. */
typedef struct response {
    int status;     /* 0: none yet */
    int64_t from;   /* of Content-Range; -1 */
    int64_t total;  /* of Content-Range, or the length of a whole file; -1: not known */
    int64_t length; /* Content-Length; -1 */
    char etag[256], modified[64], encoding[32], reason[96];
} response;

/* What becomes of an answer. */
typedef enum verdict {
    VERDICT_NONE,    /* not judged yet */
    VERDICT_TAKE,    /* its bytes are what was asked for */
    VERDICT_RETRY,   /* an error that may go away */
    VERDICT_FATAL,   /* an error that will not */
    VERDICT_CHANGED, /* this is another file than the one that was begun */
    VERDICT_WHOLE,   /* it does not do ranges, or not properly */
    VERDICT_DECODE,  /* it compresses unasked */
    VERDICT_EMPTY    /* the file has no bytes */
} verdict;

struct fetch;

typedef struct connection {
    struct fetch *fetch;
    CURL *easy;
    struct curl_slist *headers;
    bool busy;
    bool paused;      /* for max_bytes_per_s */
    bool enough;      /* it stopped because all bytes were there */
    range piece;      /* what it is to fetch; TO may shrink, and is INT64_MAX while the length is not known */
    int64_t at;       /* the next byte */
    int64_t recorded; /* those before it are in the journal */
    int64_t asked;    /* where the request ends; more than PIECE.TO once that has shrunk */
    int64_t received; /* in this request */
    size_t swallowed; /* bytes of an error page */
    double began;     /* seconds */
    double rate;      /* bytes per second of its latest request; 0: none yet */
    response said;
    verdict verdict;
    char error[CURL_ERROR_SIZE];
} connection;

typedef struct fetch {
    bh_job *self;
    fetch_options options;
    CURLM *multi;
    fetch_mode mode;
    journal_facts facts;
    char *part; /* path of the part file */
    int file;   /* the part file */
    int source; /* with file: only; else -1 */
    bool file_url;
    bool resumed_any; /* bytes of an earlier run are among those here */
    journal journal;
    behind behind;
    ranges done;    /* written */
    ranges claimed; /* done, and what connections are about to fetch */
    connection connections[FETCH_CONNECTIONS];
    int limit;         /* connections at a time; the server may make it less */
    int failures;      /* in a row */
    int restarts;      /* how often it was started over */
    double rest_until; /* no new request before */
    char trouble[256]; /* the latest failure, for progress */
    bool complete;     /* all bytes are written */
    bh_status status;  /* an error that ends it */
    int64_t written, resumed, requests, retries;
    double began, shown_at, rate;
    int64_t shown_bytes;
    digest_found found;
    bool existing;      /* it was there before */
    bool checked_whole; /* it is fetched a second time, because the checksum was wrong */
    bool named;         /* it has its final name */
    bh_message *progress;
    char effective[2048];
} fetch;

/* By how many seconds more was written than max_bytes_per_s allows. */
double fetch_ahead_s(const fetch *f);

/* Sets the error that ends it, if there is none yet. */
__attribute__((format(printf, 3, 4))) void fetch_fail(fetch *f, bh_status status, const char *format, ...);

/* engine.c: until all bytes are there, it fails, or is cancelled. */
bh_status fetch_run(fetch *f);

/* connection.c */
bool connection_start(connection *c, range piece);
void connection_stop(connection *c); /* what it has written stays, and is recorded */
bool connection_record(connection *c);
bool connection_take(connection *c, const char *data, size_t size); /* writes what came for it */

/* local.c: the same as fetch_run, from a file. */
bh_status fetch_run_local(fetch *f);
bool local_learn(fetch *f);       /* what part_learn learns from a server */
bool local_has_changed(fetch *f); /* since what the journal says; or it cannot be read */

/* judge.c */
verdict judge(fetch *f, const connection *c);
bool judge_is_refusal(const connection *c); /* the status says that the URL, not the moment, is the reason */

/* part.c */
bh_status part_open(fetch *f);
bool part_learn(fetch *f, const response *said, fetch_mode mode); /* the first answer tells about the file */
bool part_start_over(fetch *f, fetch_mode mode);                  /* forgets all bytes */
void part_close(fetch *f);
bool part_was_renamed(fetch *f); /* an earlier run came as far as the final name, and no further */

/* finish.c */
bh_status fetch_finish(fetch *f);
bh_status fetch_check_existing(fetch *f, bool *matches);

/* progress.c */
void fetch_show(fetch *f, const char *text); /* not more often than is of use; TEXT NULL: how fast it is */

#endif
