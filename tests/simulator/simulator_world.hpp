#pragma once

#include "json_reading.hpp"

#include "deskbridge/async/clock.hpp"
#include "deskbridge/core/metrics.hpp"
#include "deskbridge/net/http_client.hpp"
#include "deskbridge/net/http_server.hpp"
#include "deskbridge/simulator/simulator.hpp"

#include "support/scratch_folder.hpp"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <functional>
#include <optional>

namespace deskbridge::test {

using simulator::Json;

/// A webhook as the business's server got it.
struct Posted {
    std::string body;
    std::string signature;
    int answered{200};
    std::string secret{}; ///< of Telegram's
    std::string path{};
};

/// A simulator on a free port, and the business's server that it posts to.
struct SimulatorWorld {
    SimulatorWorld();
    ~SimulatorWorld();
    SimulatorWorld(SimulatorWorld const&) = delete;
    SimulatorWorld& operator=(SimulatorWorld const&) = delete;

    void start();
    void stop();
    void restart();

    /// Runs the reactor until it holds, at most a minute; answers whether it does.
    bool until(std::function<bool()> const& holds);
    [[nodiscard]] net::Answer ask(HttpRequest request, std::chrono::milliseconds limit = std::chrono::seconds{60});
    /// The control API; fails the test if the answer is not 200.
    Json control(std::string const& method, std::string const& path, Json const& order = nullptr);
    /// POST …/messages with the right token.
    [[nodiscard]] HttpResponse send(Json const& body);
    [[nodiscard]] HttpResponse send_text(std::string const& to, std::string const& text);
    [[nodiscard]] HttpResponse graph(std::string const& method, std::string const& path, std::string body = {}, std::string type = "application/json");

    [[nodiscard]] Json customer(std::string const& name = "Mara");
    Json says(Json const& customer, std::string const& text);
    /// All elements of one array of every webhook so far, in the order of arrival.
    [[nodiscard]] std::vector<Json> got(std::string const& array) const;
    /// Statuses of one message so far: "sent delivered".
    [[nodiscard]] std::string statuses_of(std::string const& message_id) const;
    [[nodiscard]] Json message(Json const& customer, std::string const& id);

    boost::asio::io_context io{1};
    async::SystemClock clock;
    NoLog log;
    Metrics metrics;
    ScratchFolder folder;
    net::HttpClient client{io, net::ClientSettings{}, log};
    std::optional<net::HttpServer> business;
    std::uint16_t business_port{0};
    std::vector<Posted> posted;
    std::deque<int> answers;   ///< of the next webhooks; 200 when it is empty
    std::string answer_body;   ///< of all webhooks
    bool handshake_ok{true};
    simulator::Options options;
    std::optional<simulator::Simulator> simulator;
    std::string base;

private:
    boost::asio::awaitable<net::Reply> take_hook(net::Request& request);
    boost::asio::awaitable<net::Reply> shake_hands(net::Request& request);
    template <class T>
    T drive(boost::asio::awaitable<T> work);
};

/// The id in a send's answer; empty if it was refused.
[[nodiscard]] std::string id_of(HttpResponse const& response);
/// The code of an error answer; 0 if it is none.
[[nodiscard]] int code_of(HttpResponse const& response);

} // namespace deskbridge::test
