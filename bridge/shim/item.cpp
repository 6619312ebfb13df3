// Items of QComboBox, QListWidget and QTreeWidget.
#include "base/memory.h"
#include "shim/guard.hpp"
#include "shim/widgets.h"

#include <QComboBox>
#include <QListWidget>
#include <QTreeWidget>

using namespace shim;

namespace {

QStringList strings(const char *const *texts)
{
    QStringList list;
    for (; *texts; texts++)
        list += text(*texts);
    return list;
}

char *copy(const QString &from)
{
    return bh__strdup(from.toUtf8().constData());
}

class TreeItem final : public QTreeWidgetItem {
public:
    explicit TreeItem(const QStringList &texts) : QTreeWidgetItem(texts) {}
    ~TreeItem() override
    {
        bh__on_tree_item_gone(handle);
    }
    void *handle = nullptr;
    int depth = 1;
};

TreeItem *qt(bhs_tree_item *item)
{
    return reinterpret_cast<TreeItem *>(item);
}
const TreeItem *qt(const bhs_tree_item *item)
{
    return reinterpret_cast<const TreeItem *>(item);
}

} // namespace

extern "C" {

int bhs_item_count(const bhs_object *list)
{
    if (auto *combo = qobject_cast<const QComboBox *>(shim::qt(list)))
        return combo->count();
    return as<const QListWidget>(list)->count();
}

bh_status bhs_combo_add(bhs_object *combo, const char *const *texts)
{
    return guarded([&] { as<QComboBox>(combo)->addItems(strings(texts)); });
}

bh_status bhs_list_add(bhs_object *list, const char *label)
{
    return guarded([&] { as<QListWidget>(list)->addItem(text(label)); });
}

bh_status bhs_list_set_text(bhs_object *list, int row, const char *label)
{
    return guarded([&] { as<QListWidget>(list)->item(row)->setText(text(label)); });
}

char *bhs_list_text(const bhs_object *list, int row)
{
    char *label = nullptr;
    guarded([&] { label = copy(as<const QListWidget>(list)->item(row)->text()); });
    return label;
}

bh_status bhs_list_remove(bhs_object *list, int row)
{
    return guarded([&] { delete as<QListWidget>(list)->takeItem(row); });
}

bh_status bhs_tree_set_header(bhs_object *tree, const char *const *titles, int count)
{
    return guarded([&] {
        as<QTreeWidget>(tree)->setColumnCount(count);
        as<QTreeWidget>(tree)->setHeaderLabels(strings(titles));
    });
}

int bhs_tree_columns(const bhs_object *tree)
{
    return as<const QTreeWidget>(tree)->columnCount();
}

bhs_tree_item *bhs_tree_item_create(const char *const *texts)
{
    TreeItem *item = nullptr;
    guarded([&] { item = new TreeItem(strings(texts)); });
    return reinterpret_cast<bhs_tree_item *>(item);
}

void bhs_tree_item_set_handle(bhs_tree_item *item, void *handle)
{
    qt(item)->handle = handle;
}

bh_status bhs_tree_item_place(bhs_object *tree, bhs_tree_item *parent, bhs_tree_item *item)
{
    return guarded([&] {
        qt(item)->depth = parent ? qt(parent)->depth + 1 : 1;
        if (parent)
            qt(parent)->addChild(qt(item));
        else
            as<QTreeWidget>(tree)->addTopLevelItem(qt(item));
    });
}

void *bhs_tree_item_handle(const bhs_tree_item *item)
{
    return qt(item)->handle;
}

bhs_object *bhs_tree_item_tree(const bhs_tree_item *item)
{
    return c(qt(item)->treeWidget());
}

int bhs_tree_item_depth(const bhs_tree_item *item)
{
    return qt(item)->depth;
}

bh_status bhs_tree_item_set_text(bhs_tree_item *item, int column, const char *label)
{
    return guarded([&] { qt(item)->setText(column, text(label)); });
}

char *bhs_tree_item_text(const bhs_tree_item *item, int column)
{
    char *label = nullptr;
    guarded([&] { label = copy(qt(item)->text(column)); });
    return label;
}

bh_status bhs_tree_item_set_expanded(bhs_tree_item *item, bool expanded)
{
    return guarded([&] { qt(item)->setExpanded(expanded); });
}

bh_status bhs_tree_item_select(bhs_tree_item *item)
{
    return guarded([&] { qt(item)->treeWidget()->setCurrentItem(qt(item)); });
}

void bhs_tree_item_delete(bhs_tree_item *item)
{
    guarded([&] { delete qt(item); });
}

bhs_tree_item *bhs_tree_current(const bhs_object *tree)
{
    return reinterpret_cast<bhs_tree_item *>(dynamic_cast<TreeItem *>(as<const QTreeWidget>(tree)->currentItem()));
}

} // extern "C"
