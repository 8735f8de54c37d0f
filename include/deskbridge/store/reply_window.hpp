#pragma once

#include "deskbridge/store/store.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Conversations in the order in which their reply windows began, to the minute: within one by their ids, so that a walk costs what it passes.
/// How long a window is, the channel knows: not the store.
namespace deskbridge::store {

/// conversation.window_minute of a window that began then.
[[nodiscard]] std::int64_t window_minute(Timestamp from) noexcept;

struct WindowBegin {
    std::int64_t minute{0}; ///< conversation.window_minute
    ConversationId conversation;
    AccountId account;
    friend bool operator==(WindowBegin const&, WindowBegin const&) = default;
};

/// Those behind `after` in minutes that were over at `until`, the earliest first.
[[nodiscard]] std::vector<WindowBegin> windows_begun(Reading& reading, WindowBegin const& after, Timestamp until, int limit);
/// Did what the customer said last in it go to another app of the number?
[[nodiscard]] bool wrote_elsewhere(Reading& reading, ConversationId conversation);
/// How many began after `from`, by account.
[[nodiscard]] std::map<AccountId, std::int64_t> count_windows(Reading& reading, Timestamp from);

/// The same of one account, by the kind of address where answers go.
[[nodiscard]] std::map<std::string, std::int64_t> count_windows_by_kind(Reading& reading, AccountId account, Timestamp from);

/// How far the windows of one length have been walked through at one mark. Durable: nothing is told twice, or not at all.
struct WindowWalk {
    std::chrono::seconds window;
    std::chrono::seconds left;
    WindowBegin last; ///< its account means nothing
};
[[nodiscard]] std::optional<WindowWalk> find_window_walk(Reading& reading, std::chrono::seconds window, std::chrono::seconds left);
void save_window_walk(Tx& tx, WindowWalk const& walk);

} // namespace deskbridge::store
