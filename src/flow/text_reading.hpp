#pragma once

#include "deskbridge/channel/account_context.hpp"
#include "deskbridge/core/inbound.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deskbridge::flow {

/// What a customer's words say by themselves, whatever the database holds.
struct TextReading {
    std::optional<std::string> language; ///< as `leading_language`: only another one than before is worth a closer look
    bool closer{false};                  ///< as `closes`
};

/// Of each event, at its place. Nullopt: it has no words, or comes after many that have: then they are read when it takes effect.
using TextReadings = std::vector<std::optional<TextReading>>;

/// For before the transaction: all webhooks wait for the writer's thread, and few for the reactor's.
/// @param accounts  of the hook
[[nodiscard]] TextReadings read_ahead(std::vector<InboundEvent> const& events, std::vector<channel::AccountContext const*> const& accounts);

/// Whom of the hook's accounts an event is for; null: none.
[[nodiscard]] channel::AccountContext const* account_of(std::vector<channel::AccountContext const*> const& accounts, InboundEvent const& event);

/// Nothing but "thanks" and its kin, or a sticker. @param kind  as in message.kind.
[[nodiscard]] bool closes(Catalogue const& catalogue, std::string_view kind, std::string_view text);
/// Words that could be an order: a caption belongs to its file.
[[nodiscard]] bool has_words(std::string_view kind);

} // namespace deskbridge::flow
