#pragma once

#include "deskbridge/channel/account_context.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Links by which a channel fetches what agents send, where files go that way (`Capabilities::links_signed_with`). They say which file of
/// which account, and until when, under an HMAC-SHA256 with the account's secret: nobody else can make one, a restart changes nothing, and
/// there is nothing to store. Who holds that secret is whom the files were sent to, and sees files of that account alone.
namespace deskbridge::channel {

inline constexpr std::chrono::hours file_link_life{24};
inline constexpr std::string_view file_path = "/files/"; ///< below which they are, under the daemon's public URL

struct LinkedFile {
    AccountId account;
    std::int64_t attachment{0};
    Timestamp ends_at;
    friend bool operator==(LinkedFile const&, LinkedFile const&) = default;
};

/// For the account's channel, from `now` on. nullopt: its files do not go as links, or it has no secret to sign with.
[[nodiscard]] std::optional<FileLink> link_to(AccountContext const& account, std::int64_t attachment, Timestamp now);

/// What the end of a link's path says, if one of the named account's secrets has signed it; nullopt: nobody has, or it is none.
/// Compares in constant time. Whether it has ended is for the caller to see.
[[nodiscard]] std::optional<LinkedFile> read_link(AccountContexts const& accounts, std::string_view token);

} // namespace deskbridge::channel
