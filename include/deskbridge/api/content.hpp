#pragma once

#include "deskbridge/async/pool.hpp"
#include "deskbridge/net/http_server.hpp"
#include "deskbridge/store/attachment.hpp"
#include "deskbridge/store/media_folder.hpp"

namespace deskbridge::api {

/// A file of a message as an answer, piece by piece off the disk. It is never shown in place: whatever it is, a browser stores it
/// and runs nothing of it (attachment, nosniff, a sandbox without origin).
///
/// Errors: a problem when the file is not where it should lie. `pool` must outlive the answer.
[[nodiscard]] boost::asio::awaitable<net::Reply> content_of(store::Attachment const& attachment, store::MediaFolder const& folder,
                                                            async::Pool& pool);

/// `attachment; filename="…"; filename*=UTF-8''…`: safe whatever the customer's device called it.
/// Source: RFC 6266 4.3 and appendix D; RFC 8187.
[[nodiscard]] std::string render_disposition(std::string_view file_name);

} // namespace deskbridge::api
