#pragma once

#include "deskbridge/channel/adapter.hpp"
#include "deskbridge/channel/json.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace deskbridge::test {

using channel::Json;

/// One file of channels/<channel>/fixtures/<direction>/. Format: schemas/json/fixture.schema.json.
struct Fixture {
    std::string channel;
    std::string name; ///< the file's name without ".json"
    Json doc;
};

/// Every channel's, in a stable order; read once, for a test case runs anew for each of its sections.
[[nodiscard]] std::vector<Fixture> const& inbound_fixtures();
[[nodiscard]] std::vector<Fixture> const& outbound_fixtures();

/// The accounts that a channel's fixtures are about, from channels/<channel>/fixtures/account.json.
class ChannelScene {
public:
    explicit ChannelScene(std::string const& channel);
    ChannelScene(ChannelScene const&) = delete;

    [[nodiscard]] channel::Adapter const& adapter() const noexcept { return *adapter_; }
    [[nodiscard]] channel::Hook hook() const;
    [[nodiscard]] channel::Account const& account() const noexcept { return accounts_.front(); }
    [[nodiscard]] std::vector<channel::Account> const& accounts() const noexcept { return accounts_; }
    [[nodiscard]] Timestamp received_at() const noexcept { return received_at_; }

    /// A webhook with these headers (the channel's usual ones if null) and this body; "${signature}" becomes its signature.
    [[nodiscard]] HttpRequest webhook(std::string body, Json const& headers = nullptr) const;
    /// The same as a stranger would send it: what proves that it is the channel's does not hold.
    [[nodiscard]] HttpRequest forged(HttpRequest request) const;

    /// Where an answer to the fixture inbound/text goes.
    [[nodiscard]] Address const& customer() const noexcept { return customer_; }

    /// What the channel has and has not, and how it signs: fixtures/conformance.json.
    [[nodiscard]] Json const& conformance() const noexcept { return conformance_; }
    [[nodiscard]] std::string const& signing_secret() const noexcept { return signing_secret_; }
    /// From now on every account has these instead of the signing secret; webhooks are still signed with that one.
    void rotate_secrets(std::vector<std::string> const& secrets);

private:
    channel::Adapter const* adapter_;
    std::vector<channel::Account> accounts_;
    Timestamp received_at_;
    Address customer_;
    Json usual_headers_;
    Json conformance_;
    std::string signing_key_name_;
    std::string signing_secret_;
};

/// The bodies that a fixture stands for: its "body" byte by byte, or its "json" both as plain UTF-8 and in the escaping
/// that Meta uses (every non-ASCII character as \uXXXX, every slash as \/).
[[nodiscard]] std::vector<std::string> bodies_of(Json const& webhook);

/// What `parse` made of a webhook: an array of events, or {"fault": "…"}.
[[nodiscard]] Json outcome_of(ChannelScene const& scene, HttpRequest const& request);

/// The signature of a request, as fixtures/conformance.json says that the channel makes it, without its prefix.
/// `headers`: those of the webhook, in which the signature itself is still to be filled in.
[[nodiscard]] std::string sign(Json const& how, std::string const& secret, Json const& headers, std::string const& body);

/// An event in the words of fixture.schema.json; what is empty is left out.
[[nodiscard]] Json render_event(InboundEvent const& event);
[[nodiscard]] Json render_outcome(Outcome const& outcome);

/// Where the channels are: channels/, unless DESKBRIDGE_TEST_CHANNELS names another folder.
[[nodiscard]] std::filesystem::path channels_folder();
[[nodiscard]] Json read_document(std::filesystem::path const& path);
/// One of an outbound fixture's `responses`.
[[nodiscard]] HttpResponse read_response(Json const& doc);
/// "user:6001"
[[nodiscard]] Address read_address(std::string const& text);
/// "intent", "pair", …; "" of what is none.
[[nodiscard]] std::string_view render_slows(NotSent::Slows slows);
/// An outbound fixture's "link", where its file can be fetched; nullopt: it has none.
[[nodiscard]] std::optional<channel::FileLink> read_link(Json const& doc);

} // namespace deskbridge::test
