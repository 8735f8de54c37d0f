#include "graph_api.hpp"

#include "media_rules.hpp"
#include "signing.hpp"

namespace deskbridge::simulator {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr auto typing_lasts = 25s; // Source: Meta, WhatsApp Cloud API, "Typing indicators", read 2026-10.

Customer const* customer_of(Book const& book, Recipient const& recipient)
{
    switch (recipient.form) {
    case Recipient::Form::phone: return book.find_phone(recipient.value);
    case Recipient::Form::user_id:
    case Recipient::Form::user_id_as_phone: return book.find_user_id(recipient.value);
    }
    return nullptr;
}

Json accepted_body(Recipient const& recipient, std::string const& message_id)
{
    Json contact{{"input", recipient.input}};
    contact[recipient.form == Recipient::Form::user_id ? "user_id" : "wa_id"] = recipient.value;
    Json const message{{"id", message_id}};
    return Json{{"messaging_product", "whatsapp"},
                {"contacts", Json::array({contact})},
                {"messages", Json::array({message})}};
}

} // namespace

asio::awaitable<net::Reply> GraphApi::post_messages(net::Request& request)
{
    auto const mishap = world_.mishaps.next(request.http.body);
    Judged judged;
    if (!mishap || mishap->takes())
        judged = take(request);
    write_row(request, judged, mishap);
    if (mishap)
        co_return co_await strike(*mishap, std::move(judged.response));
    if (world_.emitter.chaos.early_status && !judged.message_id.empty() && world_.book.find_message(judged.message_id)) {
        statuses_.tell_sent(judged.message_id);
        co_await world_.clock.sleep_until(world_.clock.now() + 300ms);
    }
    co_return net::Reply{std::move(judged.response)};
}

GraphApi::Judged GraphApi::take(net::Request const& request)
{
    auto const refuse = [](GraphError const& error) { return Judged{error_response(error), error.code}; };
    if (auto const error = check_call(request))
        return refuse(*error);
    if (request.parameters[1] != world_.number.phone_number_id)
        return refuse({33, "Object with ID '" + request.parameters[1] + "' does not exist or cannot be loaded."});
    auto const reading = read_send(request.http.body);
    if (auto const* error = std::get_if<GraphError>(&reading))
        return refuse(*error);
    if (auto const* mark = std::get_if<MarkRead>(&reading))
        return take_mark(*mark);
    return take_message(std::get<SendRequest>(reading));
}

SendFacts GraphApi::facts_of(SendRequest const& send, Customer const* customer)
{
    auto const now = world_.now();
    auto const real_now = world_.clock.now(); // a shifted clock must not empty or fill the buckets
    SendFacts facts;
    facts.recipient_known = customer != nullptr;
    facts.recipient_is_sender = send.recipient.value == world_.number.display_phone_number;
    facts.window_open = customer && window_open(customer->last_written, now);
    facts.number_has_room = world_.throughput.has_room(real_now);
    facts.pair_has_room = !customer || world_.pair_bucket_of(customer->id).has_room(real_now);
    auto const as = send.type == "interactive" ? text_at(send.content, {"header", "type"}).value_or("") : send.type;
    for (auto const& id : media_ids_of(send)) {
        auto const* media = world_.book.find_media(id);
        facts.media_known = facts.media_known && media && media->expires > now;
        if (media && facts.media_objection.empty())
            facts.media_objection = objection_to_use(as, media->mime_type, media->size);
    }
    facts.refuse_unknown_media = world_.options.refuse_unknown_media;
    if (send.type == "template")
        facts.template_fault = check_template_use(world_.templates.named_by(send.content), send.content,
                                                  send.recipient.form == Recipient::Form::user_id);
    facts.refuse_closed_window = world_.options.refuse_closed_window;
    return facts;
}

GraphApi::Judged GraphApi::take_message(SendRequest const& send)
{
    auto const* customer = customer_of(world_.book, send.recipient);
    auto const verdict = judge_send(send, facts_of(send, customer));
    if (auto const* error = std::get_if<GraphError>(&verdict))
        return Judged{error_response(*error), error->code};
    auto const& taken = std::get<Taken>(verdict);
    auto const id = new_message_id();
    world_.throughput.take(world_.clock.now());
    if (customer) {
        world_.pair_bucket_of(customer->id).take(world_.clock.now());
        keep_message(*customer, send, taken, id);
    }
    return Judged{json_response(200, accepted_body(send.recipient, id)), std::nullopt, id};
}

void GraphApi::keep_message(Customer const& customer, SendRequest const& send, Taken const& taken, std::string const& id)
{
    auto const customer_id = customer.id;
    Message message;
    message.id = id;
    message.from_business = true;
    message.at = world_.now();
    message.type = send.type;
    message.content = send.content;
    if (send.type == "template")
        message.content["rendered_text"] = render_template(world_.templates.named_by(send.content), send.content);
    auto const* quoted = world_.book.find_message(send.quoted);
    if (quoted && world_.book.owner_of(send.quoted)->id == customer_id)
        message.quoted = send.quoted; // what is not of this chat goes without a bubble
    message.status = Message::Status::accepted;
    message.callback_data = send.callback_data;
    message.answered_to = send.recipient.value;
    message.silent = taken.silent;
    if (taken.fails)
        message.error = Json{{"code", taken.fails->code}, {"title", title_of(taken.fails->code)}, {"details", taken.fails->details}};
    world_.book.add_message(customer_id, message);
    world_.typing.erase(customer_id);
    world_.feed.publish("typing", Json{{"customer_id", customer_id}, {"until_ms", 0}});
    if (send.type == "reaction" && !taken.fails && !taken.silent)
        world_.book.change_message(text_at(send.content, {"message_id"}).value_or(""),
                                   Json{{"reaction_of_business", text_at(send.content, {"emoji"}).value_or("")}});
    if (!taken.silent)
        statuses_.follow(id);
}

GraphApi::Judged GraphApi::take_mark(MarkRead const& mark)
{
    auto const* owner = world_.book.owner_of(mark.message_id);
    auto const* message = world_.book.find_message(mark.message_id);
    if (!owner || message->from_business) {
        GraphError const error{131009, "Message ID " + mark.message_id + " is not one that a user sent to this number."};
        return Judged{error_response(error), error.code};
    }
    auto const customer_id = owner->id;
    std::vector<std::string> read;
    for (auto const& earlier : owner->messages)
        if (!earlier.from_business && earlier.at <= message->at && earlier.status != Message::Status::read)
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
