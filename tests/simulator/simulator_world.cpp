#include "simulator_world.hpp"

#include <boost/asio/co_spawn.hpp>

#include <catch2/catch.hpp>

#include <stdexcept>

namespace deskbridge::test {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using simulator::at;
using simulator::int_at;
using simulator::items;
using simulator::parse_json;
using simulator::text_at;

template <class T>
T SimulatorWorld::drive(asio::awaitable<T> work)
{
    std::optional<T> answer;
    std::exception_ptr failure;
    asio::co_spawn(io, std::move(work), [&](std::exception_ptr e, T value) {
        failure = e;
        answer.emplace(std::move(value));
    });
    until([&] { return answer.has_value(); });
    if (failure)
        std::rethrow_exception(failure);
    if (!answer)
        throw std::runtime_error{"the coroutine did not end"};
    return std::move(*answer);
}

SimulatorWorld::SimulatorWorld()
{
    std::vector<net::Route> routes;
    routes.push_back({"POST", "/hook", [this](net::Request& r) { return take_hook(r); }, 4u << 20});
    routes.push_back({"POST", "/other", [this](net::Request& r) { return take_hook(r); }, 4u << 20});
    routes.push_back({"GET", "/hook", [this](net::Request& r) { return shake_hands(r); }});
    business.emplace(io, std::move(routes), net::ServerLimits{}, log, metrics);
    net::Listen where;
    where.address = "127.0.0.1:0";
    auto const port = business->listen(where);
    REQUIRE(port.has_value());
    business_port = *port;
    options.listen = "127.0.0.1:0";
    options.state_dir = folder.path() / "state";
    options.hook_url = "http://127.0.0.1:" + std::to_string(business_port) + "/hook";
    options.app_secret = "example-app-secret";
    options.verify_token = "a token & more";
    options.access_token = "EXAMPLE_TOKEN";
    options.sample_customers = false;
    options.time_scale = 100;
    options.sent_after = 5ms;
    options.delivered_after = 5ms;
}

SimulatorWorld::~SimulatorWorld()
{
    if (simulator)
        stop();
    bool ended = false;
    asio::co_spawn(io, business->stop(1s), [&](std::exception_ptr) { ended = true; });
    until([&] { return ended; });
}

asio::awaitable<net::Reply> SimulatorWorld::take_hook(net::Request& request)
{
    int status = 200;
    if (!answers.empty()) {
        status = answers.front();
        answers.pop_front();
    }
    auto const header = [&](char const* name) { return std::string{request.http.headers.find(name).value_or("")}; };
    posted.push_back({request.http.body, header("X-Hub-Signature-256"), status, header("X-Telegram-Bot-Api-Secret-Token"),
                      std::string{path_of(request.http.target)}});
    HttpResponse response;
    response.status = status;
    response.body = answer_body;
    co_return net::Reply{std::move(response)};
}

asio::awaitable<net::Reply> SimulatorWorld::shake_hands(net::Request& request)
{
    HttpResponse response;
    auto const token = query_parameter(request.http.target, "hub.verify_token");
    if (handshake_ok && token == options.verify_token && query_parameter(request.http.target, "hub.mode") == "subscribe")
        response.body = query_parameter(request.http.target, "hub.challenge").value_or("");
    else
        response.status = 403;
    co_return net::Reply{std::move(response)};
}

void SimulatorWorld::start()
{
    simulator.emplace(io, options, clock, log);
    auto const port = simulator->start();
    REQUIRE(port.has_value());
    base = "http://127.0.0.1:" + std::to_string(*port);
}

void SimulatorWorld::stop()
{
    bool ended = false;
    asio::co_spawn(io, simulator->stop(), [&](std::exception_ptr) { ended = true; });
    CHECK(until([&] { return ended; }));
    simulator.reset();
}

void SimulatorWorld::restart()
{
    stop();
    start();
}

bool SimulatorWorld::until(std::function<bool()> const& holds)
{
    auto const end = std::chrono::steady_clock::now() + 60s;
    io.restart();
    while (!holds() && std::chrono::steady_clock::now() < end)
        io.run_one_for(20ms);
    return holds();
}

net::Answer SimulatorWorld::ask(HttpRequest request, std::chrono::milliseconds limit)
{
    return drive(client.send(request, limit));
}

Json SimulatorWorld::control(std::string const& method, std::string const& path, Json const& order)
{
    HttpRequest request;
    request.method = method;
    request.target = base + path;
    if (!order.is_null())
        request.body = order.dump();
    auto const answer = ask(request);
    auto const* response = std::get_if<HttpResponse>(&answer);
    REQUIRE(response);
    INFO(path << ": " << response->body);
    REQUIRE(response->status == 200);
    return *parse_json(response->body);
}

HttpResponse SimulatorWorld::graph(std::string const& method, std::string const& path, std::string body, std::string type)
{
    HttpRequest request;
    request.method = method;
    request.target = path.starts_with("http") ? path : base + "/v25.0/" + path;
    request.headers.add("Authorization", "Bearer " + options.access_token);
    if (!body.empty())
        request.headers.add("Content-Type", type);
    request.body = std::move(body);
    auto const answer = ask(request);
    auto const* response = std::get_if<HttpResponse>(&answer);
    REQUIRE(response);
    return *response;
}

HttpResponse SimulatorWorld::send(Json const& body)
{
    Json whole{{"messaging_product", "whatsapp"}};
    whole.update(body);
    return graph("POST", options.phone_number_id + "/messages", whole.dump());
}

HttpResponse SimulatorWorld::send_text(std::string const& to, std::string const& text)
{
    return send(Json{{"to", to}, {"type", "text"}, {"text", {{"body", text}}}});
}

Json SimulatorWorld::customer(std::string const& name)
{
    return control("POST", "/sim/customers", Json{{"name", name}, {"country", "DE"}});
}

Json SimulatorWorld::says(Json const& customer, std::string const& text)
{
    return control("POST", "/sim/customers/" + *text_at(customer, {"id"}) + "/messages",
                   Json{{"type", "text"}, {"content", {{"body", text}}}});
}

std::vector<Json> SimulatorWorld::got(std::string const& array) const
{
    std::vector<Json> out;
    for (auto const& hook : posted) {
        auto const body = parse_json(hook.body);
        for (auto const& entry : items(body ? at(*body, {"entry"}) : nullptr))
            for (auto const& change : items(at(entry, {"changes"})))
                for (auto const& item : items(at(change, {"value", array})))
                    out.push_back(item);
    }
    return out;
}

std::string SimulatorWorld::statuses_of(std::string const& message_id) const
{
    std::string out;
    for (auto const& status : got("statuses"))
        if (text_at(status, {"id"}) == message_id)
            out += (out.empty() ? "" : " ") + text_at(status, {"status"}).value_or("?");
    return out;
}

Json SimulatorWorld::message(Json const& customer, std::string const& id)
{
    auto const chat = control("GET", "/sim/customers/" + *text_at(customer, {"id"}));
    for (auto const& one : items(at(chat, {"messages"})))
        if (text_at(one, {"id"}) == id)
            return one;
    return nullptr;
}

std::string id_of(HttpResponse const& response)
{
    auto const body = parse_json(response.body);
    auto const& messages = items(body ? at(*body, {"messages"}) : nullptr);
    return messages.empty() ? "" : text_at(messages.front(), {"id"}).value_or("");
}

int code_of(HttpResponse const& response)
{
    auto const body = parse_json(response.body);
    return body ? static_cast<int>(int_at(*body, {"error", "code"}).value_or(0)) : 0;
}

} // namespace deskbridge::test
