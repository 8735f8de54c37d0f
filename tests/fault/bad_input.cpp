#include "arguments.hpp"
#include "daemon.hpp"
#include "http.hpp"
#include "plan.hpp"
#include "tally.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

using namespace fault;

namespace {

constexpr auto usage = R"(bad_input --deskbridge PROGRAM

What strangers and broken providers post at the real process: the answer, the log line, the metric, and what is stored.
)";

enum class Signed { rightly, by_another, but_for_its_end, not_at_all };

struct Case {
    std::string label;
    std::string path;
    std::string body;
    Signed how;
    int status;
    std::string log;    ///< must stand in a new line of the log
    std::string metric; ///< must have counted one more
};

std::string message_for(std::string_view phone_number_id)
{
    return fmt::format(
        R"({{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{"field":"messages","value":{{"messaging_product":"whatsapp","metadata":{{"phone_number_id":"{}"}},"messages":[{{"from":"4915110000001","id":"wamid.bad1","timestamp":"1795267200","type":"text","text":{{"body":"canary words"}}}}]}}}}]}}]}})",
        phone_number_id);
}

std::vector<Case> cases()
{
    return {
        {"wrong signature", "/hooks/support", message_for(Daemon::phone_number_id), Signed::by_another, 401, "reason=bad_signature",
         R"(deskbridge_webhooks_total{outcome="bad_signature"})"},
        {"a signature with a wrong end", "/hooks/support", message_for(Daemon::phone_number_id), Signed::but_for_its_end, 401, "reason=bad_signature",
         R"(deskbridge_webhooks_total{outcome="bad_signature"})"},
        {"no signature", "/hooks/support", message_for(Daemon::phone_number_id), Signed::not_at_all, 401, "reason=bad_signature",
         R"(deskbridge_webhooks_total{outcome="bad_signature"})"},
        {"unknown hook", "/hooks/nobody", "{}", Signed::rightly, 404, "reason=unknown_hook", R"(deskbridge_webhooks_total{outcome="unknown_hook"})"},
        {"not JSON", "/hooks/support", "this is no JSON", Signed::rightly, 200, "event=shelved", R"(deskbridge_shelved_total{reason="unreadable"})"},
        {"wrong types", "/hooks/support", R"({"object":"whatsapp_business_account","entry":"none"})", Signed::rightly, 200, "event=shelved",
         R"(deskbridge_shelved_total{reason="unreadable"})"},
        {"another object", "/hooks/support", R"({"object":"page","entry":[]})", Signed::rightly, 200, "event=shelved", "deskbridge_shelved_total{reason="},
        {"a number that nobody configured", "/hooks/support", message_for("999"), Signed::rightly, 200, "reason=unknown_account",
         R"(deskbridge_shelved_total{reason="unknown_account"})"},
        {"too big", "/hooks/support", std::string((4u << 20) + 1, ' '), Signed::rightly, 413, "status=413", R"(deskbridge_http_refused_total{reason=)"},
    };
}

std::string signature_for(Case const& c)
{
    auto signature = signature_of(c.how == Signed::by_another ? "wrong" : Daemon::app_secret, c.body);
    if (c.how == Signed::but_for_its_end)
        signature.back() = signature.back() == '0' ? '1' : '0';
    return c.how == Signed::not_at_all ? std::string{} : signature;
}

} // namespace

int main(int argc, char** argv)
{
    Arguments const arguments{argc, argv, usage};
    ScratchFolder const folder;
    ProviderSink const sink;
    Daemon daemon{arguments.text("--deskbridge"), folder.path(), sink.port()};
    daemon.start();
    for (auto const& c : cases()) {
        HttpConnection connection{daemon.port()};
        auto const before = figure_in(connection.read("/metrics"), c.metric);
        auto const logged = daemon.log().size();
        int const status = connection.post(c.path, c.body, signature_for(c));
        HttpConnection fresh{daemon.port()};
        auto const after = figure_in(fresh.read("/metrics"), c.metric);
        auto const log = daemon.log().substr(logged);
        expect(status == c.status, fmt::format("{}: answered {}, not {}", c.label, status, c.status));
        expect(after == before + 1, fmt::format("{}: {} went from {} to {}", c.label, c.metric, before, after));
        expect(log.find(c.log) != std::string::npos, fmt::format("{}: no \"{}\" in the log, only: {}", c.label, c.log, log));
        expect(log.find("canary") == std::string::npos, fmt::format("{}: a customer's words are in the log", c.label));
    }
    int const status = daemon.terminate();
    auto const log = daemon.log();
    auto const told = log.find("stopping");
    expect(status == 0 && told != std::string::npos && log.find("stopped", told) != std::string::npos,
           fmt::format("SIGTERM: status {}, and the log ends: {}", status, log.substr(log.size() - std::min<std::size_t>(log.size(), 400))));
    return conclude();
}
