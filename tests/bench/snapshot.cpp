#include "snapshot.hpp"

#include "fault/database.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

namespace bench {

Snapshot look(deskbridge::test::World& world)
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

void check_same(std::map<std::string, Written> const& daemon, std::map<std::string, Written> const& limit)
{
    CHECK(daemon.size() == limit.size());
    for (auto const& [table, expected] : daemon) {
        INFO(table);
        REQUIRE(limit.contains(table));
        auto const& found = limit.at(table);
        CHECK(found.inserted == expected.inserted);
        CHECK(found.changed == expected.changed);
        CHECK(std::abs(found.bytes - expected.bytes) <= 0.05 * expected.bytes);
    }
}

deskbridge::store::StoreSettings in_lock_step()
{
    deskbridge::store::StoreSettings settings;
    settings.lock_step = true;
    return settings;
}

} // namespace bench
