#include "contents.hpp"
#include "error_table.hpp"

#include "deskbridge/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace deskbridge::whatsapp {
namespace {

/// Kinds that are about an earlier message: they may never open or reopen anything.
constexpr std::array<std::string_view, 10> about_other_messages{
    "reaction", "edit", "message_edit", "edited", "revoke", "revoked", "delete", "pin", "keep_in_chat", "poll_update"};

constexpr std::size_t longest_type = 64;

bool is_nameless(std::string const& kind)
{
    return kind == "unsupported" || kind == "unknown" || kind == "errors";
}

/// Nobody asks a colleague to send it again: whoever has the phone can look there.
std::string sentence_of_phone(std::string const& kind)
{
    if (is_nameless(kind))
        return "Something was sent from the business phone that WhatsApp does not hand over.";
    return fmt::format("Something was sent from the business phone that cannot be shown here ({}).", kind);
}

std::string sentence_for(std::string const& kind, std::vector<ProviderError> const& errors)
{
    for (auto const& error : errors)
        if (auto const* row = find_error(error.code); row != nullptr && !row->received.empty())
            return std::string{row->received};
    if (is_nameless(kind))
        return "The customer sent something that WhatsApp does not hand over. Ask them to send it as text.";
    return fmt::format("The customer sent something that cannot be shown here ({}).", kind);
}

/// The type inside `unsupported`, which is an object, sometimes a plain text, sometimes missing.
std::string inner_type(Json const& node)
{
    auto inner = name_at(node, "/unsupported/type");
    return inner.empty() ? name_at(node, "/unsupported") : inner;
}

} // namespace

void become_placeholder(Json const& node, std::string const& type, Draft& draft)
{
    auto kind = type;
    auto content = "/" + type;
    if (type == "unsupported" || type == "unknown")
        if (auto inner = inner_type(node); !inner.empty())
            kind = inner;
    if (type == "interactive")
        if (auto inner = name_at(node, "/interactive/type"); !inner.empty()) {
            content += "/" + inner;
            kind = inner;
        }
    kind = shorten(clean_text(kind.empty() ? "unknown" : kind), longest_type);

    auto& message = draft.message;
    message.kind = MessageKind::placeholder;
    message.text =
        draft.from_phone ? sentence_of_phone(kind) : sentence_for(kind, read_errors(channel::node_at(node, "/errors")));
    // A kind that is not known has its object all the same, and mostly words in it.
    if (auto const* object = channel::object_at(node, content))
        if (auto const words = first_words(*object, {"/caption", "/body", "/text", "/title", "/name"}); !words.empty())
            message.text.append("\n").append(words);
    message.about_known_kind =
        std::find(about_other_messages.begin(), about_other_messages.end(), kind) != about_other_messages.end();
    // Only what users send opens it; whether that counts what is not handed over, Meta does not say: so as if it did not,
    // rather than promising a reply that is then refused. Source: developers.facebook.com, "Customer service windows" (2026-08).
    message.opens_no_window = message.about_known_kind || type == "unsupported" || type == "unknown";
    message.media.clear();
    message.choice_id.clear();
}

} // namespace deskbridge::whatsapp
