#pragma once

#include "deskbridge/channel/adapter.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::channel {

/// The messages that `content` becomes within these limits: a text is cut; what does not fit into the body before buttons or
/// a list goes ahead; more buttons than there may be become rows, more rows several lists; labels are shortened and stay
/// distinct. Each file becomes a message, of the kind that the first fitting rule names; the text is the caption of the first
/// if that has one and it fits, else it goes ahead. The quote stands on the first. A template call passes as it is.
/// Pure; any thread.
[[nodiscard]] std::vector<OutboundContent> plan_messages(OutboundContent const& content, Capabilities const& can);

/// The rule that this file goes by; null: the channel does not take it.
[[nodiscard]] FileRule const* rule_of(OutboundFile const& file, Capabilities const& can) noexcept;

/// Why these files cannot go to a customer on this channel, as a sentence for the agent that says what could; "": they can.
/// Pure; any thread.
[[nodiscard]] std::string objection_to_files(std::vector<OutboundFile> const& files, Capabilities const& can);

/// One field of a form that holds no file.
struct FormField {
    std::string name;
    std::string value;
};

/// Gives `step` a multipart/form-data body: these fields, then the file as `field`, with its name and content type. The
/// boundary is made of the file's own hash, which no file can contain. Pure; any thread.
/// Source: RFC 7578 4; RFC 2046 5.1.1; for the file's name WHATWG, "HTML" 4.10.21.8 (2026-11).
void put_form(Step& step, std::vector<FormField> const& fields, std::string_view field, OutboundFile const& file);

} // namespace deskbridge::channel
