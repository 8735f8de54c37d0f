#pragma once

#include "access.hpp"
#include "ids.hpp"

#include "deskbridge/channel/adapter.hpp"

namespace deskbridge::whatsapp {

/// What may be sent as what. A file that is too big, or of no type, for its own kind goes as a document.
/// Source: developers.facebook.com, WhatsApp "Media", supported types and sizes (2026-10).
[[nodiscard]] std::vector<channel::FileRule> file_rules();

/// POST /{phone_number_id}/media. Its answer's id stands for the file for 30 days, for this number alone.
/// Source: the same, "Upload media" (2026-10).
[[nodiscard]] channel::Step upload_file(channel::Account const& account, Access const& access, OutboundFile const& file);

/// The id in the answer to an upload, with a day less than it lives; nullopt: there is none.
[[nodiscard]] std::optional<channel::Uploaded> uploaded_in(HttpResponse const& response);

/// What an answer to an upload without an id means: nothing was sent, whatever it was.
[[nodiscard]] Outcome outcome_of_upload(HttpResponse const& response);

/// Does the answer to a send say that the file's id is none, any more? (Most such news come later, in a failed status.)
[[nodiscard]] bool is_file_refused(HttpResponse const& response);

/// The message object of a file by its id.
void set_file(OutboundContent const& content, std::string const& id, Json& body);

} // namespace deskbridge::whatsapp
