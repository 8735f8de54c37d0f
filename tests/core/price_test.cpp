#include "deskbridge/core/price.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;

TEST_CASE("the cost class of a message, from the provider's words")
{
    struct Case {
        Price price;
        std::string_view cost;
    };
    auto const c = GENERATE(values<Case>({
        {{true, "utility", "regular"}, "utility"},
        {{true, "service", "regular"}, "service"},
        {{true, "marketing_lite", "regular"}, "marketing"},
        {{true, "authentication-international", "regular"}, "authentication"},
        {{true, "group_utility", "regular"}, "utility"},
        {{false, "service", "free_customer_service"}, "free_service"},
        {{std::nullopt, "service", "free_service_quota"}, "free_service"},
        {{false, "utility", ""}, "free_service"},
        {{false, "service", "free_entry_point"}, "free_entry_point"},
        {{false, "referral_conversion", ""}, "free_entry_point"},
        {{true, "user_initiated", ""}, "other"},
        {{true, "general_purpose_ai", "regular"}, "other"},
        {{std::nullopt, "", ""}, "other"},
    }));
    INFO(c.price.category << " " << c.price.type);
    CHECK(cost_class(c.price) == c.cost);
}

TEST_CASE("costs are counted by the calendar month in UTC")
{
    using namespace std::chrono_literals;
    auto const december = from_ms(1'796'083'200'000); // 2026-12-01
    CHECK(month_of(december) == "2026-12");
    CHECK(month_of(december - 1ms) == "2026-11");
}
