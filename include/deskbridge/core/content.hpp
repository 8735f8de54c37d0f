#pragma once

#include "deskbridge/core/ids.hpp"
#include "deskbridge/core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace deskbridge {

/// A reply button or a list's row: `id` comes back when the customer taps it.
struct Choice {
    std::string id;
    std::string title;
    std::string description; ///< rows only
    friend bool operator==(Choice const&, Choice const&) = default;
};

/// A list to choose from, behind one button.
struct ChoiceList {
    std::string button; ///< label of the button that opens it
    std::vector<Choice> rows;
    friend bool operator==(ChoiceList const&, ChoiceList const&) = default;
};

/// A message approved by the provider beforehand, for use outside the reply window.
struct TemplateCall {
    std::string name;
    std::string language;                ///< as the provider spells it: "de", "en_US"
    std::vector<std::string> parameters; ///< positional, body only
    std::string components{}; ///< JSON of all its filled places, made by the adapter's `fill_template`; then `parameters` is empty
    friend bool operator==(TemplateCall const&, TemplateCall const&) = default;
};

/// A file that goes to a customer, by reference: its bytes lie in the media folder, named by their hash.
struct OutboundFile {
    std::int64_t attachment{0}; ///< its number
    std::string file_name;      ///< as the agent's machine named it, without a path; may be empty
    std::string content_type;   ///< what its bytes say
    std::uint64_t size{0};      ///< bytes
    std::string sha256;         ///< lower hex
    std::string kind{};         ///< as what it goes: render_message_kind; "" until the channel's plan has said so
    std::string form{};         ///< what `form_of` says of its bytes
    friend bool operator==(OutboundFile const&, OutboundFile const&) = default;
};

/// What we want to tell a customer, in no channel's format. Text is final: escaped and in the right language.
struct OutboundContent {
    std::string text; ///< beside a file: its caption, which may be empty
    std::vector<Choice> buttons;
    std::optional<ChoiceList> list;
    std::optional<TemplateCall> template_call;
    std::optional<ExternalMessageId> quote;
    std::vector<OutboundFile> files{}; ///< of what a plan made: one at most
    bool asks_number{false}; ///< the customer is asked to share their phone number, by a tap
    std::string to_kind{}; ///< it goes to the customer's address of this kind alone; "": to the one where they are answered
    friend bool operator==(OutboundContent const&, OutboundContent const&) = default;
};

/// For the intent row: a stable JSON form, unknown keys refused on the way back.
[[nodiscard]] std::string render_content(OutboundContent const& content);
[[nodiscard]] Result<OutboundContent> parse_content(std::string_view json);

} // namespace deskbridge
