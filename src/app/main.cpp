#include "command_line.hpp"

#include <cstdlib>
#include <string_view>

#include <malloc.h>
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

/// What a batch gives back the next one takes again. By default the C library returns all beyond 128 KiB of each thread to the system, piece by
/// piece, and takes it again as empty pages: with 100 messages in a body that was a seventh of what they cost.
void keep_freed_memory() noexcept
{
    constexpr int bytes_a_thread = 1 << 20;
    (void)::mallopt(M_TRIM_THRESHOLD, bytes_a_thread);
}

} // namespace

int main(int argc, char** argv)
{
    keep_memory_private();
    keep_freed_memory();
    return deskbridge::app::run_command_line(argc, argv);
}
