#include "net_world.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/local/stream_protocol.hpp>

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace {

namespace asio = boost::asio;
using namespace deskbridge;
using namespace deskbridge::test;

net::Listen at(std::filesystem::path path)
{
    net::Listen where;
    where.unix_path = std::move(path);
    return where;
}

std::vector<net::Route> whoami()
{
    return {{"GET", "/", [](net::Request& request) -> asio::awaitable<net::Reply> {
                 co_return text_response(200, fmt::format("{} {} {}", request.remote, request.peer_uid.value_or(~0u),
                                                          request.tls));
             }}};
}

} // namespace

TEST_CASE("unix socket: says who is at the other end, and only its group may connect")
{
    ScratchFolder folder;
    auto const path = folder.path() / "control.sock";
    NetWorld world;
    world.serve(whoami(), {}, at(path));
    CHECK(world.port == 0);
    struct stat made{};
    REQUIRE(::stat(path.c_str(), &made) == 0);
    CHECK((made.st_mode & 0777) == 0660);
    net::HttpClient client{world.io, {}, world.log};
    HttpRequest request{"GET", "/", {}, {}};
    for (int i = 0; i < 2; ++i) {
        auto const answer = drive(world.io, client.send(path, request, std::chrono::seconds{5}));
        REQUIRE(std::holds_alternative<HttpResponse>(answer));
        CHECK(std::get<HttpResponse>(answer).body == fmt::format("unix {} false", ::getuid()));
    }
    drive(world.io, world.server->stop(std::chrono::seconds{1}));
    CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("unix socket: after an answer nothing keeps the client's reactor busy")
{
    ScratchFolder folder;
    NetWorld world;
    world.serve(whoami(), {}, at(folder.path() / "s"));
    auto const path = folder.path() / "s";
    asio::io_context own{1};
    constexpr std::chrono::seconds later{60}; // than what is waited for below
    net::HttpClient client{own, {.idle = later}, world.log};
    HttpRequest request{"GET", "/", {}, {}};
    bool answered = false;
    asio::co_spawn(own, client.send(path, request, later),
                   [&](std::exception_ptr, net::Answer const& answer) { answered = std::holds_alternative<HttpResponse>(answer); });
    auto const until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!own.stopped() && std::chrono::steady_clock::now() < until) {
        own.poll();
        world.io.run_one_for(std::chrono::milliseconds{1});
    }
    CHECK(answered);
    CHECK(own.stopped());
}

TEST_CASE("unix socket: over TCP nobody has a uid")
{
    NetWorld world;
    world.serve(whoami());
    auto const transcript = world.raw("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    CHECK(transcript.ends_with(fmt::format("127.0.0.1 {} false", ~0u)));
}

TEST_CASE("unix socket: a stale one is replaced, a live one and other files are not")
{
    ScratchFolder folder;
    auto const path = folder.path() / "s";
    {
        asio::io_context io;
        asio::local::stream_protocol::acceptor left_over{io, asio::local::stream_protocol::endpoint{path.string()}};
    }
    REQUIRE(std::filesystem::exists(path));
    NetWorld world;
    world.serve(whoami(), {}, at(path));

    net::HttpServer second{world.io, whoami(), {}, world.log, world.metrics};
    auto const live = second.listen(at(path));
    REQUIRE_FALSE(live.has_value());
    CHECK(live.error().fault == Fault::conflict);
    CHECK(std::filesystem::exists(path));

    auto const file = folder.write("precious", "bytes");
    auto const refused = second.listen(at(file));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().fault == Fault::conflict);
    CHECK(std::filesystem::file_size(file) == 5);
}

TEST_CASE("unix socket: paths and groups that cannot be are errors that say why")
{
    ScratchFolder folder;
    NetWorld world;
    net::HttpServer server{world.io, whoami(), {}, world.log, world.metrics};
    auto const longer = server.listen(at(folder.path() / std::string(120, 'x')));
    REQUIRE_FALSE(longer.has_value());
    CHECK(longer.error().fault == Fault::malformed);
    CHECK(longer.error().detail.find("107") != std::string::npos);
    auto nobody = at(folder.path() / "s");
    nobody.unix_group = "no-such-group-here";
    auto const group = server.listen(nobody);
    REQUIRE_FALSE(group.has_value());
    CHECK(group.error().fault == Fault::malformed);
    CHECK(group.error().detail.find("no-such-group-here") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "s"));
    auto const nowhere = server.listen(at(folder.path() / "no" / "such" / "folder"));
    REQUIRE_FALSE(nowhere.has_value());
    CHECK(nowhere.error().fault == Fault::malformed);
}

TEST_CASE("unix socket: a client gets a reason when nobody is there")
{
    ScratchFolder folder;
    NetWorld world;
    net::HttpClient client{world.io, {}, world.log};
    HttpRequest request{"GET", "/", {}, {}};
    auto const answer = drive(world.io, client.send(folder.path() / "none", request, std::chrono::seconds{5}));
    REQUIRE(std::holds_alternative<net::NoAnswer>(answer));
    CHECK(std::get<net::NoAnswer>(answer).written == net::NoAnswer::Written::nothing);
    CHECK(std::get<net::NoAnswer>(answer).why.find("none") != std::string::npos);
}
