#pragma once

#include <chrono>
#include <string_view>

namespace deskbridge::whatsapp {

/// What an error code means for a send, by class: who or what has to change before it can work.
enum class Verdict {
    // to be tried again
    wait,      ///< not processed: try again
    wait_file, ///< not processed: the file is uploaded anew, then try again
    unknown,   ///< may have gone out
    // something must wait
    wait_pair,      ///< not processed: this recipient
    wait_account,   ///< not processed: the whole number
    wait_proactive, ///< not processed: what no customer asked for; replies go on
    // the window
    window, ///< the 24-hour window is closed
    // the person
    opted_out,   ///< the recipient does not want it
    unreachable, ///< this recipient cannot be reached so
    // the template
    unusable_template, ///< it cannot be sent as we know it
    // the account
    pause, ///< it cannot send at all
    // the message
    refuse, ///< this one will never go
};

struct ErrorRow {
    int first;
    int last;
    Verdict verdict;
    std::chrono::seconds asked;
    std::string_view why; ///< the sentence that agents read about a message of ours
    std::string_view template_status{}; ///< with `unusable_template`: how it stands from now on; "": as the list has it
    std::string_view received{}; ///< the sentence that stands for a customer's message that comes with this error; "": a general one
};

/// The row of that code; nullptr if Meta's list has none.
[[nodiscard]] ErrorRow const* find_error(int code) noexcept;

/// The row of a refused proof of the app's secret, which has no code of its own.
[[nodiscard]] ErrorRow const& refused_proof() noexcept;

} // namespace deskbridge::whatsapp
