#include "api.hpp"
#include "health.hpp"
#include "media.hpp"
#include "polling.hpp"
#include "reading.hpp"
#include "sending.hpp"

#include "deskbridge/channel/url.hpp"

namespace deskbridge::telegram {
namespace {

using channel::Account;
using channel::Capabilities;
using channel::Hook;

constexpr std::string_view name_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"; ///< of usernames

class TelegramAdapter final : public channel::Adapter {
public:
    std::string_view name() const noexcept override { return "telegram"; }

    /// telegram.md has each limit with its source. How long it keeps files Telegram does not say: a month is ours.
    Capabilities capabilities(Account const& account) const override
    {
        return {.max_text_units = 4096,
                .max_body_units = 4096,
                .max_buttons = 8,
                .max_button_title = 64,
                .max_rows = 20,
                .max_row_title = 64,
                .max_row_description = 72,
                .max_list_button = 20, // which a keyboard does not have
                .read_marks = true,
                .receipts_prove = false,
                .reply_window = {std::chrono::seconds{0}, {{std::string{business_kind}, std::chrono::hours{24}}}},
                .account_per_second = 25.0,
                .pair_interval = std::chrono::seconds{1},
                .pair_burst = 3,
                .media_life = std::chrono::hours{24 * 30},
                .fetched = account.setting("updates") == "poll",
                .health = true,
                .files = file_rules()};
    }

    std::vector<channel::Setting> settings() const override
    {
        using enum channel::Setting::Kind;
        return {
            {"bot_id", digits, true, "the bot's id: the digits before the colon of its token"},
            {"api_base", url, false, "the Bot API server", "https://api.telegram.org"},
            {"username", text, false, "the bot's username, for links by which customers come to their ticket"},
            {"updates", text, false, "whether Telegram delivers to the hook, or is asked", "webhook", {"webhook", "poll"}},
            {"bot_token", secret, true, "the token that BotFather gave you: digits, a colon, and A-Z a-z 0-9 _ and -", {}, {}, is_token},
            {"webhook_secret", secret, true, "your own word, told to setWebhook as secret_token: A-Z a-z 0-9 _ and -, at most 256", {}, {}, is_secret},
        };
    }

    /// A person has the same id for all bots, so contacts are shared by them.
    void identify(Account& account) const override
    {
        account.number = account.setting("bot_id");
        account.scope = "telegram";
    }

    bool names_account() const noexcept override { return false; }

    /// Through the business account, if that is where the customer wrote.
    Address reply_address(std::vector<Address> const& addresses) const override
    {
        for (auto const& address : addresses)
            if (address.kind == business_kind)
                return address;
        return addresses.front();
    }

    /// A reference after `start` is read as one that was written. Source: core.telegram.org/bots/features#deep-linking (2026-11).
    std::string ticket_link(Account const& account, std::string_view reference) const override
    {
        auto name = account.setting("username");
        if (name.starts_with('@'))
            name.remove_prefix(1);
        bool const usual = !name.empty() && name.find_first_not_of(name_letters) == std::string_view::npos;
        return usual ? channel::join_url("https://t.me", {name}) + "?start=" + std::string{reference} : std::string{};
    }

    std::optional<HttpResponse> handshake(Hook const&, HttpRequest const&) const override { return std::nullopt; }

    bool plausible(HttpRequest const& head) const override { return has_secret_shape(head); }

    bool authentic(Hook const& hook, HttpRequest const& raw, Timestamp) const override { return is_from_telegram(hook, raw); }

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

    std::optional<HttpRequest> read_mark(Account const& account, ExternalMessageId const& message, bool) const override
    {
        return mark_as_read(account, message);
    }

    std::optional<HttpRequest> poll(Account const& account, std::string_view cursor) const override
    {
        return ask_for_updates(account, cursor);
    }

    channel::Polled polled(Account const& account, HttpResponse const& response) const override
    {
        return read_updates(account, response);
    }

    std::optional<HttpRequest> act_on(Account const& account, HttpResponse const& reply) const override
    {
        return call_in_reply(account, reply);
    }

    channel::HealthStep check_health(Account const& account, channel::HealthContext const& context,
                                     std::span<HttpResponse const> so_far) const override
    {
        return telegram::check_health(account, context, so_far);
    }

    std::optional<HttpRequest> media_request(Account const& account, MediaReference const& media) const override
    {
        return ask_for_media(account, media);
    }

    channel::MediaStep media_step(Account const& account, MediaReference const& media,
                                  std::span<HttpResponse const> so_far) const override
    {
        return telegram::media_step(account, media, so_far);
    }
};

} // namespace

channel::Adapter const& adapter() noexcept;

channel::Adapter const& adapter() noexcept
{
    static TelegramAdapter const instance;
    return instance;
}

} // namespace deskbridge::telegram
