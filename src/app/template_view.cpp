#include "template_view.hpp"

#include "answers.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;
using Lines = std::vector<std::string>;

/// A list within an object; empty if there is none.
ordered_json const& list_at(ordered_json const& object, char const* key)
{
    static ordered_json const none = ordered_json::array();
    auto const found = object.find(key);
    return found != object.end() && found->is_array() ? *found : none;
}

void add_header(ordered_json const& part, Lines& into)
{
    auto const format = text(part, "format");
    into.push_back(text(part, "text").empty() ? fmt::format("(header: {})", safe(format.empty() ? "empty" : format)) : safe(text(part, "text")));
}

void add_body(ordered_json const& part, Lines& into)
{
    if (!text(part, "text").empty())
        into.push_back(safe(text(part, "text"), false));
    if (yes(part, "add_security_recommendation"))
        into.emplace_back("(with the advice not to share the code)");
}

void add_footer(ordered_json const& part, Lines& into)
{
    if (!text(part, "text").empty())
        into.push_back(safe(text(part, "text")));
    if (auto const minutes = number(part, "code_expiration_minutes"); minutes > 0)
        into.push_back(fmt::format("(the code ends after {})", counted(minutes, "minute", "minutes")));
}

void add_offer(ordered_json const& part, Lines& into)
{
    auto const offer = part.find("limited_time_offer");
    if (offer == part.end() || !offer->is_object())
        into.emplace_back("(limited-time offer)");
    else
        into.push_back(fmt::format("(limited-time offer: {}{})", safe(text(*offer, "text")), yes(*offer, "has_expiration") ? ", with its end" : ""));
}

/// What a tap does.
std::string effect_of(ordered_json const& button)
{
    auto const type = text(button, "type");
    if (type == "URL")
        return "opens " + text(button, "url");
    if (type == "PHONE_NUMBER")
        return "calls " + text(button, "phone_number");
    if (type == "QUICK_REPLY")
        return "answers";
    if (type == "COPY_CODE")
        return "copies a code";
    if (type == "FLOW")
        return "opens a form";
    if (type == "OTP")
        return text(button, "otp_type") == "COPY_CODE" ? "copies the code" : "fills the code in: " + text(button, "otp_type");
    return type;
}

void add_buttons(ordered_json const& part, Lines& into)
{
    for (auto const& button : list_at(part, "buttons"))
        into.push_back(fmt::format("[{}] {}", safe(text(button, "text")), safe(effect_of(button))));
}

void add_part(ordered_json const& part, Lines& into);

void add_cards(ordered_json const& part, Lines& into)
{
    std::size_t number = 0;
    for (auto const& card : list_at(part, "cards")) {
        into.push_back(fmt::format("(card {})", ++number));
        Lines lines;
        for (auto const& inner : list_at(card, "components"))
            if (text(inner, "type") != "CAROUSEL") // cards hold no cards
                add_part(inner, lines);
        for (auto const& line : lines)
            into.push_back("  " + line);
    }
}

void add_part(ordered_json const& part, Lines& into)
{
    auto const type = text(part, "type");
    if (type == "HEADER")
        add_header(part, into);
    else if (type == "BODY")
        add_body(part, into);
    else if (type == "FOOTER")
        add_footer(part, into);
    else if (type == "LIMITED_TIME_OFFER")
        add_offer(part, into);
    else if (type == "BUTTONS")
        add_buttons(part, into);
    else if (type == "CAROUSEL")
        add_cards(part, into);
    else
        into.push_back(fmt::format("({})", safe(type.empty() ? "part without a type" : type)));
}

} // namespace

Lines component_lines(ordered_json const& components)
{
    Lines lines;
    if (components.is_array())
        for (auto const& part : components)
            if (part.is_object())
                add_part(part, lines);
    return lines;
}

} // namespace deskbridge::app
