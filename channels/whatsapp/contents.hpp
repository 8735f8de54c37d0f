#pragma once

#include "ids.hpp"

#include "deskbridge/core/inbound.hpp"

namespace deskbridge::whatsapp {

/// A message while it is being read: `details` gathers what has no field, and becomes JSON at the end.
struct Draft {
    InboundMessage message;
    Json details = Json::object();
    bool from_phone{false}; ///< an echo: nothing that the customer did
};

/// Fills in what a message of this type says. False: not of a kind, or not of the shape, that we understand; the draft may
/// then be half filled and is for a placeholder.
/// Source: developers.facebook.com, WhatsApp "messages webhook reference", one page per type (2026-08).
[[nodiscard]] bool read_content(Json const& node, std::string const& type, Draft& draft);

/// Makes the draft a visible placeholder for `type`, or for the type that Meta names inside `unsupported`.
void become_placeholder(Json const& node, std::string const& type, Draft& draft);

// The parts of read_content, one per file.
[[nodiscard]] bool read_media(Json const& node, std::string const& type, Draft& draft);
[[nodiscard]] bool read_interactive(Json const& node, Draft& draft);
[[nodiscard]] bool read_template_button(Json const& node, Draft& draft);
[[nodiscard]] bool read_cards(Json const& node, Draft& draft);
[[nodiscard]] bool read_order(Json const& node, Draft& draft);

/// The advert or post from which somebody wrote; nullopt: it says nothing of it. Source: the same, "messages from ads" (2026-08).
[[nodiscard]] std::optional<Referral> read_referral(Json const& referral);

using channel::words_at;

/// The first of these places that holds any.
[[nodiscard]] std::string first_words(Json const& node, std::initializer_list<std::string_view> places);

/// Meta's words are in capitals here and there; ours are not. "" if it is absent.
[[nodiscard]] std::string lower_word_at(Json const& node, std::string_view pointer);

constexpr std::size_t longest_words = 300; ///< of what Meta says in its own, in UTF-16 units
/// What Meta says there, no longer than that.
[[nodiscard]] std::string told_at(Json const& node, std::string_view pointer);

/// `errors[]` in our words. Codes come as numbers and, for groups, as text; old shapes have `details` at the top.
[[nodiscard]] std::vector<ProviderError> read_errors(Json const* errors);

} // namespace deskbridge::whatsapp
