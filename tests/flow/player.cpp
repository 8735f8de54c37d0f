#include "player.hpp"

#include "deskbridge/core/reference.hpp"
#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/outbox.hpp"

#include <algorithm>

namespace deskbridge::test {

using nlohmann::json;

void Player::play(std::vector<Line> const& lines)
{
    for (std::size_t i = 0; i < lines.size();) {
        auto const& line = lines[i];
        auto const kind = line.words.empty() ? std::string{} : line.words.front();
        auto end = i + 1;
        if (kind == "=" || kind == "<<")
            while (end < lines.size() && lines[end].is(0, kind))
                ++end;
        std::span<Line const> const group{lines.data() + i, end - i};
        auto const where = std::to_string(line.number) + ": " + line.whole + "\n    ";
        try {
            world.pass(line.after);
            if (kind == "=")
                expect_placed(group);
            else if (kind == "<<")
                expect_sent(group);
            else if (kind == "!")
                expect_state(line);
            else if (!kind.empty())
                act(line);
        } catch (Unmet const& unmet) {
            throw Unmet{where + unmet.what()};
        } catch (std::exception const& error) {
            throw std::runtime_error{where + error.what()};
        }
        i = end;
    }
    world.pass(std::chrono::minutes{2});
    if (auto const left = messages(true, told_); !left.empty())
        throw Unmet{"at the end: sent, but not expected: " + left.front().purpose + ' ' + label_of(left.front().ticket) + ' ' + left.front().text};
}

void Player::act(Line const& line)
{
    auto const& who = line.word(0);
    if (who == "customer")
        return set_up_customer(line);
    if (who == "policy")
        return set_policy(line);
    if (who == "agent")
        return agent_acts(line);
    if (who == "provider" || who == "redeliver" || who == "receipt" || who == "phone")
        return provider_acts(line);
    if (who == "clock")
        return world.clock.set(world.now() - parse_duration(line.word(2)));
    auto const customer = customers_.find(who);
    if (customer == customers_.end())
        throw std::runtime_error{"nobody is called " + who};
    customer_acts(line, customer->second);
}

void Player::set_up_customer(Line const& line)
{
    Customer customer;
    customer.name = line.word(1);
    customer.phone = line.word(2);
    customer.profile = line.option("name").value_or(customer.name);
    customer.user_id = line.option("id").value_or("XX." + customer.phone);
    if (line.option("hidden"))
        customer.phone.clear();
    customers_[customer.name] = customer;
}

void Player::set_policy(Line const& line)
{
    bool const sales = line.is(1, "sales");
    auto& policy = world.policy(sales ? "sales" : "support");
    auto const& key = line.word(sales ? 2 : 1);
    auto const& value = line.word(sales ? 3 : 2);
    auto const yes = value == "yes" || value == "on";
    if (key == "reopen_window")
        policy.reopen_window = value == "always" ? std::nullopt : std::optional{parse_duration(value)};
    else if (key == "within")
        policy.expect_answer_within = std::chrono::duration_cast<std::chrono::minutes>(parse_duration(value));
    else if (key == "cap")
        policy.automatic_per_hour = std::stoi(value);
    else if (key == "answers")
        policy.answers_per_hour = std::stoi(value);
    else if (key == "acknowledge")
        policy.acknowledge = yes;
    else if (key == "notices")
        policy.notices = {yes, yes, yes, yes};
    else if (key == "burst")
        policy.burst = parse_duration(value);
    else if (key == "brand")
        policy.brand = value;
    else if (key == "language")
        policy.default_language = value;
    else if (key == "template") {
        policy.window_template = value;
        policy.window_template_language = "en";
    } else if (key == "ack_template") {
        policy.acknowledgement_template = value;
        policy.acknowledgement_template_language = "en";
    } else
        throw std::runtime_error{"no such policy: " + key};
}

std::vector<store::Message> Player::messages(bool sent, MessageId after)
{
    return world.store.read([&](store::Reading& reading) {
        std::vector<MessageId> ids;
        {
            // What the business phone sent counts as what came in: it came by webhook.
            auto q = reading.prepare("SELECT message_id, direction = 'out' AND actor_kind <> 'phone_app' FROM message "
                                     "WHERE message_id > ?1 AND direction <> 'note' ORDER BY message_id");
            q.bind(1, after.value);
            while (q.step())
                if ((q.integer(1) != 0) == sent)
                    ids.push_back(q.id<MessageId>(0));
        }
        std::vector<store::Message> out;
        for (auto const id : ids)
            out.push_back(*store::find_message(reading, id));
        return out;
    });
}

store::Ticket Player::ticket(std::string const& label)
{
    auto const found = tickets_.find(label);
    if (found == tickets_.end())
        throw std::runtime_error{"no ticket is called " + label};
    return world.store.read([&](store::Reading& reading) { return *store::find_ticket(reading, found->second); });
}

std::string Player::label_of(TicketId id) const
{
    if (!id)
        return "-";
    for (auto const& [label, ticket] : tickets_)
        if (ticket == id)
            return label;
    return "(a ticket without a name)";
}

void Player::match_ticket(std::string const& label, TicketId id)
{
    if (label == "?")
        return;
    if (label != "-" && id && !tickets_.contains(label) && label_of(id).starts_with('('))
        tickets_[label] = id;
    auto const is = label_of(id);
    if (is != label)
        throw Unmet{"is about " + is + ", not " + label};
}

MessageId Player::message(std::string const& label)
{
    if (auto const own = own_.find(label); own != own_.end())
        return own->second;
    auto const id = world.store.read([&](store::Reading& reading) {
        for (auto const* account : {"support", "sales"})
            if (auto const found = store::find_message(reading, world.account(account).id, external_id(label)))
                return found->id;
        return MessageId{};
    });
    if (!id)
        throw Unmet{label + " is not in the store"};
    return id;
}

std::string Player::external_id(std::string const& label)
{
    if (auto const own = own_.find(label); own != own_.end())
        return world.store.read([&](store::Reading& reading) { return store::intents_of(reading, own->second).at(0).external_id; });
    auto const found = external_.find(label);
    return found == external_.end() ? "wamid." + label : found->second;
}

std::string Player::expanded(std::string text)
{
    for (auto const& [label, id] : tickets_) {
        auto const reference = ticket(label).reference;
        for (auto const& [mark, words] : {std::pair{"{" + label + "}", show_reference(reference)},
                                          std::pair{"{" + label + ":digits}", reference}})
            for (auto at = text.find(mark); at != text.npos; at = text.find(mark))
                text.replace(at, mark.size(), words);
    }
    return text;
}

ContactId Player::contact_of(Customer const& customer)
{
    auto const& scope = world.account().account.scope;
    auto const id = world.store.read([&](store::Reading& reading) { return store::find_holder(reading, scope, {"bsuid", customer.user_id}); });
    if (!id)
        throw Unmet{"there is no such contact"};
    return *id;
}

std::int64_t Player::count(std::string const& what)
{
    auto const* sql = what == "tickets"    ? "SELECT count(*) FROM ticket WHERE merged_into IS NULL"
                      : what == "contacts" ? "SELECT count(*) FROM contact WHERE merged_into IS NULL"
                      : what == "shelf"    ? "SELECT count(*) FROM shelf WHERE resolved_at_ms IS NULL"
                                           : "SELECT count(*) FROM conversation";
    return world.store.read([sql](store::Reading& reading) {
        auto q = reading.prepare(sql);
        return q.step() ? q.integer(0) : 0;
    });
}

std::string Player::story()
{
    std::string out;
    for (auto const& message : world.store.read([](store::Reading& reading) {
             std::vector<store::Message> all;
             for (std::int64_t id = 1; auto found = store::find_message(reading, MessageId{id}); ++id)
                 all.push_back(std::move(*found));
             return all;
         })) {
        out += "    " + std::to_string(message.id.value) + ' ' + std::string{store::render_direction(message.direction)} + ' ' +
               label_of(message.ticket) + ' ' + message.purpose + message.command + " \"" + message.text + "\"\n";
    }
    return out;
}

} // namespace deskbridge::test
