/* Checksums of all files of a folder, several at a time, each in a worker process: a file on a disk that hangs, or that is cut off while
 * it is mapped, costs one line and not the program. Needs no Qt: cc checksum_plain.c $(pkg-config --cflags --libs bulkhead-process)
 *
 *     checksum_plain [FOLDER] */
#define _XOPEN_SOURCE 700
#include <bulkhead/main_guard.h>
#include <bulkhead/process_pool.h>

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- in the worker process */

/* CRC-32 as gzip and zip have it, four bits at a time. */
static uint32_t crc32_add(uint32_t crc, const unsigned char *bytes, size_t count)
{
    static uint32_t table[16];
    for (uint32_t i = 0; i < 16 && !table[15]; i++)
        for (uint32_t bit = 0, value = i; bit < 4; bit++)
            table[i] = value = value & 1 ? value >> 1 ^ 0xedb88320u : value >> 1;
    for (size_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return crc;
}

static bh_status checksum(bh_job *self, bh_message_view arguments, bh_message *result)
{
    static unsigned char bytes[1 << 16];
    uint32_t crc = 0xffffffffu;
    int64_t size = 0;
    size_t got;
    const char *path = bh_message_get_string(arguments, "file", "");
    FILE *file = fopen(path, "rb");
    if (!file)
        return bh_job_fail(self, BH_ERROR_IO, "%s", strerror(errno));
    while ((got = fread(bytes, 1, sizeof bytes, file)) > 0 && !bh_job_cancelled(self)) {
        crc = crc32_add(crc, bytes, got);
        size += (int64_t)got;
    }
    bool failed = ferror(file);
    fclose(file);
    if (failed)
        return bh_job_fail(self, BH_ERROR_IO, "it cannot be read to its end");
    if (bh_job_cancelled(self))
        return BH_CANCELLED;
    bh_message_add_int(result, "size", size);
    return bh_message_add_int(result, "crc", crc ^ 0xffffffffu);
}

static const bh_process_function functions[] = {{"checksum", checksum}, {0}};

/* --- in the program */

static struct {
    char **paths;
    size_t count, room;
} list;

static int add_file(const char *path, const struct stat *facts, int type, struct FTW *where)
{
    (void)facts;
    (void)where;
    if (type != FTW_F)
        return 0;
    if (list.count == list.room) {
        size_t room = list.room ? list.room * 2 : 64;
        char **more = realloc(list.paths, room * sizeof *more);
        if (!more)
            return -1;
        list.paths = more;
        list.room = room;
    }
    list.paths[list.count] = strdup(path);
    return list.paths[list.count++] ? 0 : -1;
}

static bh_future *submit(bh_process_pool *pool, const char *path)
{
    bh_submit_options options = {BH_SUBMIT_OPTIONS_INIT, .run_ms = 60000, .retries = 1};
    bh_message *arguments = bh_message_create();
    bh_message_add_string(arguments, "file", path);
    bh_future *future = bh_process_pool_submit(pool, "checksum", arguments, &options);
    bh_message_destroy(arguments);
    return future;
}

/* True if there was a checksum. */
static bool print_result(const char *path, bh_future *future)
{
    bh_message_view result;
    bh_process_failure failure;
    bool well = bh_future_wait(future, -1) == BH_OK && bh_future_get_state(future) == BH_FUTURE_DONE;
    if (well && bh_future_result(future, &result) == BH_OK)
        printf("%08" PRIx64 " %12" PRId64 "  %s\n", bh_message_get_int(result, "crc", 0), bh_message_get_int(result, "size", 0),
               path);
    else if (bh_future_failure(future, &failure) == BH_OK)
        printf("not done %12s  %s: %s\n", "", path, failure.text);
    bh_future_destroy(future);
    return well;
}

static size_t print_all(bh_process_pool *pool)
{
    bh_future **futures = calloc(list.count + 1, sizeof(bh_future *));
    size_t failed = 0;
    for (size_t i = 0; futures && i < list.count; i++)
        futures[i] = submit(pool, list.paths[i]);
    for (size_t i = 0; i < list.count; i++) {
        failed += !futures || !print_result(list.paths[i], futures[i]);
        free(list.paths[i]);
    }
    free(futures);
    free(list.paths);
    return failed;
}

int main(int argc, char **argv)
{
    bh_main_guard(argc, argv, functions);
    const char *folder = argc > 1 ? argv[1] : ".";
    if (nftw(folder, add_file, 32, FTW_PHYS)) {
        fprintf(stderr, "cannot list %s: %s\n", folder, strerror(errno));
        return 1;
    }
    bh_process_pool *pool = bh_process_pool_create(&(bh_process_pool_options){BH_PROCESS_POOL_OPTIONS_INIT, .name = "checksums"});
    size_t count = list.count, failed = print_all(pool);
    fprintf(stderr, "%zu files, %zu without a checksum\n", count, failed);
    bh_process_pool_close(pool, 1000);
    bh_process_pool_destroy(pool);
    return failed ? 1 : 0;
}
