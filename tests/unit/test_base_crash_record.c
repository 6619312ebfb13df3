/* The text of crash records: what is read of it, what is not believed, and what is shown without symbols. */
#include "process/crash_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bh__crash_record record;

static bool read_text(const char *text)
{
    static char copy[1 << 17];
    snprintf(copy, sizeof copy, "%s", text);
    return bh__crash_record_read(copy, &record);
}

static const char whole[] = "bulkhead-crash 1\n"
                            "signal 11 1 0x1238\n"
                            "time 1732312345\n"
                            "process 4711 /usr/bin/a program\n"
                            "thread 4713 fetch 2\n"
                            "register rip 0x1500\n"
                            "frame 0x1500\n"
                            "return 0x2000\n"
                            "frame 0x9000\n"
                            "note job training of wine\n"
                            "log warning: app: disk is nearly full\n"
                            "something that a later version says\n"
                            "module 0x1000 0x2000 0x400 abcd /usr/bin/a program\n"
                            "module 0x2000 0x3000 0x0 - /lib/other.so\n"
                            "end\n";

static void a_record_is_read(void **state)
{
    (void)state;
    assert_true(read_text(whole));
    assert_int_equal(record.signal, 11);
    assert_int_equal(record.code, 1);
    assert_int_equal(record.address, 0x1238);
    assert_int_equal(record.time_s, 1732312345);
    assert_int_equal(record.process, 4711);
    assert_string_equal(record.program, "/usr/bin/a program");
    assert_int_equal(record.thread, 4713);
    assert_string_equal(record.thread_name, "fetch 2");
    assert_string_equal(record.registers.line[0], "rip 0x1500");
    assert_string_equal(record.notes.line[0], "job training of wine");
    assert_string_equal(record.log.line[0], "warning: app: disk is nearly full");
    assert_int_equal(record.frame_count, 3);
    assert_int_equal(record.module_count, 2);
    assert_string_equal(record.modules[0].build_id, "abcd");
    assert_string_equal(record.modules[0].path, "/usr/bin/a program");
    assert_true(record.whole);
}

static void a_return_address_belongs_to_the_call(void **state)
{
    uint64_t place;
    (void)state;
    assert_true(read_text(whole));
    const bh__crash_module *module =
        bh__crash_module_of(&record, &record.frames[1], &place); /* returns behind the end of a module */
    assert_ptr_equal(module, &record.modules[0]);
    assert_int_equal(place, 0x13ff);
}

static void without_symbols_frames_are_file_and_offset(void **state)
{
    char text[256], small[16];
    (void)state;
    assert_true(read_text(whole));
    bh__crash_print_frames(&record, text, sizeof text);
    assert_string_equal(text, "#0  a program+0x900\n#1  a program+0x13ff\n#2  ?+0x9000");
    bh__crash_print_frames(&record, small, sizeof small);
    assert_true(strlen(small) < sizeof small);
}

static void what_was_cut_counts_as_far_as_it_is_whole(void **state)
{
    char text[sizeof whole];
    (void)state;
    for (size_t length = 0; length < sizeof whole - 1; length++) {
        memcpy(text, whole, length);
        text[length] = 0;
        bool is_record = length >= strlen("bulkhead-crash 1\n");
        assert_int_equal(read_text(text), is_record);
        assert_false(record.whole);
        assert_true(record.address == 0 || record.address == 0x1238); /* never half of it */
    }
}

static void what_is_no_record_is_refused(void **state)
{
    (void)state;
    assert_false(read_text(""));
    assert_false(read_text("bulkhead-crash 12\nend\n"));
    assert_false(read_text("\n\n\n"));
    assert_true(read_text(
        "bulkhead-crash 1\nframe\nreturn x\nmodule\nmodule 0x2 0x1 0 - /a\nsignal\n\nframe 0xffffffffffffffffffff\nend\n"));
    assert_int_equal(record.module_count, 0);
    assert_int_equal(record.frame_count, 3);
}

static void too_many_lines_are_left_out(void **state)
{
    static char text[1 << 17];
    size_t used = (size_t)snprintf(text, sizeof text, "bulkhead-crash 1\n");
    (void)state;
    for (int i = 0; i < 2000; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "frame 0x%x\nnote n\nmodule 0x%x 0x%x 0 - /m\n", i, i, i + 1);
    assert_true(used < sizeof text - 1);
    assert_true(read_text(text));
    assert_int_equal(record.frame_count, BH__CRASH_FRAMES);
    assert_int_equal(record.notes.count, BH__CRASH_LINES);
    assert_int_equal(record.module_count, BH__CRASH_MODULES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_read),
        cmocka_unit_test(a_return_address_belongs_to_the_call),
        cmocka_unit_test(without_symbols_frames_are_file_and_offset),
        cmocka_unit_test(what_was_cut_counts_as_far_as_it_is_whole),
        cmocka_unit_test(what_is_no_record_is_refused),
        cmocka_unit_test(too_many_lines_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
