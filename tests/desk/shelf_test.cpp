#include "scene.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace std::chrono_literals;
using test::Scene;

namespace {

ShelfId put(Scene& scene, std::string const& body, store::ShelfReason reason, AccountId account = {})
{
    scene.clock.advance(1s);
    return scene.store.write([&](store::Tx& tx) {
        auto const journal = store::add_journal(tx, {"meta", scene.clock.now(), body});
        return store::put_on_shelf(tx, {journal, account, account ? "key" : "", reason, "what was wrong", scene.clock.now()});
    });
}

std::vector<std::int64_t> walk(Scene& scene, desk::ListShelf query)
{
    std::vector<std::int64_t> entries;
    do {
        auto const page = scene.perform_as(scene.ben, query);
        REQUIRE(page.has_value());
        CHECK(page->lines.size() <= static_cast<std::size_t>(query.limit));
        for (auto const& line : page->lines)
            entries.push_back(line.entry.id.value);
        query.after = page->next;
    } while (!query.after.empty());
    return entries;
}

} // namespace

TEST_CASE("shelf: open entries first, by reason and account, page by page")
{
    Scene scene;
    using enum store::ShelfReason;
    auto const a = put(scene, "a", unreadable).value;
    auto const b = put(scene, "bb", unknown_account).value;
    auto const c = put(scene, "ccc", effect_failed, scene.account).value;
    auto const d = put(scene, "dddd", unreadable).value;
    REQUIRE(scene.perform(desk::DropShelf{{b}, "spam"}).has_value());
    REQUIRE(scene.perform(desk::DropShelf{{d}, "spam"}).has_value());
    using Numbers = std::vector<std::int64_t>;
    for (int const limit : {1, 2, 3, 50}) {
        INFO("limit " << limit);
        CHECK(walk(scene, {false, "", "", "", limit}) == Numbers{c, a});
        CHECK(walk(scene, {true, "", "", "", limit}) == Numbers{c, a, d, b});
        CHECK(walk(scene, {true, "unreadable", "", "", limit}) == Numbers{a, d});
        CHECK(walk(scene, {false, "", "support", "", limit}) == Numbers{c});
    }
    auto const page = scene.perform(desk::ListShelf{});
    REQUIRE(page.has_value());
    CHECK(page->open == 2);
    CHECK(page->lines.front().bytes == 3);
    CHECK(page->lines.front().account_name == "support");
    for (auto const* after : {"x", "open.", "open.0", "done.1x", "12"})
        CHECK(scene.perform(desk::ListShelf{false, "", "", after, 50}).error().fault == Fault::malformed);
}

TEST_CASE("shelf: an entry is looked at without its body; the body is for administrators")
{
    Scene scene;
    auto const id = put(scene, "Mara wrote: help", store::ShelfReason::unreadable);
    auto const line = scene.perform_as(scene.ben, desk::ShowShelfEntry{id});
    REQUIRE(line.has_value());
    CHECK(line->entry.detail == "what was wrong");
    CHECK(line->hook == "meta");
    CHECK(scene.perform_as(scene.ben, desk::ReadShelfBody{id}).error().fault == Fault::forbidden);
    auto const body = scene.perform(desk::ReadShelfBody{id});
    REQUIRE(body.has_value());
    CHECK(body->body == "Mara wrote: help");
    CHECK(scene.perform(desk::ShowShelfEntry{{99}}).error().detail == "nothing lies on the shelf with the number 99");
}

TEST_CASE("shelf: what is dropped says by whom and why, once")
{
    Scene scene;
    auto const id = put(scene, "x", store::ShelfReason::unreadable);
    auto const before = scene.now_in_log();
    CHECK(scene.perform_as(scene.ben, desk::DropShelf{id, "spam"}).error().fault == Fault::forbidden);
    CHECK(scene.perform(desk::DropShelf{id, ""}).error().fault == Fault::malformed);
    CHECK(scene.events(before).empty());
    auto const dropped = scene.perform(desk::DropShelf{id, "a test of the provider's"});
    REQUIRE(dropped.has_value());
    CHECK(dropped->entry.resolution == "dropped");
    CHECK(dropped->entry.detail == "what was wrong; dropped: a test of the provider's");
    auto const log = scene.logged(before);
    REQUIRE(log.size() == 1);
    CHECK(log.front().actor == scene.ana.actor());
    CHECK_THAT(log.front().data, Catch::Contains("a test of the provider's"));
    auto const again = scene.perform(desk::DropShelf{id, "again"});
    REQUIRE(again.has_error());
    CHECK_THAT(again.error().detail, Catch::Contains("was dropped at 2026-01-05 00:00:01 UTC; nothing is left to do"));
    CHECK(scene.perform(desk::ReplayShelf{id, false}).error().fault == Fault::conflict);
}

TEST_CASE("journal: bodies by account and time, in bounded looks")
{
    Scene scene;
    auto const start = scene.clock.now();
    (void)put(scene, "a", store::ShelfReason::unreadable);
    (void)put(scene, "bb", store::ShelfReason::effect_failed, scene.account);
    scene.store.write([&](store::Tx& tx) {
        auto const journal = store::add_journal(tx, {"meta", scene.clock.now() + 1s, "ccc"});
        return store::claim_event(tx, {scene.account, "k", "message"}, journal, scene.clock.now() + 1s);
    });
    scene.accounts.front()->hook = "other";
    auto const found = [&](desk::ListJournal query) {
        std::vector<std::int64_t> bodies;
        do {
            auto const page = scene.perform(query);
            REQUIRE(page.has_value());
            CHECK(page->newest.value == 3);
            for (auto const& line : page->lines)
                bodies.push_back(line.id.value);
            query.after = page->next;
        } while (query.after);
        return bodies;
    };
    using Numbers = std::vector<std::int64_t>;
    for (int const limit : {1, 2, 3, 100}) {
        INFO("limit " << limit);
        CHECK(found({"", {}, {}, {}, limit}) == Numbers{1, 2, 3});
        CHECK(found({"", start + 2s, {}, {}, limit}) == Numbers{2, 3});
        CHECK(found({"", start + 2s, start + 3s, {}, limit}) == Numbers{2});
        CHECK(found({"support", {}, {}, {}, limit}) == Numbers{2, 3});
    }
    scene.accounts.front()->hook = "meta"; // what nobody could read there may be this account's
    CHECK(found({"support", {}, {}, {}, 100}) == Numbers{1, 2, 3});
    CHECK(scene.perform_as(scene.ben, desk::ListJournal{}).error().fault == Fault::forbidden);
}
