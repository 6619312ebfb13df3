// A QAbstractTableModel that asks the core for what Qt wants to show.
#include "shim/guard.hpp"
#include "shim/widgets.h"

#include <QAbstractTableModel>
#include <QColor>
#include <QComboBox>
#include <QDateTime>
#include <QHeaderView>
#include <QListView>
#include <QTableView>
#include <QTreeView>
#include <bulkhead/table_model.h>

using namespace shim;

namespace {

// The table's role, -1 for what the core is not asked for.
int table_role(int role)
{
    switch (role) {
    case Qt::DisplayRole:
        return BH_TABLE_TEXT;
    case Qt::EditRole:
        return BH_TABLE_EDIT;
    case Qt::ToolTipRole:
        return BH_TABLE_TOOL_TIP;
    case Qt::TextAlignmentRole:
        return BH_TABLE_ALIGNMENT;
    case Qt::ForegroundRole:
        return BH_TABLE_FOREGROUND;
    case Qt::BackgroundRole:
        return BH_TABLE_BACKGROUND;
    case Qt::CheckStateRole:
        return BH_TABLE_CHECKED;
    default:
        return -1;
    }
}

int type_id(bh_type type)
{
    switch (type) {
    case BH_TYPE_BOOL:
        return QMetaType::Bool;
    case BH_TYPE_INT:
        return QMetaType::Int;
    case BH_TYPE_UINT:
        return QMetaType::UInt;
    case BH_TYPE_INT64:
        return QMetaType::LongLong;
    case BH_TYPE_UINT64:
        return QMetaType::ULongLong;
    case BH_TYPE_DOUBLE:
        return QMetaType::Double;
    case BH_TYPE_STRING:
        return QMetaType::QString;
    case BH_TYPE_COLOR:
        return QMetaType::QColor;
    case BH_TYPE_DATE:
        return QMetaType::QDate;
    case BH_TYPE_TIME:
        return QMetaType::QTime;
    case BH_TYPE_DATE_TIME:
        return QMetaType::QDateTime;
    default:
        return QMetaType::UnknownType;
    }
}

QVariant variant(const bh_value &value)
{
    char why[256];
    bhs_storage storage;
    const int id = type_id(value.type);
    if (value.type == BH_TYPE_STRING)
        return text(value.of.as_string);
    if (!id || bhs_construct(id, &storage, &value, why) != BH_OK)
        return QVariant();
    QVariant result(QMetaType(id), storage.bytes);
    bhs_destroy_value(id, &storage);
    return result;
}

class TableModel final : public QAbstractTableModel {
public:
    TableModel(QObject *parent, void *record) : QAbstractTableModel(parent), table(record) {}
    ~TableModel() override
    {
        bh__object_gone(c(this));
        bh__on_table_gone(table);
    }

    int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : bh__on_table_rows(table);
    }
    int columnCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : bh__on_table_columns(table);
    }

    QVariant data(const QModelIndex &index, int role) const override
    {
        bh_value value = {};
        const int asked = table_role(role);
        if (asked < 0 || !bh__on_table_cell(table, index.row(), index.column(), asked, &value))
            return QVariant();
        if (asked == BH_TABLE_CHECKED)
            return value.of.as_bool ? Qt::Checked : Qt::Unchecked;
        return variant(value);
    }

    QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        bh_value value = {};
        if (role != Qt::DisplayRole || !bh__on_table_title(table, section, orientation == Qt::Vertical, &value))
            return QVariant();
        return variant(value);
    }

    Qt::ItemFlags flags(const QModelIndex &index) const override
    {
        Qt::ItemFlags flags = QAbstractTableModel::flags(index);
        if (bh__on_table_editable(table, index.row(), index.column()))
            flags |= Qt::ItemIsEditable | Qt::ItemIsUserCheckable; // where there is no check box, nothing to check
        return flags;
    }

    bool setData(const QModelIndex &index, const QVariant &from, int role) override
    {
        const int row = index.row(), column = index.column();
        const QByteArray utf8 = from.toString().toUtf8();
        bool taken = false;
        if (role == Qt::EditRole) {
            const bh_value value = bh_value_of(utf8.constData());
            taken = bh__on_table_set(table, row, column, BH_TABLE_EDIT, &value);
        } else if (role == Qt::CheckStateRole) {
            const bh_value value = bh_value_of(from.toInt() != Qt::Unchecked);
            taken = bh__on_table_set(table, row, column, BH_TABLE_CHECKED, &value);
        }
        if (taken && hasIndex(row, column)) // it may have removed the row
            changed(row, column, row, column);
        return taken;
    }

    // Where the rows went is not known: nothing that pointed to one points anywhere afterwards.
    void sort(int column, Qt::SortOrder order) override
    {
        if (column < 0 || column >= columnCount())
            return;
        emit layoutAboutToBeChanged();
        bh__on_table_sort(table, column, order == Qt::DescendingOrder);
        const QModelIndexList before = persistentIndexList();
        changePersistentIndexList(before, QModelIndexList(before.size()));
        emit layoutChanged();
    }

    void begin(bhs_table_change change, int row, int count)
    {
        if (change == BHS_TABLE_INSERT)
            beginInsertRows({}, row, row + count - 1);
        else if (change == BHS_TABLE_REMOVE)
            beginRemoveRows({}, row, row + count - 1);
        else
            beginResetModel();
    }
    void end(bhs_table_change change)
    {
        if (change == BHS_TABLE_INSERT)
            endInsertRows();
        else if (change == BHS_TABLE_REMOVE)
            endRemoveRows();
        else
            endResetModel();
    }
    void changed(int first_row, int first_column, int last_row, int last_column)
    {
        emit dataChanged(index(first_row, first_column), index(last_row, last_column));
    }

    void *const table;
};

TableModel *table_model(bhs_object *model)
{
    return static_cast<TableModel *>(qt(model));
}

void prepare_table(QTableView *view, bool sorting)
{
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setAlternatingRowColors(true);
    view->setWordWrap(false);
    view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view->horizontalHeader()->setStretchLastSection(true);
    view->horizontalHeader()->setResizeContentsPrecision(0);
    view->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder); // or enabling would sort at once
    view->setSortingEnabled(sorting);
}

void prepare_tree(QTreeView *view, bool sorting)
{
    view->setUniformRowHeights(true);
    view->setRootIsDecorated(false);
    view->setAlternatingRowColors(true);
    view->header()->setResizeContentsPrecision(0);
    view->header()->setSortIndicator(-1, Qt::AscendingOrder);
    view->setSortingEnabled(sorting);
}

// Nothing here may look at each row.
void prepare_combo(QComboBox *combo)
{
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setMinimumContentsLength(qMax(combo->minimumContentsLength(), 12));
    if (auto *list = qobject_cast<QListView *>(combo->view()))
        list->setUniformItemSizes(true);
}

void set_model(QAbstractItemView *view, TableModel *model)
{
    const bool sorting = bh__on_table_sorts(model->table);
    QItemSelectionModel *selection = view->selectionModel();
    if (auto *table = qobject_cast<QTableView *>(view))
        prepare_table(table, false);
    view->setModel(model);
    if (selection && selection != view->selectionModel() && selection->parent() == view)
        selection->deleteLater();
    if (auto *table = qobject_cast<QTableView *>(view))
        prepare_table(table, sorting);
    else if (auto *tree = qobject_cast<QTreeView *>(view))
        prepare_tree(tree, sorting);
    else if (auto *list = qobject_cast<QListView *>(view))
        list->setUniformItemSizes(true);
}

} // namespace

extern "C" {

bhs_object *bhs_table_create(bhs_object *parent, void *table)
{
    QObject *model = nullptr;
    guarded([&] { model = new TableModel(qt(parent), table); });
    return c(model);
}

void *bhs_table_of(const bhs_object *model)
{
    auto *ours = dynamic_cast<const TableModel *>(qt(model));
    return ours ? ours->table : nullptr;
}

void bhs_table_begin(bhs_object *model, bhs_table_change change, int row, int count)
{
    guarded([&] { table_model(model)->begin(change, row, count); });
}

void bhs_table_end(bhs_object *model, bhs_table_change change)
{
    guarded([&] { table_model(model)->end(change); });
}

void bhs_table_changed(bhs_object *model, int first_row, int first_column, int last_row, int last_column)
{
    guarded([&] { table_model(model)->changed(first_row, first_column, last_row, last_column); });
}

bh_status bhs_view_set_model(bhs_object *view, bhs_object *model)
{
    return guarded([&] {
        if (auto *combo = qobject_cast<QComboBox *>(qt(view))) {
            prepare_combo(combo);
            combo->setModel(table_model(model));
        } else {
            set_model(as<QAbstractItemView>(view), table_model(model));
        }
    });
}

int bhs_view_columns(const bhs_object *view)
{
    const QAbstractItemModel *model = as<const QAbstractItemView>(view)->model();
    return model ? model->columnCount() : 0;
}

bh_status bhs_view_set_column_width(bhs_object *view, int column, int width)
{
    return guarded([&] {
        auto *table = qobject_cast<QTableView *>(qt(view));
        auto *tree = table ? nullptr : as<QTreeView>(view);
        if (width < 0)
            table ? table->resizeColumnToContents(column) : tree->resizeColumnToContents(column);
        else
            table ? table->setColumnWidth(column, width) : tree->setColumnWidth(column, width);
    });
}

bh_status bhs_view_selected(const bhs_object *view, void (*visit)(int, int, void *), void *user)
{
    return guarded([&] {
        const QItemSelectionModel *selected = as<const QAbstractItemView>(view)->selectionModel();
        const QItemSelection ranges = selected ? selected->selection() : QItemSelection();
        for (const QItemSelectionRange &range : ranges)
            if (!range.parent().isValid())
                visit(range.top(), range.bottom(), user);
    });
}

} // extern "C"
