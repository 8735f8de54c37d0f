#pragma once

#include "command_line.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace deskbridge::app {

/// Are programs reading? Then one JSON object per line.
[[nodiscard]] bool for_programs(Globals const& globals);
void print_line(nlohmann::ordered_json const& object);
/// One line of JSON in which nothing steers a terminal: controls beyond ASCII's and marks of direction are escapes, which mean the same.
[[nodiscard]] std::string render_line(nlohmann::ordered_json const& object);

/// A member of an answer as text; "" if it is absent or null.
[[nodiscard]] std::string text(nlohmann::ordered_json const& object, char const* key);
[[nodiscard]] bool yes(nlohmann::ordered_json const& object, char const* key);
[[nodiscard]] std::int64_t number(nlohmann::ordered_json const& object, char const* key); ///< 0 if it is none
[[nodiscard]] std::string or_dash(std::string value);
/// "1 body", "2 bodies"
[[nodiscard]] std::string counted(std::int64_t count, char const* one, char const* several);
/// "11-21 14:03:09" of an RFC 3339 text, for columns that say that they are in UTC; "" of none.
[[nodiscard]] std::string clock_of(std::string_view rfc3339);
/// The same for sentences: "2026-11-21 14:03:09 UTC".
[[nodiscard]] std::string moment_in_words(std::string_view rfc3339);
/// "account support is paused since …: why"; "" if `paused` is null.
[[nodiscard]] std::string paused_in_words(std::string const& account, nlohmann::ordered_json const& paused);

/// How many of several things were done, and what the exit status of the whole is.
class Tried {
public:
    void done() noexcept { ++done_; }
    void failed(int status) noexcept
    {
        ++failed_;
        status_ = status;
    }
    /// Everything failed: as the last one; some did: partly done.
    [[nodiscard]] int exit_status() const noexcept
    {
        return failed_ == 0 ? exit_ok : done_ == 0 ? status_ : static_cast<int>(exit_partly);
    }

private:
    int done_{0};
    int failed_{0};
    int status_{exit_ok};
};

/// A moment as people type it, as RFC 3339: "2026-11-21T14:03:09Z", "2026-11-21 14:03" and "2026-11-21" in UTC, or how long
/// ago: "90s", "30m", "2h", "3d". Throws: WrongUsage, naming `option`.
[[nodiscard]] std::string moment_of(std::string const& word, char const* option);

} // namespace deskbridge::app
