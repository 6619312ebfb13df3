/* Introspection: lists of what there is, also before the application. */
#include "refused.h"

#include "base/memory.h"

static void with_hook(void)
{
    bh_set_error_hook((bh_error_hook){hear, NULL});
}

static void test_class_names(void **state)
{
    (void)state;
    char **names = NULL;
    bool label = false;
    assert_int_equal(bh_class_names(&names), BH_OK);
    for (int i = 0; names[i]; i++) {
        label = label || strcmp(names[i], "QLabel") == 0;
        if (i)
            assert_true(strcmp(names[i - 1], names[i]) < 0);
    }
    assert_true(label);
    bh_free(names);
}

static const bh_property_info *property_named(const bh_property_info *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].name, name) == 0)
            return &list[i];
    fail_msg("no property '%s'", name);
    return NULL;
}

static void test_properties(void **state)
{
    (void)state;
    bh_property_info *list;
    size_t count;
    assert_int_equal(bh_class_properties("QLabel", &list, &count), BH_OK);
    static const struct {
        const char *name, *type_name;
        bh_type type;
        bool is_enum, writable;
    } cases[] = {
        {"text", "QString", BH_TYPE_STRING, false, true}, {"alignment", "Qt::Alignment", BH_TYPE_INT, true, true},
        {"enabled", "bool", BH_TYPE_BOOL, false, true},   {"width", "int", BH_TYPE_INT, false, false},
        {"cursor", "QCursor", BH_TYPE_VOID, false, true}, {"objectName", "QString", BH_TYPE_STRING, false, true},
        {"font", "QFont", BH_TYPE_FONT, false, true},     {"minimumSize", "QSize", BH_TYPE_SIZE, false, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const bh_property_info *info = property_named(list, count, cases[i].name);
        assert_string_equal(info->type_name, cases[i].type_name);
        assert_int_equal(info->type, cases[i].type);
        assert_int_equal(info->is_enum, cases[i].is_enum);
        assert_int_equal(info->writable, cases[i].writable);
    }
    assert_string_equal(property_named(list, count, "objectName")->notify, "objectNameChanged");
    assert_null(property_named(list, count, "text")->notify);
    bh_free(list);
}

static void test_methods(void **state)
{
    (void)state;
    bh_method_info *list;
    size_t count;
    int found = 0, uncallable = 0;
    assert_int_equal(bh_class_methods("QSlider", &list, &count), BH_OK);
    for (size_t i = 0; i < count; i++) {
        const char *signature = list[i].signature;
        if (strcmp(signature, "valueChanged(int)") == 0)
            found += list[i].kind == BH_METHOD_SIGNAL && list[i].callable;
        if (strcmp(signature, "setValue(int)") == 0)
            found += list[i].kind == BH_METHOD_SLOT && strcmp(list[i].returns, "void") == 0;
        if (strcmp(signature, "close()") == 0)
            found += strcmp(list[i].returns, "bool") == 0;
        uncallable += !list[i].callable;
        assert_int_not_equal(strncmp(signature, "_q_", 3), 0);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(list[j].signature, signature);
    }
    assert_int_equal(found, 3);
    bh_free(list);
}

static void test_enums(void **state)
{
    (void)state;
    bh_enum_key_info *list;
    size_t count;
    bool found = false;
    assert_int_equal(bh_class_enums("QFrame", &list, &count), BH_OK);
    for (size_t i = 0; i < count; i++)
        found = found || (strcmp(list[i].enum_name, "Shape") == 0 && strcmp(list[i].key, "Box") == 0 && list[i].value == 1);
    assert_true(found);
    bh_free(list);
}

static void test_refusals(void **state)
{
    (void)state;
    bh_property_info *properties = (void *)&state;
    bh_method_info *methods;
    bh_enum_key_info *enums;
    size_t count = 9;
    with_hook();
    assert_refused(bh_class_properties("QLabell", &properties, &count), BH_ERROR_NAME,
                   "bh_class_properties: there is no class 'QLabell'; did you mean 'QLabel'?");
    assert_null(properties);
    assert_int_equal(count, 0);
    assert_refused(bh_class_properties(NULL, &properties, &count), BH_ERROR_NULL, "class_name is NULL");
    assert_refused(bh_class_methods("QLabel", NULL, &count), BH_ERROR_NULL, "out is NULL");
    assert_refused(bh_class_enums("QLabel", &enums, NULL), BH_ERROR_NULL, "count is NULL");
    assert_refused(bh_class_names(NULL), BH_ERROR_NULL, "names is NULL");
    bh__fail_allocation(1);
    assert_refused(bh_class_methods("QLabel", &methods, &count), BH_ERROR_MEMORY, "no memory");
    bh__fail_allocation(0);
    assert_null(methods);
    assert_int_equal(count, 0);
}

static void poke(bh_object *self, void *user, int how)
{
    (void)self;
    (void)user;
    (void)how;
}

static const bh_class known_later = {
    BH_CLASS_INIT,
    .name = "KnownLater",
    .signals = {"levelChanged(int)"},
    .slots = {BH_SLOT("poke(int)", poke, int)},
    .properties = {{.name = "level", .type = "int", .notify = "levelChanged"}},
};

static void test_class_of_ours(void **state)
{
    (void)state;
    bh_property_info *properties;
    bh_method_info *methods;
    size_t count;
    int found = 0;
    assert_refused(bh_class_properties("KnownLater", &properties, &count), BH_ERROR_NAME, "there is no class 'KnownLater'");
    assert_non_null(bh_create_instance(&known_later, NULL, NULL));
    assert_int_equal(bh_class_properties("KnownLater", &properties, &count), BH_OK);
    const bh_property_info *level = property_named(properties, count, "level");
    assert_int_equal(level->type, BH_TYPE_INT);
    assert_string_equal(level->notify, "levelChanged");
    bh_free(properties);
    assert_int_equal(bh_class_methods("KnownLater", &methods, &count), BH_OK);
    for (size_t i = 0; i < count; i++)
        found += strcmp(methods[i].signature, "poke(int)") == 0 && methods[i].kind == BH_METHOD_SLOT;
    assert_int_equal(found, 1);
    bh_free(methods);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_class_names), cmocka_unit_test(test_properties),
        cmocka_unit_test(test_methods),     cmocka_unit_test(test_enums),
        cmocka_unit_test(test_refusals),    cmocka_unit_test_setup_teardown(test_class_of_ours, with_app, without_app),
    };
    return cmocka_run_group_tests_name("introspect", tests, NULL, NULL);
}
