#pragma once

#include "deskbridge/channel/adapter.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deskbridge::whatsapp {

/// What a call of the Graph API shows: a token, and the proof that whoever shows it knows the app's secret, too. An app can demand it of
/// every call; a token that was stolen is of no use then.
/// Source: developers.facebook.com, Graph API "Securing requests", "appsecret_proof" (2026-11).
struct Access {
    std::string token;
    std::string app_secret; ///< never shown itself: the proof is a hex HMAC-SHA256 of the token by it; empty: it is not known
};

/// Each token with each of the app's secrets, in the order in which they are tried: of both there are two while one is being rotated.
[[nodiscard]] std::vector<Access> accesses_of(channel::Account const& account);

/// Which is to be tried after this one was answered so: if Meta refused the proof, the next; if it refused the token, whose other proofs are
/// of no use then, the next with another token. nullopt: there is none, or it was not the access that was refused.
[[nodiscard]] std::optional<std::size_t> access_after(std::vector<Access> const& all, std::size_t tried, HttpResponse const& answer);

using QueryPart = std::pair<std::string_view, std::string_view>;
/// Where a call with that access goes: the URL with this query, and the proof.
[[nodiscard]] std::string url_with(Access const& access, std::string url, std::initializer_list<QueryPart> query = {});
[[nodiscard]] std::string bearer(Access const& access);
/// A question, with both.
[[nodiscard]] HttpRequest get_with(Access const& access, std::string url, std::initializer_list<QueryPart> query = {});

} // namespace deskbridge::whatsapp
