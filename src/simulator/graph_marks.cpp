#include "graph_api.hpp"

namespace deskbridge::simulator {

using namespace std::chrono_literals;

namespace {

constexpr auto typing_lasts = 25s; // Source: Meta, WhatsApp Cloud API, "Typing indicators", read 2026-10.

} // namespace

GraphApi::Judged GraphApi::take_mark(NumberState const& number, MarkRead const& mark)
{
    auto const* owner = world_.book.owner_of(mark.message_id);
    auto const* message = world_.book.find_message(mark.message_id);
    auto const& own = number.own.phone_number_id;
    if (!owner || message->from_business || message->number != own) { // there are no read marks in groups
        GraphError const error{131009, "Message ID " + mark.message_id + " is not one that a user sent to this number."};
        return Judged{error_response(error), error.code};
    }
    auto const customer_id = owner->id;
    std::vector<std::string> read;
    for (auto const& earlier : owner->messages)
        if (!earlier.from_business && earlier.number == own && earlier.at <= message->at && earlier.status != Message::Status::read)
            read.push_back(earlier.id);
    for (auto const& id : read)
        world_.book.raise_status(id, Message::Status::read);
    if (mark.typing) {
        auto const until = world_.clock.now() + typing_lasts;
        world_.typing[customer_id] = until;
        world_.feed.publish("typing", Json{{"customer_id", customer_id}, {"until_ms", to_ms(until)}});
    }
    return Judged{json_response(200, Json{{"success", true}})};
}

void GraphApi::write_row(net::Request const& request, Judged const& judged, std::optional<Mishap> const& mishap)
{
    Json row{{"method", request.http.method}, {"path", path_of(request.http.target)}};
    auto body = parse_json(request.http.body);
    row["body"] = body ? std::move(*body) : Json(request.http.body.substr(0, 2000));
    row["verdict"] = judged.message_id.empty() && judged.code ? "refused" : "taken";
    if (mishap) {
        row["mishap"] = name_of(mishap->kind);
        if (!mishap->takes())
            row["verdict"] = "not_taken";
    }
    if (judged.code)
        row["code"] = *judged.code;
    if (!judged.message_id.empty())
        row["message_id"] = judged.message_id;
    world_.log.debug("graph_request", {{"outcome", row["verdict"].get<std::string>()}, {"code", judged.code.value_or(0)}});
    world_.ledger.add("request", world_.clock.now(), std::move(row));
}

} // namespace deskbridge::simulator
