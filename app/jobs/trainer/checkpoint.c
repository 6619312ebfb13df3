/* Checkpoints: 8 bytes that name the format, a hash of the rest, and a message. */
#include "jobs/trainer/checkpoint.h"

#include "jobs/trainer/fail.h"
#include "jobs/trainer/new_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAGIC = 8, HEADER = MAGIC + 8 };
static const char magic[MAGIC + 1] = "BHTRAIN1";

static bool path_of(char *out, const char *folder)
{
    return snprintf(out, NEW_FILE_PATH, "%s/%s", folder, CHECKPOINT_NAME) < NEW_FILE_PATH;
}

static void add(const checkpoint *self, bh_message *message)
{
    bh_message_add_int(message, "round", self->round);
    bh_message_add_int(message, "every", self->every);
    bh_message_add_int(message, "threads", self->threads);
    bh_message_add_int(message, "best_round", self->best_round);
    bh_message_add_double(message, "best", self->best);
    bh_message_add_double(message, "seconds", self->seconds);
    bh_message_add_bytes(message, "data", &self->data, sizeof self->data);
    bh_message_add_string(message, "parameters", self->parameters);
    bh_message_add_bytes(message, "booster", self->booster, self->booster_size);
}

bh_status checkpoint_write(const checkpoint *self, const char *folder, table_error *error)
{
    char path[NEW_FILE_PATH];
    const void *data;
    size_t size;
    if (!path_of(path, folder))
        return train_fail(error, BH_ERROR_RANGE, "the folder's path is too long");
    bh_message *message = bh_message_create();
    if (!message)
        return train_no_memory(error);
    add(self, message);
    bh_status status = bh_message_data(message, &data, &size);
    if (status) {
        train_fail(error, status, "the checkpoint cannot be made: %s", bh_last_error());
    } else {
        uint64_t hash = file_hash(0, data, size);
        const void *parts[] = {magic, &hash, data};
        const size_t sizes[] = {MAGIC, sizeof hash, size};
        status = new_file_replace(path, parts, sizes, 3, error);
    }
    bh_message_destroy(message);
    return status;
}

static bh_status take(checkpoint *self, bh_message_view view)
{
    const char *text;
    const void *data;
    size_t size;
    bh_status status = bh_message_read_string(view, "parameters", &text);
    if (!status)
        status = bh_message_read_bytes(view, "data", &data, &size);
    if (!status && size != sizeof self->data)
        status = BH_ERROR_FORMAT;
    if (!status)
        status = bh_message_read_bytes(view, "booster", &self->booster, &self->booster_size);
    if (status)
        return status;
    memcpy(&self->data, data, sizeof self->data);
    snprintf(self->parameters, sizeof self->parameters, "%s", text);
    self->round = (int)bh_message_get_int(view, "round", 0);
    self->every = (int)bh_message_get_int(view, "every", 0);
    self->threads = (int)bh_message_get_int(view, "threads", 0);
    self->best_round = (int)bh_message_get_int(view, "best_round", 0);
    self->best = bh_message_get_double(view, "best", 0);
    self->seconds = bh_message_get_double(view, "seconds", 0);
    return self->round >= 0 && self->every > 0 && self->threads > 0 ? BH_OK : BH_ERROR_FORMAT;
}

static bool open_file(checkpoint *self, size_t size)
{
    uint64_t hash;
    bh_message_view view;
    const char *bytes = self->file;
    if (size < HEADER || memcmp(bytes, magic, MAGIC) != 0)
        return false;
    memcpy(&hash, bytes + MAGIC, sizeof hash);
    return hash == file_hash(0, bytes + HEADER, size - HEADER) && !bh_message_open(bytes + HEADER, size - HEADER, &view) &&
           !take(self, view);
}

bh_status checkpoint_read(checkpoint *self, const char *folder, bool *found, table_error *error)
{
    char path[NEW_FILE_PATH];
    size_t size;
    memset(self, 0, sizeof *self);
    *found = false;
    if (!path_of(path, folder))
        return train_fail(error, BH_ERROR_RANGE, "the folder's path is too long");
    bh_status status = file_read(path, &self->file, &size, error);
    if (status || !self->file)
        return status;
    if (!open_file(self, size)) {
        checkpoint_clear(self);
        return train_fail(error, BH_ERROR_FORMAT, "%.300s is damaged: the run cannot go on; train it anew in another folder",
                          path);
    }
    *found = true;
    return BH_OK;
}

void checkpoint_clear(checkpoint *self)
{
    free(self->file);
    self->file = NULL;
    self->booster = NULL;
}

/* Both are lines "name=value", of the same names. */
static bh_status differs(const char *was, const char *is, table_error *error)
{
    while (*was && *is) {
        size_t a = strcspn(was, "\n"), b = strcspn(is, "\n");
        if (a != b || memcmp(was, is, a) != 0)
            return train_fail(
                error, BH_ERROR_STATE,
                "the checkpoint is of other parameters: it has %.*s, the run has %.*s; resume with the same, or train anew",
                (int)a, was, (int)b, is);
        was += a + (was[a] == '\n');
        is += b + (is[b] == '\n');
    }
    return train_fail(error, BH_ERROR_STATE, "the checkpoint is of other parameters: train anew");
}

bh_status checkpoint_fits(const checkpoint *self, const char *text, uint64_t data, table_error *error)
{
    if (strcmp(self->parameters, text) != 0)
        return differs(self->parameters, text, error);
    if (self->data != data)
        return train_fail(error, BH_ERROR_STATE,
                          "the checkpoint is of other data: the file, its columns, or the split have changed; train anew");
    return BH_OK;
}
