#include "reading.hpp"

#include "deskbridge/core/intent.hpp"
#include "deskbridge/core/text.hpp"

namespace deskbridge::acme {
namespace {

using channel::Json;

std::optional<Timestamp> time_at(Json const& node, std::string_view pointer)
{
    constexpr std::int64_t latest = 253402300799; // 9999-12-31
    auto const seconds = channel::loose_int_at(node, pointer);
    return seconds && *seconds >= 0 && *seconds <= latest ? std::optional{from_ms(*seconds * 1000)} : std::nullopt;
}

std::optional<EventBody> read_message(Json const& node, Timestamp received_at)
{
    auto id = channel::id_at(node, "/id");
    auto from = channel::phone_digits(channel::name_at(node, "/from"));
    if (id.empty() || from.empty())
        return std::nullopt;
    InboundMessage message;
    message.id = {std::move(id)};
    message.sender.addresses.push_back({"phone", std::move(from)});
    message.sent_at = time_at(node, "/at").value_or(received_at);
    message.text = channel::words_at(node, "/text");
    if (message.text.empty()) {
        message.kind = MessageKind::placeholder;
        message.text = "[Acme sent a message without a text. It cannot be shown here.]";
        message.details = channel::render_details(node);
    }
    return message;
}

std::optional<EventBody> read_receipt(Json const& node, Timestamp received_at)
{
    auto const status = parse_receipt_status(channel::name_at(node, "/status"));
    auto message = channel::id_at(node, "/message");
    if (!status || message.empty())
        return std::nullopt;
    Receipt receipt{{std::move(message)}, channel::id_at(node, "/reference"), *status, time_at(node, "/at").value_or(received_at), {}, {}};
    if (*status == ReceiptStatus::failed)
        receipt.errors.push_back({0, channel::words_at(node, "/reason"), {}});
    return receipt;
}

void read_event(std::string const& number, Json const& node, channel::Collector& into)
{
    auto const type = channel::name_at(node, "/type");
    auto body = type == "receipt" ? read_receipt(node, into.received_at()) : read_message(node, into.received_at());
    if (body && type == "receipt")
        into.add(number, "receipt:" + channel::name_at(node, "/status") + ":" + channel::id_at(node, "/message"), std::move(*body));
    else if (body)
        into.add(number, "message:" + channel::id_at(node, "/id"), std::move(*body));
    else
        into.unreadable(number, node, type == "receipt" ? "a receipt without message or status" : "a message without id or sender");
}

} // namespace

Result<channel::Intake> read_webhook(channel::Hook const& hook, std::string_view body, Timestamp received_at)
{
    constexpr channel::JsonLimits limits{.cut_deeper = true};
    auto const doc = channel::read_json(body, limits);
    if (!doc)
        return doc.error();
    auto const* events = channel::array_at(*doc, "/events");
    if (events == nullptr)
        return Error{Fault::malformed, "no list of events"};
    auto const number = channel::phone_digits(channel::name_at(*doc, "/number"));
    channel::Collector collector{hook, received_at};
    for (auto const& event : *events)
        read_event(number, event, collector);
    return std::move(collector).finish();
}

} // namespace deskbridge::acme
