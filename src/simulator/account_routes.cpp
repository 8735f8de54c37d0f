#include "control_api.hpp"

#include <string>
#include <utility>
#include <vector>

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

/// What was kept back while the template's quality was not known.
void ControlApi::let_go(NumberState const& number, Template const* used)
{
    if (!used || used->held)
        return;
    std::vector<std::string> kept_back;
    auto const collect = [&, by = World::held_by(number, *used)](std::vector<Message> const& messages) {
        for (auto const& message : messages)
            if (message.held == by)
                kept_back.push_back(message.id);
    };
    for (auto const* customer : world_.book.customers())
        collect(customer->messages);
    for (auto const* group : world_.book.groups())
        collect(group->messages);
    for (auto const& id : kept_back) {
        world_.book.change_message(id, Json{{"held", ""}});
        statuses_.follow(id);
    }
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
        let_go(**number, std::as_const(templates).find(text_at(order, {"name"}).value_or(""), text_at(order, {"language"}).value_or("")));
        return Json{{"templates", templates.all()}};
    });
}

} // namespace deskbridge::simulator
