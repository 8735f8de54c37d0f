#include "json_repair.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace deskbridge::channel {
namespace {

constexpr std::string_view replacement_escape = "\\ufffd";
constexpr std::string_view replacement_bytes = "\xEF\xBF\xBD";

unsigned char byte_at(std::string_view text, std::size_t at) noexcept
{
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

/// The code unit of "\uXXXX" at `at`, or nothing.
std::optional<std::uint16_t> escape_at(std::string_view text, std::size_t at) noexcept
{
    if (text.size() < at + 6 || text[at] != '\\' || text[at + 1] != 'u')
        return std::nullopt;
    std::uint16_t unit = 0;
    auto const* end = text.data() + at + 6;
    auto const [stopped, error] = std::from_chars(text.data() + at + 2, end, unit, 16);
    if (error != std::errc{} || stopped != end)
        return std::nullopt;
    return unit;
}

bool is_tail(unsigned char byte) noexcept
{
    return (byte & 0xC0U) == 0x80U;
}

/// Bytes of the well-formed UTF-8 sequence at `at`; 0 if it is malformed. Source: Unicode 15, table 3-7.
std::size_t sequence_at(std::string_view text, std::size_t at) noexcept
{
    auto const first = byte_at(text, at);
    auto const second = byte_at(text, at + 1);
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return is_tail(second) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        unsigned const low = first == 0xE0 ? 0xA0U : 0x80U;
        unsigned const high = first == 0xED ? 0x9FU : 0xBFU;
        return second >= low && second <= high && is_tail(byte_at(text, at + 2)) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        unsigned const low = first == 0xF0 ? 0x90U : 0x80U;
        unsigned const high = first == 0xF4 ? 0x8FU : 0xBFU;
        bool const tails = is_tail(byte_at(text, at + 2)) && is_tail(byte_at(text, at + 3));
        return second >= low && second <= high && tails ? 4 : 0;
    }
    return 0;
}

std::size_t after_digits(std::string_view text, std::size_t at) noexcept
{
    return std::min(text.find_first_not_of("0123456789", at), text.size());
}

/// Is the whole text a number? (RFC 8259 6)
bool is_number(std::string_view text) noexcept
{
    std::size_t const first = text.starts_with('-') ? 1 : 0;
    auto at = after_digits(text, first);
    if (at == first || (text[first] == '0' && at > first + 1))
        return false;
    if (at < text.size() && text[at] == '.') {
        auto const fraction = at + 1;
        at = after_digits(text, fraction);
        if (at == fraction)
            return false;
    }
    if (at == text.size() || (text[at] != 'e' && text[at] != 'E'))
        return at == text.size();
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-'))
        ++at;
    return at < text.size() && after_digits(text, at) == text.size();
}

class Mender {
public:
    explicit Mender(std::string_view text) : text_{text} {}

    std::optional<std::string> run()
    {
        while (at_ < text_.size()) {
            char const c = text_[at_];
            if (c == '"')
                string();
            else if (c == '-' || (c >= '0' && c <= '9'))
                number();
            else
                ++at_;
        }
        if (copied_ == 0)
            return std::nullopt;
        mended_.append(text_.substr(copied_));
        return std::move(mended_);
    }

private:
    void replace(std::size_t length, std::string_view by)
    {
        mended_.append(text_.substr(copied_, at_ - copied_));
        mended_.append(by);
        at_ += length;
        copied_ = at_;
    }

    void string()
    {
        for (++at_; at_ < text_.size() && text_[at_] != '"';) {
            auto const c = static_cast<unsigned char>(text_[at_]);
            if (c == '\\')
                escape();
            else if (c < 0x80)
                ++at_;
            else if (auto const length = sequence_at(text_, at_))
                at_ += length;
            else
                replace(1, replacement_bytes);
        }
        ++at_;
    }

    void escape()
    {
        auto const unit = escape_at(text_, at_);
        if (!unit) {
            at_ += 2;
            return;
        }
        bool const high = *unit >= 0xD800 && *unit <= 0xDBFF;
        bool const low = *unit >= 0xDC00 && *unit <= 0xDFFF;
        auto const next = high ? escape_at(text_, at_ + 6) : std::nullopt;
        if (next && *next >= 0xDC00 && *next <= 0xDFFF)
            at_ += 12;
        else if (high || low || *unit == 0)
            replace(6, replacement_escape);
        else
            at_ += 6;
    }

    void number()
    {
        auto const end = std::min(text_.find_first_not_of("0123456789+-.eE", at_), text_.size());
        auto const token = text_.substr(at_, end - at_);
        double value = 0;
        bool const suspicious = (token.find_first_of("eE") != std::string_view::npos || token.size() > 300) && is_number(token);
        if (suspicious && std::from_chars(token.data(), token.data() + token.size(), value).ec == std::errc::result_out_of_range)
            replace(token.size(), "null");
        else
            at_ = end;
    }

    std::string_view text_;
    std::size_t at_{0};
    std::size_t copied_{0}; ///< how much of `text_` is in `mended_`; 0: nothing was mended yet
    std::string mended_;
};

} // namespace

std::optional<std::string> mend_json(std::string_view text)
{
    return Mender{text}.run();
}

} // namespace deskbridge::channel
