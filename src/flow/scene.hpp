#pragma once

#include "deskbridge/core/customer_texts.hpp"
#include "deskbridge/core/reply_window.hpp"
#include "deskbridge/flow/effects.hpp"
#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/ticket.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace deskbridge::flow {

/// What was found out about a contact: noted for agents once it is known which ticket the event is about.
struct ContactNews {
    ContactId contact;
    std::string purpose; ///< of the note: contact_merged, number_recycled
    std::string text;
};

/// One event taking effect: the transaction it happens in, the account it came to, and what it has set in motion so far.
struct Scene {
    store::Tx& tx;
    Surroundings const& around;
    channel::AccountContext const& account;
    Received const& received;
    Applied& applied;
    std::optional<WindowRules> windows{}; ///< kept by `reply_windows`
    std::vector<store::Ticket> gathered{}; ///< as `gather` found them; until `place` takes the one that is chosen
    std::vector<ContactNews> news{};

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

/// The live ticket that the customer thinks of: the most recently active.
[[nodiscard]] inline std::optional<store::Ticket> latest_live(store::Tx& tx, ConversationId conversation)
{
    auto tickets = store::live_tickets(tx, conversation);
    auto const latest = std::max_element(tickets.begin(), tickets.end(), [](store::Ticket const& a, store::Ticket const& b) {
        return a.last_activity < b.last_activity;
    });
    return latest == tickets.end() ? std::nullopt : std::optional{std::move(*latest)};
}

[[nodiscard]] inline TextContext text_context(Scene const& scene, store::Contact const& contact)
{
    return {scene.catalogue(), contact.language.value_or(scene.policy().default_language), contact.name, scene.now()};
}

} // namespace deskbridge::flow
