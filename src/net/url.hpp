#pragma once

#include "deskbridge/net/http_client.hpp"

#include <string>
#include <string_view>

namespace deskbridge::net {

/// An absolute http or https URL, taken apart.
struct Url {
    Origin origin;
    std::string target;    ///< path and query, at least "/"
    std::string host_line; ///< what belongs into the Host field: the port only where it is not the scheme's own
};

/// Errors: malformed, as `origin_of`.
[[nodiscard]] Result<Url> parse_url(std::string_view url);

/// May stand in a request line: "/…", visible ASCII, no fragment.
[[nodiscard]] bool is_origin_form(std::string_view target) noexcept;

} // namespace deskbridge::net
