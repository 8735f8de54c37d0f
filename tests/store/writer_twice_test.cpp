#include "scene.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>

using namespace deskbridge;
using namespace deskbridge::store;
using test::has;
using test::HeldWriter;
using test::put;
using test::TempStore;

namespace {

constexpr auto break_a_role = "INSERT INTO agent (name, role, created_at_ms) VALUES ('x', 'king', 0)";

void fail_in_part(Tx& tx)
{
    auto const part = tx.nested([](Tx& inner) {
        put(inner, "undone");
        throw Rollback{{Fault::conflict, "no"}};
    });
    CHECK(part.has_error());
}

} // namespace

TEST_CASE("writer: an intake job that fails is undone alone, and what may not run twice does not")
{
    struct Case {
        std::string label;
        std::function<void(Tx&)> fail;
        bool answered; ///< what failed was a part that the job lives without
    };
    auto const c = GENERATE(values<Case>({
        {"on purpose", [](Tx&) { throw Rollback{{Fault::conflict, "no"}}; }, false},
        {"a check", [](Tx& tx) { tx.prepare(break_a_role).run(); }, false},
        {"an exception", [](Tx&) { throw std::runtime_error{"no"}; }, false},
        {"a part of it", fail_in_part, true},
    }));
    INFO(c.label);
    TempStore store;
    int ran_once = 0;
    HeldWriter held{store, HeldWriter::whole_batch};
    held.write(Lane::agent, 0, [&](Tx& tx) { put(tx, "agent"); ++ran_once; });
    for (int i = 0; i < 40; ++i)
        held.write(Lane::intake, 0, [&, i](Tx& tx) {
            put(tx, std::to_string(i));
            if (i == 35)
                c.fail(tx);
        });
    auto const answers = held.release();
    CHECK(ran_once == 1);
    CHECK(std::count_if(answers.begin(), answers.end(), [](auto const& answer) { return answer.has_error(); }) == (c.answered ? 0 : 1));
    CHECK(store.metrics.counter("deskbridge_store_batches_begun_again_total").value() == 1);
    CHECK(store.metrics.counter("deskbridge_store_batches_total").value() == 2);
    store.read([&](Reading& reading) {
        CHECK(has(reading, "agent"));
        CHECK_FALSE(has(reading, "undone"));
        for (int i = 0; i < 40; ++i)
            CHECK(has(reading, std::to_string(i)) == (i != 35 || c.answered));
    });
}
