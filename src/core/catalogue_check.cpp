#include "catalogue_file.hpp"

#include "deskbridge/core/text.hpp"
#include "text_template.hpp"

#include <algorithm>

namespace deskbridge {
namespace {

/// May stand in every text: `render` fills them by itself, or they are the customer's name.
constexpr std::string_view everywhere =
    "name languages command_status command_new command_agent command_close command_help command_stop command_start";

/// A body's own words; the rest of the limit belongs to the values, of which an agent's summary is the longest.
constexpr std::size_t longest_body = 900;

bool contains_word(std::string_view words, std::string_view word) noexcept
{
    while (!words.empty()) {
        auto const end = std::min(words.find(' '), words.size());
        if (words.substr(0, end) == word)
            return true;
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return false;
}

/// What is left of the limit must hold the longest value that a title can have: a reference with the longest prefix.
std::size_t longest_form(TextSpec const& spec, std::string const& text)
{
    if (spec.place != TextPlace::row_title || spec.required.empty())
        return utf16_units(text);
    auto const shown = isolate_ltr(show_reference(std::string(longest_reference, '9'), "########"));
    return utf16_units(fill_template(text, {{"reference", shown}}));
}

void check_length(TextSpec const& spec, std::string const& text, std::string const& place, Problems& problems)
{
    auto const free_form = spec.place == TextPlace::body || spec.place == TextPlace::choice_body;
    if (spec.place == TextPlace::row_description && !spec.required.empty())
        return; // `render` shortens it: its subject is the customer's
    auto const limit = free_form ? longest_body : limit_of(spec.place);
    auto const units = longest_form(spec, text);
    if (units > limit)
        problems.push_back(place + ": " + std::to_string(units) + " UTF-16 units, at most " + std::to_string(limit) + " are possible");
}

void check_text(TextSpec const& spec, std::string const& text, std::string const& place, Problems& problems)
{
    if (text.empty()) {
        problems.push_back(place + ": missing");
        return;
    }
    auto const used = find_placeholders(text);
    if (!used) {
        problems.push_back(place + ": " + used.error().detail);
        return;
    }
    for (auto const& name : *used)
        if (!contains_word(spec.required, name) && !contains_word(spec.optional, name) && !contains_word(everywhere, name))
            problems.push_back(place + ": there is no placeholder {{" + name + "}} here");
    for (auto rest = spec.required; !rest.empty();) {
        auto const end = std::min(rest.find(' '), rest.size());
        if (!used->contains(rest.substr(0, end)))
            problems.push_back(place + ": the placeholder {{" + std::string{rest.substr(0, end)} + "}} is missing");
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    check_length(spec, text, place, problems);
}

void check_fixed(std::string const& text, std::string_view allowed, std::string const& place, Problems& problems)
{
    auto const used = find_placeholders(text);
    if (!used) {
        problems.push_back(place + ": " + used.error().detail);
        return;
    }
    for (auto const& name : *used)
        if (!contains_word(allowed, name))
            problems.push_back(place + ": there is no placeholder {{" + name + "}} here");
}

void check_plurals(LanguageTexts const& texts, Problems& problems)
{
    auto const needed = plural_categories(texts.language);
    for (auto const name : plural_names) {
        auto const place = texts.language + ".plurals." + std::string{name};
        auto const found = texts.plurals.find(name);
        if (found == texts.plurals.end() || !found->second.contains("other")) {
            problems.push_back(place + ": \"other\" is missing");
            continue;
        }
        for (auto const& [category, text] : found->second)
            check_fixed(text, "count", place + "." + category, problems);
        for (auto const& category : needed)
            if (!found->second.contains(category))
                problems.push_back(place + ": \"" + category + "\" is missing");
    }
}

} // namespace

void check_texts(LanguageTexts const& texts, Problems& problems)
{
    for (auto const& spec : text_specs())
        check_text(spec, texts.texts[static_cast<std::size_t>(spec.key)], texts.language + ".texts." + std::string{spec.name}, problems);
    for (auto const name : phrase_names) {
        auto const place = texts.language + ".phrases." + std::string{name};
        auto const found = texts.phrases.find(name);
        if (found == texts.phrases.end())
            problems.push_back(place + ": missing");
        else
            check_fixed(found->second, name == "day_and_time" ? "day time" : "", place, problems);
    }
    check_plurals(texts, problems);
    for (auto const command : {Command::status, Command::new_, Command::agent, Command::close, Command::help, Command::stop, Command::start})
        if (auto const words = texts.commands.find(command); words == texts.commands.end() || words->second.empty())
            problems.push_back(texts.language + ".commands." + std::string{render_command(command)} + ": missing");
}

CommandWords collect_words(std::vector<LanguageTexts> const& languages, std::vector<std::string> const& common_closers, Problems& problems)
{
    CommandWords words;
    auto const add = [&](LanguageTexts const& in, std::string const& word, Command command, std::string const& meant) {
        if (!words.add(word, command, meant))
            problems.push_back(in.language + ": \"" + word + "\" cannot mean " + std::string{render_command(command)}
                               + (meant.empty() ? "" : " " + meant) + ": it is no word, or means something else already");
    };
    for (auto const& in : languages)
        for (auto const& [command, spellings] : in.commands)
            for (auto const& word : spellings)
                add(in, word, command, {});
    for (auto const& in : languages)
        for (auto const& meant : languages) { // a language that is not enabled cannot be asked for
            add(in, meant.name, Command::language, meant.language);
            if (auto const names = in.language_names.find(meant.language); names != in.language_names.end())
                for (auto const& word : names->second)
                    add(in, word, Command::language, meant.language);
        }
    for (auto const& closer : common_closers)
        if (!words.add_closer(closer))
            problems.push_back("common: \"" + closer + "\" cannot close a chat");
    for (auto const& in : languages)
        for (auto const& closer : in.closers)
            if (!words.add_closer(closer))
                problems.push_back(in.language + ": \"" + closer + "\" cannot close a chat: it is no word, or a command");
    return words;
}

} // namespace deskbridge
