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

/// What a batch gives back the next one takes again. The C library begins with 128 KiB that each thread keeps, returns all else to the system piece
/// by piece, and takes it again as empty pages: with 100 messages in a body that was a seventh of what they cost. Both bounds, for either
/// alone ends that they are raised as needed (mallopt(3), M_TRIM_THRESHOLD).
void keep_freed_memory() noexcept
{
    constexpr int bytes_a_thread = 1 << 20;
    constexpr int bytes_a_block = 1 << 20; // what is larger comes from the system, and goes back there at once
    (void)::mallopt(M_TRIM_THRESHOLD, bytes_a_thread);
    (void)::mallopt(M_MMAP_THRESHOLD, bytes_a_block);
}

} // namespace

int main(int argc, char** argv)
{
    keep_memory_private();
    keep_freed_memory();
    return deskbridge::app::run_command_line(argc, argv);
}
