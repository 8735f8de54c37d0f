#pragma once

#include "deskbridge/core/ids.hpp"
#include "deskbridge/core/outcome.hpp"
#include "deskbridge/core/time.hpp"

#include <chrono>

namespace deskbridge::flow {

/// The provider says that it is sent too fast, or that customers complain: in its answer, or in what it tells of a message later.
struct Slowed {
    AccountId account;
    ConversationId pair;
    NotSent::Slows slows{NotSent::Slows::intent};
    std::chrono::seconds asked{0};
    Timestamp told;  ///< by our clock
    Timestamp begun; ///< the attempt that it is about
    int code{0};     ///< the provider's
};

} // namespace deskbridge::flow
