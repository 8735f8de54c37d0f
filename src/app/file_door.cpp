#include "file_door.hpp"

#include "deskbridge/api/content.hpp"
#include "deskbridge/channel/file_link.hpp"
#include "deskbridge/flow/intake.hpp"
#include "deskbridge/store/attachment.hpp"
#include "deskbridge/store/outgoing_file.hpp"

#include <optional>

namespace deskbridge::app {
namespace {

/// One that an agent sent, by that account: customers' files are nobody's but the agents'.
std::optional<store::Attachment> sent_file(store::Reading& reading, channel::LinkedFile const& link)
{
    auto const brought = store::find_brought_file(reading, link.attachment);
    auto found = brought && brought->message ? store::find_attachment(reading, link.attachment) : std::nullopt;
    return found && found->account == link.account ? found : std::nullopt;
}

boost::asio::awaitable<net::Reply> serve_file(FileDoor const& door, net::Request& request)
{
    auto const link = channel::read_link(door.accounts, request.parameters.front());
    if (!link)
        co_return net::Reply{flow::plain_text(404, "there is no such file\n")};
    if (door.clock.now() >= link->ends_at)
        co_return net::Reply{flow::plain_text(410, "this link has ended\n")};
    auto look = [&link](store::Reading& reading) { return sent_file(reading, *link); };
    auto const file = co_await door.store.read(look);
    if (!file)
        co_return net::Reply{flow::plain_text(503, "not now\n")};
    if (!*file)
        co_return net::Reply{flow::plain_text(404, "there is no such file\n")};
    co_return co_await api::content_of(**file, door.folder, door.pool);
}

} // namespace

net::Route file_route(FileDoor door)
{
    auto const serve = [door](net::Request& request) { return serve_file(door, request); };
    return net::Route{"GET", std::string{channel::file_path} + "{token}", serve};
}

} // namespace deskbridge::app
