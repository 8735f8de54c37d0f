#pragma once

#include "deskbridge/core/ids.hpp"
#include "deskbridge/core/result.hpp"

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

/// What we want to tell a customer, in no channel's format. Text is final: escaped and in the right language.
struct OutboundContent {
    std::string text;
    std::vector<Choice> buttons;
    std::optional<ChoiceList> list;
    std::optional<TemplateCall> template_call;
    std::optional<ExternalMessageId> quote;
    friend bool operator==(OutboundContent const&, OutboundContent const&) = default;
};

/// For the intent row: a stable JSON form, unknown keys refused on the way back.
[[nodiscard]] std::string render_content(OutboundContent const& content);
[[nodiscard]] Result<OutboundContent> parse_content(std::string_view json);

} // namespace deskbridge
