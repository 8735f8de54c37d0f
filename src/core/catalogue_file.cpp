#include "catalogue_file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace deskbridge {
namespace {

using nlohmann::json;

/// Reads one language's part; knows where it is, for the problems.
class CatalogueReader {
public:
    CatalogueReader(LanguageTexts& into, Problems& problems) : into_{into}, problems_{problems} {}

    void read(json const& root)
    {
        if (!root.is_object())
            return problem("", "an object is expected");
        for (auto const& [section, value] : root.items()) {
            if (section == "name")
                read_string(section, value, into_.name);
            else if (section == "closers")
                read_words(section, value, into_.closers);
            else if (value.is_object())
                read_section(section, value);
            else
                problem(section, "unknown key, or not an object");
        }
    }

private:
    void read_section(std::string const& section, json const& value)
    {
        if (section == "texts")
            each(section, value, &CatalogueReader::read_text);
        else if (section == "phrases")
            each(section, value, &CatalogueReader::read_phrase);
        else if (section == "plurals")
            each(section, value, &CatalogueReader::read_plural);
        else if (section == "commands")
            each(section, value, &CatalogueReader::read_command);
        else if (section == "language_names")
            each(section, value, &CatalogueReader::read_language_name);
        else
            problem(section, "unknown key");
    }

    void each(std::string const& section, json const& value, void (CatalogueReader::*read_one)(std::string const&, std::string const&, json const&))
    {
        for (auto const& [key, one] : value.items())
            (this->*read_one)(section + "." + key, key, one);
    }

    void read_text(std::string const& place, std::string const& key, json const& value)
    {
        auto const found = parse_text_key(key);
        if (!found)
            return problem(place, "there is no such text");
        read_string(place, value, into_.texts[static_cast<std::size_t>(*found)]);
    }

    void read_phrase(std::string const& place, std::string const& key, json const& value)
    {
        if (std::find(std::begin(phrase_names), std::end(phrase_names), key) == std::end(phrase_names))
            return problem(place, "there is no such phrase");
        read_string(place, value, into_.phrases[key]);
    }

    void read_plural(std::string const& place, std::string const& key, json const& value)
    {
        if (std::find(std::begin(plural_names), std::end(plural_names), key) == std::end(plural_names))
            return problem(place, "there is no such counted phrase");
        if (!value.is_object())
            return problem(place, "an object with \"one\", \"other\", … is expected");
        static constexpr std::string_view categories[] = {"zero", "one", "two", "few", "many", "other"};
        for (auto const& [category, text] : value.items()) {
            if (std::find(std::begin(categories), std::end(categories), category) == std::end(categories))
                problem(place + "." + category, "there is no such plural category");
            else
                read_string(place + "." + category, text, into_.plurals[key][category]);
        }
    }

    void read_command(std::string const& place, std::string const& key, json const& value)
    {
        auto const command = parse_command(key);
        if (!command || *command == Command::language)
            return problem(place, "there is no such command");
        read_words(place, value, into_.commands[*command]);
    }

    void read_language_name(std::string const& place, std::string const& key, json const& value)
    {
        auto const known = built_in_languages();
        if (std::find(known.begin(), known.end(), key) == known.end())
            return problem(place, "there is no catalogue for this language");
        read_words(place, value, into_.language_names[key]);
    }

    void read_string(std::string const& place, json const& value, std::string& into)
    {
        if (auto const* text = value.get_ptr<std::string const*>(); text != nullptr && !text->empty())
            into = *text;
        else
            problem(place, "a text is expected");
    }

    void read_words(std::string const& place, json const& value, std::vector<std::string>& into)
    {
        if (!value.is_array())
            return problem(place, "a list of words is expected");
        for (auto const& word : value) {
            auto const* text = word.get_ptr<std::string const*>();
            if (text == nullptr)
                problem(place, "a list of words is expected");
            else if (std::find(into.begin(), into.end(), *text) == into.end())
                into.push_back(*text);
        }
    }

    void problem(std::string const& place, std::string_view what)
    {
        problems_.push_back(into_.language + (place.empty() ? "" : "." + place) + ": " + std::string{what});
    }

    LanguageTexts& into_;
    Problems& problems_;
};

} // namespace

void apply_catalogue(std::string_view text, LanguageTexts& into, Problems& problems)
{
    auto const root = json::parse(text, nullptr, false);
    if (root.is_discarded())
        problems.push_back(into.language + ": not JSON");
    else
        CatalogueReader{into, problems}.read(root);
}

void apply_overrides(std::string_view text, std::vector<LanguageTexts>& into, Problems& problems)
{
    auto const root = json::parse(text, nullptr, false);
    if (!root.is_object()) {
        problems.emplace_back("the overrides are not a JSON object");
        return;
    }
    auto const known = built_in_languages();
    for (auto const& [language, part] : root.items()) {
        auto const enabled = std::find_if(into.begin(), into.end(), [&](LanguageTexts const& texts) { return texts.language == language; });
        if (enabled != into.end()) {
            CatalogueReader{*enabled, problems}.read(part);
        } else if (std::find(known.begin(), known.end(), language) != known.end()) {
            LanguageTexts forgotten;
            forgotten.language = language;
            CatalogueReader{forgotten, problems}.read(part);
        } else {
            problems.push_back(language + ": there is no catalogue for this language");
        }
    }
}

std::vector<std::string> parse_common_closers(std::string_view text)
{
    std::vector<std::string> closers;
    auto const root = json::parse(text, nullptr, false);
    if (root.is_object() && root.contains("closers"))
        for (auto const& word : root["closers"])
            if (auto const* closer = word.get_ptr<std::string const*>())
                closers.push_back(*closer);
    return closers;
}

} // namespace deskbridge
