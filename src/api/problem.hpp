#pragma once

#include "deskbridge/core/http.hpp"
#include "deskbridge/core/result.hpp"

#include <string>
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

/// 401: nobody known is at the other end.
[[nodiscard]] HttpResponse unauthenticated();

} // namespace deskbridge::api
