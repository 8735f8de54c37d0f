#include "reading.hpp"


namespace deskbridge::whatsapp {
namespace {

constexpr std::string_view our_object = "whatsapp_business_account";

/// Of these the value is made of messages, echoes, statuses and the like, in any mix; every other field has a shape of its
/// own.
bool is_message_field(std::string_view field) noexcept
{
    return field == "messages" || field == "smb_message_echoes" || field == "message_echoes";
}

/// A change that lost its field's name is known by what it carries.
std::string field_of(Json const& change, Json const& value)
{
    auto field = name_at(change, "/field");
    if (!field.empty())
        return field;
    if (channel::node_at(value, "/messages") != nullptr || channel::node_at(value, "/statuses") != nullptr)
        return "messages";
    return channel::node_at(value, "/message_echoes") != nullptr ? "smb_message_echoes" : "";
}

void read_message_value(Change const& change, Collector& into)
{
    read_messages(change, into);
    read_echoes(change, into);
    read_statuses(change, into);
    read_account_parts(change, into);
}

void read_change(Json const& node, Json const& entry, Collector& into)
{
    auto const* value = channel::object_at(node, "/value");
    auto const field = value != nullptr ? field_of(node, *value) : std::string{};
    if (value == nullptr || field.empty()) {
        into.unreadable({}, node, "a change without field or value");
        return;
    }
    Change const change{*value,
                        field,
                        name_at(entry, "/id"),
                        name_at(entry, "/time"),
                        name_at(*value, "/metadata/phone_number_id"),
                        time_at(entry, "/time", into.received_at()),
                        People{channel::node_at(*value, "/contacts")}};
    if (is_message_field(field))
        read_message_value(change, into);
    else
        read_other_field(change, into);
}

void read_entry(Json const& entry, Collector& into)
{
    auto const* changes = channel::array_at(entry, "/changes");
    if (changes == nullptr) {
        into.unreadable({}, entry, "an entry without changes");
        return;
    }
    for (auto const& change : *changes)
        read_change(change, entry, into);
}

} // namespace

Result<channel::Intake> read_webhook(channel::Hook const& hook, std::string_view body, Timestamp received_at)
{
    auto const doc = channel::read_json(body, {.cut_deeper = true});
    if (!doc)
        return doc.error();
    if (!doc->is_object())
        return Error{Fault::malformed, "the body is not an object"};
    auto const object = channel::text_at(*doc, "/object");
    if (!object)
        return Error{Fault::malformed, "the body names no object"};
    if (*object != our_object)
        return Error{Fault::not_found, "the body is of another product (object)"};
    auto const* entries = channel::array_at(*doc, "/entry");
    if (entries == nullptr)
        return Error{Fault::malformed, "the body has no entries"};
    Collector collector{hook, received_at};
    for (auto const& entry : *entries)
        read_entry(entry, collector);
    return std::move(collector).finish();
}

} // namespace deskbridge::whatsapp
