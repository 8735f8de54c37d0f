#pragma once

#include "json_reading.hpp"

#include "deskbridge/core/result.hpp"

#include <chrono>
#include <deque>
#include <optional>

namespace deskbridge::simulator {

/// Something that goes wrong with sends: set through the control API, to see what a client does about it.
struct Mishap {
    enum class Kind {
        hang,         ///< no answer, ever
        reset,        ///< the connection is reset without an answer
        html_502,     ///< an edge server's HTML page
        empty_200,    ///< 200 without a body
        slow,         ///< the answer takes `delay`
        throttle_429, ///< 429 without Retry-After
        token,        ///< error 190
        error         ///< error `code`
    };
    Kind kind{Kind::error};
    bool accept{false}; ///< the message is taken before it strikes
    int count{1};       ///< sends it strikes; below 0: every one until cleared
    int code{131000};
    std::chrono::milliseconds delay{2000};
};

[[nodiscard]] std::string_view name_of(Mishap::Kind kind) noexcept;
/// `{"kind":"hang","accept":true,"count":1}`. Errors: malformed.
[[nodiscard]] Result<Mishap> mishap_from(Json const& doc);

/// The mishaps in waiting, struck in the order they were set.
class Mishaps {
public:
    void add(Mishap const& mishap) { waiting_.push_back(mishap); }
    void clear() noexcept { waiting_.clear(); }
    /// What strikes the send that just came in.
    [[nodiscard]] std::optional<Mishap> next();
    /// A token fault strikes every call, not only sends; it is not used up by looking.
    [[nodiscard]] bool token_expired() const noexcept;
    [[nodiscard]] Json list() const;

private:
    std::deque<Mishap> waiting_;
};

} // namespace deskbridge::simulator
