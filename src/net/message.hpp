#pragma once

#include "deskbridge/core/http.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deskbridge::net {

/// A problem document (RFC 9457) for what the server refuses by itself.
[[nodiscard]] HttpResponse problem_response(int status);

/// How an answer is framed; the handler's own framing fields are dropped.
struct Framing {
    std::optional<std::uint64_t> content_length; ///< nullopt: until the end, or chunked
    bool chunked{false};
    bool close{false};
};

/// Status line and header fields, up to and with the empty line; nullopt when a field would break the framing (a control
/// character in a name or a value).
[[nodiscard]] std::optional<std::string> render_head(HttpResponse const& response, Framing const& framing);

/// May an answer with this status carry a body? (RFC 9110 6.4.1)
[[nodiscard]] constexpr bool has_body(int status) noexcept
{
    return status >= 200 && status != 204 && status != 304;
}

} // namespace deskbridge::net
