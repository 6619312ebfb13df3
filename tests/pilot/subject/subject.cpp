// The window: form, views, menus, dialogs.
#include "subject.h"

#include <QAction>
#include <QApplication>
#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QRadioButton>
#include <QSlider>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableWidget>
#include <QThread>
#include <QTimer>
#include <QTreeWidget>

#include <csignal>
#include <cstdio>
#include <unistd.h>

Subject::Subject()
{
    setObjectName("subject");
    setWindowTitle("Subject");
    resize(640, 480);
    auto tabs = new QTabWidget;
    tabs->setObjectName("tabs");
    setCentralWidget(tabs);
    auto form = new QWidget, views = new QWidget, drawing = new QWidget;
    stage = new QWidget;
    stage->setObjectName("stage");
    buildForm(form);
    buildViews(views);
    buildDrawing(drawing);
    tabs->addTab(form, "&Form");
    tabs->addTab(views, "&Views");
    tabs->addTab(drawing, "&Drawing");
    tabs->addTab(stage, "&Stage");
    buildMenus();
}

QPushButton *Subject::button(QWidget *parent, const QString &name, const QString &text)
{
    auto made = new QPushButton(text, parent);
    made->setObjectName(name);
    connect(made, &QPushButton::clicked, this, [this, name] { counted[name]++; });
    return made;
}

int Subject::clicks(const QString &name) const
{
    return counted.value(name);
}

void Subject::say(const QString &text)
{
    log->setText(text);
}

template <typename T> static T *field(QFormLayout *layout, const QString &label, const QString &name)
{
    auto made = new T;
    made->setObjectName(name);
    layout->addRow(label, made);
    return made;
}

void Subject::buildForm(QWidget *page)
{
    auto layout = new QFormLayout(page);
    auto name = field<QLineEdit>(layout, "&Name", "name");
    auto count = field<QSpinBox>(layout, "&Count", "count");
    count->setMaximum(1000);
    auto colour = field<QComboBox>(layout, "Co&lour", "colour");
    colour->addItems({"red", "green", "blue"});
    field<QCheckBox>(layout, "", "agreed")->setText("I &agree");
    field<QRadioButton>(layout, "", "radio")->setText("&Radio");
    field<QSlider>(layout, "&Speed", "speed")->setOrientation(Qt::Horizontal);
    field<QPlainTextEdit>(layout, "N&otes", "notes");
    auto fixed = field<QLineEdit>(layout, "Fi&xed", "fixed");
    fixed->setText("as it is");
    fixed->setReadOnly(true);
    auto go = button(page, "go", "&Go…");
    auto ask = button(page, "ask", "As&k");
    layout->addRow(go, ask);
    log = new QLabel("nothing yet");
    log->setObjectName("log");
    layout->addRow(log);
    connect(go, &QPushButton::clicked, this,
            [=] { say(name->text() + " " + QString::number(count->value()) + " " + colour->currentText()); });
    connect(ask, &QPushButton::clicked, this, &Subject::askModally);
    go->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(go, &QWidget::customContextMenuRequested, this, [=](const QPoint &at) {
        QMenu menu;
        menu.addAction("Slowly", this, [this] { say("slowly"); });
        menu.exec(go->mapToGlobal(at));
    });
}

// Does not return before the dialog is closed
void Subject::askModally()
{
    QDialog dialog(this);
    dialog.setObjectName("ask-dialog");
    dialog.setWindowTitle("Question");
    QVBoxLayout layout(&dialog);
    QLineEdit answer;
    answer.setObjectName("answer");
    QDialogButtonBox buttons(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    layout.addWidget(&answer);
    layout.addWidget(&buttons);
    connect(&buttons, &QDialogButtonBox::accepted, &dialog, &QDialog::accept);
    connect(&buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
    say(dialog.exec() == QDialog::Accepted ? "answered " + answer.text() : "not answered");
}

void Subject::buildViews(QWidget *page)
{
    auto layout = new QVBoxLayout(page);
    auto list = new QListWidget;
    list->setObjectName("list");
    for (int i = 1; i <= 200; i++)
        list->addItem("item " + QString::number(i));
    auto tree = new QTreeWidget;
    tree->setObjectName("tree");
    tree->setHeaderLabels({"Name"});
    for (const char *top : {"fruit", "roots"})
        for (auto parent = new QTreeWidgetItem(tree, {top}); parent->childCount() < 2;)
            new QTreeWidgetItem(parent, {parent->childCount() ? "second" : "first"});
    auto table = new QTableWidget(3, 2);
    table->setObjectName("table");
    table->setHorizontalHeaderLabels({"Price", "Weight"});
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 2; column++)
            table->setItem(row, column, new QTableWidgetItem(QString::number((3 - row) * 10 + column)));
    table->setSortingEnabled(true);
    auto chosen = new QLabel;
    chosen->setObjectName("chosen");
    for (QWidget *view : {static_cast<QWidget *>(list), static_cast<QWidget *>(tree), static_cast<QWidget *>(table),
                          static_cast<QWidget *>(chosen)})
        layout->addWidget(view);
    connect(list, &QListWidget::currentTextChanged, chosen, &QLabel::setText);
    connect(tree, &QTreeWidget::itemClicked, chosen, [chosen](QTreeWidgetItem *item) {
        chosen->setText(item->parent() ? item->parent()->text(0) + "/" + item->text(0) : item->text(0));
    });
    connect(table, &QTableWidget::itemDoubleClicked, chosen,
            [chosen](QTableWidgetItem *item) { chosen->setText("cell " + item->text()); });
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
}

void Subject::buildMenus()
{
    auto file = menuBar()->addMenu("&File");
    file->addAction("&Open…", this, [this] { say("open"); })->setShortcut(QKeySequence("Ctrl+O"));
    auto recent = file->addMenu("&Recent");
    recent->addAction("&First", this, [this] { say("first"); });
    auto off = file->addAction("O&ff");
    off->setEnabled(false);
    auto shown = file->addAction("&Shown");
    shown->setCheckable(true);
    file->addAction("&Quit", this, &QWidget::close)->setShortcut(QKeySequence("Ctrl+Q"));
    menuBar()->addMenu("&Edit")->addAction("&Copy", this, [this] { say("copy"); });
}

void Subject::crash()
{
    ::raise(SIGSEGV);
}

QString Subject::spawn()
{
    qint64 pid = 0;
    QProcess::startDetached("sleep", {"600"}, {}, &pid);
    return QString::number(pid);
}

void Subject::warn()
{
    qWarning("something is odd");
}

void Subject::block(int ms)
{
    QThread::msleep(static_cast<unsigned long>(ms));
}

void Subject::leave(int code)
{
    QApplication::exit(code);
}

void Subject::leaveSoon()
{
    QTimer::singleShot(100, this, [] { QApplication::exit(0); });
}

void Subject::endBadly()
{
    connect(qApp, &QCoreApplication::aboutToQuit, this, [] { _exit(7); });
}

// For drivers that know a program from outside only: where the box is in the window, and each time whether it is checked
static void tell(const Subject &window)
{
    auto box = window.findChild<QCheckBox *>("agreed");
    QPoint at = box->mapTo(&window, QPoint(9, box->height() / 2));
    printf("%d %d\n", at.x(), at.y());
    fflush(stdout);
    QObject::connect(box, &QCheckBox::toggled, [](bool checked) {
        puts(checked ? "checked" : "not checked");
        fflush(stdout);
    });
}

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    Subject window;
    window.show();
    if (application.arguments().contains("--tell"))
        QTimer::singleShot(0, &window, [&window] { tell(window); });
    return QApplication::exec();
}
