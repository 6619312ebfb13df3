/* A pool that is fed with functions that crash, hang, leak, print and exit; and what became of each. The program and the other tasks
 * do not notice. Needs no Qt. */
#define _XOPEN_SOURCE 700
#include <bulkhead/main_guard.h>
#include <bulkhead/process_pool.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- in worker processes: what one had better not do */

static bh_status crash(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    (void)result;
    volatile intptr_t nowhere = (intptr_t)bh_message_get_int(arguments, "address", 0x1000);
    return (bh_status) * (volatile int *)nowhere;
}

static int sum_down(volatile int *above, int depth)
{
    volatile int here[1024];
    here[0] = *above + depth;
    return depth < 0 ? here[0] : sum_down(here, depth + 1) + here[0];
}

static bh_status recurse(bh_job *self, bh_message_view arguments, bh_message *result)
{
    volatile int bottom = 0;
    (void)self;
    (void)arguments;
    return bh_message_add_int(result, "sum", sum_down(&bottom, 0));
}

static bh_status hang(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    (void)arguments;
    (void)result;
    signal(SIGTERM, SIG_IGN);
    while (pause())
        continue;
    return BH_OK;
}

static bh_status leak(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)result;
    // NOLINTNEXTLINE(clang-analyzer-unix.Malloc): it is to leak
    for (int64_t i = 0; i < bh_message_get_int(arguments, "megabytes", 64); i++) {
        char *volatile lost = malloc(1 << 20);
        if (!lost)
            return bh_job_fail(self, BH_ERROR_MEMORY, "no more than %d MiB", (int)i);
        memset(lost, 1, 1 << 20);
    }
    return BH_OK;
}

static bh_status chatter(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)arguments;
    (void)result;
    for (int i = 0; i < 100000; i++)
        printf("I have said %d things\n", i);
    return bh_job_fail(self, BH_ERROR_RANGE, "there is nothing more to say");
}

static bh_status leave(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    (void)arguments;
    (void)result;
    exit(0);
}

static bh_status give_up(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)arguments;
    (void)result;
    return bh_job_fail(self, BH_ERROR_IO, "cannot read %s", "moon.csv");
}

static bh_status work(bh_job *self, bh_message_view arguments, bh_message *result)
{
    (void)self;
    int64_t to = bh_message_get_int(arguments, "to", 1000), sum = 0;
    for (int64_t i = 1; i <= to; i++)
        sum += i;
    return bh_message_add_int(result, "sum", sum);
}

static const bh_process_function functions[] = {{"crash", crash},     {"recurse", recurse}, {"hang", hang},
                                                {"chatter", chatter}, {"leave", leave},     {"give_up", give_up},
                                                {"leak", leak},       {"work", work},       {0}};

/* --- in the program */

/* The last line of what the worker printed. */
static void print_last_line(const bh_process_failure *failure)
{
    size_t end = failure->output_size;
    while (end > 0 && failure->output[end - 1] == '\n')
        end--;
    size_t begin = end;
    while (begin > 0 && failure->output[begin - 1] != '\n')
        begin--;
    if (end > begin)
        printf("%27s it printed last: %.*s\n", "", (int)(end - begin), failure->output + begin);
}

/* The stack of a crash, as far as the function itself. */
static void print_stack(const bh_process_failure *failure)
{
    const char *line = failure->stack;
    for (int i = 0; i < 3 && *line; i++) {
        int length = (int)strcspn(line, "\n");
        printf("%27s %.*s\n", "", length, line);
        line += length + (line[length] != 0);
    }
}

static void print_end(bh_future *future)
{
    bh_message_view result;
    bh_process_failure failure;
    bh_future_wait(future, -1);
    if (bh_future_get_state(future) == BH_FUTURE_DONE && bh_future_result(future, &result) == BH_OK) {
        char *json = bh_message_view_json(result);
        printf("%-8s %-18s %s\n", bh_future_function(future), "done", json ? json : "");
        bh_free(json);
    } else if (bh_future_failure(future, &failure) == BH_OK) {
        const char *kind = bh_failure_kind_name(failure.kind) + strlen("BH_FAILURE_");
        printf("%-8s %-18s %s\n", bh_future_function(future), kind, failure.text);
        print_last_line(&failure);
        print_stack(&failure);
    }
    bh_future_destroy(future);
}

int main(int argc, char **argv)
{
    enum { COUNT = sizeof functions / sizeof functions[0] - 1 };
    bh_future *futures[COUNT][2];
    bh_process_pool_statistics counts;
    bh_main_guard(argc, argv, functions);
    bh_process_pool *pool = bh_process_pool_create(&(bh_process_pool_options){BH_PROCESS_POOL_OPTIONS_INIT, .name = "faults",
                                                                              .workers = 1, .memory_growth = 32 << 20,
                                                                              .cancel_grace_ms = 100, .term_grace_ms = 100});
    bh_submit_options options = {BH_SUBMIT_OPTIONS_INIT, .run_ms = 300};
    for (int i = 0; i < COUNT; i++) { /* after each that misbehaves one that does not */
        futures[i][0] = bh_process_pool_submit(pool, functions[i].name, NULL, functions[i].run == hang ? &options : NULL);
        futures[i][1] = bh_process_pool_submit(pool, "work", NULL, NULL);
    }
    for (int i = 0; i < COUNT; i++) {
        print_end(futures[i][0]);
        print_end(futures[i][1]);
    }
    bh_process_pool_close(pool, 1000);
    if (bh_process_pool_get_statistics(pool, &counts) == BH_OK)
        printf("%d tasks done, %d failed; %d workers were started: %d died, %d were ended, %d were replaced\n", (int)counts.done,
               (int)counts.failed, (int)counts.spawned, (int)counts.deaths, (int)counts.killed, (int)counts.replaced);
    bh_process_pool_destroy(pool);
    return 0;
}
