#include "mishap.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::simulator {
namespace {

constexpr std::array<std::string_view, 8> mishap_names{"hang", "reset",        "html_502", "empty_200",
                                                     "slow", "throttle_429", "token",    "error"};

} // namespace

std::string_view name_of(Mishap::Kind kind) noexcept
{
    return mishap_names[static_cast<std::size_t>(kind)];
}

Result<Mishap> mishap_from(Json const& doc)
{
    auto const name = text_at(doc, {"kind"}).value_or("");
    auto const found = std::find(mishap_names.begin(), mishap_names.end(), name);
    if (found == mishap_names.end())
        return Error{Fault::malformed, "kind must be one of hang, reset, html_502, empty_200, slow, throttle_429, token, error"};
    Mishap mishap;
    mishap.kind = static_cast<Mishap::Kind>(found - mishap_names.begin());
    mishap.accept = bool_at(doc, {"accept"}).value_or(false);
    mishap.count = static_cast<int>(std::clamp<std::int64_t>(int_at(doc, {"count"}).value_or(1), -1, 1'000'000));
    mishap.code = static_cast<int>(std::clamp<std::int64_t>(int_at(doc, {"code"}).value_or(131000), 0, 9'999'999));
    mishap.delay = std::chrono::milliseconds{std::clamp<std::int64_t>(int_at(doc, {"delay_ms"}).value_or(2000), 0, 600'000)};
    if (mishap.count == 0)
        return Error{Fault::malformed, "count must not be 0"};
    return mishap;
}

std::optional<Mishap> Mishaps::next()
{
    if (waiting_.empty())
        return std::nullopt;
    auto const mishap = waiting_.front();
    if (mishap.count > 0 && --waiting_.front().count == 0)
        waiting_.pop_front();
    return mishap;
}

bool Mishaps::token_expired() const noexcept
{
    return !waiting_.empty() && waiting_.front().kind == Mishap::Kind::token && waiting_.front().count < 0;
}

Json Mishaps::list() const
{
    auto out = Json::array();
    for (auto const& mishap : waiting_)
        out.push_back(Json{{"kind", name_of(mishap.kind)},
                           {"accept", mishap.accept},
                           {"count", mishap.count},
                           {"code", mishap.code},
                           {"delay_ms", mishap.delay.count()}});
    return out;
}

} // namespace deskbridge::simulator
