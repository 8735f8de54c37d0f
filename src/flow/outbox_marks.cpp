#include "outbox_sender.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace deskbridge::flow {

namespace asio = boost::asio;

namespace {

constexpr std::size_t most_marks = 8;

} // namespace

void OutboxPump::mark_read(AccountId account, ExternalMessageId const& message, bool typing)
{
    auto const found = std::find_if(senders_.begin(), senders_.end(),
                                    [account](auto const& sender) { return sender->context.id == account; });
    if (found == senders_.end() || stopping_ || marks_.size() >= most_marks)
        return;
    auto& sender = **found;
    if (!sender.can.read_marks || !sender.context.policy.mark_read)
        return;
    auto const now = parts_.clock.now();
    if (sender.ready_at(now) > now || !sender.breaker.closed())
        return;
    auto request = sender.context.adapter->read_mark(sender.context.account, message, typing);
    if (request)
        marks_.spawn("read_mark", send_mark(sender, std::move(*request)));
}

asio::awaitable<void> OutboxPump::send_mark(Sender& sender, HttpRequest request)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    auto const origin = net::origin_of(request.target);
    if (!origin)
        co_return;
    auto connection = co_await parts_.transport.connect(*origin, settings_.connect);
    if (!connection)
        co_return;
    auto const answer = co_await (*connection)->exchange(request, settings_.connect);
    auto const* response = std::get_if<HttpResponse>(&answer);
    parts_.log.debug("read_mark_sent", {{"account", sender.name()}, {"status", response ? response->status : 0}});
}

} // namespace deskbridge::flow
