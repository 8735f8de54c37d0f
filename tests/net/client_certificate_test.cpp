#include "certificates.hpp"
#include "net_world.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

asio::awaitable<net::Reply> names(net::Request& request)
{
    HttpResponse response;
    response.status = 200;
    response.body = fmt::format("[{}]", fmt::join(request.client_names, " "));
    co_return net::Reply{std::move(response)};
}

/// One request with what the client shows; answers the last line, or "refused". A session that is resumed is offered in `session`.
asio::awaitable<std::string> ask(asio::io_context& io, std::uint16_t port, Certificate const* shown, SSL_SESSION** session, int version)
{
    ssl::context context{ssl::context::tls_client};
    SSL_CTX_set_max_proto_version(context.native_handle(), version);
    if (shown != nullptr) {
        context.use_certificate(asio::buffer(shown->certificate), ssl::context::pem);
        context.use_private_key(asio::buffer(shown->key), ssl::context::pem);
    }
    ssl::stream<asio::ip::tcp::socket> stream{io, context};
    if (session != nullptr && *session != nullptr)
        SSL_set_session(stream.native_handle(), *session);
    co_await stream.lowest_layer().async_connect({asio::ip::address_v4::loopback(), port}, asio::use_awaitable);
    auto const [ec] = co_await stream.async_handshake(ssl::stream_base::client, asio::as_tuple(asio::use_awaitable));
    if (ec)
        co_return "refused";
    std::string const request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    co_await asio::async_write(stream, asio::buffer(request), asio::as_tuple(asio::use_awaitable));
    std::string answer;
    for (std::array<char, 4096> piece{};;) {
        auto const [failed, n] = co_await stream.async_read_some(asio::buffer(piece), asio::as_tuple(asio::use_awaitable));
        answer.append(piece.data(), n);
        if (failed)
            break;
    }
    SSL_set_shutdown(stream.native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); // else OpenSSL lets the session be resumed no more
    bool const resumed = SSL_session_reused(stream.native_handle()) == 1;
    if (session != nullptr && *session == nullptr)
        *session = SSL_get1_session(stream.native_handle());
    auto const body = answer.find("\r\n\r\n");
    co_return (resumed ? "again " : "") + (body == std::string::npos ? std::string{"refused"} : answer.substr(body + 4));
}

struct CertificateWorld : NetWorld {
    Authority own;
    Authority clients;
    Authority strangers;
    ScratchFolder folder;

    CertificateWorld()
    {
        auto const certificate = own.issue();
        net::Listen where{"127.0.0.1:0"};
        where.certificate = folder.write("server.pem", certificate.certificate);
        where.key = folder.write("server.key", certificate.key);
        where.client_ca = folder.write("clients.pem", clients.certificate());
        serve({net::Route{"GET", "/", names}}, {}, where);
    }
};

} // namespace

TEST_CASE("client certificates: whoever shows one is known by its names, if they can be believed; the others are served without")
{
    CertificateWorld world;
    CertificateParts meta;
    meta.common_name = "client.webhooks.example";
    meta.alternative_names = "DNS:first.example,DNS:second.example,IP:127.0.0.1";
    auto expired = meta;
    expired.valid_from = -2h;
    expired.valid_to = -1h;
    auto const right = world.clients.issue(meta);
    auto const late = world.clients.issue(expired);
    auto const foreign = world.strangers.issue(meta);
    auto const own = self_signed(meta);
    struct Case {
        std::string label;
        Certificate const* shown;
        std::string answer;
    };
    std::vector<Case> const cases{{"none", nullptr, "[]"},
                                  {"the right one", &right, "[first.example second.example client.webhooks.example]"},
                                  {"expired", &late, "[]"},
                                  {"of another authority", &foreign, "[]"},
                                  {"signed by itself", &own, "[]"}};
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION})
        for (auto const& c : cases) {
            INFO(c.label << " " << version);
            CHECK(drive(world.io, ask(world.io, world.port, c.shown, nullptr, version)) == c.answer);
        }
}

TEST_CASE("client certificates: a session that is resumed is as good as it was, and no better")
{
    CertificateWorld world;
    CertificateParts meta;
    meta.common_name = "client.webhooks.example";
    meta.alternative_names = "DNS:first.example";
    auto const right = world.clients.issue(meta);
    auto const foreign = world.strangers.issue(meta);
    struct Case {
        Certificate const* shown;
        std::string answer;
    };
    for (auto const& c : std::vector<Case>{{&right, "[first.example client.webhooks.example]"}, {&foreign, "[]"}, {nullptr, "[]"}}) {
        SSL_SESSION* session = nullptr;
        CHECK(drive(world.io, ask(world.io, world.port, c.shown, &session, TLS1_2_VERSION)) == c.answer);
        auto const again = drive(world.io, ask(world.io, world.port, c.shown, &session, TLS1_2_VERSION));
        CHECK(again == "again " + c.answer);
        SSL_SESSION_free(session);
    }
}

TEST_CASE("client certificates: a file that names nobody stops the listener")
{
    NetWorld world;
    Authority authority;
    ScratchFolder folder;
    auto const certificate = authority.issue();
    net::Listen where{"127.0.0.1:0"};
    where.certificate = folder.write("server.pem", certificate.certificate);
    where.key = folder.write("server.key", certificate.key);
    where.client_ca = folder.write("clients.pem", "nothing");
    net::HttpServer server{world.io, {}, {}, world.log, world.metrics};
    CHECK(server.listen(where).has_error());
}

TEST_CASE("client certificates: our own client shows the one that it was given, and none else")
{
    CertificateWorld world;
    CertificateParts meta;
    meta.common_name = "client.webhooks.example";
    meta.alternative_names = "DNS:first.example";
    auto const right = world.clients.issue(meta);
    net::ClientSettings settings;
    settings.ca_file = world.folder.write("own.pem", world.own.certificate());
    auto const names_told = [&] {
        net::HttpClient client{world.io, settings, world.log};
        HttpRequest request{"GET", fmt::format("https://127.0.0.1:{}/", world.port), {}, {}};
        auto const answer = drive(world.io, client.send(request, 5s));
        auto const* response = std::get_if<HttpResponse>(&answer);
        return response ? response->body : std::get<net::NoAnswer>(answer).why;
    };
    CHECK(names_told() == "[]");
    settings.certificate = world.folder.write("client.pem", right.certificate);
    settings.key = world.folder.write("client.key", right.key);
    CHECK(names_told() == "[first.example client.webhooks.example]");
    settings.key = world.folder.write("other.key", world.clients.issue(meta).key);
    CHECK(names_told().starts_with("tls "));
    CHECK(world.log.count("http_client_tls_unusable") == 1);
}
