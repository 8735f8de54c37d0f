#include "statuses.hpp"

#include "signing.hpp"

#include <boost/asio/this_coro.hpp>

namespace deskbridge::simulator {

namespace asio = boost::asio;

namespace {

bool on_its_way(Message const& message)
{
    return message.from_business && !message.silent &&
           (message.status == Message::Status::accepted || message.status == Message::Status::sent);
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
    auto const* owner = world_.book.owner_of(message_id);
    if (owner && owner->online)
        step(message_id, Message::Status::delivered);
}

void Statuses::step(std::string const& message_id, Message::Status status)
{
    auto const before = world_.book.find_message(message_id)->status;
    world_.book.raise_status(message_id, status);
    auto const* message = world_.book.find_message(message_id);
    auto const* owner = world_.book.owner_of(message_id);
    if (message->status == before)
        return;
    std::optional<LateError> error;
    if (status == Message::Status::failed)
        error = LateError{static_cast<int>(int_at(message->error, {"code"}).value_or(131000)),
                          text_at(message->error, {"details"}).value_or("")};
    if (world_.receipts.dice.chance(world_.receipts.foreign)) {
        auto stranger = *message;
        stranger.id = new_message_id();
        stranger.callback_data.clear();
        world_.emitter.emit(status_update(*owner, stranger, status, error, world_.now()));
    }
    if (before == Message::Status::accepted && world_.receipts.dice.chance(world_.receipts.lost))
        world_.receipts.silent.insert(message_id);
    tell(message_id, status, status_update(*owner, *message, status, error, world_.now()));
}

void Statuses::tell(std::string const& message_id, Message::Status status, Update update)
{
    auto& receipts = world_.receipts;
    if (receipts.silent.contains(message_id))
        return;
    if (status == Message::Status::sent && receipts.dice.chance(receipts.reversed)) {
        receipts.held_back.insert_or_assign(message_id, std::move(update));
        return;
    }
    world_.emitter.emit(std::move(update));
    if (auto const earlier = receipts.held_back.extract(message_id))
        world_.emitter.emit(std::move(earlier.mapped()));
}

void Statuses::opened(std::string const& customer_id)
{
    auto const* customer = world_.book.find_customer(customer_id);
    std::vector<std::string> unread;
    for (auto const& message : customer->messages)
        if (message.from_business && message.status == Message::Status::delivered)
            unread.push_back(message.id);
    for (auto const& id : unread)
        step(id, Message::Status::read);
}

void Statuses::came_online(std::string const& customer_id)
{
    auto const* customer = world_.book.find_customer(customer_id);
    std::vector<std::string> waiting;
    for (auto const& message : customer->messages)
        if (message.from_business && message.status == Message::Status::sent)
            waiting.push_back(message.id);
    for (auto const& id : waiting)
        step(id, Message::Status::delivered);
}

Result<Json> Statuses::force(Json const& order)
{
    auto const id = text_at(order, {"message_id"}).value_or("");
    auto const* message = world_.book.find_message(id);
    if (!message || !message->from_business)
        return Error{Fault::not_found, "no such message of the business"};
    auto const status = status_named(text_at(order, {"status"}).value_or(""));
    if (!status || *status == Message::Status::accepted)
        return Error{Fault::malformed, "status must be one of sent, delivered, read, failed"};
    std::optional<LateError> error;
    if (*status == Message::Status::failed)
        error = LateError{static_cast<int>(int_at(order, {"code"}).value_or(131000)), "Set through the control API."};
    world_.emitter.emit(status_update(*world_.book.owner_of(id), *message, *status, error, world_.now()));
    return to_json(*message);
}

void Statuses::resume()
{
    std::vector<std::string> half_way;
    for (auto const* customer : world_.book.customers())
        for (auto const& message : customer->messages)
            if (on_its_way(message))
                half_way.push_back(message.id);
    for (auto& id : half_way)
        follow(std::move(id));
}

} // namespace deskbridge::simulator
