#pragma once

#include "book.hpp"

#include "deskbridge/core/result.hpp"

namespace deskbridge::simulator {

/// Type and content of a message, in the provider's shape.
struct Written {
    std::string type;
    Json content;
};

/// What an order `{type, content}`, or `{body}` for a text, says; of media `{id, caption?, filename?, voice?}`, to which is added what is
/// known of the file. Errors: malformed (a text without words), not_found (the file).
[[nodiscard]] Result<Written> written_in(Json const& order, Book const& book);

[[nodiscard]] bool is_media(std::string_view type);

} // namespace deskbridge::simulator
