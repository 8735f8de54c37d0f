#include "scene.hpp"

#include "deskbridge/channel/plan.hpp"
#include "deskbridge/core/reference.hpp"
#include "deskbridge/core/text.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/conversation.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <optional>

namespace deskbridge::test {

channel::Capabilities ShortAdapter::capabilities(channel::Account const&) const
{
    channel::Capabilities can;
    can.max_text_units = 20;
    can.reply_window = {std::chrono::hours{24}};
    can.asks_numbers = true;
    can.health = true;
    can.files = {{MessageKind::document, {"application/pdf"}, 1u << 20, 20}};
    return can;
}

Result<channel::Intake> ShortAdapter::parse(channel::Hook const&, channel::VerifiedWebhook const&, Timestamp) const
{
    return channel::Intake{};
}

std::vector<OutboundContent> ShortAdapter::plan(OutboundContent const& content, channel::Capabilities const& can) const
{
    if (!content.files.empty())
        return channel::plan_messages(content, can);
    std::vector<OutboundContent> parts;
    for (auto& piece : split_text(content.text, can.max_text_units)) {
        parts.push_back(content);
        parts.back().text = std::move(piece);
    }
    return parts;
}

channel::SendStep ShortAdapter::next(channel::Account const&, channel::Delivery const&, std::span<HttpResponse const>) const
{
    return Outcome{Refused{"a test does not send", {}, {}}};
}

std::string hash(TicketId id)
{
    return "#" + std::to_string(id.value);
}

Scene::Scene()
{
    store.write([this](store::Tx& tx) {
        std::vector<store::ConfiguredAccount> const configured{{.channel = "short", .number = "1", .name = "support"}};
        account = store::configure_accounts(tx, configured, clock.now()).front();
        contact = store::insert_contact(tx, "Maria", "", clock.now());
        conversation = store::insert_conversation(tx, account, contact, clock.now());
        store::raise_window(tx, conversation, clock.now());
        auto const admin = store::add_agent(tx, {"Ana Prado", "ana", store::AgentRole::administrator}, {}, clock.now());
        auto const agent = store::add_agent(tx, {"Ben", "ben", store::AgentRole::agent}, {}, clock.now());
        ana = {admin, "Ana Prado", store::AgentRole::administrator};
        ben = {agent, "Ben", store::AgentRole::agent};
    });
    auto context = std::make_unique<channel::AccountContext>();
    context->id = account;
    context->account.name = "support";
    context->adapter = &adapter_;
    context->policy.name = "support";
    auto catalogue = Catalogue::load({});
    if (!catalogue)
        throw std::runtime_error{catalogue.error().detail};
    context->catalogue = std::make_shared<Catalogue const>(std::move(*catalogue));
    accounts.push_back(std::move(context));
    desk_ = std::make_unique<desk::Desk>(desk::Desk::Parts{
        *store, clock, accounts, [this] { return dice_ += 7919; }, [this] { ++rings; },
        [this](store::Tx&, store::OutboxEffect const&, Timestamp) { ++settled; }, {}, [this] { return rests; }});
}

TicketId Scene::open_ticket(std::string const& subject, TicketStatus status)
{
    return store.write([&](store::Tx& tx) {
        store::Ticket ticket;
        ticket.reference = make_reference(dice_ += 104'729);
        ticket.conversation = conversation;
        ticket.status = status;
        ticket.subject = subject;
        ticket.opened_at = ticket.last_activity = ticket.last_step_at = clock.now();
        if (!is_live(status))
            ticket.solved_at = clock.now();
        auto const id = store::insert_ticket(tx, ticket);
        if (!is_live(status))
            store::close_interval(tx, id, clock.now());
        return id;
    });
}

MessageId Scene::customer_says(TicketId ticket, std::string const& text, ConversationId where)
{
    return store.write([&](store::Tx& tx) {
        store::Message message;
        message.conversation = where ? where : conversation;
        message.ticket = ticket;
        message.account = account;
        message.actor = {ActorKind::customer, contact.value};
        message.text = text;
        message.external_id = "wamid." + text;
        message.provider_at = message.received_at = clock.now();
        auto const id = store::insert_message(tx, message);
        store::Placement placement;
        placement.message = id;
        placement.rule = "R8";
        placement.action = "open";
        placement.to = ticket;
        placement.at = clock.now();
        store::insert_placement(tx, placement);
        return id;
    });
}

MessageId Scene::customer_said(TicketId ticket, std::string const& text, MessageId behind)
{
    auto const id = customer_says(ticket, text);
    store.write([&](store::Tx& tx) {
        auto q = tx.prepare("UPDATE message SET late = 1, position = ?2 WHERE message_id = ?1");
        q.bind(1, id);
        q.bind(2, behind ? position_of(behind) + 7 : -7);
        q.run();
    });
    return id;
}

ConversationId Scene::other_conversation()
{
    return store.write([&](store::Tx& tx) {
        return store::insert_conversation(tx, account, store::insert_contact(tx, "Joao", "", clock.now()), clock.now());
    });
}

template <class Request>
Result<typename Request::Answer> Scene::perform_as(desk::Caller const& caller, Request request)
{
    std::optional<Result<typename Request::Answer>> answer;
    auto task = [&]() -> boost::asio::awaitable<void> { answer.emplace(co_await desk_->perform(caller, request)); };
    boost::asio::co_spawn(io, task, boost::asio::detached);
    io.restart();
    io.run();
    return std::move(*answer);
}

Result<desk::Caller> Scene::identify(std::string const& unix_user, bool root)
{
    std::optional<Result<desk::Caller>> answer;
    auto task = [&]() -> boost::asio::awaitable<void> { answer.emplace(co_await desk_->identify(unix_user, root)); };
    boost::asio::co_spawn(io, task, boost::asio::detached);
    io.restart();
    io.run();
    return std::move(*answer);
}

store::Ticket Scene::ticket(TicketId id)
{
    return store.read([&](store::Reading& reading) { return *store::find_ticket(reading, id); });
}

EventSeq Scene::now_in_log()
{
    return store.read([](store::Reading& reading) { return store::last_event(reading); });
}

std::vector<store::LoggedEvent> Scene::logged(EventSeq after)
{
    return store.read([&](store::Reading& reading) { return store::load_events(reading, after, 1000); });
}

int Scene::count(std::string_view type, EventSeq after)
{
    auto const all = logged(after);
    return static_cast<int>(std::count_if(all.begin(), all.end(), [&](auto const& event) { return event.type == type; }));
}

std::string Scene::events(EventSeq after)
{
    std::string types;
    for (auto const& event : logged(after))
        types += (types.empty() ? "" : " ") + event.type;
    return types;
}

std::vector<std::string> Scene::outbox()
{
    return store.read([&](store::Reading& reading) {
        std::vector<std::string> out;
        auto const glances = store::glance_back(reading, conversation, 100);
        for (auto glance = glances.rbegin(); glance != glances.rend(); ++glance) {
            auto const message = store::find_message(reading, glance->id);
            if (message->direction == store::Direction::out)
                out.push_back(message->message_class + (message->purpose.empty() ? "" : " " + message->purpose) + ": " + message->text);
        }
        return out;
    });
}

template Result<desk::TicketPage> Scene::perform_as(desk::Caller const&, desk::ListTickets);
template Result<desk::TicketDetail> Scene::perform_as(desk::Caller const&, desk::ShowTicket);
template Result<std::vector<store::Agent>> Scene::perform_as(desk::Caller const&, desk::ListAgents);
template Result<store::BroughtFile> Scene::perform_as(desk::Caller const&, desk::BringFile);
template Result<store::Attachment> Scene::perform_as(desk::Caller const&, desk::OpenAttachment);
template Result<store::TimelineItem> Scene::perform_as(desk::Caller const&, desk::Reply);
template Result<store::TimelineItem> Scene::perform_as(desk::Caller const&, desk::Note);
template Result<desk::AccountHealth> Scene::perform_as(desk::Caller const&, desk::ShowHealth);
template Result<desk::AccountHealth> Scene::perform_as(desk::Caller const&, desk::VerifyAccount);
template Result<store::TimelineItem> Scene::perform_as(desk::Caller const&, desk::TestAccount);
template Result<store::TimelineItem> Scene::perform_as(desk::Caller const&, desk::SendTemplate);
template Result<desk::TemplatePage> Scene::perform_as(desk::Caller const&, desk::ListTemplates);
template Result<std::vector<desk::TemplateCard>> Scene::perform_as(desk::Caller const&, desk::ShowTemplate);
template Result<desk::TemplateListState> Scene::perform_as(desk::Caller const&, desk::SyncTemplates);
template Result<store::TimelineItem> Scene::perform_as(desk::Caller const&, desk::Cancel);
template Result<store::TimelineItem> Scene::perform_as(desk::Caller const&, desk::Retry);
template Result<store::TimelineItem> Scene::perform_as(desk::Caller const&, desk::Resolve);
template Result<store::TimelineItem> Scene::perform_as(desk::Caller const&, desk::Keep);
template Result<desk::OutboxList> Scene::perform_as(desk::Caller const&, desk::ListOutbox);
template Result<desk::OutboxDetail> Scene::perform_as(desk::Caller const&, desk::ShowOutbox);
template Result<std::vector<desk::AccountCard>> Scene::perform_as(desk::Caller const&, desk::ListAccounts);
template Result<desk::ContactCard> Scene::perform_as(desk::Caller const&, desk::ShowContact);
template Result<desk::ContactPage> Scene::perform_as(desk::Caller const&, desk::ListContacts);
template Result<store::AccountRow> Scene::perform_as(desk::Caller const&, desk::PauseAccount);
template Result<store::AccountRow> Scene::perform_as(desk::Caller const&, desk::ResumeAccount);
template Result<desk::ShelfPage> Scene::perform_as(desk::Caller const&, desk::ListShelf);
template Result<store::ShelfLine> Scene::perform_as(desk::Caller const&, desk::ShowShelfEntry);
template Result<store::JournalRow> Scene::perform_as(desk::Caller const&, desk::ReadShelfBody);
template Result<store::ShelfLine> Scene::perform_as(desk::Caller const&, desk::DropShelf);
template Result<desk::ReplayAnswer> Scene::perform_as(desk::Caller const&, desk::ReplayShelf);
template Result<store::JournalPage> Scene::perform_as(desk::Caller const&, desk::ListJournal);
template Result<store::TimelineItem> Scene::perform_as(desk::Caller const&, desk::UndoPlacement);
template Result<desk::TicketCard> Scene::perform_as(desk::Caller const&, desk::Assign);
template Result<desk::TicketCard> Scene::perform_as(desk::Caller const&, desk::SetStatus);
template Result<desk::TicketCard> Scene::perform_as(desk::Caller const&, desk::Merge);
template Result<desk::TicketCard> Scene::perform_as(desk::Caller const&, desk::MoveMessage);
template Result<desk::TicketCard> Scene::perform_as(desk::Caller const&, desk::Split);
template Result<desk::TicketCard> Scene::perform_as(desk::Caller const&, desk::MarkSeen);
template Result<store::Agent> Scene::perform_as(desk::Caller const&, desk::AddAgent);
template Result<store::Agent> Scene::perform_as(desk::Caller const&, desk::ChangeAgent);
template Result<store::Agent> Scene::perform_as(desk::Caller const&, desk::EnableAgent);
template Result<store::Agent> Scene::perform_as(desk::Caller const&, desk::DisableAgent);

} // namespace deskbridge::test
