/* Tables: what columns mean, the numbers of a file, and rows divided by seed. */
#include "table.h"

#include "message.h"

static table_schema *schema_of(const char *path, const table_choices *choices)
{
    table_schema *schema;
    table_error error = {0};
    if (table_schema_make(path, NULL, choices, &schema, &error))
        fail_msg("%s", error.text);
    return schema;
}

static table *load(const char *path, const table_schema *schema, bool with_target)
{
    table *data;
    table_error error = {0};
    if (table_load(path, NULL, schema, with_target, &data, &error))
        fail_msg("%s", error.text);
    return data;
}

static void refuse_schema(const char *path, const table_choices *choices, bh_status status, const char *part)
{
    table_schema *schema;
    table_error error = {0};
    assert_int_equal(table_schema_make(path, NULL, choices, &schema, &error), status);
    assert_null(schema);
    if (!strstr(error.text, part))
        fail_msg("%s, expected %s", error.text, part);
}

static void refuse_load(const char *path, const table_schema *schema, bh_status status, const char *part)
{
    table *data;
    table_error error = {0};
    assert_int_equal(table_load(path, NULL, schema, true, &data, &error), status);
    assert_null(data);
    if (!strstr(error.text, part))
        fail_msg("%s, expected %s", error.text, part);
}

#define PEOPLE             \
    "age,city,size,kind\n" \
    "30,Rome,1.5,b\n"      \
    "NA,Oslo,2,a\n"        \
    "40, Rome ,,b\n"       \
    "50,\"\",3,c\n"

static void text_is_categories_in_an_order_of_their_own(void **state)
{
    (void)state;
    table_choices choices = {.target = "kind"};
    const char *path = file_with(PEOPLE);
    table_schema *schema = schema_of(path, &choices);
    assert_int_equal(schema->feature_count, 3);
    assert_int_equal(schema->features[1].kind, TABLE_CATEGORY);
    assert_int_equal(schema->features[1].category_count, 2);
    assert_string_equal(schema->features[1].categories[0], "Oslo");
    assert_int_equal(schema->target.category_count, 3);
    table *data = load(path, schema, true);
    assert_int_equal(data->rows, 4);
    const float expected[] = {30, 1, 1.5F, NAN, 0, 2, 40, 1, NAN, 50, NAN, 3};
    for (size_t i = 0; i < 12; i++)
        assert_true(data->dense[i] == expected[i] || (isnan(data->dense[i]) && isnan(expected[i])));
    const float labels[] = {1, 0, 1, 2};
    assert_memory_equal(data->label, labels, sizeof labels);
    assert_int_equal(data->missing, 3);
    assert_int_equal(data->line[3], 5);
    table_destroy(data);
    table_schema_destroy(schema);
}

/* Another order of rows and of columns, a value that was not there before, no target: the same numbers. */
static void another_file_is_read_by_names(void **state)
{
    (void)state;
    table_choices choices = {.target = "kind"};
    table_schema *schema = schema_of(file_with(PEOPLE), &choices);
    table *data = load(file_with("size,city,more,age\n3,Rome,x,20\n4,Bonn,y,21\n"), schema, false);
    const float expected[] = {20, 1, 3, 21};
    assert_int_equal(data->rows, 2);
    assert_memory_equal(data->dense, expected, sizeof expected);
    assert_true(isnan(data->dense[4]));
    assert_int_equal(data->unknown, 1);
    assert_null(data->label);
    table_destroy(data);
    refuse_load(file_with("size,city,age\n3,Rome,20\n"), schema, BH_ERROR_NAME, "no column 'kind' among 3");
    refuse_load(file_with("3,Rome,20,a\n4,Rome,20,a\n"), schema, BH_ERROR_NAME, "the file has no header");
    refuse_load(file_with("1 1:2\n"), schema, BH_ERROR_FORMAT, "this is a libsvm file");
    table_schema_destroy(schema);
}

static void columns_without_names_must_be_as_many(void **state)
{
    (void)state;
    table_choices choices = {.target = "#3"};
    table_schema *schema = schema_of(file_with("1,2,0\n3,4,1\n"), &choices);
    table *data = load(file_with("5,6\n7,8\n"), schema, false);
    assert_int_equal(data->rows, 2);
    table_destroy(data);
    refuse_load(file_with("5,6\n7,8\n"), schema, BH_ERROR_NAME, "the file has 2 columns, not 3");
    refuse_load(file_with("5,6,7,8\n7,8,9,10\n"), schema, BH_ERROR_NAME, "the file has 4 columns, not 3");
    table_schema_destroy(schema);
}

static void values_that_do_not_fit_make_a_row_bad(void **state)
{
    (void)state;
    static char text[4000] = "x,y\n";
    table_choices choices = {.target = "y", .as = TABLE_TARGET_CLASS};
    for (int i = 0; i < 100; i++)
        strcat(text, i % 2 ? "1.5,1\n" : "2.5,0\n");
    size_t good = strlen(text);
    table_schema *schema = schema_of(file_of(text, good), &choices);
    strcat(text, "abc,1\n1e39,1\ninf,0\n3,2\n4,\nNA,1\n");
    table *data = load(file_of(text, strlen(text)), schema, true);
    assert_int_equal(data->rows, 101);
    assert_int_equal(data->bad.count, 5);
    assert_int_equal(data->bad.first[0].line, 102);
    assert_string_equal(data->bad.first[0].reason, "'abc' in column 'x' is no number");
    assert_string_equal(data->bad.first[1].reason, "'1e39' in column 'x' is too great a number");
    assert_string_equal(data->bad.first[2].reason, "'inf' in column 'x' is too great a number");
    assert_string_equal(data->bad.first[3].reason, "'2' in column 'y' is a class that was not there before");
    assert_string_equal(data->bad.first[4].reason, "'' in column 'y' is no class");
    table_destroy(data);
    table_schema_destroy(schema);
    schema = schema_of(file_of(text, strlen(text)), NULL); /* one text among a hundred numbers is a mistake */
    assert_int_equal(schema->features[0].kind, TABLE_NUMBER);
    table_schema_destroy(schema);
}

static void a_column_may_turn_out_late_to_be_text(void **state)
{
    (void)state;
    table_schema *schema = schema_of(file_with("a,b\n1,1\n2,1\nx,1\ny,1\n2,1\n"), NULL);
    assert_int_equal(schema->features[0].kind, TABLE_CATEGORY);
    assert_int_equal(schema->features[0].category_count, 4);
    assert_string_equal(schema->features[0].categories[0], "1");
    table_schema_destroy(schema);
}

static void numbers_can_be_classes_in_their_order(void **state)
{
    (void)state;
    table_choices choices = {.target = "t", .as = TABLE_TARGET_CLASS};
    table_schema *schema = schema_of(file_with("x,t\n1,10\n2,-1\n3,9\n"), &choices);
    assert_string_equal(schema->target.categories[0], "-1");
    assert_string_equal(schema->target.categories[1], "9");
    assert_string_equal(schema->target.categories[2], "10");
    table_schema_destroy(schema);
}

static void libsvm_files_give_rows_of_entries(void **state)
{
    (void)state;
    table_choices choices = {.target = "label", .as = TABLE_TARGET_CLASS};
    char name[16];
    table_schema *schema = schema_of(file_with("+1 1:0.5 4:2\n-1 2:1\n-1\n"), &choices);
    assert_true(schema->sparse);
    assert_int_equal(schema->feature_count, 4);
    assert_string_equal(table_schema_feature(schema, 3, name), "4");
    table *data = load(file_with("-1 1:0.5 4:2\n+1 2:1 9:1\n"), schema, true);
    const uint64_t begin[] = {0, 2, 3};
    const uint32_t index[] = {0, 3, 1};
    const float value[] = {0.5F, 2, 1}, label[] = {0, 1};
    assert_memory_equal(data->begin, begin, sizeof begin);
    assert_memory_equal(data->index, index, sizeof index);
    assert_memory_equal(data->value, value, sizeof value);
    assert_memory_equal(data->label, label, sizeof label);
    assert_int_equal(data->unknown, 1);
    table *second;
    const size_t rows[] = {1};
    assert_int_equal(table_take(data, rows, 1, &second, NULL), BH_OK);
    assert_int_equal(second->begin[1], 1);
    assert_int_equal(second->index[0], 1);
    table_destroy(second);
    table_destroy(data);
    table_schema_destroy(schema);
}

static void wrong_choices_are_refused(void **state)
{
    (void)state;
    const char *const twice[] = {"age", "size", "age"}, *const target[] = {"age", "kind"};
    const char *path = file_with(PEOPLE);
    refuse_schema(path, &(table_choices){.target = "knd"}, BH_ERROR_NAME, "did you mean 'kind'?");
    refuse_schema(path, &(table_choices){.target = "#5"}, BH_ERROR_NAME, "no column '#5' among 4");
    refuse_schema(path, &(table_choices){.feature_count = 3, .features = twice}, BH_ERROR_EXISTS, "'age' is named twice");
    refuse_schema(path, &(table_choices){.target = "kind", .feature_count = 2, .features = target}, BH_ERROR_EXISTS,
                  "'kind' is the target and a feature");
    refuse_schema(file_with("a\n1\n"), &(table_choices){.target = "a"}, BH_ERROR_NAME, "no column is left");
    refuse_schema(file_with("a,b\n\"x\"y,1\n\"x\"z,2\n"), NULL, BH_ERROR_FORMAT, "no good row");
    static char many[TABLE_MAX_CATEGORIES * 12];
    size_t used = (size_t)sprintf(many, "id,x\n");
    for (int i = 0; i <= TABLE_MAX_CATEGORIES; i++)
        used += (size_t)sprintf(many + used, "n%d,1\n", i);
    refuse_schema(file_of(many, used), NULL, BH_ERROR_RANGE, "the column 'id' is text with more than 16384 different values");
}

/* What a schema becomes in a message, and back, is the same. */
static void schemas_travel_in_messages(void **state)
{
    (void)state;
    table_choices choices = {.target = "kind"};
    table_schema *schema = schema_of(file_with("age,city,size,kind\n30,R\xF6me,1.5,b\n31,Oslo,2,a\n"), &choices), *again;
    bh_message *first = bh_message_create(), *second = bh_message_create(), *wrong = bh_message_create();
    table_schema_write(schema, first, "schema");
    assert_int_equal(table_schema_read(bh_message_view_find(view_of(first), "schema"), &again, NULL), BH_OK);
    table_schema_write(again, second, "schema");
    char *json = bh_message_view_json(view_of(first));
    assert_json(view_of(second), json);
    assert_string_equal(again->features[1].categories[1], "R\xF6me");
    bh_free(json);
    table_schema_destroy(schema);
    table_schema_destroy(again);
    table_error error = {0};
    bh_message_add_bool(wrong, "sparse", true);
    assert_int_equal(table_schema_read(view_of(wrong), &again, &error), BH_ERROR_FORMAT);
    assert_null(again);
    assert_string_equal(error.text, "this does not describe the columns of a table: train the model again");
    bh_message_destroy(first);
    bh_message_destroy(second);
    bh_message_destroy(wrong);
}

/* The message that words make, which stand in one text. */
static bh_message *message_of(const char *text)
{
    char copy[256], *words[16], *rest = copy;
    int count = 0;
    snprintf(copy, sizeof copy, "%s", text);
    for (char *word; (word = strtok_r(rest, " ", &rest));)
        words[count++] = word;
    return bh_message_from_words(count, words);
}

static void options_travel_in_messages(void **state)
{
    (void)state;
    table_options options, again;
    table_error error = {0};
    table_options_init(&options);
    bh_message *message = message_of("delimiter=; header=true lead=1 count_line=auto bad_rows=stop quote=none format=csv");
    bh_message *second = bh_message_create();
    assert_int_equal(table_options_read(view_of(message), &options, &error), BH_OK);
    assert_int_equal(options.delimiter, ';');
    assert_int_equal(options.header, TABLE_YES);
    assert_int_equal(options.count_line, TABLE_DETECT);
    assert_int_equal(options.bad_rows, TABLE_STOP);
    assert_int_equal(options.quote, 0);
    table_options_write(&options, second);
    table_options_init(&again);
    assert_int_equal(table_options_read(view_of(second), &again, &error), BH_OK);
    assert_memory_equal(&options, &again, sizeof again);
    bh_message_destroy(message);
    bh_message_destroy(second);
}

static void wrong_options_are_refused(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"delimiter=ab", "'delimiter' is 'ab'"},
        {"bad_rows=ask", "'bad_rows' is 'ask': it must be 'skip' or 'stop'"},
        {"format=xls", "'format' is 'xls': it must be 'auto', 'csv', 'tsv' or 'libsvm'"},
        {"header=1", "'header' is an int: it must be true, false or 'auto'"},
        {"lead=-1", "'lead' must be a number of rows from 0 to 50"},
        {"delimiter=; quote=;", "'quote' is ';'"},
        {"format=7", "'format' is an int: it must be a string"},
    };
    table_options options;
    table_error error = {0};
    table_options_init(&options);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bh_message *message = message_of(cases[i][0]);
        assert_int_not_equal(table_options_read(view_of(message), &options, &error), BH_OK);
        if (!strstr(error.text, cases[i][1]))
            fail_msg("%s, expected %s", error.text, cases[i][1]);
        bh_message_destroy(message);
    }
}

/* These very rows, on every machine: a model is not reproducible otherwise. */
static void a_split_is_the_same_everywhere(void **state)
{
    (void)state;
    table_split split, again;
    table_error error = {0};
    const size_t expected[] = {1, 6, 10};
    assert_int_equal(table_split_make(12, 0.25, 42, &split, &error), BH_OK);
    assert_int_equal(split.train_count, 9);
    assert_int_equal(split.validation_count, 3);
    if (memcmp(split.validation, expected, sizeof expected) != 0)
        fail_msg("%zu %zu %zu", split.validation[0], split.validation[1], split.validation[2]);
    free(split.train);
    assert_int_equal(table_split_make(1000, 0.2, 1, &split, &error), BH_OK);
    assert_int_equal(table_split_make(1000, 0.2, 2, &again, &error), BH_OK);
    assert_memory_not_equal(split.validation, again.validation, 200 * sizeof(size_t));
    for (size_t i = 1; i < split.train_count; i++)
        assert_true(split.train[i] > split.train[i - 1]);
    size_t below = 0;
    for (size_t i = 0; i < split.validation_count; i++)
        below += split.validation[i] < 500;
    assert_in_range(below, 80, 120);
    free(split.train);
    free(again.train);
    assert_int_equal(table_split_make(10, 1.5, 1, &split, &error), BH_ERROR_RANGE);
    assert_int_equal(table_split_make(10, (double)NAN, 1, &split, &error), BH_ERROR_RANGE);
    assert_int_equal(table_split_make(0, 0.5, 1, &split, &error), BH_OK);
    free(split.train);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_categories_in_an_order_of_their_own),
        cmocka_unit_test(another_file_is_read_by_names),
        cmocka_unit_test(columns_without_names_must_be_as_many),
        cmocka_unit_test(values_that_do_not_fit_make_a_row_bad),
        cmocka_unit_test(a_column_may_turn_out_late_to_be_text),
        cmocka_unit_test(numbers_can_be_classes_in_their_order),
        cmocka_unit_test(libsvm_files_give_rows_of_entries),
        cmocka_unit_test(wrong_choices_are_refused),
        cmocka_unit_test(schemas_travel_in_messages),
        cmocka_unit_test(options_travel_in_messages),
        cmocka_unit_test(wrong_options_are_refused),
        cmocka_unit_test(a_split_is_the_same_everywhere),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    file_of("", 0);
    return failed;
}
