#include "customer_actions.hpp"

#include "field_payloads.hpp"
#include "signing.hpp"

#include <algorithm>

namespace deskbridge::simulator {

/// Every number with which the customer has a chat hears of it.
void CustomerActions::tell_all(Person const& before, Person const& after, TellChange make)
{
    auto const& written = world_.book.find_customer(after.id)->last_written;
    for (auto const& number : world_.numbers) {
        bool const first = &number == &world_.numbers.front();
        if (written.contains(number.own.phone_number_id) || (first && written.empty()))
            world_.tell(after, make(number.number(), world_.seen_by(number, before), world_.seen_by(number, after), world_.now()));
    }
}

Result<Json> CustomerActions::change_id(std::string const& customer_id, Json const& order)
{
    auto const* found = world_.book.find_customer(customer_id);
    if (!found)
        return Error{Fault::not_found, "no such customer"};
    Person const before = *found;
    auto after = before;
    after.user_id = invent_user_id(after.country);
    world_.book.save_customer(after);
    tell_all(before, after, text_at(order, {"by"}) == "user_id_update" ? changed_user_id_update : changed_id_update);
    return to_json(after);
}

Result<Json> CustomerActions::change_code(std::string const& customer_id, Json const&)
{
    auto const* found = world_.book.find_customer(customer_id);
    if (!found)
        return Error{Fault::not_found, "no such customer"};
    Person const same = *found;
    tell_all(same, same, changed_code_update);
    return to_json(same);
}

Result<Json> CustomerActions::change_number(std::string const& customer_id, Json const& order)
{
    auto const* found = world_.book.find_customer(customer_id);
    if (!found)
        return Error{Fault::not_found, "no such customer"};
    Person const before = *found;
    auto after = before;
    while (world_.book.find_phone(after.phone))
        after.phone = invent_phone(after.country);
    after.user_id = invent_user_id(after.country);
    world_.book.save_customer(after);
    tell_all(before, after, text_at(order, {"by"}) == "user_id_update" ? changed_user_id_update : changed_number_update);
    return to_json(after);
}

Result<Json> CustomerActions::call(std::string const& customer_id, Json const& order)
{
    auto const found = pair_of(customer_id, order);
    if (!found)
        return found.error();
    auto const seen = world_.seen_by(*found->number, *found->customer);
    auto const number = found->number->number();
    auto const duration = std::chrono::seconds{std::clamp<std::int64_t>(int_at(order, {"duration_s"}).value_or(20), 0, 86'400)};
    Message call;
    call.id = "wacid." + random_hex(16);
    call.number = number.phone_number_id;
    call.at = world_.now();
    call.type = "call";
    call.content = Json{{"duration_s", duration.count()}};
    call.status = Message::Status::delivered; // it is told by a field of its own
    bool const heard = !seen.blocked_by.contains(number.phone_number_id);
    world_.book.add_message(customer_id, call);
    if (heard) {
        world_.hooks.emit(call_update(number, seen, call.id, call.at, std::nullopt));
        world_.hooks.emit(call_update(number, seen, call.id, call.at + duration, duration));
    }
    return to_json(call);
}

Result<Json> CustomerActions::prefer(std::string const& customer_id, Json const& order)
{
    auto const found = pair_of(customer_id, order);
    if (!found)
        return found.error();
    auto const value = text_at(order, {"value"}).value_or("");
    if (value != "stop" && value != "resume")
        return Error{Fault::malformed, "value must be stop or resume"};
    Person person = *found->customer;
    auto const& number = *found->number;
    if (value == "stop")
        person.opted_out.insert(number.own.phone_number_id);
    else
        person.opted_out.erase(number.own.phone_number_id);
    world_.book.save_customer(person);
    world_.hooks.emit(preference_update(number.number(), world_.seen_by(number, person), value, world_.now()));
    return to_json(person);
}

Result<Json> CustomerActions::hand_over(std::string const& customer_id, Json const& order)
{
    auto const found = pair_of(customer_id, order);
    if (!found)
        return found.error();
    auto const owner = text_at(order, {"owner"}).value_or("");
    if (owner != "other" && owner != "own")
        return Error{Fault::malformed, "owner must be other or own"};
    Person person = *found->customer;
    auto const& number = *found->number;
    if (owner == "other")
        person.standby.insert(number.own.phone_number_id);
    else
        person.standby.erase(number.own.phone_number_id);
    world_.book.save_customer(person);
    world_.hooks.emit(handover_update(number.number(), world_.seen_by(number, person), owner == "other", world_.now()));
    return to_json(person);
}

} // namespace deskbridge::simulator
