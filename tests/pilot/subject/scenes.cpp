// Scenes in which a careless click goes wrong, and the careless clicks.
#include "subject.h"

#include <QApplication>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QFrame>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>
#include <QTimer>
#include <QVBoxLayout>

void Subject::scene(const QString &name)
{
    static_cast<QTabWidget *>(centralWidget())->setCurrentWidget(stage);
    auto target = button(stage, "target", "Target");
    target->setGeometry(40, 40, 120, 40);
    target->setVisible(name != "hidden");
    if (name == "covered") {
        coveredScene();
    } else if (name == "shy") {
        shyScene(target);
    } else if (name == "modal") {
        auto box = new QMessageBox(QMessageBox::Question, "Ask", "Go on?", QMessageBox::Ok, this);
        box->setObjectName("askBox");
        box->setWindowModality(Qt::ApplicationModal);
        box->show();
    } else if (name == "disabled") {
        target->setEnabled(false);
    } else if (name == "moving") {
        movingScene();
    } else if (name == "zero") {
        target->setFixedSize(0, 0);
    } else if (name == "scrolled" || name == "clipped") {
        delete target;
        scrolledScene();
    } else if (name == "popup") {
        auto menu = new QMenu(this);
        menu->setObjectName("popup");
        menu->addAction("Something");
        menu->popup(mapToGlobal(QPoint(300, 200)));
    } else if (name == "recreated") {
        delete target;
        recreatedScene();
    } else if (name == "windows") {
        delete target;
        windowsScene();
    } else if (name == "closing") {
        delete target;
        closingScene();
    } else if (name == "many") {
        delete target;
        manyScene();
    } else if (name == "opening") {
        delete target;
        openingScene();
    } else if (name == "fields") {
        delete target;
        fieldsScene();
    } else if (name == "parts") {
        delete target;
        partsScene();
    } else if (name == "dialogs") {
        delete target;
        dialogsScene();
    } else if (name == "careless") {
        delete target;
        carelessScene();
    }
}

void Subject::coveredScene()
{
    auto overlay = new QFrame(stage);
    overlay->setObjectName("overlay");
    overlay->setGeometry(0, 0, 400, 300);
    overlay->setAutoFillBackground(true);
    overlay->show();
}

namespace {
class Shyness : public QObject {
  public:
    Shyness(QWidget *hiding, QObject *parent) : QObject(parent), cover(hiding) {}
    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::Enter)
            cover->show();
        return false;
    }

  private:
    QWidget *cover;
};
} // namespace

// Covered as soon as the pointer is on it: who looked before that clicks on what covers it
void Subject::shyScene(QWidget *target)
{
    coveredScene();
    auto overlay = stage->findChild<QWidget *>("overlay");
    overlay->hide();
    target->installEventFilter(new Shyness(overlay, target));
}

void Subject::movingScene()
{
    auto target = stage->findChild<QPushButton *>("target");
    auto decoy = button(stage, "decoy", "Decoy");
    decoy->setGeometry(40, 40, 190, 40); // under all that the target passes
    decoy->show();
    target->raise();
    auto timer = new QTimer(target);
    QElapsedTimer since;
    since.start();
    connect(timer, &QTimer::timeout, target, [=, turn = 0]() mutable {
        bool there = since.elapsed() > 600;
        target->move(there ? 240 : 60 + ++turn % 97, 40); // elsewhere in each turn of the loop
        if (there)
            timer->stop();
    });
    timer->start(0);
}

void Subject::scrolledScene()
{
    auto area = new QScrollArea(stage);
    area->setObjectName("area");
    area->setGeometry(10, 10, 300, 150);
    auto inside = new QWidget;
    inside->resize(280, 2000);
    button(inside, "target", "Target")->setGeometry(20, 1800, 120, 40);
    area->setWidget(inside);
    area->show();
    auto frame = new QWidget(stage);
    frame->setGeometry(320, 10, 100, 100);
    button(frame, "clipped", "Clipped")->setGeometry(10, 500, 80, 30);
    frame->show();
}

// A list that is filled anew: what was found a moment ago is about to go
void Subject::recreatedScene()
{
    auto old = button(stage, "target", "Old");
    old->setGeometry(40, 40, 120, 40);
    old->setEnabled(false);
    old->show();
}

void Subject::replaceSoon()
{
    auto old = stage->findChild<QPushButton *>("target");
    QTimer::singleShot(60, this, [this, old] {
        old->setObjectName("");
        old->hide();
        old->setEnabled(true);
        auto fresh = button(stage, "target", "New");
        disconnect(old, nullptr, this, nullptr);
        fresh->setGeometry(40, 90, 120, 40);
        fresh->show();
    });
}

void Subject::windowsScene()
{
    for (const char *title : {"First", "Second"}) {
        auto window = new QWidget(this, Qt::Window);
        window->setWindowTitle(title);
        auto save = new QPushButton("Save", window);
        save->setObjectName("save");
        connect(save, &QPushButton::clicked, this, [this, title] { counted[title]++; });
        window->resize(200, 100);
        window->show();
    }
}

static QString sendTo(QWidget *widget)
{
    if (!widget)
        return "missing";
    QPoint at = widget->rect().center();
    for (QEvent::Type type : {QEvent::MouseButtonPress, QEvent::MouseButtonRelease}) {
        QMouseEvent event(type, at, widget->mapToGlobal(at), Qt::LeftButton,
                          type == QEvent::MouseButtonPress ? Qt::LeftButton : Qt::NoButton, Qt::NoModifier);
        QApplication::sendEvent(widget, &event);
    }
    return "sent";
}

static QWidget *named(const QString &name)
{
    for (QWidget *top : QApplication::topLevelWidgets())
        if (auto found = top->findChild<QWidget *>(name))
            return found;
    return nullptr;
}

QString Subject::naive(const QString &name)
{
    return sendTo(named(name));
}

QString Subject::hold(const QString &name)
{
    held = named(name);
    heldAt = held ? held->mapTo(this, held->rect().center()) : QPoint();
    return held ? "held" : "missing";
}

QString Subject::naiveHeld()
{
    return sendTo(held);
}

QString Subject::naiveWhereHeld()
{
    return sendTo(childAt(heldAt));
}

QString Subject::naiveText(const QString &name, const QString &text)
{
    auto edit = qobject_cast<QLineEdit *>(named(name));
    if (edit)
        edit->setText(text);
    return edit ? "sent" : "missing";
}

namespace {
// A dial that only a picture tells about; and a pad that is dragged on
class Pad : public QWidget {
  public:
    using QWidget::QWidget;
    QString path;
    QLabel *says = nullptr;

  protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), Qt::white);
        painter.fillRect(QRect(20, 20, 60, 40), Qt::blue);
        painter.fillRect(QRect(100, 20, 60, 40), isEnabled() ? Qt::green : Qt::gray);
        setProperty("painted", ++painted);
    }
    void mousePressEvent(QMouseEvent *event) override
    {
        from = event->pos();
    }
    void mouseReleaseEvent(QMouseEvent *event) override
    {
        QPoint by = event->pos() - from;
        says->setText(QString("dragged %1, %2").arg(by.x()).arg(by.y()));
    }
    void wheelEvent(QWheelEvent *event) override
    {
        says->setText(QString("wheel %1").arg(event->angleDelta().y()));
    }
    void dragEnterEvent(QDragEnterEvent *event) override
    {
        if (event->mimeData()->hasUrls() && event->mimeData()->urls().first().path().endsWith(".csv"))
            event->acceptProposedAction();
    }
    void dropEvent(QDropEvent *event) override
    {
        QStringList names;
        for (const QUrl &url : event->mimeData()->urls())
            names += url.fileName();
        event->acceptProposedAction();
        says->setText(QMessageBox::information(this, "Dropped", names.join(' ')) == QMessageBox::Ok ? names.join(' ') : "");
    }
    void enterEvent(QEnterEvent *) override
    {
        says->setText("entered");
    }

  private:
    QPoint from;
    int painted = 0;
};
} // namespace

void Subject::buildDrawing(QWidget *page)
{
    auto layout = new QVBoxLayout(page);
    auto pad = new Pad;
    pad->setObjectName("pad");
    pad->setFixedSize(300, 200);
    pad->setAcceptDrops(true);
    pad->setProperty("painted", 0);
    pad->says = new QLabel("untouched");
    pad->says->setObjectName("pad-says");
    layout->addWidget(pad);
    layout->addWidget(pad->says);
}
