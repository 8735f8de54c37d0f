#pragma once

#include <boost/system/result.hpp>

#include <string>

namespace deskbridge {

/// What kind of expected failure happened; callers decide by it, never by the text.
enum class Fault {
    malformed,   ///< the input cannot be understood, or breaks a rule
    not_found,   ///< the thing named does not exist, or not for this caller
    conflict,    ///< true at another time or in another state; also a lost race
    forbidden,   ///< the caller may not
    unavailable, ///< try again later: queue full, shutting down, peer unreachable
    storage,     ///< the store could not do it
};

/// An expected failure as a value. `detail` is for the operator: no secret, no customer's words.
struct Error {
    Fault fault{Fault::storage};
    std::string detail;
};

/// A value or an `Error`. `.value()` does not compile on purpose: test, then `*r`.
template <class T>
using Result = boost::system::result<T, Error>;

} // namespace deskbridge
