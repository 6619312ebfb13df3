/* crash.h: folders, notes, and the reports of earlier crashes; crashes themselves are in fault_crash. */
#include "folder.h"
#include "refused.h"

#include <bulkhead/bulkhead.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static char top[] = "/tmp/bulkhead-crash-XXXXXX";
static char folder[64];

static void write_record(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int group_setup(void **state)
{
    (void)state;
    if (!mkdtemp(top))
        return -1;
    bh_set_error_hook((bh_error_hook){hear, NULL});
    snprintf(folder, sizeof folder, "%s/a/b", top);
    if (bh_crash_set_folder(folder)) /* before the application: it is remembered */
        return -1;
    return bh_app_create(0, NULL) ? 0 : -1;
}

static int group_teardown(void **state)
{
    char command[128];
    (void)state;
    bh_app_destroy();
    snprintf(command, sizeof command, "rm -r %s", top);
    return system(command);
}

/* --- folders */

static void the_folder_has_an_empty_file_for_its_owner(void **state)
{
    (void)state;
    assert_int_equal(files_with(folder, ".crash"), 1);
}

static void another_folder_takes_its_place(void **state)
{
    char other[128], path[300];
    (void)state;
    snprintf(other, sizeof other, "%s/other", top);
    snprintf(path, sizeof path, "%s", folder);
    assert_int_equal(bh_crash_set_folder(other), BH_OK);
    assert_int_equal(files_with(folder, ".crash"), 0);
    assert_int_equal(access(other, W_OK), 0);
    assert_int_equal(bh_crash_set_folder(""), BH_OK); /* none at all */
    assert_int_equal(rmdir(other), 0);
    assert_int_equal(bh_crash_set_folder(folder), BH_OK);
    assert_int_equal(files_with(folder, ".crash"), 1);
}

static void a_folder_that_cannot_be_is_refused(void **state)
{
    char longer[5000];
    (void)state;
    memset(longer, 'x', sizeof longer);
    longer[0] = '/';
    longer[sizeof longer - 1] = 0;
    assert_refused(bh_crash_set_folder("/proc/nowhere"), BH_ERROR_IO, "/proc/nowhere");
    assert_refused(bh_crash_set_folder(longer), BH_ERROR_RANGE, "too long");
    assert_int_equal(files_with(folder, ".crash"), 1); /* as before */
}

/* --- notes */

static void notes_are_set_replaced_and_taken_back(void **state)
{
    char name[32];
    (void)state;
    assert_int_equal(bh_crash_note("job", "one"), BH_OK);
    assert_int_equal(bh_crash_note("job", "two"), BH_OK);
    for (int i = 0; i < 31; i++) {
        snprintf(name, sizeof name, "note %d", i);
        assert_int_equal(bh_crash_note(name, "text"), BH_OK);
    }
    assert_refused(bh_crash_note("more", "text"), BH_ERROR_FULL, "32 notes");
    assert_int_equal(bh_crash_note("more", NULL), BH_OK);
    assert_int_equal(bh_crash_note("job", NULL), BH_OK);
    assert_int_equal(bh_crash_note("more", "text"), BH_OK);
    assert_refused(bh_crash_note(NULL, "text"), BH_ERROR_NULL, "name is NULL");
    assert_refused(bh_crash_note("", "text"), BH_ERROR_NULL, "short word");
}

/* --- reports */

typedef struct told {
    int count;
    char text[4][512], path[512];
    int signal;
    uintptr_t address;
} told;

static void tell(const bh_crash_report *report, void *user)
{
    told *all = user;
    snprintf(all->text[all->count % 4], sizeof all->text[0], "%s", report->text);
    snprintf(all->path, sizeof all->path, "%s", report->path);
    all->signal = report->signal;
    all->address = report->address;
    all->count++;
}

static void reports_are_told_once_the_oldest_first(void **state)
{
    told all = {0};
    (void)state;
    write_record("20240102-000000-2.crash", "bulkhead-crash 1\nsignal 11 1 0x10\ntime 1732312345\nprocess 7 /usr/bin/wine\n"
                                            "thread 8 fetch\nend\n");
    write_record("20240101-000000-1.crash", "bulkhead-cra");
    assert_int_equal(bh_crash_reports(tell, &all), BH_OK);
    assert_int_equal(all.count, 2);
    assert_string_equal(all.text[0], "the program crashed: its record was cut");
    assert_non_null(strstr(all.text[1], "wine crashed on 2024-11-2"));
    assert_non_null(strstr(all.text[1], ": SIGSEGV at address 0x10, on thread 'fetch'"));
    assert_int_equal(all.signal, 11);
    assert_int_equal(all.address, 0x10);
    assert_int_equal(access(all.path, R_OK), 0);
    assert_int_equal(bh_crash_reports(tell, &all), BH_OK);
    assert_int_equal(all.count, 2);
    assert_int_equal(files_with(folder, ".shown"), 2);
    assert_int_equal(files_with(folder, ".crash"), 1); /* our own */
}

/* Another instance of the program, which is just now writing it, or may yet. */
static void a_record_of_who_still_runs_is_left_alone(void **state)
{
    char path[128];
    told all = {0};
    (void)state;
    write_record("20240103-000000-3.crash", "bulkhead-crash 1\nsignal 11 1 0x10\n");
    snprintf(path, sizeof path, "%s/20240103-000000-3.crash", folder);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    assert_int_equal(flock(file, LOCK_EX), 0);
    assert_int_equal(bh_crash_reports(tell, &all), BH_OK);
    assert_int_equal(all.count, 0);
    close(file);
    assert_int_equal(bh_crash_reports(tell, &all), BH_OK);
    assert_int_equal(all.count, 1);
}

static void the_newest_shown_are_kept(void **state)
{
    char name[64];
    (void)state;
    for (int i = 10; i < 40; i++) {
        snprintf(name, sizeof name, "202501%d-000000-1.shown", i);
        write_record(name, "bulkhead-crash 1\n");
    }
    assert_int_equal(bh_crash_reports(tell, &(told){0}), BH_OK);
    assert_int_equal(files_with(folder, ".shown"), 20);
    assert_int_equal(files_with(folder, "20250110"), 0);
    assert_int_equal(files_with(folder, "20250139"), 1);
}

static void a_report_needs_a_function(void **state)
{
    (void)state;
    assert_refused(bh_crash_reports(NULL, NULL), BH_ERROR_NULL, "fn is NULL");
}

/* By bulkhead-crash; or as it is, if that does not know what to say of it. */
static void a_record_is_read_for_people(void **state)
{
    char path[128], *text = NULL;
    (void)state;
    write_record("20250201-000000-1.shown", "bulkhead-crash 1\nsignal 11 1 0x2468\n");
    snprintf(path, sizeof path, "%s/20250201-000000-1.shown", folder);
    assert_int_equal(bh_crash_read(path, &text), BH_OK);
    assert_non_null(strstr(text, "SIGSEGV at address 0x2468"));
    bh_free(text);
    write_record("20250201-000000-2.shown", "no record\nat all\n");
    path[strlen(path) - strlen("1.shown")] = '2';
    assert_int_equal(bh_crash_read(path, &text), BH_OK);
    assert_string_equal(text, "no record\nat all\n");
    bh_free(text);
    assert_refused(bh_crash_read("/nowhere", &text), BH_ERROR_IO, "'/nowhere' cannot be read");
    assert_null(text);
    assert_refused(bh_crash_read(folder, &text), BH_ERROR_IO, "cannot be read");
    assert_refused(bh_crash_read(NULL, &text), BH_ERROR_NULL, "path is NULL");
    assert_refused(bh_crash_read(path, NULL), BH_ERROR_NULL, "out is NULL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_folder_has_an_empty_file_for_its_owner),
        cmocka_unit_test(another_folder_takes_its_place),
        cmocka_unit_test(a_folder_that_cannot_be_is_refused),
        cmocka_unit_test(notes_are_set_replaced_and_taken_back),
        cmocka_unit_test(reports_are_told_once_the_oldest_first),
        cmocka_unit_test(a_record_of_who_still_runs_is_left_alone),
        cmocka_unit_test(the_newest_shown_are_kept),
        cmocka_unit_test(a_report_needs_a_function),
        cmocka_unit_test(a_record_is_read_for_people),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
