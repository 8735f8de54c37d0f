#include "contents.hpp"
#include "reading.hpp"

#include "deskbridge/core/text.hpp"

#include <fmt/format.h>

namespace deskbridge::signed_http {
namespace {

constexpr std::size_t longest_kind = 64;

/// The message's own word; when that is missing, what it carries tells.
std::string kind_of(Json const& data)
{
    if (auto kind = channel::text_at(data, "/kind"); kind && !kind->empty())
        return *kind;
    for (std::string_view const kind : {"location", "contacts", "order"})
        if (channel::node_at(data, "/" + std::string{kind}) != nullptr)
            return std::string{kind};
    if (channel::node_at(data, "/choice") != nullptr)
        return "button";
    if (channel::node_at(data, "/answers") != nullptr)
        return "flow";
    return channel::node_at(data, "/media") != nullptr ? "document" : "text";
}

void become_placeholder(std::string const& kind, Draft& draft)
{
    auto& message = draft.message;
    auto const words = message.text;
    auto const named = one_line(kind);
    message.kind = MessageKind::placeholder;
    message.text = fmt::format("The customer sent something that cannot be shown here ({}).",
                               named.empty() ? "unknown" : shorten(named, longest_kind));
    if (!words.empty())
        message.text.append("\n").append(words);
    message.media.clear();
    message.choice_id.clear();
}

void finish(Json const& data, Draft& draft)
{
    if (auto quoted = channel::id_at(data, "/reply_to"); !quoted.empty())
        draft.message.quoted = ExternalMessageId{std::move(quoted)};
    if (auto const* details = channel::object_at(data, "/details"))
        draft.details["details"] = *details;
    if (!draft.details.empty())
        draft.message.details = channel::render_details(draft.details);
}

std::optional<Draft> begin(EventNode const& node, std::string_view person)
{
    auto sender = person_at(node.data, person);
    if (!sender || node.id.empty())
        return std::nullopt;
    Draft draft;
    draft.message.id = ExternalMessageId{node.id};
    draft.message.sender = std::move(*sender);
    draft.message.group = channel::id_at(node.data, "/group");
    draft.message.sent_at = node.at;
    return draft;
}

} // namespace

std::optional<EventBody> read_message(EventNode const& node)
{
    bool const echoed = node.type == "message.echoed";
    auto draft = begin(node, echoed ? "/to" : "/from");
    if (!draft)
        return std::nullopt;
    auto const kind = kind_of(node.data);
    if (!read_content(node.data, kind, *draft))
        become_placeholder(kind, *draft);
    finish(node.data, *draft);
    if (!echoed)
        return std::move(draft->message);
    Echo echo{std::move(draft->message), {}};
    echo.to = std::move(echo.message.sender.addresses);
    echo.message.sender = person_at(node.data, "/from").value_or(Sender{});
    return echo;
}

std::optional<EventBody> read_unknown_message(EventNode const& node)
{
    auto draft = begin(node, "/from");
    if (!draft)
        return std::nullopt;
    draft->message.text = channel::words_at(node.data, "/text");
    become_placeholder(node.type, *draft);
    finish(node.data, *draft);
    return std::move(draft->message);
}

} // namespace deskbridge::signed_http
