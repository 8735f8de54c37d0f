#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::test {

/// One line of a conversation, taken apart into words; conversations/README.md tells what may be written.
struct Line {
    int number{0};
    std::chrono::milliseconds after{0}; ///< time that passes before it
    std::string label;                  ///< of "[m1] …": how later lines name the message
    std::vector<std::string> words;     ///< before the colon
    std::string text;                   ///< behind it
    bool has_text{false};
    std::map<std::string, std::string, std::less<>> options; ///< behind "||": name to value
    std::string whole;                  ///< as written, for messages about it

    [[nodiscard]] std::string const& word(std::size_t index) const;
    [[nodiscard]] bool is(std::size_t index, std::string_view word) const;
    [[nodiscard]] std::optional<std::string> option(std::string_view name) const;
};

/// Reads a file into lines; blank ones and comments are left out. Throws std::runtime_error with the line's number.
[[nodiscard]] std::vector<Line> read_script(std::filesystem::path const& file);

/// "8s", "500ms", "3m", "2h", "1d".
[[nodiscard]] std::chrono::milliseconds parse_duration(std::string_view text);

} // namespace deskbridge::test
