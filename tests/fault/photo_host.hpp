#pragma once

#include <string>
#include <string_view>

namespace fault {

/// The provider's answers about customers' photos, for a `ProviderSink`: a link for whatever id is asked, and below the link a
/// JPEG of one's own for each id. "" for what is no GET: the messages are left to the sink. Any thread.
[[nodiscard]] std::string serve_photo(std::string_view request);

} // namespace fault
