#include "number_variants.hpp"

#include <array>

namespace deskbridge::simulator {
namespace {

/// Where a digit may stand or not.
struct Rule {
    std::string_view country;
    std::size_t place; ///< of the digit
    char digit;
    std::size_t length; ///< with it
};

constexpr std::array<Rule, 3> rules{{{"55", 4, '9', 13}, {"52", 2, '1', 13}, {"54", 2, '9', 13}}};

} // namespace

std::vector<std::string> variants_of(std::string_view digits)
{
    std::vector<std::string> found;
    for (auto const& rule : rules) {
        if (!digits.starts_with(rule.country))
            continue;
        std::string other{digits};
        if (digits.size() == rule.length && digits[rule.place] == rule.digit)
            found.push_back(other.erase(rule.place, 1));
        else if (digits.size() + 1 == rule.length)
            found.push_back(other.insert(rule.place, 1, rule.digit));
    }
    return found;
}

} // namespace deskbridge::simulator
