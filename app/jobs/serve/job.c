/* The job "serve": the files of a folder over HTTP, to programs on this computer only. The demo fetches from it, and tests may.
 *
 * Arguments: "folder" · "port" [0: any that is free].
 * Progress: "port", "url" ("http://127.0.0.1:PORT/"), "requests". It serves until it is cancelled, which is its success.
 * Result: "requests".
 *
 * GET and HEAD; one range a request, If-Range with the ETag. No folders below, nothing hidden, no links. */
#include <bulkhead/process_job.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

BH_API bh_status job_serve(bh_job *self, bh_message_view arguments, bh_message *result);

typedef struct server {
    int folder;
    atomic_long requests;
} server;

/* What is sent of a file. */
typedef struct part {
    uint64_t from, size, whole;
    unsigned status;
} part;

/* --- one request */

static enum MHD_Result answer_text(struct MHD_Connection *to, unsigned status, const char *text)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result sent = response ? MHD_queue_response(to, status, response) : MHD_NO;
    if (response)
        MHD_destroy_response(response);
    return sent;
}

/* "bytes=5-9", "bytes=5-", "bytes=-5". What is not understood is no range, as RFC 9110 has it. */
static void read_range(const char *text, part *it)
{
    unsigned long long from = 0, to = it->whole - 1;
    char more;
    if (it->whole == 0)
        return;
    if (sscanf(text, "bytes=-%llu%c", &from, &more) == 1)
        from = from < it->whole ? it->whole - from : 0;
    else if (sscanf(text, "bytes=%llu-%llu%c", &from, &to, &more) != 2 &&
             (sscanf(text, "bytes=%llu%c", &from, &more) != 2 || more != '-' || text[strlen(text) - 1] != '-'))
        return;
    to = to < it->whole ? to : it->whole - 1;
    it->status = from <= to ? MHD_HTTP_PARTIAL_CONTENT : MHD_HTTP_RANGE_NOT_SATISFIABLE;
    it->from = from <= to ? from : 0;
    it->size = from <= to ? to - from + 1 : 0;
}

static void add_headers(struct MHD_Response *response, const part *it, const char *etag)
{
    char text[80];
    MHD_add_response_header(response, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
    MHD_add_response_header(response, MHD_HTTP_HEADER_ETAG, etag);
    if (it->status == MHD_HTTP_PARTIAL_CONTENT)
        snprintf(text, sizeof text, "bytes %llu-%llu/%llu", (unsigned long long)it->from,
                 (unsigned long long)(it->from + it->size - 1), (unsigned long long)it->whole);
    else
        snprintf(text, sizeof text, "bytes */%llu", (unsigned long long)it->whole);
    if (it->status != MHD_HTTP_OK)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_RANGE, text);
}

/* Takes FILE. */
static enum MHD_Result answer_file(struct MHD_Connection *to, int file, const struct stat *facts)
{
    char etag[64];
    part it = {0, (uint64_t)facts->st_size, (uint64_t)facts->st_size, MHD_HTTP_OK};
    const char *range = MHD_lookup_connection_value(to, MHD_HEADER_KIND, MHD_HTTP_HEADER_RANGE);
    const char *if_range = MHD_lookup_connection_value(to, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_RANGE);
    snprintf(etag, sizeof etag, "\"%llx-%llx\"", (unsigned long long)facts->st_size, (unsigned long long)facts->st_mtim.tv_sec);
    if (range && (!if_range || strcmp(if_range, etag) == 0))
        read_range(range, &it);
    struct MHD_Response *response = MHD_create_response_from_fd_at_offset64(it.size, file, it.from);
    if (!response) {
        close(file);
        return MHD_NO;
    }
    add_headers(response, &it, etag);
    enum MHD_Result sent = MHD_queue_response(to, it.status, response);
    MHD_destroy_response(response);
    return sent;
}

static enum MHD_Result answer(void *from, struct MHD_Connection *to, const char *url, const char *method, const char *version,
                              const char *upload, size_t *upload_size, void **state)
{
    server *self = from;
    struct stat facts;
    (void)version;
    (void)upload;
    (void)upload_size;
    if (!*state) { /* the headers alone: who answers here closes the connection */
        *state = self;
        return MHD_YES;
    }
    atomic_fetch_add(&self->requests, 1);
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return answer_text(to, MHD_HTTP_METHOD_NOT_ALLOWED, "GET and HEAD only\n");
    bool good = url[0] == '/' && url[1] && url[1] != '.' && !strchr(url + 1, '/');
    int file = good ? openat(self->folder, url + 1, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;
    if (file >= 0 && fstat(file, &facts) == 0 && S_ISREG(facts.st_mode))
        return answer_file(to, file, &facts);
    if (file >= 0)
        close(file);
    return answer_text(to, MHD_HTTP_NOT_FOUND, "there is no such file\n");
}

/* --- the server */

static void tell(bh_job *self, server *of, int port)
{
    char url[64];
    bh_message *progress = bh_message_create();
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", port);
    bh_message_add_int(progress, "port", port);
    bh_message_add_string(progress, "url", url);
    bh_message_add_int(progress, "requests", atomic_load(&of->requests));
    bh_job_progress(self, progress);
    bh_message_destroy(progress);
}

static bh_status serve(bh_job *self, server *of, int port)
{
    enum { LOOK_MS = 1000, IDLE_S = 30 };
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_AUTO_INTERNAL_THREAD, 0, NULL, NULL, answer, of, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&here,
                         MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_END);
    const union MHD_DaemonInfo *facts = daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!facts)
        return bh_job_fail(self, BH_ERROR_IO, "cannot serve on 127.0.0.1, port %d: %s", port, strerror(errno));
    int bound = facts->port;
    do
        tell(self, of, bound);
    while (bh_job_sleep(self, LOOK_MS) == BH_OK);
    MHD_stop_daemon(daemon);
    return BH_OK;
}

bh_status job_serve(bh_job *self, bh_message_view arguments, bh_message *result)
{
    const char *folder;
    int64_t port = bh_message_get_int(arguments, "port", 0);
    bh_status status = bh_message_read_string(arguments, "folder", &folder);
    if (status)
        return status;
    if (port < 0 || port > 65535)
        return bh_job_fail(self, BH_ERROR_RANGE, "port %lld is none: 0 to 65535", (long long)port);
    int opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0)
        return bh_job_fail(self, BH_ERROR_IO, "cannot open the folder %s: %s", folder, strerror(errno));
    server of = {.folder = opened};
    status = serve(self, &of, (int)port);
    close(opened);
    return status ? status : bh_message_add_int(result, "requests", atomic_load(&of.requests));
}
