// Main windows, menus, the splash screen and dialogs.
#include "shim/guard.hpp"
#include "shim/widgets.h"

#include <QAction>
#include <QApplication>
#include <QDockWidget>
#include <QFileDialog>
#include <QLayout>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QPainter>
#include <QPointer>
#include <QSplashScreen>
#include <QStatusBar>
#include <QTimer>
#include <QTimerEvent>
#include <QToolBar>
#include <QWindow>
#include <algorithm>

using namespace shim;

namespace {

// As guarded, for what makes an object.
template <class F> bhs_object *made(F make) noexcept
{
    QObject *object = nullptr;
    guarded([&] { object = make(); });
    return c(object);
}

QWidget *widget_or_null(bhs_object *object)
{
    return object ? as<QWidget>(object) : nullptr;
}

bool holds(QLayoutItem *item, const QWidget *widget)
{
    QLayout *layout = item ? item->layout() : nullptr;
    for (int i = 0; layout && i < layout->count(); i++)
        if (layout->itemAt(i)->widget() == widget || holds(layout->itemAt(i), widget))
            return true;
    return false;
}

bool leads_to(const QAction *action, const QWidget *widget)
{
    const QMenu *menu = action->menu<QMenu *>();
    if (!menu || menu == widget)
        return menu;
    const QList<QAction *> actions = menu->actions();
    return std::any_of(actions.begin(), actions.end(), [&](const QAction *a) { return leads_to(a, widget); });
}

class Later final : public QObject {
public:
    Later(bhs_later *later, int ms) : QObject(qApp), later_(later)
    {
        restart(ms);
    }
    ~Later() override
    {
        later_->drop(later_);
    }
    void restart(int ms)
    {
        if (id_)
            killTimer(id_);
        id_ = startTimer(ms, Qt::PreciseTimer);
    }

protected:
    // A nested event loop inside may delete this.
    void timerEvent(QTimerEvent *) override
    {
        killTimer(id_);
        id_ = 0;
        deleteLater();
        later_->run(later_);
    }

private:
    bhs_later *later_;
    int id_ = 0;
};

class Splash final : public Owned<QSplashScreen> {
public:
    using Owned<QSplashScreen>::Owned;
    QPointer<Later> painted;

protected:
    void paintEvent(QPaintEvent *event) override
    {
        QSplashScreen::paintEvent(event);
        if (painted)
            painted->restart(0);
        painted.clear();
    }
};

// No close(): it could end the program together with its only window.
void end(QWidget *splash)
{
    splash->hide();
    splash->deleteLater();
}

// Ends the splash screen once a window has been painted, a second after it was shown at the latest.
class Finisher final : public QObject {
public:
    Finisher(QWidget *splash, QWidget *window) : QObject(splash), splash_(splash), window_(window)
    {
        connect(window, &QObject::destroyed, this, [this] { end(splash_); });
        window->installEventFilter(this);
        if (window->isVisible())
            watch();
    }
    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::Show)
            watch();
        else if (event->type() == QEvent::Expose)
            end_in(0);
        return false;
    }

private:
    void end_in(int ms)
    {
        QTimer::singleShot(ms, this, [this] { end(splash_); });
    }
    void watch()
    {
        QWindow *handle = window_->window()->windowHandle();
        if (handle)
            handle->installEventFilter(this);
        end_in(handle && handle->isExposed() ? 0 : 1000);
    }
    QWidget *splash_, *window_;
};

QPixmap plain_splash()
{
    const QSize size(480, 270);
    const QPalette palette = QApplication::palette();
    const QColor top = palette.color(QPalette::Highlight), ink = palette.color(QPalette::HighlightedText);
    const qreal ratio = qApp->devicePixelRatio();
    QPixmap pixmap(size * ratio);
    pixmap.setDevicePixelRatio(ratio);
    QPainter painter(&pixmap);
    QLinearGradient gradient(0, 0, 0, size.height());
    gradient.setColorAt(0, top);
    gradient.setColorAt(1, top.darker(180));
    painter.fillRect(QRect(QPoint(), size), gradient);
    painter.setPen(ink);
    QFont font = QApplication::font();
    font.setPointSizeF(26);
    font.setBold(true);
    painter.setFont(font);
    const QString name = QGuiApplication::applicationDisplayName();
    painter.drawText(QRect(QPoint(), size).adjusted(32, 0, -32, -24), Qt::AlignCenter | Qt::TextWordWrap, name);
    return pixmap;
}

// A dialog that opens, tells how it ended, and deletes itself.
template <class Dialog> class Asking final : public Owned<Dialog> {
public:
    Asking(QWidget *parent, void *ask) : Owned<Dialog>(parent), ask_(ask)
    {
        this->setAttribute(Qt::WA_DeleteOnClose);
        QObject::connect(this, &QDialog::finished, [this](int result) { bh__on_dialog_finished(ask_, c(this), result); });
    }
    ~Asking() override
    {
        bh__on_dialog_gone(ask_);
    }

private:
    void *ask_;
};

} // namespace

extern "C" {

bh_status bhs_main_window_set_central(bhs_object *window, bhs_object *widget)
{
    return guarded([&] { as<QMainWindow>(window)->setCentralWidget(as<QWidget>(widget)); });
}

bhs_object *bhs_dock_create(bhs_object *window, const char *title)
{
    return made([&] { return new Owned<QDockWidget>(text(title), as<QWidget>(window)); });
}

bh_status bhs_dock_place(bhs_object *window, bhs_object *dock, bhs_object *widget, int area)
{
    return guarded([&] {
        as<QDockWidget>(dock)->setWidget(as<QWidget>(widget));
        as<QMainWindow>(window)->addDockWidget(static_cast<Qt::DockWidgetArea>(area), as<QDockWidget>(dock));
    });
}

bhs_object *bhs_main_window_bar(bhs_object *window, bool menu)
{
    auto *of = as<QMainWindow>(window);
    return made([&] { return menu ? static_cast<QWidget *>(of->menuBar()) : of->statusBar(); });
}

bhs_object *bhs_tool_bar_create(bhs_object *window, const char *title)
{
    return made([&] { return new Owned<QToolBar>(text(title), as<QWidget>(window)); });
}

bh_status bhs_tool_bar_place(bhs_object *window, bhs_object *bar)
{
    return guarded([&] { as<QMainWindow>(window)->addToolBar(as<QToolBar>(bar)); });
}

bool bhs_status_bar_has(const bhs_object *bar, const bhs_object *widget)
{
    return holds(as<const QStatusBar>(bar)->layout(), as<const QWidget>(widget));
}

bh_status bhs_status_bar_add(bhs_object *bar, bhs_object *widget, bool permanent)
{
    return guarded([&] {
        if (permanent)
            as<QStatusBar>(bar)->addPermanentWidget(as<QWidget>(widget));
        else
            as<QStatusBar>(bar)->addWidget(as<QWidget>(widget));
    });
}

bhs_object *bhs_menu_create(bhs_object *parent, const char *title)
{
    return made([&] { return new Owned<QMenu>(text(title), as<QWidget>(parent)); });
}

bh_status bhs_menu_place(bhs_object *menu_or_bar, bhs_object *menu)
{
    return guarded([&] { as<QWidget>(menu_or_bar)->addAction(as<QMenu>(menu)->menuAction()); });
}

bhs_object *bhs_action_create(bhs_object *widget, const char *label, const void *key_sequence)
{
    return made([&] {
        auto *action = new Owned<QAction>(text(label), qt(widget));
        if (key_sequence)
            action->setShortcut(*static_cast<const QKeySequence *>(key_sequence));
        return action;
    });
}

bh_status bhs_action_place(bhs_object *widget, bhs_object *action)
{
    return guarded([&] { as<QWidget>(widget)->addAction(as<QAction>(action)); });
}

bool bhs_action_leads_to(const bhs_object *action, const bhs_object *widget)
{
    return leads_to(as<const QAction>(action), as<const QWidget>(widget));
}

bh_status bhs_separator_add(bhs_object *widget)
{
    return guarded([&] {
        auto *action = new QAction(qt(widget));
        action->setSeparator(true);
        as<QWidget>(widget)->addAction(action);
    });
}

bh_status bhs_later_start(bhs_later *later, int ms)
{
    return guarded([&] { new Later(later, ms); });
}

bhs_object *bhs_splash_create(const char *image, bool *readable)
{
    return made([&] {
        QPixmap pixmap;
        *readable = !image || pixmap.load(text(image));
        return new Splash(pixmap.isNull() ? plain_splash() : pixmap);
    });
}

bh_status bhs_splash_show(bhs_object *splash, bhs_later *painted, int ms)
{
    const bh_status status = guarded([&] { as<Splash>(splash)->painted = new Later(painted, ms); });
    if (status == BH_OK)
        guarded([&] { as<Splash>(splash)->show(); });
    return status;
}

bh_status bhs_splash_message(bhs_object *splash, const char *line)
{
    const QColor ink = QApplication::palette().color(QPalette::HighlightedText);
    return guarded([&] { as<QSplashScreen>(splash)->showMessage(text(line), Qt::AlignHCenter | Qt::AlignBottom, ink); });
}

bh_status bhs_splash_finish(bhs_object *splash, bhs_object *window)
{
    return guarded([&] {
        if (window)
            new Finisher(as<QWidget>(splash), as<QWidget>(window));
        else
            end(as<QWidget>(splash));
    });
}

bhs_object *bhs_message_box_create(bhs_object *parent, void *ask)
{
    return made([&] { return new Asking<QMessageBox>(widget_or_null(parent), ask); });
}

bh_status bhs_message_box_prepare(bhs_object *box, int icon, const char *title, const char *message, int buttons)
{
    static const QMessageBox::Icon icons[] = {QMessageBox::Information, QMessageBox::Question, QMessageBox::Warning,
                                              QMessageBox::Critical};
    return guarded([&] {
        auto *to = as<QMessageBox>(box);
        to->setIcon(icons[icon]);
        to->setWindowTitle(text(title));
        to->setTextFormat(Qt::PlainText);
        to->setText(text(message));
        to->setStandardButtons(static_cast<QMessageBox::StandardButtons>(buttons));
    });
}

bhs_object *bhs_file_dialog_create(bhs_object *parent, void *ask)
{
    return made([&] { return new Asking<QFileDialog>(widget_or_null(parent), ask); });
}

bh_status bhs_file_dialog_prepare(bhs_object *dialog, int mode, const char *title, const char *folder, const char *filter)
{
    static const QFileDialog::FileMode modes[] = {QFileDialog::ExistingFile, QFileDialog::ExistingFiles, QFileDialog::AnyFile,
                                                  QFileDialog::Directory};
    return guarded([&] {
        auto *to = as<QFileDialog>(dialog);
        to->setOption(QFileDialog::DontUseNativeDialog, QGuiApplication::platformName() == "offscreen");
        to->setOption(QFileDialog::ShowDirsOnly, modes[mode] == QFileDialog::Directory);
        to->setFileMode(modes[mode]);
        to->setAcceptMode(modes[mode] == QFileDialog::AnyFile ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
        to->setWindowTitle(text(title));
        if (folder)
            to->setDirectory(text(folder));
        if (filter)
            to->setNameFilter(text(filter));
    });
}

bool bhs_file_dialog_paths(const bhs_object *dialog, bh_value *out)
{
    bool done = false;
    guarded([&] {
        const QStringList paths = as<const QFileDialog>(dialog)->selectedFiles();
        done = bhs_read(QMetaType::QStringList, &paths, out);
    });
    return done;
}

bh_status bhs_dialog_open(bhs_object *dialog)
{
    return guarded([&] { as<QDialog>(dialog)->open(); });
}

} // extern "C"
