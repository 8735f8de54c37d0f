#pragma once

#include "deskbridge/core/customer_texts.hpp"
#include "deskbridge/flow/effects.hpp"
#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/ticket.hpp"

#include <string>
#include <utility>

namespace deskbridge::flow {

/// One event taking effect: the transaction it happens in, the account it came to, and what it has set in motion so far.
struct Scene {
    store::Tx& tx;
    Surroundings const& around;
    channel::AccountContext const& account;
    Received const& received;
    Applied& applied;
    std::optional<std::chrono::seconds> window{}; ///< kept by `reply_window`

    [[nodiscard]] AccountPolicy const& policy() const noexcept { return account.policy; }
    [[nodiscard]] Catalogue const& catalogue() const noexcept { return *account.catalogue; }
    /// By the clock, as timers and the outbox need it; what is written into a chat happens at `Chat::now`.
    [[nodiscard]] Timestamp now() const noexcept { return received.at; }
};

/// A person and the chat with them on the scene's account.
struct Chat {
    store::Contact contact;
    store::Conversation conversation;
    Timestamp now; ///< `our_time` of what happens: also when the clock was set back, never before what stands here

    [[nodiscard]] Actor customer() const noexcept { return {ActorKind::customer, contact.id.value}; }
};

/// For rows of the event log: what the scene and the chat say by themselves.
[[nodiscard]] inline store::NewEvent event_of(Scene const& scene, Chat const& chat, store::EventType type, Actor actor)
{
    return {.type = type,
            .at = scene.now(),
            .actor = actor,
            .account = scene.account.id,
            .contact = chat.contact.id,
            .conversation = chat.conversation.id};
}

[[nodiscard]] inline TextContext text_context(Scene const& scene, store::Contact const& contact)
{
    return {scene.catalogue(), contact.language.value_or(scene.policy().default_language), contact.name, scene.now()};
}

} // namespace deskbridge::flow
