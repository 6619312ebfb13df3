// Signals of Qt to the core: one receiver for all connections, told apart by number.
//
// QMetaObject::connect stores the method index it is given; an index past the receiver's own methods arrives in qt_metacall as it
// is, so no moc and no receiver per signature is needed. The receiver lives as long as the application, so that an emission on one
// thread never meets a receiver that another thread is deleting; what is current behind a number is the core's to know.
#include "shim/guard.hpp"

#include <QMetaMethod>
#include <array>
#include <memory>
#include <mutex>
#include <utility>

using namespace shim;

namespace {

// Qt keeps method indexes in 16 bits: numbers are spread over several receivers.
constexpr unsigned numbers_per_dispatcher = 60000;

class Dispatcher : public QObject {
  public:
    explicit Dispatcher(unsigned base) : base_(base) {}

    int qt_metacall(QMetaObject::Call call, int id, void **arguments) override
    {
        id = QObject::qt_metacall(call, id, arguments);
        if (id < 0 || call != QMetaObject::InvokeMetaMethod)
            return id;
        bh__on_signal(base_ + static_cast<unsigned>(id), arguments);
        return -1;
    }

    unsigned base_;
};

std::mutex lock; // guards dispatchers
std::array<Dispatcher *, 64> dispatchers;

Dispatcher *dispatcher_for(unsigned id)
{
    std::lock_guard<std::mutex> guard(lock);
    Dispatcher *&one = dispatchers.at(id / numbers_per_dispatcher);
    if (!one)
        one = new Dispatcher(id / numbers_per_dispatcher * numbers_per_dispatcher);
    return one;
}

void *keep(QMetaObject::Connection &&connection)
{
    return connection ? new QMetaObject::Connection(std::move(connection)) : nullptr;
}

} // namespace

void *bhs_connect(bhs_object *sender, int method, unsigned id)
{
    return attempt([&] {
        int index = QObject::staticMetaObject.methodCount() + static_cast<int>(id % numbers_per_dispatcher);
        return keep(QMetaObject::connect(qt(sender), method, dispatcher_for(id), index, Qt::DirectConnection));
    });
}

void *bhs_connect_slot(bhs_object *sender, int signal, bhs_object *receiver, int method, int type)
{
    static const Qt::ConnectionType types[] = {Qt::AutoConnection, Qt::DirectConnection, Qt::QueuedConnection,
                                               Qt::BlockingQueuedConnection};
    return attempt([&] {
        return keep(QObject::connect(qt(sender), qt(sender)->metaObject()->method(signal), qt(receiver),
                                     qt(receiver)->metaObject()->method(method), types[type]));
    });
}

bool bhs_disconnect(void *connection)
{
    std::unique_ptr<QMetaObject::Connection> owned(static_cast<QMetaObject::Connection *>(connection));
    return attempt([&] { return QObject::disconnect(*owned); });
}

void bhs_dispatcher_destroy(void)
{
    guarded([] {
        for (Dispatcher *&one : dispatchers)
            delete std::exchange(one, nullptr);
    });
}
