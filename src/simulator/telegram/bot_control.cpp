#include "telegram/bot_control.hpp"

#include "control_route.hpp"
#include "graph_error.hpp"

#include <algorithm>
#include <charconv>

namespace deskbridge::simulator::telegram {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t max_file = 25u << 20; // above what getFile hands over, so that its refusal can be played
constexpr std::string_view root = "/sim/telegram";

/// 0 is nobody's id.
std::int64_t number_of(std::string_view text)
{
    std::int64_t number = 0;
    auto const [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && stopped == text.data() + text.size() ? number : 0;
}

std::string below(std::string_view path)
{
    return std::string{root}.append(path);
}

} // namespace

void BotControl::add_routes(std::vector<net::Route>& routes)
{
    add_people_routes(routes);
    add_server_routes(routes);
    add_file_routes(routes);
}

void BotControl::add_action(std::vector<net::Route>& routes, std::string const& pattern, Action action)
{
    routes.push_back(control_route("POST", below(pattern), [this, action](net::Request const& request, Json const& order) {
        return (people_.*action)(number_of(request.parameters[0]), order);
    }));
}

void BotControl::add_people_routes(std::vector<net::Route>& routes)
{
    routes.push_back(control_route("POST", below("/people"), [this](auto const&, auto const& order) { return people_.create(order); }));
    add_action(routes, "/people/{id}/messages", &People::write);
    add_action(routes, "/people/{id}/edits", &People::edit);
    add_action(routes, "/people/{id}/removals", &People::remove);
    add_action(routes, "/people/{id}/taps", &People::tap);
    add_action(routes, "/people/{id}/reactions", &People::react);
    add_action(routes, "/people/{id}/blocks", &People::block);
    auto const create_group = [this](net::Request const&, Json const& order) { return people_.create_group(order); };
    routes.push_back(control_route("POST", below("/groups"), create_group));
    routes.push_back(control_route("POST", below("/connections"), [this](auto const&, auto const& order) { return people_.connect(order); }));
    routes.push_back(control_route("POST", below("/connections/{id}"), [this](auto const& request, auto const& order) {
        return people_.change_connection(request.parameters[0], order);
    }));
    add_action(routes, "/groups/{id}/topics", &People::open_topic);
    add_action(routes, "/groups/{id}/upgrades", &People::upgrade);
    add_action(routes, "/groups/{id}/memberships", &People::change_membership);
}

void BotControl::add_server_routes(std::vector<net::Route>& routes)
{
    auto const get = [&](std::string_view path, ControlAnswer answer) {
        routes.push_back(control_route("GET", below(path), std::move(answer)));
    };
    auto const post = [&](std::string_view path, ControlAnswer answer) {
        routes.push_back(control_route("POST", below(path), std::move(answer)));
    };
    get("/state", [this](auto const&, auto const&) -> Result<Json> { return state(); });
    get("/chats/{id}", [this](auto const& request, auto const&) {
        return show_chat(number_of(request.parameters[0]), query_parameter(request.http.target, "connection").value_or(""));
    });
    get("/ledger", [this](auto const& request, auto const&) -> Result<Json> { return show_rows(request.http.target); });
    post("/clock", [this](auto const&, auto const& order) { return set_clock(order); });
    get("/faults", [this](auto const&, auto const&) -> Result<Json> { return Json{{"faults", world_.faults.list()}}; });
    post("/faults", [this](auto const&, auto const& order) { return add_fault(order); });
    routes.push_back(control_route("DELETE", below("/faults"), [this](auto const&, auto const&) -> Result<Json> {
        world_.faults.clear();
        return Json{{"faults", Json::array()}};
    }));
}

void BotControl::add_file_routes(std::vector<net::Route>& routes)
{
    routes.push_back(file_route(below("/files"), max_file, [this](net::Request const& r) { return take_file(r); }));
    routes.push_back(show_route(below("/files/{id}"), [this](net::Request const& r) { return show_file(r); }));
}

Json BotControl::state() const
{
    auto people = Json::array();
    for (auto const& [id, person] : world_.book.people())
        people.push_back(Json{{"user", person.user}, {"started", person.started}, {"blocked", person.blocked}});
    auto groups = Json::array();
    for (auto const& [id, group] : world_.book.groups())
        groups.push_back(Json{{"chat", group.chat}, {"bot_in", group.bot_in}, {"moved_to", group.moved_to}, {"topics", group.topics}});
    auto connections = Json::array();
    for (auto const& [id, connection] : world_.book.connections())
        connections.push_back(
            Json{{"id", id}, {"owner", connection.owner}, {"can_reply", connection.can_reply}, {"is_enabled", connection.is_enabled}});
    return Json{{"bot", world_.bot()},         {"now_ms", to_ms(world_.now())}, {"webhook", poster_.info()},
                {"people", std::move(people)}, {"groups", std::move(groups)},   {"connections", std::move(connections)}};
}

Result<Json> BotControl::show_chat(std::int64_t chat, std::string const& connection) const
{
    auto const found = world_.book.chat(chat);
    if (found.is_null())
        return Error{Fault::not_found, "no such chat"};
    return Json{{"chat", found}, {"messages", world_.book.messages_of({chat, connection})}};
}

Json BotControl::show_rows(std::string const& target) const
{
    auto const number = [&](std::string_view name, std::int64_t otherwise) {
        auto const text = query_parameter(target, name);
        return text ? number_of(*text) : otherwise;
    };
    auto const limit = static_cast<std::size_t>(std::clamp<std::int64_t>(number("limit", 1000), 1, 10'000));
    return Json{{"rows", world_.ledger.rows(number("after", 0), limit)}};
}

Result<Json> BotControl::set_clock(Json const& order)
{
    constexpr std::int64_t most = 10LL * 365 * 24 * 3600;
    auto const advance = int_at(order, {"advance_s"});
    if (!advance || *advance < 0 || *advance > most)
        return Error{Fault::malformed, "needs advance_s, at most ten years"};
    world_.book.set_clock_offset(world_.book.clock_offset() + std::chrono::seconds{*advance});
    poster_.ring();
    return Json{{"now_ms", to_ms(world_.now())}};
}

Result<Json> BotControl::add_fault(Json const& order)
{
    auto const fault = bot_fault_from(order);
    if (!fault)
        return fault.error();
    world_.faults.add(*fault);
    return Json{{"faults", world_.faults.list()}};
}

Result<Json> BotControl::take_file(net::Request const& request)
{
    if (request.http.body.empty())
        return Error{Fault::malformed, "the file is empty"};
    auto const type = std::string{request.http.headers.find("Content-Type").value_or("application/octet-stream")};
    auto const name = query_parameter(request.http.target, "name").value_or("");
    auto const kind = query_parameter(request.http.target, "as").value_or("document");
    auto const kept = world_.keep_file(kind == "photo" ? "photo" : "document", type, name.substr(0, 240), request.http.body);
    if (!kept)
        return kept.error();
    return Json{{"id", kept->id}, {"mime_type", kept->mime_type}, {"size", kept->size}};
}

/// Never shown as what it says it is: it came from somebody.
HttpResponse BotControl::show_file(net::Request const& request) const
{
    auto const* file = world_.book.find_file(request.parameters[0]);
    auto bytes = file ? world_.bytes_of(*file) : std::nullopt;
    if (!bytes)
        return json_response(404, Json{{"error", "no such file"}});
    HttpResponse response;
    response.headers.add("Content-Type", "application/octet-stream");
    response.headers.add("Content-Disposition", "attachment");
    response.body = std::move(*bytes);
    return response;
}

} // namespace deskbridge::simulator::telegram
