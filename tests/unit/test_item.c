/* Items of combo boxes, lists and trees, and tree items that Qt deletes. */
#include "refused.h"

#include "base/memory.h"

#include <limits.h>
#include <pthread.h>

#define TEXTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static bh_object *tree;

static int setup(void **state)
{
    (void)state;
    tree = bh_create("QTreeWidget", NULL);
    forget_heard();
    return bh_tree_widget_set_header(tree, TEXTS("Name", "Size"));
}

static int teardown(void **state)
{
    (void)state;
    return bh_is_alive(tree) ? bh_destroy(tree) : BH_OK;
}

static int count_of(bh_object *object)
{
    int count = -1;
    bh_get_int(object, "count", &count);
    return count;
}

static void combo_boxes_take_items(void **state)
{
    (void)state;
    bh_object *combo = bh_create("QComboBox", NULL);
    assert_int_equal(bh_combo_box_add_item(combo, "one"), BH_OK);
    assert_int_equal(bh_combo_box_add_items(combo, TEXTS("two", "",
                                                         "dr\xC3\xBC"
                                                         "ben",
                                                         "\xFF\xFE")),
                     BH_OK);
    assert_int_equal(bh_combo_box_add_items(combo, (const char *const[]){NULL}), BH_OK);
    assert_int_equal(count_of(combo), 5);
    assert_refused(bh_combo_box_add_item(combo, NULL), BH_ERROR_NULL, "text is NULL");
    assert_refused(bh_combo_box_add_items(combo, NULL), BH_ERROR_NULL, "ends with NULL");
    assert_refused(bh_combo_box_add_item(tree, "x"), BH_ERROR_CLASS, "QComboBox");
    bh_set_int(combo, "maxCount", 5);
    assert_refused(bh_combo_box_add_item(combo, "six"), BH_ERROR_STATE, "took nothing");
    bh_destroy(combo);
    assert_refused(bh_combo_box_add_item(combo, "x"), BH_ERROR_STALE, "gone");
}

static void lists_check_their_rows(void **state)
{
    (void)state;
    bh_object *list = bh_create("QListWidget", NULL);
    char garbage, *text = &garbage;
    assert_refused(bh_list_widget_get_text(list, 0, &text), BH_ERROR_RANGE, "row 0 does not exist");
    assert_null(text);
    assert_int_equal(bh_list_widget_add_item(list, "a"), BH_OK);
    assert_int_equal(bh_list_widget_add_item(list, "b"), BH_OK);
    assert_int_equal(bh_list_widget_set_text(list, 1, "b\xC3\xA4"), BH_OK);
    assert_int_equal(bh_list_widget_get_text(list, 1, &text), BH_OK);
    assert_string_equal(text, "b\xC3\xA4");
    bh_free(text);
    assert_int_equal(bh_list_widget_remove(list, 0), BH_OK);
    assert_int_equal(count_of(list), 1);
    assert_refused(bh_list_widget_remove(list, 1), BH_ERROR_RANGE, "row 1");
    assert_refused(bh_list_widget_remove(list, -1), BH_ERROR_RANGE, "row -1 is negative");
    assert_refused(bh_list_widget_set_text(list, INT_MAX, "x"), BH_ERROR_RANGE, "2147483647");
    assert_refused(bh_list_widget_set_text(list, 0, NULL), BH_ERROR_NULL, "text");
    assert_refused(bh_list_widget_add_item(list, NULL), BH_ERROR_NULL, "text");
    assert_refused(bh_list_widget_get_text(list, 0, NULL), BH_ERROR_NULL, "text");
    bh_destroy(list);
}

static void tree_items_hold_texts(void **state)
{
    (void)state;
    char *text = NULL;
    bh_tree_item *top = bh_tree_widget_add_item(tree, NULL, TEXTS("top", "1"));
    bh_tree_item *child = bh_tree_widget_add_item(tree, top, TEXTS("child"));
    bh_tree_item *current = top;
    assert_non_null(child);
    assert_int_equal(bh_tree_widget_get_current(tree, &current), BH_OK);
    assert_null(current);
    assert_int_equal(bh_tree_item_select(child), BH_OK);
    assert_int_equal(bh_tree_widget_get_current(tree, &current), BH_OK);
    assert_ptr_equal(current, child);
    assert_int_equal(bh_tree_item_set_expanded(top, true), BH_OK);
    assert_int_equal(bh_tree_item_set_text(child, 1, "22"), BH_OK);
    assert_int_equal(bh_tree_item_get_text(child, 1, &text), BH_OK);
    assert_string_equal(text, "22");
    bh_free(text);
    assert_refused(bh_tree_item_get_text(child, 2, &text), BH_ERROR_RANGE, "column 2");
    assert_null(text);
    assert_refused(bh_tree_item_set_text(child, -1, "x"), BH_ERROR_RANGE, "column -1");
    assert_refused(bh_tree_item_set_text(child, 0, NULL), BH_ERROR_NULL, "text");
    assert_refused(bh_tree_item_get_text(child, 0, NULL), BH_ERROR_NULL, "text");
    assert_refused(bh_tree_widget_get_current(tree, NULL), BH_ERROR_NULL, "item");
}

static void tree_items_have_tips_and_colors(void **state)
{
    (void)state;
    const bh_color red = BH_RGBA(255, 0, 0, 255);
    bh_tree_item *item = bh_tree_widget_add_item(tree, NULL, TEXTS("top", "1"));
    assert_int_equal(bh_tree_item_set_tool_tip(item, 0, "more"), BH_OK);
    assert_int_equal(bh_tree_item_set_tool_tip(item, 0, ""), BH_OK);
    assert_int_equal(bh_tree_item_set_color(item, 1, &red), BH_OK);
    assert_int_equal(bh_tree_item_set_color(item, 1, NULL), BH_OK);
    assert_refused(bh_tree_item_set_tool_tip(item, 2, "x"), BH_ERROR_RANGE, "column 2");
    assert_refused(bh_tree_item_set_tool_tip(item, 0, NULL), BH_ERROR_NULL, "text");
    assert_refused(bh_tree_item_set_color(item, -1, &red), BH_ERROR_RANGE, "column -1");
    bh_tree_item_destroy(item);
    assert_refused(bh_tree_item_set_color(item, 0, &red), BH_ERROR_STALE, "gone");
    assert_refused(bh_tree_item_set_tool_tip(item, 0, "x"), BH_ERROR_STALE, "gone");
}

static void tree_items_go_stale(void **state)
{
    (void)state;
    bh_tree_item *top = bh_tree_widget_add_item(tree, NULL, TEXTS("top"));
    bh_tree_item *child = bh_tree_widget_add_item(tree, top, TEXTS("child"));
    assert_int_equal(bh_tree_item_destroy(top), BH_OK);
    assert_refused(bh_tree_item_select(child), BH_ERROR_STALE, "gone");
    assert_refused(bh_tree_item_destroy(top), BH_ERROR_STALE, "gone");
    assert_int_equal(bh_tree_item_destroy(NULL), BH_OK);
    top = bh_tree_widget_add_item(tree, NULL, TEXTS("again"));
    assert_int_equal(bh_call(tree, "clear"), BH_OK);
    assert_refused(bh_tree_item_set_expanded(top, true), BH_ERROR_STALE, "gone");
    top = bh_tree_widget_add_item(tree, NULL, TEXTS("again"));
    bh_destroy(tree);
    assert_refused(bh_tree_item_set_text(top, 0, "x"), BH_ERROR_STALE, "gone");
}

static void trees_check_their_arguments(void **state)
{
    (void)state;
    bh_object *other = bh_create("QTreeWidget", NULL);
    bh_tree_item *foreign = bh_tree_widget_add_item(other, NULL, TEXTS("foreign"));
    assert_non_null(foreign);
    assert_not_made(bh_tree_widget_add_item(tree, foreign, TEXTS("x")), BH_ERROR_STATE, "another tree");
    assert_not_made(bh_tree_widget_add_item(tree, NULL, TEXTS("a", "b", "c")), BH_ERROR_RANGE, "3 texts for 2 columns");
    assert_not_made(bh_tree_widget_add_item(tree, NULL, NULL), BH_ERROR_NULL, "texts");
    assert_not_made(bh_tree_widget_add_item(tree, (bh_tree_item *)tree, TEXTS("a")), BH_ERROR_CLASS, "bh_tree_item");
    assert_not_made(bh_tree_widget_add_item((bh_object *)foreign, NULL, TEXTS("a")), BH_ERROR_CLASS, "bh_object");
    assert_refused(bh_tree_item_select(NULL), BH_ERROR_NULL, "item is NULL");
    assert_refused(bh_tree_item_select((bh_tree_item *)&foreign), BH_ERROR_NOT_A_HANDLE, "no handle");
    assert_refused(bh_tree_widget_set_header(tree, NULL), BH_ERROR_NULL, "titles");
    assert_refused(bh_tree_widget_set_header(tree, (const char *const[]){NULL}), BH_ERROR_RANGE, "number of titles 0");
    bh_destroy(other);
}

static void trees_may_be_deep(void **state)
{
    (void)state;
    bh_tree_item *item = NULL;
    int depth = 0;
    for (bh_tree_item *next; (next = bh_tree_widget_add_item(tree, item, TEXTS("deeper"))); depth++)
        item = next;
    assert_int_equal(depth, 1000);
    assert_heard(BH_ERROR_RANGE, "1000 levels");
    assert_int_equal(bh_tree_item_select(item), BH_OK);
    bh_call(tree, "expandAll");
    bh_call(tree, "show");
    bh_app_process_events(20);
    bh_destroy(tree);
}

static int refusals;

/* The current row changes while a row is being removed; the handler wants to change more of them. */
static void change_rows(void *user)
{
    bh_tree_item *current = NULL;
    (void)user;
    if (bh_tree_widget_get_current(tree, &current) == BH_OK && current)
        refusals += bh_tree_item_destroy(current) == BH_ERROR_STATE;
    refusals += !bh_tree_widget_add_item(tree, NULL, TEXTS("more"));
    assert_heard(BH_ERROR_STATE, "is being changed");
}

static void change_list(void *list)
{
    refusals += bh_list_widget_remove(list, 0) == BH_ERROR_STATE;
    refusals += bh_list_widget_add_item(list, "more") == BH_ERROR_STATE;
    assert_heard(BH_ERROR_STATE, "is being changed");
}

static void removing_inside_a_removal(void **state)
{
    (void)state;
    bh_tree_item *first = NULL;
    for (int i = 0; i < 20; i++) {
        bh_tree_item *item = bh_tree_widget_add_item(tree, NULL, TEXTS("row"));
        bh_tree_widget_add_item(tree, item, TEXTS("child"));
        first = first ? first : item;
    }
    bh_tree_item_select(first);
    bh_connect(tree, "itemSelectionChanged", BH_CALLBACK(change_rows), NULL, NULL);
    refusals = 0;
    assert_int_equal(bh_tree_item_destroy(first), BH_OK);
    assert_true(refusals >= 2);
    bh_object *list = bh_create("QListWidget", NULL);
    for (int i = 0; i < 3; i++)
        bh_list_widget_add_item(list, "row");
    bh_set_int(list, "currentRow", 0);
    bh_connect(list, "currentRowChanged", BH_CALLBACK(change_list), list, NULL);
    refusals = 0;
    assert_int_equal(bh_list_widget_remove(list, 0), BH_OK);
    assert_true(refusals >= 2);
    assert_int_equal(count_of(list), 2);
    bh_destroy(list);
}

static void *on_another_thread(void *item)
{
    return (void *)(intptr_t)bh_tree_item_select(item);
}

static void other_threads_are_refused(void **state)
{
    (void)state;
    pthread_t thread;
    void *status;
    pthread_create(&thread, NULL, on_another_thread, bh_tree_widget_add_item(tree, NULL, TEXTS("top")));
    pthread_join(thread, &status);
    assert_int_equal((intptr_t)status, BH_ERROR_THREAD);
}

static void without_memory(void **state)
{
    (void)state;
    bh_object *list = bh_create("QListWidget", NULL);
    char garbage, *text = &garbage;
    bh_list_widget_add_item(list, "a");
    bh__fail_allocation(1);
    assert_refused(bh_list_widget_get_text(list, 0, &text), BH_ERROR_MEMORY, "no memory");
    assert_null(text);
    bh__fail_allocation(0);
    bh_destroy(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(combo_boxes_take_items, setup, teardown),
        cmocka_unit_test(lists_check_their_rows),
        cmocka_unit_test_setup_teardown(tree_items_hold_texts, setup, teardown),
        cmocka_unit_test_setup_teardown(tree_items_have_tips_and_colors, setup, teardown),
        cmocka_unit_test_setup_teardown(tree_items_go_stale, setup, teardown),
        cmocka_unit_test_setup_teardown(trees_check_their_arguments, setup, teardown),
        cmocka_unit_test_setup_teardown(trees_may_be_deep, setup, teardown),
        cmocka_unit_test_setup_teardown(removing_inside_a_removal, setup, teardown),
        cmocka_unit_test_setup_teardown(other_threads_are_refused, setup, teardown),
        cmocka_unit_test(without_memory),
    };
    return cmocka_run_group_tests(tests, with_app, without_app);
}
