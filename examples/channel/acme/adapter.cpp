#include "reading.hpp"
#include "sending.hpp"

#include "deskbridge/channel/digest.hpp"
#include "deskbridge/channel/plan.hpp"

namespace deskbridge::acme {
namespace {

using channel::Account;
using channel::Capabilities;
using channel::Hook;

constexpr std::string_view signature_header = "X-Acme-Signature";
constexpr std::string_view signature_prefix = "sha256=";
constexpr std::size_t digest_length = 64;

class AcmeAdapter final : public channel::Adapter {
public:
    std::string_view name() const noexcept override { return "acme"; }

    Capabilities capabilities(Account const&) const override
    {
        return {.max_text_units = 480, .max_body_units = 300, .receipts_prove = true, .account_per_second = 10.0};
    }

    std::vector<channel::Setting> settings() const override
    {
        using enum channel::Setting::Kind;
        return {
            {"number", digits, true, "the number that customers write to, with its country's code"},
            {"api_base", url, false, "Acme's server", "https://api.acme.example"},
            {"signing_key", secret, true, "what Acme signs its webhooks with"},
            {"access_token", secret, true, "what our calls are let in with"},
        };
    }

    /// A phone number is the same person for every number of ours.
    void identify(Account& account) const override
    {
        account.number = account.setting("number");
        account.scope = "acme";
    }

    std::optional<HttpResponse> handshake(Hook const&, HttpRequest const&) const override { return std::nullopt; }

    bool plausible(HttpRequest const& head) const override
    {
        auto const signature = head.headers.find(signature_header);
        return signature && signature->starts_with(signature_prefix) && signature->size() == signature_prefix.size() + digest_length;
    }

    bool authentic(Hook const& hook, HttpRequest const& raw, Timestamp) const override
    {
        if (!plausible(raw))
            return false;
        auto const digest = raw.headers.find(signature_header)->substr(signature_prefix.size());
        bool held = false;
        for (auto const* account : hook.accounts)
            for (auto const& key : account->secret("signing_key"))
                held = (!key.empty() && channel::same_bytes(digest, channel::hmac_sha256_hex(key, raw.body))) || held;
        return held;
    }

    Result<channel::Intake> parse(Hook const& hook, channel::VerifiedWebhook const& webhook, Timestamp received_at) const override
    {
        return read_webhook(hook, webhook.request().body, received_at);
    }

    std::vector<OutboundContent> plan(OutboundContent const& content, Capabilities const& can) const override
    {
        return channel::plan_messages(content, can);
    }

    channel::SendStep next(Account const& account, channel::Delivery const& delivery, std::span<HttpResponse const> so_far) const override
    {
        return next_step(account, delivery, so_far);
    }

    std::optional<HttpRequest> read_mark(Account const&, ExternalMessageId const&, bool) const override { return std::nullopt; }

    std::optional<HttpRequest> media_request(Account const&, MediaReference const&) const override { return std::nullopt; }
};

} // namespace

channel::Adapter const& adapter() noexcept;

channel::Adapter const& adapter() noexcept
{
    static AcmeAdapter const instance;
    return instance;
}

} // namespace deskbridge::acme
