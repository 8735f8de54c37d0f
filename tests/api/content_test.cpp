#include "api_world.hpp"
#include "deskbridge/api/content.hpp"
#include "support/scratch_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

using namespace deskbridge;

namespace {

std::string header(net::Reply const& reply, std::string_view name)
{
    return std::string{reply.head.headers.find(name).value_or("")};
}

void run(boost::asio::awaitable<void> work)
{
    boost::asio::io_context io{1};
    boost::asio::co_spawn(io, std::move(work), [](std::exception_ptr failure) {
        if (failure)
            std::rethrow_exception(failure);
    });
    io.run();
}

net::Reply asked(store::Attachment const& attachment, store::MediaFolder const& folder, async::Pool& pool)
{
    net::Reply reply;
    auto ask = [&]() -> boost::asio::awaitable<void> { reply = co_await api::content_of(attachment, folder, pool); };
    run(ask());
    return reply;
}

/// Everything that a stream answers.
std::string drain(net::Reply& reply)
{
    std::string all;
    auto read = [&]() -> boost::asio::awaitable<void> {
        while (auto piece = co_await reply.next())
            all += *piece;
    };
    run(read());
    return all;
}

} // namespace

TEST_CASE("content: a customer's name for a file does no harm in a header")
{
    struct Case {
        std::string name;
        std::string disposition;
    };
    auto const c = GENERATE(values<Case>({
        {"", "attachment"},
        {"parcel.jpg", "attachment; filename=\"parcel.jpg\"; filename*=UTF-8''parcel.jpg"},
        {"my parcel.jpg", "attachment; filename=\"my parcel.jpg\"; filename*=UTF-8''my%20parcel.jpg"},
        {"a\"; x=\"b", "attachment; filename=\"a__ x__b\"; filename*=UTF-8''a%22%3B%20x%3D%22b"},
        {"a\r\nSet-Cookie: x", "attachment; filename=\"a__Set-Cookie_ x\"; filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x"},
        {"Gr\xC3\xBC\xC3\x9F" "e.pdf", "attachment; filename=\"Gr____e.pdf\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.pdf"},
        {"../../etc/passwd", "attachment; filename=\".._.._etc_passwd\"; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd"},
    }));
    CHECK(api::render_disposition(c.name) == c.disposition);
}

TEST_CASE("content: a file comes whole, to be stored and never to be run")
{
    test::ScratchFolder const scratch;
    store::MediaFolder const folder{scratch.path() / "media"};
    REQUIRE(folder.prepare().has_value());
    auto draft = folder.draft();
    REQUIRE(draft.has_value());
    std::string const bytes(200'000, 'x');
    REQUIRE(draft->append(bytes));
    REQUIRE(draft->keep().has_value());
    async::Pool pool{1};
    store::Attachment attachment;
    attachment.media.sha256 = draft->sha256();
    attachment.media.size = bytes.size();
    attachment.media.content_type = "image/jpeg";
    attachment.media.reference.file_name = "parcel.jpg";

    auto reply = asked(attachment, folder, pool);
    CHECK(reply.head.status == 200);
    CHECK(header(reply, "Content-Type") == "image/jpeg");
    CHECK(header(reply, "Content-Disposition").starts_with("attachment;"));
    CHECK(header(reply, "X-Content-Type-Options") == "nosniff");
    CHECK(header(reply, "Content-Security-Policy") == "default-src 'none'; sandbox");
    REQUIRE(reply.next);
    CHECK(reply.size == bytes.size());
    CHECK(drain(reply) == bytes);
    std::filesystem::resize_file(folder.place_of(attachment.media.sha256).value(), bytes.size() - 1);
    CHECK(asked(attachment, folder, pool).head.status == 404);
}

TEST_CASE("content: a file that is missing is a problem, not an empty answer")
{
    store::MediaFolder const folder{"/nowhere"};
    async::Pool pool{1};
    store::Attachment attachment;
    for (auto const* hash : {"", "../../etc/passwd"}) {
        attachment.media.sha256 = hash;
        CHECK(asked(attachment, folder, pool).head.status == 404);
    }
    attachment.media.sha256 = std::string(64, 'a');
    CHECK(asked(attachment, folder, pool).head.status == 404);
}

TEST_CASE("attachments: named by their number, in the message and in the path")
{
    test::ApiWorld world;
    auto const ticket = world.scene.open_ticket("parcel");
    auto const message = world.scene.customer_says(ticket, "see");
    auto const at = world.scene.clock.now();
    world.scene.store.write([&](store::Tx& tx) {
        for (int i = 0; i < 2; ++i)
            store::insert_media(tx, message, i, {"m" + std::to_string(i), "image/jpeg", "a.jpg", {}}, at);
        for (auto const& attachment : store::due_attachments(tx, world.scene.account, at, 10))
            if (attachment.media.reference.external_id == "m1")
                store::give_up_attachment(tx, attachment, "failed", "too_big", at);
    });
    auto const shown = world.call({"GET", "/v1/tickets/" + std::to_string(ticket.value)}).json.at("timeline").at(0).at("attachments");
    REQUIRE(shown.size() == 2);
    CHECK(shown.at(0).at("state") == "recorded");
    CHECK(shown.at(1).at("reason") == "too_big");
    auto const path = "/v1/attachments/" + std::to_string(shown.at(1).at("id").get<std::int64_t>());
    CHECK(world.call({"GET", path + "/content"}).status == 409);
    auto const again = world.call({"POST", path + "/retry"});
    CHECK(again.status == 202);
    CHECK(again.json.at("id") == message.value);
    CHECK(again.json.at("attachments").at(1).at("state") == "recorded");
    CHECK(world.call({"POST", "/v1/attachments/999/retry"}).status == 404);
    CHECK(world.call({"GET", "/v1/attachments/none/content"}).status == 404);
}
