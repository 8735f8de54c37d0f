#include "message_node.hpp"

#include <algorithm>
#include <iterator>

namespace deskbridge::whatsapp {
namespace {

constexpr PersonPlaces thread_places{"/context/wa_id", "/context/user_id", "/context/parent_user_id"};

/// The thread is named by the customer's number; what else is known of them stands in its context.
Sender customer_of(Json const& thread, Change const& change)
{
    auto addresses = addresses_at(thread, thread_places);
    for (auto& address : addresses_at(thread, {"/id", {}, {}}))
        add_address(addresses, std::move(address));
    auto customer = change.people.complete(std::move(addresses));
    if (customer.username.empty())
        customer.username = name_at(thread, "/context/username");
    return customer;
}

std::string digits_of(std::string_view text)
{
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
    return digits;
}

/// Written on the business phone: it names somebody to whom it went, or the business's own number as its author.
bool by_business(Json const& item, Change const& change)
{
    auto const own = digits_of(name_at(change.value, "/metadata/display_phone_number"));
    return !name_at(item, "/to").empty() || (!own.empty() && digits_of(name_at(item, "/from")) == own);
}

/// What was said. The rest is recorded: a number that was changed last spring changes nobody's now, and edits and reactions are in the
/// messages as they stand, or came when they happened.
struct AsHistory {
    Json const& item;
    MessageNode const& node;
    EventBody operator()(InboundMessage message) const
    {
        message.history = true;
        return message;
    }
    EventBody operator()(Echo echo) const
    {
        echo.message.history = true;
        return echo;
    }
    template <class Other>
    EventBody operator()(Other const&) const
    {
        return ChannelNotice{"history", std::nullopt, node.at, render_details(item)};
    }
};

void read_item(Json const& item, Sender const& customer, Change const& change, Collector& into)
{
    auto id = message_id_at(item, "/id");
    if (!id) {
        into.unreadable(change.account_number, item, "a message of the history without id");
        return;
    }
    auto const key = "history:" + id->value;
    bool const echo = by_business(item, change);
    MessageNode const node{item, type_of(item), std::move(*id), customer, time_at(item, "/timestamp", into.received_at()), echo};
    auto body = read_message(node, change);
    // The same message as a placeholder and with its file are two events.
    auto const* const message = std::get_if<InboundMessage>(&body);
    bool const has_file = message != nullptr && !message->media.empty();
    if (echo)
        body = as_echo(std::move(body), {addresses_at(item, author_places), {}, {}});
    into.add(change.account_number, has_file ? key + ":file" : key, std::visit(AsHistory{item, node}, std::move(body)));
}

/// Messages beside the chats: what stood there as a placeholder, with its file.
void read_files(Json const& items, Change const& change, Collector& into)
{
    for (auto const& item : items) {
        auto const customer = party_of(item, by_business(item, change) ? recipient_places : author_places, items.size() == 1, change);
        if (customer.addresses.empty())
            into.unreadable(change.account_number, item, "a message of the history that names no customer");
        else
            read_item(item, customer, change, into);
    }
}

} // namespace

void read_history(Change const& change, Collector& into)
{
    if (auto const* items = channel::array_at(change.value, "/messages"))
        read_files(*items, change, into);
    auto const* chunks = channel::array_at(change.value, "/history");
    if (chunks == nullptr)
        return;
    for (auto const& chunk : *chunks) {
        auto const* threads = channel::array_at(chunk, "/threads");
        if (threads == nullptr)
            continue;
        for (auto const& thread : *threads) {
            auto const* items = channel::array_at(thread, "/messages");
            auto const customer = customer_of(thread, change);
            if (items == nullptr || items->empty())
                continue;
            if (customer.addresses.empty()) {
                into.unreadable(change.account_number, thread, "a chat of the history that names no customer");
                continue;
            }
            for (auto const& item : *items)
                read_item(item, customer, change, into);
        }
    }
}

} // namespace deskbridge::whatsapp
