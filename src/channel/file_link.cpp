#include "deskbridge/channel/file_link.hpp"

#include "deskbridge/channel/digest.hpp"
#include "deskbridge/channel/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace deskbridge::channel {
namespace {

constexpr std::size_t longest_token = 160; ///< three numbers, 64 digits, dots

std::string claim_of(LinkedFile const& file)
{
    auto const ends_s = std::chrono::duration_cast<std::chrono::seconds>(file.ends_at.time_since_epoch()).count();
    return std::to_string(file.account.value) + "." + std::to_string(file.attachment) + "." + std::to_string(ends_s);
}

/// Under a name of its own: what the secret signs elsewhere is no link, and no link is anything else.
std::string proof_of(std::string_view claim, std::string_view secret)
{
    return hmac_sha256_hex(secret, "deskbridge file link 1\n" + std::string{claim});
}

/// "3.71.1795353700", as we write it.
std::optional<LinkedFile> parse_claim(std::string_view claim)
{
    std::array<std::int64_t, 3> numbers{};
    auto const* at = claim.data();
    auto const* const end = at + claim.size();
    for (auto& number : numbers) {
        auto const [stopped, error] = std::from_chars(at, end, number);
        bool const last = &number == &numbers.back();
        if (error != std::errc{} || number <= 0 || (last ? stopped != end : stopped == end || *stopped != '.'))
            return std::nullopt;
        at = last ? end : stopped + 1;
    }
    constexpr std::int64_t last_second = 253'402'300'800; // the year 10000
    if (numbers[2] >= last_second)
        return std::nullopt;
    LinkedFile const file{{numbers[0]}, numbers[1], Timestamp{std::chrono::seconds{numbers[2]}}};
    return claim_of(file) == claim ? std::optional{file} : std::nullopt;
}

} // namespace

std::optional<FileLink> link_to(AccountContext const& account, std::int64_t attachment, Timestamp now)
{
    auto const key = account.adapter->capabilities(account.account).links_signed_with;
    auto const secrets = account.account.secret(key);
    if (key.empty() || secrets.empty() || account.public_url.empty())
        return std::nullopt;
    LinkedFile const file{account.id, attachment, std::chrono::floor<std::chrono::seconds>(now + file_link_life)};
    auto const claim = claim_of(file);
    return FileLink{account.public_url + std::string{file_path} + claim + "." + proof_of(claim, secrets.front()), file.ends_at};
}

std::optional<LinkedFile> read_link(AccountContexts const& accounts, std::string_view token)
{
    auto const dot = token.rfind('.');
    if (token.size() > longest_token || dot == std::string_view::npos)
        return std::nullopt;
    auto const claim = token.substr(0, dot);
    auto const file = parse_claim(claim);
    auto const* account = file ? find_account(accounts, file->account) : nullptr;
    if (!account)
        return std::nullopt;
    auto const key = account->adapter->capabilities(account->account).links_signed_with;
    auto const secrets = key.empty() ? std::span<std::string const>{} : account->account.secret(key);
    auto const signed_it = [&](std::string const& secret) { return same_bytes(proof_of(claim, secret), token.substr(dot + 1)); };
    return std::any_of(secrets.begin(), secrets.end(), signed_it) ? file : std::nullopt;
}

} // namespace deskbridge::channel
