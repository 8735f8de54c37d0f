#include "world.hpp"

#include "deskbridge/channel/digest.hpp"

#include <catch2/catch.hpp>

using namespace deskbridge;
using namespace std::chrono_literals;
using test::MediaWorld;
using test::Served;
using test::api_error;

namespace {

auto const picture = std::string{"\xFF\xD8\xFF\xE0 a picture"};

Served whole()
{
    return {200, {}, {picture}, {}};
}

Served status(int code)
{
    return {code, {}, {}, {}};
}

Served moved(std::string const& to)
{
    return {302, {{"Location", to}}, {}, {}};
}

net::NoAnswer lost(std::string const& why = "the connection was closed")
{
    return {net::NoAnswer::Written::all, why};
}

struct Case {
    std::string label;
    std::deque<net::Answer> api;
    std::deque<Served> files;
    std::string state;
    std::size_t asked;
    std::size_t fetched;
};

std::vector<Case> tries()
{
    auto const hash = channel::sha256_hex(picture);
    auto const link = MediaWorld::link();
    return {
        {"a file", {link}, {whole()}, "fetched", 1, 1},
        {"with size and hash", {MediaWorld::link(R"(,"file_size":"14","sha256":")" + hash + "\"")}, {whole()}, "fetched", 1, 1},
        {"a link that has expired: another one", {link}, {status(404), whole()}, "fetched", 2, 2},
        {"401 from the file's host is a link that expired", {link}, {status(401), status(403), whole()}, "fetched", 3, 3},
        {"three expired links are enough for one try", {link}, {status(404)}, "recorded:link_expired", 3, 3},
        {"token refused", {api_error(401, 190)}, {whole()}, "recorded:credentials", 1, 0},
        {"the provider's fault", {api_error(500, 2)}, {whole()}, "recorded:busy", 1, 0},
        {"too fast", {api_error(400, 130429)}, {whole()}, "recorded:busy", 1, 0},
        {"unknown id", {api_error(400, 33)}, {whole()}, "recorded:gone", 1, 0},
        {"no answer", {lost()}, {whole()}, "recorded:unreachable", 1, 0},
        {"an answer without a link", {HttpResponse{200, {}, "{}"}}, {whole()}, "recorded:unreadable", 1, 0},
        {"no JSON", {HttpResponse{200, {}, "<html>"}}, {whole()}, "recorded:unreadable", 1, 0},
        {"wrong hash", {MediaWorld::link(R"(,"sha256":")" + std::string(64, '0') + "\"")}, {whole()}, "recorded:damaged", 1, 1},
        {"shorter than told", {MediaWorld::link(R"(,"file_size":15)")}, {whole()}, "recorded:damaged", 1, 1},
        {"longer than told", {MediaWorld::link(R"(,"file_size":13)")}, {whole()}, "recorded:damaged", 1, 1},
        {"empty, and no size told", {link}, {Served{200, {}, {}, {}}}, "recorded:damaged", 1, 1},
        {"too big as told: not even asked for", {MediaWorld::link(R"(,"file_size":5000000000)")}, {whole()}, "failed:too_big", 1, 0},
        {"too big without a word", {link}, {Served{200, {}, {picture, std::string(2000, 'x')}, {}}}, "failed:too_big", 1, 1},
        {"a foreign host", {link}, {Served{200, {}, {}, lost("forbidden: the host is not listed")}}, "failed:forbidden", 1, 1},
        {"broken off", {link}, {Served{200, {}, {"\xFF\xD8\xFF"}, lost()}}, "recorded:unreachable", 1, 1},
        {"the file's host has trouble", {link}, {status(503)}, "recorded:busy", 1, 1},
        {"a redirect", {link}, {moved("https://cdn.fbcdn.net/x"), whole()}, "fetched", 1, 2},
        {"a redirect to nowhere", {link}, {moved("/x")}, "recorded:unreadable", 1, 1},
        {"redirects without end", {link}, {moved("https://cdn.fbcdn.net/x")}, "recorded:unreadable", 1, 4},
    };
}

} // namespace

TEST_CASE("media: what becomes of one try")
{
    auto const all = tries();
    auto const c = GENERATE_COPY(from_range(all));
    INFO(c.label);
    MediaWorld world;
    world.settings.max_bytes = 1000;
    world.net.api = c.api;
    world.net.files = c.files;
    auto const message = world.comes();
    world.live();
    CHECK(world.state(message) == c.state);
    CHECK(world.net.asked.size() == c.asked);
    CHECK(world.net.fetched.size() == c.fetched);
    bool const here = c.state == "fetched";
    CHECK(world.files_on_disk() == (here ? 1 : 0));
    CHECK(world.content(message).value_or("") == (here ? picture : ""));
    CHECK(world.told().size() == (c.state.starts_with("recorded") ? 0 : 1));
    CHECK_FALSE(world.crashed);
}

TEST_CASE("media: the token goes to the provider's hosts alone, and nowhere by a redirect")
{
    MediaWorld world;
    world.net.files = {moved("https://cdn.fbcdn.net/x"), whole()};
    world.comes();
    world.live();
    REQUIRE(world.net.fetched.size() == 2);
    CHECK(world.net.asked[0].target == "https://graph.facebook.com/v25.0/m1?phone_number_id=700");
    CHECK(world.net.asked[0].headers.find("Authorization") == "Bearer the-token");
    CHECK(world.net.fetched[0].headers.find("Authorization") == "Bearer the-token");
    CHECK(world.net.fetched[1].target == "https://cdn.fbcdn.net/x");
    CHECK(world.net.fetched[1].headers.count("Authorization") == 0);
    for (auto const& rules : world.net.rules) {
        CHECK(rules.hosts == std::vector<std::string>{".fbsbx.com", ".fbcdn.net", ".facebook.com"});
        CHECK_FALSE(rules.loopback);
    }
}

TEST_CASE("media: the same content lies there once")
{
    MediaWorld world;
    auto const first = world.comes("m1");
    auto const second = world.comes("m2");
    world.live();
    CHECK(world.state(first) == "fetched");
    CHECK(world.state(second) == "fetched");
    CHECK(world.file(first).media.sha256 == world.file(second).media.sha256);
    CHECK(world.files_on_disk() == 1);
}

TEST_CASE("media: bytes decide the type, and what was announced stays")
{
    MediaWorld world;
    world.net.files = {Served{200, {}, {std::string{"MZ\x90\0\x03", 5}}, {}}};
    auto const message = world.comes();
    world.live();
    auto const media = world.file(message).media;
    CHECK(media.content_type == "application/octet-stream");
    CHECK(media.reference.mime_type == "image/jpeg");
}

TEST_CASE("media: a webhook's hash counts where the link tells none")
{
    MediaWorld world;
    auto const message = world.comes("m1", "image/jpeg", std::string(64, 'a'));
    world.live();
    CHECK(world.state(message) == "recorded:damaged");
}

TEST_CASE("media: two tokens while one is rotated")
{
    MediaWorld world;
    world.accounts.front()->account.secrets["access_token"] = {"old", "new"};
    world.net.api = {api_error(401, 190), MediaWorld::link()};
    auto const message = world.comes();
    world.live();
    CHECK(world.state(message) == "fetched");
    CHECK(world.net.asked[1].headers.find("Authorization") == "Bearer new");
    CHECK(world.net.fetched[0].headers.find("Authorization") == "Bearer new");
}

TEST_CASE("media: a provider that is played on this machine")
{
    MediaWorld world;
    world.accounts.front()->account.settings["api_base"] = "http://127.0.0.1:9100/v25.0";
    world.comes();
    world.live();
    CHECK(world.net.rules[0].loopback);
    CHECK(world.net.rules[0].hosts == std::vector<std::string>{"127.0.0.1"});
    world.accounts.front()->account.settings["api_base"] = "http://127.0.0.1.example.org/v25.0";
    world.comes("m2");
    world.live();
    CHECK_FALSE(world.net.rules[1].loopback);
}
