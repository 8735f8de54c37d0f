#pragma once

#include "telegram/parameters.hpp"

#include "deskbridge/core/result.hpp"

#include <chrono>
#include <deque>
#include <optional>

namespace deskbridge::simulator::telegram {

/// What goes wrong with a call, on demand.
struct BotFault {
    enum class Kind {
        hang,         ///< no answer
        reset,        ///< the connection goes instead of an answer
        html_502,     ///< a proxy's answer
        empty_200,    ///< a success without a body
        slow,         ///< answered late
        throttle_429, ///< not taken: asked to wait
        error         ///< not taken: any code and words
    };
    Kind kind{Kind::error};
    std::string method{};  ///< which calls; empty: those that send something
    std::string words{};   ///< of these, whose text or caption has them
    bool accept{false};    ///< the call takes effect before it strikes
    int count{1};          ///< calls it strikes; below 0: every one until cleared
    BotError error{};      ///< with throttle_429 and error
    std::chrono::milliseconds delay{2000};

    /// Does the call take effect in spite of it?
    [[nodiscard]] bool taken() const noexcept;
};

[[nodiscard]] std::string_view name_of(BotFault::Kind kind) noexcept;
/// `{"kind":"hang","method":"sendPhoto","accept":true,"count":1}`. Errors: malformed.
[[nodiscard]] Result<BotFault> bot_fault_from(Json const& order);

/// Those in waiting, struck in the order they were set.
class BotFaults {
public:
    void add(BotFault const& fault) { waiting_.push_back(fault); }
    void clear() noexcept { waiting_.clear(); }
    /// What strikes the call that just came in.
    [[nodiscard]] std::optional<BotFault> next(std::string_view method, Parameters const& parameters);
    [[nodiscard]] Json list() const;

private:
    std::deque<BotFault> waiting_;
};

} // namespace deskbridge::simulator::telegram
