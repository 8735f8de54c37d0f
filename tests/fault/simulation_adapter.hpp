#pragma once

#include "deskbridge/channel/adapter.hpp"

namespace deskbridge::test::sim {

/// Another channel's adapter in every respect but one: its receipts prove nothing, so that only people settle what is unknown.
class HoldingAdapter final : public channel::Adapter {
public:
    using Account = channel::Account;
    explicit HoldingAdapter(Adapter const& as) : as_{as} {}

    channel::Capabilities capabilities(Account const& account) const override
    {
        auto can = as_.capabilities(account);
        can.receipts_prove = false;
        return can;
    }

    std::string_view name() const noexcept override { return as_.name(); }
    std::vector<channel::Setting> settings() const override { return as_.settings(); }
    void identify(Account& account) const override { as_.identify(account); }
    bool names_account() const noexcept override { return as_.names_account(); }
    Address reply_address(std::vector<Address> const& addresses) const override { return as_.reply_address(addresses); }
    std::optional<Address> address_of(std::string_view typed) const override { return as_.address_of(typed); }
    std::optional<HttpResponse> handshake(channel::Hook const& hook, HttpRequest const& request) const override { return as_.handshake(hook, request); }
    bool plausible(HttpRequest const& head) const override { return as_.plausible(head); }
    bool authentic(channel::Hook const& hook, HttpRequest const& raw, Timestamp at) const override { return as_.authentic(hook, raw, at); }
    Result<channel::Intake> parse(channel::Hook const& hook, channel::VerifiedWebhook const& webhook, Timestamp at) const override
    {
        return as_.parse(hook, webhook, at);
    }
    std::vector<OutboundContent> plan(OutboundContent const& content, channel::Capabilities const& can) const override { return as_.plan(content, can); }
    channel::SendStep next(Account const& account, channel::Delivery const& delivery, std::span<HttpResponse const> so_far) const override
    {
        return as_.next(account, delivery, so_far);
    }
    std::optional<channel::Uploaded> uploaded(HttpResponse const& answer) const override { return as_.uploaded(answer); }
    std::optional<HttpRequest> read_mark(Account const& account, ExternalMessageId const& message, bool typing) const override
    {
        return as_.read_mark(account, message, typing);
    }
    std::optional<HttpRequest> media_request(Account const& account, MediaReference const& media) const override
    {
        return as_.media_request(account, media);
    }
    std::vector<channel::TemplatePlace> template_places(MessageTemplate const& one) const override { return as_.template_places(one); }
    Result<OutboundContent> fill_template(MessageTemplate const& one, TemplateValues const& values, std::vector<Address> const& known, OutboundFile const* header) const override
    {
        return as_.fill_template(one, values, known, header);
    }

private:
    Adapter const& as_;
};

} // namespace deskbridge::test::sim
