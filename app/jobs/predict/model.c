/* Models. */
#include "jobs/predict/model.h"

#include "jobs/trainer/booster.h"
#include "jobs/trainer/fail.h"
#include "jobs/trainer/new_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bh_status load(model *self, const char *path, table_error *error)
{
    void *bytes;
    size_t size;
    bh_status status = file_read(path, &bytes, &size, error);
    if (status)
        return status;
    if (!bytes)
        return train_fail(error, BH_ERROR_IO, "there is no model %.300s", path);
    /* Both formats begin so; anything else would be read as the binary format of old, unchecked */
    if (size < 2 || ((const char *)bytes)[0] != '{')
        status = train_fail(error, BH_ERROR_FORMAT, "%.300s is no model of XGBoost, JSON or UBJSON", path);
    else if (XGBoosterLoadModelFromBuffer(self->booster, bytes, size))
        status = booster_failed("XGBoost", error);
    free(bytes);
    if (status == BH_ERROR) {
        table_error said = *error;
        status = train_fail(error, BH_ERROR_FORMAT, "%.300s is damaged, or no model. %.150s", path, said.text);
    }
    return status;
}

static bh_status read_description(model *self, const char *word, const char *path, table_error *error)
{
    bh_message_view view;
    char *words[] = {(char *)word};
    bh_message *message = bh_message_from_words(1, words);
    bh_status status = BH_ERROR_FORMAT;
    if (message && !bh_message_complete(message, &view))
        status = table_schema_read(bh_message_view_find(bh_message_view_find(view, "m"), "schema"), &self->schema, error);
    else
        train_fail(error, status, "%.300s: what it says of its columns cannot be read", path);
    bh_message_destroy(message);
    return status;
}

static bh_status describe(model *self, const char *path, table_error *error)
{
    const char *text = NULL;
    int found = 0;
    if (XGBoosterGetAttr(self->booster, "bulkhead", &text, &found))
        return booster_failed("the model", error);
    if (!found)
        return train_fail(error, BH_ERROR_FORMAT, "%.300s was not trained here: it does not say what its columns and classes are",
                          path);
    size_t room = strlen(text) + 3;
    char *word = malloc(room);
    if (!word)
        return train_no_memory(error);
    snprintf(word, room, "m=%s", text);
    bh_status status = read_description(self, word, path, error);
    free(word);
    return status;
}

bh_status model_open(model *self, const char *path, table_error *error)
{
    self->schema = NULL;
    if (XGBoosterCreate(NULL, 0, &self->booster))
        return booster_failed("the model", error);
    bh_status status = load(self, path, error);
    if (!status)
        status = describe(self, path, error);
    if (status)
        model_close(self);
    return status;
}

void model_close(model *self)
{
    XGBoosterFree(self->booster);
    table_schema_destroy(self->schema);
}
