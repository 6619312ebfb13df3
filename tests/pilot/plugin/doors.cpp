// Back doors, which say so by their names: properties, slots, signals; and pictures.
#include "look.hpp"

#include <QBuffer>
#include <QCloseEvent>
#include <QCoreApplication>
#include <QImage>
#include <QMetaMethod>
#include <QMetaProperty>
#include <QPainter>
#include <QPixmap>
#include <QPointer>
#include <QWidget>
#include <QWindow>

using namespace pilot;

bool door_set(void *object, const char *property, const char *value, buffer *why)
{
    QObject *it = o(object);
    const QMetaObject *meta = it->metaObject();
    int index = meta->indexOfProperty(property);
    QVariant wanted = QString::fromUtf8(value);
    if (index >= 0) {
        QMetaProperty found = it->metaObject()->property(index);
        if (!found.isEnumType() && !wanted.convert(found.metaType())) {
            buffer_format(why, "property %s is %s, which cannot hold '%s'", property, found.typeName(), value);
            return false;
        }
        QByteArray name(property), text(value); // the request may be another one by then
        if (found.write(it, wanted))
            return true;
        buffer_format(why, "property %s of %s took no '%s'", name.constData(), meta->className(), text.constData());
        return false;
    }
    buffer_format(why, "%s has no property %s", meta->className(), property);
    return false;
}

static QMetaMethod method_of(QObject *object, const char *name, QMetaMethod::MethodType type, int count)
{
    QByteArray wanted(name);
    const QMetaObject *meta = object->metaObject();
    for (int i = meta->methodCount() - 1; i >= 0; i--) {
        QMetaMethod method = meta->method(i);
        bool kind = type == QMetaMethod::Signal ? method.methodType() == type : method.methodType() != QMetaMethod::Constructor;
        bool fits = method.methodSignature() == QMetaObject::normalizedSignature(wanted) ||
                    (method.name() == wanted && (count < 0 || method.parameterCount() == count));
        if (kind && fits)
            return method;
    }
    return {};
}

bool door_call(void *object, const char *slot, size_t count, const char *const *values, buffer *result)
{
    QMetaMethod method = method_of(o(object), slot, QMetaMethod::Slot, static_cast<int>(count));
    if (!method.isValid() || method.parameterCount() != static_cast<int>(count) || count > 4) {
        buffer_format(result, "%s has no slot %s with %zu parameters", o(object)->metaObject()->className(), slot, count);
        return false;
    }
    QVariant given[4];
    void *arguments[5] = {};
    for (int i = 0; i < static_cast<int>(count); i++) {
        given[i] = QString::fromUtf8(values[i]);
        if (!given[i].convert(method.parameterMetaType(i))) {
            buffer_format(result, "parameter %d of %s cannot be '%s'", i + 1, method.methodSignature().constData(), values[i]);
            return false;
        }
        arguments[i + 1] = given[i].data();
    }
    QVariant back(method.returnMetaType().id() == QMetaType::Void ? QMetaType() : method.returnMetaType());
    arguments[0] = back.isValid() ? back.data() : nullptr;
    QMetaObject::metacall(o(object), QMetaObject::InvokeMetaMethod, method.methodIndex(), arguments);
    put(result, back.toString());
    return true;
}

bool door_close(void *window)
{
    QPointer<QWindow> handle = w(window)->window()->windowHandle();
    if (!handle)
        return false;
    // As the button of a window's frame does: later, from the event loop
    QMetaObject::invokeMethod(
        QCoreApplication::instance(),
        [handle] {
            QCloseEvent event;
            if (handle)
                send_spontaneous(handle, &event);
        },
        Qt::QueuedConnection);
    return true;
}

namespace {
// Counts a signal of any signature. Without moc: the slot's number is one beyond QObject's own.
class Ear : public QObject {
  public:
    long heard = 0;

    int qt_metacall(QMetaObject::Call call, int id, void **arguments) override
    {
        id = QObject::qt_metacall(call, id, arguments);
        if (id == 0 && call == QMetaObject::InvokeMetaMethod)
            heard++;
        return id - 1;
    }
};
} // namespace

static QList<Ear *> ears; // of signal() in the order in which they came; each as long as the program

bool door_watch(void *object, const char *signal, buffer *number, buffer *why)
{
    QMetaMethod method = method_of(o(object), signal, QMetaMethod::Signal, -1);
    if (!method.isValid()) {
        buffer_format(why, "%s has no signal %s", o(object)->metaObject()->className(), signal);
        return false;
    }
    auto ear = new Ear;
    ear->setParent(QCoreApplication::instance());
    QMetaObject::connect(o(object), method.methodIndex(), ear, QObject::staticMetaObject.methodCount());
    buffer_format(number, "%lld", static_cast<long long>(ears.size()));
    ears.append(ear);
    return true;
}

long door_heard(long number)
{
    return number >= 0 && number < ears.size() ? ears[number]->heard : -1;
}

static QImage picture(QWidget *widget)
{
    return widget->grab().toImage().convertToFormat(QImage::Format_RGB32);
}

static bool save(const QImage &image, const char *format, buffer *out)
{
    QByteArray bytes;
    QBuffer device(&bytes);
    device.open(QIODevice::WriteOnly);
    if (!image.save(&device, format))
        return false;
    buffer_put(out, bytes.constData(), static_cast<size_t>(bytes.size()));
    return true;
}

bool door_picture(void *widget, const char *format, buffer *out)
{
    return save(picture(w(widget)), format, out);
}

static bool differs(QRgb a, QRgb b, int tolerance)
{
    return qAbs(qRed(a) - qRed(b)) > tolerance || qAbs(qGreen(a) - qGreen(b)) > tolerance ||
           qAbs(qBlue(a) - qBlue(b)) > tolerance;
}

// Counts what differs, and paints it red on a pale copy
static long mark(QImage *difference, const QImage &is, const QImage &was, int tolerance)
{
    long pixels = 0;
    for (int y = 0; y < is.height(); y++)
        for (int x = 0; x < is.width(); x++) {
            bool other = differs(is.pixel(x, y), was.pixel(x, y), tolerance);
            int pale = 192 + qGray(is.pixel(x, y)) / 4;
            difference->setPixel(x, y, other ? qRgb(255, 0, 0) : qRgb(pale, pale, pale));
            pixels += other;
        }
    return pixels;
}

bool door_compare(void *widget, const void *expected, size_t length, int tolerance, size_t masks, const rect *mask,
                  buffer *difference, long *pixels, buffer *why)
{
    QImage is = picture(w(widget));
    QImage was =
        QImage::fromData(static_cast<const uchar *>(expected), static_cast<int>(length)).convertToFormat(QImage::Format_RGB32);
    *pixels = -1;
    if (was.size() != is.size()) {
        buffer_format(why, "the picture is %d x %d, expected was %d x %d", is.width(), is.height(), was.width(), was.height());
        return false;
    }
    for (QImage *image : {&is, &was}) {
        QPainter painter(image);
        for (size_t i = 0; i < masks; i++)
            painter.fillRect(mask[i].x, mask[i].y, mask[i].width, mask[i].height, Qt::black);
    }
    QImage marked(is.size(), QImage::Format_RGB32);
    *pixels = mark(&marked, is, was, tolerance);
    return save(marked, "PNG", difference);
}
