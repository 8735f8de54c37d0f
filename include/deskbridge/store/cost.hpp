#pragma once

#include "deskbridge/core/price.hpp"
#include "deskbridge/store/store.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

/// What messages cost, as far as the provider's receipts tell.
namespace deskbridge::store {

/// How many messages there were, by `cost_class`.
using CostCounts = std::map<std::string, std::int64_t, std::less<>>;

/// One more in the calendar month (UTC) of `at`.
void count_cost(Tx& tx, AccountId account, Timestamp at, std::string_view cost_class);
/// @param month  `month_of` a time in it.
[[nodiscard]] CostCounts costs_of(Reading& reading, AccountId account, std::string_view month);
/// The same of a message of ours: what the first of its parts costs of which a price is known.
[[nodiscard]] std::optional<Price> price_of(Reading& reading, MessageId message);

} // namespace deskbridge::store
