#pragma once

#include "business_phone.hpp"
#include "control_route.hpp"
#include "group_actions.hpp"
#include "world.hpp"

#include "deskbridge/net/http_server.hpp"

#include <functional>

namespace deskbridge::simulator {

/// What the phone page and tests use to play the customers, under /sim/, and the page itself at /.
///
/// Pages of other sites are kept out by their Origin.
/// Threads: the reactor.
class ControlApi {
public:
    /// The parts that do what orders say.
    struct Parts {
        Statuses& statuses;
        CustomerActions& customers;
        GroupActions& groups;
        BusinessPhone& business_phone;
    };
    ControlApi(World& world, Parts parts)
        : world_{world}, statuses_{parts.statuses}, actions_{parts.customers}, groups_{parts.groups}, business_phone_{parts.business_phone}
    {
    }
    void add_routes(std::vector<net::Route>& routes);
    /// Tells open pages about a change of the chats.
    void publish(Json const& change);
    void publish_hooks();

private:
    void add(std::vector<net::Route>& routes, std::string method, std::string pattern, ControlAnswer answer);
    void add_customer_routes(std::vector<net::Route>& routes);
    void add_group_routes(std::vector<net::Route>& routes);
    void add_provider_routes(std::vector<net::Route>& routes);
    void add_fault_routes(std::vector<net::Route>& routes);
    void add_file_routes(std::vector<net::Route>& routes);
    void add_template_routes(std::vector<net::Route>& routes);
    void add_media_fault_routes(std::vector<net::Route>& routes);
    void add_account_routes(std::vector<net::Route>& routes);

    void let_go(NumberState const& number, Template const* used);
    [[nodiscard]] Json state() const;
    [[nodiscard]] Json hook_json(NumberState const& number) const;
    [[nodiscard]] Json numbers_json() const;
    [[nodiscard]] Json chat_json(Customer const& customer, std::size_t most) const;
    [[nodiscard]] Result<Json> show_hook(net::Request const& request) const;
    [[nodiscard]] Result<Json> set_hook(Json const& order);
    [[nodiscard]] Result<Json> set_chaos(Json const& order);
    [[nodiscard]] Result<Json> set_clock(Json const& order);
    [[nodiscard]] Result<Json> post_raw(net::Request const& request);
    [[nodiscard]] Result<Json> take_file(net::Request const& request);
    [[nodiscard]] HttpResponse show_file(net::Request const& request) const;

    World& world_;
    Statuses& statuses_;
    CustomerActions& actions_;
    GroupActions& groups_;
    BusinessPhone& business_phone_;
};

/// A file of the phone page, by its path; 404 if there is none.
[[nodiscard]] HttpResponse page_file(std::string_view path);

} // namespace deskbridge::simulator
