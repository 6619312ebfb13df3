/* For tests of the staged start: stages that leave a trail, and do at one place what the test is about. */
#ifndef TEST_STAGES_H
#define TEST_STAGES_H

#include "throwing.h"
#include "turns.h"

#include "base/memory.h"

#include <bulkhead/bulkhead.h>
#include <stdio.h>

enum { STAGES = 4 };

typedef enum accident { NOTHING, RETURNS, SAYS, THROWS, HANGS, QUITS, CANCELS, CANCELLED_BY_ITSELF } accident;

/* What each start of the test does, and what happened. The stages are a (GUI), b (background), c (GUI), d (background). */
static struct {
    accident accident;
    int place;       /* which stage it happens to; -1: none */
    int times;       /* how often; then the stage is well */
    gate at;         /* HANGS */
    char trail[160]; /* a: stage a has run; A: it was undone; !: on_failure; e: ended; x: drop */
    bh_status ended;
    bh_startup_decision answers[8];
    int asked;
    char sentence[256], stage[64], reason[32];
    bool optional;
    int attempt;
    bh_startup *handle;
    long allocation; /* SAYS: the one that fails from then on */
} my;

static inline void note_stage(char letter)
{
    size_t length = strlen(my.trail);
    if (length + 1 < sizeof my.trail) {
        my.trail[length] = letter;
        my.trail[length + 1] = 0;
    }
}

static inline bh_status happen(bh_startup *self)
{
    my.times--;
    switch (my.accident) {
    case RETURNS:
        return BH_ERROR_SYSTEM;
    case SAYS:
        if (my.allocation)
            bh__fail_allocation(my.allocation);
        return bh_startup_fail(self, BH_ERROR_IO, "cannot read %s", "data.csv");
    case THROWS:
        throw_now(my.reason);
        return BH_OK;
    case HANGS:
        return wait_at_gate(&my.at);
    case QUITS:
        return bh_app_quit(7);
    case CANCELS:
        return bh_startup_cancel(self);
    case CANCELLED_BY_ITSELF:
        return BH_CANCELLED;
    default:
        return BH_OK;
    }
}

static inline bh_status stage(bh_startup *self, int place)
{
    assert_int_equal(bh_is_gui_thread(), place % 2 == 0);
    bh_status status = my.place == place && my.times > 0 ? happen(self) : BH_OK;
    if (status == BH_OK)
        note_stage((char)('a' + place));
    return status;
}

static inline void undo(int place)
{
    assert_true(bh_is_gui_thread());
    note_stage((char)('A' + place));
}

#define TEST_STAGE(place, letter)                                      \
    static inline bh_status run_##letter(bh_startup *self, void *user) \
    {                                                                  \
        assert_ptr_equal(user, &my);                                   \
        return stage(self, place);                                     \
    }                                                                  \
    static inline void undo_##letter(void *user)                       \
    {                                                                  \
        assert_ptr_equal(user, &my);                                   \
        undo(place);                                                   \
    }
TEST_STAGE(0, a)
TEST_STAGE(1, b)
TEST_STAGE(2, c)
TEST_STAGE(3, d)

static const bh_startup_stage test_stages[STAGES] = {
    {BH_STARTUP_STAGE_INIT, .name = "stage a", .run = run_a, .undo = undo_a},
    {BH_STARTUP_STAGE_INIT, .name = "stage b", .run = run_b, .undo = undo_b, .background = true, .optional = true, .weight = 5},
    {BH_STARTUP_STAGE_INIT, .name = "stage c", .run = run_c, .undo = undo_c, .optional = true},
    {BH_STARTUP_STAGE_INIT, .name = "stage d", .run = run_d, .undo = undo_d, .background = true},
};

static inline bh_startup_decision answer(void *user, const bh_startup_failure *failure)
{
    assert_ptr_equal(user, &my);
    note_stage('!');
    snprintf(my.sentence, sizeof my.sentence, "%s", failure->sentence);
    snprintf(my.stage, sizeof my.stage, "%s", failure->stage);
    assert_int_equal(failure->index, my.place);
    my.optional = failure->optional;
    my.attempt = failure->attempt;
    return my.answers[my.asked++ % 8];
}

static inline void on_startup_ended(void *user, bh_status status)
{
    assert_ptr_equal(user, &my);
    note_stage('e');
    my.ended = status;
}

static inline void on_startup_drop(void *user)
{
    assert_ptr_equal(user, &my);
    note_stage('x');
}

static inline bh_startup_options test_options(accident what, int place)
{
    memset(&my, 0, sizeof my);
    my.accident = what;
    my.place = place;
    my.times = 1;
    snprintf(my.reason, sizeof my.reason, "no such thing");
    my.ended = (bh_status)-1;
    gate_init(&my.at);
    return (bh_startup_options){BH_STARTUP_INIT,   .stages = test_stages, .stage_count = STAGES,     .user = &my,
                                .no_splash = true, .on_failure = answer,  .ended = on_startup_ended, .drop = on_startup_drop};
}

static inline void start_stages(const bh_startup_options *options)
{
    my.handle = bh_startup_start(options);
    assert_non_null(my.handle);
}

static inline bool has_ended(void)
{
    return strchr(my.trail, 'x') != NULL;
}

#endif
