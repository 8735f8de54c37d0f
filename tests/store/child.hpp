#pragma once

#include <functional>

#include <sys/types.h>

namespace deskbridge::test {

/// Runs `work` in a process of its own; answers its process id. Nothing of this process's tests runs there: it exits with 0
/// when `work` has returned, with 99 when it throws.
[[nodiscard]] pid_t in_child(std::function<void()> const& work);

/// What waitpid answers about it.
[[nodiscard]] int status_of(pid_t child);

} // namespace deskbridge::test
