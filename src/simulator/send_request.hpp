#pragma once

#include "graph_error.hpp"
#include "json_reading.hpp"

#include <string>
#include <variant>
#include <vector>

namespace deskbridge::simulator {

/// Whom a send is for, and in which of the provider's forms it was said.
struct Recipient {
    enum class Form {
        phone,           ///< `to`, digits
        user_id,         ///< `recipient`, a business-scoped user id
        user_id_as_phone, ///< a user id put into `to`: taken, and never delivered
        group             ///< `to` with recipient_type group
    };
    Form form{Form::phone};
    std::string input; ///< as the client wrote it
    std::string value; ///< digits, the user id, or the group's id
};

/// A message to send whose form is right.
struct SendRequest {
    Recipient recipient;
    std::string type;
    Json content;
    std::string quoted;        ///< message id; empty: none
    std::string callback_data; ///< biz_opaque_callback_data
};

/// The customer's messages up to this one were read; `typing`: and an answer is being written.
struct MarkRead {
    std::string message_id;
    bool typing{false};
};

using Reading = std::variant<GraphError, SendRequest, MarkRead>;

/// Reads the body of POST /{phone number id}/messages and checks its form: required members, types, limits.
/// Threads: pure; any thread.
/// Source: Meta, WhatsApp Cloud API reference, "Messages", read 2026-10. Texts are counted in UTF-16 units.
[[nodiscard]] Reading read_send(std::string_view body);

/// A file that a message refers to by the id of an upload, and as what.
struct MediaUse {
    std::string as; ///< image, document, …
    std::string id;
};
/// Also those in a header, of a template too.
[[nodiscard]] std::vector<MediaUse> media_used_by(SendRequest const& send);

} // namespace deskbridge::simulator
