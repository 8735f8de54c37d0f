#include "world.hpp"

#include "deskbridge/store/outgoing_file.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <set>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;
using Written = net::NoAnswer::Written;

namespace {

std::size_t uploads(World const& world)
{
    return static_cast<std::size_t>(std::count_if(world.transport.asked.begin(), world.transport.asked.end(),
                                                  [](HttpRequest const& request) { return request.target.ends_with("/upload"); }));
}

/// The id of the file that a delivering request named.
std::string named(World const& world, std::size_t asked)
{
    auto const doc = nlohmann::json::parse(world.transport.asked.at(asked).body, nullptr, false);
    return doc.is_object() && doc.contains("file") ? doc.at("file").get<std::string>() : std::string{};
}

std::string const bytes = "%PDF-1.7 " + std::string(200'000, 'o');

} // namespace

TEST_CASE("files: what goes out, and what becomes of it")
{
    struct Case {
        std::string label;
        std::deque<ScriptedTransport::Line> script;
        std::string state;
        std::size_t uploads;
        std::size_t sent;
        int attempts;
    };
    auto const c = GENERATE(values<Case>({
        {"uploaded, then sent", {accepts("F1"), accepts("m1")}, "accepted", 1, 1, 1},
        {"the upload's answer is lost: harmless", {lost(Written::all)}, "retry_wait", 1, 0, 1},
        {"the upload breaks off", {lost(Written::part)}, "retry_wait", 0, 0, 1},
        {"no connection for the upload: no attempt", {ScriptedTransport::NoConnection{}}, "retry_wait", 0, 0, 0},
        {"no connection for the send, after the upload: no attempt", {accepts("F1"), ScriptedTransport::NoConnection{}}, "retry_wait", 1, 0, 0},
        {"the upload is not taken", {response(500)}, "retry_wait", 1, 0, 1},
        {"the send's answer is lost: nobody knows", {accepts("F1"), lost(Written::all)}, "unknown", 1, 1, 1},
        {"the send is refused", {accepts("F1"), response(400)}, "refused", 1, 1, 1},
    }));
    INFO(c.label);
    World world;
    auto const id = world.queue_file(world.customer("491"), world.bring(bytes), "Your offer");
    world.transport.script = c.script;
    (void)world.pump();
    CHECK(world.state(id) == c.state);
    CHECK(uploads(world) == c.uploads);
    CHECK(world.sent().size() == c.sent);
    CHECK(world.row(id).attempts == c.attempts);
}

TEST_CASE("files: the bytes go as a form, whole, and the caption with the message")
{
    World world;
    auto const file = world.bring(bytes, "our \"offer\".pdf");
    auto const id = world.queue_file(world.customer("491"), file, "Your offer");
    world.transport.script = {accepts("F1"), accepts("m1")};
    (void)world.pump();
    REQUIRE(world.state(id) == "accepted");
    auto const& form = world.transport.asked.at(0).body;
    CHECK(form.find("name=\"file\"; filename=\"our %22offer%22.pdf\"\r\nContent-Type: application/pdf\r\n\r\n" + bytes + "\r\n--") != std::string::npos);
    CHECK(form.ends_with("--\r\n"));
    CHECK(named(world, 1) == "F1");
    CHECK(world.sent() == std::vector<std::string>{"Your offer"});
}

TEST_CASE("files: an upload whose answer was lost is made again, and the message goes once")
{
    World world;
    auto const id = world.queue_file(world.customer("491"), world.bring(bytes));
    world.transport.script = {lost(Written::all), accepts("F2"), accepts("m1")};
    (void)world.pump();
    world.clock.advance(1min);
    (void)world.pump();
    CHECK(world.state(id) == "accepted");
    CHECK(uploads(world) == 2);
    CHECK(world.sent().size() == 1);
    CHECK(named(world, 2) == "F2");
}

TEST_CASE("files: an id that a provider gave is used again while it lives")
{
    struct Case {
        std::string label;
        std::chrono::minutes later;
        std::size_t uploads;
    };
    auto const c = GENERATE(values<Case>({{"while it lives", 30min, 1}, {"after its time", 61min, 2}}));
    INFO(c.label);
    World world;
    auto const customer = world.customer("491");
    world.transport.script = {accepts("F1"), accepts("m1")};
    (void)world.queue_file(customer, world.bring(bytes));
    (void)world.pump();
    world.clock.advance(c.later);
    world.transport.script.clear();
    world.transport.otherwise = [](HttpRequest const& request) { return net::Answer{accepts(request.target.ends_with("/upload") ? "F2" : "m2")}; };
    auto const again = world.queue_file(customer, world.bring(bytes, "again.pdf"));
    (void)world.pump();
    CHECK(world.state(again) == "accepted");
    CHECK(uploads(world) == c.uploads);
}

TEST_CASE("files: an id that is none any more is uploaded anew, before the next attempt and once")
{
    World world;
    auto const customer = world.customer("491");
    world.transport.script = {accepts("F1"), accepts("m1")};
    (void)world.queue_file(customer, world.bring(bytes));
    (void)world.pump();
    world.transport.script = {response(404), accepts("F2"), accepts("m2")};
    auto const again = world.queue_file(customer, world.bring(bytes));
    (void)world.pump();
    CHECK(world.state(again) == "retry_wait");
    world.clock.advance(1min);
    (void)world.pump();
    CHECK(world.state(again) == "accepted");
    CHECK(world.row(again).attempts == 2);
    CHECK(uploads(world) == 2);
    CHECK(named(world, 4) == "F2");
    world.transport.script = {accepts("m3")};
    auto const third = world.queue_file(customer, world.bring(bytes));
    (void)world.pump();
    CHECK(world.state(third) == "accepted");
    CHECK(named(world, 5) == "F2");
}

TEST_CASE("files: what is not taken over a second time, though uploaded anew, is refused and says why")
{
    World world;
    world.transport.otherwise = [](HttpRequest const& request) {
        return net::Answer{request.target.ends_with("/upload") ? accepts("F1") : response(404)};
    };
    auto const id = world.queue_file(world.customer("491"), world.bring(bytes));
    (void)world.pump();
    CHECK(world.state(id) == "retry_wait");
    world.clock.advance(1min);
    (void)world.pump();
    CHECK(world.state(id) == "refused");
    CHECK(world.row(id).reason == "file_refused");
    CHECK_FALSE(world.row(id).error_sentence.empty());
    CHECK(uploads(world) == 2);
    CHECK(world.row(id).attempts == 2);
}

TEST_CASE("files: after a failed receipt whoever tries again uploads anew")
{
    World world;
    world.transport.script = {accepts("F1"), accepts("m1")};
    auto const id = world.queue_file(world.customer("491"), world.bring(bytes));
    (void)world.pump();
    (void)world.hear(receipt("m1", ReceiptStatus::failed));
    REQUIRE(world.state(id) == "accepted/failed");
    world.store.write([&](store::Tx& tx) { REQUIRE(store::retry_message(tx, id, {ActorKind::agent, 7}, world.clock.now()).has_value()); });
    world.transport.script = {accepts("F2"), accepts("m2")};
    (void)world.pump();
    CHECK(world.state(id) == "accepted");
    CHECK(uploads(world) == 2);
}

TEST_CASE("files: what is not in the media folder is refused with a sentence, and nothing is sent")
{
    World world;
    auto const file = world.bring(bytes);
    auto const id = world.queue_file(world.customer("491"), file);
    bool const whole = GENERATE(false, true);
    if (whole)
        std::filesystem::remove(*world.folder.place_of(file.sha256));
    else
        std::filesystem::resize_file(*world.folder.place_of(file.sha256), 100);
    (void)world.pump();
    CHECK(world.state(id) == "refused");
    CHECK(world.transport.asked.empty());
}

TEST_CASE("files: a pause of the account before the send keeps what was uploaded for later")
{
    World world;
    auto const id = world.queue_file(world.customer("491"), world.bring(bytes));
    world.transport.otherwise = [&](HttpRequest const& request) {
        if (!request.target.ends_with("/upload"))
            return net::Answer{accepts("m1")};
        world.store.write([&](store::Tx& tx) {
            (void)store::pause_account(tx, world.accounts[0]->id, {store::PausedBy::agent, "a holiday", world.clock.now()}, {ActorKind::agent, 7});
        });
        return net::Answer{accepts("F1")};
    };
    (void)world.pump();
    CHECK(world.state(id) == "queued");
    CHECK(world.sent().empty());
    world.store.write([&](store::Tx& tx) { (void)store::resume_account(tx, world.accounts[0]->id, {ActorKind::agent, 7}, world.clock.now()); });
    (void)world.pump();
    CHECK(world.state(id) == "accepted");
    CHECK(uploads(world) == 1);
}

TEST_CASE("files: a crash at any step loses no message and sends none twice; among uploads it leaves no doubt")
{
    std::set<std::string> places;
    for (int crash = 0;; ++crash) {
        World world;
        auto const id = world.queue_file(world.customer("491"), world.bring("%PDF-1.7 small"));
        world.transport.otherwise = [](HttpRequest const& request) { return net::Answer{accepts(request.target.ends_with("/upload") ? "F1" : "m1")}; };
        std::string where;
        bool journalled = false;
        world.step = [&, left = crash](char const* step) mutable {
            journalled = journalled || std::string_view{step} == "send_begun";
            if (left-- > 0)
                return;
            where = where.empty() ? step : where;
            throw SimulatedCrash{};
        };
        bool const survived = world.live().has_value();
        bool const while_uploading = uploads(world) == 0;
        world.step = {};
        for (int lives = 0; lives < 3; ++lives) {
            REQUIRE(world.live().has_value());
            world.clock.advance(1min);
        }
        INFO("crash at step " << crash << ": " << where);
        CHECK(world.sent().size() <= 1);
        CHECK_FALSE((while_uploading && journalled));
        auto const state = world.state(id);
        if (journalled && !survived)
            CHECK((state == "unknown" || world.sent().size() == 1));
        else
            CHECK((state == "accepted" && world.sent().size() == 1));
        if (survived)
            break;
        places.insert(where);
    }
    for (auto const* place : {"dice", "connect", "exchange", "exchanged", "media_uploaded", "send_begun", "send_accepted"})
        CHECK(places.count(place) == 1);
}
