#include "deskbridge/core/reference.hpp"

#include "deskbridge/core/text.hpp"
#include "utf8.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace deskbridge {
namespace {

/// Damm's totally anti-symmetric quasigroup of order 10, from the thesis.
constexpr std::array<std::string_view, 10> quasigroup{"0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
                                                      "3674209581", "5869720134", "8945362017", "9438617205", "2581436790"};

constexpr std::size_t most_candidates = 16;

/// What is between two stretches of a shown reference of this length.
std::vector<std::size_t> group_sizes(std::size_t length)
{
    switch (length) {
    case 9:  return {3, 3, 3};
    case 10: return {3, 3, 4};
    case 11: return {4, 4, 3};
    case 12: return {4, 4, 4};
    default: return {4, 4};
    }
}

/// One visible character of a text; digits of any script are '0' to '9'.
struct Glyph {
    UChar32 value;
    std::size_t begin;
    std::size_t end;
    [[nodiscard]] bool digit() const noexcept { return value >= '0' && value <= '9'; }
    [[nodiscard]] bool alphanumeric() const noexcept { return digit() || u_isalpha(value) != 0; }
    [[nodiscard]] bool dash() const noexcept { return u_charType(value) == U_DASH_PUNCTUATION || value == 0x2212; }
    [[nodiscard]] bool separator() const noexcept { return dash() || value == '.' || value == 0xB7 || (is_white_space(value) && value != '\n'); }
};

/// Direction marks, joiners and variation selectors are left out: they come along when a shown reference is copied.
std::vector<Glyph> glyphs_of(std::string_view text)
{
    std::vector<Glyph> glyphs;
    glyphs.reserve(text.size());
    for_each_code_point(text, [&](CodePoint const& point) {
        if (u_hasBinaryProperty(point.value, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0 || u_charType(point.value) == U_FORMAT_CHAR)
            return;
        auto value = u_foldCase(point.value, U_FOLD_CASE_DEFAULT);
        if (u_charType(value) == U_DECIMAL_DIGIT_NUMBER)
            value = '0' + u_charDigitValue(value);
        constexpr UChar32 fullwidth_first = 0xFF01;
        constexpr UChar32 fullwidth_last = 0xFF5E;
        if (value >= fullwidth_first && value <= fullwidth_last)
            value = value - fullwidth_first + '!';
        glyphs.push_back({value, point.begin, point.end});
    });
    return glyphs;
}

/// A text read for references.
class Reader {
public:
    Reader(std::string_view text, std::string_view prefix) : glyphs_{glyphs_of(text)}, prefix_{glyphs_of(prefix)}
    {
        std::erase_if(prefix_, [](Glyph const& glyph) { return glyph.separator(); });
    }

    [[nodiscard]] std::optional<ReferenceCandidate> lone() const
    {
        auto const first = std::find_if(glyphs_.begin(), glyphs_.end(), [](Glyph const& glyph) { return glyph.digit(); });
        if (first == glyphs_.end())
            return std::nullopt;
        auto const begin = static_cast<std::size_t>(first - glyphs_.begin());
        auto end = glyphs_.size();
        while (!glyphs_[end - 1].digit())
            if (glyphs_[--end].alphanumeric())
                return std::nullopt;
        auto const start = prefix_start(begin);
        auto const stranger = [](Glyph const& glyph) { return glyph.alphanumeric(); };
        if (std::any_of(glyphs_.begin(), glyphs_.begin() + static_cast<std::ptrdiff_t>(start.value_or(begin)), stranger))
            return std::nullopt;
        for (auto at = begin; at < end; ++at)
            if (!glyphs_[at].digit() && !glyphs_[at].separator())
                return std::nullopt;
        auto found = candidate(begin, end);
        if (!found || (!found->valid && !found->marked))
            return std::nullopt;
        return found;
    }

    [[nodiscard]] std::vector<ReferenceCandidate> all() const
    {
        std::vector<ReferenceCandidate> found;
        for (std::size_t at = 0; at < glyphs_.size() && found.size() < most_candidates; ++at)
            if (begins_group(at))
                extend(at, found);
        return found;
    }

private:
    /// Where the prefix begins that stands before glyphs_[digit], spaces and dashes aside.
    [[nodiscard]] std::optional<std::size_t> prefix_start(std::size_t digit) const
    {
        if (prefix_.empty())
            return std::nullopt;
        auto at = digit;
        for (auto wanted = prefix_.size(); wanted > 0; --wanted) {
            while (at > 0 && glyphs_[at - 1].separator())
                --at;
            if (at == 0 || glyphs_[at - 1].value != prefix_[wanted - 1].value)
                return std::nullopt;
            --at;
        }
        if (at > 0 && glyphs_[at].alphanumeric() && glyphs_[at - 1].alphanumeric())
            return std::nullopt; // the tail of a longer word
        return at;
    }

    [[nodiscard]] bool begins_group(std::size_t at) const
    {
        if (!glyphs_[at].digit() || (at > 0 && glyphs_[at - 1].digit()))
            return false;
        if (at == 0 || prefix_start(at))
            return true;
        return !glyphs_[at - 1].alphanumeric() && glyphs_[at - 1].value != '+'; // "+49…" is a phone number
    }

    [[nodiscard]] bool ends_group(std::size_t end) const
    {
        return end == glyphs_.size() || !glyphs_[end].alphanumeric();
    }

    /// Digit groups from `begin` on, joined by single separators.
    void extend(std::size_t begin, std::vector<ReferenceCandidate>& found) const
    {
        int digits = 0;
        for (auto at = begin; at < glyphs_.size() && digits <= longest_reference; ++at) {
            if (!glyphs_[at].digit()) {
                if (!glyphs_[at].separator() || at + 1 == glyphs_.size() || !glyphs_[at + 1].digit())
                    return;
                continue;
            }
            ++digits;
            auto const last_of_group = at + 1 == glyphs_.size() || !glyphs_[at + 1].digit();
            if (!last_of_group || !ends_group(at + 1))
                continue;
            if (auto one = candidate(begin, at + 1); one && (one->valid || one->marked) && found.size() < most_candidates)
                found.push_back(std::move(*one));
        }
    }

    [[nodiscard]] std::optional<ReferenceCandidate> candidate(std::size_t begin, std::size_t end) const
    {
        ReferenceCandidate made;
        for (auto at = begin; at < end; ++at)
            if (glyphs_[at].digit())
                made.digits += static_cast<char>(glyphs_[at].value);
        auto const length = static_cast<int>(made.digits.size());
        if (length < shortest_reference || length > longest_reference)
            return std::nullopt;
        auto const start = prefix_start(begin);
        made.valid = is_reference(made.digits);
        made.marked = start.has_value() || grouped(begin, end, made.digits.size());
        made.begin = glyphs_[start.value_or(begin)].begin;
        made.end = glyphs_[end - 1].end;
        return made;
    }

    /// Dashes exactly where we show them.
    [[nodiscard]] bool grouped(std::size_t begin, std::size_t end, std::size_t length) const
    {
        auto at = begin;
        auto const sizes = group_sizes(length);
        for (std::size_t group = 0; group < sizes.size(); ++group) {
            if (group > 0 && (at >= end || !glyphs_[at++].dash()))
                return false;
            for (std::size_t digit = 0; digit < sizes[group]; ++digit)
                if (at >= end || !glyphs_[at++].digit())
                    return false;
        }
        return at == end;
    }

    std::vector<Glyph> glyphs_;
    std::vector<Glyph> prefix_;
};

/// Most messages have none in any script, and then there is nothing to read for.
bool may_have_digits(std::string_view text) noexcept
{
    return std::any_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80; });
}

bool all_digits(std::string_view text) noexcept
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::uint64_t power_of_ten(int exponent) noexcept
{
    std::uint64_t power = 1;
    for (int i = 0; i < exponent; ++i)
        power *= 10;
    return power;
}

} // namespace

char damm_digit(std::string_view digits) noexcept
{
    std::size_t interim = 0;
    for (char const c : digits)
        interim = static_cast<std::size_t>(quasigroup[interim][static_cast<std::size_t>(c - '0')] - '0');
    return static_cast<char>('0' + interim);
}

bool is_reference(std::string_view digits) noexcept
{
    auto const length = static_cast<int>(digits.size());
    return length >= shortest_reference && length <= longest_reference && all_digits(digits) && digits.front() != '0'
           && damm_digit(digits) == '0';
}

int reference_length(std::uint64_t references_in_use) noexcept
{
    auto length = shortest_reference;
    while (length < longest_reference && references_in_use >= 9 * power_of_ten(length - 2) / 5)
        ++length;
    return length;
}

std::string make_reference(std::uint64_t dice, int length)
{
    if (length < shortest_reference || length > longest_reference)
        throw std::invalid_argument{"a reference has 8 to 12 digits"};
    auto const least = power_of_ten(length - 2); // the first digit is not 0, so that nobody drops it
    auto digits = std::to_string(least + dice % (9 * least));
    digits += damm_digit(digits);
    return digits;
}

std::string show_reference(std::string_view digits, std::string_view prefix)
{
    std::string shown{prefix};
    for (auto const size : group_sizes(digits.size())) {
        if (shown.size() > prefix.size())
            shown += '-';
        shown += digits.substr(0, size);
        digits.remove_prefix(std::min(size, digits.size()));
    }
    return shown.append(digits);
}

std::optional<ReferenceCandidate> find_lone_reference(std::string_view text, std::string_view prefix)
{
    constexpr std::size_t longest_line = 128;
    return text.size() > longest_line || !may_have_digits(text) ? std::nullopt : Reader{text, prefix}.lone();
}

std::vector<ReferenceCandidate> find_references(std::string_view text, std::string_view prefix)
{
    auto found = find_marked_references(text, prefix);
    std::erase_if(found, [](ReferenceCandidate const& candidate) { return !candidate.valid; });
    return found;
}

std::vector<ReferenceCandidate> find_marked_references(std::string_view text, std::string_view prefix)
{
    return may_have_digits(text) ? Reader{text, prefix}.all() : std::vector<ReferenceCandidate>{};
}

std::optional<std::string> parse_reference(std::string_view typed, std::string_view prefix)
{
    auto found = find_lone_reference(typed, prefix);
    if (!found || !found->valid)
        return std::nullopt;
    return std::move(found->digits);
}

} // namespace deskbridge
