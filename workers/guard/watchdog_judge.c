/* What is a hang, and which stage of it is due. A turn's age is what has gone by since it began, without the times in which the GUI thread
 * could not have done anything about it. */
#include "guard/watchdog.h"

enum { JUMP_MS = 100, STAGES = 3 };

static bool is_busy(const bh__look *look)
{
    return look->turn % 2 != 0;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t since_begun(const bh__look *look)
{
    return look->now_ms - look->since_ms;
}

/* All of the turn so far does not count. */
static void count_from_here(bh__judge *self)
{
    self->stood_ms = since_begun(&self->last);
    self->queued_before_ms = self->last.queued_ms;
}

/* Since the last look, or since the beginning of the turn if that came later: neither the watchdog nor the GUI thread did anything, and the
 * latter was not kept from it by others. */
static int64_t stood_still(const bh__look *before, const bh__look *now)
{
    int64_t span = now->now_ms - larger(before->now_ms, now->since_ms);
    int64_t busy = now->ran_ms - before->ran_ms + larger(0, now->queued_ms - before->queued_ms);
    return now->late_ms > BH__BEAT_SLACK_MS ? larger(0, smaller(now->late_ms, span - busy)) : 0;
}

static bool has_slept(const bh__look *before, const bh__look *now)
{
    return (now->boot_ms - now->now_ms) - (before->boot_ms - before->now_ms) > JUMP_MS;
}

bool bh__judge_look(bh__judge *self, const bh__look *look)
{
    const bh__look before = self->last;
    bool same = is_busy(look) && look->turn == before.turn, over = !same && self->told > 0;
    self->last = *look;
    if (!same) {
        self->told = 0;
        self->stood_ms = 0;
        self->queued_before_ms = larger(before.queued_ms, look->queued_ms - since_begun(look));
    }
    if (has_slept(&before, look)) /* what was under way has to find its feet again */
        count_from_here(self);
    else
        self->stood_ms += stood_still(&before, look);
    return over;
}

int64_t bh__judge_excused(const bh__judge *self)
{
    int64_t excused = self->stood_ms + self->last.queued_ms - self->queued_before_ms;
    return is_busy(&self->last) ? larger(0, smaller(excused, since_begun(&self->last))) : 0;
}

int64_t bh__judge_age(const bh__judge *self)
{
    return is_busy(&self->last) ? since_begun(&self->last) - bh__judge_excused(self) : 0;
}

bool bh__judge_next(bh__judge *self, bh_hang_stage *stage)
{
    if (self->told == STAGES || !is_busy(&self->last) || bh__judge_age(self) < self->limit_ms[self->told])
        return false;
    *stage = (bh_hang_stage)self->told++;
    return true;
}

void bh__judge_excuse(bh__judge *self, bh_hang_stage stage)
{
    self->told = (int)stage;
    count_from_here(self);
}
