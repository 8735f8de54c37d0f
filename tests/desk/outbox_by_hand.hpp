#pragma once

#include "scene.hpp"

#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/epoch.hpp"
#include "deskbridge/store/outbox_pump.hpp"

#include <catch2/catch.hpp>

namespace deskbridge::test {

/// A desk whose outbox is driven by hand.
class OutboxByHand {
public:
    OutboxByHand()
    {
        ticket = scene.open_ticket("parcel");
        scene.store.write([&](store::Tx& tx) {
            store::set_address(tx, scene.conversation, {"phone", "1"});
            epoch = store::begin_epoch(tx, scene.clock.now()).number;
        });
    }

    MessageId reply(std::string const& text)
    {
        auto const sent = scene.perform(desk::Reply{hash(ticket), text, {}, ""});
        REQUIRE(sent.has_value());
        return sent->message.id;
    }

    IntentId intent_of(MessageId message)
    {
        return scene.store.read([&](store::Reading& reading) { return store::intents_of(reading, message).front().id; });
    }

    void begin(MessageId message)
    {
        auto const id = intent_of(message);
        scene.store.write([&](store::Tx& tx) {
            auto const begun = store::begin_attempt(tx, {id, "token-" + std::to_string(id.value), epoch, scene.clock.now()}, {});
            if (!std::holds_alternative<store::AttemptBegun>(begun))
                throw store::Rollback{{Fault::conflict, "it was not its turn"}};
        });
    }

    void end(MessageId message, Outcome const& outcome)
    {
        begin(message);
        auto const token = "token-" + std::to_string(intent_of(message).value);
        scene.clock.advance(std::chrono::seconds{1});
        scene.store.write([&](store::Tx& tx) { (void)store::record_outcome(tx, token, outcome, {scene.clock.now(), 0, false}); });
    }

    desk::OutboxDetail shown(MessageId message)
    {
        auto detail = scene.perform(desk::ShowOutbox{message});
        REQUIRE(detail.has_value());
        return std::move(*detail);
    }

    /// The provider's word on the latest message that it accepted.
    void receive(ReceiptStatus status)
    {
        Receipt receipt;
        receipt.message = {"wamid.1"};
        receipt.status = status;
        scene.clock.advance(std::chrono::seconds{1});
        receipt.at = scene.clock.now();
        scene.store.write([&](store::Tx& tx) { (void)store::apply_receipt(tx, scene.account, receipt, scene.clock.now()); });
    }

    std::size_t count(desk::ListOutbox const& query)
    {
        auto const list = scene.perform(query);
        REQUIRE(list.has_value());
        return list->page.lines.size();
    }

    Scene scene;
    TicketId ticket{};
    std::int64_t epoch{0};
};

inline Outcome const accepted = Accepted{{"wamid.1"}, {}};
inline Outcome const refused = Refused{"no", Refused::Because::message, {131026, "Message undeliverable", ""}};
inline Outcome const unknown = Unknown{"no answer", {}};

} // namespace deskbridge::test
