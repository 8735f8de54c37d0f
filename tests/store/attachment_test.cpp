#include "deskbridge/store/attachment.hpp"
#include "deskbridge/store/event_log.hpp"
#include "deskbridge/store/media_folder.hpp"
#include "support/outbox_scene.hpp"
#include "support/read_file.hpp"
#include "support/scratch_folder.hpp"
#include "support/temp_store.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>


using namespace deskbridge;

namespace {

std::size_t files_below(std::filesystem::path const& folder)
{
    std::size_t count = 0;
    for (auto const& entry : std::filesystem::recursive_directory_iterator{folder})
        count += entry.is_regular_file() ? 1U : 0U;
    return count;
}

constexpr auto sha_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

} // namespace

TEST_CASE("media folder: a file is named by its hash, once, and nothing is left beside it")
{
    test::ScratchFolder const scratch;
    store::MediaFolder const folder{scratch.path() / "media"};
    REQUIRE(folder.prepare().has_value());
    for (int i = 0; i < 2; ++i) {
        auto draft = folder.draft();
        REQUIRE(draft.has_value());
        CHECK(draft->append("a"));
        CHECK(draft->append("bc"));
        CHECK(draft->size() == 3);
        CHECK(draft->head() == "abc");
        CHECK(draft->sha256() == sha_of_abc);
        REQUIRE(draft->keep().has_value());
    }
    CHECK(files_below(folder.path()) == 1);
    CHECK(test::read_file(folder.path() / "ba" / (sha_of_abc + 2)) == "abc");
    CHECK(folder.place_of(sha_of_abc) == folder.path() / "ba" / (sha_of_abc + 2));
}

TEST_CASE("media folder: what is not kept is gone, and what a crash left is removed at the next start")
{
    test::ScratchFolder const scratch;
    store::MediaFolder const folder{scratch.path() / "deep" / "media"};
    REQUIRE(folder.prepare().has_value());
    {
        auto draft = folder.draft();
        REQUIRE(draft.has_value());
        CHECK(draft->append("half of"));
        CHECK(files_below(folder.path()) == 1);
    }
    CHECK(files_below(folder.path()) == 0);
    std::ofstream{folder.path() / "incoming" / "left"} << "over";
    auto const removed = folder.prepare();
    REQUIRE(removed.has_value());
    CHECK(*removed == 1);
    CHECK(files_below(folder.path()) == 0);
}

TEST_CASE("media folder: only a hash names a place")
{
    store::MediaFolder const folder{"/media"};
    for (auto const* word : {"", "../../etc/passwd", "ba78", "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"})
        CHECK_FALSE(folder.place_of(word).has_value());
}

TEST_CASE("media folder: where nothing can be written it says so")
{
    test::ScratchFolder const scratch;
    auto const file = scratch.write("media", "in the way");
    CHECK_FALSE(store::MediaFolder{file}.prepare().has_value());
    CHECK_FALSE(store::MediaFolder{scratch.path() / "missing"}.draft().has_value());
}

TEST_CASE("media folder: what cannot be removed is said, whatever comes after it")
{
    test::ScratchFolder const scratch;
    store::MediaFolder const folder{scratch.path() / "media"};
    REQUIRE(folder.prepare().has_value());
    for (int i = 0; i < 20; ++i)
        std::ofstream{folder.path() / "incoming" / std::to_string(i)} << "over";
    std::filesystem::create_directories(folder.path() / "incoming" / "stubborn" / "within");
    auto const prepared = folder.prepare();
    REQUIRE(prepared.has_error());
    CHECK_THAT(prepared.error().detail, Catch::Contains("incoming"));
}

namespace {

/// A customer's message with two files.
struct TwoFiles {
    test::TempStore store;
    MessageId message{};
    AccountId account{};

    TwoFiles()
    {
        store.write([&](store::Tx& tx) {
            auto const customer = test::add_customer(tx, test::add_account(tx), "491511");
            account = customer.account;
            store::Message row;
            row.conversation = customer.conversation;
            row.account = customer.account;
            row.kind = "image";
            row.external_id = "wamid.1";
            row.provider_at = row.received_at = test::noon;
            message = store::insert_message(tx, row);
            store::insert_media(tx, message, 0, {"m1", "image/jpeg", "a.jpg", {}}, test::noon);
            store::insert_media(tx, message, 1, {"m2", "image/jpeg", "b.jpg", {}}, test::noon);
        });
    }
    store::Attachment file(std::size_t position)
    {
        return *store.read([&](store::Reading& reading) { return store::find_attachment(reading, store::media_of(reading, message).at(position).id); });
    }
    std::size_t due(Timestamp at)
    {
        return store.read([&](store::Reading& reading) { return store::due_attachments(reading, account, at, 10); }).size();
    }
    std::vector<std::string> told()
    {
        std::vector<std::string> types;
        for (auto const& event : store.read([](store::Reading& reading) { return store::load_events(reading, {}, 1000); }))
            if (event.type.starts_with("attachment."))
                types.push_back(event.type);
        return types;
    }
};

} // namespace

TEST_CASE("attachments: they wait, come, fail, and are asked for again; each is told once")
{
    using namespace std::chrono_literals;
    TwoFiles files;
    auto const at = test::noon;
    CHECK(files.due(at - 1ms) == 0);
    CHECK(files.due(at) == 2);
    auto const first = files.file(0);
    auto const second = files.file(1);

    auto const kept = store::KeptFile{sha_of_abc, 3, "image/jpeg"};
    CHECK(files.store.write([&](store::Tx& tx) { return store::keep_attachment(tx, first, kept, at); }));
    CHECK_FALSE(files.store.write([&](store::Tx& tx) { return store::keep_attachment(tx, first, kept, at); }));
    CHECK(files.store.write([&](store::Tx& tx) { return store::postpone_attachment(tx, second, "busy", at + 5s); }));
    CHECK(files.due(at) == 0);
    CHECK(files.due(at + 5s) == 1);
    CHECK(files.file(0).media.sha256 == sha_of_abc);
    CHECK(files.file(0).media.size == 3);
    CHECK(files.file(1).attempts == 1);
    CHECK(files.store.read([&](store::Reading& r) { return store::next_attachment_due(r, files.account, at); }) == at + 5s);
    CHECK(files.store.write([&](store::Tx& tx) { return store::hasten_attachments(tx, files.account, "gone", at); }) == 0);
    CHECK(files.store.write([&](store::Tx& tx) { return store::hasten_attachments(tx, files.account, "busy", at); }) == 1);
    CHECK(files.due(at) == 1);

    CHECK(files.store.write([&](store::Tx& tx) { return store::give_up_attachment(tx, second, "failed", "too_big", at); }));
    CHECK(files.file(1).media.state == "failed");
    CHECK(files.file(1).media.reason == "too_big");
    CHECK(files.store.read([](store::Reading& r) { return store::count_waiting_attachments(r); }) == 0);
    files.store.write([&](store::Tx& tx) { store::request_attachment(tx, second, {}, at); });
    CHECK(files.due(at) == 1);
    CHECK(files.file(1).attempts == 0);
    CHECK_THROWS(files.store.write([&](store::Tx& tx) { store::request_attachment(tx, first, {}, at); }));
    CHECK(files.told() == std::vector<std::string>{"attachment.fetched", "attachment.failed", "attachment.requested"});
}
