#include "channels/conformance.hpp"

#include "deskbridge/core/intent.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

namespace deskbridge::test {
namespace {

using Words = std::set<std::string>;

constexpr std::array message_parts{"group", "quoted", "choice_id", "referral", "history", "standby"};

/// Every word that an enumeration has, in its order: `render` has none for what is none of it.
template <class Enum, class Render>
std::vector<std::string> words_of(std::string const& before, Render const& render)
{
    std::vector<std::string> words;
    for (int value = 0; !render(static_cast<Enum>(value)).empty(); ++value)
        words.push_back(before + std::string{render(static_cast<Enum>(value))});
    return words;
}

std::vector<std::string> make_required()
{
    std::vector<std::string> all{
        "echo", "reaction", "reaction removed", "edit", "deletion", "identity_change", "notice", "several events",
        "an unreadable part among its siblings", "fault:malformed", "fault:forbidden", "send:accepted", "send:unknown", "send:unanswered",
        "send:with buttons", "send:with list", "send:with template", "send:with quote", "send:with file", "send:to a group", "send:in parts"};
    auto const add = [&all](std::vector<std::string> const& words) { all.insert(all.end(), words.begin(), words.end()); };
    add(words_of<MessageKind>("message:", render_message_kind));
    for (auto const* const part : message_parts)
        all.push_back(std::string{"message:with "} + part);
    add(words_of<ReceiptStatus>("receipt:", render_receipt_status));
    add(words_of<Refused::Because>("receipt:failed:", render_because));
    add(words_of<Refused::Because>("send:refused:", render_because));
    add(words_of<NotSent::Slows>("send:not_sent:", render_slows));
    return all;
}

void add_event(Json const& event, Words& words)
{
    auto const what = event.at("event").get<std::string>();
    if (what == "message") {
        words.insert("message:" + event.at("kind").get<std::string>());
        for (auto const* const part : message_parts)
            if (event.contains(part))
                words.insert(std::string{"message:with "} + part);
    } else if (what == "receipt") {
        words.insert("receipt:" + event.at("status").get<std::string>());
        if (event.at("status") == render_receipt_status(ReceiptStatus::failed))
            words.insert("receipt:failed:" + event.value("because", std::string{render_because(Refused::Because::message)}));
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
    static std::vector<std::string> const required = make_required();
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
