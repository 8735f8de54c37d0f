#include "player.hpp"

#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/outbox.hpp"
#include "deskbridge/store/placement.hpp"
#include "deskbridge/store/ticket_view.hpp"
#include "deskbridge/store/timer.hpp"

namespace deskbridge::test {
namespace {

void same(std::string const& what, std::string const& is, std::string const& wanted)
{
    if (is != wanted)
        throw Unmet{what + " is \"" + is + "\", not \"" + wanted + '"'};
}

std::string purpose_of(store::Message const& message)
{
    if (message.actor.kind == ActorKind::agent)
        return "reply";
    return message.purpose == "acknowledgement" ? "ack" : message.purpose;
}

void contains(std::string const& text, std::string const& words)
{
    if (text.find(words) == std::string::npos)
        throw Unmet{"\"" + text + "\" does not contain \"" + words + '"'};
}

} // namespace

void Player::expect_placed(std::span<Line const> lines)
{
    auto all = messages(false, {});
    if (all.size() < lines.size())
        throw Unmet{"only " + std::to_string(all.size()) + " messages have come"};
    auto const first = all.size() - lines.size();
    for (std::size_t i = 0; i < lines.size(); ++i)
        expect_one(lines[i], all[first + i]);
}

void Player::expect_one(Line const& line, Placed const& message)
{
    match_ticket(line.word(1), message.ticket);
    auto const placements = world.store.read([&](store::Reading& reading) { return store::placements_of(reading, message.id); });
    if (placements.empty())
        throw Unmet{"no placement is stored"};
    auto const& placement = placements.front();
    same("the rule", placement.rule, line.word(2));
    bool guess = false;
    bool late = false;
    bool matter = true;
    std::string command;
    for (std::size_t i = 3; i < line.words.size(); ++i) {
        auto const& word = line.words[i];
        guess = guess || word == "guess";
        late = late || word == "late";
        matter = matter && word != "nomatter";
        if (word.starts_with("command="))
            command = word.substr(8);
        else if (word != "guess" && word != "late" && word != "nomatter")
            same("the action", placement.action, word);
    }
    same("guess", placement.guess ? "yes" : "no", guess ? "yes" : "no");
    same("late", message.late ? "yes" : "no", late ? "yes" : "no");
    same("matter", message.matter ? "yes" : "no", matter ? "yes" : "no");
    same("the command", message.command, command);
}

void Player::expect_sent(std::span<Line const> lines)
{
    auto const sent = messages(true, told_);
    bool const nothing = lines.size() == 1 && lines.front().is(1, "nothing");
    auto const wanted = nothing ? 0 : lines.size();
    for (std::size_t i = 0; i < std::min(wanted, sent.size()); ++i)
        expect_one(lines[i], sent[i], purpose_of(sent[i]));
    if (sent.size() > wanted)
        throw Unmet{"sent besides: " + purpose_of(sent[wanted]) + ' ' + label_of(sent[wanted].ticket) + " \"" + sent[wanted].text + '"'};
    if (sent.size() < wanted)
        throw Unmet{"not sent: " + lines[sent.size()].whole};
    if (!sent.empty())
        told_ = sent.back().id;
}

void Player::expect_one(Line const& line, store::Message const& message, std::string const& what)
{
    same("what was sent", what, line.word(1));
    match_ticket(line.word(2), message.ticket);
    std::size_t next = 3;
    if (next < line.words.size() && line.words[next].starts_with('[')) {
        auto const& word = line.words[next++];
        own_[word.substr(1, word.size() - 2)] = message.id;
    }
    if (next < line.words.size() && line.words[next] == "~") {
        auto const words = line.whole.substr(line.whole.find(" ~ ") + 3);
        contains(message.text.empty() ? message.details : message.text, expanded(words));
    }
}

void Player::expect_state(Line const& line)
{
    auto const& what = line.word(1);
    if (what == "tickets" || what == "contacts" || what == "shelf" || what == "conversations")
        return same(what, std::to_string(count(what)), line.word(2));
    if (tickets_.contains(what))
        return expect_ticket(line, ticket(what));
    if (auto const customer = customers_.find(what); customer != customers_.end())
        return expect_customer(line, customer->second);
    if (auto const own = own_.find(what); own != own_.end())
        return expect_own_message(line, own->second);
    expect_message(line);
}

void Player::expect_ticket(Line const& line, store::Ticket const& ticket)
{
    auto const& what = line.word(2);
    auto const value = line.words.size() > 3 ? line.words[3] : line.text;
    if (what == "is")
        same("the status", std::string{render_status(ticket.status)}, value);
    else if (what == "step")
        same("the last step", ticket.last_step, value);
    else if (what == "unseen")
        same("unseen", ticket.unseen ? "yes" : "no", value);
    else if (what == "follows")
        same("what it follows up", label_of(ticket.follow_up_of), value);
    else if (what == "merged")
        expect_merged(line, ticket);
    else if (what == "summary")
        same("the summary", ticket.summary, value);
    else if (what == "subject")
        same("the subject", ticket.subject, value);
    else if (what == "reopened")
        same("the number of reopenings", std::to_string(ticket.reopen_count), value);
    else if (what == "messages")
        same("the number of messages", std::to_string(world.store.read([&](store::Reading& reading) {
                 return store::messages_of(reading, ticket.id, {}, 1000).size();
             })), value);
    else if (what == "shows")
        same("the order on screen", order_on_screen(line, ticket.id), line.whole.substr(line.whole.find(" shows ") + 7));
    else if (what == "timer")
        same("the timer", world.store.read([&](store::Reading& reading) { return store::find_timer(reading, ticket.id); }) ? "yes" : "no",
             value);
    else
        throw std::runtime_error{"nothing is known about a ticket's " + what};
}

/// With a number: both tickets' logs say so, and that this many messages moved.
void Player::expect_merged(Line const& line, store::Ticket const& ticket)
{
    same("what it was merged into", label_of(ticket.merged_into), line.word(3));
    if (line.words.size() < 5)
        return;
    nlohmann::json const wanted{
        {"from", ticket.id.value}, {"into", ticket.merged_into.value}, {"messages", std::stoi(line.word(4))}};
    for (auto const id : {ticket.id, ticket.merged_into}) {
        auto const told = world.store.read(
            [&](store::Reading& reading) { return store::latest_ticket_events(reading, id, "ticket.merged", 1); });
        same("what the log of " + label_of(id) + " says", told.empty() ? "" : told.front().data, wanted.dump());
    }
}

/// The labels of the line as the timeline has their messages.
std::string Player::order_on_screen(Line const& line, TicketId ticket)
{
    std::map<MessageId, std::string> labels;
    for (std::size_t i = 3; i < line.words.size(); ++i)
        labels[message(line.words[i])] = line.words[i];
    std::string order;
    auto const items = world.store.read([&](store::Reading& reading) { return store::load_timeline(reading, ticket, {}, 1000); });
    for (auto const& item : items)
        if (auto const label = labels.find(item.message.id); label != labels.end())
            order += (order.empty() ? "" : " ") + label->second;
    return order;
}

void Player::expect_message(Line const& line)
{
    auto const id = message(line.word(1));
    auto const row = world.store.read([&](store::Reading& reading) { return *store::find_message(reading, id); });
    auto const& what = line.word(2);
    if (what == "in")
        return match_ticket(line.word(3), row.ticket);
    if (what == "text")
        return same("the text", row.text, expanded(line.text));
    if (what == "deleted")
        return same("deleted", row.deleted_at ? "yes" : "no", "yes");
    if (what == "late")
        return same("late", row.late ? "yes" : "no", "yes");
    if (what == "reaction") {
        auto const reactions = world.store.read([&](store::Reading& reading) { return store::reactions_of(reading, id); });
        std::string all;
        for (auto const& reaction : reactions)
            all += reaction.emoji;
        return same("the reaction", all.empty() ? "none" : all, line.word(3));
    }
    if (what == "moved") {
        auto const all = world.store.read([&](store::Reading& reading) { return store::placements_of(reading, id); });
        return same("the latest placement's rule", all.empty() ? "" : all.back().rule, line.word(3));
    }
    throw std::runtime_error{"nothing is known about a message's " + what};
}

void Player::expect_customer(Line const& line, Customer const& customer)
{
    auto const contact = world.store.read([&](store::Reading& reading) { return *store::find_contact(reading, contact_of(customer)); });
    auto const& what = line.word(2);
    if (what == "language")
        same("the language", contact.language.value_or("default"), line.word(3));
    else if (what == "stopped")
        same("stopped", contact.stopped_at ? "yes" : "no", line.word(3));
    else if (what == "flagged")
        same("flagged", contact.flagged.empty() ? "no" : contact.flagged, line.word(3));
    else if (what == "answered")
        same("where answers go", world.store.read([&](store::Reading& reading) {
            return store::conversations_of(reading, contact.id).front().address.value;
        }), line.word(3));
    else
        throw std::runtime_error{"nothing is known about a customer's " + what};
}

void Player::expect_own_message(Line const& line, MessageId id)
{
    auto const& what = line.word(2);
    if (what == "state")
        return same("the delivery", world.store.read([&](store::Reading& reading) { return store::delivery_of(reading, id); }), line.word(3));
    if (what == "in" || what == "reaction" || what == "text")
        return expect_message(line);
    if (what != "rows")
        throw std::runtime_error{"nothing is known about our message's " + what};
    auto const row = world.store.read([&](store::Reading& reading) { return *store::find_message(reading, id); });
    auto const content = parse_content(row.details);
    auto const rows = content ? (content->list ? content->list->rows.size() : content->buttons.size()) : 0;
    same("the number of rows", std::to_string(rows), line.word(3));
}

} // namespace deskbridge::test
