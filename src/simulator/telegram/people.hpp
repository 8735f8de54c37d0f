#pragma once

#include "telegram/updates.hpp"

namespace deskbridge::simulator::telegram {

/// What people do in their apps, and what becomes of groups. Each action changes the chat, and tells the bot by an update.
///
/// Errors: not_found (person, group, message, button, file), malformed (the order), conflict (not now).
/// Source: core.telegram.org/bots/api#update, #message, #callbackquery, #chatmemberupdated (Bot API 10.1, 2026-11).
/// Threads: the reactor.
class People {
public:
    People(BotWorld& world, Updates& updates) : world_{world}, updates_{updates} {}

    /// `{first_name, last_name?, username?, language_code?, id?}`
    [[nodiscard]] Result<Json> create(Json const& order);
    /// `{text}` or `{file, as, caption?}`; `group?` and `topic?`, or `connection`, else to the bot; `reply_to?`, `ago_s?`. Through a
    /// connection it goes to the business account; or, with `to`, from its owner to that person.
    [[nodiscard]] Result<Json> write(std::int64_t person, Json const& order);
    /// `{message_id, text, group?}`: a caption, if that is what the message has.
    [[nodiscard]] Result<Json> edit(std::int64_t person, Json const& order);
    /// `{message_id, group?, connection?, to?}`: nobody tells the bot, but of a business account's chats.
    [[nodiscard]] Result<Json> remove(std::int64_t person, Json const& order);
    /// `{message_id, data, group?}`: a button of one of the bot's messages.
    [[nodiscard]] Result<Json> tap(std::int64_t person, Json const& order);
    /// `{message_id, emoji}`; empty: taken away. Told if the bot asked for `message_reaction`.
    [[nodiscard]] Result<Json> react(std::int64_t person, Json const& order);
    /// `{blocked}`: stops the bot, or lets it in again.
    [[nodiscard]] Result<Json> block(std::int64_t person, Json const& order);

    /// `{owner, can_reply?, id?}`: a person connects the bot to their business account.
    [[nodiscard]] Result<Json> connect(Json const& order);
    /// `{is_enabled?, can_reply?}`: the owner ends it, or lets the bot answer or not.
    [[nodiscard]] Result<Json> change_connection(std::string const& id, Json const& order);

    /// `{title, supergroup?, forum?, id?}`: a group with the bot in it.
    [[nodiscard]] Result<Json> create_group(Json const& order);
    /// `{name, id?}`: a topic of a forum.
    [[nodiscard]] Result<Json> open_topic(std::int64_t group, Json const& order);
    /// `{silent?}`: it becomes a supergroup and gets another id; silent: the bot learns it from the next refusal.
    [[nodiscard]] Result<Json> upgrade(std::int64_t group, Json const& order);
    /// `{bot_in}`: somebody throws the bot out, or takes it in again.
    [[nodiscard]] Result<Json> change_membership(std::int64_t group, Json const& order);

private:
    /// Where an order takes place.
    struct Scene {
        Person person;
        Json chat;
        Room room;
        std::int64_t topic{0};
        [[nodiscard]] bool with_bot() const { return room.connection.empty() && room.chat == person.id(); }
    };
    [[nodiscard]] Result<Scene> business_scene(Person const& person, std::string const& connection, Json const& order) const;
    void tell_connection(Connection const& connection);
    [[nodiscard]] Result<Scene> scene_of(std::int64_t person, Json const& order) const;
    [[nodiscard]] Result<Json> message_of(Scene const& scene, Json const& order) const;
    [[nodiscard]] Result<void> add_content(Json& message, Json const& order) const;
    void tell_membership(Json const& chat, Json const& by, std::string_view before, std::string_view after);
    void say_in(Json const& chat, Json const& fields);

    BotWorld& world_;
    Updates& updates_;
};

} // namespace deskbridge::simulator::telegram
