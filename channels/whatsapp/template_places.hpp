#pragma once

#include "deskbridge/channel/adapter.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::whatsapp {

/// The names or numbers between {{ and }}, in their order, each once.
[[nodiscard]] std::vector<std::string> placeholders_of(std::string_view text);

/// The text with these values in its places; a value's own braces are left alone.
[[nodiscard]] std::string fill_places(std::string_view text, TemplateValues const& values);

/// Values on their way into a template's places: which were asked for, and every mistake, as sentences for an agent.
/// Source: developers.facebook.com, WhatsApp "Message templates", "Parameter format" (2026-08): no line break, no tab, at most four
/// spaces in a row, not empty.
class Places {
public:
    explicit Places(TemplateValues const& values) : values_{values} {}

    [[nodiscard]] std::string required(std::string const& key); ///< "" if it is missing, which is a mistake
    [[nodiscard]] std::string of_body(std::string const& key);  ///< the same, among the words
    [[nodiscard]] std::optional<std::string> optional(std::string const& key);
    /// A decimal number from -bound to bound.
    [[nodiscard]] double required_number(std::string const& key, double bound);
    void check_length(std::string_view what, std::string const& text, std::size_t max_units);
    void refuse(std::string sentence);

    /// What was asked for so far.
    [[nodiscard]] std::vector<channel::TemplatePlace> const& asked() const noexcept { return asked_; }
    /// All mistakes, those about values that nothing asked for included; "" if there are none. Call it last.
    [[nodiscard]] std::string finish();

private:
    [[nodiscard]] std::string const* find(channel::TemplatePlace place);
    [[nodiscard]] std::string checked(channel::TemplatePlace const& place);
    void check_form(std::string const& key, std::string const& value);

    TemplateValues const& values_;
    std::vector<channel::TemplatePlace> asked_;
    std::vector<std::string> mistakes_;
};

} // namespace deskbridge::whatsapp
