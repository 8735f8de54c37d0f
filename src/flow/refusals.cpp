#include "deskbridge/flow/refusals.hpp"

namespace deskbridge::flow {

Refusals::Refusals(channel::AccountContexts const& accounts)
{
    for (auto const& account : accounts)
        last_.try_emplace(account->hook, 0);
}

void Refusals::note(std::string_view hook, Timestamp at) noexcept
{
    if (auto const found = last_.find(hook); found != last_.end())
        raise(found->second, at);
}

void Refusals::note_all(Timestamp at) noexcept
{
    for (auto& [hook, last] : last_)
        raise(last, at);
}

std::optional<Timestamp> Refusals::last(std::string_view hook) const noexcept
{
    auto const found = last_.find(hook);
    auto const at = found == last_.end() ? 0 : found->second.load();
    return at == 0 ? std::nullopt : std::optional{Timestamp{std::chrono::milliseconds{at}}};
}

void Refusals::raise(Moment& last, Timestamp at) noexcept
{
    auto const wanted = at.time_since_epoch().count();
    auto known = last.load();
    while (known < wanted && !last.compare_exchange_weak(known, wanted)) {
    }
}

} // namespace deskbridge::flow
