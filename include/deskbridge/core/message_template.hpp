#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deskbridge {

/// A message that the provider has approved, or not, for use outside the reply window, as its list tells it.
/// A template is known by its name and its language.
struct MessageTemplate {
    std::string external_id; ///< the provider's; only its adapter looks into it
    std::string name;
    std::string language;    ///< as the provider spells it: "de", "en_US"
    std::string category;    ///< the provider's word in lower case: "utility", "marketing", …
    std::string status;      ///< the same: "approved", "paused", "rejected", …; see `usable`
    std::string quality;     ///< the same: "green", "yellow", "red"; empty: unknown
    std::string reason;      ///< why it was rejected or paused, in the provider's words; may be empty
    bool named{false};       ///< its parameters have names; else they are numbered from 1
    std::string components{"[]"}; ///< JSON array of its parts, as the provider describes them
    friend bool operator==(MessageTemplate const&, MessageTemplate const&) = default;
};

/// What a webhook says about one template. What it does not speak of is nullopt.
struct TemplateChange {
    std::string external_id; ///< may be empty; then name and language tell
    std::string name;
    std::string language;
    std::optional<std::string> category{};
    std::optional<std::string> status{};
    std::optional<std::string> quality{};
    std::optional<std::string> reason{};
    std::string components{}; ///< JSON array of those that are different now; empty: none
    friend bool operator==(TemplateChange const&, TemplateChange const&) = default;
};

/// May it be sent? Only what the provider calls approved.
[[nodiscard]] bool usable(MessageTemplate const& one) noexcept;

/// Is it marketing by the provider's word? Of that a customer may want none.
[[nodiscard]] bool is_marketing(MessageTemplate const& one) noexcept;
inline constexpr std::string_view no_marketing_wanted = "The customer does not want marketing messages from this number.";
inline constexpr std::string_view no_marketing_after_stop = "The customer said stop: no marketing is sent until they say start.";

/// Why it may not be sent and what to do next, as sentences for an agent; empty if it may.
[[nodiscard]] std::string explain_unusable(MessageTemplate const& one);

/// The parts of a template after a webhook that tells some of them anew: each replaces those of its "type", new ones come
/// behind. What is no JSON array leaves `components` as they are.
[[nodiscard]] std::string merge_components(std::string const& components, std::string const& changed);

/// What an agent wants in a template's places, by key, in the order given. The adapter says which keys there are.
using TemplateValues = std::vector<std::pair<std::string, std::string>>;

/// What a store knows of one name.
struct KnownTemplates {
    bool listed{false};                   ///< the account's list was complete once
    std::vector<MessageTemplate> named{}; ///< all languages, deleted ones too
};

/// The template to send of those that there are: in `language`, or, if that is empty, the only one of its name.
struct TemplateChoice {
    MessageTemplate const* found{nullptr};
    std::string problem{}; ///< a sentence for an agent, if there is none
};
[[nodiscard]] TemplateChoice choose_template(std::vector<MessageTemplate> const& all, std::string_view name, std::string_view language);

} // namespace deskbridge
