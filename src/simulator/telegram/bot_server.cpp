#include "telegram/bot_server.hpp"

namespace deskbridge::simulator::telegram {

BotServer::BotServer(World& simulator)
    : world_{simulator}, updates_{world_}, poster_{world_, updates_}, people_{world_, updates_}, api_{world_, updates_, poster_},
      control_{world_, people_, poster_}
{
    updates_.on_emitted = [this] { poster_.ring(); };
    poster_.on_call = [this](Json const& call) { api_.call_in_answer(call); };
}

void BotServer::add_routes(std::vector<net::Route>& routes)
{
    api_.add_routes(routes);
    control_.add_routes(routes);
}

void BotServer::stop()
{
    poster_.stop();
    updates_.stop();
}

} // namespace deskbridge::simulator::telegram
