#include "signature.hpp"

#include "deskbridge/channel/digest.hpp"

#include <algorithm>
#include <charconv>

namespace deskbridge::signed_http {
namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::string_view public_prefix = "whpk_";
constexpr std::string_view version = "v1,";
constexpr std::string_view public_version = "v1a,";
constexpr std::size_t digest_length = 44;    // base64 of 32 bytes
constexpr std::size_t signature_length = 88; // of 64
constexpr std::size_t public_key_size = 32;
constexpr std::size_t shortest_key = 24;
constexpr std::size_t longest_key = 64;
constexpr std::size_t longest_webhook_id = 256;
constexpr std::size_t longest_timestamp = 12;
constexpr std::size_t most_signatures = 8; // of a version: anybody may send a header, and each costs a look with every key
constexpr std::chrono::minutes tolerance{5};

struct Claim {
    std::string_view id;
    std::string_view timestamp;
    std::vector<std::string_view> digests;    ///< of v1: the first `most_signatures`
    std::vector<std::string_view> signatures; ///< the same of v1a
};

void keep_entry(std::string_view entry, std::string_view of, std::size_t length, std::vector<std::string_view>& into)
{
    if (into.size() < most_signatures && entry.starts_with(of) && entry.size() == of.size() + length)
        into.push_back(entry.substr(of.size()));
}

void read_signatures(std::string_view list, Claim& claim)
{
    while (!list.empty()) {
        auto const entry = list.substr(0, list.find(' '));
        list.remove_prefix(std::min(entry.size() + 1, list.size()));
        keep_entry(entry, version, digest_length, claim.digests);
        keep_entry(entry, public_version, signature_length, claim.signatures);
    }
}

/// A dot in the id would let one signature stand for two readings of the same bytes.
bool is_id(std::string_view text)
{
    auto const visible = [](char c) { return c > ' ' && c < '\x7f' && c != '.'; };
    return !text.empty() && text.size() <= longest_webhook_id && std::all_of(text.begin(), text.end(), visible);
}

bool is_timestamp(std::string_view text)
{
    return !text.empty() && text.size() <= longest_timestamp && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<Claim> claim_of(HttpRequest const& request)
{
    auto const id = request.headers.find("webhook-id");
    auto const timestamp = request.headers.find("webhook-timestamp");
    auto const signatures = request.headers.find("webhook-signature");
    if (!id || !timestamp || !signatures || !is_id(*id) || !is_timestamp(*timestamp))
        return std::nullopt;
    Claim claim{*id, *timestamp, {}, {}};
    read_signatures(*signatures, claim);
    if (claim.digests.empty() && claim.signatures.empty())
        return std::nullopt;
    return claim;
}

bool is_fresh(std::string_view timestamp, Timestamp received_at)
{
    std::int64_t seconds = 0;
    std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), seconds);
    auto const told = std::chrono::seconds{seconds};
    auto const came = std::chrono::floor<std::chrono::seconds>(received_at.time_since_epoch());
    return told >= came - tolerance && told <= came + tolerance;
}

std::string signed_text(std::string_view id, std::string_view timestamp, std::string_view body)
{
    std::string text;
    text.reserve(id.size() + timestamp.size() + body.size() + 2);
    return text.append(id).append(".").append(timestamp).append(".").append(body);
}

std::optional<std::string> key_of(std::string_view secret)
{
    if (secret.starts_with(secret_prefix))
        secret.remove_prefix(secret_prefix.size());
    auto key = channel::decode_base64(secret);
    return key && key->size() >= shortest_key && key->size() <= longest_key ? key : std::nullopt;
}

std::optional<std::string> public_key_of(std::string_view text)
{
    if (!text.starts_with(public_prefix))
        return std::nullopt;
    auto key = channel::decode_base64(text.substr(public_prefix.size()));
    return key && key->size() == public_key_size ? key : std::nullopt;
}

/// The inbound keys of a hook's accounts that `read` finds to be of its kind, each once.
template <class Read>
std::vector<std::string> inbound_keys(channel::Hook const& hook, Read const& read)
{
    std::vector<std::string> keys;
    for (auto const* account : hook.accounts)
        for (auto const& text : account->secret("inbound_secret"))
            if (auto key = read(text); key && std::find(keys.begin(), keys.end(), *key) == keys.end())
                keys.push_back(std::move(*key));
    return keys;
}

bool any_digest_holds(Claim const& claim, std::vector<std::string> const& keys, std::string_view text)
{
    for (auto const& key : keys) {
        auto const right = channel::hmac_sha256_base64(key, text);
        for (auto const digest : claim.digests)
            if (channel::same_bytes(digest, right))
                return true;
    }
    return false;
}

bool any_signature_holds(Claim const& claim, std::vector<std::string> const& keys, std::string_view text)
{
    for (auto const written : claim.signatures)
        if (auto const signature = channel::decode_base64(written))
            for (auto const& key : keys)
                if (channel::ed25519_holds(key, text, *signature))
                    return true;
    return false;
}

} // namespace

bool is_secret(std::string_view text)
{
    return key_of(text).has_value();
}

bool is_inbound_key(std::string_view text)
{
    return is_secret(text) || public_key_of(text).has_value();
}

std::vector<std::string> keys_of(std::span<std::string const> secrets)
{
    std::vector<std::string> keys;
    for (auto const& secret : secrets)
        if (auto key = key_of(secret))
            keys.push_back(std::move(*key));
    return keys;
}

bool has_signature_shape(HttpRequest const& head)
{
    return claim_of(head).has_value();
}

bool is_signed(channel::Hook const& hook, HttpRequest const& raw, Timestamp received_at)
{
    auto const claim = claim_of(raw);
    if (!claim || !is_fresh(claim->timestamp, received_at))
        return false;
    auto const text = signed_text(claim->id, claim->timestamp, raw.body);
    return any_digest_holds(*claim, inbound_keys(hook, key_of), text) || any_signature_holds(*claim, inbound_keys(hook, public_key_of), text);
}

void sign(HttpRequest& request, std::string const& id, Timestamp at, std::vector<std::string> const& keys)
{
    auto const timestamp = std::to_string(std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count());
    auto const text = signed_text(id, timestamp, request.body);
    std::string list;
    for (auto const& key : keys)
        list.append(list.empty() ? "" : " ").append(version).append(channel::hmac_sha256_base64(key, text));
    request.headers.add("webhook-id", id);
    request.headers.add("webhook-timestamp", timestamp);
    request.headers.add("webhook-signature", std::move(list));
}

} // namespace deskbridge::signed_http
