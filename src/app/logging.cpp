#include "logging.hpp"

#include "deskbridge/core/time.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <cstdlib>
#include <iterator>

namespace deskbridge::app {
namespace {

enum class Format { text, journal, json };

constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warning", "error"};
constexpr std::array<int, 4> journal_priorities{7, 6, 4, 3};

Format format_of(std::string const& word)
{
    if (word == "json")
        return Format::json;
    bool const under_journald = std::getenv("JOURNAL_STREAM") != nullptr;
    return word == "journal" || (word == "auto" && under_journald) ? Format::journal : Format::text;
}

/// A value that could break a line or hide its end is quoted, with control characters escaped.
void append_value(std::string& out, LogField const& field)
{
    bool const plain = !field.value.empty() && field.value.find_first_of(" \"=\\") == std::string::npos &&
                       std::all_of(field.value.begin(), field.value.end(), [](char c) { return c > 0x20 && c != 0x7f; });
    if (field.bare || plain)
        out += field.value;
    else
        out += nlohmann::json(field.value).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string render_text(std::string_view event, std::initializer_list<LogField> fields)
{
    std::string out = fmt::format("event={}", event);
    for (auto const& field : fields) {
        fmt::format_to(std::back_inserter(out), " {}=", field.key);
        append_value(out, field);
    }
    return out;
}

std::string render_json(Timestamp at, LogLevel level, std::string_view event, std::initializer_list<LogField> fields)
{
    nlohmann::ordered_json line{
        {"at", render_rfc3339(at)}, {"level", level_names[static_cast<std::size_t>(level)]}, {"event", event}};
    for (auto const& field : fields) {
        if (field.bare)
            line[std::string{field.key}] = nlohmann::ordered_json::parse(field.value);
        else
            line[std::string{field.key}] = field.value;
    }
    return line.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

class StderrLog final : public Log {
public:
    StderrLog(LogLevel level, Format format) : level_{level}, format_{format}
    {
        logger_.set_pattern("%v");
        logger_.set_level(spdlog::level::trace);
        logger_.flush_on(spdlog::level::trace);
    }

    void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) override
    {
        if (level < level_)
            return;
        auto const at = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
        auto const index = static_cast<std::size_t>(level);
        switch (format_) {
        case Format::json:
            logger_.log(spdlog::level::info, render_json(at, level, event, fields));
            return;
        case Format::journal:
            logger_.log(spdlog::level::info, fmt::format("<{}>{}", journal_priorities[index], render_text(event, fields)));
            return;
        case Format::text:
            logger_.log(spdlog::level::info,
                        fmt::format("{} {:<7} {}", render_rfc3339(at), level_names[index], render_text(event, fields)));
            return;
        }
    }

private:
    LogLevel level_;
    Format format_;
    spdlog::logger logger_{"deskbridge", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
};

} // namespace

std::unique_ptr<Log> make_log(LogConfig const& config)
{
    auto level = LogLevel::info;
    for (std::size_t i = 0; i < level_names.size(); ++i)
        if (config.level == level_names[i])
            level = static_cast<LogLevel>(i);
    return std::make_unique<StderrLog>(level, format_of(config.format));
}

} // namespace deskbridge::app
