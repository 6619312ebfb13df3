/* The jobs train and predict as a program starts them: in worker processes of a pool, on files. */
#include "unit/train.h"

#include <bulkhead/main_guard.h>
#include <bulkhead/process_pool.h>
#include <time.h>

static bh_process_pool *pool;
static char *folder;

/* What is cancelled and has not ended after twice GRACE_MS is killed. */
static bh_process_pool *start_pool(int grace_ms)
{
    char program[512];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 64);
    program[length > 0 ? length : 0] = 0;
    *strrchr(program, '/') = 0;
    strcat(program, "/../workers/bulkhead-worker");
    bh_process_pool_options options = {BH_PROCESS_POOL_OPTIONS_INIT, .program = program, .workers = 1,
                                       .cancel_grace_ms = grace_ms, .term_grace_ms = grace_ms};
    return bh_process_pool_create(&options);
}

/* Three classes by four columns, one of which is text; names that need quotes; a bad row and missing values. */
static void write_table(const char *name, bool with_target, const char *second_column)
{
    static const char *const colors[] = {"red", "green", "\"blue, dark\""}, *const kinds[] = {"one", "\"t\"\"wo\"", "three"};
    uint64_t state = with_target ? 1 : 2;
    FILE *file = fopen(path_in(folder, name), "w");
    assert_non_null(file);
    fprintf(file, "a,%s,color%s\n", second_column, with_target ? ",kind" : "");
    for (int i = 0; i < 600; i++) {
        double a = next_random(&state), b = next_random(&state);
        int color = (int)(next_random(&state) * 3), kind = a + b * 0.3 > 0.8 ? 0 : color == 0 ? 1 : 2;
        if (i % 50 == 7)
            fprintf(file, ",");
        else
            fprintf(file, "%.4f,", a);
        fprintf(file, "%.4f,%s", b, colors[color]);
        fprintf(file, with_target ? ",%s\n" : "\n", kinds[kind]);
        if (i == 300)
            fprintf(file, "this is no row\n");
    }
    assert_int_equal(fclose(file), 0);
}

static bh_future *submit(const char *function, const char *text, ...)
{
    char words[10][600], *list[10];
    int count = 0;
    va_list texts;
    va_start(texts, text);
    for (; text; text = va_arg(texts, const char *), count++) {
        const char *value = strchr(text, '@'); /* @NAME: a path in the folder */
        if (value)
            snprintf(words[count], sizeof words[count], "%.*s%s/%s", (int)(value - text), text, folder, value + 1);
        else
            snprintf(words[count], sizeof words[count], "%s", text);
        list[count] = words[count];
    }
    va_end(texts);
    bh_message *arguments = bh_message_from_words(count, list);
    assert_non_null(arguments);
    bh_future *future = bh_process_pool_submit(pool, function, arguments, NULL);
    assert_non_null(future);
    bh_message_destroy(arguments);
    return future;
}

static bh_message_view result_of(bh_future *future)
{
    bh_message_view view = {NULL};
    bh_process_failure failure;
    assert_int_equal(bh_future_wait(future, 50000), BH_OK);
    if (bh_future_get_state(future) != BH_FUTURE_DONE && bh_future_failure(future, &failure) == BH_OK)
        fail_msg("%s: %s", failure.text, failure.output);
    assert_int_equal(bh_future_result(future, &view), BH_OK);
    return view;
}

static void expect_failure(bh_future *future, bh_failure_kind kind, const char *sentence)
{
    bh_process_failure failure;
    assert_int_equal(bh_future_wait(future, 50000), BH_OK);
    assert_int_equal(bh_future_failure(future, &failure), BH_OK);
    if (failure.kind != kind || !strstr(failure.text, sentence))
        fail_msg("%s: '%s', expected '%s'; %s", bh_failure_kind_name(failure.kind), failure.text, sentence, failure.output);
    bh_future_destroy(future);
}

static void a_file_becomes_a_model_and_the_model_predictions(void **state)
{
    (void)state;
    write_table("train.csv", true, "b");
    bh_future *future = submit("train", "file=@train.csv", "target=kind", "run=@whole", "rounds=20", "subsample=0.7", NULL);
    bh_message_view view = result_of(future);
    bh_message_view valid = bh_message_view_find(bh_message_view_find(view, "metrics"), "valid");
    assert_int_equal(bh_message_get_int(view, "rows", 0), 480);
    assert_int_equal(bh_message_get_int(view, "validation_rows", 0), 120);
    assert_int_equal(bh_message_get_int(view, "bad_rows", 0), 1);
    assert_int_equal(bh_message_view_count(bh_message_view_find(view, "classes")), 3);
    assert_true(bh_message_get_double(valid, "merror", 1) < 0.1);
    bh_future_destroy(future);

    write_table("new.csv", false, "b");
    future = submit("predict", "model=@whole/model.json", "file=@new.csv", "output=@out.csv", NULL);
    assert_int_equal(bh_message_get_int(result_of(future), "rows", 0), 600);
    bh_future_destroy(future);
    size_t size, lines = 0;
    char *text = whole_file(folder, "out.csv", &size);
    static const char heading[] = "line,prediction,probability of one,\"probability of t\"\"wo\",probability of three\n2,";
    assert_memory_equal(text, heading, sizeof heading - 1);
    for (size_t i = 0; i < size; i++)
        lines += text[i] == '\n';
    assert_int_equal(lines, 601);
    assert_non_null(strstr(text, ",\"t\"\"wo\",0."));
    free(text);
}

/* The part of the rows of train.csv whose prediction is what stands there. */
static void predictions_are_right(void **state)
{
    (void)state;
    bh_future *future = submit("predict", "model=@whole/model.json", "file=@train.csv", "output=@again.csv", NULL);
    assert_int_equal(bh_message_get_int(result_of(future), "bad_rows", 0), 1);
    bh_future_destroy(future);
    char row[200], prediction[200];
    int right = 0, all = 0;
    FILE *data = fopen(path_in(folder, "train.csv"), "r"), *out = fopen(path_in(folder, "again.csv"), "r");
    assert_true(data && out && fgets(row, sizeof row, data) && fgets(prediction, sizeof prediction, out));
    for (long line = 2, at; fgets(row, sizeof row, data); line++) {
        if (strstr(row, "no row"))
            continue;
        assert_non_null(fgets(prediction, sizeof prediction, out));
        char *said;
        at = strtol(prediction, &said, 10);
        assert_int_equal(at, line);
        char *kind = strrchr(row, ',');
        right += strncmp(said, kind, strlen(kind) - 1) == 0;
        all++;
    }
    fclose(data);
    fclose(out);
    assert_int_equal(all, 600);
    assert_true(right > 560);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    write_table("other.csv", false, "bb");
    size_t size;
    const void *part = whole_file(folder, "whole/model.json", &size);
    size /= 2;
    assert_int_equal(new_file_replace(path_in(folder, "cut.json"), &part, &size, 1, NULL), BH_OK);
    free((void *)part);
    expect_failure(submit("predict", "model=@cut.json", "file=@new.csv", "output=@no.csv", NULL), BH_FAILURE_RETURNED,
                   "is damaged, or no model");
    expect_failure(submit("predict", "model=@whole/model.json", "file=@other.csv", "output=@no.csv", NULL), BH_FAILURE_RETURNED,
                   "'b'");
    expect_failure(submit("predict", "model=@new.csv", "file=@new.csv", "output=@no.csv", NULL), BH_FAILURE_RETURNED,
                   "is no model of XGBoost");
    expect_failure(submit("predict", "model=@none.json", "file=@new.csv", "output=@no.csv", NULL), BH_FAILURE_RETURNED,
                   "there is no model");
    expect_failure(submit("predict", "model=@whole/model.json", "file=@new.csv", "output=@new.csv", NULL), BH_FAILURE_RETURNED,
                   "is what is read");
    expect_failure(submit("train", "file=@train.csv", "target=kind", "run=@whole", "rounds=20", NULL), BH_FAILURE_RETURNED,
                   "resume it, or take another folder");
    expect_failure(submit("train", "file=@train.csv", "target=kind", "run=@other", "roundz=20", NULL), BH_FAILURE_RETURNED,
                   "there is no 'roundz'");
    expect_failure(submit("train", "file=@train.csv", "target=kin", "run=@other", NULL), BH_FAILURE_RETURNED,
                   "did you mean 'kind'");
    expect_failure(submit("train", "file=@train.csv", "run=@other", NULL), BH_FAILURE_RETURNED, "'target' is missing");
    expect_failure(submit("train", "file=@train.csv", "target=kind", "run=@other", "eta=7", NULL), BH_FAILURE_RETURNED,
                   "eta is 7");
    expect_failure(submit("train", "file=@train.csv", "target=kind", "run=@train.csv/no", NULL), BH_FAILURE_RETURNED,
                   "cannot make the folder");
    assert_int_not_equal(access(path_in(folder, "no.csv"), F_OK), 0);
}

static void wait_for_round(bh_future *future, int round)
{
    const struct timespec pause = {0, 1000000};
    bh_message *progress = bh_message_create();
    bh_message_view view;
    for (int reached = 0; reached < round;) {
        assert_false(bh_future_is_done(future));
        nanosleep(&pause, NULL);
        assert_int_equal(bh_future_progress(future, progress), BH_OK);
        assert_int_equal(bh_message_complete(progress, &view), BH_OK);
        reached = (int)bh_message_get_int(view, "round", 0);
    }
    bh_message_destroy(progress);
}

#define LONG_RUN \
    "file=@train.csv", "target=kind", "rounds=400", "subsample=0.7", "colsample_bytree=0.5", "checkpoint_every=40", "max_depth=2"

/* Cancelled, its worker killed, and at last left alone: the same model as that of a run without all this. */
static void a_run_is_stopped_killed_and_resumed(void **state)
{
    (void)state;
    bh_future *future = submit("train", LONG_RUN, "run=@calm", NULL);
    result_of(future);
    bh_future_destroy(future);

    future = submit("train", LONG_RUN, "run=@rough", NULL);
    wait_for_round(future, 50);
    assert_int_equal(bh_future_cancel(future), BH_OK);
    expect_failure(future, BH_FAILURE_CANCELLED, "train");

    bh_process_pool *patient = pool;
    pool = start_pool(1);
    future = submit("train", LONG_RUN, "run=@rough", "resume=true", NULL);
    wait_for_round(future, 130);
    assert_int_equal(bh_future_cancel(future), BH_OK);
    expect_failure(future, BH_FAILURE_CANCELLED, "train");
    assert_int_equal(bh_process_pool_close(pool, 2000), BH_OK);
    assert_int_equal(bh_process_pool_destroy(pool), BH_OK);
    pool = patient;

    future = submit("train", LONG_RUN, "run=@rough", "resume=true", NULL);
    assert_true(bh_message_get_int(result_of(future), "resumed_from", 0) >= 120);
    bh_future_destroy(future);
    char *calm = strdup(path_in(folder, "calm")), *rough = strdup(path_in(folder, "rough"));
    assert_true(same_model(calm, rough, TRAINER_MODEL));
    free(calm);
    free(rough);
}

static int make_pool(void **state)
{
    (void)state;
    folder = new_folder();
    pool = start_pool(20000);
    return pool ? 0 : -1;
}

static int drop_pool(void **state)
{
    (void)state;
    drop_folder(folder);
    return bh_process_pool_close(pool, 2000) || bh_process_pool_destroy(pool) ? -1 : 0;
}

int main(int argc, char **argv)
{
    static const bh_process_function none[] = {{0}};
    bh_main_guard(argc, argv, none);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_becomes_a_model_and_the_model_predictions),
        cmocka_unit_test(predictions_are_right),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(a_run_is_stopped_killed_and_resumed),
    };
    return cmocka_run_group_tests(tests, make_pool, drop_pool);
}
