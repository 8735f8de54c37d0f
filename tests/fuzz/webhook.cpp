#include "fuzz/scenes.hpp"
#include "fuzz/target.hpp"

namespace deskbridge::fuzz {
namespace {

using test::Json;

/// What everybody behind `parse` relies on.
void check_promises(Json const& events)
{
    for (auto const& event : events) {
        auto const text = event.dump(); // throws on malformed UTF-8
        must(text.find("\\u0000") == std::string::npos, "an event holds NUL");
        must(!event.at("key").get<std::string>().empty(), "an event without a key");
        must(event.value("id", std::string{}).size() <= 512, "an event's id is too long");
        if (event.at("event") == "message")
            must(event.contains("from") && event.contains("id"), "a message without a sender or an id");
    }
}

/// A URL's query as the provider's proof asks for it: answered or not, it must not fall over, and never tells a secret.
void check_handshake(test::ChannelScene const& scene, std::string_view query)
{
    HttpRequest const request{"GET", "/hooks/support?" + std::string{query}, {}, {}};
    auto const answer = scene.adapter().handshake(scene.hook(), request);
    must(!answer || answer->status == 200 || answer->status == 403, "a handshake with another status");
    must(!answer || answer->body.size() <= query.size() + 200, "a handshake says more than it was asked");
}

} // namespace

/// A body that the provider has signed. It never throws, means the same the second time (down to the keys that keep an event
/// from taking effect twice), and is refused when a stranger sends it.
void webhook(std::string_view input)
{
    for (auto const& scene : scenes()) {
        auto const request = scene.webhook(std::string{input});
        auto const events = test::outcome_of(scene, request);
        must(test::outcome_of(scene, request) == events, "a webhook means something else the second time");
        if (events.is_array())
            check_promises(events);
        else
            must(events.at("fault") == "malformed" || events.at("fault") == "not_found",
                 "a signed webhook is refused as another's");
        must(test::outcome_of(scene, scene.forged(request)) == Json{{"fault", "forbidden"}}, "a forged webhook is taken");
        check_handshake(scene, input.substr(0, 512));
    }
}

} // namespace deskbridge::fuzz
