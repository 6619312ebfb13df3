/* XGBoost: matrices, parameters, models. */
#include "jobs/trainer/booster.h"

#include "jobs/trainer/fail.h"
#include "jobs/trainer/new_file.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARRAY_TEXT = 160, NAME_ROOM = 16 };

bh_status booster_failed(const char *call, table_error *error)
{
    /* "[20:47:01] ./src/data/data.cc:583: Check failed: …\nStack trace:…" */
    const char *text = XGBGetLastError();
    const char *source = text[0] == '[' ? strstr(text, ": ") : NULL;
    if (source)
        text = source + 2;
    if (strstr(text, "bad_alloc"))
        return train_fail(error, BH_ERROR_MEMORY, "%s: there is not enough memory", call);
    return train_fail(error, BH_ERROR, "%s: %.*s", call, (int)strcspn(text, "\n"), text);
}

/* --- matrices */

static const char *array(char *out, const void *data, const char *shape, const char *type)
{
    snprintf(out, ARRAY_TEXT, "{\"data\":[%" PRIuPTR ",false],\"shape\":[%s],\"typestr\":\"%s\",\"version\":3}", (uintptr_t)data,
             shape, type);
    return out;
}

static int make_matrix(const table *data, int threads, DMatrixHandle *out)
{
    char values[ARRAY_TEXT], index[ARRAY_TEXT], begin[ARRAY_TEXT], shape[64], config[64];
    snprintf(config, sizeof config, "{\"missing\":NaN,\"nthread\":%d}", threads);
    if (data->dense) {
        snprintf(shape, sizeof shape, "%zu,%zu", data->rows, data->features);
        return XGDMatrixCreateFromDense(array(values, data->dense, shape, "<f4"), config, out);
    }
    snprintf(shape, sizeof shape, "%zu", data->rows + 1);
    array(begin, data->begin, shape, "<u8");
    snprintf(shape, sizeof shape, "%" PRIu64, data->begin[data->rows]);
    array(index, data->index, shape, "<u4");
    array(values, data->value, shape, "<f4");
    return XGDMatrixCreateFromCSR(begin, index, values, data->features, config, out);
}

static bool has_categories(const table_schema *schema)
{
    bool any = false;
    for (size_t i = 0; schema->features && i < schema->feature_count; i++)
        any |= schema->features[i].kind == TABLE_CATEGORY;
    return any;
}

static const char *kind_of(const table_schema *schema, size_t i)
{
    return schema->features[i].kind == TABLE_CATEGORY ? "c" : "q";
}

static int set_kinds(DMatrixHandle matrix, const table_schema *schema)
{
    const char **kinds = calloc(schema->feature_count, sizeof *kinds);
    if (!kinds)
        return -1;
    for (size_t i = 0; i < schema->feature_count; i++)
        kinds[i] = kind_of(schema, i);
    int failed = XGDMatrixSetStrFeatureInfo(matrix, "feature_type", kinds, schema->feature_count);
    free(kinds);
    return failed;
}

bh_status booster_matrix(const table *data, const table_schema *schema, int threads, DMatrixHandle *out, table_error *error)
{
    *out = NULL;
    if (make_matrix(data, threads, out))
        return booster_failed("the numbers", error);
    if ((!data->label || XGDMatrixSetFloatInfo(*out, "label", data->label, data->rows) == 0) &&
        (!has_categories(schema) || set_kinds(*out, schema) == 0))
        return BH_OK;
    XGDMatrixFree(*out);
    *out = NULL;
    return booster_failed("the labels", error);
}

/* --- features */

static char **feature_names(const table_schema *schema, char *room)
{
    const char **names = calloc(schema->feature_count + 1, sizeof *names);
    for (size_t i = 0; names && i < schema->feature_count; i++)
        names[i] = table_schema_feature(schema, i, room + i * NAME_ROOM);
    return (char **)names;
}

static bh_status set_names(BoosterHandle booster, const table_schema *schema, char **names, table_error *error)
{
    if (XGBoosterSetStrFeatureInfo(booster, "feature_name", (const char **)names, schema->feature_count))
        return booster_failed("the features' names", error);
    if (schema->sparse)
        return BH_OK;
    for (size_t i = 0; i < schema->feature_count; i++)
        names[i] = (char *)(schema->features[i].kind == TABLE_CATEGORY ? "c" : "float");
    if (XGBoosterSetStrFeatureInfo(booster, "feature_type", (const char **)names, schema->feature_count))
        return booster_failed("the features' kinds", error);
    return BH_OK;
}

bh_status booster_name_features(BoosterHandle booster, const table_schema *schema, table_error *error)
{
    char *room = malloc((schema->feature_count + 1) * NAME_ROOM);
    char **names = room ? feature_names(schema, room) : NULL;
    bh_status status = names ? set_names(booster, schema, names, error) : train_no_memory(error);
    free(names);
    free(room);
    return status;
}

/* --- parameters */

static int set_number(BoosterHandle booster, const char *name, double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.9g", value); /* a float, there */
    return XGBoosterSetParam(booster, name, text);
}

static int set_all(BoosterHandle booster, const parameter_values *values, size_t classes, int threads)
{
    static const char *const objectives[] = {[OBJECTIVE_BINARY] = "binary:logistic",
                                             [OBJECTIVE_MULTI_CLASS] = "multi:softprob",
                                             [OBJECTIVE_REGRESSION] = "reg:squarederror"};
    int objective = (int)values->value[PARAMETER_OBJECTIVE];
    int failed = XGBoosterSetParam(booster, "objective", objectives[objective]);
    if (objective == OBJECTIVE_MULTI_CLASS)
        failed |= set_number(booster, "num_class", (double)classes);
    for (int i = PARAMETER_ETA; i <= PARAMETER_ALPHA; i++)
        failed |= set_number(booster, parameters[i].name, values->value[i]);
    failed |= XGBoosterSetParam(booster, "tree_method", parameters_choice(values, PARAMETER_TREE_METHOD));
    if (values->value[PARAMETER_TREE_METHOD] == TREE_HIST)
        failed |= set_number(booster, "max_bin", values->value[PARAMETER_MAX_BIN]);
    if (objective == OBJECTIVE_BINARY)
        failed |= set_number(booster, "scale_pos_weight", values->value[PARAMETER_SCALE_POS_WEIGHT]);
    failed |= XGBoosterSetParam(booster, "eval_metric", parameters_choice(values, PARAMETER_METRIC));
    return failed | set_number(booster, "nthread", threads);
}

bh_status booster_set(BoosterHandle booster, const parameter_values *values, size_t classes, int threads, table_error *error)
{
    return set_all(booster, values, classes, threads) ? booster_failed("the parameters", error) : BH_OK;
}

/* XGBoost makes what grows trees anew when the method is another one, which it is as soon as it is asked for something; and forgets its
 * parameters with it. */
bh_status booster_draw_anew(BoosterHandle booster, const parameter_values *values, size_t classes, int threads,
                            table_error *error)
{
    bst_ulong features;
    if (XGBoosterSetParam(booster, "tree_method", "approx") || XGBoosterGetNumFeature(booster, &features) ||
        set_all(booster, values, classes, threads) || XGBoosterGetNumFeature(booster, &features))
        return booster_failed("the parameters", error);
    return BH_OK;
}

double booster_metric(const char *text, const char *name, const char *metric)
{
    char key[64];
    snprintf(key, sizeof key, "\t%s-%s:", name, metric);
    const char *found = strstr(text, key);
    return found ? strtod(found + strlen(key), NULL) : NAN;
}

/* --- models */

bh_status booster_save(BoosterHandle booster, const char *path, table_error *error)
{
    const char *end = strrchr(path, '.'), *bytes;
    bool binary = end && strcmp(end, ".ubj") == 0;
    bst_ulong size;
    if (XGBoosterSaveModelToBuffer(booster, binary ? "{\"format\":\"ubj\"}" : "{\"format\":\"json\"}", &size, &bytes))
        return booster_failed("the model", error);
    const void *part = bytes;
    const size_t part_size = size;
    return new_file_replace(path, &part, &part_size, 1, error);
}

static bh_status set_attribute(BoosterHandle booster, bh_message *message, table_error *error)
{
    bh_message_view view;
    bh_status status = bh_message_complete(message, &view);
    if (status)
        return train_fail(error, status, "the model cannot be described: %s", bh_last_error());
    char *json = bh_message_view_json(view);
    if (!json)
        return train_no_memory(error);
    if (XGBoosterSetAttr(booster, "bulkhead", json))
        status = booster_failed("the model's description", error);
    bh_free(json);
    return status;
}

bh_status booster_describe(BoosterHandle booster, const parameter_values *values, const table_schema *schema, table_error *error)
{
    bh_message *message = bh_message_create();
    if (!message)
        return train_no_memory(error);
    bh_message_add_int(message, "version", 1);
    bh_message_add_string(message, "objective", parameters_choice(values, PARAMETER_OBJECTIVE));
    table_schema_write(schema, message, "schema");
    bh_status status = set_attribute(booster, message, error);
    bh_message_destroy(message);
    return status;
}
