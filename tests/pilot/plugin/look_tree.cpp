// Objects: which there are, what they are called, what is written on them.
#include "look.hpp"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QComboBox>
#include <QDebug>
#include <QFormLayout>
#include <QGroupBox>
#include <QKeySequence>
#include <QLabel>
#include <QLineEdit>
#include <QMetaEnum>
#include <QMetaProperty>
#include <QPlainTextEdit>
#include <QStatusBar>
#include <QTabBar>
#include <QTextDocumentFragment>
#include <QTextEdit>
#include <QWidget>

#include <algorithm>
#include <vector>

using namespace pilot;

static std::vector<void *> all;

static void visit(QWidget *widget)
{
    all.push_back(widget);
    for (QObject *child : widget->children())
        if (child->isWidgetType())
            visit(static_cast<QWidget *>(child));
}

// QApplication keeps top-level widgets in a hash, so their order has to be made
static bool before(const QWidget *a, const QWidget *b)
{
    if (int order = a->objectName().compare(b->objectName()))
        return order < 0;
    if (int order = strcmp(a->metaObject()->className(), b->metaObject()->className()))
        return order < 0;
    return a->windowTitle() < b->windowTitle();
}

size_t look_widgets(void *const **out)
{
    all.clear();
    QWidgetList tops;
    for (QWidget *top : QApplication::topLevelWidgets())
        if (!top->parentWidget())
            tops.append(top);
    std::stable_sort(tops.begin(), tops.end(), before);
    for (QWidget *top : tops)
        visit(top);
    *out = all.data();
    return all.size();
}

void *look_parent(void *widget)
{
    return w(widget)->parentWidget();
}

void *look_window(void *widget)
{
    return w(widget)->window();
}

bool look_is(void *object, const char *class_name)
{
    return o(object)->inherits(class_name);
}

bool look_is_exactly(void *object, const char *class_name)
{
    return strcmp(o(object)->metaObject()->className(), class_name) == 0;
}

bool look_has_name(void *object, const char *name)
{
    return QtPrivate::equalStrings(QStringView(o(object)->objectName()), QUtf8StringView(name));
}

void look_name(void *object, buffer *out)
{
    put(out, o(object)->objectName());
}

const char *look_class(void *object)
{
    return o(object)->metaObject()->className();
}

static QString text_of_value(const QMetaProperty &property, const QVariant &value)
{
    if (property.isEnumType())
        return QString::fromLatin1(property.isFlagType() ? property.enumerator().valueToKeys(value.toInt())
                                                         : QByteArray(property.enumerator().valueToKey(value.toInt())));
    if (value.metaType().id() == QMetaType::QStringList)
        return value.toStringList().join(QLatin1Char('\n'));
    if (value.canConvert<QString>())
        return value.toString();
    QString text;
    QDebug(&text).nospace() << value;
    return text;
}

bool look_property(void *object, const char *name, buffer *out)
{
    int index = o(object)->metaObject()->indexOfProperty(name);
    if (index >= 0) {
        QMetaProperty property = o(object)->metaObject()->property(index);
        put(out, text_of_value(property, property.read(o(object))));
        return true;
    }
    QVariant value = o(object)->property(name); // a dynamic one
    if (value.isValid())
        put(out, value.toString());
    return value.isValid();
}

QString pilot::without_mnemonic(const QString &text)
{
    QString result;
    for (qsizetype i = 0; i < text.size(); i++) {
        if (text[i] == QLatin1Char('&') && i + 1 < text.size())
            i++;
        result += text[i];
    }
    return result;
}

// Rich text is read as it shows
static QString shown(const QString &text)
{
    return Qt::mightBeRichText(text) ? QTextDocumentFragment::fromHtml(text).toPlainText() : text;
}

static QString text_of(QWidget *widget)
{
    if (auto label = qobject_cast<QLabel *>(widget))
        return label->textFormat() == Qt::PlainText ? label->text() : without_mnemonic(shown(label->text()));
    if (auto button = qobject_cast<QAbstractButton *>(widget))
        return without_mnemonic(button->text());
    if (auto edit = qobject_cast<QPlainTextEdit *>(widget))
        return edit->toPlainText();
    if (auto edit = qobject_cast<QTextEdit *>(widget))
        return edit->toPlainText();
    if (auto box = qobject_cast<QGroupBox *>(widget))
        return without_mnemonic(box->title());
    if (auto bar = qobject_cast<QStatusBar *>(widget))
        return bar->currentMessage();
    for (const char *name : {"text", "currentText", "title"})
        if (widget->metaObject()->indexOfProperty(name) >= 0)
            return without_mnemonic(widget->property(name).toString());
    return widget->isWindow() ? widget->windowTitle() : QString();
}

void look_text(void *widget, buffer *out)
{
    put(out, text_of(w(widget)));
}

bool look_value(void *widget, buffer *out)
{
    QMetaProperty property = w(widget)->metaObject()->userProperty();
    if (!property.isValid())
        return look_property(widget, "value", out); // a progress bar has no user property
    put(out, text_of_value(property, property.read(w(widget))));
    return true;
}

void look_role(void *widget, buffer *out)
{
    QAccessibleInterface *face = QAccessible::queryAccessibleInterface(w(widget));
    int role = face ? face->role() : QAccessible::NoRole;
    const char *name = QMetaEnum::fromType<QAccessible::Role>().valueToKey(role);
    put(out, QString::fromLatin1(name ? name : "").toLower());
}

// The label beside it: one whose buddy it is, or that of its row in a form
static QLabel *label_beside(QWidget *widget)
{
    for (QLabel *label : widget->window()->findChildren<QLabel *>())
        if (label->buddy() == widget)
            return label;
    QWidget *parent = widget->parentWidget();
    if (parent)
        for (QFormLayout *form : parent->findChildren<QFormLayout *>())
            if (auto label = qobject_cast<QLabel *>(form->indexOf(widget) < 0 ? nullptr : form->labelForField(widget)))
                return label;
    return nullptr;
}

static QString label_of(QWidget *widget)
{
    QLabel *label = label_beside(widget);
    return label ? without_mnemonic(label->text()) : widget->accessibleName();
}

static QString without_colon(QString text)
{
    text = text.trimmed();
    if (text.endsWith(QLatin1Char(':')))
        text.chop(1);
    return text;
}

void look_label(void *widget, buffer *out)
{
    put(out, without_colon(label_of(w(widget))));
}

void look_title(void *window, buffer *out)
{
    QString title = w(window)->windowTitle();
    put(out, title.remove(QStringLiteral("[*]")));
}

bool look_interactive(void *widget)
{
    QWidget *it = w(widget);
    if (it->objectName().startsWith(QLatin1String("qt_"))) // inner parts of Qt's own
        return false;
    QWidget *parent = it->parentWidget();
    bool inner = qobject_cast<QComboBox *>(parent) || qobject_cast<QAbstractSpinBox *>(parent) ||
                 qobject_cast<QTabBar *>(parent) || qobject_cast<QLineEdit *>(parent) || it->inherits("QTableCornerButton");
    return !inner &&
           (qobject_cast<QAbstractButton *>(it) || qobject_cast<QLineEdit *>(it) || qobject_cast<QComboBox *>(it) ||
            qobject_cast<QAbstractSpinBox *>(it) || qobject_cast<QAbstractSlider *>(it) || qobject_cast<QTextEdit *>(it) ||
            qobject_cast<QPlainTextEdit *>(it) || (qobject_cast<QAbstractItemView *>(it) && !it->inherits("QHeaderView")));
}

void look_accessible(void *widget, buffer *out)
{
    QAccessibleInterface *face = QAccessible::queryAccessibleInterface(w(widget));
    QString name = face ? face->text(QAccessible::Name) : QString();
    put(out, name.isEmpty() ? label_of(w(widget)) : name);
}

bool look_has_mnemonic(void *widget)
{
    auto button = qobject_cast<QAbstractButton *>(w(widget));
    QLabel *label = button ? nullptr : label_beside(w(widget));
    if (label)
        return !QKeySequence::mnemonic(label->text()).isEmpty();
    return !button || button->text().isEmpty() || !button->shortcut().isEmpty() ||
           qobject_cast<QComboBox *>(button->parentWidget());
}
