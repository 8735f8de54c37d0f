#pragma once

#include <chrono>
#include <string_view>

namespace deskbridge::whatsapp {

/// What an error code means for a send.
enum class Verdict {
    wait,         ///< not processed: try again
    wait_pair,    ///< not processed: this recipient must wait
    wait_account, ///< not processed: the whole number must wait
    refuse,       ///< this message will never go
    window,       ///< the 24-hour window is closed
    opted_out,    ///< the recipient does not want it
    pause,        ///< the account cannot send at all
    unknown,      ///< may have gone out
};

struct ErrorRow {
    int first;
    int last;
    Verdict verdict;
    std::chrono::seconds asked;
    std::string_view why; ///< the sentence that agents read
};

/// The row of that code; nullptr if Meta's list has none.
[[nodiscard]] ErrorRow const* find_error(int code) noexcept;

} // namespace deskbridge::whatsapp
