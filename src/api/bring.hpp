#pragma once

#include "deskbridge/api/api.hpp"

namespace deskbridge::api {

/// Into what an agent's file goes as it comes: a draft in the media folder. Refused before a byte of it is read when it is larger
/// than a file of its kind may be, or when there is no room for it.
[[nodiscard]] boost::asio::awaitable<std::variant<HttpResponse, std::shared_ptr<net::BodySink>>>
find_place(Api::Parts const& parts, net::Request const& request);

/// What was taken, durably, with its number; the request's sink is one of `find_place`.
[[nodiscard]] boost::asio::awaitable<net::Reply> bring(Api::Parts const& parts, desk::Caller const& caller, net::Request& request);

} // namespace deskbridge::api
