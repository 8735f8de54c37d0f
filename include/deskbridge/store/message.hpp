#pragma once

#include "deskbridge/core/inbound.hpp"
#include "deskbridge/core/ticket.hpp"
#include "deskbridge/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::store {

enum class Direction { in, out, note };

/// One message of a conversation, in either direction, or an agent's note. `id` is the commit sequence.
struct Message {
    MessageId id;
    ConversationId conversation;
    TicketId ticket; ///< 0: the conversation only
    AccountId account;
    Direction direction{Direction::in};
    Actor actor{};
    std::string message_class;  ///< of `out`: agent, answer, notice; else empty
    std::string purpose;        ///< of automatic texts: acknowledgement, status, solved, choice, …
    std::string kind{"text"};   ///< render_message_kind
    std::string text;
    std::string details;        ///< JSON; empty if none
    std::string choice_id;
    std::optional<std::string> external_id;
    std::optional<std::string> quoted_external_id;
    MessageId quoted;           ///< ours, if we know it
    Timestamp provider_at;
    Timestamp received_at;
    bool matter{true};
    bool late{false};
    std::optional<std::int64_t> position{}; ///< of a late one: see core/timeline.hpp
    std::string command;
    std::optional<Timestamp> deleted_at;
    std::optional<Timestamp> edited_at;
    JournalId journal;
};

struct Revised {
    MessageId message;
    std::string kind; ///< edit, deletion
    std::string text; ///< of an edit
    Timestamp provider_at;
    Timestamp received_at;
};

/// An edit, deletion or reaction whose message has not come yet.
struct Parked {
    AccountId account;
    std::string target_external_id;
    std::string kind;  ///< edit, deletion, reaction
    std::string actor; ///< "customer", "phone_app"
    std::vector<Address> sender; ///< as the event named them; of "phone_app": the customer of that chat
    std::string group; ///< the group it came out of; empty: a private chat
    std::string text;  ///< new text, or emoji
    Timestamp provider_at;
    Timestamp received_at;
    JournalId journal;     ///< the body it came in; 0: none
    std::string event_key; ///< its row in inbound_event
};

struct StoredReaction {
    std::string actor; ///< "customer", "phone_app"; in a group "customer:7", the contact
    std::string emoji;
    Timestamp provider_at;
    std::string name{}; ///< that contact's
};

/// As much of a message as the rules of threading look at.
struct MessageGlance {
    MessageId id;
    TicketId ticket;
    Direction direction{Direction::in};
    ActorKind actor{ActorKind::customer};
    std::string purpose;
    std::string command;
    bool matter{true};
    Timestamp sent_at; ///< the provider's time as far as it is `believed`
};

/// A file of a message: of a customer's, or of ours. `recorded`: it waits to be fetched.
struct Media {
    std::int64_t id{0};
    MediaReference reference;
    std::string state{"recorded"}; ///< recorded, fetched (it is here; those of ours always are), failed, expired
    std::string reason{};          ///< why it is not here: render_media_problem
    std::string sha256{};          ///< of `fetched`: lower hex, names the file
    std::uint64_t size{0};
    std::string content_type{};    ///< what its bytes say that it is
    std::optional<Timestamp> next_at{}; ///< of `recorded`: when it is tried next
};

[[nodiscard]] std::string_view render_direction(Direction direction) noexcept;

/// Inserts every field but `id`. Errors: a second one with the same (account, external_id) throws.
[[nodiscard]] MessageId insert_message(Tx& tx, Message const& message);
[[nodiscard]] std::optional<Message> find_message(Reading& reading, MessageId id);
[[nodiscard]] std::optional<Message> find_message(Reading& reading, AccountId account, std::string_view external_id);
/// The message whose provider message this is: its own id, or one of the parts that an outbound message became.
[[nodiscard]] std::optional<MessageId> find_message_sent_as(Reading& reading, AccountId account, std::string_view external_id);

/// A ticket's messages and notes in commit sequence, after `after`, at most `limit`.
[[nodiscard]] std::vector<Message> messages_of(Reading& reading, TicketId ticket, MessageId after, int limit);
/// Customers' messages of the conversation from `first` on, oldest first.
[[nodiscard]] std::vector<Message> inbound_since(Reading& reading, ConversationId conversation, MessageId first, int limit);
/// A conversation's messages (no notes), newest first, at most `limit`.
[[nodiscard]] std::vector<MessageGlance> glance_back(Reading& reading, ConversationId conversation, int limit);
/// Customers' matter in the ticket, commands not counted, that came at or after `since`.
[[nodiscard]] int count_matter_since(Reading& reading, TicketId ticket, Timestamp since);
/// How many automatic texts were queued for a contact, over all its conversations.
struct AutomaticCount {
    int notices{0};
    int answers{0};
};
/// Since `since`.
[[nodiscard]] AutomaticCount automatic_since(Reading& reading, ContactId contact, Timestamp since);
/// Is an agent's message on this ticket queued or being sent?
[[nodiscard]] bool agent_on_the_way(Reading& reading, TicketId ticket);
/// Did somebody write on the business phone, on this ticket, at or after `since`?
[[nodiscard]] bool phone_app_wrote_since(Reading& reading, TicketId ticket, Timestamp since);
/// Does an agent's or the business phone's message stand in the conversation after `after`?
[[nodiscard]] bool agent_wrote_since(Reading& reading, ConversationId conversation, MessageId after);

/// Moves it to `ticket` (0: the conversation only). The reason goes to `insert_placement`.
void set_message_ticket(Tx& tx, MessageId id, TicketId ticket);

/// A copy that was only to be read, of a message that comes as itself now: it goes, with everything that hangs on it.
void forget_copy(Tx& tx, MessageId id);
/// What the history had no more of than a placeholder, as it was.
struct HistoryContent {
    MessageId message;
    std::string_view kind;
    std::string_view text;
    std::string_view details;
};
void fill_history(Tx& tx, HistoryContent const& content);
/// What was taken for a message of the business phone turned out to be `ours`: it leaves the timeline, what refers to it
/// refers to `ours`.
void absorb_echo(Tx& tx, MessageId echo, MessageId ours);

/// Replaces the text (a deletion leaves none) and keeps what was there as a version.
void revise_message(Tx& tx, Revised const& revised);
/// More was told of what the message is about: words and details take the place of what was told before.
void complete_message(Tx& tx, MessageId id, std::string_view text, std::string_view details);

/// The latest one per (target, kind, actor, sender, group) by provider time stays: nobody replaces what others said.
void park(Tx& tx, Parked const& parked);
/// Takes what waits for this message, oldest first.
[[nodiscard]] std::vector<Parked> take_parked(Tx& tx, AccountId account, std::string_view target_external_id);

/// Sets or (empty emoji) removes; an older one never replaces a newer one.
void set_reaction(Tx& tx, MessageId id, StoredReaction const& reaction);
/// Those that stand, in the order of their times.
[[nodiscard]] std::vector<StoredReaction> reactions_of(Reading& reading, MessageId id);
/// The actor of what this person says to a message of a group; the one that stands there already, if it is of a record merged into theirs.
[[nodiscard]] std::string reacting_as(Reading& reading, MessageId id, ContactId contact);

void insert_media(Tx& tx, MessageId id, int position, MediaReference const& reference, Timestamp next_at);
[[nodiscard]] std::vector<Media> media_of(Reading& reading, MessageId id);

} // namespace deskbridge::store
