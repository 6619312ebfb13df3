/* connect.h, event.h, timer.h */
#include "fuzz.h"

#include <limits.h>
#include <string.h>

/* A signal of TARGET's class whole, to know its types, or any name. */
static bh_connect_options random_options(void *user)
{
    bh_connect_options options = {
        BH_CONNECT_INIT,
        .type = fuzz_chance(95) ? (bh_connection_type)fuzz_below(4) : (bh_connection_type)fuzz_int(),
        .unique = fuzz_chance(10),
    };
    if (fuzz_chance(50))
        options.context = fuzz_object(NULL);
    if (user)
        options.drop = fuzz_token_drop;
    if (fuzz_chance(2))
        options.size = fuzz_size_t();
    return options;
}

static fuzz_result run_bh_connect(void)
{
    fuzz_target target = fuzz_chance(50) ? fuzz_target_of(fuzz_class_any()) : fuzz_target_any(NULL);
    if (fuzz_chance(20))
        target = (fuzz_target){fuzz_thing(FUZZ_INSTANCE), fuzz_class_any()};
    const char *signal = fuzz_signal_name(target.of);
    bh_type types[BH_MAX_ARGUMENTS];
    int count = signal ? fuzz_signature_types(signal, types) : -1;
    bh_callback callback = fuzz_callback(count >= 0 && fuzz_chance(80) ? types : NULL, count);
    void *user = fuzz_chance(60) ? fuzz_token_new() : NULL;
    bh_connect_options options = random_options(user);
    if (user && options.size != sizeof options) { /* nobody may know of drop */
        fuzz_token_drop(user);
        user = NULL;
    }
    bh_connection *connection = bh_connect(target.object, signal, callback, user, user || fuzz_chance(50) ? &options : NULL);
    if (!connection)
        fuzz_token_drop(user);
    fuzz_keep(FUZZ_CONNECTION, connection);
    return connection ? FUZZ_OK : FUZZ_REFUSED;
}

/* Slots that change something at most once, so that connections in a circle come to rest. */
static fuzz_result run_bh_connect_slot(void)
{
    static const char *const slots[] = {"deleteLater()",    "hide()",
                                        "close()",          "update()",
                                        "setEnabled(bool)", "setFocus()",
                                        "raise()",          "setText(QString)",
                                        "clear()",          "setValue(int)",
                                        "setVisible(bool)", "no",
                                        "clicked(",         "setCurrentIndex(int)",
                                        "setDisabled(bool)"};
    fuzz_target sender = fuzz_target_of(fuzz_class_any());
    if (fuzz_chance(20))
        sender = (fuzz_target){fuzz_thing(FUZZ_INSTANCE), fuzz_class_any()};
    const char *slot = fuzz_mutated(slots[fuzz_below(sizeof slots / sizeof slots[0])]);
    bh_connection_type type = fuzz_chance(95) ? (bh_connection_type)fuzz_below(3) : (bh_connection_type)fuzz_int();
    if (slot && strstr(slot, "setVisible") && !fuzz_chance(10))
        slot = "update()";
    bh_connection *connection =
        bh_connect_slot(sender.object, fuzz_signal_name(sender.of), fuzz_object(fuzz_chance(80) ? "QWidget" : NULL), slot, type);
    fuzz_keep(FUZZ_CONNECTION, connection);
    return connection ? FUZZ_OK : FUZZ_REFUSED;
}

FUZZ_CALL(bh_disconnect, fuzz_thing(FUZZ_CONNECTION))

static fuzz_result run_bh_sender(void)
{
    bh_object *sender = bh_sender();
    fuzz_keep(FUZZ_OBJECT, sender);
    return sender ? FUZZ_OK : FUZZ_QUIET;
}

/* --- event.h */

static fuzz_result run_bh_on_event(void)
{
    bh_event_type type = fuzz_chance(95) ? (bh_event_type)fuzz_below(BH_EVENT_TYPE_COUNT) : (bh_event_type)fuzz_int();
    bh_event_handler *handler = bh_on_event(fuzz_object("QWidget"), type, fuzz_chance(95) ? fuzz_on_event : NULL, NULL);
    fuzz_keep(FUZZ_EVENT_HANDLER, handler);
    return handler ? FUZZ_OK : FUZZ_REFUSED;
}

FUZZ_CALL(bh_remove_event_handler, fuzz_thing(FUZZ_EVENT_HANDLER))

/* --- timer.h */

static int any_delay(void)
{
    static const int limits[] = {-1, INT_MIN, INT_MAX, 1000, 0};
    int delay = fuzz_chance(80) ? fuzz_small(0, 5) : limits[fuzz_below(5)];
    fuzz_note("%d ms", delay);
    return delay;
}

FUZZ_CALL(bh_timer_single_shot, any_delay(), fuzz_chance(95) ? fuzz_on_void : NULL, NULL)
FUZZ_CALL(bh_timer_single_shot_for, fuzz_object(NULL), any_delay(), fuzz_chance(95) ? fuzz_on_void : NULL, NULL)

static fuzz_result run_bh_timer_start(void)
{
    bh_timer_type type = fuzz_chance(95) ? (bh_timer_type)fuzz_below(2) : (bh_timer_type)fuzz_int();
    bh_timer *timer = bh_timer_start(any_delay(), type, fuzz_chance(50) ? NULL : fuzz_object(NULL),
                                     fuzz_chance(95) ? fuzz_on_void : NULL, NULL);
    fuzz_keep(FUZZ_TIMER, timer);
    return timer ? FUZZ_OK : FUZZ_REFUSED;
}

FUZZ_CALL(bh_timer_set_interval, fuzz_thing(FUZZ_TIMER), any_delay())
FUZZ_CALL(bh_timer_stop, fuzz_thing(FUZZ_TIMER))

const fuzz_entry fuzz_connect_entries[] = {
    FUZZ_ENTRY(bh_connect),           FUZZ_ENTRY(bh_connect_slot),
    FUZZ_ENTRY(bh_disconnect),        FUZZ_ENTRY(bh_sender),
    FUZZ_ENTRY(bh_on_event),          FUZZ_ENTRY(bh_remove_event_handler),
    FUZZ_ENTRY(bh_timer_single_shot), FUZZ_ENTRY(bh_timer_single_shot_for),
    FUZZ_ENTRY(bh_timer_start),       FUZZ_ENTRY(bh_timer_set_interval),
    FUZZ_ENTRY(bh_timer_stop),        {NULL, NULL, 0},
};
