#pragma once

#include <toml++/toml.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::app {

enum class Severity { error, warning };

/// One thing wrong with a configuration; a warning stops nothing.
struct Problem {
    std::string file;
    unsigned line{0};     ///< 0: the file as a whole
    std::string key;      ///< "account[0].phone_number_id"; empty for some syntax errors
    std::string found;    ///< as written, never a secret
    std::string expected; ///< and the next step
    Severity severity{Severity::error};
    unsigned column{0};   ///< 0: the line as a whole
};

/// What was found, as it may be shown: secrets get pasted where the name of their place belongs.
[[nodiscard]] std::string shown_find(Problem const& problem);

/// "deskbridge.toml:12: account[0].chanel: found an unknown key; expected a known key (did you mean "channel"?)"
[[nodiscard]] std::string render(Problem const& problem);

using Problems = std::vector<Problem>;

[[nodiscard]] bool has_errors(Problems const& problems);

/// To standard error, one line each: "error: …" or "warning: …".
void print(Problems const& problems);

/// Reads one table key by key, remembers what was asked for, and reports what is wrong or was never asked for.
///
/// Every member answers nullopt after reporting, so that all errors of a file are found in one pass.
class TomlReader {
public:
    TomlReader(toml::table const& table, std::string path, std::string file, Problems& problems)
        : table_{table}, path_{std::move(path)}, file_{std::move(file)}, problems_{problems}
    {
    }

    enum class Need { required, optional };

    [[nodiscard]] std::optional<std::string> text(std::string_view key, Need need = Need::optional);
    [[nodiscard]] std::optional<bool> boolean(std::string_view key);
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, std::int64_t low, std::int64_t high);
    /// "30 s", "8h", "72 h", "7d", "never" (if `forever`, as milliseconds::max()).
    [[nodiscard]] std::optional<std::chrono::milliseconds> duration(std::string_view key, bool forever = false);
    [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view key);
    /// One of the words; the error lists them and suggests the nearest.
    [[nodiscard]] std::optional<std::string> word(std::string_view key, std::vector<std::string> const& words,
                                                  Need need = Need::optional);
    [[nodiscard]] toml::table const* table(std::string_view key);
    [[nodiscard]] toml::node const* node(std::string_view key, Need need = Need::optional);

    /// Reports `key` (which was read) with the line it stands on.
    void report(std::string_view key, std::string found, std::string expected);
    /// The same for what stops nothing.
    void warn(std::string_view key, std::string found, std::string expected);
    [[nodiscard]] bool has(std::string_view key) const { return table_.contains(key); }
    /// Reports every key that nobody asked for, with the nearest known one.
    void finish();

    [[nodiscard]] std::string path_of(std::string_view key) const;
    [[nodiscard]] std::string const& file() const noexcept { return file_; }
    [[nodiscard]] Problems& problems() noexcept { return problems_; }

private:
    void add(Severity severity, std::string_view key, std::string found, std::string expected);

    toml::table const& table_;
    std::string path_;
    std::string file_;
    Problems& problems_;
    std::vector<std::string> known_;
};

/// A value as an error message shows it; tables and arrays by their kind only, for they may hold secrets.
[[nodiscard]] std::string shown(toml::node const& node);

} // namespace deskbridge::app
