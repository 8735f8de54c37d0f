#include "deskbridge/flow/intake.hpp"

#include "delivery.hpp"

#include <nlohmann/json.hpp>

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

} // namespace

boost::asio::awaitable<Result<Intake::Replayed>> Intake::replay(ShelfId entry, Timestamp now)
{
    auto find = [entry](store::Reading& reading) { return store::find_shelf_entry(reading, entry); };
    auto const shelved = co_await parts_.store.read(find);
    if (!shelved)
        co_return shelved.error();
    if (!*shelved)
        co_return Error{Fault::not_found, "no such shelf entry"};
    co_return co_await replay_journal((*shelved)->journal, now);
}

boost::asio::awaitable<Result<Intake::Replayed>> Intake::replay_journal(JournalId journal, Timestamp now)
{
    auto find = [journal](store::Reading& reading) { return store::find_journal(reading, journal); };
    auto row = co_await parts_.store.read(find);
    if (!row)
        co_return row.error();
    if (!*row || !(*row)->body)
        co_return Error{Fault::not_found, "the body is not there any more"};
    co_return co_await interpret_again(**row, now);
}

boost::asio::awaitable<Result<Intake::Replayed>> Intake::interpret_again(store::JournalRow& row, Timestamp now)
{
    auto const found = hooks_.find(row.hook);
    if (found == hooks_.end())
        co_return Error{Fault::not_found, "its hook is not configured any more"};
    auto const& entry = found->second;
    auto const webhook = channel::VerifiedWebhook::from_journal(request_of(row));
    auto const parsed = entry.adapter->parse(entry.hook, webhook, row.received_at);
    Replayed replayed;
    if (!parsed) {
        replayed.shelved = 1;
        co_return replayed;
    }
    Delivery const delivery{row.hook, webhook.request(), parsed->events, entry.accounts, now, std::nullopt};
    auto work = [&](store::Tx& tx) { return take_again(tx, parts_.around, delivery, row.id); };
    auto const tally = co_await parts_.store.write(work, store::Lane::upkeep);
    if (!tally)
        co_return tally.error();
    report(entry, *tally);
    parts_.log.info("replayed", {{"journal", row.id.value},
                                 {"applied", tally->fresh},
                                 {"known", tally->known},
                                 {"shelved", tally->on_shelf()}});
    replayed.applied = tally->fresh;
    replayed.known = tally->known;
    replayed.shelved = tally->on_shelf();
    co_return replayed;
}

} // namespace deskbridge::flow
