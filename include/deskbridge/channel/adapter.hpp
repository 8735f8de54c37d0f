#pragma once

#include "deskbridge/channel/capabilities.hpp"
#include "deskbridge/channel/health.hpp"
#include "deskbridge/core/content.hpp"
#include "deskbridge/core/http.hpp"
#include "deskbridge/core/inbound.hpp"
#include "deskbridge/core/media.hpp"
#include "deskbridge/core/message_template.hpp"
#include "deskbridge/core/outcome.hpp"
#include "deskbridge/core/result.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::channel {

/// One configured set of credentials, as an adapter sees it.
struct Account {
    std::string name;    ///< the operator's name for it
    std::string number;  ///< the channel's own id of the business number or bot; unique per channel
    std::string scope;   ///< in which identities are unique (for WhatsApp the business portfolio)
    std::string country; ///< ISO 3166 code the number belongs to, if known
    std::map<std::string, std::string, std::less<>> settings;             ///< keys of `settings()` that are no secrets
    std::map<std::string, std::vector<std::string>, std::less<>> secrets; ///< one value, or two while one is rotated

    [[nodiscard]] std::string_view setting(std::string_view key) const noexcept;            ///< "" if absent
    [[nodiscard]] std::span<std::string const> secret(std::string_view key) const noexcept; ///< empty if absent
};

/// An outcome without these secrets in its words. Providers quote credentials back ("Malformed access token EAAG…"), and what
/// they say is stored, shown and logged.
[[nodiscard]] Outcome without_secrets(Outcome outcome, decltype(Account::secrets) const& secrets);
/// The same of a text.
[[nodiscard]] std::string without_secrets(std::string text, decltype(Account::secrets) const& secrets);

/// A public URL that receives webhooks, and the accounts behind it (one or several, same channel).
struct Hook {
    std::string name;
    std::vector<Account const*> accounts;
};

/// One key that the channel wants in `[[account]]`, as data: the configuration check is driven by it.
struct Setting {
    enum class Kind { text, digits, url, secret };
    std::string key;
    Kind kind{Kind::text};
    bool required{true};
    std::string meaning;      ///< one line for error messages and the example file
    std::string default_value{}; ///< used when absent and not required
    std::vector<std::string> words{}; ///< the only values, if there are any
    bool (*has_form)(std::string_view){nullptr}; ///< of a secret: could it be one? nullptr: any text could
};

/// A webhook whose signature held. `check` is the only way to get one, so nothing unsigned is ever parsed.
class VerifiedWebhook {
public:
    /// Errors: forbidden (not authentic).
    [[nodiscard]] static Result<VerifiedWebhook> check(class Adapter const& adapter, Hook const& hook, HttpRequest raw,
                                                       Timestamp received_at);
    /// A body out of the journal: its signature held when it came, by a secret that may have been rotated since.
    [[nodiscard]] static VerifiedWebhook from_journal(HttpRequest raw) { return VerifiedWebhook{std::move(raw)}; }
    [[nodiscard]] HttpRequest const& request() const noexcept { return raw_; }

private:
    explicit VerifiedWebhook(HttpRequest raw) : raw_{std::move(raw)} {}
    HttpRequest raw_;
};

/// `ChannelNotice::kind` of a part of a signed webhook that nobody can read: it belongs on the shelf, reason "unreadable".
/// (When nothing in a body can be read, `parse` answers Fault::malformed instead.)
inline constexpr std::string_view unreadable_notice = "unreadable";

/// What a webhook meant: events in payload order, and the body that the channel wants to read back.
struct Intake {
    std::vector<InboundEvent> events;
    std::string reply_body;
    std::string reply_type{"text/plain; charset=utf-8"}; ///< its Content-Type
};

/// A file within a request: its bytes stand between `HttpRequest::body` and `after`, and are read while they are sent.
struct StepFile {
    std::string sha256;      ///< names it in the media folder
    std::uint64_t size{0};   ///< bytes
    std::string after{};     ///< what ends the body
};

/// The next request towards a delivery.
struct Step {
    HttpRequest request;  ///< absolute URL
    bool delivers{true};  ///< false: it only prepares (an upload), losing its answer is harmless
    std::optional<StepFile> file{};
};
using SendStep = std::variant<Step, Outcome>;

/// Where the channel fetches a file of ours. `file_link.hpp` makes them.
struct FileLink {
    std::string url;
    Timestamp ends_at; ///< of no use from then on
};

/// One provider message on its way: what `next` needs besides the account.
struct Delivery {
    OutboundContent content;
    Address to;
    std::string group; ///< send to this group instead
    std::string token; ///< of this attempt; the provider echoes it
    Timestamp at{};    ///< when this attempt began, for signatures that say when: an adapter reads no clock
    std::string uploaded{}; ///< the provider's id of its file, if one was learnt that should still live; "": none
    std::optional<FileLink> link{}; ///< to its file, where `Capabilities::links_signed_with` says so
};

/// What an upload was answered with.
struct Uploaded {
    std::string id;               ///< names the file in messages of the same account
    std::chrono::seconds life{0}; ///< how long the provider promises to keep it
};

/// Where a file lies for the moment.
struct MediaLink {
    HttpRequest request;            ///< GET, absolute URL, with the credentials that its host wants
    std::vector<std::string> hosts; ///< the only ones where files may lie: "cdn.example.org", ".example.org" (all below it)
    bool loopback{false};           ///< the provider is played on this machine: its addresses and plain http are right
    std::string sha256{};           ///< lower hex; empty: the channel does not say
    std::optional<std::uint64_t> size{};
};

/// Why there is no link.
struct NoMediaLink {
    MediaProblem problem{};
    std::chrono::seconds asked{0}; ///< the provider's own wish (Retry-After)
};
using MediaStep = std::variant<HttpRequest, MediaLink, NoMediaLink>;

/// What an answer to `Adapter::poll` holds.
struct Polled {
    struct Item {
        HttpRequest webhook; ///< as the provider would have delivered it, with what proves it
        std::string cursor;  ///< asking from here on tells the provider that this one, and all before it, need not come again; empty: as it was
    };
    std::vector<Item> items;      ///< in their order
    std::string problem{};        ///< for the operator; empty: none
    std::chrono::seconds wait{0}; ///< before the next question; 0: as patience has it
};

/// What an answer to `Adapter::ask_templates` holds.
struct TemplatePage {
    std::vector<MessageTemplate> templates;
    std::string next{};           ///< cursor of the next question; empty: the list is complete, or there was a problem
    std::string problem{};        ///< for the operator; empty: none
    std::chrono::seconds wait{0}; ///< with a problem: before the next try; 0: as patience has it
};

/// Where a template wants to be told something.
struct TemplatePlace {
    std::string key;      ///< of `TemplateValues`
    bool required{true};
    bool body{false};     ///< among its words; else header, button, …
};

/// Translates one channel. Sans-I/O: opens no socket, reads no clock, touches no store, logs nothing.
/// Threads: every member is const and pure; any thread. `docs/adding-a-channel.md` walks through one.
class Adapter {
public:
    virtual ~Adapter() = default;

    [[nodiscard]] virtual std::string_view name() const noexcept = 0;
    [[nodiscard]] virtual Capabilities capabilities(Account const& account) const = 0;
    [[nodiscard]] virtual std::vector<Setting> settings() const = 0;
    /// Fills `number` and `scope` from the settings.
    virtual void identify(Account& account) const = 0;

    /// Does a webhook say which account it is for? If not, a hook is one account's alone: the configuration check sees to it.
    [[nodiscard]] virtual bool names_account() const noexcept { return true; }

    /// Where answers go: of the addresses that the latest inbound event named, the one to send to.
    /// @param addresses  strongest first, as in `Sender`; at least one.
    [[nodiscard]] virtual Address reply_address(std::vector<Address> const& addresses) const { return addresses.front(); }

    /// A number or the like as people write it, as an address; nullopt: it is none, or the channel's addresses cannot be typed.
    [[nodiscard]] virtual std::optional<Address> address_of(std::string_view /*typed*/) const { return std::nullopt; }

    /// The answer to a GET (or its kin) that proves the URL is ours; nullopt: not such a request (404).
    [[nodiscard]] virtual std::optional<HttpResponse> handshake(Hook const& hook, HttpRequest const& request) const = 0;

    /// Could this be authentic, judged by the header alone? False refuses before the body is read.
    [[nodiscard]] virtual bool plausible(HttpRequest const& head) const = 0;

    /// Is this really from the channel? Raw bytes only, constant time, any of the accounts' secrets.
    [[nodiscard]] virtual bool authentic(Hook const& hook, HttpRequest const& raw, Timestamp received_at) const = 0;

    /// Errors: malformed (not the channel's format at all), not_found (a webhook of another product, which no hook of ours
    /// is for): the whole body goes to the shelf. What is understood only in part becomes a placeholder or a ChannelNotice, never an error: one bad item must not lose its siblings.
    [[nodiscard]] virtual Result<Intake> parse(Hook const& hook, VerifiedWebhook const& webhook, Timestamp received_at) const = 0;

    /// The provider messages that `content` becomes, each within the channel's limits, each its own intent.
    [[nodiscard]] virtual std::vector<OutboundContent> plan(OutboundContent const& content, Capabilities const& can) const = 0;

    /// The next request to make, given every response so far, or the outcome. Same history, same step. Asked before the attempt is journalled:
    /// what *prepares* must not depend on the delivery's token, moment or address; what delivers is asked for anew if the journal says other ones.
    [[nodiscard]] virtual SendStep next(Account const& account, Delivery const& delivery,
                                        std::span<HttpResponse const> so_far) const = 0;

    /// What the answer to a preparing step with a file says that may be used again; nullopt: nothing.
    [[nodiscard]] virtual std::optional<Uploaded> uploaded(HttpResponse const&) const { return std::nullopt; }

    /// Marks a message as read, optionally showing that we type; nullopt if the channel has no such thing.
    [[nodiscard]] virtual std::optional<HttpRequest> read_mark(Account const& account, ExternalMessageId const& message,
                                                               bool typing) const = 0;

    /// How to ask for a file. nullopt: cannot be fetched.
    [[nodiscard]] virtual std::optional<HttpRequest> media_request(Account const& account, MediaReference const& media) const = 0;

    /// Asks for what has come since `cursor` ("": whatever the provider still has), waiting there for up to a minute;
    /// nullopt: cannot ask.
    [[nodiscard]] virtual std::optional<HttpRequest> poll(Account const&, std::string_view) const { return std::nullopt; }
    [[nodiscard]] virtual Polled polled(Account const&, HttpResponse const&) const { return {}; }
    /// What the answer to a fetched webhook asks of the provider, as a call: it has nobody to read it. Made once.
    [[nodiscard]] virtual std::optional<HttpRequest> act_on(Account const&, HttpResponse const&) const { return std::nullopt; }

    /// Asks for a page of the account's templates, from `cursor` on ("": the first). Where `Capabilities::templates` says that there
    /// are any. Errors: malformed (the account lacks something; `detail` names the setting).
    [[nodiscard]] virtual Result<HttpRequest> ask_templates(Account const&, std::string_view) const
    {
        return Error{Fault::malformed, "the channel has no templates"};
    }
    /// @param cursor  of the question that was answered.
    [[nodiscard]] virtual TemplatePage read_templates(Account const&, std::string_view, HttpResponse const&) const { return {}; }

    /// By which a customer comes to this ticket; "": the channel has no such links, or the account does not say what they need.
    [[nodiscard]] virtual std::string ticket_link(Account const&, [[maybe_unused]] std::string_view reference) const { return {}; }
    /// What it wants to be told, in the order in which people read it.
    [[nodiscard]] virtual std::vector<TemplatePlace> template_places(MessageTemplate const&) const { return {}; }
    /// A template with its places filled: what is sent, and in `text` what the customer sees. `one` is judged as it is listed, but
    /// for its status. Errors: malformed; `detail` is every mistake as a sentence for the agent.
    /// @param known   the customer's addresses as they are now, the one where they are answered first; empty: a group. What cannot go to
    ///                that one, but to another one that is known, says so in `to_kind`: which it is then is looked up when it goes.
    /// @param header  the file in the header, which becomes the content's; nullptr: it has none, or the values say where it lies.
    [[nodiscard]] virtual Result<OutboundContent> fill_template(MessageTemplate const&, TemplateValues const&, std::vector<Address> const& /*known*/,
                                                                OutboundFile const* /*header*/) const
    {
        return Error{Fault::malformed, "This channel has no templates."};
    }

    /// The next question to the provider about how the account is, given every answer so far; or what they say. Same history, same
    /// step. Where `Capabilities::health` says so.
    [[nodiscard]] virtual HealthStep check_health(Account const&, HealthContext const&, std::span<HttpResponse const>) const
    {
        return HealthReport{};
    }
    /// A call of our own hook as the provider makes it to verify it; nullopt: there is no such thing.
    /// @param word  random letters and digits, which must come back.
    [[nodiscard]] virtual std::optional<HookProbe> probe_hook(Account const&, std::string_view /*hook_url*/,
                                                              std::string_view /*word*/) const
    {
        return std::nullopt;
    }

    /// The next request on the way to a file's link, given every response so far: first `media_request`; or the link, or why
    /// there is none. Same history, same step.
    [[nodiscard]] virtual MediaStep media_step(Account const& account, MediaReference const& media,
                                               std::span<HttpResponse const> so_far) const
    {
        auto request = so_far.empty() ? media_request(account, media) : std::nullopt;
        if (request)
            return std::move(*request);
        return NoMediaLink{so_far.empty() ? MediaProblem::unsupported : MediaProblem::unreadable};
    }
};

} // namespace deskbridge::channel
