// std::terminate says why in the log, and so in the record of the crash that it is: the standard library tells stderr alone.
#include "shim/shim.h"

#include <cstdlib>
#include <exception>

namespace {

std::terminate_handler before;

[[noreturn]] void on_terminate() noexcept
{
    static bool begun;
    if (!begun) { // what throws or terminates in here comes here
        begun = true;
        try {
            if (std::current_exception())
                // cppcheck-suppress rethrowNoCurrentException ; there is one
                throw;
            bh__on_terminate("no exception is on its way: a pure virtual call, or a thread that was not joined");
        } catch (const std::exception &exception) {
            bh__on_terminate(exception.what());
        } catch (...) {
            bh__on_terminate("an exception that is no std::exception");
        }
    }
    if (before)
        before();
    std::abort();
}

} // namespace

void bhs_install_terminate_handler(void)
{
    std::terminate_handler now = std::get_terminate();
    if (now == on_terminate)
        return;
    before = now;
    std::set_terminate(on_terminate);
}
