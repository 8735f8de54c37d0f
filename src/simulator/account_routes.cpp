#include "control_api.hpp"

namespace deskbridge::simulator {

void ControlApi::add_account_routes(std::vector<net::Route>& routes)
{
    add(routes, "GET", "/sim/account", [this](auto const&, auto const&) -> Result<Json> { return world_.account.all(); });
    add(routes, "POST", "/sim/account", [this](auto const&, auto const& order) -> Result<Json> {
        auto news = world_.account.change(order, world_.number.display_phone_number, world_.number.waba_id);
        if (!news)
            return news.error();
        for (auto& one : *news)
            world_.emitter.emit({.field = std::move(one.field), .array = {}, .item = std::move(one.value), .at = world_.now()});
        return world_.account.all();
    });
}

} // namespace deskbridge::simulator
