#include "deskbridge/net/http_client.hpp"

#include "address.hpp"
#include "dial.hpp"
#include "exchange.hpp"
#include "outside.hpp"
#include "url.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace deskbridge::net {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::size_t max_buffer = 64u << 10; ///< unread bytes of an answer; more than its header may have
constexpr auto head_of_stream = 30s;

NoAnswer not_written(std::string why)
{
    return {NoAnswer::Written::nothing, std::move(why)};
}

/// Connections that are open and idle, by origin; the youngest is taken first. Lives as long as its last lease.
class Pool : public std::enable_shared_from_this<Pool> {
public:
    Pool(asio::io_context& io, ClientSettings const& settings) : settings_{settings}, sweeper_{io} {}

    std::unique_ptr<Wire> take(Origin const& origin)
    {
        auto const found = idle_.find(origin);
        while (found != idle_.end() && !found->second.empty()) {
            auto youngest = std::move(found->second.back());
            found->second.pop_back();
            if (now() - youngest.since < settings_.idle && youngest.wire->quiet())
                return std::move(youngest.wire);
        }
        return nullptr;
    }
    void give_back(Origin const& origin, std::unique_ptr<Wire> wire)
    {
        auto& row = idle_[origin];
        if (closed_ || row.size() >= settings_.idle_per_origin)
            return;
        row.push_back({std::move(wire), now()});
        sweep_later();
    }
    void close()
    {
        closed_ = true;
        idle_.clear();
        sweeper_.cancel();
    }

private:
    struct Idle {
        std::unique_ptr<Wire> wire;
        SteadyTime since;
    };
    void sweep_later()
    {
        if (std::exchange(sweeping_, true))
            return;
        sweeper_.expires_after(settings_.idle);
        sweeper_.async_wait([weak = weak_from_this()](boost::system::error_code ec) {
            if (auto const self = weak.lock(); self && !ec)
                self->sweep();
        });
    }
    void sweep()
    {
        auto const oldest = now() - settings_.idle;
        for (auto& [origin, row] : idle_)
            std::erase_if(row, [&](Idle const& idle) { return idle.since <= oldest; });
        std::erase_if(idle_, [](auto const& entry) { return entry.second.empty(); });
        sweeping_ = false;
        if (!idle_.empty())
            sweep_later();
    }

    ClientSettings settings_;
    std::map<Origin, std::vector<Idle>> idle_;
    asio::steady_timer sweeper_;
    bool sweeping_{false};
    bool closed_{false};
};

/// What goes onto the wire for `request` on a connection to `origin`; the error is the operator's.
Result<Rendered> render_for(Origin const& origin, HttpRequest const& request, Upload* upload = nullptr)
{
    std::string target = request.target;
    std::string host_line = "localhost";
    if (origin.unix_path.empty()) {
        auto url = parse_url(request.target);
        if (!url)
            return url.error();
        if (url->origin != origin)
            return Error{Fault::malformed, "the request is for another origin than the connection"};
        target = std::move(url->target);
        host_line = std::move(url->host_line);
    }
    auto rendered = render_request(request, target, host_line, upload);
    if (!rendered)
        return Error{Fault::malformed, "the request has a method, target or header that cannot be sent"};
    return std::move(*rendered);
}

class Lease final : public Connection {
public:
    Lease(std::shared_ptr<Pool> pool, Origin origin, std::unique_ptr<Wire> wire)
        : pool_{std::move(pool)}, origin_{std::move(origin)}, wire_{std::move(wire)}
    {
    }
    ~Lease() override
    {
        if (clean_)
            pool_->give_back(origin_, std::move(wire_));
    }
    Lease(Lease const&) = delete;
    Lease& operator=(Lease const&) = delete;

    asio::awaitable<Answer> exchange(HttpRequest& request, std::chrono::milliseconds limit) override
    {
        return go(request, nullptr, limit);
    }
    asio::awaitable<Answer> exchange(HttpRequest& request, Upload& upload, std::chrono::milliseconds limit) override
    {
        return go(request, &upload, limit);
    }

private:
    asio::awaitable<Answer> go(HttpRequest& request, Upload* upload, std::chrono::milliseconds limit)
    {
        auto const rendered = render_for(origin_, request, upload);
        if (!rendered)
            co_return not_written(rendered.error().detail);
        if (!std::exchange(clean_, false))
            co_return not_written("the connection is used up");
        Exchange exchange{*wire_, buffer_};
        auto answer = co_await exchange.run(*rendered, now() + limit);
        clean_ = exchange.clean();
        co_return answer;
    }

    std::shared_ptr<Pool> pool_;
    Origin origin_;
    std::unique_ptr<Wire> wire_;
    boost::beast::flat_buffer buffer_{max_buffer};
    bool clean_{true};
};

} // namespace

class HttpClient::Impl {
public:
    Impl(asio::io_context& io, ClientSettings const& settings, Log& log)
        : pool{std::make_shared<Pool>(io, settings)}, ca_file_{settings.ca_file}, identity_{settings.certificate, settings.key}, log_{log}
    {
        if (!ca_file_.empty() || !identity_.certificate.empty() || settings.certificates_at_once)
            load_certificates(); // one that cannot be used is told at the start
    }
    ~Impl() { pool->close(); }
    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;

    /// Null: no TLS connection can be made. Reading the system's certificates takes longer than a local command: not before
    /// they are needed, unless it is wanted.
    TlsContext tls_for(Origin const& origin)
    {
        if (origin.tls && !tls_ && !unusable_)
            load_certificates();
        return tls_;
    }

    std::shared_ptr<Pool> pool;

private:
    void load_certificates()
    {
        auto made = make_client_tls(ca_file_, identity_);
        unusable_ = made.has_error();
        if (unusable_)
            log_.error("http_client_tls_unusable", {{"reason", made.error().detail}});
        else
            tls_ = std::move(*made);
    }

    std::filesystem::path ca_file_;
    ClientIdentity identity_;
    Log& log_;
    TlsContext tls_;
    bool unusable_{false};
};

HttpClient::HttpClient(asio::io_context& io, ClientSettings settings, Log& log)
    : impl_{std::make_unique<Impl>(io, settings, log)}
{
}

HttpClient::~HttpClient() = default;

asio::awaitable<Result<std::unique_ptr<Connection>>> HttpClient::connect(Origin const& origin, std::chrono::milliseconds limit)
{
    auto const pool = impl_->pool;
    auto const tls = impl_->tls_for(origin);
    if (auto wire = pool->take(origin))
        co_return std::make_unique<Lease>(pool, origin, std::move(wire));
    auto wire = co_await dial(origin, tls, now() + limit);
    if (!wire)
        co_return wire.error();
    co_return std::make_unique<Lease>(pool, origin, std::move(*wire));
}

asio::awaitable<Answer> HttpClient::send(HttpRequest& request, std::chrono::milliseconds limit)
{
    auto const until = now() + limit;
    auto const origin = origin_of(request.target);
    if (!origin)
        co_return not_written(origin.error().detail);
    auto connection = co_await connect(*origin, limit);
    if (!connection)
        co_return not_written(connection.error().detail);
    co_return co_await (*connection)->exchange(request, std::chrono::duration_cast<std::chrono::milliseconds>(until - now()));
}

asio::awaitable<Answer> HttpClient::fetch(HttpRequest& request, OutsideRules const& rules, OnData const& on_data,
                                          std::chrono::milliseconds limit)
{
    auto const until = now() + limit;
    auto const url = parse_url(request.target);
    if (!url)
        co_return not_written("forbidden: " + url.error().detail);
    if (auto why = objection_to(*url, rules); !why.empty())
        co_return not_written(std::move(why));
    auto const rendered = render_for(url->origin, request);
    if (!rendered)
        co_return not_written(rendered.error().detail);
    auto const allowed = rules.loopback ? is_public_or_loopback : is_public_address;
    auto wire = co_await dial(url->origin, impl_->tls_for(url->origin), until, allowed);
    if (!wire) {
        auto const& error = wire.error();
        co_return not_written(error.fault == Fault::forbidden ? "forbidden: " + error.detail : error.detail);
    }
    boost::beast::flat_buffer buffer{max_buffer};
    Exchange exchange{**wire, buffer};
    co_return co_await exchange.run(*rendered, until, on_data, std::max<std::size_t>(rules.max_body, 1));
}

namespace {

/// A local connection costs nothing, and an idle one would keep a command's reactor from running out of work.
asio::awaitable<Answer> ask_locally(std::filesystem::path const& socket, HttpRequest const& request, SteadyTime until,
                                    OnData const* on_data, Upload* upload = nullptr)
{
    Origin const origin{false, "localhost", 0, socket};
    auto const rendered = render_for(origin, request, upload);
    if (!rendered)
        co_return not_written(rendered.error().detail);
    auto wire = co_await dial(origin, nullptr, until);
    if (!wire)
        co_return not_written(wire.error().detail);
    boost::beast::flat_buffer buffer{max_buffer};
    Exchange exchange{**wire, buffer};
    if (on_data)
        co_return co_await exchange.run(*rendered, until, *on_data);
    co_return co_await exchange.run(*rendered, until);
}

} // namespace

asio::awaitable<Answer> HttpClient::send(std::filesystem::path const& socket, HttpRequest& request,
                                         std::chrono::milliseconds limit)
{
    co_return co_await ask_locally(socket, request, now() + limit, nullptr);
}

asio::awaitable<Answer> HttpClient::send(std::filesystem::path const& socket, HttpRequest& request, Upload& upload,
                                         std::chrono::milliseconds limit)
{
    co_return co_await ask_locally(socket, request, now() + limit, nullptr, &upload);
}

asio::awaitable<Answer> HttpClient::stream(std::filesystem::path const& socket, HttpRequest& request,
                                           OnData const& on_data)
{
    co_return co_await ask_locally(socket, request, now() + head_of_stream, &on_data);
}

} // namespace deskbridge::net
