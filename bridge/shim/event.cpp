// Events of Qt, told to the core as bh_event.
#include "shim/event.h"

#include "shim/guard.hpp"

#include <QEnterEvent>
#include <QKeyEvent>
#include <QMoveEvent>
#include <QWidget>

using namespace shim;

namespace {

using Q = QEvent;

// clang-format off
constexpr Q::Type known[BH_EVENT_TYPE_COUNT] = { // by bh_event_type
    Q::Close, Q::Show, Q::Hide, Q::Resize, Q::Move, Q::KeyPress, Q::KeyRelease, Q::MouseButtonPress,
    Q::MouseButtonRelease, Q::MouseButtonDblClick, Q::MouseMove, Q::Wheel, Q::FocusIn, Q::FocusOut, Q::Enter, Q::Leave};
// clang-format on

int type_of(Q::Type type)
{
    int found = BH_EVENT_TYPE_COUNT - 1;
    while (found >= 0 && known[found] != type)
        found--;
    return found;
}

bh_point point(QPoint from)
{
    return {from.x(), from.y()};
}

bh_size size(QSize from)
{
    return {from.width(), from.height()};
}

void fill_key(bh_event &out, const QKeyEvent *event, QByteArray &text)
{
    text = event->text().toUtf8();
    out.key = event->key();
    out.modifiers = event->modifiers().toInt();
    out.text = text.constData();
    out.repeated = event->isAutoRepeat();
}

void fill_pointer(bh_event &out, const QSinglePointEvent *event)
{
    out.position = point(event->position().toPoint());
    out.global_position = point(event->globalPosition().toPoint());
    if (out.type == BH_EVENT_ENTER)
        return;
    out.button = event->button();
    out.buttons = event->buttons().toInt();
    out.modifiers = event->modifiers().toInt();
    if (out.type == BH_EVENT_WHEEL)
        out.wheel_angle = point(static_cast<const QWheelEvent *>(event)->angleDelta());
}

// TEXT keeps the event's text during the handler.
bh_event told(bh_event_type type, const QEvent *event, QByteArray &text)
{
    bh_event out = {};
    out.type = type;
    out.spontaneous = event->spontaneous();
    out.position = out.global_position = out.old_position = {-1, -1};
    out.new_size = out.old_size = {-1, -1};
    out.text = "";
    if (type == BH_EVENT_MOVE) {
        out.position = point(static_cast<const QMoveEvent *>(event)->pos());
        out.old_position = point(static_cast<const QMoveEvent *>(event)->oldPos());
    } else if (type == BH_EVENT_RESIZE) {
        out.new_size = size(static_cast<const QResizeEvent *>(event)->size());
        out.old_size = size(static_cast<const QResizeEvent *>(event)->oldSize());
    } else if (type == BH_EVENT_KEY_PRESS || type == BH_EVENT_KEY_RELEASE) {
        fill_key(out, static_cast<const QKeyEvent *>(event), text);
    } else if (event->isSinglePointEvent()) {
        fill_pointer(out, static_cast<const QSinglePointEvent *>(event));
    }
    return out;
}

class Filter final : public QObject {
  public:
    explicit Filter(void *record) : watch(record) {}

    // The widget, and this with it, may be gone after the core's answer.
    bool eventFilter(QObject *, QEvent *event) override
    {
        const int type = type_of(event->type());
        if (type < 0 || !(types >> type & 1))
            return false;
        bh_event_result result = BH_EVENT_PASS;
        guarded([&] {
            QByteArray text;
            const bh_event seen = told(static_cast<bh_event_type>(type), event, text);
            result = bh__on_event(watch, &seen);
        });
        if (result != BH_EVENT_PASS)
            event->setAccepted(result == BH_EVENT_ACCEPT);
        return result != BH_EVENT_PASS;
    }

    unsigned types = 0;
    void *watch;
};

} // namespace

bhs_filter *bhs_filter_create(bhs_object *widget, void *watch)
{
    return attempt([&] {
        auto *filter = new Filter(watch);
        qt(widget)->installEventFilter(filter);
        return alias<bhs_filter>(filter);
    });
}

void bhs_filter_set_types(bhs_filter *filter, unsigned types)
{
    alias<Filter>(filter)->types = types;
}

void bhs_filter_destroy(bhs_filter *filter)
{
    guarded([&] { delete alias<Filter>(filter); });
}
