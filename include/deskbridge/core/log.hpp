#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace deskbridge {

enum class LogLevel { debug, info, warning, error };

/// One key and its value. Keys are catalogued in schemas/json/log-keys.json.
/// Values are internal ids, counts, states and reasons; never a number, a name or words of a customer, never a secret.
struct LogField {
    LogField(std::string_view k, std::string_view v) : key{k}, value{v} {}
    LogField(std::string_view k, char const* v) : key{k}, value{v} {}
    LogField(std::string_view k, std::string const& v) : key{k}, value{v} {}
    LogField(std::string_view k, bool v) : key{k}, value{v ? "true" : "false"}, bare{true} {}
    template <std::integral T>
        requires(!std::same_as<T, bool>)
    LogField(std::string_view k, T v) : key{k}, value{std::to_string(v)}, bare{true} {}

    std::string_view key;
    std::string value;
    bool bare{false}; ///< a number or a boolean: written without quotes in JSON
};

/// Where decisions are written, one line each: `event=webhook_refused hook=support status=401 reason=bad_signature`.
/// Threads: `write` may be called from any thread.
class Log {
public:
    virtual ~Log() = default;
    virtual void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) = 0;

    void debug(std::string_view event, std::initializer_list<LogField> fields = {}) { write(LogLevel::debug, event, fields); }
    void info(std::string_view event, std::initializer_list<LogField> fields = {}) { write(LogLevel::info, event, fields); }
    void warning(std::string_view event, std::initializer_list<LogField> fields = {}) { write(LogLevel::warning, event, fields); }
    void error(std::string_view event, std::initializer_list<LogField> fields = {}) { write(LogLevel::error, event, fields); }
};

/// Swallows everything; for tests that do not look.
class NoLog final : public Log {
public:
    void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

} // namespace deskbridge
