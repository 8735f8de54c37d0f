#include "hooks.hpp"

#include <algorithm>

namespace deskbridge::simulator {

void Hooks::add(Number const& number, HookSettings settings)
{
    auto const same = [&](auto const& emitter) { return emitter->settings().shares_with(settings); };
    auto found = std::find_if(emitters_.begin(), emitters_.end(), same);
    if (found == emitters_.end())
        found = emitters_.insert(found, std::make_unique<Emitter>(parts_, number.phone_number_id, std::move(settings)));
    by_number_[number.phone_number_id] = found->get();
}

void Hooks::start()
{
    std::map<Emitter*, std::vector<Webhook>> unfinished;
    for (auto& hook : parts_.ledger.unfinished())
        unfinished[&of(hook.number)].push_back(std::move(hook));
    for (auto& emitter : emitters_)
        emitter->start(std::move(unfinished[emitter.get()]));
}

void Hooks::stop()
{
    for (auto& emitter : emitters_)
        emitter->stop();
}

void Hooks::emit(Update update)
{
    if (!hears_ || hears_(update))
        of(update.number.phone_number_id).emit(std::move(update));
}

Emitter& Hooks::of(std::string const& phone_number_id)
{
    auto const found = by_number_.find(phone_number_id);
    return found == by_number_.end() ? *emitters_.front() : *found->second;
}

std::vector<std::string> Hooks::waiting_message_ids() const
{
    std::vector<std::string> all;
    for (auto const& emitter : emitters_) {
        auto const ids = emitter->waiting_message_ids();
        all.insert(all.end(), ids.begin(), ids.end());
    }
    return all;
}

void Hooks::for_each(std::function<void(Emitter&)> const& visit)
{
    for (auto& emitter : emitters_)
        visit(*emitter);
}

} // namespace deskbridge::simulator
