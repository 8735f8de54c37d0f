#pragma once

#include "deskbridge/store/store.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// A message that is queued, as far as whoever sends it needs to know.
struct QueuedSend {
    std::int64_t intent{0};
    std::int64_t message{0};
    std::int64_t conversation{0};
    std::int64_t ticket{0};
    std::int64_t account{0};
    std::string number; ///< whom it goes to
    std::string text;
};
/// All that are queued, by conversation.
[[nodiscard]] std::vector<QueuedSend> queued_sends(deskbridge::store::Reading& reading);

/// Queues an agent's message in this many conversations, through the daemon's own store; its account is paused first, so that a daemon
/// begins when it is told to. Answers how many there are. Throws: std::runtime_error.
int queue_sends(std::filesystem::path const& database, int recipients);

/// The rows that a send leaves behind or changes, written by the narrowest statements and without a question. Which they are is held to
/// the daemon's by a test: send_rows_test.cpp.
class SendRows {
public:
    explicit SendRows(std::int64_t epoch) noexcept : epoch_{epoch} {}

    /// Before its first byte leaves.
    void begin(deskbridge::store::Tx& tx, QueuedSend const& send, std::string_view token, deskbridge::Timestamp now) const;
    /// It was accepted.
    void end(deskbridge::store::Tx& tx, QueuedSend const& send, std::string_view token, std::string_view external_id, deskbridge::Timestamp now) const;

private:
    std::int64_t epoch_;
};

} // namespace bench
