#pragma once

#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/message.hpp"
#include "support/outbox_scene.hpp"
#include "support/temp_store.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace deskbridge::test {

/// A store with one customer, and the steps of a send by hand.
struct OutboxBox {
    TempStore store;
    Customer anna;
    std::int64_t epoch{0};
    int tokens{0};

    OutboxBox()
    {
        store.write([this](store::Tx& tx) {
            anna = add_customer(tx, add_account(tx), "491");
            epoch = store::begin_epoch(tx, noon).number;
        });
    }
    MessageId queue(store::Outgoing const& out)
    {
        return store.write([&](store::Tx& tx) { return store::queue_message(tx, out); });
    }
    MessageId queue(std::string const& text, MessageClass c = MessageClass::agent, Timestamp now = noon)
    {
        return queue(outgoing(anna, text, now, c));
    }
    std::vector<std::string> ready(Timestamp now = noon)
    {
        auto const page =
            store.read([&](store::Reading& reading) { return store::ready_heads(reading, {anna.account, {}, now, 10, {}}); });
        std::vector<std::string> texts;
        for (auto const& head : page.heads)
            texts.push_back(head.content.text);
        return texts;
    }
    store::BeginResult begin(MessageId message, Timestamp now = noon, store::SendPolicy const& policy = {})
    {
        auto const intent = row(message).id;
        auto const token = "t" + std::to_string(++tokens);
        return store.write([&](store::Tx& tx) { return store::begin_attempt(tx, {intent, token, epoch, now, "acme"}, policy); });
    }
    store::RecordedOutcome record(Outcome const& outcome, Timestamp now = noon, bool keeps = false)
    {
        auto const token = "t" + std::to_string(tokens);
        return store.write([&](store::Tx& tx) {
            return store::record_outcome(tx, token, outcome, {.now = now, .dice = 1, .keeps = keeps});
        });
    }
    store::RecordedOutcome send(MessageId message, Outcome const& outcome, Timestamp now = noon, bool keeps = false)
    {
        REQUIRE(std::holds_alternative<store::AttemptBegun>(begin(message, now)));
        return record(outcome, now, keeps);
    }
    store::ReceiptEffect hear(Receipt const& said, Timestamp at = noon)
    {
        return store.write([&](store::Tx& tx) { return store::apply_receipt(tx, anna.account, said, at, {std::chrono::hours{24}, {}}); });
    }
    store::IntentRow row(MessageId message, std::size_t part = 0)
    {
        auto const parts = store.read([&](store::Reading& reading) { return store::intents_of(reading, message); });
        REQUIRE(part < parts.size());
        return parts[part];
    }
    std::string standing_of(MessageId message) { return standing(row(message)); }
    store::Tended tend(Timestamp now, store::SendPolicy const& policy = {})
    {
        return store.write([&](store::Tx& tx) { return store::tend_outbox(tx, policy, {anna.account, now, 100}); });
    }
    std::vector<std::string> events_of(MessageId message)
    {
        std::vector<std::string> types;
        auto const all = store.read([](store::Reading& reading) { return store::load_events(reading, {}, 1000); });
        for (auto const& event : all)
            if (event.message == message)
                types.push_back(event.type);
        return types;
    }
};

inline Outcome accepted(std::string const& id)
{
    return Accepted{{id}, {}};
}

inline OutboundContent text_part(std::string const& text)
{
    OutboundContent content;
    content.text = text;
    return content;
}

} // namespace deskbridge::test
