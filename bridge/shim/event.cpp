// Events of Qt, told to the core as bh_event.
#include "shim/event.h"

#include "shim/guard.hpp"

#include <QContextMenuEvent>
#include <QDropEvent>
#include <QEnterEvent>
#include <QKeyEvent>
#include <QMimeData>
#include <QMoveEvent>
#include <QUrl>
#include <QWidget>

using namespace shim;

namespace {

using Q = QEvent;

// clang-format off
constexpr Q::Type known[BH_EVENT_TYPE_COUNT] = { // by bh_event_type
    Q::Close, Q::Show, Q::Hide, Q::Resize, Q::Move, Q::KeyPress, Q::KeyRelease, Q::MouseButtonPress,
    Q::MouseButtonRelease, Q::MouseButtonDblClick, Q::MouseMove, Q::Wheel, Q::FocusIn, Q::FocusOut, Q::Enter, Q::Leave,
    Q::ContextMenu, Q::DragEnter, Q::DragLeave, Q::Drop};
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

// What an event points to, during the handler.
struct Strings {
    QByteArray text;
    QList<QByteArray> urls;
    QList<const char *> list;
};

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

void fill_drag(bh_event &out, const QDropEvent *event, Strings &strings)
{
    const QMimeData *data = event->mimeData();
    out.position = point(event->position().toPoint());
    out.buttons = event->buttons().toInt();
    out.modifiers = event->modifiers().toInt();
    strings.text = data->text().toUtf8();
    out.text = strings.text.constData();
    for (const QUrl &url : data->urls())
        strings.urls += url.isLocalFile() ? url.toLocalFile().toUtf8() : url.toEncoded();
    for (const QByteArray &url : strings.urls)
        strings.list += url.constData();
}

bh_event told(bh_event_type type, const QEvent *event, Strings &strings)
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
        fill_key(out, static_cast<const QKeyEvent *>(event), strings.text);
    } else if (type == BH_EVENT_CONTEXT_MENU) {
        out.position = point(static_cast<const QContextMenuEvent *>(event)->pos());
        out.global_position = point(static_cast<const QContextMenuEvent *>(event)->globalPos());
        out.modifiers = static_cast<const QContextMenuEvent *>(event)->modifiers().toInt();
    } else if (type == BH_EVENT_DRAG_ENTER || type == BH_EVENT_DROP) {
        fill_drag(out, static_cast<const QDropEvent *>(event), strings);
    } else if (event->isSinglePointEvent()) {
        fill_pointer(out, static_cast<const QSinglePointEvent *>(event));
    }
    strings.list += nullptr;
    out.urls = strings.list.constData();
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
            Strings strings;
            const bh_event seen = told(static_cast<bh_event_type>(type), event, strings);
            result = bh__on_event(watch, &seen);
        });
        if (result != BH_EVENT_PASS)
            event->setAccepted(result == BH_EVENT_ACCEPT);
        if (result == BH_EVENT_ACCEPT && (type == BH_EVENT_DRAG_ENTER || type == BH_EVENT_DROP))
            static_cast<QDropEvent *>(event)->acceptProposedAction();
        return result != BH_EVENT_PASS;
    }

    unsigned types = 0;
    void *watch;
};

} // namespace

bhs_object *bhs_filter_create(bhs_object *widget, void *watch)
{
    return c(attempt([&] {
        auto *filter = new Filter(watch);
        qt(widget)->installEventFilter(filter);
        return filter;
    }));
}

void bhs_filter_set_types(bhs_object *filter, unsigned types)
{
    as<Filter>(filter)->types = types;
}
