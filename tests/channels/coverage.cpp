#include "channels/conformance.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace deskbridge::test {
namespace {

using Words = std::set<std::string>;

void add_event(Json const& event, Words& words)
{
    auto const what = event.at("event").get<std::string>();
    if (what == "message") {
        words.insert("message:" + event.at("kind").get<std::string>());
        for (auto const* const part : {"group", "quoted", "choice_id"})
            if (event.contains(part))
                words.insert(std::string{"message:with "} + part);
    } else if (what == "receipt") {
        words.insert("receipt:" + event.at("status").get<std::string>());
    } else if (what == "reaction") {
        words.insert(event.contains("emoji") ? "reaction" : "reaction removed");
    } else {
        words.insert(event.value("kind", "") == channel::unreadable_notice ? "unreadable" : what);
    }
}

void add_inbound(Json const& expect, Words& words)
{
    if (expect.is_object()) {
        words.insert("fault:" + expect.at("fault").get<std::string>());
        return;
    }
    Words here;
    for (auto const& event : expect)
        add_event(event, here);
    if (here.erase("unreadable") > 0)
        here.insert("an unreadable part among its siblings");
    if (expect.size() > 1)
        here.insert("several events");
    words.insert(here.begin(), here.end());
}

void add_outbound(Json const& doc, Words& words)
{
    auto const& content = doc.at("content");
    for (auto const* const part : {"buttons", "list", "template", "quote"})
        if (content.contains(part))
            words.insert(std::string{"send:with "} + part);
    if (content.contains("files"))
        words.insert("send:with file");
    if (doc.contains("group"))
        words.insert("send:to a group");
    if (doc.at("expect").size() > 1)
        words.insert("send:in parts");
    for (auto const& sent : doc.at("expect")) {
        auto const& outcome = sent.at("outcome");
        auto word = "send:" + outcome.at("event").get<std::string>();
        for (auto const* const part : {"slows", "because"})
            if (outcome.contains(part))
                word += ":" + outcome.at(part).get<std::string>();
        words.insert(word);
    }
}

} // namespace

std::vector<std::string> covered_by(std::string const& channel)
{
    Words words;
    for (auto const& fixture : inbound_fixtures())
        if (fixture.channel == channel)
            add_inbound(fixture.doc.at("expect"), words);
    for (auto const& fixture : outbound_fixtures())
        if (fixture.channel == channel)
            add_outbound(fixture.doc, words);
    return {words.begin(), words.end()};
}

std::vector<std::string> const& required_of_channels()
{
    static std::vector<std::string> const required{
        "message:text", "message:image", "message:audio", "message:voice", "message:video", "message:document", "message:sticker",
        "message:location", "message:contacts", "message:button", "message:list", "message:flow", "message:order",
        "message:placeholder", "message:with group", "message:with quoted", "message:with choice_id", "echo", "reaction",
        "reaction removed", "edit", "deletion", "receipt:sent", "receipt:delivered", "receipt:read", "receipt:played",
        "receipt:failed", "identity_change", "notice", "several events", "an unreadable part among its siblings",
        "fault:malformed", "fault:forbidden", "send:accepted", "send:not_sent:intent", "send:not_sent:pair",
        "send:not_sent:account", "send:refused:message", "send:refused:window_closed", "send:refused:account",
        "send:refused:opted_out", "send:unknown", "send:unanswered", "send:with buttons", "send:with list", "send:with template",
        "send:with quote", "send:with file", "send:to a group", "send:in parts"};
    return required;
}

Fixture const& plain_text_fixture(std::string const& channel)
{
    for (auto const& fixture : inbound_fixtures())
        if (fixture.channel == channel && fixture.name == "text")
            return fixture;
    throw std::runtime_error{channel + " has no fixtures/inbound/text.json"};
}

} // namespace deskbridge::test
