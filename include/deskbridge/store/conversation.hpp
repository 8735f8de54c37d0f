#pragma once

#include "deskbridge/core/outcome.hpp"
#include "deskbridge/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::store {

/// The endless chat between one account and one contact, or one group.
struct Conversation {
    ConversationId id;
    AccountId account;
    ContactId contact;                     ///< 0: a group
    std::string group;                     ///< the channel's group id; empty: one contact
    Address address;                       ///< what the latest message came from: where answers go
    std::optional<Timestamp> window_from;  ///< min(provider time, receive time) of what opened the reply window last
    std::optional<Timestamp> window_opened_at; ///< nullopt: it is closed, and that has been told
    std::optional<Timestamp> window_told_at; ///< since then the customer was asked to write, or that was withheld
    std::optional<Timestamp> last_inbound; ///< receive time of the latest customer message
    Timestamp created_at;
    std::optional<std::int64_t> window_minute{}; ///< as its row has it: the store's own
};

[[nodiscard]] std::optional<Conversation> find_conversation(Reading& reading, ConversationId id);
[[nodiscard]] std::optional<Conversation> find_conversation(Reading& reading, AccountId account, ContactId contact);
[[nodiscard]] std::vector<Conversation> conversations_of(Reading& reading, ContactId contact);
[[nodiscard]] std::optional<Conversation> find_group_conversation(Reading& reading, AccountId account, std::string_view group);
[[nodiscard]] ConversationId insert_conversation(Tx& tx, AccountId account, ContactId contact, Timestamp now);
[[nodiscard]] ConversationId insert_group_conversation(Tx& tx, AccountId account, std::string_view group, Timestamp now);

/// The latest of our own times in it: of its newest messages, and of its tickets; nullopt: there is nothing yet.
[[nodiscard]] std::optional<Timestamp> latest_moment(Reading& reading, ConversationId id);

/// Where answers go from now on.
void set_address(Tx& tx, ConversationId id, Address const& address);
/// The window only moves forward; answers whether it did.
bool raise_window(Tx& tx, ConversationId id, Timestamp from);
/// It was closed, and is open now.
void open_window(Tx& tx, ConversationId id, Timestamp now);
void close_window(Tx& tx, ConversationId id);
/// The customer was asked to write before it closes, or that was withheld.
void note_window_told(Tx& tx, ConversationId id, Timestamp now);
void note_inbound(Tx& tx, ConversationId id, Timestamp received_at);
/// What a customer's message changes, in one row: address, window, `window_opened_at`, `window_told_at`, `last_inbound`.
/// Changes `window_minute` with them.
void save_inbound(Tx& tx, Conversation& conversation);
/// The chat belongs to `to` from now on. If `to` has one on the same account already, all messages, tickets, intents and
/// offers are poured into that one.
void give_conversation(Tx& tx, ConversationId id, ContactId to, Timestamp now);
/// The group's chat goes on under another id; if there is one under that already, everything is poured into it. Which it is;
/// nullopt: no such group.
std::optional<ConversationId> rename_group(Tx& tx, AccountId account, std::string_view group, std::string_view new_group);

} // namespace deskbridge::store
