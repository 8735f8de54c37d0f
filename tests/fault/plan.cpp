#include "plan.hpp"

#include "daemon.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace fault {
namespace {

std::string render_message(Event const& event)
{
    auto content = fmt::format(R"("type":"text","text":{{"body":"This is letter {}, \u00e9crit \/ \ud83d\udc4b"}})", event.id);
    if (event.what == Event::What::question)
        content = R"("type":"text","text":{"body":"status"})";
    if (event.what == Event::What::photo)
        content = fmt::format(R"("type":"image","image":{{"id":"photo-{}","mime_type":"image/jpeg"}})", event.id);
    return fmt::format(R"({{"from":"{}","id":"{}","timestamp":"{}",{}}})", customer_number(event.customer), event.id, event.at_s, content);
}

/// No dice for a shape without them: older seeds stay what they were.
Event::What choose(StormShape const& shape, std::mt19937_64& dice)
{
    if (shape.questions + shape.photos == 0)
        return Event::What::text;
    auto const share = std::uniform_real_distribution<double>{0, 1}(dice);
    if (share < shape.questions)
        return Event::What::question;
    return share < shape.questions + shape.photos ? Event::What::photo : Event::What::text;
}

std::string render_status(Event const& event)
{
    return fmt::format(R"({{"id":"{0}","status":"delivered","timestamp":"{1}","recipient_id":"{2}"}})",
                       event.id.substr(0, event.id.find(':')), event.at_s, customer_number(event.customer));
}

/// One change per customer at most, so that batches are mixed over customers as well as kinds.
std::string render_body(std::vector<Event> const& all, std::vector<int> const& chosen)
{
    std::string contacts;
    std::string messages;
    std::string statuses;
    for (int const index : chosen) {
        auto const& event = all[static_cast<std::size_t>(index)];
        auto& out = event.message ? messages : statuses;
        out += (out.empty() ? "" : ",") + (event.message ? render_message(event) : render_status(event));
        if (event.message)
            contacts += fmt::format(R"({}{{"profile":{{"name":"Customer {}"}},"wa_id":"{}"}})", contacts.empty() ? "" : ",",
                                    event.customer, customer_number(event.customer));
    }
    std::string value = fmt::format(
        R"("messaging_product":"whatsapp","metadata":{{"display_phone_number":"49301234567","phone_number_id":"{}"}})",
        Daemon::phone_number_id);
    if (!messages.empty())
        value += fmt::format(R"(,"contacts":[{}],"messages":[{}])", contacts, messages);
    if (!statuses.empty())
        value += fmt::format(R"(,"statuses":[{}])", statuses);
    return fmt::format(
        R"({{"object":"whatsapp_business_account","entry":[{{"id":"880011223344556","changes":[{{"field":"messages","value":{{{}}}}}]}}]}})",
        value);
}

std::vector<Event> make_events(StormShape const& shape, std::mt19937_64& dice)
{
    std::vector<Event> events;
    std::uniform_real_distribution<double> share{0, 1};
    for (int i = 0; i < shape.events; ++i) {
        Event event;
        // The first pass gives everybody one message, so that every customer has a ticket.
        event.customer = i < shape.customers ? i : static_cast<int>(dice() % static_cast<std::uint64_t>(shape.customers));
        event.message = i < shape.customers || share(dice) >= shape.statuses;
        if (i >= shape.customers && event.message)
            event.what = choose(shape, dice);
        event.at_s = shape.first_ms / 1000 + i / 40;
        event.id = fmt::format("wamid.storm{}x{}", shape.round, i);
        if (!event.message)
            event.id = fmt::format("wamid.foreign{}x{}:delivered", shape.round, i);
        events.push_back(std::move(event));
    }
    return events;
}

} // namespace

std::int64_t now_ms()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string customer_number(int customer)
{
    return fmt::format("49151{:08}", 10000000 + customer);
}

Storm plan_storm(StormShape const& shape)
{
    std::mt19937_64 dice{shape.seed};
    std::uniform_real_distribution<double> share{0, 1};
    Storm storm;
    storm.events = make_events(shape, dice);
    std::vector<int> order;
    for (int i = 0; i < shape.events; ++i)
        order.push_back(i);
    for (std::size_t i = 0; i + 1 < order.size(); ++i)
        if (share(dice) < shape.reordered)
            std::swap(order[i], order[std::min(order.size() - 1, i + 1 + dice() % 60)]);
    for (std::size_t i = 0; i < order.size();) {
        auto const size = share(dice) < 0.5 ? 1 : 1 + dice() % static_cast<std::uint64_t>(shape.largest_batch);
        Delivery delivery;
        for (std::size_t end = std::min(order.size(), i + size); i < end; ++i)
            delivery.events.push_back(order[i]);
        delivery.body = render_body(storm.events, delivery.events);
        storm.deliveries.push_back(delivery);
        if (share(dice) >= shape.duplicates)
            continue;
        // Again: at the same moment on another connection, or later and taken apart differently.
        if (share(dice) < 0.5) {
            storm.deliveries.push_back(delivery);
        } else {
            auto later = delivery;
            std::reverse(later.events.begin(), later.events.end());
            later.body = render_body(storm.events, later.events);
            auto const back = std::min<std::size_t>(storm.deliveries.size(), dice() % 30);
            storm.deliveries.insert(storm.deliveries.end() - static_cast<std::ptrdiff_t>(back), std::move(later));
        }
    }
    return storm;
}

} // namespace fault
