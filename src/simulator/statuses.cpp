#include "statuses.hpp"

#include "signing.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace deskbridge::simulator {

namespace asio = boost::asio;

namespace {

bool on_its_way(Message const& message)
{
    return message.from_business && !message.silent && message.held.empty() &&
           (message.status == Message::Status::accepted || message.status == Message::Status::sent);
}

/// Sent, and not yet with everybody.
bool is_underway(Message const& message)
{
    using enum Message::Status;
    bool const with_some = !message.group.empty() && (message.status == delivered || message.status == read);
    return message.from_business && (message.status == sent || with_some);
}

bool names_person(std::vector<std::string> const& ids, std::string const& id)
{
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

} // namespace

void Statuses::follow(std::string message_id)
{
    world_.tasks.spawn("message_status", run(std::move(message_id)));
}

asio::awaitable<void> Statuses::run(std::string message_id)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await world_.clock.sleep_until(world_.clock.now() + world_.options.sent_after);
    if (world_.stopping)
        co_return;
    auto const* message = world_.book.find_message(message_id);
    if (!message)
        co_return;
    if (!message->error.is_null()) {
        step(message_id, Message::Status::failed);
        co_return;
    }
    step(message_id, Message::Status::sent);
    co_await world_.clock.sleep_until(world_.clock.now() + world_.options.delivered_after);
    if (!world_.stopping)
        deliver(message_id);
}

void Statuses::tell_sent(std::string const& message_id)
{
    step(message_id, Message::Status::sent);
}

void Statuses::deliver(std::string const& message_id)
{
    auto const* message = world_.book.find_message(message_id);
    if (!message->group.empty()) {
        deliver_in_group(*message);
        return;
    }
    auto const* owner = world_.book.owner_of(message_id);
    if (owner->online && !owner->blocking.contains(message->number))
        step(message_id, Message::Status::delivered);
}

/// Each participant by themselves; the message is delivered with the first one.
void Statuses::deliver_in_group(Message const& message)
{
    auto const id = message.id;
    auto const* group = world_.book.find_group(message.group);
    auto reached = message.reached;
    std::vector<Person> fresh;
    for (auto const& participant : group->participants) {
        auto const* customer = world_.book.find_customer(participant);
        bool const had = names_person(reached, participant);
        if (!customer || had || !customer->online || customer->blocking.contains(group->number))
            continue;
        fresh.push_back(*customer);
        reached.push_back(participant);
    }
    if (fresh.empty())
        return;
    world_.book.change_message(id, Json{{"reached", reached}});
    world_.book.raise_status(id, Message::Status::delivered);
    auto const& number = world_.number_of(group->number);
    auto const* changed = world_.book.find_message(id);
    for (auto const& one : fresh) {
        auto const seen = world_.seen_by(number, one);
        world_.hooks.emit(group_status_update(number.number(), *changed, &seen, Message::Status::delivered, std::nullopt, world_.now()));
    }
}

Person Statuses::recipient_of(Message const& message) const
{
    auto const* owner = world_.book.owner_of(message.id);
    return owner ? world_.seen_by(world_.number_of(message.number), *owner) : Person{};
}

Update Statuses::update_of(Message const& message, Message::Status status, std::optional<LateError> const& error) const
{
    auto const number = world_.number_of(message.number).number();
    if (!message.group.empty())
        return group_status_update(number, message, nullptr, status, error, world_.now());
    return status_update(number, recipient_of(message), message, status, error, world_.now());
}

void Statuses::step(std::string const& message_id, Message::Status status)
{
    auto const before = world_.book.find_message(message_id)->status;
    world_.book.raise_status(message_id, status);
    auto const* message = world_.book.find_message(message_id);
    if (message->status == before)
        return;
    std::optional<LateError> error;
    if (status == Message::Status::failed)
        error = LateError{static_cast<int>(int_at(message->error, {"code"}).value_or(131000)),
                          text_at(message->error, {"details"}).value_or("")};
    auto const about = recipient_of(*message);
    if (world_.receipts.dice.chance(world_.receipts.foreign)) {
        auto stranger = *message;
        stranger.callback_data.clear();
        auto update = update_of(stranger, status, error);
        update.item["id"] = new_message_id();
        world_.tell(about, std::move(update));
    }
    if (before == Message::Status::accepted && world_.receipts.dice.chance(world_.receipts.lost))
        world_.receipts.silent.insert(message_id);
    tell(message_id, status, about, update_of(*message, status, error));
}

void Statuses::tell(std::string const& message_id, Message::Status status, Person const& about, Update update)
{
    auto& receipts = world_.receipts;
    if (receipts.silent.contains(message_id))
        return;
    if (status == Message::Status::sent && receipts.dice.chance(receipts.reversed)) {
        receipts.held_back.insert_or_assign(message_id, std::move(update));
        return;
    }
    world_.tell(about, std::move(update));
    if (auto const earlier = receipts.held_back.extract(message_id))
        world_.tell(about, std::move(earlier.mapped()));
}

void Statuses::opened(std::string const& customer_id, std::string const& number)
{
    auto const* customer = world_.book.find_customer(customer_id);
    std::vector<std::string> unread;
    for (auto const& message : customer->messages)
        if (message.from_business && message.number == number && message.status == Message::Status::delivered)
            unread.push_back(message.id);
    for (auto const& id : unread)
        step(id, Message::Status::read);
}

void Statuses::opened_group(std::string const& customer_id, std::string const& group_id)
{
    auto const* group = world_.book.find_group(group_id);
    auto const& number = world_.number_of(group->number);
    auto const reader = world_.seen_by(number, *world_.book.find_customer(customer_id));
    std::vector<std::string> unread;
    for (auto const& message : group->messages)
        if (names_person(message.reached, customer_id) && !names_person(message.read_by, customer_id))
            unread.push_back(message.id);
    for (auto const& id : unread) {
        auto readers = world_.book.find_message(id)->read_by;
        readers.push_back(customer_id);
        world_.book.change_message(id, Json{{"read_by", readers}});
        world_.book.raise_status(id, Message::Status::read);
        auto const* message = world_.book.find_message(id);
        world_.hooks.emit(group_status_update(number.number(), *message, &reader, Message::Status::read, std::nullopt, world_.now()));
    }
}

Result<Json> Statuses::play(std::string const& customer_id, std::string const& message_id)
{
    auto const* owner = world_.book.owner_of(message_id);
    auto const* message = world_.book.find_message(message_id);
    if (!owner || owner->id != customer_id)
        return Error{Fault::not_found, "no such message"};
    bool const arrived = message->status == Message::Status::delivered || message->status == Message::Status::read;
    if (!message->from_business || message->type != "audio" || !bool_at(message->content, {"voice"}).value_or(false) || !arrived)
        return Error{Fault::conflict, "not a voice message of the business that has arrived and was not played"};
    step(message_id, Message::Status::played);
    return to_json(*world_.book.find_message(message_id));
}

void Statuses::came_online(std::string const& customer_id)
{
    std::vector<std::string> waiting;
    auto const collect = [&](std::vector<Message> const& messages) {
        for (auto const& message : messages)
            if (is_underway(message))
                waiting.push_back(message.id);
    };
    collect(world_.book.find_customer(customer_id)->messages);
    for (auto const* group : world_.book.groups())
        if (group->participants.contains(customer_id))
            collect(group->messages);
    for (auto const& id : waiting)
        deliver(id);
}

Result<Json> Statuses::force(Json const& order)
{
    auto const id = text_at(order, {"message_id"}).value_or("");
    auto const* message = world_.book.find_message(id);
    if (!message || !message->from_business)
        return Error{Fault::not_found, "no such message of the business"};
    auto const status = status_named(text_at(order, {"status"}).value_or(""));
    if (!status || *status == Message::Status::accepted)
        return Error{Fault::malformed, "status must be one of sent, delivered, read, played, failed"};
    std::optional<LateError> error;
    if (*status == Message::Status::failed)
        error = LateError{static_cast<int>(int_at(order, {"code"}).value_or(131000)), "Set through the control API."};
    world_.tell(recipient_of(*message), update_of(*message, *status, error));
    return to_json(*message);
}

void Statuses::resume()
{
    std::vector<std::string> half_way;
    auto const collect = [&](std::vector<Message> const& messages) {
        for (auto const& message : messages)
            if (on_its_way(message))
                half_way.push_back(message.id);
    };
    for (auto const* customer : world_.book.customers())
        collect(customer->messages);
    for (auto const* group : world_.book.groups())
        collect(group->messages);
    for (auto& id : half_way)
        follow(std::move(id));
}

} // namespace deskbridge::simulator
