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

template <class T> QObject *create(QObject *parent)
{
    if constexpr (std::is_base_of_v<QWidget, T>) {
        return new Owned<T>(static_cast<QWidget *>(parent));
    } else if constexpr (std::is_base_of_v<QLayout, T>) {
        QLayout *layout = new Owned<T>; // alone at first, so that it is whole when its widget asks it
        if (parent)
            static_cast<QWidget *>(parent)->setLayout(layout);
        return layout;
    } else {
        return new Owned<T>(parent);
    }
}

// clang-format off
#define CLASS(T) {#T, &T::staticMetaObject, create<T>}

// Sorted by name: looked up by bisection.
constexpr Entry entries[] = {
    CLASS(QAction), CLASS(QButtonGroup), CLASS(QCalendarWidget), CLASS(QCheckBox), CLASS(QColorDialog), CLASS(QColumnView),
    CLASS(QComboBox), CLASS(QCommandLinkButton), CLASS(QDateEdit), CLASS(QDateTimeEdit), CLASS(QDial), CLASS(QDialog),
    CLASS(QDialogButtonBox), CLASS(QDockWidget), CLASS(QDoubleSpinBox), CLASS(QDoubleValidator), CLASS(QErrorMessage),
    CLASS(QFileDialog), CLASS(QFontComboBox), CLASS(QFontDialog), CLASS(QFormLayout), CLASS(QFrame), CLASS(QGridLayout),
    CLASS(QGroupBox), CLASS(QHBoxLayout), CLASS(QInputDialog), CLASS(QIntValidator), CLASS(QKeySequenceEdit), CLASS(QLCDNumber),
    CLASS(QLabel), CLASS(QLineEdit), CLASS(QListView), CLASS(QListWidget), CLASS(QMainWindow), CLASS(QMdiArea), CLASS(QMenu),
    CLASS(QMenuBar), CLASS(QMessageBox), CLASS(QObject), CLASS(QPlainTextEdit), CLASS(QProgressBar), CLASS(QProgressDialog),
    CLASS(QPushButton), CLASS(QRadioButton), CLASS(QRegularExpressionValidator), CLASS(QScrollArea), CLASS(QScrollBar),
    CLASS(QSizeGrip), CLASS(QSlider), CLASS(QSortFilterProxyModel), CLASS(QSpinBox), CLASS(QSplitter), CLASS(QStackedLayout),
    CLASS(QStackedWidget), CLASS(QStatusBar), CLASS(QStringListModel), CLASS(QTabBar), CLASS(QTabWidget), CLASS(QTableView),
    CLASS(QTableWidget), CLASS(QTextBrowser), CLASS(QTextEdit), CLASS(QTimeEdit), CLASS(QTimer), CLASS(QToolBar),
    CLASS(QToolBox), CLASS(QToolButton), CLASS(QTreeView), CLASS(QTreeWidget), CLASS(QVBoxLayout), CLASS(QWidget),
    CLASS(QWizard), CLASS(QWizardPage),
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
