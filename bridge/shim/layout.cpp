// Layouts and containers.
#include "shim/guard.hpp"
#include "shim/widgets.h"

#include <QBoxLayout>
#include <QFormLayout>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>

using namespace shim;

bhs_object *bhs_layout_widget(const bhs_object *layout)
{
    return c(as<const QLayout>(layout)->parentWidget());
}

bh_status bhs_box_add(bhs_object *box, bhs_object *item, int stretch)
{
    return moved([&] {
        if (qt(item)->isWidgetType())
            as<QBoxLayout>(box)->addWidget(as<QWidget>(item), stretch);
        else
            as<QBoxLayout>(box)->addLayout(as<QLayout>(item), stretch);
    });
}

bh_status bhs_box_add_space(bhs_object *box, bool stretches, int size)
{
    auto add = stretches ? &QBoxLayout::addStretch : &QBoxLayout::addSpacing;
    return guarded([&] { (as<QBoxLayout>(box)->*add)(size); });
}

bh_status bhs_layout_set_margins(bhs_object *layout, int left, int top, int right, int bottom)
{
    return guarded([&] { as<QLayout>(layout)->setContentsMargins(left, top, right, bottom); });
}

bh_status bhs_layout_remove_widget(bhs_object *layout, bhs_object *widget)
{
    return moved([&] { as<QLayout>(layout)->removeWidget(as<QWidget>(widget)); });
}

bh_status bhs_grid_add(bhs_object *grid, bhs_object *item, const bhs_cell *at)
{
    return moved([&] {
        auto *to = as<QGridLayout>(grid);
        if (qt(item)->isWidgetType())
            to->addWidget(as<QWidget>(item), at->row, at->column, at->row_span, at->column_span);
        else
            to->addLayout(as<QLayout>(item), at->row, at->column, at->row_span, at->column_span);
    });
}

bh_status bhs_grid_set_stretch(bhs_object *grid, bool row, int index, int stretch)
{
    auto set = row ? &QGridLayout::setRowStretch : &QGridLayout::setColumnStretch;
    return guarded([&] { (as<QGridLayout>(grid)->*set)(index, stretch); });
}

bh_status bhs_form_add_row(bhs_object *form, const char *label, bhs_object *field)
{
    auto add = [&](auto *item) {
        label ? as<QFormLayout>(form)->addRow(text(label), item) : as<QFormLayout>(form)->addRow(item);
    };
    return moved([&] { qt(field)->isWidgetType() ? add(as<QWidget>(field)) : add(as<QLayout>(field)); });
}

int bhs_index_of(const bhs_object *container, const bhs_object *widget)
{
    const QObject *in = qt(container);
    auto *wanted = const_cast<QWidget *>(as<const QWidget>(widget));
    if (auto *layout = qobject_cast<const QLayout *>(in))
        return layout->indexOf(wanted);
    if (auto *tabs = qobject_cast<const QTabWidget *>(in))
        return tabs->indexOf(wanted);
    return as<const QStackedWidget>(container)->indexOf(wanted);
}

bh_status bhs_splitter_add(bhs_object *splitter, bhs_object *widget, int stretch)
{
    return moved([&] {
        auto *to = as<QSplitter>(splitter);
        to->addWidget(as<QWidget>(widget));
        to->setStretchFactor(to->indexOf(as<QWidget>(widget)), stretch);
    });
}

int bhs_splitter_sizes(const bhs_object *splitter, int *sizes)
{
    guarded([&] {
        for (const int size : sizes ? as<const QSplitter>(splitter)->sizes() : QList<int>())
            *sizes++ = size;
    });
    return as<const QSplitter>(splitter)->count();
}

bh_status bhs_splitter_set_sizes(bhs_object *splitter, const int *sizes, int count)
{
    return guarded([&] { as<QSplitter>(splitter)->setSizes(QList<int>(sizes, sizes + count)); });
}

bh_status bhs_page_add(bhs_object *pages, bhs_object *page, const char *label, int *index)
{
    return moved([&] {
        auto *tabs = qobject_cast<QTabWidget *>(qt(pages));
        *index = tabs ? tabs->addTab(as<QWidget>(page), text(label)) : as<QStackedWidget>(pages)->addWidget(as<QWidget>(page));
    });
}

bh_status bhs_tab_set_text(bhs_object *tabs, int index, const char *label)
{
    return guarded([&] { as<QTabWidget>(tabs)->setTabText(index, text(label)); });
}

// setWidget would delete the widget before at once, with a handler of its own perhaps still running.
bh_status bhs_scroll_area_set_widget(bhs_object *area, bhs_object *widget)
{
    return moved([&] {
        QWidget *before = as<QScrollArea>(area)->takeWidget();
        as<QScrollArea>(area)->setWidget(as<QWidget>(widget));
        if (as<QWidget>(area)->isVisible())
            as<QWidget>(widget)->show();
        if (before && before != as<QWidget>(widget))
            before->deleteLater();
    });
}

bh_status bhs_label_set_buddy(bhs_object *label, bhs_object *buddy)
{
    return guarded([&] { as<QLabel>(label)->setBuddy(as<QWidget>(buddy)); });
}
