/* Schemas as messages: beside a model, for those who predict with it. */
#include "jobs/table/error.h"
#include "jobs/table/schema.h"

#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = {"number", "category"};

static void write_column(const table_column *column, bh_message *message, const char *key)
{
    bh_message_begin_map(message, key);
    bh_message_add_string(message, "name", column->name);
    bh_message_add_string(message, "kind", kinds[column->kind]);
    bh_message_add_uint(message, "number", column->number);
    if (column->kind == TABLE_CATEGORY) {
        bh_message_begin_array(message, "categories");
        for (size_t i = 0; i < column->category_count; i++) {
            size_t length = strlen(column->categories[i]);
            if (table__is_utf8(column->categories[i], length))
                bh_message_add_string(message, NULL, column->categories[i]);
            else
                bh_message_add_bytes(message, NULL, column->categories[i], length);
        }
        bh_message_end(message);
    }
    bh_message_end(message);
}

void table_schema_write(const table_schema *schema, bh_message *message, const char *key)
{
    bh_message_begin_map(message, key);
    bh_message_add_bool(message, "sparse", schema->sparse);
    bh_message_add_bool(message, "named", schema->named);
    bh_message_add_uint(message, "columns", schema->columns);
    bh_message_add_uint(message, "index_base", schema->index_base);
    bh_message_add_uint(message, "feature_count", schema->feature_count);
    if (!schema->sparse) {
        bh_message_begin_array(message, "features");
        for (size_t i = 0; i < schema->feature_count; i++)
            write_column(&schema->features[i], message, NULL);
        bh_message_end(message);
    }
    if (schema->has_target)
        write_column(&schema->target, message, "target");
    bh_message_end(message);
}

/* --- reading: nothing is reported, everything is looked at before it is read */

static bool read_natural(bh_message_view map, const char *key, uint64_t most, uint64_t *value)
{
    bh_message_view found = bh_message_view_find(map, key);
    return bh_message_view_type(found) == BH_MESSAGE_INT && bh_message_read_uint(found, NULL, value) == BH_OK && *value <= most;
}

static bool read_flag(bh_message_view map, const char *key, bool *value)
{
    bh_message_view found = bh_message_view_find(map, key);
    return bh_message_view_type(found) == BH_MESSAGE_BOOL && bh_message_read_bool(found, NULL, value) == BH_OK;
}

/* A string, or bytes without a 0. The caller's; NULL if it is neither, or there is no memory. */
static char *read_text(bh_message_view value)
{
    const char *text;
    const void *bytes;
    size_t size;
    if (bh_message_view_type(value) == BH_MESSAGE_STRING && bh_message_read_string(value, NULL, &text) == BH_OK)
        return table__copy(text, strlen(text));
    if (bh_message_view_type(value) != BH_MESSAGE_BYTES || bh_message_read_bytes(value, NULL, &bytes, &size) ||
        memchr(bytes, 0, size))
        return NULL;
    return table__copy(bytes, size);
}

static bool read_categories(bh_message_view list, table_column *column)
{
    size_t count = bh_message_view_count(list);
    if (bh_message_view_type(list) != BH_MESSAGE_ARRAY || count == 0 || count > TABLE_MAX_CATEGORIES)
        return false;
    column->categories = calloc(count, sizeof *column->categories);
    for (size_t i = 0; column->categories && i < count; i++) {
        column->categories[i] = read_text(bh_message_view_at(list, i));
        if (!column->categories[i])
            return false;
        column->category_count = i + 1;
    }
    return column->categories != NULL;
}

static bool read_column(bh_message_view map, table_column *column)
{
    uint64_t number = 0;
    char *kind = read_text(bh_message_view_find(map, "kind"));
    column->name = read_text(bh_message_view_find(map, "name"));
    bool category = kind && strcmp(kind, kinds[TABLE_CATEGORY]) == 0;
    bool good = column->name && kind && (category || strcmp(kind, kinds[TABLE_NUMBER]) == 0) &&
                read_natural(map, "number", TABLE_MAX_COLUMNS - 1, &number);
    free(kind);
    column->number = (size_t)number;
    column->kind = category ? TABLE_CATEGORY : TABLE_NUMBER;
    return good && (!category || read_categories(bh_message_view_find(map, "categories"), column));
}

static bool read_features(bh_message_view list, table_schema *schema)
{
    size_t count = schema->feature_count;
    schema->feature_count = 0;
    if (bh_message_view_type(list) != BH_MESSAGE_ARRAY || bh_message_view_count(list) != count || count == 0)
        return false;
    schema->features = calloc(count, sizeof *schema->features);
    for (size_t i = 0; schema->features && i < count; i++) {
        schema->feature_count = i + 1;
        if (!read_column(bh_message_view_at(list, i), &schema->features[i]))
            return false;
    }
    return schema->features != NULL;
}

static bool read_schema(bh_message_view map, table_schema *schema)
{
    uint64_t columns, base, count;
    if (bh_message_view_type(map) != BH_MESSAGE_MAP || !read_flag(map, "sparse", &schema->sparse) ||
        !read_flag(map, "named", &schema->named) || !read_natural(map, "columns", TABLE_MAX_COLUMNS, &columns) ||
        !read_natural(map, "index_base", 1, &base) || !read_natural(map, "feature_count", TABLE_MAX_INDEX + 1, &count))
        return false;
    schema->columns = (size_t)columns;
    schema->index_base = (uint32_t)base;
    schema->feature_count = (size_t)count;
    if (!schema->sparse && !read_features(bh_message_view_find(map, "features"), schema))
        return false;
    bh_message_view target = bh_message_view_find(map, "target");
    schema->has_target = bh_message_view_type(target) != BH_MESSAGE_NOTHING;
    return !schema->has_target || read_column(target, &schema->target);
}

bh_status table_schema_read(bh_message_view view, table_schema **out, table_error *error)
{
    *out = NULL;
    table_schema *schema = calloc(1, sizeof *schema);
    if (!schema)
        return table__no_memory(error);
    if (!read_schema(view, schema)) {
        table_schema_destroy(schema);
        return table__fail(error, BH_ERROR_FORMAT, 0, "this does not describe the columns of a table: train the model again");
    }
    *out = schema;
    return BH_OK;
}
