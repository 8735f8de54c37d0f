#include "bare_store.hpp"

#include "deskbridge/store/account.hpp"
#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/journal.hpp"
#include "deskbridge/store/message.hpp"
#include "deskbridge/store/placement.hpp"
#include "deskbridge/store/ticket.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

namespace bench {

namespace asio = boost::asio;
using namespace deskbridge;

namespace {

struct Ground {
    AccountId account;
    ConversationId conversation;
    TicketId ticket;
};

Timestamp const at = from_ms(1'795'000'000'000);

Ground prepare(store::Tx& tx)
{
    Ground ground;
    std::vector<store::ConfiguredAccount> const accounts{{"whatsapp", "1", "bench", "bench"}};
    ground.account = store::configure_accounts(tx, accounts, at).front();
    ground.conversation = store::insert_conversation(tx, ground.account, store::insert_contact(tx, "", "", at), at);
    store::Ticket ticket;
    ticket.reference = "12345670";
    ticket.conversation = ground.conversation;
    ticket.opened_at = ticket.last_activity = ticket.last_step_at = at;
    ground.ticket = store::insert_ticket(tx, ticket);
    return ground;
}

/// What one text message leaves behind.
void write_rows(store::Tx& tx, Ground const& ground, int n, std::string const& body)
{
    auto const id = fmt::format("wamid.bench{}", n);
    auto const journal = store::add_journal(tx, {.hook = "bench", .received_at = at, .body = body});
    (void)store::claim_event(tx, {ground.account, id, "message"}, journal, at);
    store::Message message;
    message.conversation = ground.conversation;
    message.ticket = ground.ticket;
    message.account = ground.account;
    message.external_id = id;
    message.text = "This is a letter, written and sent";
    message.provider_at = message.received_at = at;
    message.journal = journal;
    auto const message_id = store::insert_message(tx, message);
    store::Placement placement;
    placement.message = message_id;
    placement.rule = "R4";
    placement.action = "append";
    placement.to = ground.ticket;
    placement.at = at;
    store::insert_placement(tx, placement);
    store::NewEvent event{.type = "message.received"};
    event.at = at;
    event.message = message_id;
    store::append_event(tx, event);
}

asio::awaitable<void> writer(store::Store& store, Ground const& ground, int& next, int end, int& busy)
{
    std::string const body(900, 'b');
    while (next < end) {
        int const n = next++;
        auto job = [&](store::Tx& tx) { write_rows(tx, ground, n, body); };
        auto const done = co_await store.write(job, store::Lane::intake, body.size());
        if (!done)
            throw std::runtime_error(done.error().detail);
    }
    --busy;
}

} // namespace

double bare_store(std::filesystem::path const& file, int webhooks, int writers)
{
    NoLog log;
    Metrics metrics;
    auto store = store::Store::open({.path = file}, log, metrics);
    if (!store)
        throw std::runtime_error(store.error().detail);
    auto const ground = (*store)->write_now(prepare);
    if (!ground)
        throw std::runtime_error(ground.error().detail);
    asio::io_context io{1};
    int next = 0;
    int busy = writers;
    for (int i = 0; i < writers; ++i)
        asio::co_spawn(io, writer(**store, *ground, next, webhooks, busy), asio::detached);
    auto const begun = std::chrono::steady_clock::now();
    while (busy > 0)
        io.run_one();
    return webhooks / std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

} // namespace bench
