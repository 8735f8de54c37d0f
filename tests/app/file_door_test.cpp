#include "file_door.hpp"

#include "deskbridge/channel/file_link.hpp"
#include "deskbridge/channel/registry.hpp"
#include "deskbridge/store/account.hpp"
#include "deskbridge/store/attachment.hpp"
#include "deskbridge/store/contact.hpp"
#include "deskbridge/store/conversation.hpp"
#include "deskbridge/store/outbox.hpp"
#include "deskbridge/store/outgoing_file.hpp"
#include "support/fake_clock.hpp"
#include "support/scratch_folder.hpp"
#include "support/temp_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <filesystem>
#include <functional>

using namespace deskbridge;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view bytes = "%PDF-1.7 an invoice";

/// Two apps behind the signed channel; to the first an invoice was sent, and another file waits.
struct Door {
    Door()
    {
        store.write([this](store::Tx& tx) {
            std::vector<store::ConfiguredAccount> const configured{{.channel = "signed", .number = "shop", .name = "shop"},
                                                                   {.channel = "signed", .number = "outlet", .name = "outlet"}};
            ids = store::configure_accounts(tx, configured, clock.now());
            auto const contact = store::insert_contact(tx, "Maria", "", clock.now());
            auto const chat = store::insert_conversation(tx, ids.front(), contact, clock.now());
            sent = bring(tx);
            waiting = bring(tx);
            store::Outgoing out;
            out.conversation = chat;
            out.account = ids.front();
            out.actor = {ActorKind::agent, 0};
            out.shown.files = {{sent, "invoice.pdf", "application/pdf", bytes.size(), file.sha256}};
            out.parts = {out.shown};
            out.now = clock.now();
            (void)store::queue_message(tx, out);
        });
        for (auto const id : ids) {
            auto& context = *accounts.emplace_back(std::make_unique<channel::AccountContext>());
            context.id = id;
            context.adapter = channel::find_adapter("signed");
            context.public_url = "https://desk.test";
            context.account.secrets = {{"outbound_secret", {"whsec_" + std::to_string(id.value)}}};
        }
    }

    std::int64_t bring(store::Tx& tx) { return store::bring_file(tx, {0, "invoice.pdf", "application/pdf", file, clock.now(), {}}, {ActorKind::agent, 0}); }

    store::KeptFile keep()
    {
        REQUIRE(folder.prepare().has_value());
        auto draft = folder.draft();
        REQUIRE(draft.has_value());
        REQUIRE(draft->append(bytes));
        auto kept = store::keep_file(*draft, "application/pdf");
        REQUIRE(kept.has_value());
        return *kept;
    }

    [[nodiscard]] std::string link(std::int64_t attachment, std::size_t account = 0) const
    {
        auto const made = channel::link_to(*accounts.at(account), attachment, clock.now());
        REQUIRE(made.has_value());
        return made->url.substr(made->url.rfind('/') + 1);
    }

    net::Reply ask(std::string const& token)
    {
        auto const route = app::file_route({*store, clock, accounts, folder, pool});
        CHECK(route.pattern == "/files/{token}");
        net::Request request;
        request.parameters = {token};
        net::Reply reply;
        run([&]() -> boost::asio::awaitable<void> { reply = co_await route.handler(request); });
        return reply;
    }

    std::string drain(net::Reply& reply)
    {
        std::string all;
        run([&]() -> boost::asio::awaitable<void> {
            while (auto piece = co_await reply.next())
                all += *piece;
        });
        return all;
    }

    void run(std::function<boost::asio::awaitable<void>()> const& work)
    {
        io.restart();
        boost::asio::co_spawn(io, work(), [](std::exception_ptr failure) {
            if (failure)
                std::rethrow_exception(failure);
        });
        io.run();
    }

    boost::asio::io_context io{1};
    test::ScratchFolder scratch;
    store::MediaFolder folder{scratch.path() / "media"};
    test::TempStore store;
    test::FakeClock clock;
    async::Pool pool{1};
    store::KeptFile file{keep()};
    std::vector<AccountId> ids;
    channel::AccountContexts accounts;
    std::int64_t sent{0};
    std::int64_t waiting{0};
};

} // namespace

TEST_CASE("files: who has the link gets what was sent, as bytes to be kept and never shown")
{
    Door door;
    auto reply = door.ask(door.link(door.sent));
    REQUIRE(reply.head.status == 200);
    auto const header = [&](std::string_view name) { return std::string{reply.head.headers.find(name).value_or("")}; };
    CHECK(header("Content-Type") == "application/pdf");
    CHECK(header("Content-Disposition").starts_with("attachment; filename=\"invoice.pdf\""));
    CHECK(header("X-Content-Type-Options") == "nosniff");
    CHECK(header("Content-Security-Policy") == "default-src 'none'; sandbox");
    CHECK(header("Cache-Control") == "private, no-store");
    CHECK(header("Set-Cookie").empty());
    CHECK(door.drain(reply) == bytes);
    auto again = door.ask(door.link(door.sent));
    CHECK(door.drain(again) == bytes);
}

TEST_CASE("files: a link that has ended, is another account's, or leads to what was not sent gives nothing")
{
    Door door;
    auto const link = door.link(door.sent);
    CHECK(door.ask(door.link(door.sent, 1)).head.status == 404); // well signed, by the wrong account
    CHECK(door.ask(door.link(door.waiting)).head.status == 404);
    CHECK(door.ask(door.link(9999)).head.status == 404);
    CHECK(door.ask("").head.status == 404);
    CHECK(door.ask(link.substr(0, link.size() - 1) + (link.back() == '0' ? '1' : '0')).head.status == 404);
    door.clock.advance(24h - 1s);
    CHECK(door.ask(link).head.status == 200);
    door.clock.advance(2s);
    CHECK(door.ask(link).head.status == 410);
    std::filesystem::remove_all(door.scratch.path() / "media");
    CHECK(door.ask(door.link(door.sent)).head.status == 404);
}
