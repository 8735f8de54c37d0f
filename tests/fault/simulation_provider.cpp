#include "simulation_provider.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdio>

namespace deskbridge::test::sim {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Written = net::NoAnswer::Written;

std::uint64_t Dice::roll()
{
    auto z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

void Agenda::after(milliseconds delay, std::function<void()> what)
{
    entries_.push({true_now_ + delay, placed_++, std::move(what)});
}

void Agenda::when(Timestamp daemons, std::function<void()> what)
{
    after(std::max<milliseconds>(daemons - now(), 1ms), std::move(what));
}

bool Agenda::step(Timestamp until)
{
    if (entries_.empty() || entries_.top().at > until)
        return false;
    auto const entry = entries_.top();
    entries_.pop();
    true_now_ = std::max(true_now_, entry.at);
    entry.what();
    return true;
}

void Fate::die()
{
    dead_ = true;
    ++deaths["between steps"];
}

void Fate::revive()
{
    dead_ = false;
    left_ = -1;
    named_.clear();
}

void Fate::step(char const* where)
{
    if (std::this_thread::get_id() != reactor_)
        return;
    if (dead_)
        throw SimulatedCrash{};
    bool const now = (named_ == where && passes_-- == 0) || left_ == 0;
    if (left_ > 0)
        --left_;
    if (!now)
        return;
    dead_ = true;
    ++deaths[where];
    throw SimulatedCrash{};
}

void FatefulLog::write(LogLevel, std::string_view event, std::initializer_list<LogField> fields)
{
    if (aloud) {
        std::string line{event};
        for (auto const& field : fields)
            line.append(" ").append(field.key).append("=").append(field.value);
        std::fprintf(stderr, "  %s\n", line.c_str());
    }
    if (event == "send_begun" || event == "send_accepted" || event == "send_settled" || event == "send_unknown" || event == "webhook_taken")
        fate_.step(std::string{event}.c_str());
}

namespace {
constexpr char const* html = "<html><body>Bad gateway</body></html>";
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
};

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
    explicit Wire(Provider& owner) : owner_{owner} {}
    asio::awaitable<net::Answer> exchange(HttpRequest& request, milliseconds limit) override { return owner_.serve(request, limit); }
    asio::awaitable<net::Answer> exchange(HttpRequest&, net::Upload&, milliseconds) override
    {
        co_return net::NoAnswer{net::NoAnswer::Written::nothing, "the simulated provider takes no files"};
    }

private:
    Provider& owner_;
};

asio::awaitable<Result<std::unique_ptr<net::Connection>>> Provider::connect(net::Origin const&, milliseconds limit)
{
    fate_.step("before connect");
    auto const why = std::array{"connection refused", "no such host", "certificate expired", "handshake timed out"};
    if (dice_.chance(weather.each * why.size())) {
        auto const n = dice_.below(why.size());
        ++faults[why[n]];
        co_await wait(n == 3 ? limit : 20ms);
        co_return Error{deskbridge::Fault::unavailable, why[n]};
    }
    co_await wait(5ms + dice_.within(40ms));
    fate_.step("after connect");
    std::unique_ptr<net::Connection> connection = std::make_unique<Wire>(*this);
    co_return std::move(connection);
}

asio::awaitable<net::Answer> Provider::serve(HttpRequest const& request, milliseconds limit)
{
    fate_.step("before the first byte");
    auto const asked = nlohmann::json::parse(request.body, nullptr, false);
    HttpResponse response;
    response.headers = {{"Content-Type", "application/json"}};
    if (asked.is_object() && asked.contains("status")) {
        response.body = R"({"success":true})";
        co_return response;
    }
    auto const drawn = dice_.below(1000 * 1000);
    auto const place = weather.each == 0 ? all_faults.size() : drawn / (weather.each * 1000);
    auto const* fault = place < all_faults.size() ? &all_faults[place] : nullptr;
    co_await wait(5ms + dice_.within(60ms));
    fate_.step("in the middle of the request");
    std::string id;
    if (!fault || fault->reaches)
        id = accept(request, asked);
    fate_.step("after the last byte");
    if (fault)
        ++faults[fault->name];
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

std::string Provider::accept(HttpRequest const& request, nlohmann::json const& asked)
{
    auto const text = [&](char const* key) { return asked.contains(key) && asked[key].is_string() ? asked[key].get<std::string>() : std::string{}; };
    auto const end = request.target.rfind('/'); // https://graph.test/v25.0/NUMBER/messages
    auto const begin = request.target.rfind('/', end - 1) + 1;
    Sent sent{agenda_.true_now(), request.target.substr(begin, end - begin), text("to"), text("biz_opaque_callback_data"), "wamid.OUT" + std::to_string(ledger.size()), false, false};
    if (sent.to.empty())
        sent.to = text("recipient");
    sent.is_template = text("type") == "template";
    sent.bare = weather.bare_receipts > 0 && dice_.chance(weather.bare_receipts);
    ledger.push_back(sent);
    plan_receipts(sent);
    return sent.id;
}

void Provider::plan_receipts(Sent const& sent)
{
    auto delay = dice_.within(600ms);
    auto const say = [&](char const* status, int code) {
        if (dice_.chance(weather.lost_receipts))
            return;
        for (int times = dice_.chance(weather.doubled_receipts) ? 2 : 1; times > 0; --times) {
            auto const when = dice_.chance(weather.late_receipts) ? delay + dice_.within(2h) : delay;
            agenda_.after(when, [this, sent, status, code] { tell(sent, status, code); });
        }
        delay += dice_.within(4s) - 500ms; // now and then the later one is the quicker one
        delay = std::max<milliseconds>(delay, 1ms);
    };
    say("sent", 0);
    if (weather.each > 0 && dice_.chance(20))
        return say("failed", dice_.chance(500) ? 131047 : 131026);
    say("delivered", 0);
    if (dice_.chance(500))
        say("read", 0);
}

} // namespace deskbridge::test::sim
