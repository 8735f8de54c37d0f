#include "limit/rows.hpp"
#include "load/posts.hpp"

#include "fault/database.hpp"
#include "flow/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>

using namespace deskbridge;
using namespace deskbridge::test;

namespace {

constexpr int webhooks = 40;

/// All rows of all tables, each as one text.
using Snapshot = std::map<std::string, std::multiset<std::string>>;

Snapshot look(World& world)
{
    fault::Database const db{world.store.settings().path};
    Snapshot all;
    for (auto const& table : db.rows("SELECT name FROM sqlite_schema WHERE type = 'table'"))
        for (auto const& row : db.rows(fmt::format("SELECT * FROM \"{}\"", table[0]).c_str())) {
            std::string text;
            for (auto const& value : row)
                text += value + '|';
            all[table[0]].insert(text);
        }
    return all;
}

struct Written {
    int inserted{0};
    int changed{0};
    double bytes{0};
};

std::map<std::string, Written> difference(Snapshot const& before, Snapshot const& after)
{
    std::map<std::string, Written> out;
    for (auto const& [table, rows] : after) {
        auto const found = before.find(table);
        auto const old = found == before.end() ? std::multiset<std::string>{} : found->second;
        std::vector<std::string> fresh;
        std::set_difference(rows.begin(), rows.end(), old.begin(), old.end(), std::back_inserter(fresh));
        if (fresh.empty())
            continue;
        auto& written = out[table];
        written.inserted = static_cast<int>(rows.size()) - static_cast<int>(old.size());
        written.changed = static_cast<int>(fresh.size()) - written.inserted;
        for (auto const& row : fresh)
            written.bytes += static_cast<double>(row.size());
    }
    return out;
}

std::string body_of(int customer, std::string const& id, Timestamp at)
{
    return bench::render_one(customer, id, to_ms(at) / 1000, "my parcel has not arrived and nobody called back since monday");
}

std::string id_of(int n)
{
    return fmt::format("wamid.HBgNNDkxNTExABCDEFGHIJKLMNOPQRSTUVWXYZ{:04}AA==", n);
}

/// Customers with an open ticket each, an hour ago.
void prepare(World& world)
{
    world.policy().acknowledge = false;
    for (int i = 0; i < webhooks; ++i)
        REQUIRE(world.deliver(body_of(i, id_of(i), world.now())).status == 200);
    world.pass(std::chrono::hours{1});
}

store::StoreSettings in_lock_step()
{
    store::StoreSettings settings;
    settings.lock_step = true;
    return settings;
}

std::map<std::string, Written> written_by_daemon()
{
    World world{in_lock_step()};
    prepare(world);
    auto const before = look(world);
    for (int i = 0; i < webhooks; ++i)
        REQUIRE(world.deliver(body_of(i, id_of(1000 + i), world.now())).status == 200);
    return difference(before, look(world));
}

std::map<std::string, Written> written_by_rows()
{
    World world{in_lock_step()};
    prepare(world);
    auto const before = look(world);
    world.store.write([&](store::Tx& tx) {
        bench::Rows const rows{tx};
        for (int i = 0; i < webhooks; ++i) {
            auto const body = body_of(i, id_of(1000 + i), world.now());
            rows.write(tx, bench::read_webhook(body), world.now());
        }
    });
    return difference(before, look(world));
}

} // namespace

TEST_CASE("the limit writes and changes as many rows of every table as the daemon does, and as many bytes")
{
    auto const daemon = written_by_daemon();
    auto const rows = written_by_rows();
    CHECK(daemon.at("message").inserted == webhooks);
    CHECK(daemon.size() == rows.size());
    for (auto const& [table, expected] : daemon) {
        INFO(table);
        REQUIRE(rows.contains(table));
        auto const& found = rows.at(table);
        CHECK(found.inserted == expected.inserted);
        CHECK(found.changed == expected.changed);
        CHECK(std::abs(found.bytes - expected.bytes) <= 0.05 * expected.bytes);
    }
}

TEST_CASE("a webhook is taken apart by its quotes, and nothing else is")
{
    auto const body = body_of(49999, "wamid.X", Timestamp{});
    auto const webhook = bench::read_webhook(body);
    CHECK(webhook.customer == 49999);
    CHECK(webhook.id == "wamid.X");
    CHECK(webhook.text.starts_with("my parcel"));
    CHECK(webhook.body == body);
    CHECK_THROWS(bench::read_webhook("{}"));
}
