/* The job "unpack": .zip, .tar.*, and single files that were compressed (.gz .zst .xz .bz2), by libarchive.
 *
 * Arguments: "file" · "output": the folder that is made, or the file, if a single one was compressed; must not exist · "max_bytes" [1e12]: of all
 * that is unpacked · "max_ratio" [1000]: how many times larger than the archive, beyond the first 256 MB · "max_files" [1000000].
 * Progress: "done" and "total" (bytes of the archive), "unpacked" (bytes), "files", "text".
 * Result: "output", "kind" ("folder" or "file"), "files", "bytes", "skipped" (symbolic links and devices), "renamed" (the name was
 * taken), "first" (the name of the first file).
 *
 * An archive is nobody's friend: a name that leads out of the folder, and more than the limits, refuse the whole of it. All is unpacked to a folder
 * beside, "OUTPUT.unpacking", which gets its name at the end and is removed on failure. Owners, modes and times are not taken over. */
#include "jobs/unpack/unpack.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

BH_API bh_status job_unpack(bh_job *self, bh_message_view arguments, bh_message *result);

static bh_status read_arguments(unpack *u, bh_message_view arguments)
{
    bh_status status = bh_message_read_string(arguments, "file", &u->file);
    if (!status)
        status = bh_message_read_string(arguments, "output", &u->output);
    if (status)
        return status;
    u->max_bytes = bh_message_get_int(arguments, "max_bytes", INT64_C(1000000000000));
    u->max_ratio = bh_message_get_int(arguments, "max_ratio", 1000);
    u->max_files = bh_message_get_int(arguments, "max_files", 1000000);
    if (u->max_bytes < 1 || u->max_ratio < 1 || u->max_files < 1)
        return bh_job_fail(u->self, BH_ERROR_RANGE, "max_bytes, max_ratio and max_files must be at least 1");
    if (access(u->output, F_OK) == 0)
        return bh_job_fail(u->self, BH_ERROR_EXISTS, "there is %s already: choose another name", u->output);
    return BH_OK;
}

static bh_status begin(unpack *u)
{
    char *folder;
    struct stat facts;
    if (stat(u->file, &facts) || !S_ISREG(facts.st_mode))
        return bh_job_fail(u->self, BH_ERROR_IO, "cannot read %s: %s", u->file,
                           errno ? strerror(errno) : "it is no regular file");
    u->size = facts.st_size;
    u->progress = bh_message_create();
    if (!u->progress || asprintf(&folder, "%s.unpacking", u->output) < 0)
        return bh_job_fail(u->self, BH_ERROR_MEMORY, "no memory");
    bool fine = tree_begin(&u->tree, folder);
    int why = errno;
    free(folder);
    if (fine)
        return BH_OK;
    return bh_job_fail(u->self, BH_ERROR_IO, "cannot make the folder %s.unpacking: %s", u->output,
                       why == EWOULDBLOCK ? "another process is unpacking there" : strerror(why));
}

static bh_status report(const unpack *u, bh_message *result)
{
    bh_message_add_string(result, "output", u->output);
    bh_message_add_string(result, "kind", u->single ? "file" : "folder");
    bh_message_add_int(result, "files", u->files);
    bh_message_add_int(result, "bytes", u->bytes);
    bh_message_add_int(result, "skipped", u->skipped);
    bh_message_add_int(result, "renamed", u->tree.renamed);
    return bh_message_add_string(result, "first", u->first);
}

static bh_status work(unpack *u, bh_message *result)
{
    bh_status status = begin(u);
    if (!status)
        status = unpack_all(u);
    if (status)
        return status;
    if (!tree_publish(&u->tree, u->single ? u->first : NULL, u->output))
        return bh_job_fail(u->self, BH_ERROR_IO, "cannot give %s its name: %s", u->output, strerror(errno));
    return report(u, result);
}

bh_status job_unpack(bh_job *self, bh_message_view arguments, bh_message *result)
{
    unpack *u = calloc(1, sizeof *u);
    if (!u)
        return bh_job_fail(self, BH_ERROR_MEMORY, "no memory");
    u->self = self;
    u->tree.folder = -1;
    /* Names in archives are converted to the locale's encoding, and a worker's locale is C */
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0), before = utf8 ? uselocale(utf8) : (locale_t)0;
    void (*old)(int) = signal(SIGXFSZ, SIG_IGN);
    bh_status status = read_arguments(u, arguments);
    if (!status)
        status = work(u, result);
    signal(SIGXFSZ, old);
    tree_end(&u->tree);
    bh_message_destroy(u->progress);
    free(u);
    if (utf8) {
        uselocale(before);
        freelocale(utf8);
    }
    return status;
}
