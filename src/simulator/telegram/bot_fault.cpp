#include "telegram/bot_fault.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::simulator::telegram {
namespace {

constexpr std::array<std::string_view, 7> fault_names{"hang", "reset", "html_502", "empty_200", "slow", "throttle_429", "error"};

BotError error_from(BotFault::Kind kind, Json const& order)
{
    if (kind == BotFault::Kind::throttle_429)
        return too_many(static_cast<int>(std::clamp<std::int64_t>(int_at(order, {"retry_after_s"}).value_or(1), 1, 86'400)));
    auto const code = static_cast<int>(std::clamp<std::int64_t>(int_at(order, {"code"}).value_or(500), 300, 599));
    BotError error{code, text_at(order, {"description"}).value_or("Internal Server Error"), {}};
    if (auto const* parameters = at(order, {"parameters"}))
        error.parameters = *parameters;
    return error;
}

} // namespace

bool BotFault::taken() const noexcept
{
    return kind == Kind::slow || (accept && kind != Kind::throttle_429 && kind != Kind::error);
}

std::string_view name_of(BotFault::Kind kind) noexcept
{
    return fault_names[static_cast<std::size_t>(kind)];
}

Result<BotFault> bot_fault_from(Json const& order)
{
    auto const name = text_at(order, {"kind"}).value_or("");
    auto const found = std::find(fault_names.begin(), fault_names.end(), name);
    if (found == fault_names.end())
        return Error{Fault::malformed, "kind must be one of hang, reset, html_502, empty_200, slow, throttle_429, error"};
    BotFault fault;
    fault.kind = static_cast<BotFault::Kind>(found - fault_names.begin());
    fault.method = text_at(order, {"method"}).value_or("");
    fault.words = text_at(order, {"words"}).value_or("");
    fault.accept = bool_at(order, {"accept"}).value_or(false);
    fault.count = static_cast<int>(std::clamp<std::int64_t>(int_at(order, {"count"}).value_or(1), -1, 1'000'000));
    fault.error = error_from(fault.kind, order);
    fault.delay = std::chrono::milliseconds{std::clamp<std::int64_t>(int_at(order, {"delay_ms"}).value_or(2000), 0, 600'000)};
    if (fault.count == 0)
        return Error{Fault::malformed, "count must not be 0"};
    return fault;
}

std::optional<BotFault> BotFaults::next(std::string_view method, Parameters const& parameters)
{
    auto const said = parameters.text("text").value_or(parameters.text("caption").value_or(""));
    bool const sends = method.starts_with("send") && method != "sendChatAction";
    auto const strikes = [&](BotFault const& fault) {
        return (fault.method.empty() ? sends : fault.method == method) && said.find(fault.words) != std::string::npos;
    };
    auto const found = std::find_if(waiting_.begin(), waiting_.end(), strikes);
    if (found == waiting_.end())
        return std::nullopt;
    auto fault = *found;
    if (fault.count > 0 && --found->count == 0)
        waiting_.erase(found);
    return fault;
}

Json BotFaults::list() const
{
    auto out = Json::array();
    for (auto const& fault : waiting_)
        out.push_back(Json{{"kind", name_of(fault.kind)},
                           {"method", fault.method},
                           {"words", fault.words},
                           {"accept", fault.accept},
                           {"count", fault.count},
                           {"description", fault.error.description},
                           {"delay_ms", fault.delay.count()}});
    return out;
}

} // namespace deskbridge::simulator::telegram
