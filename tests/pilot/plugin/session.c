/* One request at a time: attempted, acted, settled, answered. See session.h. */
#include "match.h"
#include "record.h"
#include "rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SETTLE_MS = 1000, TICK_MS = 10, INPUTS_MORE = 64, NOTES_MAX = 40 };

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
    long began, deadline, settled_by, tried;
    int blocks; /* how often the loop had nothing to do, since the last input */
    bool active, posted, traced;
    buffer noted; /* the last of the notes */
    int notes;
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

/* A sentence's first line, unless it is the last one's again */
static void note(const char *text)
{
    int length = (int)strcspn(text, "\n");
    bool again = self.noted.length == (size_t)length && strncmp(buffer_get(&self.noted), text, (size_t)length) == 0;
    if (again || self.notes == NOTES_MAX)
        return;
    buffer_clear(&self.noted);
    buffer_put(&self.noted, text, (size_t)length);
    self.notes++;
    buffer_format(&self.now.notes, "%ld ms: %.*s\n", now_ms() - self.began, length, text);
}

static void note_target(const char *what)
{
    buffer text = {0};
    if (!self.traced || !self.now.has_target)
        return;
    buffer_format(&text, "%s ", what);
    tree_line(self.now.target.widget, &text);
    note(text.bytes);
    buffer_free(&text);
}

static void note_inputs(void)
{
    char text[60];
    snprintf(text, sizeof text, "sends %zu input events", self.count);
    if (self.traced && self.count)
        note(text);
}

void session_trace(void)
{
    self.traced = true;
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

/* The texts of a reply that many have no use for */
static void add_more(const buffer *scene)
{
    wire_add(&self.out, buffer_get(&self.now.tree), self.now.tree.length);
    wire_add(&self.out, buffer_get(scene), scene->length);
    wire_add(&self.out, buffer_get(&self.now.notes), self.now.notes.length);
}

static void answer(void)
{
    buffer none = {0};
    if (self.traced && self.phase == PHASE_SETTLE)
        note(now_ms() < self.settled_by ? "at rest" : "not at rest: it goes on all the same");
    reply("ok", &self.now.value);
    wire_add(&self.out, buffer_get(&self.now.picture), self.now.picture.length);
    if (self.now.tree.length || self.now.notes.length)
        add_more(&none);
    send_reply();
}

/* With what a person needs to see why: the tree around it, and a picture */
static void refuse(const char *status)
{
    buffer scene = {0};
    rect area;
    note(buffer_get(&self.now.why));
    if (strcmp(status, "no") == 0)
        note("given up: its time is over");
    reply(status, &self.now.why);
    wire_add(&self.out, buffer_get(&self.now.picture), self.now.picture.length);
    buffer_clear(&self.now.tree);
    tree_text(NULL, &self.now.tree);
    if (scene_paint(self.now.has_target ? look_window(self.now.target.widget) : NULL, &area))
        scene_picture(&scene);
    add_more(&scene);
    buffer_clear(&scene);
    if (self.now.has_target)
        tree_line(self.now.target.widget, &scene);
    wire_add(&self.out, buffer_get(&scene), scene.length);
    buffer_free(&scene);
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

static outcome try_verb(void)
{
    self.active = false;
    self.tried = now_ms();
    self.now.has_target = false;
    self.count = 0;
    buffer_clear(&self.now.why);
    return self.verb(&self.now);
}

static void conclude(outcome result)
{
    switch (result) {
    case OUTCOME_DONE:
        note_target("it is");
        answer();
        break;
    case OUTCOME_ACT:
        note_target("ready:");
        note_inputs();
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
        if (result == OUTCOME_AGAIN)
            note(buffer_get(&self.now.why));
        self.phase = PHASE_TRY;
        agent_tick(true);
        if (now_ms() >= self.deadline)
            refuse("no");
        break;
    }
}

static void attempt(void)
{
    self.next = 0;
    conclude(try_verb());
}

/* A verb that acts itself, such as call: looked up again in the turn in which it does, as its target may be gone by now. It may come back only
   after the reply was sent, and others after it. */
static void act_itself(void)
{
    outcome result = try_verb();
    if (result != OUTCOME_ACT) {
        conclude(result);
        return;
    }
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

/* Nothing was sent yet that does more than to move the pointer, and the next input does */
static bool only_aimed(void)
{
    for (size_t i = 0; i < self.next; i++)
        if (self.inputs[i].kind != HAND_MOVE)
            return false;
    return self.next == 0 || self.inputs[self.next].kind != HAND_MOVE;
}

/* The rules must hold in the turn in which the first key or button goes down, too: the loop has turned since the last look, and the pointer
   may have made something happen. */
static void act(void)
{
    size_t sent = self.next;
    outcome result = only_aimed() ? try_verb() : OUTCOME_ACT;
    if (result == OUTCOME_ACT && sent < self.count) {
        self.next = sent;
        send_next();
        return;
    }
    self.next = 0;
    conclude(result);
}

void session_step(void)
{
    self.posted = false;
    if (self.phase == PHASE_TRY) {
        attempt();
        if (self.phase == PHASE_ACT && self.count)
            send_next();
    } else if (self.phase == PHASE_ACT && self.next < self.count) {
        act();
    } else if (self.phase == PHASE_ACT && self.count == 0) {
        act_itself();
    } else if (self.phase == PHASE_ACT) {
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
    found = found ? found : trace_verb(name);
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
    buffer_clear(&self.now.tree);
    buffer_clear(&self.now.notes);
    buffer_clear(&self.noted);
    self.notes = 0;
    self.count = self.next = 0;
    self.began = now_ms();
    self.deadline = self.began + wire_number(&self.in, 1);
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
