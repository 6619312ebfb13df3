/* A person's hands, for tests in C: events that no public call causes are made by Qt's own constructors, found by name, and sent to what
 * is at the upper left of the active window. */
#ifndef TEST_HANDS_H
#define TEST_HANDS_H

#include "refused.h"

#include <dlfcn.h>

typedef union made_event {
    _Alignas(16) unsigned char bytes[256];
} made_event;

typedef struct qt_string { /* a QString over text that nobody owns */
    void *owner;
    const uint16_t *text;
    ptrdiff_t length;
} qt_string;

enum { KEY_PRESS = 6, KEY_RELEASE = 7, MOUSE_PRESS = 2, MOUSE_RELEASE = 3, MOUSE_DOUBLE_CLICK = 4, MOUSE_MOVE = 5 };

#define QT(name, result, ...) result (*name)(__VA_ARGS__)

static QT(active_window, void *, void);
static QT(child_at, void *, const void *widget, const bh_point *point);
static QT(send_event, bool, void *receiver, void *event);
static QT(primary_device, const void *, const void *);
static QT(make_key, void, void *event, int type, int key, int modifiers, const qt_string *text, bool repeated, uint16_t count);
static QT(make_mouse, void, void *event, int type, const bh_pointf *at, const bh_pointf *global, int button, int buttons,
          int modifiers, const void *device);
static QT(make_wheel, void, void *event, const bh_pointf *at, const bh_pointf *global, bh_point pixels, bh_point angle,
          int buttons, int modifiers, int phase, bool inverted, int source, const void *device);

static inline void find(void *function, const char *mangled)
{
    *(void **)function = dlsym(RTLD_DEFAULT, mangled);
    if (!*(void **)function)
        fail_msg("Qt has no %s", mangled);
}

static inline int find_qt(void **state)
{
    (void)state;
    find(&active_window, "_ZN12QApplication12activeWindowEv");
    find(&child_at, "_ZNK7QWidget7childAtERK6QPoint");
    find(&send_event, "_ZN16QCoreApplication9sendEventEP7QObjectP6QEvent");
    find(&primary_device, "_ZN15QPointingDevice21primaryPointingDeviceERK7QString");
    find(&make_key, "_ZN9QKeyEventC1EN6QEvent4TypeEi6QFlagsIN2Qt16KeyboardModifierEERK7QStringbt");
    find(&make_mouse, "_ZN11QMouseEventC1EN6QEvent4TypeERK7QPointFS4_N2Qt11MouseButtonE6QFlagsIS6_ES7_INS5_16KeyboardModifierEE"
                      "PK15QPointingDevice");
    find(&make_wheel, "_ZN11QWheelEventC1ERK7QPointFS2_6QPointS3_6QFlagsIN2Qt11MouseButtonEES4_INS5_16KeyboardModifierEE"
                      "NS5_11ScrollPhaseEbNS5_16MouseEventSourceEPK15QPointingDevice");
    return 0;
}

static inline const void *mouse_device(void)
{
    static const qt_string seat;
    return primary_device(&seat);
}

/* The visible window's child at a point of it; the window itself where there is none. */
static inline void *receiver_at(int x, int y)
{
    void *window = active_window();
    assert_non_null(window);
    void *child = child_at(window, &BH_POINT(x, y));
    return child ? child : window;
}

static inline void send(made_event *event)
{
    send_event(receiver_at(5, 5), event);
    (*(void (***)(void *))event)[0](event); /* the destructor is the first of its virtual functions */
}

static inline void press_key(int type, int key, int modifiers, const uint16_t *text, ptrdiff_t length, bool repeated)
{
    made_event event;
    const qt_string string = {NULL, text, length};
    make_key(&event, type, key, modifiers, &string, repeated, 1);
    send(&event);
}

static inline void mouse_at(int type, double x, double y, int button, int buttons)
{
    made_event event;
    make_mouse(&event, type, &(bh_pointf){x, y}, &(bh_pointf){x * 10, y * 10}, button, buttons, BH_CONTROL, mouse_device());
    send(&event);
}

static inline void press_mouse(int type, int button, int buttons)
{
    mouse_at(type, 3, 4, button, buttons);
}

/* One notch away from the user is 120. */
static inline void turn_wheel(double x, double y, int angle, int modifiers)
{
    made_event event;
    make_wheel(&event, &(bh_pointf){x, y}, &(bh_pointf){x, y}, BH_POINT(0, 0), BH_POINT(0, angle), 0, modifiers, 0, false, 0,
               mouse_device());
    send(&event);
}

#endif
