#include "control_client.hpp"

#include "config.hpp"
#include "dice.hpp"
#include "terminal.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

#include <sys/un.h>
#include <unistd.h>

namespace deskbridge::app {
namespace {

using nlohmann::ordered_json;
namespace asio = boost::asio;

constexpr std::chrono::seconds patience{30};
constexpr std::chrono::minutes upload_patience{15};
constexpr std::chrono::milliseconds first_wait{200}; // of looking for a daemon that went away
constexpr std::chrono::milliseconds longest_wait{5000};
constexpr std::chrono::seconds look_again{60};

std::filesystem::path socket_of(Globals const& globals)
{
    Problems problems;
    auto const socket = globals.socket.empty() ? find_socket(find_config(globals.config), problems) : std::filesystem::path{globals.socket};
    constexpr auto longest = sizeof(sockaddr_un::sun_path) - 1;
    if (socket && socket->string().size() > longest)
        throw WrongUsage(fmt::format("the socket's path is too long: {}\nfix:   at most {} bytes, as the system allows; a path relative to "
                                     "where you are may do", safe(socket->string()), longest));
    if (socket)
        return *socket;
    std::string all;
    for (auto const& problem : problems)
        all += (all.empty() ? "" : "\nerror: ") + render(problem);
    throw WrongUsage(all + "\nfix:   correct that, or name the daemon's socket with --socket PATH");
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
    case 413:
    case 422: return exit_usage;
    case 429:
    case 503: return exit_temporary;
    default: return exit_failure;
    }
}

/// "/reason" and "must not be empty": "reason must not be empty".
std::string told_of_field(ordered_json const& error)
{
    auto name = error.value("pointer", "");
    std::replace(name.begin(), name.end(), '/', ' ');
    auto const detail = error.value("detail", "");
    auto const begin = name.find_first_not_of(' ');
    return begin == std::string::npos ? detail : fmt::format("{} {}", name.substr(begin), detail);
}

/// A key that makes a repeated request one message, made anew by every invocation.
std::string new_key()
{
    return fmt::format("cli-{:016x}{:016x}", roll(), roll());
}

/// Takes whole events off the front of `buffer`: "…\n\n". Each one's data, if it is JSON, goes to `on_data`.
bool drain(std::string& buffer, std::function<bool(ordered_json const&)> const& on_data)
{
    for (auto end = buffer.find("\n\n"); end != std::string::npos; end = buffer.find("\n\n")) {
        auto const event = buffer.substr(0, end);
        buffer.erase(0, end + 2);
        auto const data = event.find("data: ");
        if (data == std::string::npos)
            continue;
        auto const json = ordered_json::parse(event.substr(data + 6, event.find('\n', data) - data - 6), nullptr, false);
        if (json.is_object() && !on_data(json))
            return false;
    }
    return true;
}

/// Gone, or about to be back: worth another look.
bool passing(net::Answer const& answer)
{
    auto const* response = std::get_if<HttpResponse>(&answer);
    return !response || response->status < 300 || response->status == 503;
}

} // namespace

ControlClient::ControlClient(Globals const& globals)
    : socket_{socket_of(globals)}, http_{io_, net::ClientSettings{}, log_}
{
}

std::optional<ordered_json> ControlClient::exchange(HttpRequest& request, net::Upload* upload)
{
    request.headers.add("Host", "localhost");
    request.headers.add("Accept", "application/json");
    auto work = upload ? http_.send(socket_, request, *upload, upload_patience) : http_.send(socket_, request, patience);
    auto answer = asio::co_spawn(io_, std::move(work), asio::use_future);
    io_.restart();
    io_.run();
    auto const got = answer.get();
    if (auto const* response = std::get_if<HttpResponse>(&got); response && response->status < 300) {
        if (auto told = ordered_json::parse(response->body, nullptr, false); told.is_object())
            return told;
        exit_ = exit_failure;
        fmt::print(stderr, "error: what answers at {} is not Deskbridge\nfix:   name the daemon's socket with --socket PATH\n", safe(socket_.string()));
        return std::nullopt;
    }
    explain(got, request.method != "GET" && !upload); // a file that was brought in twice is no harm
    return std::nullopt;
}

void ControlClient::explain(net::Answer const& answer, bool changes)
{
    if (auto const* lost = std::get_if<net::NoAnswer>(&answer)) {
        bool const maybe_done = changes && lost->written == net::NoAnswer::Written::all;
        bool const shut_out = !maybe_done && ::access(socket_.c_str(), W_OK) != 0 && errno == EACCES;
        exit_ = maybe_done ? exit_unknown : shut_out ? exit_forbidden : exit_temporary;
        fmt::print(stderr, "error: no answer from the daemon at {}: {}\n", safe(socket_.string()), safe(lost->why));
        if (maybe_done)
            fmt::print(stderr, "fix:   look whether it was done before you try again\n");
        else if (shut_out)
            fmt::print(stderr, "fix:   be in the socket's group (ls -l {}; usermod -aG GROUP USER, then log in once more), or use sudo\n",
                       safe(socket_.string()));
        else
            fmt::print(stderr, "fix:   start it if it is not running (systemctl status deskbridge)\n");
        return;
    }
    auto const& response = std::get<HttpResponse>(answer);
    auto const problem = ordered_json::parse(response.body, nullptr, false);
    exit_ = exit_of_status(response.status);
    auto const text = [&](char const* key) {
        return problem.is_object() && problem.contains(key) && problem[key].is_string() ? problem[key].get<std::string>() : std::string{};
    };
    auto const said = !text("detail").empty() ? text("detail") : text("title");
    auto const wrong = problem.is_object() ? problem.value("errors", ordered_json::array()) : ordered_json::array();
    for (auto const& error : wrong)
        fmt::print(stderr, "error: {}\n", safe(told_of_field(error)));
    if (wrong.empty())
        fmt::print(stderr, "error: {}\n", !said.empty() ? safe(said, false) : fmt::format("the daemon answered {}", response.status));
    if (response.status == 403 && said.starts_with("only an administrator"))
        fmt::print(stderr, "fix:   ask an administrator, or use sudo: root is one\n");
    else if ((response.status == 401 || response.status == 403) && said.find("deskbridge agent ") == std::string::npos)
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

bool ControlClient::download(std::string const& target, std::function<bool(std::string_view)> const& on_data)
{
    HttpRequest request;
    request.target = target;
    request.headers.add("Host", "localhost");
    bool taken = true;
    std::function<bool(std::string_view)> const take = [&](std::string_view bytes) { return taken = on_data(bytes); };
    auto answer = asio::co_spawn(io_, http_.stream(socket_, request, take), asio::use_future);
    io_.restart();
    io_.run();
    auto const got = answer.get();
    auto const* response = std::get_if<HttpResponse>(&got);
    if (!response || response->status >= 300)
        explain(got);
    return taken && response && response->status < 300;
}

/// How far the log was followed.
struct ControlClient::Trail {
    std::function<bool(ordered_json const&)> const& on_event;
    std::optional<std::int64_t> last{}; ///< event; nullopt: no connection yet
    bool wanted{true};
    bool connected{false}; ///< the latest try got through

    bool take(ordered_json const& json)
    {
        connected = true;
        if (!json.contains("seq")) { // the greeting
            last = last.value_or(json.value("head", std::int64_t{0}));
            return true;
        }
        last = json.value("seq", std::int64_t{0});
        return wanted = on_event(json);
    }
};

net::Answer ControlClient::follow_once(std::string const& target, Trail& trail)
{
    HttpRequest request;
    request.target = target;
    request.headers.add("Host", "localhost");
    request.headers.add("Accept", "text/event-stream");
    if (trail.last)
        request.headers.add("Last-Event-ID", std::to_string(*trail.last));
    std::string buffer;
    trail.connected = false;
    std::function<bool(std::string_view)> const on_data = [&](std::string_view bytes) {
        buffer += bytes;
        return drain(buffer, [&](ordered_json const& json) { return trail.take(json); });
    };
    auto answer = asio::co_spawn(io_, http_.stream(socket_, request, on_data), asio::use_future);
    io_.restart();
    io_.run();
    return answer.get();
}

int ControlClient::follow(std::string const& target, std::function<bool(ordered_json const&)> const& on_event)
{
    Trail trail{on_event};
    auto lost_at = std::chrono::steady_clock::now();
    auto wait = first_wait;
    for (bool told = false;;) {
        auto const answer = follow_once(target, trail);
        if (!trail.wanted)
            return exit_ok;
        if (!trail.last || !passing(answer)) { // never there, or it says what is wrong
            explain(answer);
            return exit_;
        }
        if (trail.connected) {
            lost_at = std::chrono::steady_clock::now();
            wait = first_wait;
            told = false;
        }
        if (!std::exchange(told, true))
            fmt::print(stderr, "the daemon went away; looking for it for a minute\n");
        if (std::chrono::steady_clock::now() - lost_at + wait > look_again) {
            fmt::print(stderr, "error: the daemon at {} went away and did not come back within a minute\n"
                               "fix:   start it (systemctl start deskbridge), then watch again\n", safe(socket_.string()));
            return exit_ = exit_temporary;
        }
        std::this_thread::sleep_for(wait);
        wait = std::min(wait * 2, longest_wait);
    }
}

} // namespace deskbridge::app
