#pragma once

#include "deskbridge/core/log.hpp"

#include <string_view>

namespace deskbridge::flow {

/// The provider's own words may quote the message: they are for agents, not for the log.
inline void log_account_paused(Log& log, std::string_view account, int code)
{
    log.error("account_paused", {{"account", account},
                                 {"reason", "the provider refuses the account itself; deskbridge account ls tells what it said"},
                                 {"code", code}});
}

} // namespace deskbridge::flow
