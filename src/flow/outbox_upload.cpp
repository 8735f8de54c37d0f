#include "outbox_sender.hpp"

#include "deskbridge/store/account.hpp"
#include "deskbridge/store/outgoing_file.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>

namespace deskbridge::flow {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t piece = 64u << 10;
constexpr std::uint64_t slowest = 64u << 10; // bytes a second; what is slower is tried again
constexpr auto between_glances = 1s;           // whether the account still sends

struct CloseFile {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using OpenFile = std::unique_ptr<std::FILE, CloseFile>;

/// A file's bytes and what ends the body, read on the pool piece by piece. Gives up when `goes_on` says so.
class Reader {
public:
    using GoesOn = std::function<asio::awaitable<bool>()>;
    Reader(OpenFile file, channel::StepFile const& what, async::Pool& pool, GoesOn goes_on)
        : file_{std::move(file)}, left_{what.size}, after_{what.after}, pool_{pool}, goes_on_{std::move(goes_on)}
    {
    }

    asio::awaitable<std::string> next()
    {
        if (!co_await goes_on_())
            co_return std::string{};
        if (left_ == 0)
            co_return std::exchange(after_, {});
        auto read = [this] {
            std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(piece, left_)), '\0');
            bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file_.get()));
            return bytes;
        };
        auto bytes = co_await pool_.run(read);
        left_ -= bytes.size();
        co_return std::move(bytes);
    }

private:
    OpenFile file_;
    std::uint64_t left_;
    std::string after_;
    async::Pool& pool_;
    GoesOn goes_on_;
};

} // namespace

asio::awaitable<bool> OutboxPump::is_there(channel::StepFile const& file)
{
    if (!parts_.media || !parts_.media_pool)
        co_return false;
    auto look = [&] {
        auto const place = parts_.media->place_of(file.sha256);
        std::error_code ec;
        return place && std::filesystem::file_size(*place, ec) == file.size && !ec;
    };
    co_return co_await parts_.media_pool->run(look);
}

/// A stop of the daemon, or a pause of the account, ends an upload: it begins anew when messages go out again.
asio::awaitable<bool> OutboxPump::may_go_on(Sender& sender)
{
    if (stopping_)
        co_return false;
    auto look = [&](store::Reading& reading) {
        auto const account = store::find_account(reading, sender.context.id);
        return account && !account->paused;
    };
    auto const sends = co_await parts_.store.read(look);
    co_return (!sends || *sends) && !stopping_; // a store that is busy stops nobody
}

asio::awaitable<net::Answer> OutboxPump::upload(Sender& sender, channel::Step& step, Link& link)
{
    auto open = [&] {
        auto const place = parts_.media->place_of(step.file->sha256);
        return OpenFile{place ? std::fopen(place->c_str(), "rbe") : nullptr};
    };
    auto file = co_await parts_.media_pool->run(open);
    if (!file)
        co_return net::NoAnswer{net::NoAnswer::Written::nothing, "the file cannot be read"};
    auto looked = std::chrono::steady_clock::now();
    auto goes_on = [this, &sender, &looked]() -> asio::awaitable<bool> {
        auto const now = std::chrono::steady_clock::now();
        if (now - looked < between_glances)
            co_return !stopping_;
        looked = now;
        co_return co_await may_go_on(sender);
    };
    Reader reader{std::move(file), *step.file, *parts_.media_pool, goes_on};
    net::Upload body{step.file->size + step.file->after.size(), [&reader] { return reader.next(); }};
    auto const patience = settings_.exchange + std::chrono::seconds{step.file->size / slowest};
    co_return co_await link.connection->exchange(step.request, body, patience);
}

asio::awaitable<void> OutboxPump::recall_upload(Sender& sender, channel::Delivery& delivery)
{
    if (delivery.content.files.empty())
        co_return;
    auto const now = parts_.clock.now();
    auto look = [&](store::Reading& reading) {
        return store::find_provider_file(reading, sender.context.id, delivery.content.files.front(), now);
    };
    auto const known = co_await parts_.store.read(look);
    if (known && *known)
        delivery.uploaded = (*known)->external_id;
}

asio::awaitable<void> OutboxPump::forget_upload(Sender& sender, store::ReadyHead const& head, channel::Delivery const& delivery)
{
    if (delivery.content.files.empty())
        co_return;
    auto job = [&](store::Tx& tx) { (void)store::forget_provider_file(tx, sender.context.id, delivery.content.files.front()); };
    auto const done = co_await parts_.store.write(job, store::Lane::outcome);
    if (!done) // it is refused once more
        parts_.log.warning("media_upload_not_recorded", {{"message", head.message.value}, {"reason", done.error().detail}});
}

asio::awaitable<void> OutboxPump::remember_upload(Sender& sender, store::ReadyHead const& head, channel::Delivery const& delivery,
                                                  HttpResponse const& response)
{
    auto const told = delivery.content.files.empty() ? std::nullopt : sender.context.adapter->uploaded(response);
    if (!told)
        co_return;
    auto const& sent = delivery.content.files.front();
    parts_.log.info("media_uploaded", {{"account", sender.name()}, {"message", head.message.value}, {"bytes", sent.size}});
    store::ProviderFile const file{told->id, parts_.clock.now() + told->life, head.intent};
    auto job = [&](store::Tx& tx) { store::remember_provider_file(tx, sender.context.id, sent, file); };
    auto const done = co_await parts_.store.write(job, store::Lane::outcome);
    if (!done) // it goes out all the same; another message with it uploads it again
        parts_.log.warning("media_upload_not_recorded", {{"message", head.message.value}, {"reason", done.error().detail}});
}

} // namespace deskbridge::flow
