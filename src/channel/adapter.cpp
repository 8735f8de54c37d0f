#include "deskbridge/channel/adapter.hpp"
#include "deskbridge/channel/url.hpp"
#include "deskbridge/core/ascii.hpp"

#include <algorithm>
#include <bitset>
#include <type_traits>
#include <unordered_set>
#include <variant>

namespace deskbridge::channel {
namespace {

constexpr std::size_t shortest_secret = 8; ///< what is shorter would tear words apart, and keeps nothing secret
constexpr std::size_t shortest_piece = 12; ///< of a longer one: providers quote the beginning, or all but the end

/// Every secret as it is and as it stands in a URL.
std::vector<std::string> forms_of(decltype(Account::secrets) const& secrets)
{
    std::vector<std::string> forms;
    for (auto const& [key, values] : secrets)
        for (auto const& secret : values)
            if (secret.size() >= shortest_secret) {
                forms.push_back(secret);
                if (auto encoded = escape_url(secret); encoded != secret) {
                    forms.push_back(encoded);
                    for (auto at = encoded.find('%'); at != std::string::npos; at = encoded.find('%', at + 3))
                        std::transform(encoded.begin() + static_cast<std::ptrdiff_t>(at), encoded.begin() + static_cast<std::ptrdiff_t>(at) + 3,
                                       encoded.begin() + static_cast<std::ptrdiff_t>(at), lower_ascii);
                    forms.push_back(std::move(encoded));
                }
            }
    return forms;
}

/// Which bytes of the text belong to a secret, or to a piece of one.
std::vector<bool> secret_bytes(std::string_view text, std::vector<std::string> const& forms)
{
    std::vector<bool> secret(text.size(), false);
    auto const mark = [&](std::size_t at, std::size_t count) { std::fill_n(secret.begin() + static_cast<std::ptrdiff_t>(at), count, true); };
    std::unordered_set<std::string_view> pieces;
    std::bitset<1u << 16> begins; // of pieces; almost no byte of a text goes further than this
    auto const two = [](std::string_view of, std::size_t at) { return static_cast<unsigned char>(of[at]) << 8 | static_cast<unsigned char>(of[at + 1]); };
    for (std::string_view const form : forms) {
        if (form.size() < shortest_piece)
            for (auto at = text.find(form); at != std::string_view::npos; at = text.find(form, at + 1))
                mark(at, form.size());
        for (std::size_t at = 0; at + shortest_piece <= form.size(); ++at) {
            pieces.insert(form.substr(at, shortest_piece));
            begins.set(static_cast<std::size_t>(two(form, at)));
        }
    }
    for (std::size_t at = 0; at + shortest_piece <= text.size(); ++at)
        if (begins.test(static_cast<std::size_t>(two(text, at))) && pieces.contains(text.substr(at, shortest_piece)))
            mark(at, shortest_piece);
    return secret;
}

} // namespace

std::string without_secrets(std::string text, decltype(Account::secrets) const& secrets)
{
    if (text.size() < shortest_secret)
        return text;
    auto const secret = secret_bytes(text, forms_of(secrets));
    if (std::find(secret.begin(), secret.end(), true) == secret.end())
        return text;
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at)
        if (!secret[at])
            out += text[at];
        else if (at == 0 || !secret[at - 1])
            out += "[secret]";
    return out;
}

Outcome without_secrets(Outcome outcome, decltype(Account::secrets) const& secrets)
{
    auto const conceal_in = [&secrets](auto& told) {
        if constexpr (!std::is_same_v<std::remove_reference_t<decltype(told)>, Accepted>)
            for (auto* text : {&told.why, &told.error.title, &told.error.detail, &told.error.sentence, &told.error.trace})
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
