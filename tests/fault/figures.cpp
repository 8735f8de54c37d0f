#include "arguments.hpp"
#include "command_line.hpp"
#include "daemon.hpp"
#include "http.hpp"
#include "tally.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <thread>
#include <vector>

using namespace fault;
using nlohmann::json;

namespace {

constexpr auto usage = R"(figures --deskbridge PROGRAM --catalogue schemas/json/metrics.json

What /metrics of the real process shows: every series is in the catalogue with these labels and values, what operators
watch is there from the start, and what lies in the store is shown again after a restart and after a crash. A send that a
crash leaves in doubt is among the first figures of the next start.
)";

/// `name{labels}` and its value, as scraped.
using Series = std::map<std::string, double>;

Series scrape(int port)
{
    HttpConnection connection{port};
    std::istringstream in{connection.read("/metrics")};
    Series series;
    for (std::string line; std::getline(in, line);)
        if (!line.empty() && line.front() != '#')
            series[line.substr(0, line.rfind(' '))] = std::stod(line.substr(line.rfind(' ')));
    return series;
}

/// A histogram's three suffixes belong to its family.
std::string family_of(std::string const& name, json const& catalogue)
{
    for (std::string const suffix : {"_bucket", "_sum", "_count"})
        if (name.ends_with(suffix) && catalogue.contains(name.substr(0, name.size() - suffix.size())))
            return name.substr(0, name.size() - suffix.size());
    return name;
}

bool allowed(json const& entry, std::string const& label, std::string const& value)
{
    if (label == "le" && entry.at("type") == "histogram")
        return true;
    auto const& labels = entry.at("labels");
    if (!labels.contains(label))
        return false;
    auto const& values = labels.at(label);
    return values.is_string() || std::find(values.begin(), values.end(), value) != values.end();
}

void check_catalogued(Series const& series, json const& catalogue)
{
    static std::regex const label{R"re(([a-z_]+)="([^"]*)")re"};
    for (auto const& [name, value] : series) {
        auto const family = family_of(name.substr(0, name.find('{')), catalogue);
        expect(catalogue.contains(family), fmt::format("{} is not in the catalogue", family));
        if (!catalogue.contains(family))
            continue;
        for (std::sregex_iterator at{name.begin(), name.end(), label}, end; at != end; ++at)
            expect(allowed(catalogue.at(family), at->str(1), at->str(2)), fmt::format("{}: not in the catalogue", name));
    }
}

void check_watched(Series const& series, std::string const& when)
{
    for (std::string const state : {"held", "queued", "claimed", "retry_wait", "unknown", "kept"})
        expect(series.contains(fmt::format("deskbridge_outbox_intents{{state=\"{}\"}}", state)), fmt::format("{}: no intents in state {}", when, state));
    for (std::string const lane : {"outcome", "agent", "intake", "upkeep"})
        expect(series.contains(fmt::format("deskbridge_store_queue_jobs{{lane=\"{}\"}}", lane)), fmt::format("{}: no queue {}", when, lane));
    for (std::string const outcome : {"accepted", "shelved", "known", "bad_signature", "unknown_hook", "too_busy", "store_failed"})
        expect(series.contains(fmt::format("deskbridge_webhooks_total{{outcome=\"{}\"}}", outcome)), fmt::format("{}: no webhooks {}", when, outcome));
    for (std::string const outcome : {"accepted", "not_sent", "refused", "unknown", "no_connection"})
        expect(series.contains(fmt::format("deskbridge_sends_total{{outcome=\"{}\"}}", outcome)), fmt::format("{}: no sends {}", when, outcome));
    for (std::string const name : {"deskbridge_shelf_open", "deskbridge_outbox_unknown_oldest_seconds", "deskbridge_commit_seconds_count",
                                   "deskbridge_inbound_repeated_total", "deskbridge_wal_bytes", "process_start_time_seconds",
                                   "deskbridge_accounts_silent{account=\"support\"}", "deskbridge_accounts_unwell{account=\"support\",severity=\"error\"}"})
        expect(series.contains(name), fmt::format("{}: no {}", when, name));
}

std::string message(std::string_view phone_number_id)
{
    auto const now = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    return fmt::format(
        R"({{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{"field":"messages","value":{{"messaging_product":"whatsapp","metadata":{{"phone_number_id":"{}"}},"messages":[{{"from":"4915110000001","id":"wamid.figures1","timestamp":"{}","type":"text","text":{{"body":"Where is my parcel?"}}}}]}}}}]}}]}})",
        phone_number_id, now);
}

/// One message twice, one for a number that nobody has, one body that is no JSON, one with a wrong signature.
void post_some(int port)
{
    auto const body = message(Daemon::phone_number_id);
    for (auto const& each : {body, body, message("999"), std::string{"this is no JSON"}}) {
        HttpConnection connection{port};
        expect(connection.post("/hooks/support", each, signature_of(Daemon::app_secret, each)) == 200, "a webhook was not taken");
    }
    HttpConnection connection{port};
    expect(connection.post("/hooks/support", body, signature_of("wrong", body)) == 401, "a wrong signature was taken");
}

void expect_value(Series const& series, std::string const& name, double value, std::string const& when)
{
    auto const found = series.find(name);
    expect(found != series.end() && found->second == value,
           fmt::format("{}: {} is {}, not {}", when, name, found == series.end() ? -1 : found->second, value));
}

/// Waits for the acknowledgement, so that sends and their outcomes are among the figures.
Series after_acknowledgement(int port)
{
    Series series;
    for (int tries = 0; tries < 300; ++tries) {
        series = scrape(port);
        if (series[R"(deskbridge_sends_total{outcome="accepted"})"] >= 1)
            break;
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
    return series;
}

void check_counted(Series const& series)
{
    expect_value(series, R"(deskbridge_webhooks_total{outcome="accepted"})", 1, "after webhooks");
    expect_value(series, R"(deskbridge_webhooks_total{outcome="known"})", 1, "after webhooks");
    expect_value(series, R"(deskbridge_webhooks_total{outcome="shelved"})", 2, "after webhooks");
    expect_value(series, R"(deskbridge_webhooks_total{outcome="bad_signature"})", 1, "after webhooks");
    expect_value(series, R"(deskbridge_inbound_events_total{kind="message"})", 1, "after webhooks");
    expect_value(series, "deskbridge_inbound_repeated_total", 1, "after webhooks");
    expect_value(series, R"(deskbridge_placements_total{rule="R8"})", 1, "after webhooks");
    expect_value(series, "deskbridge_shelf_open", 2, "after webhooks");
    expect_value(series, R"(deskbridge_acknowledgements_total{outcome="queued"})", 1, "after the acknowledgement");
    expect_value(series, R"(deskbridge_sends_total{outcome="accepted"})", 1, "after the acknowledgement");
    expect_value(series, "deskbridge_send_seconds_count", 1, "after the acknowledgement");
    expect_value(series, R"(deskbridge_outbox_intents{state="queued"})", 0, "after the acknowledgement");
}

/// A provider that takes messages and never says so; other requests it answers.
class SilentProvider {
public:
    ~SilentProvider() { over_ = true; }
    [[nodiscard]] int port() const noexcept { return sink_.port(); }
    [[nodiscard]] int taken() const noexcept { return taken_; }

private:
    std::string answer(std::string_view request)
    {
        if (request.find("biz_opaque_callback_data") == std::string_view::npos)
            return {};
        ++taken_;
        while (!over_)
            std::this_thread::sleep_for(std::chrono::milliseconds{5});
        return std::string{ProviderSink::hang_up};
    }

    std::atomic<bool> over_{false};
    std::atomic<int> taken_{0};
    ProviderSink sink_{[this](std::string_view request) { return answer(request); }};
};

/// `deskbridge outbox ls`, by message: how its delivery stands.
std::map<std::string, std::string> listed(CommandLine const& desk)
{
    std::istringstream in{desk.run("outbox ls --json").words};
    std::map<std::string, std::string> out;
    for (std::string line; std::getline(in, line);) {
        auto const entry = json::parse(line, nullptr, false);
        if (entry.is_object())
            out[entry.value("message", json{}).dump()] = entry.value("delivery", std::string{"nothing"});
    }
    return out;
}

/// The first scrape after readiness tells: no timer, no request and no other scrape comes before it.
void check_doubt_after_a_crash(std::string const& program)
{
    ScratchFolder const folder;
    SilentProvider const provider;
    Daemon daemon{program, folder.path(), provider.port()};
    CommandLine const desk{program, daemon.configuration()};
    daemon.start();
    auto const body = message(Daemon::phone_number_id);
    HttpConnection{daemon.port()}.post("/hooks/support", body, signature_of(Daemon::app_secret, body));
    expect(desk.add_tester() && desk.succeeds("ticket reply 1 -m 'It is on its way.'"), "no reply");
    expect(wait_for([&] { return provider.taken() == 1; }), "the reply does not go out");
    expect_value(scrape(daemon.port()), R"(deskbridge_outbox_intents{state="claimed"})", 1, "while it is sent");
    daemon.kill();
    daemon.start();
    auto const series = scrape(daemon.port());
    expect_value(series, R"(deskbridge_outbox_intents{state="unknown"})", 1, "first scrape after a crash");
    expect_value(series, R"(deskbridge_outbox_intents{state="claimed"})", 0, "first scrape after a crash");
    expect_value(series, R"(deskbridge_outbox_intents{state="queued"})", 0, "first scrape after a crash");
    auto const open = listed(desk);
    expect(open.size() == 1 && open.begin()->second == "unknown", "outbox ls does not show what is in doubt");
    daemon.kill();
    daemon.start();
    expect_value(scrape(daemon.port()), R"(deskbridge_outbox_intents{state="unknown"})", 1, "first scrape after another crash");
    expect(provider.taken() == 1, "what is in doubt was sent again");
}

} // namespace

int main(int argc, char** argv)
{
    Arguments const arguments{argc, argv, usage};
    std::ifstream in{arguments.text("--catalogue")};
    auto const document = json::parse(in);
    auto const& catalogue = document.at("metrics");
    ScratchFolder const folder;
    ProviderSink const sink;
    Daemon daemon{arguments.text("--deskbridge"), folder.path(), sink.port()};
    daemon.start();
    auto series = scrape(daemon.port());
    check_watched(series, "at the start");
    check_catalogued(series, catalogue);
    expect_value(series, "deskbridge_shelf_open", 0, "at the start");
    post_some(daemon.port());
    series = after_acknowledgement(daemon.port());
    check_counted(series);
    check_catalogued(series, catalogue);
    expect(daemon.terminate() == 0, "SIGTERM: not a clean end");
    for (std::string const when : {"after a restart", "after a crash"}) {
        daemon.start();
        series = scrape(daemon.port());
        check_watched(series, when);
        expect_value(series, "deskbridge_shelf_open", 2, when);
        expect_value(series, R"(deskbridge_webhooks_total{outcome="accepted"})", 0, when);
        daemon.kill();
    }
    check_doubt_after_a_crash(arguments.text("--deskbridge"));
    return conclude();
}
