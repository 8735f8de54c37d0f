#pragma once

#include "line_file.hpp"

#include "deskbridge/core/time.hpp"

#include <chrono>
#include <compare>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace deskbridge::simulator::telegram {

/// Somebody with the app. `user` is the `User` object that the bot gets.
struct Person {
    Json user = Json::object();
    bool started{false}; ///< has written to the bot, which may write back
    bool blocked{false};
    [[nodiscard]] std::int64_t id() const { return int_at(user, {"id"}).value_or(0); }
};

/// A group that the bot is, or was, in. `chat` is the `Chat` object that the bot gets.
struct Group {
    Json chat = Json::object();
    bool bot_in{true};
    std::int64_t moved_to{0};        ///< it has become this supergroup
    std::set<std::int64_t> topics{}; ///< of a forum, by message_thread_id
    [[nodiscard]] std::int64_t id() const { return int_at(chat, {"id"}).value_or(0); }
};

/// The bot's connection to the account of somebody who does business, in whose chats it may read and perhaps answer.
/// Source: core.telegram.org/bots/api#businessconnection (Bot API 10.1, 2026-11).
struct Connection {
    std::string id;
    std::int64_t owner{0};
    bool can_reply{true};
    bool is_enabled{true};
    Timestamp since{};
};

/// Where messages are numbered and kept: a chat with the bot or a group, or one with a business account.
struct Room {
    Room(std::int64_t id, std::string through = {}) : chat{id}, connection{std::move(through)} {}
    std::int64_t chat;
    std::string connection; ///< empty: the bot's own
    friend auto operator<=>(Room const&, Room const&) = default;
};

/// A file that was sent, in one of the forms in which it can be had. Its bytes are in the state folder under `stored`.
struct File {
    std::string id;
    std::string stored;
    std::string path; ///< as getFile tells it
    std::string name;
    std::string mime_type;
    std::uint64_t size{0};
};

/// A button that somebody tapped.
struct Tap {
    std::string id;
    Timestamp at{};
    bool answered{false};
};

/// An update that nobody has taken yet.
struct Update {
    std::int64_t id{0};
    std::string kind;    ///< "message", "callback_query", …
    Json node;           ///< what it carries
    std::int64_t lane{0}; ///< the chat it is about: one at a time of each
    Timestamp at{};
};

/// Where setWebhook has updates delivered. `url` empty: nowhere, they are fetched.
struct Webhook {
    std::string url{};
    std::string secret_token{};
    std::int64_t connections{40};
};

/// People, groups, messages, files and updates of one bot. Every change is appended to a file of JSON lines, and applied from
/// there alike when it is opened again.
/// Threads: the reactor.
class Book {
public:
    /// Errors: storage.
    [[nodiscard]] Result<void> open(std::filesystem::path const& path, bool sync);
    [[nodiscard]] bool healthy() const noexcept { return file_ && file_->healthy(); }

    void save(Person const& person);
    void save(Group const& group);
    void save(Connection const& connection);
    void save(File const& file);
    void save(Tap const& tap);
    void save(Webhook const& webhook);
    /// A message in the provider's shape, new or changed.
    void save_message(Json const& message);
    void remove_message(Room const& room, std::int64_t id);
    void add(Update const& update);
    void drop_update(std::int64_t id);
    /// Which kinds are made into updates from now on; empty: the usual ones.
    void allow(Json const& kinds);
    void set_clock_offset(std::chrono::milliseconds offset);

    [[nodiscard]] Person const* find_person(std::int64_t id) const;
    [[nodiscard]] Group const* find_group(std::int64_t id) const;
    [[nodiscard]] Connection const* find_connection(std::string const& id) const;
    [[nodiscard]] File const* find_file(std::string const& id) const;
    [[nodiscard]] File const* find_file_at(std::string const& path) const;
    [[nodiscard]] Tap const* find_tap(std::string const& id) const;
    [[nodiscard]] Json const* find_message(Room const& room, std::int64_t id) const;
    /// The `Chat` object of a group, or of the private chat with a person; null: there is none.
    [[nodiscard]] Json chat(std::int64_t id) const;
    [[nodiscard]] Json messages_of(Room const& room) const;
    [[nodiscard]] std::map<std::int64_t, Person> const& people() const noexcept { return people_; }
    [[nodiscard]] std::map<std::int64_t, Group> const& groups() const noexcept { return groups_; }
    [[nodiscard]] std::map<std::string, Connection> const& connections() const noexcept { return connections_; }
    [[nodiscard]] std::deque<Update> const& updates() const noexcept { return updates_; }
    [[nodiscard]] Webhook const& webhook() const noexcept { return webhook_; }
    [[nodiscard]] Json const& allowed() const noexcept { return allowed_; }
    [[nodiscard]] std::chrono::milliseconds clock_offset() const noexcept { return clock_offset_; }

    /// Messages are counted in each supergroup and in each business account by itself, in all other chats together.
    [[nodiscard]] std::int64_t next_message_id(Room const& room) const;
    [[nodiscard]] std::int64_t next_update_id() const;

private:
    void keep(Json change);
    void apply(Json const& change);
    void apply_update(Json const& change);

    std::optional<LineFile> file_;
    std::map<std::int64_t, Person> people_;
    std::map<std::int64_t, Group> groups_;
    std::map<std::string, Connection> connections_;
    std::map<std::string, File> files_;
    std::map<std::string, Tap> taps_;
    std::map<Room, std::map<std::int64_t, Json>> messages_;
    std::map<Room, std::int64_t> last_ids_; ///< by supergroup or business account; 0: everywhere else
    std::deque<Update> updates_;
    std::int64_t last_update_{0};
    Webhook webhook_;
    Json allowed_ = Json::array();
    std::chrono::milliseconds clock_offset_{0};
};

} // namespace deskbridge::simulator::telegram
