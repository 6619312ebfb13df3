/* libFuzzer: any bytes as a list of files. What is read has an address that can be fetched and a harmless name that no other has; what is
 * not has a sentence. */
#include <jobs/manifest/manifest.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool holds, const char *promise)
{
    if (!holds) {
        fprintf(stderr, "broken promise: %s\n", promise);
        abort();
    }
}

static int by_name(const void *left, const void *right)
{
    const manifest_item *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static void check_item(const manifest_item *item)
{
    check(strncasecmp(item->url, "http", 4) == 0 || strncasecmp(item->url, "file:/", 6) == 0, "an address can be fetched");
    check(item->name[0] && item->name[0] != '.' && !strpbrk(item->name, "/\\\n\r\t"), "a name is harmless");
    check(strlen(item->name) < 256, "a name fits");
    check(!item->hash || strchr(item->hash, ':'), "a checksum has a name");
    check(item->bytes >= -1, "a length is none or one");
}

static void try_list(const char *bytes, size_t size, const char *base)
{
    manifest list;
    bh_status status = manifest_read(bytes, size, base, &list);
    check(status == BH_OK || status == BH_ERROR_FORMAT, "it is read, or refused");
    check((status == BH_OK) == (list.mistake_count == 0), "a refusal has a sentence");
    check(status != BH_OK || list.count > 0, "what is read is not empty");
    for (size_t i = 0; i < list.count; i++)
        check_item(list.items + i);
    if (list.count)
        qsort(list.items, list.count, sizeof *list.items, by_name);
    for (size_t i = 1; i < list.count; i++)
        check(strcmp(list.items[i - 1].name, list.items[i].name) != 0, "names are unique");
    manifest_free(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *exact = malloc(size ? size : 1); /* guarded at its end */
    if (!exact)
        return 0;
    memcpy(exact, bytes, size);
    try_list(exact, size, "https://example.org/data/list");
    try_list(exact, size, NULL);
    free(exact);
    return 0;
}
