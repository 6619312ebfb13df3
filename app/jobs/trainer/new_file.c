/* Files that are whole or not there. */
#include "jobs/trainer/new_file.h"

#include "jobs/publish/publish.h"
#include "jobs/trainer/fail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bh_status new_file_open(new_file *file, const char *path, table_error *error)
{
    file->failure = 0;
    file->used = 0;
    if (snprintf(file->path, sizeof file->path, "%s", path) >= (int)sizeof file->path)
        return train_fail(error, BH_ERROR_RANGE, "the path %.100s… is too long", path);
    snprintf(file->temporary, sizeof file->temporary, "%s.part", path);
    file->descriptor = open(file->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file->descriptor < 0)
        return train_fail(error, BH_ERROR_IO, "cannot write %.300s: %s", file->temporary, strerror(errno));
    return BH_OK;
}

static void put(new_file *file, const char *bytes, size_t size)
{
    while (size > 0 && !file->failure) {
        ssize_t put = write(file->descriptor, bytes, size);
        if (put < 0 && errno != EINTR)
            file->failure = errno;
        if (put > 0) {
            bytes += put;
            size -= (size_t)put;
        }
    }
}

static void flush(new_file *file)
{
    put(file, file->buffer, file->used);
    file->used = 0;
}

void new_file_write(new_file *file, const void *data, size_t size)
{
    if (size > sizeof file->buffer - file->used)
        flush(file);
    if (size > sizeof file->buffer) {
        put(file, data, size);
    } else {
        memcpy(file->buffer + file->used, data, size);
        file->used += size;
    }
}

void new_file_print(new_file *file, const char *format, ...)
{
    char text[1024];
    va_list values;
    va_start(values, format);
    int size = vsnprintf(text, sizeof text, format, values);
    va_end(values);
    if (size > 0)
        new_file_write(file, text, (size_t)size < sizeof text ? (size_t)size : sizeof text - 1);
}

bh_status new_file_keep(new_file *file, table_error *error)
{
    flush(file);
    if (!file->failure && fsync(file->descriptor))
        file->failure = errno;
    if (close(file->descriptor) && !file->failure)
        file->failure = errno;
    file->descriptor = -1;
    if (!file->failure && rename(file->temporary, file->path))
        file->failure = errno;
    if (file->failure)
        unlink(file->temporary);
    else if (!publish_sync(file->path))
        file->failure = errno;
    if (!file->failure)
        return BH_OK;
    return train_fail(error, BH_ERROR_IO, "cannot write %.300s: %s", file->path, strerror(file->failure));
}

void new_file_drop(new_file *file)
{
    close(file->descriptor);
    unlink(file->temporary);
}

bh_status new_file_replace(const char *path, const void *const *parts, const size_t *sizes, size_t count, table_error *error)
{
    new_file *file = malloc(sizeof *file);
    if (!file)
        return train_no_memory(error);
    bh_status status = new_file_open(file, path, error);
    if (!status) {
        for (size_t i = 0; i < count; i++)
            new_file_write(file, parts[i], sizes[i]);
        status = new_file_keep(file, error);
    }
    free(file);
    return status;
}

static bh_status read_open(int descriptor, const char *path, void **data, size_t *size, table_error *error)
{
    struct stat facts;
    if (fstat(descriptor, &facts) || !S_ISREG(facts.st_mode))
        return train_fail(error, BH_ERROR_IO, "%.300s is no file", path);
    size_t room = (size_t)facts.st_size, done = 0;
    char *bytes = malloc(room + 1);
    if (!bytes)
        return train_no_memory(error);
    ssize_t got = 1;
    while (done < room && got > 0) {
        got = read(descriptor, bytes + done, room - done);
        if (got > 0)
            done += (size_t)got;
    }
    if (got < 0) {
        free(bytes);
        return train_fail(error, BH_ERROR_IO, "cannot read %.300s: %s", path, strerror(errno));
    }
    bytes[done] = 0;
    *data = bytes;
    *size = done;
    return BH_OK;
}

bh_status file_read(const char *path, void **data, size_t *size, table_error *error)
{
    *data = NULL;
    *size = 0;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 && errno == ENOENT)
        return BH_OK;
    if (descriptor < 0)
        return train_fail(error, BH_ERROR_IO, "cannot open %.300s: %s", path, strerror(errno));
    bh_status status = read_open(descriptor, path, data, size, error);
    close(descriptor);
    return status;
}

static uint64_t stir(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ (hash >> 29);
}

uint64_t file_hash(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    uint64_t word;
    hash = stir(hash, size);
    for (; size >= sizeof word; size -= sizeof word, bytes += sizeof word) {
        memcpy(&word, bytes, sizeof word);
        hash = stir(hash, word);
    }
    word = 0;
    if (size > 0)
        memcpy(&word, bytes, size);
    return stir(hash, word);
}
