#include "channels/provider.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

// What adapters ask of providers besides sending: each question is put before the stand-in, which answers it, until the adapter has what it
// wants. What must be there for that a channel's conformance.json says ("asks").

using namespace deskbridge;
using test::ChannelScene;
using test::Json;
using test::Provider;

namespace {

constexpr std::size_t most_questions = 20;

/// A channel that a simulator plays.
struct Asking {
    explicit Asking(std::string const& channel) : scene{channel}, provider{channel} {}

    /// What conformance.json says about this question.
    Json asks(std::string const& what)
    {
        auto const all = test::judge_of(std::string{scene.adapter().name()}).at("simulator").value("asks", Json::object());
        INFO(scene.adapter().name() << ": its conformance.json must say in judge.simulator.asks what \"" << what << "\" needs");
        REQUIRE(all.contains(what));
        return all.at(what);
    }
    [[nodiscard]] channel::Capabilities can() const { return scene.adapter().capabilities(scene.account()); }

    ChannelScene scene;
    Provider provider;
};

void ask_health(Asking& by)
{
    channel::HealthContext const context{{}, by.scene.received_at()};
    std::vector<HttpResponse> so_far;
    for (;;) {
        REQUIRE(so_far.size() < most_questions);
        auto const next = by.scene.adapter().check_health(by.scene.account(), context, so_far);
        if (auto const* report = std::get_if<channel::HealthReport>(&next)) {
            CHECK(report->problem == "");
            CHECK(!report->findings.empty());
            return;
        }
        so_far.push_back(by.provider.take(std::get<HttpRequest>(next)));
    }
}

void ask_templates(Asking& by)
{
    std::size_t listed = 0;
    std::string cursor;
    for (std::size_t questions = 0; questions == 0 || !cursor.empty(); ++questions) {
        REQUIRE(questions < most_questions);
        auto const asked = by.scene.adapter().ask_templates(by.scene.account(), cursor);
        REQUIRE(asked.has_value());
        auto page = by.scene.adapter().read_templates(by.scene.account(), cursor, by.provider.take(*asked));
        CHECK(page.problem == "");
        listed += page.templates.size();
        cursor = std::move(page.next);
    }
    CHECK(listed > 0);
}

void ask_for_file(Asking& by)
{
    auto const file = by.asks("file");
    std::string const bytes = "%PDF-1.7";
    MediaReference const media{by.provider.place(file.at("path").get<std::string>(), "application/pdf", bytes), "application/pdf", {}, {}};
    std::vector<HttpResponse> so_far;
    for (;;) {
        REQUIRE(so_far.size() < most_questions);
        auto const next = by.scene.adapter().media_step(by.scene.account(), media, so_far);
        REQUIRE_FALSE(std::holds_alternative<channel::NoMediaLink>(next));
        if (auto const* link = std::get_if<channel::MediaLink>(&next)) {
            CHECK(by.provider.take(link->request).body == bytes);
            return;
        }
        so_far.push_back(by.provider.take(std::get<HttpRequest>(next)));
    }
}

void ask_to_mark(Asking& by)
{
    ExternalMessageId const message{by.provider.filled(by.asks("mark").get<std::string>())};
    auto const mark = by.scene.adapter().read_mark(by.scene.account(), message, true);
    REQUIRE(mark.has_value());
    (void)by.provider.take(*mark);
}

/// What a fetched webhook means, and the call that its answer asks for. Answers whether there was one.
bool act_on(Asking& by, channel::Polled::Item const& item)
{
    auto const& scene = by.scene;
    auto const webhook = channel::VerifiedWebhook::check(scene.adapter(), scene.hook(), item.webhook, scene.received_at());
    REQUIRE(webhook.has_value());
    auto const intake = scene.adapter().parse(scene.hook(), *webhook, scene.received_at());
    REQUIRE(intake.has_value());
    auto const call = scene.adapter().act_on(scene.account(), {200, {}, intake->reply_body});
    if (call)
        (void)by.provider.take(*call);
    return call.has_value();
}

/// From the beginning, and from where that ends. The stand-in would wait if there were nothing.
void ask_what_came(Asking& by)
{
    auto const poll = by.asks("poll");
    for (auto const& fixture : test::outbound_fixtures())
        if (fixture.channel == by.scene.adapter().name() && fixture.name == poll.value("after", ""))
            (void)by.provider.play(fixture);
    std::string cursor;
    bool acted = false;
    for (auto const* const round : {"first", "second"}) {
        INFO(round);
        by.provider.obey(poll.at("orders"));
        auto const asked = by.scene.adapter().poll(by.scene.account(), cursor);
        REQUIRE(asked.has_value());
        auto const polled = by.scene.adapter().polled(by.scene.account(), by.provider.take(*asked));
        CHECK(polled.problem == "");
        REQUIRE(!polled.items.empty());
        for (auto const& item : polled.items)
            acted = act_on(by, item) || acted;
        CHECK(polled.items.back().cursor != cursor);
        cursor = polled.items.back().cursor;
    }
    CHECK(acted == poll.value("acts", false));
}

/// A kind of question, and whether a channel has it.
struct Question {
    std::string name;
    bool (*is_asked)(Asking const& by);
    void (*ask)(Asking& by);
};

std::vector<Question> const& questions()
{
    static std::vector<Question> const all{
        {"how the account is", [](Asking const& by) { return by.can().health; }, ask_health},
        {"its templates", [](Asking const& by) { return by.can().templates; }, ask_templates},
        {"a customer's file",
         [](Asking const& by) { return by.scene.adapter().media_request(by.scene.account(), {"1", "", {}, {}}).has_value(); }, ask_for_file},
        {"a read mark", [](Asking const& by) { return by.can().read_marks; }, ask_to_mark},
        {"what has come", [](Asking const& by) { return by.scene.adapter().poll(by.scene.account(), {}).has_value(); }, ask_what_came},
    };
    return all;
}

} // namespace

TEST_CASE("every question that an adapter has for its provider is one that the provider takes")
{
    for (auto const& channel : test::judged_by("simulator"))
        for (auto const& question : questions())
            DYNAMIC_SECTION(channel << ": " << question.name)
            {
                Asking by{channel};
                if (question.is_asked(by))
                    question.ask(by);
                else
                    SUCCEED("it has no such question");
            }
}
