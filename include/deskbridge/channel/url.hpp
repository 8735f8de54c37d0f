#pragma once

#include "deskbridge/core/http.hpp"

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace deskbridge::channel {

// Pure; any thread.

/// Percent-encoded, so that it is one path segment or one query value: only unreserved characters stay (RFC 3986 2.3).
[[nodiscard]] std::string escape_url(std::string_view text);

/// "https://host/v25.0" or "https://host/v25.0/" and {"123", "messages"}: the segments are escaped and joined.
[[nodiscard]] std::string join_url(std::string_view base, std::initializer_list<std::string_view> segments);

/// Adds "?name=value&…", escaped; a base that already has a query gets "&…".
[[nodiscard]] std::string
with_query(std::string url, std::initializer_list<std::pair<std::string_view, std::string_view>> parameters);

/// The host of an absolute URL when it is this machine itself, without brackets: the provider is played here. Else "".
[[nodiscard]] std::string loopback_host(std::string_view url);

/// How long the server asks us to wait, at most an hour; nullopt if it does not say, or says nonsense.
/// A date counts from the answer's own `Date`. Source: RFC 9110 10.2.3.
[[nodiscard]] std::optional<std::chrono::seconds> retry_after(HttpResponse const& response);

} // namespace deskbridge::channel
