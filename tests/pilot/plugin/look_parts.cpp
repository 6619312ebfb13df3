// What is no widget but can be clicked: items of views, actions of menus and tool bars, tabs, sections of headers.
#include "look.hpp"

#include <QAbstractItemView>
#include <QAction>
#include <QComboBox>
#include <QHeaderView>
#include <QMenu>
#include <QMenuBar>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QToolBar>
#include <QTreeView>

using namespace pilot;

enum { ROWS_SEARCHED = 100000 }; // a table of millions is asked for by row and column

static QString plain(const QString &text)
{
    QString result = without_mnemonic(text.section(QLatin1Char('\t'), 0, 0)).trimmed();
    if (result.endsWith(QStringLiteral("…")))
        result.chop(1);
    else if (result.endsWith(QLatin1String("...")))
        result.chop(3);
    return result;
}

static QTabBar *tab_bar(QWidget *widget)
{
    auto tabs = qobject_cast<QTabWidget *>(widget);
    return tabs ? tabs->tabBar() : qobject_cast<QTabBar *>(widget);
}

static QHeaderView *header_of(QWidget *widget)
{
    if (auto table = qobject_cast<QTableView *>(widget))
        return table->horizontalHeader();
    if (auto tree = qobject_cast<QTreeView *>(widget))
        return tree->header();
    return qobject_cast<QHeaderView *>(widget);
}

static QAbstractItemView *view_of(QWidget *widget)
{
    auto box = qobject_cast<QComboBox *>(widget);
    QAbstractItemView *view = box ? box->view() : qobject_cast<QAbstractItemView *>(widget);
    return view && view->model() ? view : nullptr;
}

static QModelIndex index_of(const node *part)
{
    QAbstractItemView *view = view_of(w(part->widget));
    QModelIndex index = view->rootIndex();
    for (int i = 0; i < part->depth; i++)
        index = view->model()->index(part->rows[i], i + 1 < part->depth ? 0 : part->column, index);
    return index;
}

static bool add(node *out, size_t room, size_t *count, const node &found)
{
    if (*count < room)
        out[*count] = found;
    return ++*count < room;
}

// The items below parent whose text is the first of the path; for the last of it in any column
static void find_items(QAbstractItemView *view, const QModelIndex &parent, const QStringList &path, node here, node *out,
                       size_t room, size_t *count)
{
    QAbstractItemModel *model = view->model();
    int rows = qMin<int>(model->rowCount(parent), ROWS_SEARCHED), columns = model->columnCount(parent);
    bool last = path.size() == 1;
    if (here.depth == NODE_DEPTH)
        return;
    here.depth++;
    for (int row = 0; row < rows; row++) {
        here.rows[here.depth - 1] = row;
        for (int column = 0; column < (last ? columns : 1); column++) {
            QModelIndex index = model->index(row, column, parent);
            if (index.data().toString() != path.first())
                continue;
            here.column = column;
            if (last && !add(out, room, count, here))
                return;
            if (!last)
                find_items(view, index, path.mid(1), here, out, room, count);
        }
    }
}

// Those of that text wherever they are in a tree
static void find_deep(QAbstractItemView *view, const QModelIndex &parent, const QString &text, node here, node *out, size_t room,
                      size_t *count)
{
    find_items(view, parent, {text}, here, out, room, count);
    for (int row = 0; row < qMin<int>(view->model()->rowCount(parent), ROWS_SEARCHED) && here.depth < NODE_DEPTH - 1; row++) {
        QModelIndex index = view->model()->index(row, 0, parent);
        if (!view->model()->hasChildren(index))
            continue;
        here.rows[here.depth++] = row;
        find_deep(view, index, text, here, out, room, count);
        here.depth--;
    }
}

static size_t find_item(QWidget *widget, const selector *part, node *out, size_t room)
{
    QAbstractItemView *view = view_of(widget);
    node here = {PART_ITEM, widget, nullptr, 0, {0}, 0, 0};
    size_t count = 0;
    if (!view)
        return 0;
    QString text = QString::fromUtf8(part->part_text);
    find_items(view, view->rootIndex(), {text}, here, out, room, &count);
    if (!count && text.contains(QLatin1Char('/')))
        find_items(view, view->rootIndex(), text.split(QLatin1Char('/')), here, out, room, &count);
    if (!count && qobject_cast<QTreeView *>(view))
        find_deep(view, view->rootIndex(), text, here, out, room, &count);
    return count;
}

static size_t find_cell(QWidget *widget, const selector *part, node *out, size_t room)
{
    QAbstractItemView *view = view_of(widget);
    if (!view || !room || part->row > view->model()->rowCount(view->rootIndex()) ||
        part->column > view->model()->columnCount(view->rootIndex()))
        return 0;
    *out = {PART_CELL, widget, nullptr, 0, {part->row - 1}, 1, part->column - 1};
    return 1;
}

static size_t find_action(QWidget *host, QStringList path, node *out, size_t room)
{
    size_t count = 0;
    for (QAction *action : host->actions()) {
        if (plain(action->text()) != path.first() || action->isSeparator())
            continue;
        node found = {PART_ACTION, static_cast<QObject *>(host), static_cast<QObject *>(action), 0, {0}, 0, 0};
        if (path.size() == 1)
            add(out, room, &count, found);
        else if (action->menu<QMenu *>() && count < room)
            count += find_action(action->menu<QMenu *>(), path.mid(1), out + count, room - count);
    }
    return count;
}

static size_t find_section(QWidget *widget, const selector *part, node *out, size_t room)
{
    QHeaderView *header = header_of(widget);
    size_t count = 0;
    for (int i = 0; header && header->model() && i < header->count(); i++)
        if (header->model()->headerData(i, header->orientation()).toString() == QString::fromUtf8(part->part_text))
            add(out, room, &count, {PART_HEADER, static_cast<QObject *>(header), nullptr, i, {0}, 0, 0});
    return count;
}

static size_t find_tab(QWidget *widget, const selector *part, node *out, size_t room)
{
    QTabBar *bar = tab_bar(widget);
    size_t count = 0;
    for (int i = 0; bar && i < bar->count(); i++)
        if (plain(bar->tabText(i)) == plain(QString::fromUtf8(part->part_text)))
            add(out, room, &count, {PART_TAB, static_cast<QObject *>(bar), nullptr, i, {0}, 0, 0});
    return count;
}

size_t look_part_find(void *widget, const selector *part, node *out, size_t room)
{
    QWidget *it = w(widget);
    bool shows_actions = qobject_cast<QMenuBar *>(it) || qobject_cast<QMenu *>(it) || qobject_cast<QToolBar *>(it);
    switch (part->part) {
    case PART_ITEM:
        return find_item(it, part, out, room);
    case PART_CELL:
        return find_cell(it, part, out, room);
    case PART_ACTION: {
        QStringList path = QString::fromUtf8(part->part_text).split(QLatin1Char('/'));
        for (QString &name : path)
            name = plain(name);
        return shows_actions ? find_action(it, path, out, room) : 0;
    }
    case PART_TAB:
        return find_tab(it, part, out, room);
    case PART_HEADER:
        return find_section(it, part, out, room);
    case PART_NONE:
        break;
    }
    return 0;
}

static QRect section_rect(QHeaderView *header, int index)
{
    int at = header->sectionViewportPosition(index), size = header->sectionSize(index);
    return header->orientation() == Qt::Horizontal ? QRect(at, 0, size, header->height()) : QRect(0, at, header->width(), size);
}

static QRect action_rect(QWidget *host, QAction *action)
{
    if (auto menu = qobject_cast<QMenu *>(host))
        return menu->actionGeometry(action);
    if (auto bar = qobject_cast<QMenuBar *>(host))
        return bar->actionGeometry(action);
    auto tools = qobject_cast<QToolBar *>(host);
    QWidget *button = tools ? tools->widgetForAction(action) : nullptr;
    return button && button->isVisible() ? button->geometry() : QRect();
}

// The widget that the part is painted on, and where
static QRect place(const node *part, QWidget **on)
{
    *on = w(part->widget);
    if (part->part == PART_TAB)
        return static_cast<QTabBar *>(*on)->tabRect(part->index);
    if (part->part == PART_ACTION)
        return action_rect(*on, static_cast<QAction *>(o(part->action)));
    if (part->part == PART_HEADER) {
        auto header = static_cast<QHeaderView *>(*on);
        *on = header->viewport();
        return section_rect(header, part->index);
    }
    QAbstractItemView *view = view_of(*on);
    *on = view->viewport();
    return view->visualRect(index_of(part));
}

rect look_part_rect(const node *part)
{
    QWidget *on;
    QRect area = place(part, &on);
    rect visible = look_visible_rect(static_cast<QObject *>(on));
    QRect shown =
        QRect(on->mapTo(on->window(), area.topLeft()), area.size()) & QRect(visible.x, visible.y, visible.width, visible.height);
    return {shown.x(), shown.y(), shown.width(), shown.height()};
}

bool look_part_reveal(const node *part)
{
    rect before = look_part_rect(part);
    if (part->part == PART_ITEM || part->part == PART_CELL)
        view_of(w(part->widget))->scrollTo(index_of(part));
    bool moved = look_reveal(part->widget);
    rect after = look_part_rect(part);
    return moved || before.x != after.x || before.y != after.y || before.width != after.width || before.height != after.height;
}

void look_part_text(const node *part, buffer *out)
{
    QWidget *it = w(part->widget);
    if (part->part == PART_ACTION)
        put(out, plain(static_cast<QAction *>(o(part->action))->text()));
    else if (part->part == PART_TAB)
        put(out, plain(static_cast<QTabBar *>(it)->tabText(part->index)));
    else if (part->part == PART_HEADER)
        put(out, static_cast<QHeaderView *>(it)
                     ->model()
                     ->headerData(part->index, static_cast<QHeaderView *>(it)->orientation())
                     .toString());
    else
        put(out, index_of(part).data().toString());
}

bool look_part_enabled(const node *part)
{
    if (part->part == PART_ACTION)
        return static_cast<QAction *>(o(part->action))->isEnabled();
    if (part->part == PART_TAB)
        return static_cast<QTabBar *>(w(part->widget))->isTabEnabled(part->index);
    return part->part == PART_HEADER || (index_of(part).flags() & Qt::ItemIsEnabled);
}

bool look_part_checked(const node *part)
{
    if (part->part == PART_ACTION)
        return static_cast<QAction *>(o(part->action))->isChecked();
    if (part->part == PART_ITEM || part->part == PART_CELL)
        return index_of(part).data(Qt::CheckStateRole).toInt() == Qt::Checked;
    return look_part_selected(part);
}

bool look_part_selected(const node *part)
{
    if (part->part == PART_TAB)
        return static_cast<QTabBar *>(w(part->widget))->currentIndex() == part->index;
    if (part->part != PART_ITEM && part->part != PART_CELL)
        return false;
    QItemSelectionModel *selection = view_of(w(part->widget))->selectionModel();
    return selection && selection->isSelected(index_of(part));
}

static QStringList names_of(QWidget *it, part_kind kind)
{
    QStringList names;
    if (QTabBar *bar = kind == PART_TAB ? tab_bar(it) : nullptr)
        for (int i = 0; i < bar->count(); i++)
            names += plain(bar->tabText(i));
    if (QHeaderView *header = kind == PART_HEADER ? header_of(it) : nullptr)
        for (int i = 0; header->model() && i < header->count() && i < 30; i++)
            names += header->model()->headerData(i, header->orientation()).toString();
    if (kind == PART_ACTION)
        for (QAction *action : it->actions())
            if (!action->text().isEmpty())
                names += plain(action->text());
    if (QAbstractItemView *view = kind == PART_ITEM || kind == PART_CELL ? view_of(it) : nullptr)
        for (int row = 0; row < view->model()->rowCount(view->rootIndex()) && row < 20; row++)
            names += view->model()->index(row, 0, view->rootIndex()).data().toString();
    return names;
}

void look_part_names(void *widget, part_kind kind, buffer *out)
{
    put(out, names_of(w(widget), kind).join(QStringLiteral(" · ")));
}

int look_rows(void *widget)
{
    if (auto box = qobject_cast<QComboBox *>(w(widget)))
        return box->count();
    QAbstractItemView *view = view_of(w(widget));
    return view ? view->model()->rowCount(view->rootIndex()) : -1;
}

static bool found_at(node *out, part_kind part, QWidget *widget, int index)
{
    *out = {part, static_cast<QObject *>(widget), nullptr, index, {0}, 0, 0};
    return index >= 0;
}

static bool item_at(QAbstractItemView *view, const QPoint &at, node *out)
{
    QModelIndex index = view->indexAt(at);
    *out = {PART_ITEM, static_cast<QObject *>(view), nullptr, 0, {0}, 0, index.column()};
    QList<int> path;
    for (QModelIndex it = index; it.isValid() && it != view->rootIndex(); it = it.parent())
        path.prepend(it.row());
    for (int row : path)
        if (out->depth < NODE_DEPTH)
            out->rows[out->depth++] = row;
    return index.isValid();
}

bool look_part_at(void *widget, int x, int y, node *out)
{
    QWidget *it = w(widget), *parent = it->parentWidget();
    QPoint at(x, y);
    if (auto bar = qobject_cast<QTabBar *>(it))
        return found_at(out, PART_TAB, bar, bar->tabAt(at));
    if (auto header = qobject_cast<QHeaderView *>(parent))
        return found_at(out, PART_HEADER, header, header->logicalIndexAt(at));
    auto view = qobject_cast<QAbstractItemView *>(parent);
    if (view && view->viewport() == it && view->model())
        return item_at(view, at, out);
    auto menu = qobject_cast<QMenu *>(it);
    auto menus = qobject_cast<QMenuBar *>(it);
    QAction *action = menu ? menu->actionAt(at) : menus ? menus->actionAt(at) : nullptr;
    found_at(out, PART_ACTION, it, 0);
    out->action = static_cast<QObject *>(action);
    return action;
}

void *look_part_host(const node *part)
{
    QWidget *it = w(part->widget), *parent = it->parentWidget();
    auto tabs = qobject_cast<QTabWidget *>(parent);
    if (part->part == PART_TAB && tabs && tabs->tabBar() == it)
        return static_cast<QObject *>(tabs);
    if (part->part == PART_HEADER && parent && header_of(parent) == it)
        return static_cast<QObject *>(parent);
    return part->widget;
}

void look_part_path(const node *part, buffer *out)
{
    QStringList path(index_of(part).data().toString());
    for (QModelIndex it = index_of(part).parent(); it.isValid() && it != view_of(w(part->widget))->rootIndex(); it = it.parent())
        path.prepend(it.siblingAtColumn(0).data().toString());
    put(out, path.join(QLatin1Char('/')));
}

bool look_part_checkable(const node *part)
{
    if (part->part == PART_ACTION)
        return static_cast<QAction *>(o(part->action))->isCheckable();
    return (part->part == PART_ITEM || part->part == PART_CELL) && (index_of(part).flags() & Qt::ItemIsUserCheckable) &&
           index_of(part).data(Qt::CheckStateRole).isValid();
}
