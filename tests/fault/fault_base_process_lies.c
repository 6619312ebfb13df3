/* Workers whose functions write to the pool's own socket: what is no message, is cut, too large, comes twice or out of turn, or brings
 * descriptors. Such a worker is ended, nothing after it is read, and no other task notices. */
#include "fault/faulty.h"

#include "process/wire.h"

#include <sys/mman.h>
#include <sys/socket.h>

enum { SOCKET = 3 }; /* where a worker has it */

static void send_with(const void *bytes, size_t size, int descriptors)
{
    int files[4] = {1, 1, 1, 1};
    _Alignas(struct cmsghdr) char extra[CMSG_SPACE(sizeof files)] = {0};
    struct iovec part = {(void *)(uintptr_t)bytes, size};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptors) {
        message.msg_control = extra;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)descriptors);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)descriptors);
        memcpy(CMSG_DATA(header), files, sizeof(int) * (size_t)descriptors);
    }
    if (sendmsg(SOCKET, &message, MSG_NOSIGNAL) < 0)
        printf("could not lie\n");
}

/* A result that is sound in itself: its record and 8 bytes of payload. */
static void send_result(bh__result_record record, const char *inside, int descriptors)
{
    _Alignas(8) unsigned char packet[sizeof(bh__packet_head) + sizeof record + 8] = {0};
    record.size = sizeof record + (record.payload_size && !(record.flags & BH__RECORD_MEMFD) ? 8 : 0);
    size_t whole = sizeof(bh__packet_head) + record.size;
    memcpy(packet + sizeof(bh__packet_head), &record, sizeof record);
    memcpy(packet + sizeof(bh__packet_head) + sizeof record, inside, strlen(inside));
    bh__wire_seal(packet, BH__PACKET_RESULT, whole, 1);
    send_with(packet, whole, descriptors);
}

static void send_head(bh__packet_kind kind, uint32_t count, uint32_t size, int descriptors)
{
    bh__packet_head head;
    bh__wire_seal(&head, kind, sizeof head, count);
    head.size = size ? size : head.size;
    send_with(&head, sizeof head, descriptors);
}

static void lie(const char *how)
{
    static unsigned char large[BH__PACKET_SIZE + 8];
    bh__result_record record = {.sequence = 1};
    if (strcmp(how, "noise") == 0)
        send_with("what is this?", 13, 0);
    if (strcmp(how, "too large") == 0)
        send_with(large, sizeof large, 0);
    if (strcmp(how, "cut") == 0)
        send_head(BH__PACKET_RESULT, 1, 4096, 0);
    if (strcmp(how, "tasks") == 0)
        send_head(BH__PACKET_TASKS, 0, 0, 0);
    if (strcmp(how, "unknown kind") == 0)
        send_head((bh__packet_kind)99, 0, 0, 0);
    if (strcmp(how, "hello with a file") == 0)
        send_head(BH__PACKET_HELLO, 0, 0, 1);
    if (strcmp(how, "two files") == 0)
        send_head(BH__PACKET_PROGRESS, 0, 0, 2);
    record.sequence = 7;
    if (strcmp(how, "out of turn") == 0)
        send_result(record, "", 0);
    record.sequence = 1;
    record.flags = BH__RECORD_INITIALISE;
    if (strcmp(how, "initialiser") == 0)
        send_result(record, "", 0);
    record.flags = BH__RECORD_SKIPPED;
    if (strcmp(how, "skipped") == 0)
        send_result(record, "", 0);
    record = (bh__result_record){.sequence = 1, .status = BH_ERROR_IO, .payload_size = 8};
    if (strcmp(how, "text without end") == 0)
        send_result(record, "endless!", 0);
    record = (bh__result_record){.sequence = 1, .flags = BH__RECORD_FETCH, .payload_size = 100000};
    if (strcmp(how, "nowhere") == 0)
        send_result(record, "\x10", 0);
    record = (bh__result_record){.sequence = 1, .flags = BH__RECORD_MEMFD, .payload_size = 100000};
    if (strcmp(how, "no file") == 0)
        send_result(record, "", 0);
}

static bh_status f_lie(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)result;
    lie(bh_message_get_string(arguments, "how", ""));
    return bh_job_sleep(self, 60000);
}

/* What is no lie, but a nuisance. */
static bh_status f_flood(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    (void)arguments;
    for (int i = 0; i < 3000; i++)
        send_head(i % 2 ? BH__PACKET_HELLO : BH__PACKET_PROGRESS, 0, 0, 0);
    return bh_message_add_int(result, "sent", 3000);
}

/* A result that says something else than what comes by it. */
static bh_status f_false_file(bh_job *self, bh_message_view arguments, bh_message *result)
{
    bh__result_record record = {.sequence = 1, .flags = BH__RECORD_MEMFD, .payload_size = 100000};
    (void)arguments;
    (void)result;
    send_result(record, "", 1); /* stdout: no memory file, and not sealed */
    return bh_job_sleep(self, 60000);
}

/* Its own socket is closed, or another one stands there. */
static bh_status f_close(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)arguments;
    (void)result;
    close(SOCKET);
    return bh_job_sleep(self, 60000);
}

static const bh_process_function functions[] = {
    PROCESS_FUNCTIONS, {"lie", f_lie}, {"flood", f_flood}, {"false_file", f_false_file}, {"close", f_close}, {0}};

/* One after the other has a worker of its own, in which it is the first task. */
static bh_process_pool *fresh_pool(void)
{
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .workers = 2, .tasks_per_worker = 1, .budget_deaths = 1000};
    return bh_process_pool_create(&options);
}

static void a_worker_that_lies_is_ended(void **state)
{
    static const char *const ways[] = {
        "noise",     "too large",   "cut",         "tasks",   "unknown kind",     "hello with a file",
        "two files", "out of turn", "initialiser", "skipped", "text without end", "nowhere",
        "no file"};
    enum { WAYS = sizeof ways / sizeof ways[0] };
    (void)state;
    bh_process_pool *pool = fresh_pool();
    for (int i = 0; i < WAYS; i++) {
        bh_future *lies = call_with(pool, "lie", NULL, 0, "how", ways[i], NULL);
        bh_future *lives = call_with(pool, "add", "a", i, NULL, NULL, NULL);
        bh_process_failure failure = assert_fails(lies, BH_FAILURE_PROTOCOL);
        assert_string_equal(failure.output, "");
        assert_non_null(strstr(failure.text, "sent what is no message"));
        assert_int_equal(bh_message_get_int(assert_result(lives), "sum", -1), i);
        bh_future_destroy(lies);
        bh_future_destroy(lives);
    }
    assert_works(pool); /* behind the last death, which is counted by then */
    assert_int_equal(counts_of(pool).deaths, WAYS);
    assert_int_equal(counts_of(pool).failed, WAYS);
    close_pool(pool);
}

static void a_file_that_is_none_is_a_failure(void **state)
{
    (void)state;
    bh_process_pool *pool = fresh_pool();
    bh_future *future = bh_process_pool_submit(pool, "false_file", NULL, NULL);
    assert_int_equal(bh_future_wait(future, 20000), BH_OK);
    assert_int_equal(bh_future_get_state(future), BH_FUTURE_FAILED);
    bh_future_destroy(future);
    assert_works(pool);
    assert_int_equal(bh_process_pool_close(pool, 500), BH_OK);
    assert_int_equal(bh_process_pool_destroy(pool), BH_OK);
}

static void a_nuisance_is_borne(void **state)
{
    (void)state;
    bh_process_pool *pool = tough_pool(2);
    bh_future *future = bh_process_pool_submit(pool, "flood", NULL, NULL);
    assert_int_equal(bh_message_get_int(assert_result(future), "sent", 0), 3000);
    bh_future_destroy(future);
    assert_int_equal(counts_of(pool).deaths, 0);
    close_pool(pool);
}

static void a_worker_without_its_socket_is_ended(void **state)
{
    (void)state;
    bh_process_pool *pool = tough_pool(1);
    bh_future *future = bh_process_pool_submit(pool, "close", NULL, NULL);
    assert_non_null(strstr(assert_fails(future, BH_FAILURE_PROTOCOL).text, "closed its socket"));
    bh_future_destroy(future);
    assert_works(pool);
    close_pool(pool);
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, functions);
    bh_set_error_hook((bh_error_hook){ignore_errors, NULL});
    const struct CMUnitTest tests[] = {
        FAULT_TEST(a_worker_that_lies_is_ended),
        FAULT_TEST(a_file_that_is_none_is_a_failure),
        FAULT_TEST(a_nuisance_is_borne),
        FAULT_TEST(a_worker_without_its_socket_is_ended),
    };
    return cmocka_run_group_tests(tests, faulty_group_setup, faulty_group_teardown);
}
