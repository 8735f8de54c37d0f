#include "fuzz/target.hpp"

#include "deskbridge/core/reference.hpp"

#include <algorithm>

namespace deskbridge::fuzz {
namespace {

void check_candidate(ReferenceCandidate const& found, std::string_view text, std::string_view prefix)
{
    must(found.begin < found.end && found.end <= text.size(), "a reference outside its text");
    must(found.digits.size() >= 8 && found.digits.size() <= 12 &&
         found.digits.find_first_not_of("0123456789") == std::string::npos, "a reference of other digits");
    must(found.valid == is_reference(found.digits), "a check digit is judged in two ways");
    must(found.valid || found.marked, "a stranger's number is taken for a reference");
    if (found.valid)
        must(parse_reference(show_reference(found.digits, prefix), prefix) == found.digits,
             "a reference as we show it is not understood");
}

} // namespace

/// First byte: which prefix; then what a customer wrote.
void reference(std::string_view input)
{
    constexpr std::string_view prefixes[] = {"#", "", "T-", "Nº", "\u7968"};
    Cut cut{input};
    auto const prefix = prefixes[cut.byte() % std::size(prefixes)];
    auto const text = cut.rest();
    auto const marked = find_marked_references(text, prefix);
    auto const valid = find_references(text, prefix);
    must(marked.size() <= 16 && valid.size() <= marked.size(), "more references than promised");
    for (auto const& found : marked)
        check_candidate(found, text, prefix);
    for (auto const& found : valid)
        must(found.valid && std::find(marked.begin(), marked.end(), found) != marked.end(), "a valid reference is none");
    auto const lone = find_lone_reference(text, prefix);
    if (lone)
        check_candidate(*lone, text, prefix);
    auto const parsed = parse_reference(text, prefix);
    must(parsed.has_value() == (lone && lone->valid), "a lone reference is understood in two ways");
}

} // namespace deskbridge::fuzz
