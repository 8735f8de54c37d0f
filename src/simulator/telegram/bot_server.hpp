#pragma once

#include "telegram/bot_api.hpp"
#include "telegram/bot_control.hpp"

namespace deskbridge::simulator::telegram {

/// The Telegram half of a simulator: one bot, its server, and those who write to it.
/// Ownership: `simulator` must outlive it. Start it after it has been opened.
/// Threads: the reactor.
class BotServer {
public:
    explicit BotServer(World& simulator);

    /// Reads its folder. Errors: storage.
    [[nodiscard]] Result<void> open() { return world_.open(); }
    void add_routes(std::vector<net::Route>& routes);
    void start() { poster_.start(); }
    /// No new deliveries, and questions that wait are answered.
    void stop();

private:
    BotWorld world_;
    Updates updates_;
    Poster poster_;
    People people_;
    BotApi api_;
    BotControl control_;
};

} // namespace deskbridge::simulator::telegram
