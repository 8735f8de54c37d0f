#pragma once

#include "graph_error.hpp"
#include "send_request.hpp"

#include <optional>
#include <variant>

namespace deskbridge::simulator {

/// What the provider knows at the moment a message comes in.
struct SendFacts {
    bool recipient_known{true};  ///< somebody with this address exists
    bool recipient_is_sender{false};
    bool recipient_blocked{false}; ///< by this number
    bool opted_out{false};       ///< the recipient wants no marketing, and this is some
    bool group_open{true};       ///< a group that is there, of this number, and not suspended
    bool window_open{true};      ///< 24 hours since the user's last message
    bool pair_has_room{true};
    bool number_has_room{true};
    bool reach_has_room{true};   ///< of those whom the portfolio writes to first
    bool media_known{true};      ///< every media id the message names
    std::string media_objection{}; ///< to the type or size of one, in a message of this type; "": none
    std::optional<GraphError> template_fault{};
    bool refuse_closed_window{false};
    bool refuse_unknown_media{false};
};

/// Taken: answered 200 with an id. `fails` comes later as a failed status; `silent`: nothing ever comes.
struct Taken {
    std::optional<LateError> fails{};
    bool silent{false};
};

using Verdict = std::variant<GraphError, Taken>;

/// Judges a message whose form is right.
/// Threads: pure; any thread.
/// Source: Meta, WhatsApp Cloud API, "Error codes", read 2026-10; that 131047 and 131026 mostly come as a failed
/// status after a 200 is what integrators report. That a used-up messaging limit is 131048 is what integrators expect; no page says so.
[[nodiscard]] Verdict judge_send(SendRequest const& send, SendFacts const& facts);

} // namespace deskbridge::simulator
