// Calling C code so that an exception stops here.
#include "shim/guard.hpp"

#include <QPointer>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

enum { TEXT_SIZE = 1024 };

static thread_local char exception_text[TEXT_SIZE];
static thread_local char assertion_text[TEXT_SIZE];
static thread_local bool is_assertion;

namespace {

// Known by its text's address, so that every catch of a std::exception tells it from others.
struct Assertion : std::exception {
    const char *what() const noexcept override
    {
        return assertion_text;
    }
};

} // namespace

void bhs_note_exception(const char *text) noexcept
{
    is_assertion = text == assertion_text;
    std::snprintf(exception_text, sizeof exception_text, "%s", text);
}

__thread int bhs_depth BH__TLS;

// Objects to be deleted once nothing of ours is on the stack. deleteLater alone would let a nested loop of Qt's delete them under a
// call of ours that is still at work on them (QSplashScreen's show, with a handler that ends it).
static __thread std::vector<QPointer<QObject>> *doomed;

void bhs_free_doomed(void) noexcept
{
    const std::unique_ptr<std::vector<QPointer<QObject>>> all(std::exchange(doomed, nullptr));
    for (size_t i = 0; all && i < all->size(); i++)
        if (QObject *object = (*all)[i])
            object->deleteLater();
}

void bhs_delete_later(bhs_object *object)
{
    shim::looped([&] {
        if (bhs_depth == 0)
            return shim::qt(object)->deleteLater();
        if (!doomed)
            doomed = new std::vector<QPointer<QObject>>;
        doomed->emplace_back(shim::qt(object));
    });
}

const char *bhs_exception_text(void)
{
    return exception_text;
}

bool bhs_exception_is_assertion(void)
{
    return is_assertion;
}

void bhs_throw_assertion(const char *text)
{
    std::snprintf(assertion_text, sizeof assertion_text, "%s", text);
    throw Assertion();
}

bool bhs_try(void (*function)(void *), void *frame)
{
    return shim::guarded([&] { function(frame); }) == BH_OK;
}
