#include "files.hpp"
#include "health.hpp"
#include "media.hpp"
#include "plan.hpp"
#include "reading.hpp"
#include "sending.hpp"
#include "signature.hpp"
#include "templates.hpp"

#include <string_view>

namespace deskbridge::whatsapp {
namespace {

using channel::Account;
using channel::Capabilities;
using channel::Hook;

class WhatsAppAdapter final : public channel::Adapter {
public:
    std::string_view name() const noexcept override { return "whatsapp"; }

    /// Each limit with its source: whatsapp.md.
    Capabilities capabilities(Account const&) const override
    {
        return {.max_text_units = 4096,
                .max_body_units = 1024,
                .max_buttons = 3,
                .max_button_title = 20,
                .max_rows = 10,
                .max_row_title = 24,
                .max_row_description = 72,
                .max_list_button = 20,
                .read_marks = true,
                .asks_numbers = true,
                .receipts_prove = true,
                .reply_window = {std::chrono::hours{24}},
                .free_entry = {std::chrono::hours{72}, std::chrono::hours{24}},
                .free_messages_a_month = 1000,
                .account_per_second = 20.0,
                .pair_interval = std::chrono::seconds{6},
                .pair_burst = 20,
                .media_life = std::chrono::hours{7 * 24},
                .templates = true,
                .health = true,
                .questions_per_hour = 200,
                .files = file_rules()};
    }

    std::vector<channel::Setting> settings() const override
    {
        using enum channel::Setting::Kind;
        return {
            {"phone_number_id", digits, true, "the Graph id of the business number (not the number itself)"},
            {"waba_id", digits, false, "the WhatsApp Business Account that the number belongs to; templates are listed by it"},
            {"business_id", digits, false, "the business portfolio; numbers of one portfolio share their contacts"},
            {"api_base", url, false, "the Graph API with its version", "https://graph.facebook.com/v25.0"},
            {"app_secret", secret, true, "the Meta app's secret; it signs the webhooks"},
            {"access_token", secret, true, "a system user's token with whatsapp_business_messaging"},
            {"verify_token", secret, true, "your own word, entered beside the callback URL"},
        };
    }

    /// Business-scoped ids are one per portfolio, so contacts are shared by the numbers of a portfolio when it is named,
    /// else of a WABA, else they are the number's own.
    void identify(Account& account) const override
    {
        account.number = account.setting("phone_number_id");
        account.scope = "whatsapp:";
        for (auto const* const key : {"business_id", "waba_id", "phone_number_id"})
            if (account.scope == "whatsapp:")
                account.scope += account.setting(key);
    }

    /// The phone if there is one, else the business-scoped id.
    /// Source: developers.facebook.com, WhatsApp "Business-scoped user IDs" (2026-08).
    Address reply_address(std::vector<Address> const& addresses) const override
    {
        auto const* phone = find_address(addresses, "wa_id");
        return phone != nullptr ? *phone : addresses.front();
    }

    std::optional<Address> address_of(std::string_view typed) const override
    {
        auto digits = channel::phone_digits(typed);
        return digits.empty() ? std::nullopt : std::optional{Address{"wa_id", std::move(digits)}};
    }

    std::optional<HttpResponse> handshake(Hook const& hook, HttpRequest const& request) const override
    {
        return answer_handshake(hook, request);
    }

    bool plausible(HttpRequest const& head) const override { return has_signature_shape(head); }

    bool authentic(Hook const& hook, HttpRequest const& raw, Timestamp) const override { return is_signed(hook, raw); }

    Result<channel::Intake> parse(Hook const& hook, channel::VerifiedWebhook const& webhook, Timestamp received_at) const override
    {
        return read_webhook(hook, webhook.request().body, received_at);
    }

    std::vector<OutboundContent> plan(OutboundContent const& content, Capabilities const& can) const override
    {
        return plan_messages(content, can);
    }

    channel::SendStep next(Account const& account, channel::Delivery const& delivery,
                           std::span<HttpResponse const> so_far) const override
    {
        return next_step(account, delivery, so_far);
    }

    std::optional<channel::Uploaded> uploaded(HttpResponse const& response) const override { return uploaded_in(response); }

    std::optional<HttpRequest> read_mark(Account const& account, ExternalMessageId const& message, bool typing) const override
    {
        return mark_as_read(account, message, typing);
    }

    std::optional<HttpRequest> media_request(Account const& account, MediaReference const& media) const override
    {
        return ask_for_media(account, media);
    }

    channel::MediaStep media_step(Account const& account, MediaReference const& media,
                                  std::span<HttpResponse const> so_far) const override
    {
        return whatsapp::media_step(account, media, so_far);
    }

    Result<HttpRequest> ask_templates(Account const& account, std::string_view cursor) const override
    {
        return whatsapp::ask_templates(account, cursor);
    }

    channel::TemplatePage read_templates(Account const& account, std::string_view cursor, HttpResponse const& answer) const override
    {
        return whatsapp::read_templates(account, cursor, answer);
    }

    std::vector<channel::TemplatePlace> template_places(MessageTemplate const& one) const override
    {
        return whatsapp::template_places(one);
    }

    Result<OutboundContent> fill_template(MessageTemplate const& one, TemplateValues const& values, std::vector<Address> const& known,
                                          OutboundFile const* header) const override
    {
        return whatsapp::fill_template(one, values, known, header);
    }

    channel::HealthStep check_health(Account const& account, channel::HealthContext const& context,
                                     std::span<HttpResponse const> so_far) const override
    {
        return whatsapp::check_health(account, context, so_far);
    }

    std::optional<channel::HookProbe> probe_hook(Account const& account, std::string_view hook_url, std::string_view word) const override
    {
        return whatsapp::probe_hook(account, hook_url, word);
    }
};

} // namespace

channel::Adapter const& adapter() noexcept;

channel::Adapter const& adapter() noexcept
{
    static WhatsAppAdapter const instance;
    return instance;
}

} // namespace deskbridge::whatsapp
