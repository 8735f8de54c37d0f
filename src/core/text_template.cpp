#include "text_template.hpp"

#include <kainjow/mustache.hpp>

#include <vector>

namespace deskbridge {
namespace {

std::string_view trim(std::string_view text) noexcept
{
    auto const first = text.find_first_not_of(" \t\n");
    return first == std::string_view::npos ? std::string_view{} : text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

bool is_name(std::string_view text) noexcept
{
    return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

} // namespace

Result<PlaceholderNames> find_placeholders(std::string const& text)
{
    PlaceholderNames names;
    std::vector<std::string_view> open_sections;
    for (auto open = text.find("{{"); open != std::string::npos; open = text.find("{{", open)) {
        auto const close = text.find("}}", open + 2);
        if (close == std::string::npos)
            return Error{Fault::malformed, "\"{{\" without \"}}\""};
        auto const tag = trim(std::string_view{text}.substr(open + 2, close - open - 2));
        auto const kind = tag.empty() || is_name(tag) ? ' ' : tag.front();
        auto const name = kind == ' ' ? tag : trim(tag.substr(1));
        if (!is_name(name) || std::string_view{" #^/"}.find(kind) == std::string_view::npos)
            return Error{Fault::malformed, "\"{{" + std::string{tag} + "}}\" is no placeholder"};
        if (kind == '#' || kind == '^')
            open_sections.push_back(name);
        if (kind == '/') {
            if (open_sections.empty() || open_sections.back() != name)
                return Error{Fault::malformed, "\"{{/" + std::string{name} + "}}\" closes nothing"};
            open_sections.pop_back();
        }
        names.emplace(name);
        open = close + 2;
    }
    if (!open_sections.empty())
        return Error{Fault::malformed, "\"{{#" + std::string{open_sections.back()} + "}}\" is not closed"};
    return names;
}

std::string fill_template(std::string const& text, TextValues const& values)
{
    kainjow::mustache::mustache parsed{text};
    parsed.set_custom_escape([](std::string const& value) { return value; });
    kainjow::mustache::data data{kainjow::mustache::data::type::object};
    for (auto const& [name, value] : values)
        if (!value.empty() && text.find(name) != std::string::npos)
            data.set(name, value);
    return parsed.render(data);
}

} // namespace deskbridge
