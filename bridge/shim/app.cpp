// QApplication: one at a time, with exceptions contained below notify().
#include "shim/guard.hpp"

#include <QAbstractEventDispatcher>
#include <QApplication>
#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>
#include <vector>

using namespace shim;

namespace {

class Application : public QApplication {
public:
    Application(int &argc, char **argv) : QApplication(argc, argv) {}

    bool notify(QObject *receiver, QEvent *event) override
    {
        const QMetaObject *meta = receiver ? receiver->metaObject() : nullptr;
        bh_status status = BH_OK;
        bool result = false;
        status = guarded([&] { result = QApplication::notify(receiver, event); });
        if (status != BH_OK)
            bh__on_exception(bhs_exception_text(), meta ? meta->className() : "?");
        return result;
    }
};

Application *application;
int running;

// Qt keeps references to argc and argv for as long as it lives.
struct Arguments {
    int count;
    std::vector<QByteArray> texts;
    std::vector<char *> pointers;
};
Arguments *arguments;

void keep_arguments(int argc, char **argv)
{
    delete arguments;
    arguments = new Arguments{argc > 0 && argv ? argc : 0, {}, {}};
    for (int i = 0; i < arguments->count; i++)
        arguments->texts.emplace_back(argv[i]);
    if (!arguments->count) {
        arguments->count = 1;
        arguments->texts.emplace_back("bulkhead");
    }
    for (QByteArray &argument : arguments->texts)
        arguments->pointers.push_back(argument.data());
    arguments->pointers.push_back(nullptr);
}

void on_message(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    int level = type == QtDebugMsg ? 0 : type == QtInfoMsg ? 1 : type == QtWarningMsg ? 2 : 3;
    bh__on_message(level, context.category, message.toUtf8().constData());
}

} // namespace

bh_status bhs_app_create(int argc, char **argv, bhs_object **app)
{
    return guarded([&] {
        keep_arguments(argc, argv);
        application = new Application(arguments->count, arguments->pointers.data());
        *app = c(application);
    });
}

void bhs_app_destroy(void)
{
    guarded([] {
        delete application;
        application = nullptr;
        delete arguments;
        arguments = nullptr;
    });
}

int bhs_app_exec(void)
{
    int code = 1;
    running++;
    guarded([&] { code = QApplication::exec(); });
    running--;
    return code;
}

bool bhs_app_is_running(void)
{
    return running > 0;
}

void bhs_app_quit(int code)
{
    guarded([&] { QCoreApplication::exit(code); });
}

bh_status bhs_app_process_events(int max_ms, bool delete_deferred)
{
    return guarded([&] {
        if (max_ms > 0)
            QCoreApplication::processEvents(QEventLoop::AllEvents, max_ms);
        else
            QCoreApplication::processEvents();
        if (delete_deferred)
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    });
}

void bhs_app_quit_after(int ms)
{
    guarded([&] { QTimer::singleShot(ms, application, [] { QCoreApplication::exit(0); }); });
}

void bhs_install_message_handler(void)
{
    qInstallMessageHandler(on_message);
}

bool bhs_has_event_loop(void)
{
    return QAbstractEventDispatcher::instance() != nullptr;
}

size_t bhs_top_level_widgets(void (*visit)(bhs_object *, bool, void *), void *user)
{
    const QWidgetList widgets = QApplication::topLevelWidgets();
    for (QWidget *widget : widgets)
        visit(c(widget), widget->isVisible(), user);
    return static_cast<size_t>(widgets.size());
}
