#include "command_line.hpp"

#include <cstdlib>
#include <string_view>

#include <sys/prctl.h>

namespace {

/// Its memory has every secret in it. A process that is not dumpable leaves no core, also where cores are handed to a program
/// whatever the limit is, and no other process of the same user can look into it.
void keep_memory_private() noexcept
{
    char const* const wanted = std::getenv("DESKBRIDGE_CORE_DUMPS");
    if (wanted == nullptr || std::string_view{wanted} != "1")
        ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

} // namespace

int main(int argc, char** argv)
{
    keep_memory_private();
    return deskbridge::app::run_command_line(argc, argv);
}
