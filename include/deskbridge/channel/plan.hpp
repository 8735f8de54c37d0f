#pragma once

#include "deskbridge/channel/adapter.hpp"

namespace deskbridge::channel {

/// The messages that `content` becomes within these limits: a text is cut; what does not fit into the body before buttons or
/// a list goes ahead; more buttons than there may be become rows, more rows several lists; labels are shortened and stay
/// distinct. The quote stands on the first. A template call passes as it is. Pure; any thread.
[[nodiscard]] std::vector<OutboundContent> plan_messages(OutboundContent const& content, Capabilities const& can);

} // namespace deskbridge::channel
