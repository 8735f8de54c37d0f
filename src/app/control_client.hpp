#pragma once

#include "command_line.hpp"

#include "deskbridge/net/http_client.hpp"

#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace deskbridge::app {

/// Talks to the daemon over its control socket. Failures are printed with cause and next step.
/// Threads: one; runs its own reactor.
class ControlClient {
public:
    explicit ControlClient(Globals const& globals);

    /// The answer's JSON, or nullopt after an error was printed; then `exit_status()` says which.
    [[nodiscard]] std::optional<nlohmann::ordered_json> get(std::string const& target);
    [[nodiscard]] std::optional<nlohmann::ordered_json> post(std::string const& target, nlohmann::ordered_json const& body);

    /// The same with a file's bytes as the body, read while they are sent. Throws: WrongUsage (it cannot be read).
    [[nodiscard]] std::optional<nlohmann::ordered_json> post_file(std::string const& target, std::filesystem::path const& file);

    /// A GET whose body goes to `on_data` piece by piece, until that answers false. False: not all of it came, or was taken;
    /// if it did not come an error was printed.
    [[nodiscard]] bool download(std::string const& target, std::function<bool(std::string_view)> const& on_data);

    /// Follows the event log until `on_event` answers false; each call gets one event's JSON. When the daemon goes away it is
    /// looked for again, for a minute, and the log goes on after the last event that was seen: nothing is missed or doubled.
    /// Answers the exit status.
    int follow(std::string const& target, std::function<bool(nlohmann::ordered_json const&)> const& on_event);

    [[nodiscard]] int exit_status() const noexcept { return exit_; }

private:
    [[nodiscard]] std::optional<nlohmann::ordered_json> exchange(HttpRequest& request, net::Upload* upload = nullptr);
    /// `changes`: what was asked for may have been done although the answer was lost.
    void explain(net::Answer const& answer, bool changes = false);
    struct Trail;
    [[nodiscard]] net::Answer follow_once(std::string const& target, Trail& trail);
    NoLog log_;
    std::filesystem::path socket_;
    boost::asio::io_context io_{1};
    net::HttpClient http_;
    int exit_{exit_ok};
};

} // namespace deskbridge::app
