#include "deskbridge/flow/intake.hpp"

#include "delivery.hpp"

#include <nlohmann/json.hpp>

#include <optional>

namespace deskbridge::flow {
namespace {

HttpRequest request_of(store::JournalRow& row)
{
    HttpRequest request;
    request.method = "POST";
    request.target = "/hooks/" + row.hook;
    request.body = std::move(*row.body);
    auto const headers = nlohmann::json::parse(row.headers, nullptr, false);
    if (headers.is_object())
        for (auto const& [name, value] : headers.items())
            if (value.is_string())
                request.headers.add(name, value.get<std::string>());
    return request;
}

constexpr int max_changes = 200;

struct Tried {
    Tally tally;
    store::Replayed told;
};

Tried take_and_tell(store::Tx& tx, Surroundings const& around, Delivery const& delivery, store::ReplayWish const& wish)
{
    Tried tried;
    auto& told = tried.told;
    told.shelf_before = store::count_open_shelf(tx);
    auto const before = store::last_event(tx);
    tried.tally = take_again(tx, around, delivery, wish.journal, wish.by);
    told.shelf_after = store::count_open_shelf(tx);
    told.changes = store::load_events(tx, before, max_changes + 1);
    told.more_changes = told.changes.size() > static_cast<std::size_t>(max_changes);
    if (told.more_changes)
        told.changes.pop_back();
    told.applied = tried.tally.fresh;
    told.known = tried.tally.known;
    told.shelved = tried.tally.on_shelf();
    return tried;
}

} // namespace

boost::asio::awaitable<Result<Intake::Replayed>> Intake::replay(store::ReplayWish const& wish)
{
    auto find = [&wish](store::Reading& reading) { return store::find_journal(reading, wish.journal); };
    auto row = co_await parts_.store.read(find);
    if (!row)
        co_return row.error();
    if (!*row)
        co_return Error{Fault::not_found, "there is no body " + std::to_string(wish.journal.value)};
    if (!(*row)->body)
        co_return Error{Fault::not_found, "the body is not there any more: it was kept as long as bodies are kept"};
    co_return co_await interpret_again(**row, wish);
}

boost::asio::awaitable<Result<Intake::Replayed>> Intake::interpret_again(store::JournalRow& row, store::ReplayWish const& wish)
{
    auto const found = hooks_.find(row.hook);
    if (found == hooks_.end())
        co_return Error{Fault::not_found, "its hook, " + row.hook + ", is not configured any more"};
    auto const& entry = found->second;
    auto const webhook = channel::VerifiedWebhook::from_journal(request_of(row));
    auto const parsed = entry.adapter->parse(entry.hook, webhook, row.received_at);
    if (!parsed)
        co_return co_await still_unreadable();
    Delivery const delivery{row.hook, webhook.request(), parsed->events, entry.accounts, wish.now};
    std::optional<Tried> tried;
    auto work = [&](store::Tx& tx) {
        tried.reset();
        tried = take_and_tell(tx, parts_.around, delivery, wish);
        if (wish.dry_run)
            throw store::Rollback{{Fault::conflict, "a dry run"}};
    };
    auto const done = co_await parts_.store.write(work, store::Lane::upkeep);
    if (!done && !(wish.dry_run && tried))
        co_return done.error();
    if (!wish.dry_run)
        report(entry, tried->tally);
    auto& told = tried->told;
    parts_.log.info("replayed", {{"journal", row.id.value},
                                 {"applied", told.applied},
                                 {"known", told.known},
                                 {"shelved", told.shelved},
                                 {"dry_run", wish.dry_run}});
    co_return std::move(told);
}

boost::asio::awaitable<Result<Intake::Replayed>> Intake::still_unreadable()
{
    auto count = [](store::Reading& reading) { return store::count_open_shelf(reading); };
    auto const open = co_await parts_.store.read(count);
    if (!open)
        co_return open.error();
    Replayed replayed;
    replayed.shelved = 1;
    replayed.shelf_before = replayed.shelf_after = *open;
    co_return replayed;
}

} // namespace deskbridge::flow
