#pragma once

#include "deskbridge/flow/acknowledgement.hpp"
#include "deskbridge/flow/outbox_pump.hpp"

#include <algorithm>
#include <set>

/// Private parts of the outbox pump, shared by its source files.
namespace deskbridge::flow {

/// One account as the pump drives it.
struct OutboxPump::Sender {
    channel::AccountContext const& context;
    channel::Capabilities can;
    store::SendPolicy policy;
    Pace pace;
    ConversationId cursor{};      ///< the last lane looked at: the round goes on behind it
    bool fresh_is_next{true};     ///< while many wait, one of the newest and one in turn go alternately
    std::size_t in_flight{0};
    Breaker breaker{};
    RestReason breaker_reason{RestReason::no_connection}; ///< why it opened last
    Timestamp doubts_at{};        ///< when its unknown ones are looked at again
    Timestamp not_before{};       ///< the store has too much to do
    std::set<IntentId> troubled{};            ///< tending them failed, and that was said
    std::set<ConversationId> unannounced{};   ///< the same for the template of a closed window
    bool template_refused{false};             ///< that template may not be sent, and that was said

    /// When anything of it may leave.
    [[nodiscard]] Timestamp ready_at(Timestamp now) const
    {
        return std::max({pace.account_ready_at(now), breaker.ready_at(now), not_before});
    }
    [[nodiscard]] std::string const& name() const noexcept { return context.account.name; }
};

/// A leased connection and where it goes; empty when the adapter needs none.
struct OutboxPump::Link {
    net::Origin origin{};
    std::unique_ptr<net::Connection> connection{};
};

/// What goes before the journal of an attempt: a connection, and uploads, of which nothing is lost with their answer.
struct OutboxPump::Prepared {
    Link link{};
    std::vector<HttpResponse> so_far{};
    std::optional<channel::Step> step{}; ///< the one that delivers; empty: it has to be asked for
    std::optional<Outcome> told{}; ///< what became of it before anything could be delivered
};

/// What became of an attempt.
struct OutboxPump::Ended {
    std::string token;
    Outcome outcome;
    bool complaints{false}; ///< it tells anew that customers complain about the account
};

/// A lane and a place among those in flight, for as long as an attempt is on its way.
class OutboxPump::Slot {
public:
    Slot(OutboxPump& pump, Sender& sender, ConversationId lane) : pump_{pump}, sender_{sender}, lane_{lane} {}
    ~Slot()
    {
        pump_.busy_.erase(lane_);
        --sender_.in_flight;
        pump_.bell_.ring();
        pump_.ended_.ring();
    }
    Slot(Slot const&) = delete;
    Slot& operator=(Slot const&) = delete;

private:
    OutboxPump& pump_;
    Sender& sender_;
    ConversationId lane_;
};

struct OutboxPump::Figures {
    explicit Figures(Metrics& metrics);
    Histogram& seconds;
    Counter& accepted;
    Counter& not_sent;
    Counter& refused;
    Counter& unknown;
    Counter& uploaded;
    Counter& not_uploaded;
    Counter& no_connection;
    Counter& throttled;   ///< an account rests
    Counter& complaints;  ///< the same, but for replies
    Counter& unreachable; ///< the same, for want of a connection
    Counter& failing;     ///< the same, since most of its sends got no answer
    Counter& presumed;    ///< attempts in doubt that were taken for not sent
    Counter& asked;       ///< the same: a person is asked
    Counter& duplicated;  ///< messages that the provider took twice
    Counter& templates_queued;  ///< of closed windows
    Counter& templates_refused; ///< the same: they may not be sent
    Counter& templates_failed;  ///< the same: they could not be queued
};

} // namespace deskbridge::flow
