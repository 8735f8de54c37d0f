#include "world.hpp"

#include "support/read_file.hpp"

#include <boost/asio/co_spawn.hpp>

#include <array>
#include <filesystem>
#include <iterator>

namespace deskbridge::test {

MediaWorld::MediaWorld()
{
    auto context = std::make_unique<channel::AccountContext>();
    context->adapter = channel::find_adapter("whatsapp");
    context->account.name = "support";
    context->account.settings = {{"api_base", "https://graph.facebook.com/v25.0"}, {"phone_number_id", "700"}};
    context->account.secrets = {{"access_token", {"the-token"}}};
    store.write([&](store::Tx& tx) {
        std::array const all{store::ConfiguredAccount{.channel = "whatsapp", .number = "700", .name = "support"}};
        context->id = store::configure_accounts(tx, all, clock.now()).front();
        customer_ = add_customer(tx, context->id, "491511", clock.now());
    });
    accounts.push_back(std::move(context));
    net.api.push_back(link());
    net.files.push_back({200, {}, {"\xFF\xD8\xFF\xE0 a ", "picture"}, {}});
    if (!folder.prepare())
        throw std::runtime_error("no media folder");
}

MessageId MediaWorld::comes(MediaReference const& reference, Timestamp at)
{
    return store.write([&](store::Tx& tx) {
        store::Message row;
        row.conversation = customer_.conversation;
        row.ticket = customer_.ticket;
        row.account = customer_.account;
        row.kind = "image";
        row.external_id = "wamid." + std::to_string(++messages_);
        row.provider_at = row.received_at = at;
        auto const id = store::insert_message(tx, row);
        store::insert_media(tx, id, 0, reference, at);
        return id;
    });
}

flow::MediaFetcher::Parts MediaWorld::parts()
{
    return {io, *store, net, clock, pool, accounts, folder, log, metrics, [] { return std::uint64_t{1}; }, [this] { return room; },
            [this] { crashed = true; }};
}

void MediaWorld::live()
{
    flow::MediaFetcher fetcher{parts(), settings};
    std::exception_ptr failure;
    boost::asio::co_spawn(io, fetcher.fetch_until_idle(), [&](std::exception_ptr e, Timestamp) { failure = e; });
    io.restart();
    io.run();
    if (failure)
        std::rethrow_exception(failure);
}

store::Attachment MediaWorld::file(MessageId message)
{
    return *store.read([&](store::Reading& reading) { return store::find_attachment(reading, store::media_of(reading, message).front().id); });
}

std::string MediaWorld::state(MessageId message)
{
    auto const media = file(message).media;
    return media.reason.empty() ? media.state : media.state + ":" + media.reason;
}

std::optional<std::string> MediaWorld::content(MessageId message)
{
    auto const place = folder.place_of(file(message).media.sha256);
    return place ? test::try_read_file(*place) : std::nullopt;
}

std::size_t MediaWorld::files_on_disk() const
{
    std::size_t count = 0;
    for (auto const& entry : std::filesystem::recursive_directory_iterator{folder.path()})
        count += entry.is_regular_file() ? 1U : 0U;
    return count;
}

std::vector<std::string> MediaWorld::told()
{
    std::vector<std::string> types;
    for (auto const& event : store.read([](store::Reading& reading) { return store::load_events(reading, {}, 1000); }))
        if (event.type.starts_with("attachment."))
            types.push_back(event.type);
    return types;
}

HttpResponse MediaWorld::link(std::string const& more, std::string const& url)
{
    return {200, {}, R"({"messaging_product":"whatsapp","id":"m1","mime_type":"image/jpeg","url":")" + url + "\"" + more + "}"};
}

} // namespace deskbridge::test
