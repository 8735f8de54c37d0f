#pragma once

#include "deskbridge/core/account_health.hpp"
#include "deskbridge/core/content.hpp"
#include "deskbridge/core/ids.hpp"
#include "deskbridge/core/message_template.hpp"
#include "deskbridge/core/outcome.hpp"
#include "deskbridge/core/price.hpp"
#include "deskbridge/core/reach.hpp"
#include "deskbridge/core/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace deskbridge {

/// What an inbound message is made of. Names are those in SQL, API and fixtures.
enum class MessageKind {
    text, image, audio, voice, video, document, sticker, location, contacts,
    button,   ///< a tap on a reply button or on a template's quick reply
    list,     ///< a row picked from a list
    flow,     ///< answers given in a form
    order,
    call,        ///< the customer called: a request for help that nobody takes here; it opens the reply window
    placeholder, ///< a kind we do not understand: visible, with a sentence that names it
};

/// "text", "image", …: the word in SQL, API and fixtures.
[[nodiscard]] std::string_view render_message_kind(MessageKind kind) noexcept;

/// Who wrote, as the channel knows them.
struct Sender {
    std::vector<Address> addresses; ///< strongest first; at least one
    std::string name;               ///< chosen by the customer, may be empty
    std::string username;           ///< display only, never an identity
    std::string country{};          ///< ISO 3166, where no address tells it but the channel does; only a first guess
};

/// A file that the channel keeps for us; fetched by its own job.
struct MediaReference {
    std::string external_id;
    std::string mime_type;
    std::string file_name; ///< as the customer's device named it; display text only
    std::string sha256;    ///< lower hex, empty if the channel did not say
    friend bool operator==(MediaReference const&, MediaReference const&) = default;
};

/// What brought a customer here: the advert or post from which they wrote. All of it is the provider's word, and may be empty.
struct Referral {
    std::string source_type; ///< ad, post
    std::string source_id;
    std::string source_url;
    std::string headline;
    std::string body;
    friend bool operator==(Referral const&, Referral const&) = default;
};

/// A message from a customer (or, in an `Echo`, from the business phone).
struct InboundMessage {
    ExternalMessageId id;
    Sender sender;
    std::string group; ///< the channel's group id; empty for a private chat
    Timestamp sent_at; ///< the provider's clock
    MessageKind kind{MessageKind::text};
    std::string text; ///< words as shown: body, caption, title of the tapped choice, a placeholder's sentence
    std::optional<ExternalMessageId> quoted;
    std::string choice_id; ///< payload of a button or row that somebody defined; empty if none
    std::vector<MediaReference> media;
    bool about_known_kind{false}; ///< a placeholder for a reaction, edit or deletion: never matter
    bool completes{false};        ///< how something ended that may have been told before: its words take the place of what was told
    bool opens_no_window{false};  ///< the channel does not let it open the reply window
    bool history{false};          ///< from before the account was connected: to be read, nobody's matter
    bool standby{false};          ///< another app of the number has the chat now: to be read, not to be answered
    std::optional<Referral> referral{};
    std::string details;          ///< JSON with what has no field here (location, contacts, order); may be empty
};

/// A reaction set (`emoji`) or removed (empty).
struct Reaction {
    ExternalMessageId id;
    Sender sender;
    ExternalMessageId target;
    std::string emoji;
    Timestamp sent_at;
    bool from_business{false}; ///< set on the business's own phone; `sender` is then the customer of that chat
    std::string group{};       ///< the channel's group id; empty for a private chat
};

/// The customer changed (`text`) or deleted a message.
struct Revision {
    enum class Kind { edit, deletion };
    ExternalMessageId id;
    Sender sender;
    ExternalMessageId target;
    Kind kind{Kind::edit};
    std::string text; ///< new text or caption of an edit
    Timestamp sent_at;
    bool from_business{false}; ///< done on the business's own phone; `sender` is then the customer of that chat
    std::string group{};       ///< the channel's group id; empty for a private chat
    std::vector<MediaReference> media{}; ///< of an edit: the files that the message has now, where the channel tells them
};

/// What the provider says about a message of ours.
struct Receipt {
    ExternalMessageId message; ///< may be empty if the token came back
    std::string token; ///< our attempt's token if it came back, else empty
    ReceiptStatus status{ReceiptStatus::sent};
    Timestamp at;
    std::vector<ProviderError> errors; ///< with `failed`
    std::vector<Address> recipient;    ///< addresses named; may teach us an alias
    Refused::Because because{Refused::Because::message}; ///< with `failed`: the adapter's reading of the error
    bool worth_retry{false};           ///< with `failed`: a rate or a passing fault; a new attempt may succeed
    std::optional<Price> price{};      ///< if the provider tells it
    std::string template_status{};     ///< as in `Refused`
    NotSent::Slows slows{NotSent::Slows::intent}; ///< with `failed`: what else must wait, as in `NotSent`
    std::chrono::seconds asked{0};     ///< and how long from when it was told; 0: a moment
};

/// Typed on the business's own phone.
struct Echo {
    InboundMessage message;    ///< `sender` is the business
    std::vector<Address> to;   ///< the customer
};

/// One person's address was replaced by another, or their device keys changed (`current` empty); or a group got another id.
struct IdentityChange {
    ExternalMessageId id;
    std::vector<Address> previous;
    std::vector<Address> current;
    Timestamp at;
    std::string text; ///< the channel's sentence about it
    std::string group{};     ///< a group's id until now; empty: it is about a person
    std::string new_group{}; ///< and from now on
};

/// Something about the account, the chat or a template; recorded, no customer's matter.
struct ChannelNotice {
    std::string kind; ///< "request_welcome", "account_update", "user_preferences", …
    std::optional<Sender> sender;
    Timestamp at;
    std::string details; ///< JSON
    std::optional<TemplateChange> about_template{}; ///< what it changes about one of the account's templates
    std::optional<HealthNews> about_health{};       ///< what it says about how the account is
    std::optional<ReachNews> about_reach{};         ///< and about whether an address can be written to
    std::optional<bool> wants_marketing{};          ///< whether `sender` wants marketing messages from the account from now on
    bool opens_window{false};                       ///< `sender` did something that lets us write to them
};

using EventBody = std::variant<InboundMessage, Reaction, Revision, Receipt, Echo, IdentityChange, ChannelNotice>;

/// The normalised meaning of a part of a webhook.
struct InboundEvent {
    /// Which account of the hook it belongs to: its number in the channel's own words; empty: the hook's only account.
    /// A number that nobody configured is kept here too, and the event goes to the shelf.
    std::string account_number;
    /// Made by the adapter: equal for every delivery of the same event, different for different ones, per account.
    std::string key;
    EventBody body;
};

} // namespace deskbridge
