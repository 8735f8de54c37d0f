#include "fuzz/target.hpp"

#include "core/text_template.hpp"
#include "deskbridge/core/text.hpp"

namespace deskbridge::fuzz {
namespace {

/// A text with placeholders: what is accepted can be filled, with just the names that it was accepted for.
void check_template(std::string const& text)
{
    auto const names = find_placeholders(text);
    if (!names)
        return;
    TextValues values;
    for (auto const& name : *names)
        values[name] = "\x01";
    auto const filled = fill_template(text, values);
    must(filled.find("{{") == std::string::npos || filled.find('\x01') != std::string::npos || names->empty(),
         "a placeholder is left");
    must(!names->empty() || filled == text, "a text without placeholders is changed");
    (void)fill_template(text, {});
}

TextValues some_values()
{
    TextValues values;
    for (auto const* name : {"subject", "status", "step", "next", "when", "within", "summary", "agent", "name", "count"})
        values[name] = "*words* {{name}}";
    for (auto const* name : {"reference", "references", "earlier", "into"})
        values[name] = "48219376";
    return values;
}

/// An account's texts: refused with reasons, or every one of them can be told within its limit.
void check_overrides(std::string_view json)
{
    CatalogueSettings settings;
    settings.languages = {"en", "ar"};
    settings.overrides = json;
    auto const loaded = Catalogue::load(settings);
    if (!loaded) {
        must(!loaded.error().detail.empty(), "texts are refused without a reason");
        return;
    }
    for (auto const& language : settings.languages) {
        for (auto const& spec : text_specs()) {
            auto const told = loaded->render(spec.key, language, some_values());
            must(utf16_units(told) <= limit_of(spec.place), "a text is beyond its limit");
            must(!first_malformed(told), "a text is not UTF-8");
        }
        auto const now = from_ms(1'767'571'200'000);
        must(!loaded->render_when(from_ms(0), now, language).empty() &&
             !loaded->render_within(std::chrono::minutes{90}, language).empty(), "a time without words");
    }
}

} // namespace

/// An account's texts (JSON), or one text alone.
void catalogue(std::string_view input)
{
    if (input.starts_with('{') && !input.starts_with("{{"))
        check_overrides(input);
    else
        check_template(std::string{input});
}

} // namespace deskbridge::fuzz
