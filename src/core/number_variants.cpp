#include "deskbridge/core/identity.hpp"

#include <algorithm>

namespace deskbridge {
namespace {

/// Takes the mobile digit behind `prefix` away or puts it there; nullopt: this number has no other spelling.
struct Plan {
    std::string_view country;
    std::size_t before;     ///< digits between country code and mobile digit (Brazil's area code)
    char mobile;            ///< the digit that comes and goes
    std::size_t subscriber; ///< digits behind it
    std::string_view first; ///< what those may begin with, for a number that can have both spellings
};

// Brazil put the 9 before mobile numbers, which began with 6 to 9; "11 4xxx-xxxx" is a landline, and not the same line as
// "11 9 4xxx-xxxx". Mexican and Argentine national numbers never begin with 1 and 9, respectively.
constexpr Plan plans[]{
    {"55", 2, '9', 8, "6789"},
    {"52", 0, '1', 10, "23456789"},
    {"54", 0, '9', 10, "12345678"},
};

std::optional<std::string> other_spelling(Plan const& plan, std::string_view digits)
{
    auto const head = plan.country.size() + plan.before;
    if (digits.substr(0, plan.country.size()) != plan.country || digits.size() < head + plan.subscriber)
        return std::nullopt;
    auto const tail = digits.substr(digits.size() - plan.subscriber);
    if (plan.first.find(tail.front()) == std::string_view::npos)
        return std::nullopt;
    std::string const prefix{digits.substr(0, head)};
    if (digits.size() == head + plan.subscriber)
        return prefix + plan.mobile + std::string{tail};
    if (digits.size() == head + 1 + plan.subscriber && digits[head] == plan.mobile)
        return prefix + std::string{tail};
    return std::nullopt;
}

} // namespace

std::vector<std::string> number_variants(std::string_view digits)
{
    std::vector<std::string> variants{std::string{digits}};
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (!std::all_of(digits.begin(), digits.end(), is_digit))
        return variants;
    for (auto const& plan : plans)
        if (auto other = other_spelling(plan, digits))
            variants.push_back(std::move(*other));
    return variants;
}

AddressStrength strength_of(std::string_view kind) noexcept
{
    if (kind == "wa_id" || kind == "phone")
        return AddressStrength::number;
    return kind == "parent_bsuid" ? AddressStrength::parent : AddressStrength::id;
}

} // namespace deskbridge
