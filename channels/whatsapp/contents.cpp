#include "contents.hpp"

#include "deskbridge/core/ascii.hpp"
#include "deskbridge/core/text.hpp"

#include <algorithm>

namespace deskbridge::whatsapp {
namespace {

constexpr std::size_t longest_url = 2000; ///< of an advert, and of its text

bool read_text(Json const& node, Draft& draft)
{
    auto const body = channel::loose_text_at(node, "/text/body");
    if (!body)
        return false;
    draft.message.kind = MessageKind::text;
    draft.message.text = clean_text(*body);
    return true;
}

bool read_location(Json const& node, Draft& draft)
{
    auto const* place = channel::object_at(node, "/location");
    auto words = place != nullptr ? channel::render_place(*place) : std::nullopt;
    if (!words)
        return false;
    draft.message.kind = MessageKind::location;
    draft.message.text = std::move(*words);
    draft.details["location"] = *place;
    return true;
}

} // namespace

bool read_content(Json const& node, std::string const& type, Draft& draft)
{
    if (type == "text")
        return read_text(node, draft);
    if (type == "location")
        return read_location(node, draft);
    if (type == "interactive")
        return read_interactive(node, draft);
    if (type == "button")
        return read_template_button(node, draft);
    if (type == "contacts")
        return read_cards(node, draft);
    if (type == "order")
        return read_order(node, draft);
    return read_media(node, type, draft);
}

std::optional<Referral> read_referral(Json const& referral)
{
    Referral read{lower_word_at(referral, "/source_type"), told_at(referral, "/source_id"),
                  shorten(words_at(referral, "/source_url"), longest_url), told_at(referral, "/headline"),
                  shorten(words_at(referral, "/body"), longest_url)};
    return read == Referral{} ? std::nullopt : std::optional{std::move(read)};
}

std::string first_words(Json const& node, std::initializer_list<std::string_view> places)
{
    for (auto const place : places)
        if (auto words = words_at(node, place); !words.empty())
            return words;
    return {};
}

std::string lower_word_at(Json const& node, std::string_view pointer)
{
    auto word = name_at(node, pointer);
    std::transform(word.begin(), word.end(), word.begin(), lower_ascii);
    return word;
}

std::string told_at(Json const& node, std::string_view pointer)
{
    return shorten(words_at(node, pointer), longest_words);
}

} // namespace deskbridge::whatsapp
