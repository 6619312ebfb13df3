// The factory: constructors, which reflection does not reach, by class name.
#include "shim/guard.hpp"

#include <QtCore/QtCore>
#include <QtGui/QtGui>
#include <QtWidgets/QtWidgets>
#include <algorithm>
#include <cstring>

using namespace shim;

namespace {

struct Entry {
    const char *name;
    const QMetaObject *meta;
    QObject *(*create)(QObject *parent);
};

template <class T> QObject *create_object(QObject *parent)
{
    return new Owned<T>(parent);
}

template <class T> QObject *create_widget(QObject *parent)
{
    return new Owned<T>(static_cast<QWidget *>(parent));
}

// A layout is made alone and then handed to its widget, so that it is whole when the widget asks it.
template <class T> QObject *create_layout(QObject *parent)
{
    QLayout *layout = new Owned<T>;
    if (parent)
        static_cast<QWidget *>(parent)->setLayout(layout);
    return layout;
}

// clang-format off
#define OBJECT(T) {#T, &T::staticMetaObject, create_object<T>}
#define WIDGET(T) {#T, &T::staticMetaObject, create_widget<T>}
#define LAYOUT(T) {#T, &T::staticMetaObject, create_layout<T>}

// Sorted by name: looked up by bisection.
constexpr Entry entries[] = {
    OBJECT(QAction), OBJECT(QButtonGroup), WIDGET(QCalendarWidget), WIDGET(QCheckBox), WIDGET(QColorDialog), WIDGET(QColumnView),
    WIDGET(QComboBox), WIDGET(QCommandLinkButton), WIDGET(QDateEdit), WIDGET(QDateTimeEdit), WIDGET(QDial), WIDGET(QDialog),
    WIDGET(QDialogButtonBox), WIDGET(QDockWidget), WIDGET(QDoubleSpinBox), OBJECT(QDoubleValidator), WIDGET(QErrorMessage),
    WIDGET(QFileDialog), WIDGET(QFontComboBox), WIDGET(QFontDialog), LAYOUT(QFormLayout), WIDGET(QFrame), LAYOUT(QGridLayout),
    WIDGET(QGroupBox), LAYOUT(QHBoxLayout), WIDGET(QInputDialog), OBJECT(QIntValidator), WIDGET(QKeySequenceEdit),
    WIDGET(QLCDNumber), WIDGET(QLabel), WIDGET(QLineEdit), WIDGET(QListView), WIDGET(QListWidget), WIDGET(QMainWindow),
    WIDGET(QMdiArea), WIDGET(QMenu), WIDGET(QMenuBar), WIDGET(QMessageBox), OBJECT(QObject), WIDGET(QPlainTextEdit),
    WIDGET(QProgressBar), WIDGET(QProgressDialog), WIDGET(QPushButton), WIDGET(QRadioButton), OBJECT(QRegularExpressionValidator),
    WIDGET(QScrollArea), WIDGET(QScrollBar), WIDGET(QSizeGrip), WIDGET(QSlider), OBJECT(QSortFilterProxyModel), WIDGET(QSpinBox),
    WIDGET(QSplitter), LAYOUT(QStackedLayout), WIDGET(QStackedWidget), WIDGET(QStatusBar), OBJECT(QStringListModel),
    WIDGET(QTabBar), WIDGET(QTabWidget), WIDGET(QTableView), WIDGET(QTableWidget), WIDGET(QTextBrowser), WIDGET(QTextEdit),
    WIDGET(QTimeEdit), OBJECT(QTimer), WIDGET(QToolBar), WIDGET(QToolBox), WIDGET(QToolButton), WIDGET(QTreeView),
    WIDGET(QTreeWidget), LAYOUT(QVBoxLayout), WIDGET(QWidget), WIDGET(QWizard), WIDGET(QWizardPage),
};
// clang-format on
constexpr size_t entry_count = sizeof entries / sizeof entries[0];

const Entry *find(const char *name)
{
    const Entry *end = entries + entry_count;
    const Entry *at =
        std::lower_bound(entries, end, name, [](const Entry &entry, const char *n) { return std::strcmp(entry.name, n) < 0; });
    return at != end && std::strcmp(at->name, name) == 0 ? at : nullptr;
}

} // namespace

bhs_object *bhs_create(const char *class_name, bhs_object *parent)
{
    return c(attempt([&] { return find(class_name)->create(qt(parent)); }));
}

const bhs_meta *bhs_class_meta(const char *class_name)
{
    const Entry *entry = find(class_name);
    return entry ? c(entry->meta) : nullptr;
}

const char *const *bhs_class_names(void)
{
    static const char *names[entry_count + 1];
    for (size_t i = 0; i < entry_count; i++)
        names[i] = entries[i].name;
    return names;
}
