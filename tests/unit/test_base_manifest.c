/* Lists of files: each kind is read, and each mistake has a sentence with its line. */
#include <jobs/manifest/manifest.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define D32 "0123456789abcdef0123456789ABCDEF"
static const char base[] = "https://example.org/data/list.txt?x=/y";

static bh_status read_text(const char *text, manifest *out)
{
    return manifest_read(text, strlen(text), base, out);
}

static void expect(const manifest *list, size_t at, const char *url, const char *name, const char *hash)
{
    assert_true(at < list->count);
    assert_string_equal(list->items[at].url, url);
    assert_string_equal(list->items[at].name, name);
    if (hash)
        assert_string_equal(list->items[at].hash, hash);
    else
        assert_null(list->items[at].hash);
}

static void addresses(void **state)
{
    manifest list;
    (void)state;
    assert_int_equal(
        read_text("\xEF\xBB\xBF# all\r\n\r\n  https://a.org/x%20y.csv?token=1/2\r\nfile:///tmp/z\nhttp://a.org/", &list), BH_OK);
    assert_int_equal(list.count, 3);
    expect(&list, 0, "https://a.org/x%20y.csv?token=1/2", "x y.csv", NULL);
    expect(&list, 1, "file:///tmp/z", "z", NULL);
    expect(&list, 2, "http://a.org/", "download", NULL);
    assert_int_equal(list.items[0].line, 3);
    manifest_free(&list);
}

static void sums(void **state)
{
    manifest list;
    (void)state;
    assert_int_equal(read_text(D32 D32 "  a b.csv\n" D32 " *./sub/ü.csv\nSHA256 (c (1).csv) = " D32 D32 "\n", &list), BH_OK);
    expect(&list, 0, "https://example.org/data/a%20b.csv", "a b.csv", "sha256:" D32 D32);
    expect(&list, 1, "https://example.org/data/sub/%C3%BC.csv", "ü.csv", "md5:" D32);
    expect(&list, 2, "https://example.org/data/c%20(1).csv", "c (1).csv", "sha256:" D32 D32);
    manifest_free(&list);
}

static void options_of_aria2(void **state)
{
    manifest list;
    (void)state;
    assert_int_equal(
        read_text("http://a.org/1\thttp://b.org/1\n  out=../x.csv\n  checksum=sha-256=" D32 D32 "\n  split=4\n", &list), BH_OK);
    assert_int_equal(list.count, 1);
    expect(&list, 0, "http://a.org/1", "_._x.csv", "sha256:" D32 D32);
    manifest_free(&list);
}

static void data_package(void **state)
{
    manifest list;
    (void)state;
    assert_int_equal(read_text("{\"resources\": [{\"path\": \"a.csv\", \"hash\": \"" D32 "\", \"bytes\": 12},"
                               "{\"path\": [\"p1\", \"http://b.org/p2\"]}, {\"data\": [1]}, {\"url\": \"https://c.org/c\"}]}",
                               &list),
                     BH_OK);
    assert_int_equal(list.count, 4);
    expect(&list, 0, "https://example.org/data/a.csv", "a.csv", "md5:" D32);
    assert_int_equal(list.items[0].bytes, 12);
    expect(&list, 1, "https://example.org/data/p1", "p1", NULL);
    expect(&list, 2, "http://b.org/p2", "p2", NULL);
    assert_int_equal(list.items[1].bytes, -1);
    manifest_free(&list);
}

static void names_are_unique_and_harmless(void **state)
{
    manifest list;
    (void)state;
    assert_int_equal(
        read_text("http://a/x.csv\nhttp://b/x.csv\nhttp://c/x-2.csv\nhttp://d/x.csv\nhttp://e/%2e%2e%2Fy\nhttp://f/%ff%0a%00.\n"
                  "http://g/.bashrc\n",
                  &list),
        BH_OK);
    static const char *const names[] = {"x.csv", "x-2.csv", "x-2-2.csv", "x-3.csv", "_._y", "___.", "_bashrc"};
    for (size_t i = 0; i < list.count; i++)
        assert_string_equal(list.items[i].name, names[i]);
    assert_int_equal(list.count, 7);
    manifest_free(&list);
}

static void mistakes(void **state)
{
    static const struct {
        const char *text, *sentence;
    } wrong[] = {
        {"", "nothing to fetch"},
        {"# none\n", "nothing to fetch"},
        {"\nhello\n", "line 2: 'hello' is neither"},
        {"/tmp/a.csv", "line 1: '/tmp/a.csv' is a path of this computer: write file://"},
        {"ftp://a/b", "line 1: 'ftp://a/b' is no address that can be fetched"},
        {D32 "0  x", "line 1: a checksum of 33 digits"},
        {D32 "  ../x", "leads out"},
        {D32 "  /etc/passwd", "leads out"},
        {"MD5 (x) = 12", "'12' is no checksum"},
        {"  out=x", "before the first address"},
        {"http://a/x\n  checksum=md5=1", "line 2: 'checksum=md5=1' is no checksum"},
        {"{\"resources\": [\n{]}", "line 2: no JSON"},
        {"{}", "no data package"},
        {"{\"resources\": [{}]}", "resource 1 has neither path nor url"},
        {"{\"resources\": [{\"path\": 3}]}", "resource 1: its path is not text"},
        {"{\"resources\": [{\"path\": \"a\", \"hash\": \"crc:12\"}]}", "resource 1: the hash 'crc:12'"},
        {"{\"resources\": [{\"path\": \"../a\"}]}", "leads out"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        manifest list;
        assert_int_equal(read_text(wrong[i].text, &list), BH_ERROR_FORMAT);
        assert_true(list.mistake_count >= 1);
        if (!strstr(list.mistakes[0], wrong[i].sentence))
            fail_msg("'%s' gave '%s'", wrong[i].text, list.mistakes[0]);
        manifest_free(&list);
    }
    manifest list;
    assert_int_equal(manifest_read(D32 "  x", 35, NULL, &list), BH_ERROR_FORMAT);
    assert_non_null(strstr(list.mistakes[0], "where the list came from is not known"));
    manifest_free(&list);
    assert_int_equal(manifest_read("http://a/\0b", 11, NULL, &list), BH_ERROR_FORMAT);
    manifest_free(&list);
}

static void what_is_fine_is_there_besides(void **state)
{
    manifest list;
    (void)state;
    assert_int_equal(read_text("http://a/1\nbad\nhttp://a/2\n", &list), BH_ERROR_FORMAT);
    assert_int_equal(list.count, 2);
    assert_int_equal(list.mistake_count, 1);
    manifest_free(&list);
}

static void many(void **state)
{
    manifest list;
    char *text = malloc(100000 * 16), *at = text;
    (void)state;
    assert_non_null(text);
    for (int i = 0; i < 100000; i++)
        at += sprintf(at, "http://a/same\n");
    assert_int_equal(read_text(text, &list), BH_OK);
    assert_int_equal(list.count, 100000);
    assert_string_equal(list.items[99999].name, "same-100000");
    manifest_free(&list);
    free(text);
}

static void files(void **state)
{
    manifest list;
    char folder[] = "/tmp/bulkhead manifest.XXXXXX", path[128], url[160];
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/MD5SUMS", folder);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(D32 "  x\n", file);
    fclose(file);
    assert_int_equal(manifest_read_file(path, NULL, &list), BH_OK);
    snprintf(url, sizeof url, "file:///tmp/bulkhead%%20manifest.%s/x", strrchr(folder, '.') + 1);
    expect(&list, 0, url, "x", "md5:" D32);
    manifest_free(&list);
    unlink(path);
    rmdir(folder);
    assert_int_equal(manifest_read_file(path, NULL, &list), BH_ERROR_IO);
    assert_non_null(strstr(list.mistakes[0], "No such file"));
    manifest_free(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),
        cmocka_unit_test(sums),
        cmocka_unit_test(options_of_aria2),
        cmocka_unit_test(data_package),
        cmocka_unit_test(names_are_unique_and_harmless),
        cmocka_unit_test(mistakes),
        cmocka_unit_test(what_is_fine_is_there_besides),
        cmocka_unit_test(many),
        cmocka_unit_test(files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
