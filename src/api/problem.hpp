#pragma once

#include "deskbridge/core/http.hpp"
#include "deskbridge/core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::api {

/// One field of a request that is wrong.
struct FieldError {
    std::string pointer; ///< JSON pointer, or the query parameter's name
    std::string detail;
};

/// An RFC 9457 answer for an expected failure.
[[nodiscard]] HttpResponse problem_of(Error const& error);

/// 422 with every wrong field.
[[nodiscard]] HttpResponse invalid_fields(std::vector<FieldError> const& errors);

/// 409: somebody wants to go on where the event log has not come to yet. `head` is a member of its own.
[[nodiscard]] HttpResponse beyond_head(std::int64_t asked, std::int64_t head);

/// 413: more than is taken.
[[nodiscard]] HttpResponse too_large(std::string const& detail);

/// 415: a body of a type that is not taken here. `told`: what it said of itself.
[[nodiscard]] HttpResponse other_media_type(std::string_view told);

/// 401: nobody known is at the other end.
[[nodiscard]] HttpResponse unauthenticated();

} // namespace deskbridge::api
