#include "work.hpp"

#include "deskbridge/core/reply_window.hpp"
#include "standing.hpp"

#include <algorithm>

namespace deskbridge::desk {

namespace {

constexpr int max_history = 100;

std::string who_of(store::Reading& reading, Actor const& actor)
{
    if (actor.kind != ActorKind::agent)
        return {};
    if (actor.id == 0)
        return "administrator"; // root, or the user of the daemon: not one of the agents
    auto const agent = store::find_agent(reading, {actor.id});
    return agent ? agent->name : "agent " + std::to_string(actor.id);
}

bool waits(store::IntentRow const& intent)
{
    return intent.state == IntentState::queued || intent.state == IntentState::retry_wait;
}

/// What holds this one back: a reply goes on while customers complain, a template waits for whatever ends last.
std::optional<AccountRest> rest_of(Look const& look, store::IntentRow const& intent)
{
    auto const content = parse_content(intent.content);
    bool const proactive = content && is_proactive(*content);
    std::optional<AccountRest> found;
    for (auto const& rest : look.rests)
        if (rest.account == intent.account && (proactive || rest.reason != RestReason::complaints) && (!found || rest.until > found->until))
            found = rest;
    return found;
}

OutboxPart part_of(Look const& look, store::IntentRow intent, store::AccountRow const& account, Timestamp now)
{
    auto& reading = look.reading;
    OutboxPart part;
    part.attempts = store::attempts_of(reading, intent.id);
    part.receipts = store::receipts_of(reading, intent.id);
    auto place = waits(intent) ? store::lane_place(reading, intent, now) : store::LanePlace{};
    part.stands = standing_of(intent);
    auto const asked = intent.state == IntentState::kept ? store::latest_window_template(reading, intent.conversation) : std::nullopt;
    auto const reason = waits_for(intent, {account, place, now, asked, rest_of(look, intent)});
    if (!reason.empty())
        part.stands += "; " + reason;
    part.ahead = std::move(place.ahead);
    part.intent = std::move(intent);
    return part;
}

std::optional<Timestamp> window_end(Look const& look, ConversationId id)
{
    auto const conversation = store::find_conversation(look.reading, id);
    auto const* account = conversation ? channel::find_account(look.parts.accounts, conversation->account) : nullptr;
    if (!account)
        return std::nullopt;
    auto const windows = account->adapter->capabilities(account->account).reply_window;
    return ReplyWindow{conversation->window_from, windows.of(conversation->address)}.closes_at();
}

} // namespace

OutboxList look(Look const& look, ListOutbox const& request)
{
    store::OutboxQuery query;
    query.states = request.states;
    query.open = request.open;
    query.failed = request.failed;
    query.receipts = request.receipts;
    query.before = request.before;
    query.limit = std::clamp(request.limit, 1, max_page);
    if (!request.account.empty())
        query.account = named_account(look.reading, request.account, Fault::malformed).id;
    OutboxList list;
    list.page = store::find_outbox(look.reading, query);
    list.counts = store::count_outbox(look.reading);
    for (auto& account : store::load_accounts(look.reading)) {
        if (!account.configured)
            continue;
        for (auto const& rest : look.rests)
            if (!account.paused && rest.account == account.id)
                list.resting.push_back({account.as.name, rest});
        if (account.paused)
            list.paused.push_back(std::move(account));
    }
    return list;
}

OutboxDetail look(Look const& look, ShowOutbox const& request)
{
    OutboxDetail detail;
    detail.message = sent_item(look.reading, request.message);
    auto const& message = detail.message.message;
    auto const account = store::find_account(look.reading, message.account);
    if (!account)
        fail(Fault::storage, "the message has no account");
    auto const now = look.parts.clock.now();
    detail.ticket = message.ticket;
    detail.account_name = account->as.name;
    detail.may_have_arrived = store::may_have_arrived(look.reading, message.id);
    detail.reply_window_ends_at = window_end(look, message.conversation);
    for (auto& intent : store::intents_of(look.reading, message.id))
        detail.parts.push_back(part_of(look, std::move(intent), *account, now));
    if (message.ticket)
        for (auto& event : store::message_events(look.reading, message.ticket, message.id, max_history)) {
            auto who = who_of(look.reading, event.actor);
            detail.history.push_back({std::move(event), std::move(who)});
        }
    return detail;
}

std::vector<AccountCard> look(Look const& look, ListAccounts const&)
{
    std::vector<AccountCard> cards;
    for (auto& row : store::load_accounts(look.reading)) {
        auto costs = month_costs(look.reading, look.parts, row.id);
        cards.push_back({std::move(row), std::move(costs)});
    }
    return cards;
}

} // namespace deskbridge::desk
