/* Events of widgets. */
#ifndef BULKHEAD_EVENT_H
#define BULKHEAD_EVENT_H

#include <bulkhead/value.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum bh_event_type {
    BH_EVENT_CLOSE,
    BH_EVENT_SHOW,
    BH_EVENT_HIDE,
    BH_EVENT_RESIZE,
    BH_EVENT_MOVE,
    BH_EVENT_KEY_PRESS,
    BH_EVENT_KEY_RELEASE,
    BH_EVENT_MOUSE_PRESS,
    BH_EVENT_MOUSE_RELEASE,
    BH_EVENT_MOUSE_DOUBLE_CLICK,
    BH_EVENT_MOUSE_MOVE, /* without a button only with the property "mouseTracking" */
    BH_EVENT_WHEEL,
    BH_EVENT_FOCUS_IN,
    BH_EVENT_FOCUS_OUT,
    BH_EVENT_ENTER,
    BH_EVENT_LEAVE,
    BH_EVENT_CONTEXT_MENU, /* the right button, or the menu key: open one with bh_menu_popup */
    BH_EVENT_DRAG_ENTER,   /* something is dragged over a widget with the property "acceptDrops": ACCEPT takes it */
    BH_EVENT_DRAG_LEAVE,
    BH_EVENT_DROP, /* what a DRAG_ENTER handler has accepted was dropped */
    BH_EVENT_TYPE_COUNT
} bh_event_type;

/* What a handler makes of an event. */
typedef enum bh_event_result {
    BH_EVENT_PASS,   /* the widget's own handling goes on, as if nobody had looked */
    BH_EVENT_ACCEPT, /* consumed: neither the widget nor its parent sees it */
    BH_EVENT_IGNORE  /* not for this widget: its own handling is skipped, a key, mouse or wheel event goes on to the parent, and
                        a window that gets this for BH_EVENT_CLOSE stays open */
} bh_event_result;

/* Buttons and modifiers have Qt's values. */
enum { BH_BUTTON_LEFT = 1, BH_BUTTON_RIGHT = 2, BH_BUTTON_MIDDLE = 4 };
enum { BH_SHIFT = 0x02000000, BH_CONTROL = 0x04000000, BH_ALT = 0x08000000, BH_META = 0x10000000 };

/* The keys one asks for most; others by Qt::Key's values. Letters and digits are their upper-case ASCII code. */
enum {
    BH_KEY_ESCAPE = 0x01000000,
    BH_KEY_TAB = 0x01000001,
    BH_KEY_BACKSPACE = 0x01000003,
    BH_KEY_RETURN = 0x01000004,
    BH_KEY_ENTER = 0x01000005,
    BH_KEY_INSERT = 0x01000006,
    BH_KEY_DELETE = 0x01000007,
    BH_KEY_HOME = 0x01000010,
    BH_KEY_END = 0x01000011,
    BH_KEY_LEFT = 0x01000012,
    BH_KEY_UP = 0x01000013,
    BH_KEY_RIGHT = 0x01000014,
    BH_KEY_DOWN = 0x01000015,
    BH_KEY_PAGE_UP = 0x01000016,
    BH_KEY_PAGE_DOWN = 0x01000017,
    BH_KEY_F1 = 0x01000030,
    BH_KEY_SPACE = 0x20
};

/* One event, valid during the handler. Fields that the type does not have are 0, "" or {-1, -1}; fields are only ever added. */
typedef struct bh_event {
    bh_event_type type;
    bool spontaneous;         /* from the window system rather than from the program */
    bh_point position;        /* mouse, wheel, enter, context menu, drag enter, drop: in the widget; move: the new position */
    bh_point global_position; /* mouse, wheel, enter, context menu: on the screen */
    bh_point old_position;    /* move */
    bh_size new_size;         /* resize */
    bh_size old_size;         /* resize */
    int button;               /* press, release, double click: the one that did it */
    int buttons;              /* mouse, wheel: all that are down */
    int modifiers;            /* key, mouse, wheel */
    int key;                  /* key */
    const char *text;         /* key: what it types; drag enter, drop: the text that is dragged; UTF-8; never NULL */
    bool repeated;            /* key: by being held down */
    bh_point wheel_angle;     /* wheel: eighths of a degree; y is 120 for one notch away from the user */
    const char *const *urls; /* drag enter, drop: files as absolute paths, other addresses as URLs; NULL-terminated, never NULL */
} bh_event;

typedef bh_event_result (*bh_event_function)(bh_object *widget, void *user, const bh_event *event);

/* A handler on a widget. A checked handle, stale when the widget is gone or the handler removed. */
typedef struct bh_event_handler bh_event_handler;

/* Runs FN before the widget handles an event of TYPE itself. Several handlers: the last added first, until one does not PASS. The
 * widget may be destroyed in the handler. Show, hide, resize, move, focus, enter and leave events that come while a call puts a widget
 * elsewhere reach their handlers when it is there, before the call returns; what those answer changes nothing then. A handler of
 * such an event cannot put a widget elsewhere that has a window of its own. GUI thread. NULL on failure. */
BH_API bh_event_handler *bh_on_event(bh_object *widget, bh_event_type type, bh_event_function fn, void *user);

/* Removes it; also inside itself. NULL is BH_OK and does nothing. */
BH_API bh_status bh_remove_event_handler(bh_event_handler *handler);

#define bh_on_event(...) BH_AT(bh_on_event(__VA_ARGS__))
#define bh_remove_event_handler(...) BH_AT(bh_remove_event_handler(__VA_ARGS__))

#ifdef __cplusplus
}
#endif
#endif
