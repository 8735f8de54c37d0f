#pragma once

#include <span>
#include <string_view>

namespace deskbridge::fuzz {

/// A parser, or a writer, and what must hold of it for any input: it returns, or throws (`Broken` when a property does not
/// hold), or the sanitizers end the process.
struct Target {
    std::string_view name;
    void (*run)(std::string_view input);
};

/// Generated from tests/fuzz/CMakeLists.txt.
[[nodiscard]] std::span<Target const> targets() noexcept;

} // namespace deskbridge::fuzz
