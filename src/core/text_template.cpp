#include "text_template.hpp"

#include <kainjow/mustache.hpp>

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
    for (auto open = text.find("{{"); open != std::string::npos; open = text.find("{{", open)) {
        auto const close = text.find("}}", open + 2);
        if (close == std::string::npos)
            return Error{Fault::malformed, "\"{{\" without \"}}\""};
        auto tag = trim(std::string_view{text}.substr(open + 2, close - open - 2));
        if (!tag.empty() && std::string_view{"#^/"}.find(tag.front()) != std::string_view::npos)
            tag = trim(tag.substr(1));
        if (!is_name(tag))
            return Error{Fault::malformed, "\"{{" + std::string{tag} + "}}\" is no placeholder"};
        names.emplace(tag);
        open = close + 2;
    }
    kainjow::mustache::mustache const parsed{text};
    if (!parsed.is_valid())
        return Error{Fault::malformed, parsed.error_message()};
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
