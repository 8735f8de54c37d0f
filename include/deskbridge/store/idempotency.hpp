#pragma once

#include "deskbridge/core/ticket.hpp"
#include "deskbridge/store/store.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace deskbridge::store {

/// A request that may come twice: the same actor with the same key means the same request.
struct Repeatable {
    Actor actor{};
    std::string_view key{};     ///< made by the client
    std::string_view request{}; ///< everything that was asked, in one text; only its hash is kept
};

/// What was remembered when it came first; nullopt: it is new.
/// Errors: throws Rollback{conflict} if the key came with another request.
[[nodiscard]] std::optional<std::string> find_repeated(Reading& reading, Repeatable const& request);
/// In the transaction of the effect. `result`: whatever lets the same answer be given again.
void remember_request(Tx& tx, Repeatable const& request, std::string_view result, Timestamp now);
/// Forgets those that came at `before` at the latest, oldest first, at most `limit`; answers how many.
int forget_requests(Tx& tx, Timestamp before, int limit);

} // namespace deskbridge::store
