#pragma once

#include <string_view>

namespace deskbridge {

/// Why a text that was due by itself does not go to the customer.
enum class Withholding {
    capped,        ///< enough automatic ones within the hour
    window_closed, ///< the channel's reply window
    opted_out,     ///< the customer said stop
    switched_off,  ///< by the account's configuration
    no_account,    ///< it is not configured any more
    group,         ///< groups are not written to
    template_refused, ///< the configured template may not be sent, as the provider's list has it
    failed,        ///< it could not be made or queued: the log says why
};

/// The word in the event log: "window_closed".
[[nodiscard]] std::string_view render_withholding(Withholding why) noexcept;

/// The end of a sentence for agents: "the customer was not told: …". Empty for a word that is none.
[[nodiscard]] std::string_view explain_withholding(std::string_view word) noexcept;

} // namespace deskbridge
