#include "deskbridge/core/choice_payload.hpp"

#include <charconv>
#include <vector>

namespace deskbridge {
namespace {

constexpr std::string_view row_mark = "db.row.";
constexpr std::string_view verb_mark = "db.do.";
constexpr std::string_view ticket_verb = "ticket";

template <class Number>
std::optional<Number> number_of(std::string_view text)
{
    Number value{};
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (ec != std::errc{} || end != text.data() + text.size() || value < 0)
        return std::nullopt;
    return value;
}

std::optional<ChoicePayload> parse_row(std::string_view text)
{
    auto const dot = text.rfind('.');
    if (dot == std::string_view::npos || dot == 0)
        return std::nullopt;
    auto const row = number_of<int>(text.substr(dot + 1));
    if (!row)
        return std::nullopt;
    return OfferedRow{std::string{text.substr(0, dot)}, *row};
}

std::optional<ChoicePayload> parse_verb(std::string_view text)
{
    auto const dot = text.find('.');
    auto const word = text.substr(0, dot);
    auto const rest = dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
    OrderedVerb verb;
    verb.command = parse_command(word);
    if (!verb.command && word != ticket_verb)
        return std::nullopt;
    if (verb.command == Command::language) {
        verb.language = rest;
        return rest.empty() ? std::nullopt : std::optional<ChoicePayload>{verb};
    }
    if (!rest.empty()) {
        auto const ticket = number_of<std::int64_t>(rest);
        if (!ticket)
            return std::nullopt;
        verb.ticket = TicketId{*ticket};
    }
    if (!verb.command && !verb.ticket)
        return std::nullopt;
    return verb;
}

} // namespace

std::string render_payload(ChoicePayload const& payload)
{
    if (auto const* row = std::get_if<OfferedRow>(&payload))
        return std::string{row_mark} + row->nonce + '.' + std::to_string(row->row);
    auto const& verb = std::get<OrderedVerb>(payload);
    std::string text{verb_mark};
    text += verb.command ? render_command(*verb.command) : ticket_verb;
    if (!verb.language.empty())
        text += '.' + verb.language;
    else if (verb.ticket)
        text += '.' + std::to_string(verb.ticket.value);
    return text;
}

std::optional<ChoicePayload> parse_payload(std::string_view text)
{
    if (text.starts_with(row_mark))
        return parse_row(text.substr(row_mark.size()));
    if (text.starts_with(verb_mark))
        return parse_verb(text.substr(verb_mark.size()));
    return std::nullopt;
}

} // namespace deskbridge
