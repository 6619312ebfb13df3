// Main windows, menus, the splash screen, and what of file dialogs is no property.
#include "shim/guard.hpp"
#include "shim/painter.h"
#include "shim/widgets.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDockWidget>
#include <QFileDialog>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QPainter>
#include <QSplashScreen>
#include <QStatusBar>
#include <QToolBar>

using namespace shim;

namespace {

// Whether ACTION opens WIDGET, itself or through its menus.
bool leads_to(const QAction *action, const QWidget *widget)
{
    const QMenu *menu = action->menu<QMenu *>();
    bool found = menu && menu == widget;
    for (const QAction *inner : menu ? menu->actions() : QList<QAction *>())
        found = found || leads_to(inner, widget);
    return found;
}

class Splash final : public Owned<QSplashScreen> {
  public:
    Splash(const QPixmap &pixmap, void *showing) : Owned<QSplashScreen>(pixmap), showing_(showing) {}

    void paintEvent(QPaintEvent *event) override
    {
        QSplashScreen::paintEvent(event);
        QPainter painter(this);
        bh__on_splash_painted(showing_, alias<bhs_painter>(&painter), {width(), height()});
    }

    void *const showing_;
};

QPixmap plain_splash()
{
    const QRect all(0, 0, 480, 270);
    QPixmap pixmap(all.size() * qApp->devicePixelRatio());
    pixmap.setDevicePixelRatio(qApp->devicePixelRatio());
    QPainter painter(&pixmap);
    QLinearGradient gradient(all.topLeft(), all.bottomLeft());
    gradient.setColorAt(0, QColor(0x34, 0x49, 0x6b));
    gradient.setColorAt(1, QColor(0x16, 0x20, 0x2f));
    painter.fillRect(all, gradient);
    QFont font = QApplication::font();
    font.setPointSizeF(28);
    painter.setFont(font);
    painter.setPen(Qt::white);
    painter.drawText(all.adjusted(32, 0, -32, -24), Qt::AlignCenter | Qt::TextWordWrap,
                     QGuiApplication::applicationDisplayName());
    return pixmap;
}

} // namespace

bh_status bhs_main_window_place(bhs_object *window, bhs_object *widget, bool tool_bar)
{
    return moved([&] {
        auto *to = as<QMainWindow>(window);
        tool_bar ? to->addToolBar(as<QToolBar>(widget)) : to->setCentralWidget(as<QWidget>(widget));
    });
}

bh_status bhs_dock_place(bhs_object *window, bhs_object *dock, bhs_object *widget, int area)
{
    return moved([&] {
        as<QDockWidget>(dock)->setWidget(as<QWidget>(widget));
        as<QMainWindow>(window)->addDockWidget(static_cast<Qt::DockWidgetArea>(area), as<QDockWidget>(dock));
    });
}

bhs_object *bhs_main_window_bar(bhs_object *window, bool menu)
{
    auto *of = as<QMainWindow>(window);
    return c(attempt([&]() -> QWidget * { return menu ? static_cast<QWidget *>(of->menuBar()) : of->statusBar(); }));
}

bh_status bhs_status_bar_add(bhs_object *bar, bhs_object *widget, bool permanent)
{
    return moved([&] {
        auto *to = as<QStatusBar>(bar);
        auto *added = as<QWidget>(widget);
        const bool hidden = added->isHidden() && added->testAttribute(Qt::WA_WState_ExplicitShowHide);
        to->removeWidget(added);
        permanent ? to->addPermanentWidget(added) : to->addWidget(added);
        added->setHidden(hidden);
    });
}

bh_status bhs_action_place(bhs_object *widget, bhs_object *action_or_menu)
{
    return guarded([&] {
        auto *menu = qobject_cast<QMenu *>(qt(action_or_menu));
        as<QWidget>(widget)->addAction(menu ? menu->menuAction() : as<QAction>(action_or_menu));
    });
}

bh_status bhs_separator_add(bhs_object *widget)
{
    return guarded([&] {
        auto *action = new QAction(qt(widget));
        action->setSeparator(true);
        as<QWidget>(widget)->addAction(action);
    });
}

bh_status bhs_menu_popup(bhs_object *menu, bh_point at)
{
    return guarded([&] { as<QMenu>(menu)->popup(QPoint(at.x, at.y)); });
}

bool bhs_action_leads_to(const bhs_object *action, const bhs_object *widget)
{
    return leads_to(as<const QAction>(action), as<const QWidget>(widget));
}

bhs_object *bhs_splash_create(const char *image, bool *readable, void *showing)
{
    return c(attempt([&] {
        const QPixmap pixmap(text(image));
        *readable = !image || !pixmap.isNull();
        return new Splash(pixmap.isNull() ? plain_splash() : pixmap, showing);
    }));
}

bhs_object *bhs_message_box_button(const bhs_object *box, int button)
{
    return c(as<const QMessageBox>(box)->button(static_cast<QMessageBox::StandardButton>(button)));
}

bh_status bhs_file_dialog_start(bhs_object *dialog, const char *folder, const char *filter)
{
    return guarded([&] {
        if (folder)
            as<QFileDialog>(dialog)->setDirectory(text(folder));
        if (filter)
            as<QFileDialog>(dialog)->setNameFilter(text(filter));
    });
}

bh_status bhs_save_picture(bhs_object *widget, const char *file, bool *saved)
{
    constexpr int levels = 16; // a layout that is new asks the one around it in turn
    return guarded([&] {
        for (int i = 0; i < levels; i++)
            QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
        *saved = as<QWidget>(widget)->grab().save(text(file), "PNG");
    });
}
