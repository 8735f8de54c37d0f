#include "deskbridge/core/account_health.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace deskbridge {
namespace {

template <class Word, std::size_t N>
using Words = std::array<std::pair<Word, std::string_view>, N>;

constexpr Words<HealthAspect, 14> aspects{{{HealthAspect::standing, "standing"},
                                           {HealthAspect::sending, "sending"},
                                           {HealthAspect::review, "review"},
                                           {HealthAspect::quality, "quality"},
                                           {HealthAspect::limit, "limit"},
                                           {HealthAspect::throughput, "throughput"},
                                           {HealthAspect::name, "name"},
                                           {HealthAspect::number, "number"},
                                           {HealthAspect::token, "token"},
                                           {HealthAspect::subscription, "subscription"},
                                           {HealthAspect::hook, "hook"},
                                           {HealthAspect::security, "security"},
                                           {HealthAspect::alert, "alert"},
                                           {HealthAspect::silence, "silence"}}};
constexpr Words<Severity, 3> severities{{{Severity::ok, "ok"}, {Severity::warning, "warning"}, {Severity::error, "error"}}};
constexpr Words<HealthSource, 3> sources{
    {{HealthSource::webhook, "webhook"}, {HealthSource::check, "check"}, {HealthSource::deskbridge, "deskbridge"}}};

template <class Word, std::size_t N>
std::string_view render(Words<Word, N> const& words, Word word) noexcept
{
    auto const found = std::find_if(words.begin(), words.end(), [&](auto const& one) { return one.first == word; });
    return found == words.end() ? words.front().second : found->second;
}

template <class Word, std::size_t N>
std::optional<Word> parse(Words<Word, N> const& words, std::string_view text) noexcept
{
    auto const found = std::find_if(words.begin(), words.end(), [&](auto const& one) { return one.second == text; });
    return found == words.end() ? std::nullopt : std::optional{found->first};
}

} // namespace

std::string_view render_health_aspect(HealthAspect aspect) noexcept
{
    return render(aspects, aspect);
}

std::optional<HealthAspect> parse_health_aspect(std::string_view word) noexcept
{
    return parse(aspects, word);
}

std::string_view render_severity(Severity severity) noexcept
{
    return render(severities, severity);
}

std::optional<Severity> parse_severity(std::string_view word) noexcept
{
    return parse(severities, word);
}

std::string_view render_health_source(HealthSource source) noexcept
{
    return render(sources, source);
}

std::optional<HealthSource> parse_health_source(std::string_view word) noexcept
{
    return parse(sources, word);
}

bool is_over(HealthFinding const& finding, Timestamp now) noexcept
{
    return finding.severity != Severity::ok && finding.aspect != HealthAspect::token && finding.until && *finding.until <= now;
}

} // namespace deskbridge
