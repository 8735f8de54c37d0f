#include "control_api.hpp"

namespace deskbridge::simulator {

void ControlApi::add_account_routes(std::vector<net::Route>& routes)
{
    add(routes, "GET", "/sim/account", [this](auto const& request, auto const&) -> Result<Json> {
        auto const number = world_.number_in(Json{{"number", query_parameter(request.http.target, "number").value_or("")}});
        if (!number)
            return number.error();
        return (*number)->account.all();
    });
    add(routes, "POST", "/sim/account", [this](auto const&, auto const& order) -> Result<Json> {
        auto const number = world_.number_in(order);
        if (!number)
            return number.error();
        auto changes = order;
        changes.erase("number");
        auto const& own = (*number)->own;
        auto news = (*number)->account.change(changes, own.display_phone_number, own.waba_id);
        if (!news)
            return news.error();
        for (auto& one : *news)
            world_.hooks.emit({.number = (*number)->number(), .field = std::move(one.field), .array = {}, .item = std::move(one.value), .at = world_.now()});
        return (*number)->account.all();
    });
}

void ControlApi::add_template_routes(std::vector<net::Route>& routes)
{
    add(routes, "GET", "/sim/templates", [this](auto const& request, auto const&) -> Result<Json> {
        auto const number = world_.number_in(Json{{"number", query_parameter(request.http.target, "number").value_or("")}});
        if (!number)
            return number.error();
        return Json{{"templates", world_.templates_of(**number).all()}};
    });
    add(routes, "POST", "/sim/templates", [this](auto const&, auto const& order) -> Result<Json> {
        auto const number = world_.number_in(order);
        if (!number)
            return number.error();
        auto& templates = world_.templates_of(**number);
        auto news = templates.change(order);
        if (!news)
            return news.error();
        for (auto& one : *news)
            world_.hooks.emit({.number = (*number)->number(), .field = std::move(one.field), .array = {}, .item = std::move(one.value), .at = world_.now()});
        return Json{{"templates", templates.all()}};
    });
}

} // namespace deskbridge::simulator
