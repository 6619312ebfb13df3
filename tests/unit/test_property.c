/* Properties of Qt's own classes: names, access, enums, images, and what a write may set off. */
#include "refused.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bh_object *label, *bar, *slider;

static int with_widgets(void **state)
{
    if (with_app(state))
        return -1;
    label = bh_create("QLabel", NULL);
    bar = bh_create("QProgressBar", NULL);
    slider = bh_create("QSlider", NULL);
    bh_set_name(label, "status");
    bh_set_name(bar, "bar");
    return label && bar && slider ? 0 : -1;
}

static void test_round_trips(void **state)
{
    (void)state;
    int number;
    bool truth;
    double real;
    char *text;
    assert_int_equal(bh_set_int(bar, "value", 42), BH_OK);
    assert_int_equal(bh_get_int(bar, "value", &number), BH_OK);
    assert_int_equal(number, 42);
    assert_int_equal(bh_set_bool(label, "enabled", false), BH_OK);
    assert_int_equal(bh_set_int(label, "wordWrap", true), BH_OK);
    assert_int_equal(bh_get_bool(label, "wordWrap", &truth), BH_OK);
    assert_true(truth);
    assert_int_equal(bh_get_bool(label, "enabled", &truth), BH_OK);
    assert_false(truth);
    assert_int_equal(bh_set_string(label, "text", "grün"), BH_OK);
    assert_int_equal(bh_get_string(label, "text", &text), BH_OK);
    assert_string_equal(text, "grün");
    bh_free(text);
    bh_object *spin = bh_create("QDoubleSpinBox", NULL);
    assert_int_equal(bh_set_int(spin, "value", 3), BH_OK);
    assert_int_equal(bh_get_double(spin, "value", &real), BH_OK);
    assert_true(real == 3);
    bh_size size = {320, 200}, got;
    assert_int_equal(bh_set_size(label, "minimumSize", size), BH_OK);
    assert_int_equal(bh_get_size(label, "minimumSize", &got), BH_OK);
    assert_memory_equal(&got, &size, sizeof size);
}

static void test_wrong_names(void **state)
{
    (void)state;
    int number = 7;
    assert_refused(bh_set_int(bar, "valeu", 1), BH_ERROR_NAME,
                   "bh_set_int: QProgressBar 'bar' has no property 'valeu'; did you mean 'value'?");
    assert_non_null(strstr(bh_last_error(), "test_property.c:"));
    assert_refused(bh_get_int(bar, "valeu", &number), BH_ERROR_NAME, "did you mean 'value'?");
    assert_int_equal(number, 0);
    assert_refused(bh_set_int(bar, "", 1), BH_ERROR_NAME, "has no property ''");
    assert_refused(bh_set_int(bar, NULL, 1), BH_ERROR_NULL, "property is NULL");
    assert_refused(bh_set_enum(bar, "zzzzzzzz", "x"), BH_ERROR_NAME, "has no property 'zzzzzzzz'");
    char buffer[8] = "value"; /* the contents of the name count, not its address */
    assert_int_equal(bh_set_int(bar, buffer, 1), BH_OK);
    strcpy(buffer, "vaxue");
    assert_refused(bh_set_int(bar, buffer, 1), BH_ERROR_NAME, "'vaxue'");
}

static void test_wrong_objects(void **state)
{
    (void)state;
    int number;
    char *text;
    bh_object *gone = bh_create("QLabel", NULL);
    bh_destroy(gone);
    assert_refused(bh_set_int(NULL, "value", 1), BH_ERROR_NULL, "bh_set_int");
    assert_refused(bh_set_int((bh_object *)&number, "value", 1), BH_ERROR_NOT_A_HANDLE, "bh_set_int");
    assert_refused(bh_set_string(gone, "text", ""), BH_ERROR_STALE, "bh_set_string");
    assert_refused(bh_get_string(gone, "text", &text), BH_ERROR_STALE, "bh_get_string");
    assert_null(text);
    assert_refused(bh_get_enum(gone, "alignment", &text), BH_ERROR_STALE, "bh_get_enum");
    assert_refused(bh_get_int(bar, "value", NULL), BH_ERROR_NULL, "value is NULL");
    assert_refused(bh_get_font(label, "font", NULL), BH_ERROR_NULL, "value is NULL");
    assert_refused(bh_get_enum(label, "alignment", NULL), BH_ERROR_NULL, "value is NULL");
}

static void test_wrong_types(void **state)
{
    (void)state;
    bh_color color;
    assert_refused(bh_set_int(label, "text", 7), BH_ERROR_TYPE,
                   "bh_set_int: QLabel 'status': property 'text' is QString, given int 7: use bh_set_string");
    assert_refused(bh_set_int(label, "width", 7), BH_ERROR_READ_ONLY, "property 'width' is read-only");
    assert_refused(bh_set_enum(label, "text", "x"), BH_ERROR_TYPE, "is QString, no enum: use bh_set_string");
    assert_refused(bh_set_string(label, "alignment", "AlignLeft"), BH_ERROR_TYPE, "use bh_set_enum or bh_set_int");
    assert_refused(bh_set_bool(label, "alignment", true), BH_ERROR_TYPE, "use bh_set_enum");
    assert_refused(bh_set_string(label, "cursor", "x"), BH_ERROR_TYPE, "is QCursor, which C cannot hold");
    assert_refused(bh_get_color(label, "palette", &color), BH_ERROR_TYPE, "is QPalette, which C cannot hold");
    assert_refused(bh_set_int(bar, "visible", 2), BH_ERROR_RANGE, "is bool, which cannot hold int 2");
}

static void test_enums(void **state)
{
    (void)state;
    char *keys;
    int number;
    assert_int_equal(bh_set_enum(label, "alignment", "AlignRight|AlignTop"), BH_OK);
    assert_int_equal(bh_get_int(label, "alignment", &number), BH_OK);
    assert_int_equal(number, 0x22);
    assert_int_equal(bh_get_enum(label, "alignment", &keys), BH_OK);
    assert_int_equal(bh_set_enum(label, "alignment", keys), BH_OK);
    bh_free(keys);
    assert_int_equal(bh_get_int(label, "alignment", &number), BH_OK);
    assert_int_equal(number, 0x22);
    assert_int_equal(bh_set_enum(label, "alignment", "AlignLeft | AlignVCenter"), BH_OK);
    assert_int_equal(bh_set_enum(label, "alignment", "Qt::AlignLeft"), BH_OK);
    assert_int_equal(bh_set_enum(label, "alignment", ""), BH_OK);
    assert_int_equal(bh_get_enum(label, "alignment", &keys), BH_OK);
    bh_free(keys);
    assert_int_equal(bh_set_int(slider, "orientation", 1), BH_OK);
    assert_int_equal(bh_get_enum(slider, "orientation", &keys), BH_OK);
    assert_string_equal(keys, "Horizontal");
    bh_free(keys);
}

static void test_wrong_keys(void **state)
{
    (void)state;
    assert_refused(bh_set_enum(label, "alignment", "AlignTop|AlignRigt"), BH_ERROR_NAME,
                   "property 'alignment' has no key 'AlignRigt'; did you mean 'AlignRight'?");
    assert_refused(bh_set_enum(slider, "orientation", "Diagonally across"), BH_ERROR_NAME, "it has Horizontal, Vertical");
    assert_refused(bh_set_enum(slider, "orientation", ""), BH_ERROR_NAME, "takes one key, given \"\"");
    assert_refused(bh_set_enum(slider, "orientation", "Horizontal|Vertical"), BH_ERROR_NAME, "takes one key");
    assert_refused(bh_set_enum(label, "alignment", "|"), BH_ERROR_NAME, "takes one key or several");
    assert_refused(bh_set_enum(label, "alignment", NULL), BH_ERROR_NULL, "keys is NULL");
    assert_refused(bh_set_int(slider, "orientation", 3), BH_ERROR_RANGE, "has no key of the value 3: use bh_set_enum");
    assert_refused(bh_set_int(label, "alignment", 0x10000), BH_ERROR_RANGE, "has no key of the value 65536");
    assert_refused(bh_set_int(label, "alignment", -1), BH_ERROR_RANGE, "has no key of the value -1");
}

static void test_images(void **state)
{
    (void)state;
    static const unsigned char png[] = {
        0x89, 'P', 'N', 'G', 13, 10,   26,   10,   0,    0, 0, 13, 'I', 'H', 'D', 'R', 0,   0,    0,    1,    0,    0,    0,    1,
        8,    2,   0,   0,   0,  0x90, 0x77, 0x53, 0xde, 0, 0, 0,  12,  'I', 'D', 'A', 'T', 0x78, 0xda, 99,   0xf8, 0xcf, 0xc0, 0,
        0,    3,   1,   1,   0,  0xf7, 3,    65,   0x43, 0, 0, 0,  0,   'I', 'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82};
    char *text = NULL, file[64];
    bh_object *button = bh_create("QPushButton", NULL);
    snprintf(file, sizeof file, "/tmp/bulkhead-test-%d.png", (int)getpid());
    assert_refused(bh_set_string(button, "icon", file), BH_ERROR_IO, file);
    assert_refused(bh_set_string(label, "pixmap", "/etc/passwd"), BH_ERROR_IO,
                   "cannot read an image from the file \"/etc/passwd\"");
    assert_refused(bh_set_string(label, "pixmap", "/"), BH_ERROR_IO, "cannot read an image from the file \"/\"");
    FILE *out = fopen(file, "wb");
    assert_non_null(out);
    fwrite(png, 1, sizeof png, out);
    fclose(out);
    assert_int_equal(bh_set_string(button, "icon", file), BH_OK);
    assert_int_equal(bh_set_string(label, "pixmap", file), BH_OK);
    unlink(file);
    assert_int_equal(bh_set_string(button, "icon", NULL), BH_OK);
    assert_refused(bh_get_string(button, "icon", &text), BH_ERROR_TYPE, "is QIcon, which can be set only, from a file");
    assert_null(text);
}

static void test_variant(void **state)
{
    (void)state;
    char *text = NULL;
    int number;
    bh_object *combo = bh_create("QComboBox", NULL);
    assert_refused(bh_get_string(combo, "currentData", &text), BH_ERROR_TYPE, "is void now, which is no const char *");
    assert_refused(bh_get_int(combo, "currentData", &number), BH_ERROR_TYPE, "is void now");
    assert_refused(bh_set_int(combo, "currentData", 1), BH_ERROR_READ_ONLY, "read-only");
}

/* Renaming changes the sentences, whichever way it is done. */
static void test_object_name(void **state)
{
    (void)state;
    char *name;
    assert_int_equal(bh_set_string(bar, "objectName", "progress"), BH_OK);
    name = bh_name(bar);
    assert_string_equal(name, "progress");
    bh_free(name);
    assert_refused(bh_set_int(bar, "valeu", 1), BH_ERROR_NAME, "QProgressBar 'progress' has");
    assert_int_equal(bh_set_string(bar, "objectName", NULL), BH_OK);
    assert_refused(bh_set_int(bar, "valeu", 1), BH_ERROR_NAME, "QProgressBar has no");
}

static void destroy_it(void *user, int value)
{
    (void)value;
    bh_destroy(user);
}

static void rename_it(void *user, const char *name)
{
    (void)name;
    bh_set_string(user, "objectName", "renamed again");
}

/* What a write sets off may end the object, or write again. */
static void test_handlers_inside(void **state)
{
    (void)state;
    bh_object *parent = bh_create("QWidget", NULL), *child = bh_create("QSlider", parent);
    bh_connect(child, "valueChanged", BH_CALLBACK(destroy_it, int), parent, NULL);
    bh_set_int(child, "value", 5);
    bh_app_process_events(0);
    assert_false(bh_is_alive(child));
    bh_connect(bar, "objectNameChanged", BH_CALLBACK(rename_it, const char *), bar, NULL);
    bh_set_string(bar, "objectName", "renamed");
    assert_refused(bh_set_int(bar, "valeu", 1), BH_ERROR_NAME, "QProgressBar 'renamed again'");
}

/* More properties than the cache has places, twice. */
static void test_cache(void **state)
{
    (void)state;
    char **names;
    assert_int_equal(bh_class_names(&names), BH_OK);
    for (int round = 0; round < 2; round++)
        for (int i = 0; names[i]; i++) {
            size_t count;
            bh_property_info *list;
            bh_object *object = bh_create(names[i], NULL);
            assert_int_equal(bh_class_properties(names[i], &list, &count), BH_OK);
            for (size_t p = 0; object && p < count; p++) {
                int number;
                bh_status status = bh_get_int(object, list[p].name, &number);
                bool integer = list[p].type == BH_TYPE_INT || list[p].type == BH_TYPE_BOOL;
                if (list[p].type != BH_TYPE_VOID && strcmp(list[p].name, "modal") != 0)
                    assert_int_equal(status, integer ? BH_OK : BH_ERROR_TYPE);
            }
            bh_free(list);
            bh_destroy(object);
        }
    bh_free(names);
}

/* Qt forgot with the last style sheet which widgets it has seen, and was not told any more when one of them went. */
static void test_style_sheets_come_and_go(void **state)
{
    (void)state;
    enum { BLOCKS = 64, SIZE = 40 };
    void *blocks[BLOCKS];
    bh_object *menu = bh_create("QMenu", NULL);
    assert_int_equal(bh_set_string(bh_app(), "styleSheet", "* { font: 9pt }"), BH_OK);
    bh_object *spin = bh_create("QSpinBox", menu);
    assert_int_equal(bh_set_string(bh_app(), "styleSheet", ""), BH_OK);
    assert_int_equal(bh_set_string(bh_app(), "styleSheet", "* { font: 8pt }"), BH_OK);
    assert_int_equal(bh_destroy(spin), BH_OK);
    for (int i = 0; i < BLOCKS; i++) /* so that the spin box's memory is something else */
        blocks[i] = memset(malloc(SIZE), 0x5a, SIZE);
    assert_int_equal(bh_set_string(bh_app(), "styleSheet", "* { font: 9pt }"), BH_OK);
    for (int i = 0; i < BLOCKS; i++)
        free(blocks[i]);
}

static void test_no_memory(void **state)
{
    (void)state;
    char *text = NULL;
    bh_font font;
    bh__fail_allocation(1);
    assert_refused(bh_get_string(label, "text", &text), BH_ERROR_MEMORY, "no memory");
    assert_null(text);
    bh__fail_allocation(1);
    assert_refused(bh_get_font(label, "font", &font), BH_ERROR_MEMORY, "no memory");
    bh__fail_allocation(1);
    assert_refused(bh_get_enum(label, "alignment", &text), BH_ERROR_MEMORY, "no memory");
    bh__fail_allocation(0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, with_widgets, without_app)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_round_trips),
        TEST(test_wrong_names),
        TEST(test_wrong_objects),
        TEST(test_wrong_types),
        TEST(test_enums),
        TEST(test_wrong_keys),
        TEST(test_images),
        TEST(test_variant),
        TEST(test_object_name),
        TEST(test_cache),
        TEST(test_handlers_inside),
        TEST(test_no_memory),
        TEST(test_style_sheets_come_and_go),
    };
    return cmocka_run_group_tests_name("property", tests, NULL, NULL);
}
