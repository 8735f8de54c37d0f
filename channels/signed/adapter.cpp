#include "reading.hpp"
#include "sending.hpp"
#include "signature.hpp"

#include "deskbridge/channel/plan.hpp"

namespace deskbridge::signed_http {
namespace {

using channel::Account;
using channel::Capabilities;
using channel::Hook;

class SignedAdapter final : public channel::Adapter {
public:
    std::string_view name() const noexcept override { return "signed"; }

    /// Ours to choose, for the app is of our user's making; signed.md tells them.
    Capabilities capabilities(Account const& account) const override
    {
        return {.max_text_units = 4096,
                .max_body_units = 4096,
                .max_buttons = 10,
                .max_button_title = 40,
                .max_rows = 10,
                .max_row_title = 60,
                .max_row_description = 200,
                .max_list_button = 40,
                .read_marks = false,
                .receipts_prove = account.setting("receipts") == "token",
                .account_per_second = 50.0,
                .pair_interval = std::chrono::milliseconds{200},
                .pair_burst = 20,
                .media_life = std::chrono::hours{7 * 24},
                .links_signed_with = "outbound_secret",
                .files = file_rules()};
    }

    std::vector<channel::Setting> settings() const override
    {
        using enum channel::Setting::Kind;
        return {
            {"account_id", text, true, "the account's name in the app: \"account\" in the bodies"},
            {"endpoint", url, true, "where the app takes our messages"},
            {"scope", text, false, "accounts of one word share their contacts; default: the account's own"},
            {"media_hosts", text, false, "hosts, with commas between, where customers' files lie; default: the endpoint's"},
            {"receipts", text, false, "token: every receipt carries our token, so that a lost answer is settled by them", "id", {"id", "token"}},
            {"inbound_secret", secret, true, "whsec_ and base64 of 24 to 64 bytes, or whpk_ and a public key, for what the app posts here", {}, {}, is_inbound_key},
            {"outbound_secret", secret, true, "whsec_ and base64 of 24 to 64 bytes, which signs what we post to the app", {}, {}, is_secret},
        };
    }

    void identify(Account& account) const override
    {
        account.number = account.setting("account_id");
        auto const shared = account.setting("scope");
        account.scope = "signed:" + (shared.empty() ? account.number : std::string{shared});
    }

    std::optional<HttpResponse> handshake(Hook const&, HttpRequest const&) const override { return std::nullopt; }

    bool plausible(HttpRequest const& head) const override { return has_signature_shape(head); }

    bool authentic(Hook const& hook, HttpRequest const& raw, Timestamp received_at) const override
    {
        return is_signed(hook, raw, received_at);
    }

    Result<channel::Intake> parse(Hook const& hook, channel::VerifiedWebhook const& webhook, Timestamp received_at) const override
    {
        return read_webhook(hook, webhook.request().body, received_at);
    }

    std::vector<OutboundContent> plan(OutboundContent const& content, Capabilities const& can) const override
    {
        return channel::plan_messages(content, can);
    }

    channel::SendStep next(Account const& account, channel::Delivery const& delivery,
                           std::span<HttpResponse const> so_far) const override
    {
        return next_step(account, delivery, so_far);
    }

    std::optional<HttpRequest> read_mark(Account const&, ExternalMessageId const&, bool) const override { return std::nullopt; }

    std::optional<HttpRequest> media_request(Account const&, MediaReference const&) const override { return std::nullopt; }

    channel::MediaStep media_step(Account const& account, MediaReference const& media,
                                  std::span<HttpResponse const>) const override
    {
        return media_link(account, media);
    }
};

} // namespace

channel::Adapter const& adapter() noexcept;

channel::Adapter const& adapter() noexcept
{
    static SignedAdapter const instance;
    return instance;
}

} // namespace deskbridge::signed_http
