#pragma once

#include "deskbridge/core/outcome.hpp"

#include <string_view>

namespace deskbridge::telegram {

/// What an error means for the message.
enum class Verdict {
    wait,      ///< asked to slow down
    refuse,    ///< this message, this chat
    left,      ///< the customer does not want the bot (any more)
    window,    ///< the customer has to write first
    pause,     ///< the bot itself cannot send
};

struct ErrorRow {
    int code;               ///< error_code
    std::string_view words; ///< of the description, in any case; "": any
    Verdict verdict;
    std::string_view why;   ///< what agents read
};

/// The first row that fits; nullptr: none does. Telegram has a handful of codes and tells everything else in words.
[[nodiscard]] ErrorRow const* find_error(int code, std::string_view description);

} // namespace deskbridge::telegram
