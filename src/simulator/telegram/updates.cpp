#include "telegram/updates.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::simulator::telegram {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

/// Kinds that are told only when they are asked for by name.
constexpr std::array<std::string_view, 3> unusual{"chat_member", "message_reaction", "message_reaction_count"};

bool names(Json const& kinds, std::string_view kind)
{
    auto const same = [&](Json const& one) { return one.is_string() && one.get_ref<std::string const&>() == kind; };
    return std::any_of(kinds.begin(), kinds.end(), same);
}

} // namespace

Json to_json(Update const& update)
{
    Json doc{{"update_id", update.id}};
    doc[update.kind] = update.node;
    return doc;
}

void take_allowed(Book& book, Parameters const& parameters)
{
    auto const kinds = parameters.json("allowed_updates");
    if (kinds.is_array() && kinds != book.allowed())
        book.allow(kinds);
}

bool Updates::wanted(std::string_view kind) const
{
    auto const& kinds = world_.book.allowed();
    if (kinds.empty())
        return std::find(unusual.begin(), unusual.end(), kind) == unusual.end();
    return names(kinds, kind);
}

void Updates::emit(std::string kind, Json node, std::int64_t chat)
{
    if (!wanted(kind))
        return;
    Update update{world_.book.next_update_id(), std::move(kind), std::move(node), chat, world_.now()};
    world_.ledger.add("update", world_.house.clock.now(), Json{{"update", to_json(update)}});
    world_.book.add(update);
    bell_.ring();
    if (on_emitted)
        on_emitted();
}

void Updates::done(std::int64_t id, bool taken)
{
    world_.ledger.add("update_done", world_.house.clock.now(), Json{{"update", id}, {"taken", taken}});
    world_.book.drop_update(id);
}

/// From `offset` on; below 0: only the last so many are left.
void Updates::acknowledge(std::int64_t offset)
{
    auto const& waiting = world_.book.updates();
    auto const kept = static_cast<std::size_t>(std::max<std::int64_t>(0, -offset));
    std::vector<std::int64_t> gone;
    for (std::size_t i = 0; i < waiting.size(); ++i)
        if (offset > 0 ? waiting[i].id < offset : waiting.size() - i > kept)
            gone.push_back(waiting[i].id);
    for (auto const id : gone)
        done(id, offset > 0);
}

Json Updates::first(std::size_t limit) const
{
    auto out = Json::array();
    for (auto const& update : world_.book.updates())
        if (out.size() < limit)
            out.push_back(to_json(update));
    return out;
}

asio::awaitable<Answer> Updates::fetch(Parameters const& parameters)
{
    if (!world_.book.webhook().url.empty())
        co_return conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
    auto const mine = ++round_;
    bell_.ring();
    take_allowed(world_.book, parameters);
    if (auto const offset = parameters.integer("offset").value_or(0); offset != 0)
        acknowledge(offset);
    auto const limit = static_cast<std::size_t>(std::clamp<std::int64_t>(parameters.integer("limit").value_or(100), 1, 100));
    auto const patience = std::chrono::seconds{std::clamp<std::int64_t>(parameters.integer("timeout").value_or(0), 0, 50)};
    auto const until = world_.house.clock.now() + patience;
    while (world_.book.updates().empty() && round_ == mine && !world_.house.stopping) {
        auto const left = until - world_.house.clock.now();
        if (left <= 0ms)
            break;
        co_await bell_.wait(left);
    }
    if (round_ != mine)
        co_return conflict("terminated by other getUpdates request; make sure that only one bot instance is running");
    if (!world_.book.webhook().url.empty())
        co_return conflict("terminated by setWebhook request");
    Done told;
    told.result = first(limit);
    co_return Answer{std::move(told)};
}

} // namespace deskbridge::simulator::telegram
