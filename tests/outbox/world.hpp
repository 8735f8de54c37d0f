#pragma once

#include "acme.hpp"
#include "deskbridge/flow/outbox_pump.hpp"
#include "support/fake_clock.hpp"
#include "support/outbox_scene.hpp"
#include "support/scratch_folder.hpp"
#include "support/scripted_transport.hpp"
#include "support/temp_store.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace deskbridge::test {

/// Keeps what was logged; a step of the crash tests like any other.
class KeptLog final : public Log {
public:
    void write(LogLevel, std::string_view event, std::initializer_list<LogField> fields) override
    {
        lines.emplace_back(event);
        auto& whole = said.emplace_back(event);
        for (auto const& field : fields)
            whole.append(" ").append(field.key).append("=").append(field.value);
        if (step && event != "task_crashed")
            step(lines.back().c_str());
    }
    [[nodiscard]] std::size_t count(std::string_view event) const;
    [[nodiscard]] bool has(std::string const& whole_line) const { return std::find(said.begin(), said.end(), whole_line) != said.end(); }

    std::vector<std::string> lines; ///< names of events
    std::vector<std::string> said;  ///< with their keys
    std::function<void(char const*)> step;
};

/// Thrown at a step by those who want a crash there. No std::exception, on purpose: nobody must catch it on the way.
struct SimulatedCrash {};

/// A daemon's outbox on a real store, with a scripted network and a clock of its own.
class World {
public:
    explicit World(int accounts = 1);

    Customer customer(std::string const& address, std::size_t account = 0);
    MessageId queue(Customer const& to, std::string const& text, MessageClass c = MessageClass::agent);
    MessageId queue(store::Outgoing const& out);
    /// A file of an agent's, in the media folder.
    OutboundFile bring(std::string const& bytes, std::string const& name = "offer.pdf");
    MessageId queue_file(Customer const& to, OutboundFile const& file, std::string const& caption = {});
    /// A customer's message, now; `command` is what it was understood as.
    void writes(Customer const& who, std::string const& text, std::string const& command = {});
    /// Recovers, then sends what is due now; a new process on the same file each time. Answers when to look again, or
    /// nullopt when it crashed.
    std::optional<Timestamp> live();
    /// The same without recovery, in the process that is there.
    Timestamp pump();
    std::string state(MessageId message, std::size_t part = 0);
    store::IntentRow row(MessageId message, std::size_t part = 0);
    store::ReceiptEffect hear(Receipt const& said);
    /// Texts that reached the provider, in order.
    [[nodiscard]] std::vector<std::string> sent() const;
    [[nodiscard]] std::string token(std::size_t asked) const;

    TempStore store;
    FakeClock clock;
    ScriptedTransport transport;
    KeptLog log;
    AcmeAdapter adapter;
    channel::AccountContexts accounts;
    ScratchFolder scratch;
    store::MediaFolder folder{scratch.path() / "media"};
    flow::OutboxSettings settings;
    std::function<void(char const*)> step; ///< called at every step; throws to crash
    std::unique_ptr<boost::asio::io_context> io;
    std::optional<flow::Refusals> refusals; ///< of webhooks, as this process knows them
    std::optional<async::Pool> pool; ///< reads the files that go out
    std::unique_ptr<flow::OutboxPump> process;

    void start();

private:
    std::uint64_t dice_{0};
    bool crashed_{false};
};

inline HttpResponse response(int status, std::string body = {})
{
    return {status, {}, std::move(body)};
}
inline HttpResponse accepts(std::string const& id)
{
    return response(200, R"({"id":")" + id + R"("})");
}
inline net::NoAnswer lost(net::NoAnswer::Written written)
{
    return {written, "timeout"};
}

} // namespace deskbridge::test
