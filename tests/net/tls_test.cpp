#include "certificates.hpp"
#include "net_world.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <fstream>

namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using namespace deskbridge;
using namespace deskbridge::test;
using namespace std::chrono_literals;

/// A server with a certificate, and a client that knows its authority.
struct TlsWorld : NetWorld {
    Authority authority;
    ScratchFolder folder;

    net::Listen install(Certificate const& certificate)
    {
        net::Listen where{"127.0.0.1:0"};
        where.certificate = folder.write("server.pem", certificate.certificate);
        where.key = folder.write("server.key", certificate.key);
        return where;
    }
    net::ClientSettings trusting()
    {
        net::ClientSettings settings;
        settings.ca_file = folder.write("ca.pem", authority.certificate());
        return settings;
    }
    std::string get(net::HttpClient& client, std::string const& host = "127.0.0.1")
    {
        HttpRequest request{"GET", fmt::format("https://{}:{}/", host, port), {}, {}};
        auto const answer = drive(io, client.send(request, 5s));
        if (auto const* lost = std::get_if<net::NoAnswer>(&answer))
            return (lost->written == net::NoAnswer::Written::nothing ? "nothing sent: " : "SENT: ") + lost->why;
        return std::get<HttpResponse>(answer).body;
    }
};

/// Handshakes by hand, with what the client is willing to speak.
asio::awaitable<std::string> shake_hands(asio::io_context& io, std::uint16_t port, int version, char const* ciphers,
                                         std::string* subject = nullptr)
{
    ssl::context context{ssl::context::tls_client};
    SSL_CTX_set_min_proto_version(context.native_handle(), version);
    SSL_CTX_set_max_proto_version(context.native_handle(), version);
    if (ciphers != nullptr)
        SSL_CTX_set_cipher_list(context.native_handle(), ciphers);
    SSL_CTX_set_security_level(context.native_handle(), 0);
    ssl::stream<asio::ip::tcp::socket> stream{io, context};
    co_await stream.lowest_layer().async_connect({asio::ip::address_v4::loopback(), port}, asio::use_awaitable);
    auto const [ec] = co_await stream.async_handshake(ssl::stream_base::client, asio::as_tuple(asio::use_awaitable));
    if (ec)
        co_return "refused";
    if (subject != nullptr) {
        auto* const peer = SSL_get1_peer_certificate(stream.native_handle());
        char name[64]{};
        X509_NAME_get_text_by_NID(X509_get_subject_name(peer), NID_commonName, name, sizeof name);
        X509_free(peer);
        *subject = name;
    }
    co_return SSL_get_version(stream.native_handle());
}

} // namespace

TEST_CASE("tls: a certificate that leads to a known authority and names the host")
{
    TlsWorld world;
    world.serve(echo_routes(), {}, world.install(world.authority.issue()));
    net::HttpClient client{world.io, world.trusting(), world.log};
    CHECK(world.get(client) == "GET / ");
    CHECK(world.get(client, "localhost") == "GET / ");
    CHECK(world.get(client, "LOCALHOST") == "GET / ");
}

TEST_CASE("tls: certificates that a client must not accept")
{
    TlsWorld world;
    struct Case {
        std::string label, host, why;
        CertificateParts parts;
        bool own_authority;
    };
    CertificateParts const good;
    CertificateParts expired;
    expired.valid_from = -2h;
    expired.valid_to = -1h;
    CertificateParts early;
    early.valid_from = 1h;
    early.valid_to = 2h;
    CertificateParts other;
    other.alternative_names = "DNS:other.example,IP:127.0.0.2";
    CertificateParts partial;
    partial.alternative_names = "DNS:local*";
    auto const c = GENERATE_COPY(values<Case>({
        {"wrong name", "localhost", "hostname mismatch", other, true},
        {"wrong address", "127.0.0.1", "IP address mismatch", other, true},
        {"partial wildcard", "localhost", "hostname mismatch", partial, true},
        {"expired", "localhost", "certificate has expired", expired, true},
        {"not yet valid", "localhost", "certificate is not yet valid", early, true},
        {"signed by itself", "localhost", "self-signed certificate", good, false},
    }));
    INFO(c.label);
    world.serve(echo_routes(), {}, world.install(c.own_authority ? world.authority.issue(c.parts) : self_signed(c.parts)));
    net::HttpClient client{world.io, world.trusting(), world.log};
    auto const answer = world.get(client, c.host);
    INFO(answer);
    CHECK(answer.starts_with("nothing sent: tls "));
    CHECK(answer.find(c.why) != std::string::npos);
    CHECK(world.answered(200) == 0);
}

TEST_CASE("tls: an authority that nobody knows, and one that cannot be read")
{
    TlsWorld world;
    world.serve(echo_routes(), {}, world.install(world.authority.issue()));
    net::HttpClient stranger{world.io, {}, world.log};
    CHECK(world.get(stranger).starts_with("nothing sent: tls "));
    net::ClientSettings broken;
    broken.ca_file = world.folder.path() / "missing.pem";
    net::HttpClient unusable{world.io, broken, world.log};
    CHECK(world.get(unusable).starts_with("nothing sent: tls "));
    CHECK(world.log.count("http_client_tls_unusable") == 1);
}

TEST_CASE("tls: only versions and ciphers with forward secrecy and authenticated encryption")
{
    TlsWorld world;
    world.serve(echo_routes(), {}, world.install(world.authority.issue()));
    struct Case {
        int version;
        char const* ciphers;
        std::string outcome;
    };
    auto const c = GENERATE(values<Case>({
        {TLS1_3_VERSION, nullptr, "TLSv1.3"},
        {TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256", "TLSv1.2"},
        {TLS1_2_VERSION, "ECDHE-ECDSA-CHACHA20-POLY1305", "TLSv1.2"},
        {TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA256", "refused"},
        {TLS1_2_VERSION, "AES128-GCM-SHA256", "refused"},
        {TLS1_1_VERSION, nullptr, "refused"},
        {TLS1_VERSION, nullptr, "refused"},
    }));
    INFO(c.version << " " << (c.ciphers == nullptr ? "any" : c.ciphers));
    CHECK(drive(world.io, shake_hands(world.io, world.port, c.version, c.ciphers)) == c.outcome);
}

TEST_CASE("tls: certificates are reloaded; open connections keep theirs, broken files change nothing")
{
    TlsWorld world;
    CertificateParts first;
    first.common_name = "first";
    CertificateParts second;
    second.common_name = "second";
    world.serve(echo_routes(), {}, world.install(world.authority.issue(first)));
    net::HttpClient client{world.io, world.trusting(), world.log};
    CHECK(world.get(client) == "GET / ");
    auto const subject = [&] {
        std::string name;
        drive(world.io, shake_hands(world.io, world.port, TLS1_3_VERSION, nullptr, &name));
        return name;
    };
    CHECK(subject() == "first");
    static_cast<void>(world.install(world.authority.issue(second)));
    CHECK(subject() == "first");
    CHECK(world.server->reload_certificates().has_value());
    CHECK(subject() == "second");
    CHECK(world.get(client) == "GET / "); // on the connection that it had
    static_cast<void>(world.folder.write("server.key", world.authority.issue().key));
    auto const mixed = world.server->reload_certificates();
    REQUIRE_FALSE(mixed.has_value());
    CHECK(mixed.error().fault == Fault::malformed);
    static_cast<void>(world.folder.write("server.pem", "nonsense"));
    CHECK_FALSE(world.server->reload_certificates().has_value());
    CHECK(subject() == "second");
}

TEST_CASE("tls: a server does not start on files that it cannot use")
{
    TlsWorld world;
    net::HttpServer server{world.io, echo_routes(), {}, world.log, world.metrics};
    auto where = world.install(world.authority.issue());
    where.key.clear();
    CHECK_FALSE(server.listen(where).has_value());
    where.key = world.folder.path() / "missing";
    auto const missing = server.listen(where);
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().detail.find("missing") != std::string::npos);
}

TEST_CASE("tls: half a handshake and plain HTTP end in time")
{
    TlsWorld world;
    net::ServerLimits limits;
    limits.handshake = 60ms;
    world.serve(echo_routes(), limits, world.install(world.authority.issue()));
    auto const began = std::chrono::steady_clock::now();
    CHECK(world.raw(std::string{"\x16\x03\x01\x00\x40\x01", 6}).find("HTTP") == std::string::npos);
    CHECK(world.raw("GET / HTTP/1.1\r\nHost: a\r\n\r\n").find("200") == std::string::npos);
    CHECK(std::chrono::steady_clock::now() - began < 3s);
    CHECK(world.refused("handshake") == 2);
}

TEST_CASE("tls: large bodies both ways, refusals, streams")
{
    TlsWorld world;
    auto routes = echo_routes();
    routes.push_back({"POST", "/size", [](net::Request& request) -> asio::awaitable<net::Reply> {
                          co_return text_response(200, std::string(request.http.body.size(), 'y'));
                      },
                      4u << 20});
    routes.push_back({"GET", "/stream", [](net::Request&) -> asio::awaitable<net::Reply> {
                          auto left = std::make_shared<int>(3);
                          auto next = [left]() -> asio::awaitable<std::optional<std::string>> {
                              if ((*left)-- == 0)
                                  co_return std::nullopt;
                              co_return std::string(1000, 'z');
                          };
                          co_return net::Reply{text_response(200, ""), next};
                      }});
    world.serve(std::move(routes), {}, world.install(world.authority.issue()));
    net::HttpClient client{world.io, world.trusting(), world.log};
    auto const call = [&](std::string method, std::string target, std::string body) {
        HttpRequest request{std::move(method), world.url(target, "https"), {}, std::move(body)};
        auto answer = drive(world.io, client.send(request, 10s));
        REQUIRE(std::holds_alternative<HttpResponse>(answer));
        return std::get<HttpResponse>(std::move(answer));
    };
    CHECK(call("POST", "/size", std::string(3u << 20, 'x')).body.size() == 3u << 20);
    CHECK(call("GET", "/stream", "").body.size() == 3000);
    CHECK(call("POST", "/", std::string(2u << 20, 'x')).status == 413);
}
