#pragma once

#include "deskbridge/core/time.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace deskbridge {

/// What the provider says that a message of ours costs, in its own words: they are open sets, and change.
/// Source: WhatsApp Cloud API, "Webhooks: messages, statuses, pricing" (2026-10).
struct Price {
    std::optional<bool> billable; ///< nullopt: not said
    std::string category;         ///< service, utility, marketing, authentication, …
    std::string type;             ///< regular, free_customer_service, free_entry_point, …
    friend bool operator==(Price const&, Price const&) = default;
};

/// The closed set for figures and screens.
inline constexpr std::array<std::string_view, 7> cost_classes{"free_service", "free_entry_point", "service", "utility", "marketing", "authentication",
                                                              "other"};
/// free_service, free_entry_point; what is paid for as service, utility, marketing, authentication; other: paid for as something
/// else, or nobody said.
[[nodiscard]] std::string_view cost_class(Price const& price) noexcept;

/// "2026-11": the calendar month in UTC that costs are counted by. In which time zone a provider's month begins, its pages do not say.
[[nodiscard]] std::string month_of(Timestamp at);

} // namespace deskbridge
