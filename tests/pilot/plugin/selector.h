/*
 * Selectors: the grammar of Qt's style sheets, and what a test needs beside it.
 *
 *     #name  Class  .ExactClass  *  [property="value"]  A B  A > B
 *     :text("Save")  :contains("av")  :role(button)  :label("Name")  :window("Title")  :has(selector)  :nth(2)
 *     :visible  :enabled  :checked  :focus
 * and at the end, for what is no widget: item("a/b")  item(2, 1)  action("File/Open")  tab("Log")  header("Price")
 */
#ifndef PILOT_SELECTOR_H
#define PILOT_SELECTOR_H

#include <stdbool.h>
#include <stddef.h>

enum { SELECTOR_STEPS = 10, SELECTOR_TESTS = 8 };

typedef enum test_kind {
    TEST_NAME,
    TEST_CLASS,
    TEST_EXACT,
    TEST_PROPERTY,
    TEST_TEXT,
    TEST_CONTAINS,
    TEST_ROLE,
    TEST_LABEL,
    TEST_WINDOW,
    TEST_HAS,
    TEST_VISIBLE,
    TEST_ENABLED,
    TEST_CHECKED,
    TEST_FOCUS,
} test_kind;

typedef struct selector selector;

typedef struct selector_test {
    test_kind kind;
    const char *name;  /* TEST_PROPERTY: the property */
    const char *value; /* what is compared with */
    char how;          /* TEST_PROPERTY: '=', '^', '$', '*', '!' */
    selector *inner;   /* TEST_HAS */
} selector_test;

typedef struct selector_step {
    bool child; /* a direct child of what the step before matches */
    size_t count;
    selector_test tests[SELECTOR_TESTS];
} selector_step;

typedef enum part_kind { PART_NONE, PART_ITEM, PART_CELL, PART_ACTION, PART_TAB, PART_HEADER } part_kind;

struct selector {
    size_t count;
    selector_step steps[SELECTOR_STEPS];
    int nth; /* from 1; 0: there must be one */
    part_kind part;
    const char *part_text; /* not for PART_CELL */
    int row, column;       /* PART_CELL, from 1 */
    char *arena;           /* what the texts point into */
};

/* NULL if it is no selector: *why is then a sentence, which the next call overwrites. selector_free(NULL) does nothing. */
selector *selector_parse(const char *text, const char **why);
void selector_free(selector *self);

#endif
