/* One member of a JSON object, without reading what lies around it. */
#include "heard.h"

#include "project/json.h"

#include <bulkhead/bulkhead.h>

static void a_member_is_found_at_the_top_only(void **state)
{
    (void)state;
    static const struct {
        const char *json, *found; /* the value of "a" in "options"; NULL: there are none */
    } cases[] = {
        {"{\"options\":{\"a\":\"yes\"}}", "yes"},
        {"{\"rows\":3,\"notes\":[\"options\",{\"options\":1}],\"options\":{\"b\":[1,2,{}],\"a\":\"yes\"},\"columns\":[]}", "yes"},
        {"{\"text\":\"\\\"options\\\":{\\\"a\\\":\\\"no\\\"}\", \"options\": {\"a\": \"yes\"} }", "yes"},
        {"{\"path\":\"c:\\\\\",\"options\":{\"a\":\"}]\"},\"more\":{\"options\":{\"a\":\"no\"}}}", "}]"},
        {"{ \"options2\" : {\"a\":\"no\"} , \"options\" : {\"a\":\"yes\"}}", "yes"},
        {"{\"more\":{\"options\":{\"a\":\"no\"}}}", NULL},
        {"{\"options\":[\"a\"]}", NULL},
        {"{\"options\":null,\"x\":{\"a\":\"no\"}}", NULL},
        {"{\"options\"", NULL},
        {"{\"options\":{\"a\":", NULL},
        {"{}", NULL},
        {"", NULL},
        {NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bh_message *message;
        bh_message_view view;
        bool found = json_open_member(cases[i].json, "options", &message, &view);
        if (found != (cases[i].found != NULL))
            fail_msg("%s: %s", cases[i].json, found ? "found" : "not found");
        if (found)
            assert_string_equal(bh_message_get_string(view, "a", ""), cases[i].found);
        bh_message_destroy(message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_member_is_found_at_the_top_only)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
