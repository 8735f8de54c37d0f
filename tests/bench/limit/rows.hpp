#pragma once

#include "deskbridge/store/store.hpp"

#include <filesystem>
#include <string_view>
#include <vector>

namespace bench {

/// A webhook of one message, taken apart by searching for its quotes.
struct Webhook {
    int customer{0};
    std::string_view id;
    std::string_view text;
    std::string_view body;
};
/// Of what `render_one` made, and nothing else. The views are into `body`.
[[nodiscard]] Webhook read_webhook(std::string_view body);

/// The rows that a message in an open ticket leaves behind or changes, written by the narrowest statements and without a question. Which
/// they are is held to the daemon's by a test: rows_test.cpp.
class Rows {
public:
    /// Looks up whom the customers of this database are.
    explicit Rows(deskbridge::store::Reading& reading);

    void write(deskbridge::store::Tx& tx, Webhook const& webhook, deskbridge::Timestamp now) const;

private:
    struct Chat {
        std::int64_t contact{0};
        std::int64_t conversation{0};
        std::int64_t ticket{0};
    };
    std::int64_t account_{0};
    std::vector<Chat> chats_; ///< by customer
};

} // namespace bench
