#include "bare_store.hpp"

#include "bare_http.hpp"
#include "binding.hpp"
#include "rows.hpp"

#include "async/run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <stdexcept>

namespace bench {

namespace asio = boost::asio;
using namespace deskbridge;
using Steady = std::chrono::steady_clock;

namespace {

struct Writing {
    store::Store& store;
    Rows const& rows;
    Posts const& posts;
    Steady::time_point end;
    std::size_t next{0};
    std::size_t written{0};
    int busy{0};
};

asio::awaitable<void> write_some(Writing& work)
{
    while (work.next < work.posts.all.size() && Steady::now() < work.end) {
        std::string_view const bytes = work.posts.all[work.next++].bytes;
        auto const webhook = read_webhook(bytes.substr(bytes.find("\r\n\r\n") + 4));
        auto const now = our_time();
        auto job = [&](store::Tx& tx) { work.rows.write(tx, webhook, now); };
        auto const done = co_await work.store.write(job, store::Lane::intake, webhook.body.size());
        if (!done)
            throw std::runtime_error(done.error().detail);
        ++work.written;
    }
    --work.busy;
}

asio::awaitable<net::Reply> take(store::Store& store, Rows const& rows, net::Request& request)
{
    auto const webhook = read_webhook(request.http.body);
    auto const now = our_time();
    auto job = [&](store::Tx& tx) { rows.write(tx, webhook, now); };
    auto const done = co_await store.write(job, store::Lane::intake, webhook.body.size());
    HttpResponse response;
    response.status = done ? 200 : 503;
    co_return net::Reply{std::move(response)};
}

} // namespace

struct BareStore::Parts {
    NoLog log;
    Metrics metrics;
    asio::io_context io{1}; // outlives the store, whose thread may still be about to say that a job is done
    std::unique_ptr<store::Store> store;
    std::optional<Rows> rows;
};

BareStore::BareStore(std::filesystem::path const& file) : parts_{std::make_unique<Parts>()}
{
    store::StoreSettings settings;
    settings.path = file;
    auto opened = store::Store::open(settings, parts_->log, parts_->metrics);
    if (!opened)
        throw std::runtime_error(opened.error().detail);
    parts_->store = std::move(*opened);
    auto look_up = [&](store::Tx& tx) { parts_->rows.emplace(tx); };
    if (auto const done = parts_->store->write_now(look_up); !done)
        throw std::runtime_error(done.error().detail);
}

BareStore::~BareStore() = default;

double BareStore::write_all(Posts const& posts, int writers, std::chrono::milliseconds at_most)
{
    auto& io = parts_->io;
    auto const begun = Steady::now();
    Writing work{*parts_->store, *parts_->rows, posts, begun + at_most};
    for (work.busy = 0; work.busy < writers; ++work.busy)
        asio::co_spawn(io, write_some(work), [](std::exception_ptr const& failed) {
            if (failed)
                std::rethrow_exception(failed);
        });
    test::run_while(io, [&] { return work.busy > 0; });
    return static_cast<double>(work.written) / std::chrono::duration<double>(Steady::now() - begun).count();
}

Loaded BareStore::serve(Posts const& posts, LoadPlan plan)
{
    BareHttp const http{[this](net::Request& request) { return take(*parts_->store, *parts_->rows, request); }};
    plan.port = http.port();
    auto loaded = run_load(posts, plan);
    auto const nothing = [](store::Tx&) {};
    (void)parts_->store->write_now(nothing); // the writer has said all that it had to say to the server before that ends
    return loaded;
}

} // namespace bench
