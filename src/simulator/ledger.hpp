#pragma once

#include "line_file.hpp"

#include "deskbridge/core/time.hpp"

#include <deque>
#include <map>

namespace deskbridge::simulator {

/// A webhook that has not been answered 200 yet.
struct Webhook {
    std::uint64_t id{0};
    std::string number{};                   ///< the first of those behind its hook, by phone number id
    std::string body;                       ///< the exact bytes
    std::vector<std::string> message_ids{}; ///< customers' messages inside
    std::string signature{};                ///< sent instead of the right one if `forged`
    bool forged{false};
    int failures{0};
    Timestamp first{};                      ///< when it was made, in real time
};

/// Everything that went over the wire, as append-only JSON lines: requests with their verdict, webhooks with each
/// answer. No secret is ever written here.
///
/// Rows: `request`, `blocks` (a change of the block list), `webhook` (made), `attempt` (posted), `webhook_done` (taken or given up).
/// Threads: the reactor.
class Ledger {
public:
    /// Errors: storage.
    [[nodiscard]] Result<void> open(std::filesystem::path const& path, bool sync);
    [[nodiscard]] bool healthy() const noexcept { return file_ && file_->healthy(); }

    void add(std::string_view kind, Timestamp now, Json row);
    [[nodiscard]] std::uint64_t next_webhook_id() noexcept { return ++last_webhook_; }
    void made(Webhook const& hook);
    void done(std::uint64_t webhook_id, Timestamp now, bool taken);

    /// What an earlier run left unanswered; call once.
    [[nodiscard]] std::vector<Webhook> unfinished();
    /// The newest rows after `seq`, oldest first; only the last few thousand are kept in memory.
    [[nodiscard]] Json rows(std::int64_t after_seq, std::size_t limit) const;

private:
    void read(Json const& row);
    void keep(Json row);

    std::optional<LineFile> file_;
    std::deque<Json> recent_;
    std::map<std::uint64_t, Webhook> unfinished_;
    std::int64_t last_seq_{0};
    std::uint64_t last_webhook_{0};
};

} // namespace deskbridge::simulator
