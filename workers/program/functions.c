/* The table of bulkhead-worker, and the functions that need nothing but the library. */
#include "program/functions.h"

#include "program/module.h"
#include "program/sha256.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Gives back what it got. */
static bh_status echo(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    return bh_message_add_view(result, NULL, arguments);
}

static bh_status hash_file(bh_job *self, const char *path, FILE *file, sha256 *state)
{
    static unsigned char bytes[1 << 16];
    struct stat facts;
    uint64_t done = 0, whole = fstat(fileno(file), &facts) ? 0 : (uint64_t)facts.st_size;
    for (size_t got, turn = 0; (got = fread(bytes, 1, sizeof bytes, file)) > 0; turn++) {
        if (bh_job_cancelled(self))
            return BH_CANCELLED;
        if (!sha256_add(state, bytes, got))
            return bh_job_fail(self, BH_ERROR_MEMORY, "libcrypto could not go on with %s", path);
        done += got;
        if (turn % 64 == 63 && done <= whole)
            bh_job_percent(self, (int)(done * 100 / whole), path);
    }
    return ferror(file) ? bh_job_fail(self, BH_ERROR_IO, "cannot read %s: %s", path, strerror(errno)) : BH_OK;
}

static bh_status hash(bh_job *self, const char *path, FILE *file, char *digest)
{
    const char *why;
    sha256 *state = sha256_begin(&why);
    if (!state)
        return bh_job_fail(self, BH_ERROR_SYSTEM, "no checksum of %s: %s", path, why);
    bh_status status = hash_file(self, path, file, state);
    if (!sha256_end(state, status ? NULL : digest))
        return bh_job_fail(self, BH_ERROR_MEMORY, "libcrypto could not end with %s", path);
    return status;
}

/* {"file": path} gives {"file": path, "sha256": 64 digits}. */
static bh_status checksum(bh_job *self, bh_message_view arguments, bh_message *result)
{
    const char *path;
    char digest[SHA256_TEXT];
    bh_status status = bh_message_read_string(arguments, "file", &path);
    if (status)
        return status;
    FILE *file = fopen(path, "rbe");
    if (!file)
        return bh_job_fail(self, BH_ERROR_IO, "cannot open %s: %s", path, strerror(errno));
    status = hash(self, path, file, digest);
    fclose(file);
    if (status)
        return status;
    bh_message_add_string(result, "file", path);
    return bh_message_add_string(result, "sha256", digest);
}

/* --- the program's jobs, each a module */

#define MODULE(name)                                                                         \
    static bh_status run_##name(bh_job *self, bh_message_view arguments, bh_message *result) \
    {                                                                                        \
        return module_run(#name, self, arguments, result);                                   \
    }

MODULE(fetch)
MODULE(inspect)
MODULE(predict)
MODULE(serve)
MODULE(train)
MODULE(unpack)

const bh_process_function worker_functions[] = {
    {"echo", echo},           {"sha256", checksum},     {"fetch", run_fetch},
    {"inspect", run_inspect}, {"predict", run_predict}, {"serve", run_serve},
    {"train", run_train},     {"unpack", run_unpack},   {0},
};
