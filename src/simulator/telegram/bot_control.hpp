#pragma once

#include "telegram/people.hpp"
#include "telegram/poster.hpp"

#include "deskbridge/net/http_server.hpp"

namespace deskbridge::simulator::telegram {

/// What tests and people at a keyboard use to play those who write to the bot, under /sim/telegram/.
/// Threads: the reactor.
class BotControl {
public:
    BotControl(BotWorld& world, People& people, Poster& poster) : world_{world}, people_{people}, poster_{poster} {}
    void add_routes(std::vector<net::Route>& routes);

private:
    using Action = Result<Json> (People::*)(std::int64_t, Json const&);
    void add_action(std::vector<net::Route>& routes, std::string const& pattern, Action action);
    void add_people_routes(std::vector<net::Route>& routes);
    void add_server_routes(std::vector<net::Route>& routes);
    void add_file_routes(std::vector<net::Route>& routes);

    [[nodiscard]] Json state() const;
    [[nodiscard]] Result<Json> show_chat(std::int64_t chat, std::string const& connection) const;
    [[nodiscard]] Json show_rows(std::string const& target) const;
    [[nodiscard]] Result<Json> set_clock(Json const& order);
    [[nodiscard]] Result<Json> add_fault(Json const& order);
    [[nodiscard]] Result<Json> take_file(net::Request const& request);
    [[nodiscard]] HttpResponse show_file(net::Request const& request) const;

    BotWorld& world_;
    People& people_;
    Poster& poster_;
};

} // namespace deskbridge::simulator::telegram
