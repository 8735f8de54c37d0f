#include "telegram/bot_api.hpp"

#include "deskbridge/net/http_client.hpp"

#include <algorithm>
#include <array>

namespace deskbridge::simulator::telegram {

using namespace std::chrono_literals;

namespace {

bool is_secret(std::string_view text)
{
    constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    return text.find_first_not_of(allowed) == std::string_view::npos;
}

/// On this machine plain http and any port will do, as on a Bot API server of one's own in its local mode.
std::optional<BotError> objection_to_hook(std::string const& url)
{
    auto const origin = net::origin_of(url);
    if (!origin)
        return bad_request("bad webhook: Invalid URL specified");
    bool const here = origin->host == "127.0.0.1" || origin->host == "::1" || origin->host == "localhost";
    if (!origin->tls && !here)
        return bad_request("bad webhook: An HTTPS URL must be provided for webhook");
    constexpr std::array<std::uint16_t, 4> open_ports{443, 80, 88, 8443};
    if (!here && std::find(open_ports.begin(), open_ports.end(), origin->port) == open_ports.end())
        return bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443");
    return std::nullopt;
}

} // namespace

Answer BotApi::tell_bot(Parameters const&)
{
    auto bot = world_.bot();
    bot["can_join_groups"] = true;
    bot["can_read_all_group_messages"] = false;
    bot["supports_inline_queries"] = false;
    bot["can_connect_to_business"] = true;
    bot["has_main_web_app"] = false;
    return Done{std::move(bot), {}};
}

Answer BotApi::set_webhook(Parameters const& parameters)
{
    auto const url = parameters.text("url").value_or("");
    if (url.empty())
        return delete_webhook(parameters);
    if (auto objection = objection_to_hook(url))
        return std::move(*objection);
    auto secret = parameters.text("secret_token").value_or("");
    if (secret.size() > 256)
        return bad_request("secret token is too long");
    if (!is_secret(secret))
        return bad_request("secret token contains unallowed characters");
    if (parameters.flag("drop_pending_updates"))
        (void)delete_webhook(parameters);
    auto const connections = std::clamp<std::int64_t>(parameters.integer("max_connections").value_or(40), 1, 100);
    Webhook const before = world_.book.webhook();
    world_.book.save(Webhook{url, secret, connections});
    take_allowed(world_.book, parameters);
    poster_.begin_anew();
    updates_.stop(); // a question that waits ends now
    bool const same = before.url == url && before.secret_token == secret;
    return Done{true, same ? "Webhook is already set" : "Webhook was set"};
}

Answer BotApi::delete_webhook(Parameters const& parameters)
{
    if (parameters.flag("drop_pending_updates")) {
        std::vector<std::int64_t> gone;
        for (auto const& update : world_.book.updates())
            gone.push_back(update.id);
        for (auto const id : gone)
            updates_.done(id, false);
    }
    bool const there = !world_.book.webhook().url.empty();
    world_.book.save(Webhook{});
    poster_.begin_anew();
    return Done{true, there ? "Webhook was deleted" : "Webhook is already deleted"};
}

Answer BotApi::tell_webhook(Parameters const&)
{
    return Done{poster_.info(), {}};
}

Answer BotApi::tell_chat(Parameters const& parameters)
{
    auto const place = find_place(parameters);
    if (auto const* error = std::get_if<BotError>(&place))
        return *error;
    return Done{std::get<Place>(place).chat, {}};
}

Answer BotApi::tell_file(Parameters const& parameters)
{
    constexpr std::uint64_t most = 20u << 20; // Source: core.telegram.org/bots/api#getfile (2026-11).
    auto const* file = world_.book.find_file(parameters.text("file_id").value_or(""));
    if (!file)
        return bad_request("invalid file_id");
    if (file->size > most)
        return bad_request("file is too big");
    std::erase_if(links_, [&](auto const& link) { return link.second <= world_.now(); });
    links_[file->path] = world_.now() + 1h;
    Json told{{"file_id", file->id}, {"file_unique_id", file->id.substr(0, 12)}, {"file_size", file->size}, {"file_path", file->path}};
    return Done{std::move(told), {}};
}

Answer BotApi::answer_tap(Parameters const& parameters)
{
    constexpr std::size_t longest_text = 200; // Source: core.telegram.org/bots/api#answercallbackquery (2026-11).
    auto const* tap = world_.book.find_tap(parameters.text("callback_query_id").value_or(""));
    if (!tap || !is_fresh("callback_query", world_.now() - tap->at))
        return bad_request("query is too old and response timeout expired or query ID is invalid");
    if (utf16_length(parameters.text("text").value_or("")) > longest_text)
        return bad_request("MESSAGE_TOO_LONG");
    world_.book.save(Tap{tap->id, tap->at, true});
    return Done{};
}

Answer BotApi::show_action(Parameters const& parameters)
{
    auto const place = find_place(parameters);
    if (auto const* error = std::get_if<BotError>(&place))
        return *error;
    return parameters.text("action") ? Answer{Done{}} : bad_request("wrong parameter action in request");
}

Answer BotApi::mark_read(Parameters const& parameters)
{
    auto const place = find_place(parameters);
    if (auto const* error = std::get_if<BotError>(&place))
        return *error;
    auto const room = std::get<Place>(place).room();
    if (room.connection.empty())
        return bad_request("business connection not found");
    return world_.book.find_message(room, parameters.integer("message_id").value_or(0)) ? Answer{Done{}} : bad_request("message not found");
}

Answer BotApi::edit_text(Parameters const& parameters)
{
    auto const text = parameters.text("text").value_or("");
    if (auto objection = objection_to_text(text))
        return std::move(*objection);
    auto const markup = parameters.json("reply_markup");
    if (auto objection = objection_to_markup(markup))
        return std::move(*objection);
    auto const place = find_place(parameters);
    if (auto const* error = std::get_if<BotError>(&place))
        return *error;
    auto const room = std::get<Place>(place).room();
    auto const* found = world_.book.find_message(room, parameters.integer("message_id").value_or(0));
    if (!found)
        return bad_request("message to edit not found");
    auto const* const author = room.connection.empty() ? "from" : "sender_business_bot";
    if (int_at(*found, {author, "id"}) != bot_id_of(world_.token()) || !found->contains("text"))
        return bad_request("message can't be edited");
    auto message = *found;
    message["text"] = trimmed(text);
    message.erase("reply_markup");
    if (!markup.is_null())
        message["reply_markup"] = markup;
    if (message == *found)
        return bad_request("message is not modified: specified new message content and reply markup are exactly the same as a "
                           "current content and reply markup of the message");
    message["edit_date"] = world_.now_s();
    world_.book.save_message(message);
    return Done{std::move(message), {}};
}

Answer BotApi::delete_message(Parameters const& parameters)
{
    auto const place = find_place(parameters);
    if (auto const* error = std::get_if<BotError>(&place))
        return *error;
    auto const chat = std::get<Place>(place).room();
    auto const id = parameters.integer("message_id").value_or(0);
    auto const* found = world_.book.find_message(chat, id);
    if (!found)
        return bad_request("message to delete not found");
    if (world_.now_s() - int_at(*found, {"date"}).value_or(0) > 48 * 3600) // Source: core.telegram.org/bots/api#deletemessage (2026-11).
        return bad_request("message can't be deleted for everyone");
    world_.book.remove_message(chat, id);
    return Done{};
}

} // namespace deskbridge::simulator::telegram
