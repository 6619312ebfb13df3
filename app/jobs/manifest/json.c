/* Frictionless data packages: https://specs.frictionlessdata.io/data-package */
#include "jobs/manifest/list.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void add_path(reading *r, const json_t *path, const char *hash, int64_t bytes, size_t number)
{
    const char *text = json_string_value(path);
    if (text && *text)
        list_add(r, text, NULL, hash, bytes);
    else
        list_mistake(r, "resource %zu: its path is not text", number);
}

static void read_resource(reading *r, const json_t *resource, size_t number)
{
    char hash[160];
    const json_t *path = json_object_get(resource, "path"), *bytes = json_object_get(resource, "bytes");
    const char *sum = text_of(resource, "hash"), *colon = sum ? strchr(sum, ':') : NULL;
    path = path ? path : json_object_get(resource, "url");
    if (!path && json_object_get(resource, "data"))
        return; /* its bytes stand in the list itself */
    if (!path) {
        list_mistake(r, "resource %zu has neither path nor url", number);
        return;
    }
    if (sum && !list_hash(hash, sizeof hash, colon ? sum : NULL, colon ? (size_t)(colon - sum) : 0, colon ? colon + 1 : sum)) {
        list_mistake(r, "resource %zu: the hash '%.80s' is none that is known, with all its digits", number, sum);
        return;
    }
    int64_t size = json_is_integer(bytes) && json_integer_value(bytes) >= 0 ? json_integer_value(bytes) : -1;
    if (!json_is_array(path)) {
        add_path(r, path, sum ? hash : NULL, size, number);
        return;
    }
    for (size_t i = 0; i < json_array_size(path); i++) /* of all parts together */
        add_path(r, json_array_get(path, i), NULL, -1, number);
}

void json_read(reading *r, const char *text, size_t size)
{
    json_error_t error;
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    const json_t *resources = json_object_get(root, "resources");
    r->line = root ? 0 : error.line;
    if (!root)
        list_mistake(r, "no JSON, or a damaged one: %s", error.text);
    else if (!json_is_array(resources))
        list_mistake(r, "this JSON is no data package: it has no \"resources\"");
    for (size_t i = 0; i < json_array_size(resources) && !r->no_memory; i++)
        read_resource(r, json_array_get(resources, i), i + 1);
    r->line = 0;
    json_decref(root);
}
