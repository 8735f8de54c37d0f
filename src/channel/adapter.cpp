#include "deskbridge/channel/adapter.hpp"

#include <algorithm>
#include <type_traits>
#include <variant>

namespace deskbridge::channel {
namespace {

constexpr std::size_t shortest_secret = 8; ///< what is shorter would tear words apart, and keeps nothing secret

void conceal(std::string& text, std::string const& secret)
{
    if (secret.size() < shortest_secret)
        return;
    constexpr std::string_view instead = "[secret]";
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + instead.size()))
        text.replace(at, secret.size(), instead);
}

} // namespace

std::string without_secrets(std::string text, decltype(Account::secrets) const& secrets)
{
    std::vector<std::string> longest_first; // one may begin like another
    for (auto const& [key, values] : secrets)
        longest_first.insert(longest_first.end(), values.begin(), values.end());
    std::sort(longest_first.begin(), longest_first.end(), [](auto const& a, auto const& b) { return a.size() > b.size(); });
    for (auto const& secret : longest_first)
        conceal(text, secret);
    return text;
}

Outcome without_secrets(Outcome outcome, decltype(Account::secrets) const& secrets)
{
    auto const conceal_in = [&secrets](auto& told) {
        if constexpr (!std::is_same_v<std::remove_reference_t<decltype(told)>, Accepted>)
            for (auto* text : {&told.why, &told.error.title, &told.error.detail})
                *text = without_secrets(std::move(*text), secrets);
    };
    std::visit(conceal_in, outcome);
    return outcome;
}

std::string_view Account::setting(std::string_view key) const noexcept
{
    auto const found = settings.find(key);
    return found == settings.end() ? std::string_view{} : std::string_view{found->second};
}

std::span<std::string const> Account::secret(std::string_view key) const noexcept
{
    auto const found = secrets.find(key);
    return found == secrets.end() ? std::span<std::string const>{} : std::span<std::string const>{found->second};
}

Result<VerifiedWebhook> VerifiedWebhook::check(Adapter const& adapter, Hook const& hook, HttpRequest raw, Timestamp received_at)
{
    if (!adapter.authentic(hook, raw, received_at))
        return Error{Fault::forbidden, "the signature does not hold"};
    return VerifiedWebhook{std::move(raw)};
}

} // namespace deskbridge::channel
