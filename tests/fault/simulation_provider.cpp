#include "simulation_provider.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>


namespace deskbridge::test::sim {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Written = net::NoAnswer::Written;

namespace {
constexpr char const* html = "<html><body>Bad gateway</body></html>";

std::string text_of(nlohmann::json const& asked, char const* key)
{
    return asked.contains(key) && asked[key].is_string() ? asked[key].get<std::string>() : std::string{};
}

std::string recipient_of(nlohmann::json const& asked)
{
    auto phone = text_of(asked, "to");
    return phone.empty() ? text_of(asked, "recipient") : phone;
}
} // namespace

#define GRAPH_ERROR(code) R"({"error":{"message":"no","type":"OAuthException","code":)" #code R"(,"fbtrace_id":"x"}})"

std::vector<Provider::Fault> const Provider::all_faults{
    {"accepted, then silence", true, false, Written::all, 0, "", ""},
    {"accepted, then reset", true, false, Written::all, 0, "", ""},
    {"silence", false, false, Written::all, 0, "", ""},
    {"reset in the middle of the request", false, false, Written::part, 0, "", ""},
    {"connection dead before the first byte", false, false, Written::nothing, 0, "", ""},
    {"accepted, then 500", true, true, Written::all, 500, html, ""},
    {"accepted, then 502", true, true, Written::all, 502, html, ""},
    {"accepted, then 504", true, true, Written::all, 504, "", ""},
    {"500", false, true, Written::all, 500, html, ""},
    {"accepted, empty 200", true, true, Written::all, 200, "", ""},
    {"accepted, cut 200", true, true, Written::all, 200, R"({"messaging_product":"whatsapp","mess)", ""},
    {"accepted, 200 of the wrong type", true, true, Written::all, 200, R"([{"messages":7}])", ""},
    {"accepted, HTML with 200", true, true, Written::all, 200, html, ""},
    {"429", false, true, Written::all, 429, GRAPH_ERROR(130429), ""},
    {"429, Retry-After 0", false, true, Written::all, 429, GRAPH_ERROR(130429), "0"},
    {"429, Retry-After -5", false, true, Written::all, 429, GRAPH_ERROR(130429), "-5"},
    {"429, Retry-After a date", false, true, Written::all, 429, GRAPH_ERROR(130429), "Wed, 21 Oct 2037 07:28:00 GMT"},
    {"429, Retry-After 10^9", false, true, Written::all, 429, GRAPH_ERROR(130429), "1000000000"},
    {"the number is too fast", false, true, Written::all, 400, GRAPH_ERROR(130429), ""},
    {"the pair is too fast", false, true, Written::all, 400, GRAPH_ERROR(131056), ""},
    {"the token has expired", false, true, Written::all, 401, GRAPH_ERROR(190), ""},
    {"the window is closed", false, true, Written::all, 400, GRAPH_ERROR(131047), ""},
    {"refused", false, true, Written::all, 400, GRAPH_ERROR(131026), ""},
    {"a redirect", false, true, Written::all, 302, "", ""},
    {"the number is gone", false, true, Written::all, 404,
     R"({"error":{"message":"no","type":"GraphMethodException","code":100,"error_subcode":33,"fbtrace_id":"x"}})", ""},
};

namespace {
constexpr std::array broken_connections{"connection refused", "no such host", "certificate expired", "handshake timed out"};
} // namespace

std::vector<std::string> Provider::all_faults_of_the_weather() const
{
    auto names = receipt_faults();
    names.insert(names.end(), broken_connections.begin(), broken_connections.end());
    for (auto const& fault : all_faults)
        names.emplace_back(fault.name);
    return names;
}

asio::awaitable<void> Provider::wait(milliseconds delay)
{
    auto timer = std::make_shared<asio::steady_timer>(*io, asio::steady_timer::time_point::max());
    std::weak_ptr<asio::steady_timer> const weak{timer};
    std::erase_if(waiting_, [](auto const& each) { return each.expired(); });
    waiting_.push_back(weak);
    agenda_.after(delay, [weak] {
        if (auto const still = weak.lock())
            still->cancel();
    });
    co_await timer->async_wait(asio::as_tuple(asio::use_awaitable));
    fate_.step("network");
}

void Provider::wake_all()
{
    for (auto const& each : std::exchange(waiting_, {}))
        if (auto const timer = each.lock())
            timer->cancel();
}

class Provider::Wire final : public net::Connection {
public:
    Wire(Provider& owner, Timestamp asked_for) : owner_{owner}, asked_for_{asked_for} {}
    asio::awaitable<net::Answer> exchange(HttpRequest& request, milliseconds limit) override { return owner_.serve(request, asked_for_, limit); }
    asio::awaitable<net::Answer> exchange(HttpRequest&, net::Upload&, milliseconds) override
    {
        co_return net::NoAnswer{net::NoAnswer::Written::nothing, "the simulated provider takes no files"};
    }

private:
    Provider& owner_;
    Timestamp asked_for_;
};

asio::awaitable<Result<std::unique_ptr<net::Connection>>> Provider::connect(net::Origin const&, milliseconds limit)
{
    auto const asked_for = agenda_.true_now();
    fate_.step("before connect");
    if (dice_.chance(weather.each * broken_connections.size())) {
        auto const* why = broken_connections[dice_.below(broken_connections.size())];
        ++faults[why];
        co_await wait(why == broken_connections.back() ? limit : 20ms);
        co_return Error{deskbridge::Fault::unavailable, why};
    }
    co_await wait(5ms + dice_.within(40ms));
    fate_.step("after connect");
    std::unique_ptr<net::Connection> connection = std::make_unique<Wire>(*this, asked_for);
    co_return std::move(connection);
}

Provider::Fault const* Provider::draw()
{
    auto const drawn = dice_.below(1000 * 1000);
    auto const place = weather.each == 0 ? all_faults.size() : drawn / (weather.each * 1000);
    if (place >= all_faults.size())
        return nullptr;
    ++faults[all_faults[place].name];
    return &all_faults[place];
}

asio::awaitable<net::Answer> Provider::serve(HttpRequest const& request, Timestamp connected, milliseconds limit)
{
    fate_.step("before the first byte");
    auto const asked = nlohmann::json::parse(request.body, nullptr, false);
    HttpResponse response;
    response.headers = {{"Content-Type", "application/json"}};
    if (asked.is_object() && asked.contains("status")) {
        response.body = R"({"success":true})";
        co_return response;
    }
    auto const end = request.target.rfind('/'); // https://graph.test/v25.0/NUMBER/messages
    auto const begin = request.target.rfind('/', end - 1) + 1;
    auto const number = request.target.substr(begin, end - begin);
    auto const* fault = draw();
    co_await wait(5ms + dice_.within(60ms));
    fate_.step("in the middle of the request");
    if (!fault || fault->written != Written::nothing)
        requests.push_back({connected, number, recipient_of(asked)});
    std::string id;
    if (!fault || fault->reaches)
        id = accept(number, asked);
    fate_.step("after the last byte");
    if (fault && !fault->answered) {
        co_await wait(std::string_view{fault->name}.ends_with("silence") ? limit : dice_.within(2s));
        co_return net::NoAnswer{fault->written, fault->name};
    }
    co_await wait(20ms + dice_.within(300ms));
    answer(fault, id, response);
    fate_.step("after the answer");
    co_return response;
}

void Provider::answer(Fault const* fault, std::string const& id, HttpResponse& response)
{
    response.status = fault ? fault->status : 200;
    nlohmann::json const accepted{{"messaging_product", "whatsapp"}, {"messages", {{{"id", id}}}}};
    response.body = fault ? fault->body : accepted.dump();
    if (fault && *fault->retry_after != '\0')
        response.headers.add("Retry-After", fault->retry_after);
}

std::string Provider::accept(std::string const& number, nlohmann::json const& asked)
{
    Sent sent{agenda_.true_now(), number, recipient_of(asked), text_of(asked, "biz_opaque_callback_data"),
              "wamid.OUT" + std::to_string(ledger.size()), text_of(asked, "type") == "template"};
    plan_receipts(sent);
    ledger.push_back(sent);
    return sent.id;
}

} // namespace deskbridge::test::sim
