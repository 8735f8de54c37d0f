#pragma once

#include "deskbridge/channel/reading.hpp"

namespace deskbridge::acme {

/// {"number": "49301234567", "events": [{"type": "message", …}, {"type": "receipt", …}]}
/// Errors: malformed (not that at all).
[[nodiscard]] Result<channel::Intake> read_webhook(channel::Hook const& hook, std::string_view body, Timestamp received_at);

} // namespace deskbridge::acme
