#pragma once

#include "deskbridge/desk/desk.hpp"
#include "deskbridge/store/event_log.hpp"
#include "support/fake_clock.hpp"
#include "support/temp_store.hpp"

#include <boost/asio/io_context.hpp>

#include <string>
#include <vector>

namespace deskbridge::test {

/// A channel whose messages hold twenty characters, with a reply window of a day.
class ShortAdapter final : public channel::Adapter {
public:
    std::string_view name() const noexcept override { return "short"; }
    channel::Capabilities capabilities(channel::Account const&) const override;
    std::vector<channel::Setting> settings() const override { return {}; }
    void identify(channel::Account&) const override {}
    std::optional<Address> address_of(std::string_view typed) const override { return Address{"number", std::string{typed}}; }
    std::optional<HttpResponse> handshake(channel::Hook const&, HttpRequest const&) const override { return std::nullopt; }
    bool plausible(HttpRequest const&) const override { return true; }
    bool authentic(channel::Hook const&, HttpRequest const&, Timestamp) const override { return true; }
    Result<channel::Intake> parse(channel::Hook const&, channel::VerifiedWebhook const&, Timestamp) const override;
    std::vector<OutboundContent> plan(OutboundContent const& content, channel::Capabilities const& can) const override;
    channel::SendStep next(channel::Account const&, channel::Delivery const&, std::span<HttpResponse const>) const override;
    std::optional<HttpRequest> read_mark(channel::Account const&, ExternalMessageId const&, bool) const override { return std::nullopt; }
    std::optional<HttpRequest> media_request(channel::Account const&, MediaReference const&) const override { return std::nullopt; }
};

/// A desk with two agents, one customer and one open conversation.
///
/// Agents: Ana Prado (administrator, Unix user ana), Ben (Unix user ben).
class Scene {
public:
    Scene();

    TicketId open_ticket(std::string const& subject, TicketStatus status = TicketStatus::new_);
    /// A customer's message on the ticket, now.
    MessageId customer_says(TicketId ticket, std::string const& text, ConversationId where = {});
    /// The same, come late: it stands behind `behind` on screen.
    MessageId customer_said(TicketId ticket, std::string const& text, MessageId behind);
    ConversationId other_conversation();

    /// As Ana, unless told otherwise.
    template <class Request>
    Result<typename Request::Answer> perform(Request request)
    {
        return perform_as(ana, std::move(request));
    }
    template <class Request>
    Result<typename Request::Answer> perform_as(desk::Caller const& caller, Request request);
    Result<desk::Caller> identify(std::string const& unix_user, bool root);

    [[nodiscard]] store::Ticket ticket(TicketId id);
    [[nodiscard]] std::vector<store::LoggedEvent> logged(EventSeq after);
    [[nodiscard]] int count(std::string_view type, EventSeq after);
    [[nodiscard]] std::string events(EventSeq after = {}); ///< types, separated by spaces
    [[nodiscard]] EventSeq now_in_log();
    /// What the customer will get, oldest first: "agent: hello", "notice solved: …".
    [[nodiscard]] std::vector<std::string> outbox();

    boost::asio::io_context io; // outlives the store
    TempStore store;
    FakeClock clock{from_ms(1'767'571'200'000)};
    channel::AccountContexts accounts;
    desk::Caller ana;
    desk::Caller ben;
    std::vector<AccountRest> rests;
    int rings{0};
    int settled{0};
    AccountId account{};
    ContactId contact{};
    ConversationId conversation{};

private:
    ShortAdapter adapter_;
    std::uint64_t dice_{0};
    std::unique_ptr<desk::Desk> desk_;
};

/// "#1042"
[[nodiscard]] std::string hash(TicketId id);

} // namespace deskbridge::test
