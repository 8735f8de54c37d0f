#include "agent_desk.hpp"

#include <fmt/format.h>

#include <array>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace fault {

using nlohmann::json;

namespace {

/// One request on a connection of its own; everything that comes back.
std::string talk(std::filesystem::path const& socket, std::string const& request)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket.c_str(), sizeof address.sun_path - 1);
    int const fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    timeval const patience{.tv_sec = 20, .tv_usec = 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::string answer;
    if (::connect(fd, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0 &&
        ::send(fd, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
        std::array<char, 16384> piece{};
        for (auto n = ::recv(fd, piece.data(), piece.size(), 0); n > 0; n = ::recv(fd, piece.data(), piece.size(), 0))
            answer.append(piece.data(), static_cast<std::size_t>(n));
    }
    ::close(fd);
    return answer;
}

} // namespace

AgentDesk::Answer AgentDesk::ask(std::string const& method, std::string const& path, json const& body, std::string const& key) const
{
    auto const bytes = body.is_null() ? std::string{} : body.dump();
    auto const once = key.empty() ? std::string{} : fmt::format("Idempotency-Key: {}\r\n", key);
    auto const answer = talk(socket_, fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{}"
                                                  "Content-Length: {}\r\nConnection: close\r\n\r\n{}",
                                                  method, path, once, bytes.size(), bytes));
    auto const end = answer.find("\r\n\r\n");
    if (answer.size() < 12 || end == std::string::npos)
        return {};
    return {std::atoi(answer.c_str() + 9), json::parse(answer.substr(end + 4), nullptr, false)};
}

long AgentDesk::replies(long ticket, std::string const& text) const
{
    std::string key = text;
    for (auto& letter : key)
        letter = letter == ' ' ? '-' : letter;
    auto const done = ask("POST", fmt::format("/v1/tickets/{}/messages", ticket), {{"text", text}}, key);
    return done.status == 202 && done.body.is_object() ? done.body.value("id", 0L) : 0L;
}

json AgentDesk::story(long message) const
{
    auto const told = ask("GET", fmt::format("/v1/outbox/{}", message));
    if (told.status != 200 || !told.body.contains("parts") || told.body.at("parts").empty())
        return json::object();
    return told.body.at("parts").at(0);
}

json AgentDesk::outbox(std::string const& states) const
{
    auto const told = ask("GET", fmt::format("/v1/outbox?state={}&limit=200", states));
    return told.status == 200 ? told.body : json{{"data", json::array()}, {"counts", {{"silent", 1}}}, {"paused", json::array()}};
}

bool AgentDesk::resolves(long message, std::string const& verdict) const
{
    return ask("POST", fmt::format("/v1/messages/{}/resolve", message), {{"verdict", verdict}}).status == 200;
}

bool AgentDesk::cancels(long message) const
{
    return ask("POST", fmt::format("/v1/messages/{}/cancel", message)).status == 200;
}

bool AgentDesk::resumes() const
{
    return ask("POST", "/v1/accounts/support/resume").status == 200;
}

} // namespace fault
