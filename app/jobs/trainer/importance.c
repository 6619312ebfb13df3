/* Which features a model uses, and what they gain it. */
#include "jobs/trainer/booster.h"

#include "jobs/trainer/fail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1000, NAME_ROOM = 16 }; /* more are of no use to anybody who looks at them */

typedef struct used_feature {
    size_t index;
    double gain, weight;
} used_feature;

/* Names that tell the feature's place, whatever the columns are called. */
static char *numbered_config(const char *type, size_t count)
{
    size_t room = 64 + count * 16, used;
    char *config = malloc(room);
    if (!config)
        return NULL;
    used = (size_t)snprintf(config, room, "{\"importance_type\":\"%s\",\"feature_names\":[", type);
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(config + used, room - used, "%s\"f%zu\"", i ? "," : "", i);
    snprintf(config + used, room - used, "]}");
    return config;
}

/* COUNT features at most, those in use; their scores by XGBoost's TYPE. */
static bh_status score(BoosterHandle booster, const char *type, size_t features, used_feature **out, size_t *count,
                       table_error *error)
{
    bst_ulong dimensions, named;
    const bst_ulong *shape;
    const char **names;
    const float *scores;
    char *config = numbered_config(type, features);
    if (!config)
        return train_no_memory(error);
    int failed = XGBoosterFeatureScore(booster, config, &named, &names, &dimensions, &shape, &scores);
    free(config);
    if (failed)
        return booster_failed("the features' importance", error);
    if (!*out) {
        *count = named;
        *out = calloc(named + 1, sizeof **out);
    }
    if (!*out)
        return train_no_memory(error);
    bool gain = strcmp(type, "gain") == 0;
    for (size_t i = 0; i < named && i < *count; i++) { /* in the same order for each type */
        (*out)[i].index = strtoul(names[i] + 1, NULL, 10);
        *(gain ? &(*out)[i].gain : &(*out)[i].weight) = (double)scores[i];
    }
    return BH_OK;
}

static int by_gain(const void *left, const void *right)
{
    const used_feature *a = left, *b = right;
    if (a->gain != b->gain)
        return a->gain < b->gain ? 1 : -1;
    return (a->index > b->index) - (a->index < b->index);
}

static void add(const used_feature *used, size_t count, const table_schema *schema, bh_message *result)
{
    char room[NAME_ROOM];
    bh_message_begin_map(result, "importance");
    bh_message_begin_array(result, "features");
    for (size_t i = 0; i < count; i++)
        bh_message_add_string(result, NULL, table_schema_feature(schema, used[i].index, room));
    bh_message_end(result);
    bh_message_begin_array(result, "gain");
    for (size_t i = 0; i < count; i++)
        bh_message_add_double(result, NULL, used[i].gain);
    bh_message_end(result);
    bh_message_begin_array(result, "weight");
    for (size_t i = 0; i < count; i++)
        bh_message_add_double(result, NULL, used[i].weight);
    bh_message_end(result);
    bh_message_end(result);
}

bh_status booster_importance(BoosterHandle booster, const table_schema *schema, bh_message *result, table_error *error)
{
    used_feature *used = NULL;
    size_t count = 0;
    bh_status status = score(booster, "gain", schema->feature_count, &used, &count, error);
    if (!status)
        status = score(booster, "weight", schema->feature_count, &used, &count, error);
    if (!status && used) {
        qsort(used, count, sizeof *used, by_gain);
        add(used, count < MOST ? count : MOST, schema, result);
    }
    free(used);
    return status;
}
