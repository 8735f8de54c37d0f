#include "bare_client.hpp"

#include "binding.hpp"
#include "send_rows.hpp"

#include "async/run.hpp"
#include "deskbridge/net/http_client.hpp"

#include "fault/daemon.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <stdexcept>

namespace bench {

namespace asio = boost::asio;
using namespace deskbridge;
using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

/// What the daemon's adapter makes of it.
HttpRequest render_request(std::string const& base, QueuedSend const& send, std::string const& token)
{
    return {"POST",
            fmt::format("{}/v25.0/{}/messages", base, fault::Daemon::phone_number_id),
            {{"Authorization", fmt::format("Bearer {}", fault::Daemon::token)}, {"Content-Type", "application/json"}},
            fmt::format(R"({{"biz_opaque_callback_data":"{}","messaging_product":"whatsapp","recipient_type":"individual",)"
                        R"("text":{{"body":"{}","preview_url":false}},"to":"+{}","type":"text"}})",
                        token, send.text, send.number)};
}

std::string_view id_in(std::string_view body)
{
    std::string_view const before = R"("id":")";
    auto const at = body.find(before);
    if (at == std::string_view::npos)
        throw std::runtime_error("the provider's stand-in has not accepted a message");
    auto const rest = body.substr(at + before.size());
    return rest.substr(0, rest.find('"'));
}

template <class T>
void expect(Result<T> const& done)
{
    if (!done)
        throw std::runtime_error(done.error().detail);
}

} // namespace

struct BareClient::Parts {
    NoLog log;
    Metrics metrics;
    std::string base;
    asio::io_context io{1}; // outlives the store, whose thread may still be about to say that a job is done
    std::unique_ptr<store::Store> store;
    std::vector<QueuedSend> sends;
    std::size_t next{0};
    int busy{0};

    asio::awaitable<void> send_some(net::HttpClient& client);
};

asio::awaitable<void> BareClient::Parts::send_some(net::HttpClient& client)
{
    SendRows const rows{1};
    auto const origin = net::origin_of(base);
    while (next < sends.size()) {
        auto const& send = sends[next++];
        auto const token = fmt::format("{:032x}", send.intent);
        auto connection = co_await client.connect(*origin, 10s);
        expect(connection);
        auto const begun = our_time();
        auto begin = [&](store::Tx& tx) { rows.begin(tx, send, token, begun); };
        auto const journalled = co_await store->write(begin, store::Lane::outcome);
        expect(journalled);
        auto request = render_request(base, send, token);
        auto const answer = co_await (*connection)->exchange(request, 30s);
        connection->reset();
        auto const* response = std::get_if<HttpResponse>(&answer);
        auto const id = id_in(response ? std::string_view{response->body} : std::string_view{});
        auto const ended = our_time();
        auto end = [&](store::Tx& tx) { rows.end(tx, send, token, id, ended); };
        auto const settled = co_await store->write(end, store::Lane::outcome);
        expect(settled);
    }
    --busy;
}

BareClient::BareClient(std::filesystem::path const& file, int provider_port) : parts_{std::make_unique<Parts>()}
{
    parts_->base = fmt::format("http://127.0.0.1:{}", provider_port);
    store::StoreSettings settings;
    settings.path = file;
    auto opened = store::Store::open(settings, parts_->log, parts_->metrics);
    expect(opened);
    parts_->store = std::move(*opened);
    auto look = [&](store::Reading& reading) { parts_->sends = queued_sends(reading); };
    expect(parts_->store->read_now(look));
}

BareClient::~BareClient() = default;

double BareClient::send_all(int in_flight)
{
    auto& io = parts_->io;
    net::ClientSettings settings;
    settings.idle_per_origin = static_cast<std::size_t>(in_flight);
    net::HttpClient client{io, settings, parts_->log};
    auto const begun = Steady::now();
    for (parts_->busy = 0; parts_->busy < in_flight; ++parts_->busy)
        asio::co_spawn(io, parts_->send_some(client), [](std::exception_ptr const& failed) {
            if (failed)
                std::rethrow_exception(failed);
        });
    test::run_while(io, [this] { return parts_->busy > 0; });
    return static_cast<double>(parts_->sends.size()) / std::chrono::duration<double>(Steady::now() - begun).count();
}

} // namespace bench
