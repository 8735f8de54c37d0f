#pragma once

#include "channels/conformance.hpp"

#include "deskbridge/core/ticket_marks.hpp"
#include "deskbridge/flow/intake.hpp"
#include "deskbridge/flow/outbox_pump.hpp"
#include "support/fake_clock.hpp"
#include "support/outbox_scene.hpp"
#include "support/scripted_transport.hpp"
#include "support/temp_store.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>

namespace deskbridge::test {

/// A channel's adapter between a real intake and a real outbox, on a real store; the provider answers as the fixtures say.
class ChannelWorld {
public:
    explicit ChannelWorld(std::string const& channel);
    ~ChannelWorld();

    /// A webhook through the real intake; answers the status.
    int deliver(std::string const& body);
    /// The same in the midst of something else.
    boost::asio::awaitable<int> receive(std::string body);
    /// The customer of fixtures/inbound/text.json writes, or of the one that conformance.json names.
    void customer_writes();
    /// An agent's words to that customer; what is due goes out.
    MessageId reply(std::string const& text, MessageClass message_class = MessageClass::agent);
    /// What an agent's message leaves on that customer's ticket.
    [[nodiscard]] TicketMarks ticket_marks();
    void pump();
    [[nodiscard]] std::string standing_of(MessageId message);
    /// The token of the latest attempt.
    [[nodiscard]] std::string token();
    [[nodiscard]] std::int64_t number_of(char const* sql);
    /// Of the chat with that customer; 0: it has none.
    [[nodiscard]] std::chrono::seconds reply_window();

    /// The body of a fixture that means this one event alone ({"event": "receipt", "status": "read"}), about the message that
    /// fixtures/outbound/text.json (or the one that conformance.json names) gets accepted; nullopt: there is none, or none whose id can be put in another's place.
    [[nodiscard]] std::optional<std::string> body_about_ours(Json const& event);

    ChannelScene scene;
    FakeClock clock;
    boost::asio::io_context io{1}; ///< outlives the store, whose writer posts to it
    TempStore store;
    ScriptedTransport transport;

private:
    class Silent final : public Log {
        void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
    };
    Silent log_;
    std::uint64_t rolled_{0};
    flow::Dice dice_;
    channel::AccountContexts accounts_;
    std::unique_ptr<flow::Intake> intake_;
    std::unique_ptr<flow::OutboxPump> pump_;
};

/// A fixture that means that a person's addresses have changed, and nothing else.
struct AddressChange {
    std::string name;
    std::string body;
    std::vector<Address> previous;
    std::vector<Address> current;
};
[[nodiscard]] std::vector<AddressChange> address_changes(std::string const& channel);
/// A text whose sender has these addresses, and an id of its own: made of the first fixture with a sender of such addresses; of
/// fixtures/inbound/text.json if there is none, which keeps the addresses of other kinds.
[[nodiscard]] std::string text_from(std::string const& channel, std::vector<Address> const& addresses, int number);

} // namespace deskbridge::test
