#pragma once

#include "telegram/message_rules.hpp"
#include "telegram/poster.hpp"

#include "deskbridge/net/http_server.hpp"

namespace deskbridge::simulator::telegram {

/// The Bot API server as bots see it, below /telegram: every method that a help desk needs, each checked as there.
/// Source: core.telegram.org/bots/api (Bot API 10.1, 2026-11).
/// Threads: the reactor.
class BotApi {
public:
    BotApi(BotWorld& world, Updates& updates, Poster& poster) : world_{world}, updates_{updates}, poster_{poster} {}
    void add_routes(std::vector<net::Route>& routes);
    /// A call inside a webhook's answer: made once, and nobody hears how it went.
    void call_in_answer(Json const& call);

private:
    struct Place {
        Json chat;
        std::int64_t topic{0};
        std::string connection{}; ///< of a business account; empty: the bot's own chat
        [[nodiscard]] Room room() const { return {int_at(chat, {"id"}).value_or(0), connection}; }
    };
    using Method = Answer (BotApi::*)(Parameters const&);
    [[nodiscard]] static Method find_method(std::string_view name) noexcept;

    [[nodiscard]] boost::asio::awaitable<net::Reply> serve(net::Request& request);
    [[nodiscard]] boost::asio::awaitable<net::Reply> strike(BotFault const& fault, HttpResponse otherwise);
    [[nodiscard]] boost::asio::awaitable<Answer> answer(std::string const& method, Parameters const& parameters);
    [[nodiscard]] Answer call(std::string const& method, Parameters const& parameters);
    [[nodiscard]] std::optional<BotError> check_bot(std::string_view segment) const;
    void write_row(std::string_view via, std::string const& method, Json parameters, Answer const* came_to, BotFault const* fault);
    [[nodiscard]] net::Reply download(net::Request const& request);

    // One per method of the API.
    [[nodiscard]] Answer tell_bot(Parameters const& parameters);
    [[nodiscard]] Answer set_webhook(Parameters const& parameters);
    [[nodiscard]] Answer delete_webhook(Parameters const& parameters);
    [[nodiscard]] Answer tell_webhook(Parameters const& parameters);
    [[nodiscard]] Answer tell_chat(Parameters const& parameters);
    [[nodiscard]] Answer tell_file(Parameters const& parameters);
    [[nodiscard]] Answer answer_tap(Parameters const& parameters);
    [[nodiscard]] Answer show_action(Parameters const& parameters);
    [[nodiscard]] Answer mark_read(Parameters const& parameters);
    [[nodiscard]] Answer edit_text(Parameters const& parameters);
    [[nodiscard]] Answer delete_message(Parameters const& parameters);
    [[nodiscard]] Answer send_text(Parameters const& parameters);
    [[nodiscard]] Answer send_file(FileForm const& form, Parameters const& parameters);

    // Parts of sending.
    [[nodiscard]] std::variant<Place, BotError> find_place(Parameters const& parameters) const;
    [[nodiscard]] std::variant<Json, BotError> find_quoted(Parameters const& parameters, Room const& room) const;
    [[nodiscard]] std::variant<Place, BotError> find_business_place(std::string const& connection, Parameters const& parameters) const;
    [[nodiscard]] std::variant<Json, BotError> file_content(FileForm const& form, Parameters const& parameters);
    [[nodiscard]] Json content_of(FileForm const& form, File const& file);
    [[nodiscard]] bool wrote_lately(Room const& room) const;
    [[nodiscard]] Answer say(Parameters const& parameters, Json content);

    BotWorld& world_;
    Updates& updates_;
    Poster& poster_;
    std::map<std::string, Timestamp> links_; ///< paths that getFile told, and until when they lead somewhere
};

} // namespace deskbridge::simulator::telegram
