#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/outbox.hpp"
#include "deskbridge/store/outgoing_file.hpp"
#include "support/outbox_scene.hpp"
#include "support/temp_store.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

namespace {

constexpr Actor ana{ActorKind::agent, 7};

store::BroughtFile offer(std::string const& name = "offer.pdf")
{
    return {0, name, "application/octet-stream", {std::string(64, 'a'), 1234, "application/pdf"}, noon};
}

OutboundFile outbound(std::int64_t number)
{
    return {number, "offer.pdf", "application/pdf", 1234, std::string(64, 'a'), "document"};
}

struct Box {
    TempStore store;
    Customer customer = store.write([](store::Tx& tx) { return add_customer(tx, add_account(tx), "491"); });

    std::int64_t bring()
    {
        return store.write([](store::Tx& tx) { return store::bring_file(tx, offer(), ana); });
    }
    store::Outgoing with(std::vector<OutboundFile> const& files)
    {
        auto out = outgoing(customer, "Your offer");
        out.shown.files = files;
        out.parts.clear();
        for (auto const& file : files) {
            OutboundContent part;
            part.files = {file};
            out.parts.push_back(part);
        }
        return out;
    }
};

} // namespace

TEST_CASE("outgoing files: a number of its own, which it keeps as an attachment of its message")
{
    Box box;
    auto const first = box.bring();
    auto const second = box.bring();
    CHECK(first != second);
    auto const before = box.store.read([](store::Reading& r) { return store::find_brought_file(r, 1); });
    REQUIRE(before.has_value());
    CHECK(before->file_name == "offer.pdf");
    CHECK(before->file.size == 1234);
    CHECK_FALSE(before->message);
    CHECK_FALSE(box.store.read([&](store::Reading& r) { return store::find_attachment(r, first); }).has_value());

    auto const message = box.store.write([&](store::Tx& tx) { return store::queue_message(tx, box.with({outbound(second), outbound(first)})); });
    auto const media = box.store.read([&](store::Reading& r) { return store::media_of(r, message); });
    REQUIRE(media.size() == 2);
    CHECK(media[0].id == second);
    CHECK(media[1].id == first);
    CHECK(media[0].state == "fetched");
    CHECK(media[0].content_type == "application/pdf");
    CHECK(media[0].sha256 == std::string(64, 'a'));
    auto const kind = box.store.read([&](store::Reading& r) { return store::find_message(r, message)->kind; });
    CHECK(kind == "document");
    auto const after = box.store.read([&](store::Reading& r) { return store::find_brought_file(r, first); });
    CHECK(after->message == message);
    CHECK(box.store.read([](store::Reading& r) { return store::count_waiting_attachments(r); }) == 0);
}

TEST_CASE("outgoing files: numbers of customers' files and of ours never mean two")
{
    Box box;
    auto const incoming = [&] {
        return box.store.write([&](store::Tx& tx) {
            store::Message message;
            message.conversation = box.customer.conversation;
            message.account = box.customer.account;
            message.provider_at = message.received_at = noon;
            auto const id = store::insert_message(tx, message);
            store::insert_media(tx, id, 0, {"m1", "image/jpeg", "a.jpg", {}}, noon);
            return store::media_of(tx, id).front().id;
        });
    };
    std::vector<std::int64_t> const numbers{incoming(), box.bring(), incoming(), box.bring(), box.bring(), incoming()};
    CHECK(numbers == std::vector<std::int64_t>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("outgoing files: none goes twice, and a message with one that is not there is not queued")
{
    Box box;
    auto const number = box.bring();
    box.store.write([&](store::Tx& tx) { (void)store::queue_message(tx, box.with({outbound(number)})); });
    for (auto const& files : {std::vector{outbound(number)}, std::vector{outbound(99)}}) {
        auto const refused = box.store->write_now([&](store::Tx& tx) { (void)store::queue_message(tx, box.with(files)); });
        REQUIRE(refused.has_error());
        CHECK(refused.error().fault == Fault::conflict);
    }
    CHECK(box.store.read([](store::Reading& r) {
        auto q = r.prepare("SELECT count(*) FROM message");
        return q.step() ? q.integer(0) : -1;
    }) == 1);
}

TEST_CASE("outgoing files: what a provider calls a file is known while it lives, and per account")
{
    Box box;
    auto const other = box.store.write([](store::Tx& tx) { return add_account(tx, "sales", "200"); });
    auto const file = outbound(box.bring());
    auto const message = box.store.write([&](store::Tx& tx) { return store::queue_message(tx, box.with({file})); });
    auto const intent = box.store.read([&](store::Reading& r) { return store::intents_of(r, message).front().id; });
    auto const known = [&](AccountId account, OutboundFile const& which, Timestamp at) {
        auto const found = box.store.read([&](store::Reading& r) { return store::find_provider_file(r, account, which, at); });
        return found ? found->external_id : std::string{};
    };
    CHECK(known(box.customer.account, file, noon).empty());
    for (auto const* id : {"F1", "F2"})
        box.store.write([&](store::Tx& tx) { store::remember_provider_file(tx, box.customer.account, file, {id, noon + 1h, intent}); });
    CHECK(known(box.customer.account, file, noon) == "F2");
    CHECK(known(box.customer.account, file, noon + 1h).empty());
    CHECK(known(other, file, noon).empty());
    auto as_text = file;
    as_text.content_type = "text/plain";
    CHECK(known(box.customer.account, as_text, noon).empty());
    box.store.write([&](store::Tx& tx) { CHECK(store::forget_provider_file(tx, box.customer.account, file)->external_id == "F2"); });
    CHECK(known(box.customer.account, file, noon).empty());
}

TEST_CASE("outgoing files: what waits for too long is given up, and can be sent no more; its number is not given again")
{
    Box box;
    auto const sent = box.bring();
    auto const waits = box.bring();
    (void)box.store.write([&](store::Tx& tx) { return store::queue_message(tx, box.with({outbound(sent)})); });
    auto const discard = [&](Timestamp before) {
        return box.store.write([&](store::Tx& tx) { return store::discard_files(tx, before, 100, noon + 168h); });
    };
    CHECK(discard(noon - 1ms) == 0);
    CHECK(discard(noon) == 1);
    CHECK(discard(noon) == 0);
    CHECK(box.store.read([&](store::Reading& r) { return store::find_brought_file(r, sent); }).has_value());
    CHECK_FALSE(box.store.read([&](store::Reading& r) { return store::find_brought_file(r, waits); }).has_value());
    CHECK_THROWS(box.store.write([&](store::Tx& tx) { return store::queue_message(tx, box.with({outbound(waits)})); }));
    CHECK(box.bring() > waits);
}

TEST_CASE("outgoing files: the bytes of a discarded one are removed unless others have the same, and once")
{
    Box box;
    auto const first = box.bring();
    auto const discarded = [&] { return box.store.read([](store::Reading& r) { return store::discarded_files(r, 0, 100); }); };
    (void)box.store.write([](store::Tx& tx) { return store::discard_files(tx, noon, 100, noon); });
    REQUIRE(discarded().size() == 1);
    CHECK(discarded().front().attachment == first);
    CHECK_FALSE(discarded().front().shared);
    auto const again = box.bring(); // the same content
    CHECK(discarded().front().shared);
    (void)box.store.write([&](store::Tx& tx) { return store::queue_message(tx, box.with({outbound(again)})); });
    CHECK(discarded().front().shared);
    box.store.write([&](store::Tx& tx) { store::forget_discarded(tx, {first}, noon); });
    CHECK(discarded().empty());
}
