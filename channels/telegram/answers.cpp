#include "answers.hpp"

#include "error_table.hpp"

#include "deskbridge/channel/answer.hpp"
#include "deskbridge/channel/url.hpp"
#include "deskbridge/core/ascii.hpp"
#include "deskbridge/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace deskbridge::telegram {
namespace {

constexpr std::chrono::seconds longest_wait = std::chrono::hours{24};
constexpr std::size_t longest_description = 300;

Json read_body(HttpResponse const& response)
{
    auto body = channel::read_json(response.body);
    return body ? std::move(*body) : Json{};
}

Outcome accepted_or_unknown(Json const& body, MessageName const& sent_to)
{
    auto const message = id_at(body, "/result/message_id");
    if (!message || !channel::bool_at(body, "/ok").value_or(false))
        return Unknown{"Telegram answered without a message id.", {}};
    return Accepted{render_name({sent_to.connection, id_at(body, "/result/chat/id").value_or(sent_to.chat), *message}), {}};
}

Outcome by_verdict(Verdict verdict, std::string why, Refusal const& refusal, bool group)
{
    ProviderError error{refusal.code, refusal.description, {}};
    switch (verdict) {
    case Verdict::wait: {
        // Telegram does not say whether the bot or the chat is too fast. Groups have the narrower limit (20 a minute).
        auto const slows = group ? NotSent::Slows::pair : NotSent::Slows::account;
        return NotSent{std::move(why), std::max(refusal.asked, std::chrono::seconds{1}), slows, std::move(error)};
    }
    case Verdict::refuse: break;
    case Verdict::left: return Refused{std::move(why), Refused::Because::opted_out, std::move(error)};
    case Verdict::window: return Refused{std::move(why), Refused::Because::window_closed, std::move(error)};
    case Verdict::pause: return Refused{std::move(why), Refused::Because::account, std::move(error)};
    }
    return Refused{std::move(why), Refused::Because::message, std::move(error)};
}

} // namespace

Refusal read_refusal(HttpResponse const& response)
{
    auto const body = read_body(response);
    auto const code = channel::int_at(body, "/error_code").value_or(0);
    if (channel::bool_at(body, "/ok").value_or(true) || code < 300 || code > 999)
        return {};
    Refusal refusal{true, static_cast<int>(code), shorten(words_at(body, "/description"), longest_description),
                    channel::retry_after(response).value_or(std::chrono::seconds{0})};
    auto const asked = std::min(channel::int_at(body, "/parameters/retry_after").value_or(0), std::int64_t{longest_wait.count()});
    refusal.asked = std::max(refusal.asked, std::chrono::seconds{asked});
    return refusal;
}

std::optional<std::int64_t> migrated_to(HttpResponse const& response)
{
    return response.status == 400 ? id_at(read_body(response), "/parameters/migrate_to_chat_id") : std::nullopt;
}

bool is_token_refused(HttpResponse const& response)
{
    auto const refusal = read_refusal(response);
    return refusal.told && (refusal.code == 401 || refusal.code == 404);
}

bool is_no_photo(HttpResponse const& response)
{
    auto const refusal = read_refusal(response);
    auto const says = [&](std::string_view words) { return holds_word(refusal.description, words); };
    return refusal.told && refusal.code == 400 &&
           (says("PHOTO_INVALID_DIMENSIONS") || says("PHOTO_EXT_INVALID") || says("IMAGE_PROCESS_FAILED") || says("too big for a photo"));
}

Outcome outcome_of(HttpResponse const& response, MessageName const& chat)
{
    if (response.status >= 200 && response.status < 300)
        return accepted_or_unknown(read_body(response), chat);
    auto const refusal = read_refusal(response);
    if (!refusal.told)
        return channel::outcome_of_stranger(response, "Telegram");
    auto const* row = find_error(refusal.code, refusal.description);
    auto why = fmt::format("{} ({}; error {})", row != nullptr ? row->why : "Telegram had an internal problem.", refusal.description,
                           refusal.code);
    if (row == nullptr || response.status >= 500)
        return Unknown{std::move(why), {refusal.code, refusal.description, {}}};
    return by_verdict(row->verdict, std::move(why), refusal, chat.chat < 0);
}

} // namespace deskbridge::telegram
