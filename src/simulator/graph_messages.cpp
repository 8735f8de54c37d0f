#include "graph_api.hpp"

#include "media_rules.hpp"
#include "price.hpp"
#include "signing.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

namespace deskbridge::simulator {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

Json accepted_body(Recipient const& recipient, std::string const& wa_id, std::string const& message_id)
{
    Json contact{{"input", recipient.input}};
    contact[recipient.form == Recipient::Form::user_id ? "user_id" : "wa_id"] = wa_id;
    Json message{{"id", message_id}};
    Json body{{"messaging_product", "whatsapp"}, {"contacts", Json::array({contact})}};
    if (recipient.form == Recipient::Form::group) {
        message["group_id"] = recipient.value;
        body.erase("contacts");
    }
    body["messages"] = Json::array({message});
    return body;
}

std::string head_of(std::filesystem::path const& file)
{
    std::ifstream in{file, std::ios::binary};
    std::string head(head_size, '\0');
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(in.gcount()));
    return head;
}

/// A send as a message of the chat, before anything is known of its fate.
Message message_of(SendRequest const& send, Taken const& taken)
{
    Message message;
    message.from_business = true;
    message.type = send.type;
    message.content = send.content;
    message.status = Message::Status::accepted;
    message.callback_data = send.callback_data;
    message.answered_to = send.recipient.value;
    message.silent = taken.silent;
    if (taken.fails)
        message.error = Json{{"code", taken.fails->code}, {"title", title_of(taken.fails->code)}, {"details", taken.fails->details}};
    return message;
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
    if (world_.chaos.early_status && !judged.message_id.empty() && world_.book.find_message(judged.message_id)) {
        statuses_.tell_sent(judged.message_id);
        co_await world_.clock.sleep_until(world_.clock.now() + 300ms);
    }
    co_return net::Reply{std::move(judged.response)};
}

GraphApi::Judged GraphApi::take(net::Request const& request)
{
    auto const refuse = [](GraphError const& error) { return Judged{error_response(error), error.code}; };
    auto const found = number_in(request);
    if (auto const* error = std::get_if<GraphError>(&found))
        return refuse(*error);
    auto& number = *std::get<NumberState*>(found);
    auto const reading = read_send(request.http.body);
    if (auto const* error = std::get_if<GraphError>(&reading))
        return refuse(*error);
    if (auto const* mark = std::get_if<MarkRead>(&reading))
        return take_mark(number, *mark);
    return take_message(number, std::get<SendRequest>(reading));
}

GraphApi::Chat GraphApi::chat_of(NumberState const& number, Recipient const& recipient) const
{
    switch (recipient.form) {
    case Recipient::Form::phone: return {world_.book.find_phone(recipient.value)};
    case Recipient::Form::user_id:
    case Recipient::Form::user_id_as_phone: return {world_.book.find_user_id(recipient.value, number.own.portfolio)};
    case Recipient::Form::group: return {nullptr, world_.book.find_group(recipient.value)};
    }
    return {};
}

void GraphApi::find_media_faults(NumberState const& number, SendRequest const& send, SendFacts& facts) const
{
    for (auto const& use : media_used_by(send)) {
        auto const* media = world_.book.find_media(use.id);
        bool const is_ours = media && (media->number.empty() || media->number == number.own.phone_number_id);
        facts.media_known = facts.media_known && is_ours && media->expires > world_.now();
        if (media && facts.media_objection.empty())
            facts.media_objection = objection_to_use(use.as, media->mime_type, media->size, head_of(world_.media_path(media->id)));
    }
    facts.refuse_unknown_media = world_.options.refuse_unknown_media;
}

SendFacts GraphApi::facts_of(NumberState const& number, SendRequest const& send, Chat const& chat)
{
    auto const real_now = world_.clock.now(); // a shifted clock must not empty or fill the buckets
    auto const& id = number.own.phone_number_id;
    auto const* const customer = chat.customer;
    SendFacts facts;
    facts.recipient_known = chat.id() != nullptr;
    facts.recipient_is_sender = send.recipient.value == number.own.display_phone_number;
    if (send.recipient.form == Recipient::Form::group)
        facts.group_open = chat.group && chat.group->number == id && !chat.group->suspended && !chat.group->deleted;
    if (customer) {
        facts.window_open = window_open(customer->written_to(id), world_.now());
        facts.recipient_blocked = customer->blocked_by.contains(id);
    } else {
        facts.window_open = chat.group && window_open(chat.group->last_written, world_.now());
    }
    facts.number_has_room = number.throughput.has_room(real_now);
    facts.pair_has_room = !chat.id() || world_.pair_bucket_of(id, *chat.id()).has_room(real_now);
    find_media_faults(number, send, facts);
    facts.refuse_closed_window = world_.options.refuse_closed_window;
    if (send.type != "template")
        return facts;
    auto const* used = world_.templates_of(number).named_by(send.content);
    facts.template_fault = check_template_use(used, send.content, send.recipient.form == Recipient::Form::user_id);
    bool const first = customer && !facts.window_open;
    facts.reach_has_room = !first || world_.reach_of(number).has_room(customer->id, number.account.reach(), world_.now());
    facts.opted_out = used && used->category == "MARKETING" && customer && customer->opted_out.contains(id);
    return facts;
}

Json GraphApi::price_now(NumberState const& number, SendRequest const& send, Chat const& chat)
{
    auto const now = world_.now();
    PriceFacts facts;
    facts.in_group = chat.group != nullptr;
    if (send.type == "template") {
        facts.category = world_.templates_of(number).named_by(send.content)->category;
        std::transform(facts.category.begin(), facts.category.end(), facts.category.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    }
    if (chat.customer)
        if (auto const entry = chat.customer->free_entries.find(number.own.phone_number_id); entry != chat.customer->free_entries.end())
            facts.free_until = entry->second.end_for(now);
    auto& used = world_.quota_used[{number.own.phone_number_id, month_of(now)}];
    facts.quota_left = used < world_.options.free_service_messages;
    auto price = price_of(facts, random_hex(16));
    used += uses_quota(price) ? 1 : 0;
    return price;
}

GraphApi::Judged GraphApi::take_message(NumberState& number, SendRequest const& send)
{
    auto const chat = chat_of(number, send.recipient);
    auto const facts = facts_of(number, send, chat);
    auto const verdict = judge_send(send, facts);
    if (auto const* error = std::get_if<GraphError>(&verdict))
        return Judged{error_response(*error), error->code};
    auto message = message_of(send, std::get<Taken>(verdict));
    auto const id = message.id = new_message_id();
    auto const wa_id = send.recipient.form == Recipient::Form::phone && chat.customer ? chat.customer->phone : send.recipient.value;
    message.initiated = chat.customer && send.type == "template" && !facts.window_open && message.error.is_null() && !message.silent;
    if (message.initiated)
        world_.reach_of(number).take(chat.customer->id, world_.now());
    number.throughput.take(world_.clock.now());
    if (chat.id()) {
        world_.pair_bucket_of(number.own.phone_number_id, *chat.id()).take(world_.clock.now());
        message.quoted = send.quoted;
        if (message.error.is_null() && !message.silent)
            message.price = price_now(number, send, chat);
        keep_message(number, chat, std::move(message));
    }
    auto body = accepted_body(send.recipient, wa_id, id);
    if (is_held(number, send))
        body["messages"][0]["message_status"] = "held_for_quality_assessment";
    return Judged{json_response(200, body), std::nullopt, id};
}

bool GraphApi::is_held(NumberState const& number, SendRequest const& send) const
{
    auto const* used = send.type == "template" ? world_.templates_of(number).named_by(send.content) : nullptr;
    return used && used->held;
}

void GraphApi::keep_message(NumberState const& number, Chat const& chat, Message message)
{
    auto const id = message.id;
    message.number = number.own.phone_number_id;
    message.at = world_.now();
    auto const* used = message.type == "template" ? world_.templates_of(number).named_by(message.content) : nullptr;
    if (message.type == "template")
        message.content["rendered_text"] = render_template(used, message.content);
    if (used && used->held)
        message.held = World::held_by(number, *used);
    auto const* quoted = world_.book.find_message(message.quoted);
    bool const here = quoted && (chat.group ? quoted->group == chat.group->id : world_.book.owner_of(message.quoted) == chat.customer);
    if (!here)
        message.quoted.clear(); // what is not of this chat goes without a bubble
    bool const reacts = message.type == "reaction" && message.error.is_null() && !message.silent;
    if (chat.group) {
        message.group = chat.group->id;
        world_.book.add_group_message(message);
    } else {
        auto const customer_id = chat.customer->id;
        world_.book.add_message(customer_id, message);
        world_.typing.erase(customer_id);
        world_.feed.publish("typing", Json{{"customer_id", customer_id}, {"until_ms", 0}});
    }
    if (reacts)
        world_.book.change_message(text_at(message.content, {"message_id"}).value_or(""),
                                   Json{{"reaction_of_business", text_at(message.content, {"emoji"}).value_or("")}});
    if (message.held.empty() && !message.silent)
        statuses_.follow(id);
}

} // namespace deskbridge::simulator
