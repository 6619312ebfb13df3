// Scenes for the recorder: fields of all kinds, and dialogs that do not return before they are closed.
#include "subject.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QDateEdit>
#include <QDial>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QGroupBox>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSplitter>
#include <QTableWidget>
#include <QTimer>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

// What a field says goes to a label, so that a script can see that it came there
void Subject::fieldsScene()
{
    auto page = new QWidget(stage);
    page->setGeometry(0, 0, 600, 400);
    auto layout = new QFormLayout(page);
    auto price = new QDoubleSpinBox;
    price->setObjectName("price");
    price->setPrefix("€ ");
    auto day = new QDateEdit(QDate(2026, 1, 31));
    day->setObjectName("day");
    day->setDisplayFormat("yyyy-MM-dd");
    auto town = new QComboBox;
    town->setObjectName("town");
    town->setEditable(true);
    town->addItems({"Berlin", "Bern", "Paris"});
    town->setCompleter(nullptr);
    auto twice = new QComboBox;
    twice->setObjectName("twice");
    twice->addItems({"one", "same", "same"});
    auto dial = new QDial;
    dial->setObjectName("dial");
    dial->setFixedSize(60, 60);
    auto loud = new QToolButton;
    loud->setObjectName("loud");
    loud->setText("Loud");
    loud->setCheckable(true);
    auto country = new QLineEdit;
    country->setObjectName("country");
    country->setCompleter(new QCompleter(QStringList{"Denmark", "Deutschland"}, country));
    auto box = new QGroupBox("Box");
    box->setObjectName("box");
    box->setCheckable(true);
    box->setFixedHeight(50);
    layout->addRow("Price", price);
    layout->addRow("Day", day);
    layout->addRow("Town", town);
    layout->addRow("Twice", twice);
    layout->addRow("Dial", dial);
    layout->addRow("Loud", loud);
    layout->addRow("Country", country);
    layout->addRow(box);
    page->show();
}

namespace {
// Its list closes by itself when it opens for the first time, as if the program had something new for it
class ShyBox : public QComboBox {
  public:
    void showPopup() override
    {
        QComboBox::showPopup();
        if (!shown)
            QTimer::singleShot(0, this, &QComboBox::hidePopup);
        shown = true;
    }

  private:
    bool shown = false;
};
} // namespace

void Subject::closingScene()
{
    auto box = new ShyBox;
    box->setParent(stage);
    box->setObjectName("closing");
    box->addItems({"one", "two", "three"});
    box->show();
}

// More than anybody would look for: labels, and leaves of one name in as many branches
void Subject::manyScene()
{
    for (int i = 0; i < 100; i++)
        (new QLabel(QString::number(i), stage))->show();
    auto tree = new QTreeWidget(stage);
    tree->setObjectName("branches");
    tree->setGeometry(0, 100, 300, 300);
    for (int i = 0; i < 100; i++)
        new QTreeWidgetItem(new QTreeWidgetItem(tree, {QString::number(i)}), {"leaf"});
    tree->show();
}

// A dialog that does not return, as soon as another text is in the field
void Subject::openingScene()
{
    auto field = new QLineEdit(stage);
    field->setObjectName("opening");
    connect(field, &QLineEdit::textChanged, this, [this, field](const QString &text) {
        if (text == "open") {
            QMessageBox::information(this, "Opened", "It is open");
            field->setText("opened");
        }
    });
    field->show();
}

void Subject::partsScene()
{
    auto split = new QSplitter(stage);
    split->setObjectName("split");
    split->setGeometry(0, 0, 600, 300);
    auto list = new QListWidget;
    list->setObjectName("ticks");
    for (const char *name : {"first", "second"}) {
        auto item = new QListWidgetItem(name, list);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(Qt::Unchecked);
    }
    list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    auto table = new QTableWidget(2, 2);
    table->setObjectName("cells");
    for (int cell = 0; cell < 4; cell++)
        table->setItem(cell / 2, cell % 2, new QTableWidgetItem("cell"));
    split->addWidget(list);
    split->addWidget(table);
    split->setSizes({250, 350});
    split->show();
    auto more = new QPushButton("More", stage);
    more->setObjectName("more");
    more->setGeometry(0, 310, 100, 30);
    auto menu = new QMenu(more);
    menu->addAction("Now", this, [this] { say("now"); });
    menu->addMenu("Later")->addAction("Much", this, [this] { say("much later"); });
    more->setMenu(menu);
    more->show();
}

void Subject::dialogsScene()
{
    auto page = new QWidget(stage);
    page->setGeometry(0, 0, 300, 200);
    auto layout = new QVBoxLayout(page);
    auto ask = button(page, "question", "Question"), open = button(page, "open", "Which file"),
         enter = button(page, "enter", "Enter");
    layout->addWidget(ask);
    layout->addWidget(open);
    layout->addWidget(enter);
    connect(ask, &QPushButton::clicked, this,
            [this] { say(QMessageBox::question(this, "Sure", "Really?") == QMessageBox::Yes ? "yes" : "no"); });
    connect(open, &QPushButton::clicked, this,
            [this] { say(QFileInfo(QFileDialog::getOpenFileName(this, "Which")).fileName()); });
    connect(enter, &QPushButton::clicked, this, [this] { say(QInputDialog::getText(this, "Name", "What name?")); });
    page->show();
}

// One of each that a careful programmer would not leave so
void Subject::carelessScene()
{
    auto page = new QWidget(stage);
    page->setGeometry(0, 0, 300, 200);
    auto layout = new QFormLayout(page);
    layout->addRow("&Nameless", new QLineEdit);
    auto one = button(page, "twin", "O&ne"), two = button(page, "twin", "T&wo");
    layout->addRow(one, two);
    auto silent = new QLineEdit;
    silent->setObjectName("silent");
    layout->addRow(silent);
    layout->addRow(button(page, "keyless", "Keyless"));
    auto field = new QLineEdit;
    field->setObjectName("keyless-field");
    layout->addRow("Field", field);
    page->show();
}
