#include "deskbridge/store/waits.hpp"

#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/epoch.hpp"
#include "outbox_box.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::store;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

std::int64_t number(OutboxBox& box, char const* sql)
{
    return box.store.read([&](Reading& reading) {
        auto q = reading.prepare(sql);
        return q.step() ? q.integer(0) : 0;
    });
}

void run(OutboxBox& box, char const* sql)
{
    box.store.write([&](Tx& tx) { tx.prepare(sql).run(); });
}

} // namespace

TEST_CASE("waits: a clock that is set back pulls along what waits, and nothing else")
{
    OutboxBox box;
    (void)box.queue("hi");
    run(box, "UPDATE account SET proven_to_ms = 1795267200000");
    auto const due = number(box, "SELECT next_at_ms FROM intent");
    auto const before = from_ms(due) - 1h;

    box.store.write([&](Tx& tx) { pull_waits(tx, before, 1h); });
    CHECK(number(box, "SELECT next_at_ms FROM intent") == to_ms(before));
    CHECK(number(box, "SELECT count(*) FROM account WHERE proven_to_ms IS NOT NULL") == 0);
    CHECK(number(box, "SELECT count(*) FROM event WHERE type = 'clock.set_back'") == 1);

    box.store.write([&](Tx& tx) { pull_waits(tx, before, 1h); }); // due already: it stays
    CHECK(number(box, "SELECT next_at_ms FROM intent") == to_ms(before));
}

TEST_CASE("waits: a start by a clock that is behind the log")
{
    struct Case {
        std::string label;
        std::chrono::milliseconds behind;
        std::chrono::milliseconds pulled;
    };
    auto const c = GENERATE(values<Case>({
        {"an hour", 1h, 1h},
        {"a second is nothing", 1s, 0s},
        {"ahead", -1h, 0s},
    }));
    INFO(c.label);
    OutboxBox box;
    (void)box.queue("hi");
    auto const latest = from_ms(number(box, "SELECT at_ms FROM event ORDER BY seq DESC LIMIT 1"));
    auto const now = latest - c.behind;
    auto const epoch = box.store.write([&](Tx& tx) { return begin_epoch(tx, now); });
    CHECK(epoch.set_back == c.pulled);
    CHECK((number(box, "SELECT next_at_ms FROM intent") <= to_ms(now)) == (c.behind != 1s));
}
