#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fault {

/// The provider's answers about customers' photos, for a `ProviderSink`: a link for whatever id is asked, and below the link a
/// JPEG of one's own for each id, small since images of disks hold many. "" for what is no GET: the messages are left to the sink. Any thread.
[[nodiscard]] std::string serve_photo(std::string_view request);
/// The same with JPEGs of `size` bytes.
[[nodiscard]] std::string serve_photo_of(std::string_view request, std::size_t size);
/// The photo of this id.
[[nodiscard]] std::string photo_of(std::string_view id, std::size_t size);

} // namespace fault
