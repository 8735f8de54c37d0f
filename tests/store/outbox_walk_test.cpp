#include "outbox_box.hpp"

#include <sqlite3.h>

#include <atomic>

using namespace deskbridge;
using namespace deskbridge::test;
using R = ReceiptStatus;

namespace {

/// Steps of SQLite's machine that the dearest single run of a statement took.
std::atomic<int> dearest{0};

int count_steps(unsigned, void*, void* statement, void*)
{
    dearest = std::max(dearest.load(), sqlite3_stmt_status(static_cast<sqlite3_stmt*>(statement), SQLITE_STMTSTATUS_VM_STEP, 1));
    return 0;
}

int watch(sqlite3* db, char const**, sqlite3_api_routines const*)
{
    return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, count_steps, nullptr);
}

/// Connections that are opened while it lives are watched.
struct Watched {
    Watched() { sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch)); }
    ~Watched() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(watch)); }
    Watched(Watched const&) = delete;
    Watched& operator=(Watched const&) = delete;
};

/// A message to somebody new: queued, sent, delivered; and a receipt of one that nobody knows. The same steps as the daemon's.
void send_one(OutboxBox& box, store::Tx& tx, int n)
{
    auto const customer = add_customer(tx, box.anna.account, "5" + std::to_string(10'000 + n));
    auto const message = store::queue_message(tx, outgoing(customer, "hello"));
    auto const token = "token" + std::to_string(n);
    auto const id = "m" + std::to_string(n);
    auto const intent = store::intents_of(tx, message).front().id;
    REQUIRE(std::holds_alternative<store::AttemptBegun>(store::begin_attempt(tx, {intent, token, box.epoch, noon}, {})));
    CHECK(store::record_outcome(tx, token, accepted(id), {.now = noon, .dice = 1}).effects.size() == 1);
    CHECK(store::apply_receipt(tx, box.anna.account, receipt(id, R::delivered), noon).what == store::ReceiptEffect::What::applied);
    CHECK(store::apply_receipt(tx, box.anna.account, receipt("stranger" + std::to_string(n), R::sent), noon).what ==
          store::ReceiptEffect::What::parked);
    CHECK_FALSE(store::find_intent_sent_as(tx, box.anna.account, "nobody's" + std::to_string(n)).has_value());
}

/// The dearest run of a statement in a hundred such messages.
int dearest_of(OutboxBox& box, int from, int messages)
{
    dearest = 0;
    box.store.write([&](store::Tx& tx) {
        for (int n = from; n < from + messages; ++n)
            send_one(box, tx, n);
    });
    return dearest;
}

} // namespace

TEST_CASE("outbox: no statement of a send or a receipt walks over what was sent before")
{
    Watched const watched;
    OutboxBox box;
    auto const early = dearest_of(box, 0, 50);
    (void)dearest_of(box, 50, 1000);
    auto const late = dearest_of(box, 1050, 50);
    CHECK(early > 10);
    CHECK(late <= early + 10);
}

TEST_CASE("outbox: what waits is looked for without a walk over what was sent")
{
    Watched const watched;
    OutboxBox box;
    (void)dearest_of(box, 0, 20);
    auto const look = [&] {
        dearest = 0;
        CHECK(box.ready().empty());
        (void)box.store.read([&](store::Reading& reading) { return store::needs_tending(reading, {box.anna.account, noon, 10, true}); });
        (void)box.store.read([&](store::Reading& reading) { return store::next_due(reading, noon); });
        return dearest.load();
    };
    auto const early = look();
    (void)dearest_of(box, 20, 1000);
    CHECK(early > 1);
    CHECK(look() <= early + 10);
}

TEST_CASE("outbox: what waits is looked for without a walk over all that waits")
{
    Watched const watched;
    OutboxBox box;
    auto const queue = [&](int from, int messages) {
        box.store.write([&](store::Tx& tx) {
            for (int n = from; n < from + messages; ++n)
                (void)store::queue_message(tx, outgoing(add_customer(tx, box.anna.account, "6" + std::to_string(10'000 + n)), "hello"));
        });
    };
    auto const look = [&] {
        dearest = 0;
        CHECK(box.ready().size() == 10);
        CHECK_FALSE(box.store.read([&](store::Reading& reading) { return store::needs_tending(reading, {box.anna.account, noon, 10, true}); }));
        (void)box.store.read([&](store::Reading& reading) { return store::next_due(reading, noon); });
        return dearest.load();
    };
    queue(0, 300); // more than the newest that are looked at
    auto const early = look();
    queue(300, 1000);
    CHECK(look() <= early + 10);
}
