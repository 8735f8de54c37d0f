#include "child.hpp"

#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

namespace deskbridge::test {

pid_t in_child(std::function<void()> const& work)
{
    auto const child = ::fork();
    if (child == 0) {
        try {
            work();
        } catch (...) {
            ::_exit(99);
        }
        ::_exit(0);
    }
    return child;
}

int status_of(pid_t child)
{
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return status;
}

} // namespace deskbridge::test
