#pragma once

#include "deskbridge/channel/adapter.hpp"

namespace deskbridge::test {

/// A channel as small as can be: POST https://acme.test/send {"to","text","token","at","key"}; 200 {"id"} accepts.
///
/// Text that begins with "file:" is uploaded first, to https://files.acme.test/upload. A file is, too, as a form; 200 {"id"} takes it for
/// an hour, and the message then has "file"; 404 to that says that the id is none. 429 slows the account, 428 the
/// recipient, 401 is about credentials, 470 the closed window, 4xx refuses in the words of its body, everything else is unknown.
class AcmeAdapter final : public channel::Adapter {
public:
    channel::Capabilities can{.read_marks = true,
                              .receipts_prove = true,
                              .reply_window = {std::chrono::hours{24}},
                              .account_per_second = 20.0,
                              .pair_interval = std::chrono::seconds{6},
                              .pair_burst = 20};

    [[nodiscard]] std::string_view name() const noexcept override { return "acme"; }
    [[nodiscard]] channel::Capabilities capabilities(channel::Account const&) const override { return can; }
    [[nodiscard]] std::vector<channel::Setting> settings() const override { return {}; }
    void identify(channel::Account&) const override {}
    [[nodiscard]] std::optional<HttpResponse> handshake(channel::Hook const&, HttpRequest const&) const override { return {}; }
    [[nodiscard]] bool plausible(HttpRequest const&) const override { return true; }
    [[nodiscard]] bool authentic(channel::Hook const&, HttpRequest const&, Timestamp) const override { return true; }
    [[nodiscard]] Result<channel::Intake> parse(channel::Hook const&, channel::VerifiedWebhook const&, Timestamp) const override
    {
        return channel::Intake{};
    }
    [[nodiscard]] std::vector<OutboundContent> plan(OutboundContent const& content, channel::Capabilities const&) const override
    {
        return {content};
    }
    [[nodiscard]] channel::SendStep next(channel::Account const& account, channel::Delivery const& delivery,
                                         std::span<HttpResponse const> so_far) const override;
    [[nodiscard]] std::optional<channel::Uploaded> uploaded(HttpResponse const& response) const override;
    [[nodiscard]] std::optional<HttpRequest> read_mark(channel::Account const&, ExternalMessageId const& message,
                                                       bool typing) const override;
    [[nodiscard]] std::optional<HttpRequest> media_request(channel::Account const&, MediaReference const&) const override
    {
        return {};
    }
};

} // namespace deskbridge::test
