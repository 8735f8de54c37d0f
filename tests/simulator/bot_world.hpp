#pragma once

#include "simulator_world.hpp"

namespace deskbridge::test {

/// A simulator that plays a Telegram bot's server, and somebody who writes to the bot.
struct BotWorld : SimulatorWorld {
    /// @param with_number  WhatsApp's half too.
    explicit BotWorld(bool with_number = false);

    /// A call with the right token; the whole answer.
    Json call(std::string const& method, Json const& parameters = Json::object());
    /// Its result; fails the test if it is refused.
    Json result(std::string const& method, Json const& parameters = Json::object());
    /// "400 Bad Request: …" of one that must be refused; "" if it was not.
    std::string refusal(std::string const& method, Json const& parameters = Json::object());
    /// A call made otherwise than by POST and JSON; `path` begins behind the token.
    [[nodiscard]] HttpResponse raw(std::string const& method, std::string const& path, std::string body = {}, std::string type = {});
    /// The control API, below /sim/telegram.
    Json order(std::string const& path, Json const& order = Json::object());

    Json person(std::string const& name = "Ana");
    /// Answers the message.
    Json says(Json const& person, std::string const& text);
    /// All updates that wait, acknowledged.
    Json updates();
    /// The kinds of updates that were posted, in their order: "message callback_query".
    [[nodiscard]] std::string posted_kinds() const;
    /// The newest rows of the ledger of this kind.
    [[nodiscard]] std::vector<Json> rows(std::string const& kind);

    static constexpr char const* token = "7100200300:AAExampleToken_1";
};

[[nodiscard]] std::int64_t id_of(Json const& object, char const* member = "id");

} // namespace deskbridge::test
