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

/* Of the time since the last look, or since the beginning of the turn if that came later. */
static int64_t excuse(const bh__look *before, const bh__look *now)
{
    int64_t span = now->now_ms - larger(before->now_ms, now->since_ms);
    int64_t slept = (now->boot_ms - now->now_ms) - (before->boot_ms - before->now_ms);
    int64_t lost = now->queued_ms - before->queued_ms, ran = now->ran_ms - before->ran_ms;
    if (slept > JUMP_MS) /* what was under way has to find its feet again */
        return now->now_ms - now->since_ms;
    if (now->late_ms > BH__BEAT_SLACK_MS)
        lost = larger(lost, now->late_ms);
    return larger(0, smaller(lost, span - ran));
}

bool bh__judge_look(bh__judge *self, const bh__look *look)
{
    const bh__look before = self->last;
    bool same = is_busy(look) && look->turn == before.turn, over = !same && self->told > 0;
    self->last = *look;
    if (!same) {
        self->told = 0;
        self->excused_ms = 0;
    }
    if (is_busy(look))
        self->excused_ms = smaller(self->excused_ms + excuse(&before, look), look->now_ms - look->since_ms);
    return over;
}

int64_t bh__judge_age(const bh__judge *self)
{
    const bh__look *last = &self->last;
    return is_busy(last) ? last->now_ms - last->since_ms - self->excused_ms : 0;
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
    self->excused_ms = self->last.now_ms - self->last.since_ms;
}
