#pragma once

#include "reading.hpp"

#include "deskbridge/channel/adapter.hpp"

namespace deskbridge::whatsapp {

/// A page of GET /{waba_id}/message_templates. The cursor is the number of the token that is asked with, ':', and Meta's own.
/// Source: developers.facebook.com, WhatsApp "Message templates", "Get templates" (2026-08).
[[nodiscard]] Result<HttpRequest> ask_templates(channel::Account const& account, std::string_view cursor);
[[nodiscard]] channel::TemplatePage read_templates(channel::Account const& account, std::string_view cursor, HttpResponse const& answer);

/// What a field about a template says of it: its status, quality, category or parts. nullopt: another field, or it names no template, or
/// tells nothing that the list holds (FLAGGED, LOCKED).
/// Source: developers.facebook.com, WhatsApp "message_template_status_update webhook reference" and its kin (2026-08).
[[nodiscard]] std::optional<TemplateChange> read_template_change(Change const& change);

/// The template with its places filled. Keys: the names or numbers of the body; `header` (a text, or an https link to a file),
/// `header.filename` of a document, `header.latitude`, `.longitude`, `.name`, `.address` of a place; `button.1` and so on: the
/// end of a link, the code to copy, what a quick reply sends back, the token of a flow; `offer.ends`: when an offer ends.
/// Errors: malformed; every mistake as a sentence.
/// Source: developers.facebook.com, WhatsApp "Message templates", "Template components", "Authentication templates", "Limited-time
/// offer templates", "Coupon code templates" (2026-08).
/// @param known   a template with a code needs a phone among them, and goes to that.
/// @param header  the header's file, in place of a link; nullptr: none.
[[nodiscard]] Result<OutboundContent> fill_template(MessageTemplate const& one, TemplateValues const& values, std::vector<Address> const& known,
                                                    OutboundFile const* header);

/// Those keys that this template has a place for.
[[nodiscard]] std::vector<channel::TemplatePlace> template_places(MessageTemplate const& one);

} // namespace deskbridge::whatsapp
