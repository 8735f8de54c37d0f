#pragma once

#include <exception>
#include <string>

namespace deskbridge {

// What was thrown, by its type alone: the text may quote the input, which may be a customer's. "std::domain_error".

[[nodiscard]] std::string type_of(std::exception const& thrown);
[[nodiscard]] std::string type_of(std::exception_ptr const& thrown); ///< "unknown" if it is no std::exception

} // namespace deskbridge
