#pragma once

#include "json_reading.hpp"

#include "deskbridge/core/result.hpp"
#include "deskbridge/net/http_server.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace deskbridge::simulator {

/// What an order of the control API comes to; an error is answered as `{"error": …}` with its status.
using ControlAnswer = std::function<Result<Json>(net::Request const&, Json const& order)>;

/// A route whose body is a JSON object, or nothing. Pages of other sites are refused before a byte of it is read.
[[nodiscard]] net::Route control_route(std::string method, std::string pattern, ControlAnswer answer);
/// The same for a body that is a file, or anything else, of at most `most` bytes.
[[nodiscard]] net::Route file_route(std::string pattern, std::size_t most, std::function<Result<Json>(net::Request const&)> answer);
/// An answer of any kind, there at once; pages of other sites are refused.
[[nodiscard]] net::Route show_route(std::string pattern, std::function<HttpResponse(net::Request const&)> answer);

/// True unless a page of another site asks: a refusal.
[[nodiscard]] std::optional<HttpResponse> refuse_foreign_page(net::Request const& request);

} // namespace deskbridge::simulator
