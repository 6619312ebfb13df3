// Items of QComboBox, QListWidget and QTreeWidget.
#include "base/memory.h"
#include "shim/value.hpp"
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

class TreeItem final : public QTreeWidgetItem {
  public:
    TreeItem(const QStringList &texts, void *owner) : QTreeWidgetItem(texts), record(owner) {}
    ~TreeItem() override
    {
        bh__on_tree_item_gone(record);
    }
    void *const record;
};

TreeItem *qt(bhs_tree_item *item)
{
    return reinterpret_cast<TreeItem *>(item);
}

} // namespace

bh_status bhs_items_add(bhs_object *combo_or_list, const char *const *texts)
{
    return guarded([&] {
        auto *combo = qobject_cast<QComboBox *>(qt(combo_or_list));
        combo ? combo->addItems(strings(texts)) : as<QListWidget>(combo_or_list)->addItems(strings(texts));
    });
}

bh_status bhs_list_set_text(bhs_object *list, int row, const char *label)
{
    return guarded([&] { as<QListWidget>(list)->item(row)->setText(text(label)); });
}

char *bhs_list_text(const bhs_object *list, int row)
{
    return attempt([&] { return bh__strdup(as<const QListWidget>(list)->item(row)->text().toUtf8().constData()); });
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

bhs_tree_item *bhs_tree_item_create(const char *const *texts, void *record)
{
    return alias<bhs_tree_item>(attempt([&] { return new TreeItem(strings(texts), record); }));
}

bh_status bhs_tree_item_place(bhs_object *tree, bhs_tree_item *parent, bhs_tree_item *item)
{
    return guarded([&] {
        QTreeWidgetItem *above = parent ? qt(parent) : as<QTreeWidget>(tree)->invisibleRootItem();
        above->addChild(qt(item));
    });
}

bh_status bhs_tree_item_set(bhs_tree_item *item, int column, int role, const bh_value *value)
{
    return guarded([&] { qt(item)->setData(column, role, value ? to_variant(*value) : QVariant()); });
}

char *bhs_tree_item_text(bhs_tree_item *item, int column)
{
    return attempt([&] { return bh__strdup(qt(item)->text(column).toUtf8().constData()); });
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

void *bhs_tree_current(const bhs_object *tree)
{
    auto *item = dynamic_cast<TreeItem *>(as<const QTreeWidget>(tree)->currentItem());
    return item ? item->record : nullptr;
}
