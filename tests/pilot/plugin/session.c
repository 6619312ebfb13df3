/* One request at a time: attempted, acted, settled, answered. See session.h. */
#include "match.h"
#include "record.h"
#include "rules.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SETTLE_MS = 1000, TICK_MS = 10, INPUTS_MORE = 64 };

typedef enum phase {
    PHASE_NONE,   /* nothing asked */
    PHASE_TRY,    /* attempted until it holds */
    PHASE_ACT,    /* inputs go out, one per turn */
    PHASE_SETTLE, /* the loop is left to come to rest */
} phase;

static struct {
    int fd;
    phase phase;
    verb verb;
    request now;
    wire_frame in, out;
    long deadline, settled_by, tried;
    int blocks; /* how often the loop had nothing to do, since the last input */
    bool active, posted;
    input *inputs;
    size_t count, next, room;
} self;

long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void session_input(const input *what)
{
    if (self.count == self.room) {
        input *more = realloc(self.inputs, (self.room + INPUTS_MORE) * sizeof *more);
        if (!more)
            return;
        self.inputs = more;
        self.room += INPUTS_MORE;
    }
    self.inputs[self.count++] = *what;
}

static void post(void)
{
    if (!self.posted)
        agent_post();
    self.posted = true;
}

static void reply(const char *status, const buffer *message)
{
    buffer warnings = {0};
    self.phase = PHASE_NONE;
    agent_tick(false);
    agent_warnings(&warnings);
    wire_begin(&self.out);
    wire_add_text(&self.out, status);
    wire_add(&self.out, buffer_get(message), message->length);
    wire_add(&self.out, buffer_get(&warnings), warnings.length);
    buffer_free(&warnings);
}

static void send_reply(void)
{
    if (!wire_send(self.fd, &self.out))
        agent_stop_listening();
}

static void answer(void)
{
    reply("ok", &self.now.value);
    wire_add(&self.out, buffer_get(&self.now.picture), self.now.picture.length);
    send_reply();
}

/* With what a person needs to see why: the tree around it, and a picture */
static void refuse(const char *status)
{
    buffer tree = {0}, picture = {0};
    void *window = self.now.has_target ? look_window(self.now.target.widget) : look_front();
    reply(status, &self.now.why);
    wire_add(&self.out, buffer_get(&self.now.picture), self.now.picture.length);
    tree_text(NULL, &tree);
    wire_add(&self.out, buffer_get(&tree), tree.length);
    if (window && look_visible(window))
        door_picture(window, "PNG", &picture);
    wire_add(&self.out, buffer_get(&picture), picture.length);
    buffer_free(&tree);
    buffer_free(&picture);
    send_reply();
}

static void settle(void)
{
    self.phase = PHASE_SETTLE;
    self.blocks = 0;
    self.settled_by = now_ms() + SETTLE_MS;
    agent_tick(true);
    post(); /* so that the loop turns once more, even if nothing came of it */
}

static void attempt(void)
{
    self.active = false;
    self.tried = now_ms();
    self.now.has_target = false;
    buffer_clear(&self.now.why);
    switch (self.verb(&self.now)) {
    case OUTCOME_DONE:
        answer();
        break;
    case OUTCOME_ACT:
        self.phase = PHASE_ACT;
        post();
        break;
    case OUTCOME_WRONG:
        refuse("wrong");
        break;
    case OUTCOME_SOON:
        post();
        /* fall through */
    case OUTCOME_AGAIN:
        self.phase = PHASE_TRY;
        agent_tick(true);
        if (now_ms() >= self.deadline)
            refuse("no");
        break;
    }
}

/* A verb that acts itself, such as call: it may come back only after the reply was sent, and others after it */
static void act_again(void)
{
    long serial = self.now.serial;
    self.now.round++;
    settle();
    if (self.verb(&self.now) == OUTCOME_WRONG && serial == self.now.serial && self.phase == PHASE_SETTLE)
        refuse("wrong");
}

/* One input, and a key's release with it. What follows is posted before it is sent, as what it opens may not come back for long. */
static void send_next(void)
{
    input what = self.inputs[self.next++];
    bool release = what.kind == HAND_KEY && self.next < self.count && self.inputs[self.next].kind == HAND_KEY_UP;
    if (self.next + release < self.count)
        post();
    else
        settle();
    long serial = self.now.serial;
    hands_send(&what);
    if (release && serial == self.now.serial && self.next < self.count && self.inputs[self.next].kind == HAND_KEY_UP) {
        what = self.inputs[self.next++];
        hands_send(&what);
    }
}

void session_step(void)
{
    self.posted = false;
    if (self.phase == PHASE_TRY) {
        attempt();
    } else if (self.phase == PHASE_ACT && self.next < self.count) {
        send_next();
    } else if (self.phase == PHASE_ACT) {
        if (self.count == 0 && self.now.round == 0 && strcmp(wire_text(&self.in, 0), "call") == 0)
            act_again();
        else
            settle();
    }
}

void session_blocks(void)
{
    if (self.phase == PHASE_SETTLE) {
        bool rests = ++self.blocks >= 2 && agent_busy() <= 0;
        if (rests || now_ms() >= self.settled_by)
            answer();
        else if (self.blocks < 2)
            post();
    } else if (self.phase == PHASE_TRY && self.active) {
        self.active = false;
        post();
    }
}

void session_tick(void)
{
    if (self.phase == PHASE_TRY)
        attempt();
    else if (self.phase == PHASE_SETTLE && now_ms() >= self.settled_by)
        answer();
}

/* A program that posts events faster than it handles them never comes to its timers: its events have to do */
void session_active(void)
{
    self.active = true;
    if (self.phase == PHASE_SETTLE && now_ms() >= self.settled_by)
        answer();
    else if (self.phase == PHASE_TRY && now_ms() - self.tried >= TICK_MS)
        post();
}

void session_moved(void *widget)
{
    rules_moved(widget);
}

void session_say(const char *kind, const char *text)
{
    wire_begin(&self.out);
    wire_add_text(&self.out, kind);
    wire_add_text(&self.out, text);
    send_reply();
}

void session_stops(void)
{
    record_end();
}

static verb verb_of(const char *name)
{
    verb found = act_verb(name);
    found = found ? found : expect_verb(name);
    found = found ? found : ask_verb(name);
    return found ? found : record_verb(name);
}

void session_receive(void)
{
    if (wire_receive(self.fd, &self.in, -1) != 1) {
        agent_stop_listening();
        agent_quit(1); /* the runner is gone, and with it the reason to be here */
        return;
    }
    self.now.fields = &self.in;
    self.now.serial++;
    self.now.round = 0;
    self.now.before.widget = NULL;
    self.now.has_target = false;
    buffer_clear(&self.now.why);
    buffer_clear(&self.now.value);
    buffer_clear(&self.now.picture);
    self.count = self.next = 0;
    self.deadline = now_ms() + wire_number(&self.in, 1);
    self.verb = verb_of(wire_text(&self.in, 0));
    if (self.verb) {
        self.phase = PHASE_TRY;
        attempt();
        return;
    }
    buffer_format(&self.now.why, "there is no request %s", wire_text(&self.in, 0));
    refuse("wrong");
}

void session_start(int fd)
{
    self.fd = fd;
    buffer nothing = {0};
    reply("hello", &nothing);
    send_reply();
}
