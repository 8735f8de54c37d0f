#pragma once

#include "deskbridge/channel/account_context.hpp"
#include "deskbridge/core/message_template.hpp"

namespace deskbridge::channel {

/// A template that the configuration names, as it is sent: checked against the account's list and with the customer's words in
/// `text`, if the list is known; else as it is named, for the provider to judge.
/// @param call  its parameters are those of the body, in their order.
/// Errors: malformed, conflict (it may not be sent); `detail` says why and what to do, as sentences.
/// Threads: pure; any thread.
[[nodiscard]] Result<OutboundContent> configured_template(AccountContext const& account, KnownTemplates const& known,
                                                          TemplateCall const& call, Address const& to);

} // namespace deskbridge::channel
