#include "deskbridge/core/price.hpp"

#include <array>

namespace deskbridge {

std::string_view cost_class(Price const& price) noexcept
{
    if (price.type == "free_entry_point" || price.category == "referral_conversion")
        return "free_entry_point";
    if (price.billable == false || price.type.starts_with("free"))
        return "free_service";
    static constexpr std::array<std::string_view, 4> paid{"service", "utility", "marketing", "authentication"};
    for (auto const word : paid) // also marketing_lite, authentication-international, group_utility
        if (price.category.find(word) != std::string::npos)
            return word;
    return "other";
}

std::string month_of(Timestamp at)
{
    return render_rfc3339(at).substr(0, 7);
}

} // namespace deskbridge
