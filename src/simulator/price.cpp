#include "price.hpp"

namespace deskbridge::simulator {
namespace {

constexpr auto quota_type = "free_customer_service";

Json pricing(std::string const& type, std::string const& category)
{
    return Json{{"billable", type == "regular"}, {"pricing_model", "PMP"}, {"type", type}, {"category", category}};
}

} // namespace

Json price_of(PriceFacts const& facts, std::string_view conversation_id)
{
    if (facts.free_until)
        return Json{{"pricing", pricing("free_entry_point", "referral_conversion")},
                    {"conversation", {{"id", conversation_id},
                                      {"origin", {{"type", "referral_conversion"}}},
                                      {"expiration_timestamp", std::to_string(to_ms(*facts.free_until) / 1000)}}}};
    bool const service = facts.category.empty();
    auto const category = (facts.in_group ? "group_" : "") + (service ? std::string{"service"} : facts.category);
    return Json{{"pricing", pricing(service && facts.quota_left ? quota_type : "regular", category)}};
}

bool uses_quota(Json const& price)
{
    return text_at(price, {"pricing", "type"}) == quota_type;
}

std::string month_of(Timestamp at)
{
    return render_rfc3339(at).substr(0, 7);
}

} // namespace deskbridge::simulator
