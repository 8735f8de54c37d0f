#include "provider_scene.hpp"

#include "command_line.hpp"
#include "tally.hpp"

#include <fmt/format.h>

#include <thread>

namespace fault {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr auto look_up_after = 6s; ///< so long something is in doubt before a person looks

bool is_open(json const& line)
{
    auto const state = line.value("state", "");
    bool const waits = state == "queued" || state == "claimed" || state == "retry_wait" || state == "held" || state == "kept";
    return waits || (state == "unknown" && line.value("class", "") == "agent");
}

} // namespace

ProviderScene::ProviderScene(std::string const& program, int customers)
    : provider_port{free_port()}, daemon{program, folder.path(), provider_port},
      provider{program, folder.path(), provider_port, fmt::format("http://127.0.0.1:{}/hooks/support", daemon.port())}, desk{daemon.socket()}, ledger{provider.ledger()}
{
    provider.start();
    daemon.start();
    if (!CommandLine{program, daemon.configuration()}.add_tester())
        throw std::runtime_error("no agent");
    for (int i = 0; i < customers; ++i) {
        auto const made = provider.order("/sim/customers", {{"name", fmt::format("Customer {}", i)}, {"country", "DE"}});
        customers_.push_back(made.at("id").get<std::string>());
        customer_writes(customers_.size() - 1, "Where is my parcel?");
    }
    auto const last = fmt::format("/v1/tickets/{}", customers);
    if (!wait_for([&] { return desk.ask("GET", last).status == 200; }) || !comes_to_rest())
        throw std::runtime_error("the customers have no tickets, or no acknowledgements");
}

long ProviderScene::answer(long ticket, std::string const& text)
{
    long message = 0;
    if (!wait_for([&] { return (message = desk.replies(ticket, text)) != 0; }))
        throw std::runtime_error("the daemon takes no answer");
    promised.insert(text);
    texts_[message] = text;
    return message;
}

void ProviderScene::customer_writes(std::size_t customer, std::string const& text)
{
    (void)provider.order("/sim/customers/" + customers_[customer % customers_.size()] + "/messages",
                         {{"type", "text"}, {"content", {{"body", text}}}});
}

std::size_t ProviderScene::mind()
{
    auto const page = desk.outbox("open");
    if (!page.at("paused").empty() && !desk.resumes())
        trouble.emplace_back("a paused account cannot be resumed");
    std::size_t open = page.at("counts").contains("silent") ? 1 : 0;
    for (auto const& line : page.at("data")) {
        open += is_open(line) ? 1U : 0U;
        if (is_open(line) && (line.value("state", "") == "unknown" || line.value("state", "") == "held"))
            resolve(line);
    }
    return open;
}

void ProviderScene::resolve(json const& line)
{
    auto const message = line.at("message").get<long>();
    auto const now = std::chrono::steady_clock::now();
    auto const since = in_doubt_since_.try_emplace(message, now).first->second;
    if (now - since < look_up_after || now - thawed_ < look_up_after)
        return;
    ledger.read_on();
    std::string const verdict = ledger.times(texts_[message]) > 0 ? "sent" : "resend";
    if (desk.resolves(message, verdict))
        ++resolved[verdict];
    in_doubt_since_.erase(message);
}

bool ProviderScene::comes_to_rest()
{
    auto const silent = [this] {
        auto const state = provider.ask("/sim/state");
        return state.is_object() && state.at("numbers").at(0).at("hook").value("unanswered", 1) == 0;
    };
    // A receipt may still be on its way to the queue of webhooks when nothing is open any more.
    auto const quiet = [&] { return mind() == 0 && silent(); };
    for (int rounds = 0; rounds < 3; ++rounds) {
        if (!wait_for(quiet, 300s))
            return false;
        std::this_thread::sleep_for(800ms);
    }
    ledger.read_on();
    return mind() == 0 && silent();
}

json ProviderScene::verdict_on(long message) const
{
    json story;
    auto const told = [&] {
        story = desk.story(message);
        auto const state = story.value("state", "");
        return !state.empty() && state != "queued" && state != "claimed" && state != "retry_wait";
    };
    (void)wait_for(told, 120s);
    return story;
}

void ProviderScene::restart_daemon()
{
    if (daemon.terminate() != 0)
        trouble.emplace_back("SIGTERM: not a clean end");
    daemon.start();
}

void ProviderScene::away(std::chrono::milliseconds how_long)
{
    if (daemon.terminate() != 0)
        trouble.emplace_back("SIGTERM: not a clean end");
    for (std::size_t i = 0; i < customers_.size(); i += 3)
        customer_writes(i, "Are you there?");
    std::this_thread::sleep_for(how_long);
    daemon.start();
}

void ProviderScene::outage(std::chrono::milliseconds how_long)
{
    provider.stop();
    std::this_thread::sleep_for(how_long);
    provider.start();
}

void ProviderScene::frozen(std::chrono::milliseconds how_long)
{
    provider.freeze();
    std::this_thread::sleep_for(how_long);
    provider.thaw();
    thawed_ = std::chrono::steady_clock::now();
}

void ProviderScene::end()
{
    if (daemon.terminate() != 0)
        trouble.emplace_back("SIGTERM: not a clean end");
    provider.stop();
    ledger.read_on();
}

} // namespace fault
