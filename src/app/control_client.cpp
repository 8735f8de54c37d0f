#include "control_client.hpp"

#include "config.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>

#include <array>
#include <random>
#include <utility>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;
namespace asio = boost::asio;

constexpr std::chrono::seconds patience{30};

std::filesystem::path socket_of(Globals const& globals)
{
    if (!globals.socket.empty())
        return globals.socket;
    Problems problems;
    if (auto const socket = find_socket(find_config(globals.config), problems))
        return *socket;
    std::string all;
    for (auto const& problem : problems)
        all += (all.empty() ? "" : "\nerror: ") + render(problem);
    throw std::runtime_error(all + "\nfix:   name the daemon's configuration with --config FILE, or its socket with --socket PATH");
}

int exit_of_status(int status)
{
    switch (status) {
    case 401:
    case 403: return exit_forbidden;
    case 404: return exit_not_found;
    case 409:
    case 412: return exit_conflict;
    case 400:
    case 422: return exit_usage;
    case 429:
    case 503: return exit_temporary;
    default: return exit_failure;
    }
}

/// A key that makes a repeated request one message, made anew by every invocation.
std::string new_key()
{
    std::random_device dice;
    return fmt::format("cli-{:08x}{:08x}{:08x}{:08x}", dice(), dice(), dice(), dice());
}

/// Takes whole events off the front of `buffer`: "…\n\n". The last one's data, if it is JSON, goes to `on_event`.
bool drain(std::string& buffer, std::function<bool(ordered_json const&)> const& on_event)
{
    for (auto end = buffer.find("\n\n"); end != std::string::npos; end = buffer.find("\n\n")) {
        auto const event = buffer.substr(0, end);
        buffer.erase(0, end + 2);
        auto const data = event.find("data: ");
        if (data == std::string::npos)
            continue;
        auto const json = ordered_json::parse(event.substr(data + 6, event.find('\n', data) - data - 6), nullptr, false);
        if (json.is_object() && json.contains("seq") && !on_event(json))
            return false;
    }
    return true;
}

} // namespace

std::string url_escape(std::string_view text)
{
    std::string out;
    for (char const c : text) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        out += plain ? std::string{c} : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

ControlClient::ControlClient(Globals const& globals)
    : socket_{socket_of(globals)}, http_{io_, net::ClientSettings{}, log_}
{
}

std::optional<ordered_json> ControlClient::exchange(HttpRequest& request)
{
    request.headers.add("Host", "localhost");
    request.headers.add("Accept", "application/json");
    auto answer = asio::co_spawn(io_, http_.send(socket_, request, patience), asio::use_future);
    io_.restart();
    io_.run();
    auto const got = answer.get();
    if (auto const* response = std::get_if<HttpResponse>(&got); response && response->status < 300)
        return ordered_json::parse(response->body, nullptr, false);
    explain(got);
    return std::nullopt;
}

void ControlClient::explain(net::Answer const& answer)
{
    if (auto const* lost = std::get_if<net::NoAnswer>(&answer)) {
        bool const maybe_done = lost->written == net::NoAnswer::Written::all;
        exit_ = maybe_done ? exit_unknown : exit_temporary;
        fmt::print(stderr, "error: no answer from the daemon at {}: {}\n", socket_.string(), lost->why);
        if (maybe_done)
            fmt::print(stderr, "fix:   look whether it was done before you try again\n");
        else
            fmt::print(stderr, "fix:   is it running (systemctl status deskbridge), and may this user use its socket?\n");
        return;
    }
    auto const& response = std::get<HttpResponse>(answer);
    auto const problem = ordered_json::parse(response.body, nullptr, false);
    exit_ = exit_of_status(response.status);
    auto const text = [&](char const* key) {
        return problem.is_object() && problem.contains(key) && problem[key].is_string() ? problem[key].get<std::string>() : std::string{};
    };
    auto const said = !text("detail").empty() ? text("detail") : text("title");
    fmt::print(stderr, "error: {}\n", !said.empty() ? said : fmt::format("the daemon answered {}", response.status));
    if (problem.is_object() && problem.contains("errors") && problem["errors"].is_array() && problem["errors"].size() > 1)
        for (auto const& error : problem["errors"])
            fmt::print(stderr, "       {}: {}\n", error.value("pointer", ""), error.value("detail", ""));
    if (response.status == 401 || response.status == 403)
        fmt::print(stderr, "fix:   an administrator adds you with: deskbridge agent add NAME --user UNIXNAME\n");
}

std::optional<ordered_json> ControlClient::get(std::string const& target)
{
    HttpRequest request;
    request.target = target;
    return exchange(request);
}

std::optional<ordered_json> ControlClient::post(std::string const& target, ordered_json const& body)
{
    HttpRequest request;
    request.method = "POST";
    request.target = target;
    request.headers.add("Content-Type", "application/json");
    request.headers.add("Idempotency-Key", new_key());
    request.body = body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    return exchange(request);
}

int ControlClient::follow(std::string const& target, std::function<bool(ordered_json const&)> const& on_event)
{
    HttpRequest request;
    request.target = target;
    request.headers.add("Host", "localhost");
    request.headers.add("Accept", "text/event-stream");
    std::string buffer;
    bool wanted = true;
    std::function<bool(std::string_view)> const on_data = [&](std::string_view bytes) {
        buffer += bytes;
        wanted = drain(buffer, on_event);
        return wanted;
    };
    auto answer = asio::co_spawn(io_, http_.stream(socket_, request, on_data), asio::use_future);
    io_.restart();
    io_.run();
    auto const got = answer.get();
    auto const* response = std::get_if<HttpResponse>(&got);
    if (!wanted || (response && response->status < 300))
        return exit_ok;
    explain(got);
    return exit_;
}

} // namespace deskbridge::app
