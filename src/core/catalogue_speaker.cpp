#include "catalogue_speaker.hpp"

#include "deskbridge/core/text.hpp"
#include "text_template.hpp"
#include "utf8.hpp"

#include <algorithm>

namespace deskbridge {
namespace {

constexpr std::size_t longest_name = 40;
constexpr std::size_t longest_subject = 60;
constexpr std::size_t longest_summary = 3000;

bool has_right_to_left(std::string_view text)
{
    bool found = false;
    for_each_code_point(text, [&](CodePoint const& point) {
        auto const direction = u_charDirection(point.value);
        found |= direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC;
    });
    return found;
}

std::string trimmed(std::string_view text)
{
    auto const first = text.find_first_not_of(" \t\n");
    return first == std::string_view::npos ? std::string{} : std::string{text.substr(first, text.find_last_not_of(" \t\n") - first + 1)};
}

} // namespace

Speaker::Speaker(LanguageTexts texts, std::vector<LanguageTexts> const& all, CatalogueSettings const& settings)
    : texts_{std::move(texts)}, time_{texts_.language, settings.time_zone, texts_.phrases, texts_.plurals},
      right_to_left_{is_right_to_left(texts_.language)}, prefix_{settings.reference_prefix}
{
    for (auto const& [command, words] : texts_.commands)
        fixed_["command_" + std::string{render_command(command)}] = words.front();
    if (all.size() == 1)
        return; // nothing to choose from
    std::string names;
    for (auto const& other : all)
        names += (names.empty() ? "" : time_.phrase("list_separator")) + foreign(other.name);
    fixed_["languages"] = names;
}

std::string Speaker::say(TextKey key, TextValues const& values) const
{
    auto filled = fixed_;
    for (auto const& [placeholder, raw] : values)
        filled[placeholder] = present(placeholder, raw);
    return trimmed(fill_template(texts_.texts[static_cast<std::size_t>(key)], filled));
}

/// Words that may run the other way than the sentence around them.
std::string Speaker::foreign(std::string const& text) const
{
    return !text.empty() && (right_to_left_ || has_right_to_left(text)) ? isolate(text) : text;
}

std::string Speaker::reference(std::string_view digits) const
{
    auto shown = show_reference(digits, prefix_);
    return right_to_left_ ? isolate_ltr(shown) : shown;
}

std::string Speaker::references(std::string_view stored) const
{
    std::string shown;
    while (!stored.empty()) {
        auto const end = std::min(stored.find(' '), stored.size());
        if (end > 0)
            shown += (shown.empty() ? "" : time_.phrase("list_separator")) + reference(stored.substr(0, end));
        stored.remove_prefix(std::min(end + 1, stored.size()));
    }
    return shown;
}

/// A raw value as it may stand in a text.
std::string Speaker::present(std::string_view placeholder, std::string const& raw) const
{
    if (raw.empty())
        return {};
    if (placeholder == "reference" || placeholder == "earlier" || placeholder == "into")
        return reference(raw);
    if (placeholder == "references")
        return references(raw);
    if (placeholder == "name")
        return foreign(shorten(neutral_line(raw), longest_name));
    if (placeholder == "subject")
        return foreign(shorten(neutral_line(raw), longest_subject));
    if (placeholder == "agent") {
        auto const name = neutral_line(raw);
        return foreign(shorten(name.substr(0, name.find(' ')), longest_name));
    }
    if (placeholder == "summary") // in paragraphs of its own: each finds its direction
        return shorten(trimmed(clean_text(raw)), longest_summary);
    if (placeholder == "count" && right_to_left_)
        return isolate_ltr(raw);
    return raw;
}

} // namespace deskbridge
