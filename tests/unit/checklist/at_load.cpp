/* The twins that break a practice in C++: objects of Qt at module level. */
#include <QApplication>
#include <QTimer>
#include <cstdlib>
#include <cstring>

namespace {

struct AtLoad {
    AtLoad()
    {
        static int argc = 1;
        static char name[] = "twin", *argv[] = {name, nullptr};
        const char *twin = std::getenv("TWIN");
        if (twin && std::strcmp(twin, "qapplication-at-load") == 0)
            new QApplication(argc, argv);
        if (twin && std::strcmp(twin, "qtimer-at-load") == 0)
            (new QTimer)->start(100);
    }
};

AtLoad at_load;

} // namespace
