#pragma once

#include "dice.hpp"
#include "json_reading.hpp"

#include "deskbridge/core/result.hpp"

#include <array>
#include <chrono>
#include <deque>
#include <optional>
#include <string>

namespace deskbridge::simulator {

/// Something that goes wrong with sends: set through the control API, to see what a client does about it.
struct Mishap {
    enum class Kind {
        hang,         ///< no answer, ever
        reset,        ///< the connection is reset without an answer
        close,        ///< the connection is closed in good order, without an answer
        half_close,   ///< the same, but only the provider's half: it goes on to listen
        html_500,     ///< an edge server's HTML page
        html_502,
        html_503,
        html_504,
        html_200,     ///< the same with success
        empty_200,    ///< 200 without a body
        cut_200,      ///< 200 with half of the JSON, and the length of that half
        short_200,    ///< 200 with half of the JSON, and the length of all of it
        wrong_200,    ///< 200 with JSON in which everything has another type
        huge_200,     ///< 200 with a body of 100 MB
        trickle,      ///< the answer comes one byte each `delay`
        endless_head, ///< 200 and header fields for ever
        slow,         ///< the answer takes `delay`
        interim,      ///< 100, 102 and 103 come before the answer
        stale,        ///< answered as always, and reset as soon as the connection is used again
        throttle_429, ///< 429 with error `code`; Retry-After as ordered
        token,        ///< error 190
        number_gone,  ///< 404: the number's id is not known
        redirect,     ///< 302 to `location`
        error         ///< error `code`
    };
    Kind kind{Kind::error};
    bool accept{false}; ///< the message is taken before it strikes
    int count{1};       ///< sends it strikes; below 0: every one until cleared
    int code{131000};
    std::chrono::milliseconds delay{2000};
    std::string words{};                              ///< strikes only sends whose body has them
    std::string retry_after{};                        ///< as it is; "": none
    std::optional<std::chrono::seconds> retry_date{}; ///< Retry-After as a date, so far ahead
    std::string location{"http://169.254.169.254/"};  ///< where clouds keep their machines' secrets

    /// Is the send judged and taken as if nothing were wrong?
    [[nodiscard]] bool takes() const noexcept;
};

constexpr std::size_t mishap_kinds = static_cast<std::size_t>(Mishap::Kind::error) + 1;

[[nodiscard]] std::string_view name_of(Mishap::Kind kind) noexcept;
/// `{"kind":"hang","accept":true,"count":1}`. Errors: malformed.
[[nodiscard]] Result<Mishap> mishap_from(Json const& doc);
[[nodiscard]] Json to_json(Mishap const& mishap);

/// How many sends of a thousand each kind strikes, by chance. Kinds that say nothing about the message strike half of the time after
/// it was taken; 429 comes with every form of Retry-After, `error` with codes of all sorts.
struct MishapWeather {
    std::array<int, mishap_kinds> per_mille{};
    Dice dice{1};

    [[nodiscard]] std::optional<Mishap> draw();
    /// Either one number for all kinds, or `{"hang": 10, …}` and 0 for the others. Errors: malformed; nothing is changed then.
    [[nodiscard]] Result<void> change(Json const& order);
    [[nodiscard]] Json list() const; ///< without those of 0
};

/// The mishaps in waiting, struck in the order they were set; after them, chance.
class Mishaps {
public:
    void add(Mishap const& mishap) { waiting_.push_back(mishap); }
    void clear() noexcept { waiting_.clear(); }
    /// What strikes the send that just came in.
    [[nodiscard]] std::optional<Mishap> next(std::string_view body);
    /// A token fault strikes every call, not only sends; it is not used up by looking.
    [[nodiscard]] bool token_expired() const noexcept;
    [[nodiscard]] Json list() const;
    MishapWeather weather{};

private:
    std::deque<Mishap> waiting_;
};

} // namespace deskbridge::simulator
