#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// What the sources say in string literals to logs and metrics. Reads C++ only as far as that takes: comments, literals,
/// balanced parentheses.
namespace architecture {

using Words = std::set<std::string>;

/// One call of a Log.
struct LogCall {
    std::string place; ///< file:line
    std::string level; ///< empty: decided at run time
    Words events;      ///< empty: the event is decided at run time
    Words keys;
    std::vector<std::string> values; ///< the expressions behind the keys
};

/// What all calls together say of one event.
struct LogEvent {
    Words levels;
    Words keys;
    Words places;
};

struct Metric {
    Words types;
    Words places;
    std::map<std::string, Words> labels; ///< with the values that are literals
};

/// Every C++ source of the program: include/, src/, channels/.
[[nodiscard]] std::vector<std::filesystem::path> program_sources(std::filesystem::path const& root);

/// The file without its comments, line breaks kept.
[[nodiscard]] std::string without_comments(std::string_view source);

[[nodiscard]] std::vector<LogCall> log_calls(std::string_view source, std::string const& file);

/// Events whose name and level are chosen first and written later: `LogLevel::info, "send_accepted"`. They have the keys of
/// the file's calls that leave the event open.
void collect_log_events(std::string_view source, std::string const& file, std::map<std::string, LogEvent>& events);

void collect_metrics(std::string_view source, std::string const& file, std::map<std::string, Metric>& metrics);

} // namespace architecture
