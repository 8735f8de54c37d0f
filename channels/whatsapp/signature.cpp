#include "signature.hpp"

#include "deskbridge/channel/digest.hpp"

#include <algorithm>

namespace deskbridge::whatsapp {
namespace {

constexpr std::string_view signature_header = "X-Hub-Signature-256";
constexpr std::string_view signature_prefix = "sha256=";
constexpr std::size_t hex_length = 64;

/// The hexadecimal part of the one signature header; nullopt if it is missing, repeated or of another shape.
std::optional<std::string_view> signature_of(HttpRequest const& request)
{
    auto const header = request.headers.find(signature_header);
    if (!header || !header->starts_with(signature_prefix))
        return std::nullopt;
    auto const hex = header->substr(signature_prefix.size());
    auto const is_lower_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (hex.size() != hex_length || !std::all_of(hex.begin(), hex.end(), is_lower_hex))
        return std::nullopt;
    return hex;
}

/// Each value once: accounts of one Meta app share its secret, and hashing a large body is what costs.
std::vector<std::string_view> distinct_secrets(channel::Hook const& hook, std::string_view key)
{
    std::vector<std::string_view> found;
    for (auto const* account : hook.accounts)
        for (auto const& secret : account->secret(key))
            if (!secret.empty() && std::find(found.begin(), found.end(), secret) == found.end())
                found.emplace_back(secret);
    return found;
}

} // namespace

std::optional<HttpResponse> answer_handshake(channel::Hook const& hook, HttpRequest const& request)
{
    if (request.method != "GET")
        return std::nullopt;
    auto const mode = query_parameter(request.target, "hub.mode");
    auto const token = query_parameter(request.target, "hub.verify_token");
    auto challenge = query_parameter(request.target, "hub.challenge");
    bool known = false;
    for (auto const secret : distinct_secrets(hook, "verify_token"))
        known = channel::same_bytes(token.value_or(""), secret) || known;
    if (mode != "subscribe" || !known || !challenge)
        return HttpResponse{403, {{"Content-Type", "text/plain"}}, "forbidden"};
    return HttpResponse{200, {{"Content-Type", "text/plain"}}, std::move(*challenge)};
}

bool has_signature_shape(HttpRequest const& head)
{
    return signature_of(head).has_value();
}

bool is_signed(channel::Hook const& hook, HttpRequest const& raw)
{
    auto const claimed = signature_of(raw);
    if (!claimed)
        return false;
    bool held = false;
    for (auto const secret : distinct_secrets(hook, "app_secret"))
        held = channel::same_bytes(*claimed, channel::hmac_sha256_hex(secret, raw.body)) || held;
    return held;
}

} // namespace deskbridge::whatsapp
