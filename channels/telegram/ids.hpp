#pragma once

#include "deskbridge/channel/json.hpp"
#include "deskbridge/core/ids.hpp"
#include "deskbridge/core/inbound.hpp"
#include "deskbridge/core/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deskbridge::telegram {

using channel::Json;

/// How we name a message: Telegram counts them within a chat, and the chats of a business account apart from the bot's own.
/// "6001:17", or "<connection>:6001:17". Source: core.telegram.org/bots/api#message (Bot API 10.1, 2026-11).
struct MessageName {
    std::string connection; ///< id of the business connection; empty: the bot's own chats
    std::int64_t chat{0};
    std::int64_t message{0};
    friend bool operator==(MessageName const&, MessageName const&) = default;
};
[[nodiscard]] ExternalMessageId render_name(MessageName const& name);
[[nodiscard]] std::optional<MessageName> parse_name(std::string_view text);

/// A group, or one topic of a forum: "-1001234", "-1001234/45".
struct GroupName {
    std::int64_t chat{0};
    std::int64_t topic{0}; ///< 0: the group itself
};
[[nodiscard]] std::string render_group(GroupName const& group);
[[nodiscard]] std::optional<GroupName> parse_group(std::string_view text);

/// Where a person can be written to: "user:6001", or through a business account "business_chat:<connection>/6001".
inline constexpr std::string_view user_kind = "user";
inline constexpr std::string_view business_kind = "business_chat";
inline constexpr std::string_view chat_kind = "chat"; ///< a group or channel that speaks for itself; nobody writes to it in private

struct PrivateChat {
    std::string connection;
    std::int64_t chat{0};
};
[[nodiscard]] std::optional<PrivateChat> chat_of(Address const& address);

/// The chat that a message stands in.
struct Chat {
    std::string connection;
    std::int64_t id{0};
    std::string group; ///< as we name it; empty: a private chat
    bool channel{false};
};
/// Of a node with `chat`; nullopt if it names none.
[[nodiscard]] std::optional<Chat> chat_at(Json const& node);

/// An id, which is never 0. They have up to 52 bits, groups' are negative.
[[nodiscard]] std::optional<std::int64_t> id_at(Json const& node, std::string_view pointer);
/// A name that must fit into a key, not empty, at most 128 bytes; else "".
[[nodiscard]] std::string word_at(Json const& node, std::string_view pointer);
/// A text from outside, cleaned; "" if it is absent.
[[nodiscard]] std::string words_at(Json const& node, std::string_view pointer);
/// A name to be shown in a line: people choose them freely, so they hold anything.
[[nodiscard]] std::string shown_at(Json const& node, std::string_view pointer);
/// Unix seconds; `otherwise` if it is absent, before 2013 or after 2099.
[[nodiscard]] Timestamp time_at(Json const& node, std::string_view pointer, Timestamp otherwise);

/// The person in a `User` object, or in the `Chat` object of a private chat; no address if it names nobody.
[[nodiscard]] Sender person_of(Json const& user);
/// The customer of a private chat, who can also be written to through the business account if it is one of its chats.
[[nodiscard]] Sender customer_of(Chat const& chat, Json const& person);
/// Who wrote into a group: a person, or a group or channel in its own name.
[[nodiscard]] Sender author_of(Json const& message);

} // namespace deskbridge::telegram
