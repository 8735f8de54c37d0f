#include "scene.hpp"

#include "deskbridge/store/account.hpp"
#include "deskbridge/store/journal.hpp"
#include "deskbridge/store/shelf.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace deskbridge;
using namespace deskbridge::store;
using namespace std::chrono_literals;
using test::TempStore;

namespace {

Timestamp const now = from_ms(1'767'571'200'000);

struct Scene {
    TempStore store;
    AccountId one{};
    AccountId two{};

    Scene()
    {
        std::vector<ConfiguredAccount> const accounts{{.channel = "whatsapp", .number = "1", .name = "one"},
                                                      {.channel = "whatsapp", .number = "2", .name = "two"}};
        auto const ids = store.write([&](Tx& tx) { return configure_accounts(tx, accounts, now); });
        one = ids[0];
        two = ids[1];
    }
    JournalId add(std::string const& body, Timestamp at = now)
    {
        return store.write([&](Tx& tx) { return add_journal(tx, {.hook = "support", .received_at = at, .body = body}); });
    }
    bool claim(AccountId account, std::string const& key, JournalId journal)
    {
        return store.write([&](Tx& tx) { return claim_event(tx, {account, key, "message"}, journal, now); });
    }
};

} // namespace

TEST_CASE("journal: the raw body comes back byte for byte, with its hash")
{
    Scene scene;
    std::string const body{"{\"a\":\"\xff\0\"}", 10};
    auto const id = scene.add(body);
    auto const row = scene.store.read([&](Reading& r) { return find_journal(r, id); });
    REQUIRE(row.has_value());
    CHECK(row->hook == "support");
    CHECK(row->body == body);
    CHECK(row->received_at == now);
    CHECK(row->headers == "{}");
    auto const empty = scene.add("");
    auto const hash = scene.store.read([&](Reading& r) {
        auto q = r.prepare("SELECT body_sha256 FROM journal WHERE journal_id = ?1");
        q.bind(1, empty);
        return q.step() ? q.blob(0) : std::string{};
    });
    CHECK(hash.size() == 32);
    CHECK(hash.substr(0, 4) == "\xe3\xb0\xc4\x42");
}

TEST_CASE("journal: an event takes effect once per account")
{
    Scene scene;
    auto const journal = scene.add("x");
    CHECK(scene.claim(scene.one, "m1", journal));
    CHECK_FALSE(scene.claim(scene.one, "m1", journal));
    CHECK(scene.claim(scene.two, "m1", journal));
    CHECK(scene.claim(scene.one, "M1", journal));
    scene.store.reopen();
    CHECK_FALSE(scene.claim(scene.one, "m1", scene.add("y")));
    CHECK(scene.store.read([&](Reading& r) {
        return event_known(r, scene.one, "m1") && !event_known(r, scene.one, "m2") && !event_known(r, scene.two, "M1");
    }));
}

TEST_CASE("journal: a claim that was rolled back was never made")
{
    Scene scene;
    auto const journal = scene.add("x");
    auto const undone = scene.store->write_now([&](Tx& tx) {
        if (claim_event(tx, {scene.one, "m1", "message"}, journal, now))
            throw Rollback{{Fault::storage, ""}};
    });
    CHECK(undone.has_error());
    CHECK(scene.claim(scene.one, "m1", journal));
}

TEST_CASE("journal: a shelved event is known, and a replay settles it")
{
    Scene scene;
    auto const journal = scene.add("x");
    CHECK(scene.claim(scene.one, "m1", journal));
    auto const shelve = [&](bool yes) { scene.store.write([&](Tx& tx) { set_event_shelved(tx, scene.one, "m1", yes); }); };
    auto const shelved = [&] { return scene.store.read([&](Reading& r) { return event_shelved(r, scene.one, "m1"); }); };
    CHECK_FALSE(shelved());
    shelve(true);
    CHECK(shelved());
    CHECK_FALSE(scene.claim(scene.one, "m1", journal));
    shelve(false);
    CHECK_FALSE(shelved());
}

TEST_CASE("journal: old bodies go, their hashes and keys stay; what is on the shelf stays whole")
{
    Scene scene;
    auto const old = scene.add("old");
    auto const shelved = scene.add("shelved");
    auto const young = scene.add("young", now + 48h);
    CHECK(scene.claim(scene.one, "m1", old));
    auto const entry = scene.store.write([&](Tx& tx) { return put_on_shelf(tx, {.journal = shelved, .at = now}); });
    auto const later = now + 24h * 30;
    auto const drop = [&] { return scene.store.write([&](Tx& tx) { return drop_journal_bodies(tx, later, 100); }); };
    auto const has_body = [&](JournalId id) { return scene.store.read([&](Reading& r) { return find_journal(r, id)->body.has_value(); }); };

    CHECK(drop() == 1);
    CHECK_FALSE(has_body(old));
    CHECK(has_body(shelved));
    CHECK(has_body(young));
    CHECK_FALSE(scene.claim(scene.one, "m1", young));
    CHECK(drop() == 0);
    CHECK(scene.store.write([&](Tx& tx) { return resolve_shelf_entry(tx, entry, {ShelfResolution::dropped}, now); }));
    CHECK(drop() == 1);
}

TEST_CASE("journal: about a mebibyte of bodies goes at once")
{
    Scene scene;
    for (int i = 0; i < 4; ++i)
        scene.add(std::string(700 << 10, 'x'));
    auto const drop = [&] { return scene.store.write([&](Tx& tx) { return drop_journal_bodies(tx, now + 24h * 30, 100); }); };
    CHECK(drop() == 2);
    CHECK(drop() == 2);
    CHECK(drop() == 0);
}

TEST_CASE("journal: keys go when their body is gone and their time has passed, a few at a time")
{
    Scene scene;
    auto const kept = scene.add("on the shelf");
    CHECK(scene.claim(scene.one, "shelved", kept));
    scene.store.write([&](Tx& tx) { return put_on_shelf(tx, {.journal = kept, .at = now}); });
    for (int i = 0; i < 3; ++i) {
        auto const journal = scene.add("x");
        CHECK(scene.claim(scene.one, "a" + std::to_string(i), journal));
        CHECK(scene.claim(scene.two, "b" + std::to_string(i), journal));
    }
    auto const young = scene.add("young", now + 48h);
    CHECK(scene.claim(scene.one, "young", young));
    auto const drop = [&](JournalId after, int limit) {
        return scene.store.write([&](Tx& tx) { return drop_event_keys(tx, after, now + 24h, limit); });
    };
    auto first = drop({}, 100);
    CHECK(first.keys == 0); // their bodies are still there
    CHECK(first.complete);
    scene.store.write([&](Tx& tx) { return drop_journal_bodies(tx, now + 24h * 40, 100); });
    first = drop({}, 3);
    CHECK(first.keys == 4);
    CHECK_FALSE(first.complete);
    auto const second = drop(first.last, 3);
    CHECK(second.keys == 2);
    CHECK(second.complete);
    auto const left = scene.store.read([&](Reading& r) {
        return std::array{event_known(r, scene.one, "shelved"), event_known(r, scene.one, "a0"), event_known(r, scene.two, "b2"),
                          event_known(r, scene.one, "young")};
    });
    CHECK(left == std::array{true, false, false, true});
}

TEST_CASE("journal: bodies of a time, page by page")
{
    Scene scene;
    for (int i = 0; i < 5; ++i)
        scene.add("x", now + i * 1s);
    auto const page = [&](JournalId after) {
        return scene.store.read([&](Reading& r) {
            std::vector<JournalId> ids;
            for (auto const& line : find_journal_lines(r, {{}, {}, now + 1s, now + 4s, after, 2}).lines)
                ids.push_back(line.id);
            return ids;
        });
    };
    CHECK(page({}) == std::vector{JournalId{2}, JournalId{3}});
    CHECK(page({3}) == std::vector{JournalId{4}});
    CHECK(page({std::numeric_limits<std::int64_t>::max()}).empty());
}

TEST_CASE("shelf: entries are listed until they are resolved, once")
{
    Scene scene;
    auto const journal = scene.add("x");
    auto const put = [&](ShelfReason reason, AccountId account, std::string const& key) {
        return scene.store.write([&](Tx& tx) {
            return put_on_shelf(tx, {.journal = journal, .account = account, .event_key = key, .reason = reason, .detail = "d", .at = now});
        });
    };
    auto const first = put(ShelfReason::unreadable, {}, "");
    auto const second = put(ShelfReason::effect_failed, scene.one, "m1");
    put(ShelfReason::unknown_account, {}, "m2");
    put(ShelfReason::foreign_object, {}, "");

    auto const open = scene.store.read([&](Reading& r) { return load_open_shelf(r, journal); });
    REQUIRE(open.size() == 4);
    CHECK(open[0].id == first);
    CHECK(open[0].reason == "unreadable");
    CHECK(open[0].event_key.empty());
    CHECK_FALSE(open[0].account);
    CHECK(open[1].account == scene.one);
    CHECK(open[1].event_key == "m1");
    CHECK(open[1].resolved_at == std::nullopt);

    auto const resolve = [&] {
        return scene.store.write([&](Tx& tx) { return resolve_shelf_entry(tx, second, {ShelfResolution::replayed}, now + 1s); });
    };
    CHECK(resolve());
    CHECK_FALSE(resolve());
    auto const [entry, count, after] = scene.store.read([&](Reading& r) {
        return std::tuple{find_shelf_line(r, second), count_open_shelf(r), load_open_shelf(r, journal)};
    });
    REQUIRE(entry.has_value());
    CHECK(entry->entry.resolution == "replayed");
    CHECK(entry->entry.resolved_at == now + 1s);
    CHECK(count == 3);
    CHECK(after.size() == 3);
    auto const events = scene.store.read([](Reading& r) { return load_events(r, {}, 100); });
    CHECK(events.back().type == "shelf.resolved");
    CHECK(events.back().account == scene.one);
}

TEST_CASE("shelf: a body that comes again is found, however many came since, until it is replayed")
{
    Scene scene;
    auto const put = [&](std::string const& body) {
        auto const journal = scene.add(body);
        return scene.store.write([&](Tx& tx) { return put_on_shelf(tx, {.journal = journal, .at = now}); });
    };
    auto const lies = [&](std::string const& hook, std::string const& body) {
        return scene.store.read([&](Reading& r) { return find_shelved_body(r, hook, body_digest(body)); });
    };
    auto const resolve = [&](ShelfId id, ShelfResolution resolution) {
        return scene.store.write([&](Tx& tx) { return resolve_shelf_entry(tx, id, {resolution}, now); });
    };
    auto const first = put("first");
    scene.store.write([&](Tx& tx) {
        for (int i = 0; i < 1001; ++i) {
            auto const journal = add_journal(tx, {.hook = "support", .received_at = now, .body = std::to_string(i)});
            put_on_shelf(tx, {.journal = journal, .at = now});
        }
    });
    CHECK(lies("support", "first") == ShelvedBody::open);
    CHECK(lies("sales", "first") == ShelvedBody::none);
    CHECK(lies("support", "never") == ShelvedBody::none);
    CHECK(resolve(first, ShelfResolution::dropped));
    CHECK(lies("support", "first") == ShelvedBody::dropped);
    auto const again = put("first");
    CHECK(lies("support", "first") == ShelvedBody::open);
    CHECK(resolve(again, ShelfResolution::replayed));
    CHECK(lies("support", "first") == ShelvedBody::dropped);
    auto const other = put("other");
    CHECK(resolve(other, ShelfResolution::replayed));
    CHECK(lies("support", "other") == ShelvedBody::none);
}
