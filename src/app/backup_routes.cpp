#include "backup_routes.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <optional>

#include <pwd.h>
#include <unistd.h>

namespace deskbridge::app {
namespace {

namespace asio = boost::asio;
using nlohmann::ordered_json;

constexpr std::size_t max_order = 16u << 10;

std::string dump(ordered_json const& json)
{
    return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

net::Reply answer(int status, ordered_json const& json, char const* type = "application/json")
{
    HttpResponse response;
    response.status = status;
    response.headers.add("Content-Type", type);
    response.body = dump(json);
    return net::Reply{std::move(response)};
}

int status_of(Fault fault)
{
    switch (fault) {
    case Fault::malformed: return 422;
    case Fault::not_found: return 404;
    case Fault::conflict: return 409;
    case Fault::forbidden: return 403;
    case Fault::unavailable: return 503;
    case Fault::storage: break;
    }
    return 500;
}

net::Reply problem(Error const& error)
{
    auto const status = status_of(error.fault);
    return answer(status, {{"title", "No backup"}, {"status", status}, {"detail", error.detail}}, "application/problem+json");
}

std::string unix_name(std::uint32_t uid)
{
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4096> buffer{};
    ::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found);
    return found ? found->pw_name : std::to_string(uid);
}

/// A copy holds everything that customers wrote: administrators alone.
asio::awaitable<Result<void>> may_back_up(desk::Desk& desk, net::Request const& request)
{
    if (!request.peer_uid)
        co_return Error{Fault::forbidden, "backups are taken on the control socket only"};
    auto const uid = *request.peer_uid;
    auto const user = unix_name(uid);
    auto const caller = co_await desk.identify(user, uid == 0 || uid == ::geteuid());
    if (!caller)
        co_return caller.error();
    if (!desk::may(caller->role, desk::Rule::administrator))
        co_return Error{Fault::forbidden, "only an administrator may do this"};
    co_return Result<void>{};
}

ordered_json shape(store::BackupProgress const& progress)
{
    ordered_json json{{"state", store::render_backup_state(progress.state)},
                      {"file", progress.file.string()},
                      {"pages_done", progress.pages_done},
                      {"pages", progress.pages},
                      {"size_bytes", progress.bytes}};
    json["reason"] = progress.reason.empty() ? ordered_json(nullptr) : ordered_json(progress.reason);
    return json;
}

Result<void> begin(store::Store& store, std::string const& body)
{
    auto const order = ordered_json::parse(body, nullptr, false);
    if (!order.is_object() || !order.contains("file") || !order["file"].is_string())
        return Error{Fault::malformed, "\"file\" must be the absolute path of the backup"};
    bool const replace = order.contains("replace") && order["replace"].is_boolean() && order["replace"].get<bool>();
    return store.start_backup(order["file"].get<std::string>(), replace);
}

asio::awaitable<net::Reply> start_backup(store::Store& store, desk::Desk& desk, net::Request& request)
{
    auto const allowed = co_await may_back_up(desk, request);
    if (!allowed)
        co_return problem(allowed.error());
    auto const begun = begin(store, request.http.body);
    if (!begun)
        co_return problem(begun.error());
    auto const now = shape(store.backup());
    co_return answer(202, now);
}

asio::awaitable<net::Reply> show_backup(store::Store& store, desk::Desk& desk, net::Request& request)
{
    auto const allowed = co_await may_back_up(desk, request);
    if (!allowed)
        co_return problem(allowed.error());
    auto const now = shape(store.backup());
    co_return answer(200, now);
}

} // namespace

std::vector<net::Route> with_backups(std::vector<net::Route> routes, store::Store& store, desk::Desk& desk)
{
    auto const start = [&store, &desk](net::Request& request) { return start_backup(store, desk, request); };
    auto const show = [&store, &desk](net::Request& request) { return show_backup(store, desk, request); };
    routes.push_back(net::Route{"POST", "/v1/backups", start, max_order});
    routes.push_back(net::Route{"GET", "/v1/backups/latest", show});
    return routes;
}

} // namespace deskbridge::app
