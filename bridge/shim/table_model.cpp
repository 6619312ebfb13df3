// A QAbstractTableModel that asks the core for what Qt wants to show.
#include "shim/value.hpp"
#include "shim/widgets.h"

#include <QAbstractTableModel>
#include <QComboBox>
#include <QFont>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLinearGradient>
#include <QListView>
#include <QPalette>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTreeView>

using namespace shim;

namespace {

// Qt paints no bars in cells, but any background: one whose colour ends at SHARE of the width.
QVariant bar(double share)
{
    if (!(share > 0))
        return QVariant();
    QColor color = QGuiApplication::palette().color(QPalette::Highlight);
    color.setAlpha(80);
    if (share >= 1)
        return QBrush(color);
    QLinearGradient gradient(0, 0, 1, 0);
    gradient.setCoordinateMode(QGradient::ObjectMode);
    gradient.setColorAt(0, color);
    gradient.setColorAt(share, color);
    gradient.setColorAt(qMin(share + 1e-6, 1.0), Qt::transparent);
    return QBrush(gradient);
}

QVariant bold(bool on)
{
    QFont font;
    font.setBold(on);
    return on ? QVariant(font) : QVariant();
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
        bh_value value;
        if (bh__on_table_cell(table, index.row(), index.column(), role, &value))
            return role == Qt::FontRole ? bold(value.of.as_bool) : to_variant(value);
        if (role == Qt::BackgroundRole && bh__on_table_cell(table, index.row(), index.column(), BHS_ROLE_BAR, &value))
            return bar(value.of.as_double);
        return QVariant();
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        bh_value value;
        const bool shown = role == Qt::DisplayRole && bh__on_table_title(table, section, orientation == Qt::Vertical, &value);
        return shown ? to_variant(value) : QVariant();
    }
    // Where there is no check box, there is nothing to check.
    Qt::ItemFlags flags(const QModelIndex &index) const override
    {
        const bool editable = bh__on_table_editable(table, index.row(), index.column());
        return QAbstractTableModel::flags(index).setFlag(Qt::ItemIsEditable, editable).setFlag(Qt::ItemIsUserCheckable, editable);
    }
    bool setData(const QModelIndex &index, const QVariant &value, int role) override
    {
        const int row = index.row(), column = index.column();
        const bool taken = bh__on_table_set(table, row, column, role, value.toString().toUtf8().constData(), value.toBool());
        if (taken && hasIndex(row, column)) // it may have removed the row
            emit dataChanged(this->index(row, column), this->index(row, column));
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
    void *const table;
};

// Widths by what is visible, and no order until a title is clicked.
void prepare(QHeaderView *header)
{
    header->setResizeContentsPrecision(0);
    header->setStretchLastSection(true);
    header->setSortIndicator(-1, Qt::AscendingOrder);
}

// Styles draw the frame of a check box a little darker than the window: on a dark one, next to nothing is left of it.
class Delegate final : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (option->palette.color(QPalette::Base).lightness() < 128)
            option->palette.setColor(QPalette::Window, option->palette.color(QPalette::Text));
    }
};

void show_in_combo(QComboBox *combo, TableModel *model)
{
    combo->setModel(model);
    if (auto *list = qobject_cast<QListView *>(combo->view()))
        list->setUniformItemSizes(true);
}

void show_in_view(QAbstractItemView *view, TableModel *model)
{
    QItemSelectionModel *selection = view->selectionModel();
    view->setModel(model);
    if (!dynamic_cast<Delegate *>(view->itemDelegate()))
        view->setItemDelegate(new Delegate(view));
    if (selection && selection != view->selectionModel() && selection->parent() == view)
        selection->deleteLater();
    if (auto *tree = qobject_cast<QTreeView *>(view))
        prepare(tree->header());
    if (auto *table = qobject_cast<QTableView *>(view)) {
        prepare(table->horizontalHeader());
        table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    }
}

} // namespace

bhs_object *bhs_table_create(bhs_object *parent, void *table)
{
    return c(attempt([&] { return new TableModel(qt(parent), table); }));
}

void *bhs_table_of(const bhs_object *model)
{
    auto *ours = dynamic_cast<const TableModel *>(qt(model));
    return ours ? ours->table : nullptr;
}

void bhs_table_begin(bhs_object *model, bhs_table_change change, int row, int count)
{
    guarded([&] { as<TableModel>(model)->begin(change, row, count); });
}

void bhs_table_end(bhs_object *model, bhs_table_change change)
{
    guarded([&] { as<TableModel>(model)->end(change); });
}

void bhs_table_changed(bhs_object *model, int first_row, int first_column, int last_row, int last_column)
{
    auto *of = as<TableModel>(model);
    guarded([&] { emit of->dataChanged(of->index(first_row, first_column), of->index(last_row, last_column)); });
}

bh_status bhs_view_set_model(bhs_object *view, bhs_object *model)
{
    return guarded([&] {
        if (auto *combo = qobject_cast<QComboBox *>(qt(view)))
            show_in_combo(combo, as<TableModel>(model));
        else
            show_in_view(as<QAbstractItemView>(view), as<TableModel>(model));
    });
}

bh_size bhs_view_cells(const bhs_object *view)
{
    const QAbstractItemModel *model = as<const QAbstractItemView>(view)->model();
    return model ? bh_size{model->columnCount(), model->rowCount()} : bh_size{0, 0};
}

bhs_object *bhs_view_selection(bhs_object *view)
{
    return c(as<QAbstractItemView>(view)->selectionModel());
}

bh_status bhs_view_scroll_to(bhs_object *view, int row, int column)
{
    return guarded([&] {
        auto *of = as<QAbstractItemView>(view);
        if (auto *table = qobject_cast<QTableView *>(of))
            table->doItemsLayout(); // or rows that have just come are beyond the scroll bar's end
        of->scrollTo(of->model()->index(row, column));
    });
}

bhs_object *bhs_view_row_header(const bhs_object *table)
{
    return c(as<const QTableView>(table)->verticalHeader());
}

bh_status bhs_view_set_column_width(bhs_object *view, int column, int width)
{
    return guarded([&] {
        auto *table = qobject_cast<QTableView *>(qt(view));
        table ? table->setColumnWidth(column, width) : as<QTreeView>(view)->setColumnWidth(column, width);
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
