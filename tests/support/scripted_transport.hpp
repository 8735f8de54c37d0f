#pragma once

#include "deskbridge/net/http_client.hpp"

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace deskbridge::test {

/// A network that answers from a script and keeps what it was asked.
///
/// `script` is used up request by request; when it is empty `otherwise` answers. `step`, if set, is called before and
/// after every connect and exchange: a test that wants a crash there throws from it.
class ScriptedTransport final : public net::Transport {
public:
    struct NoConnection {
        std::string why{"connection refused"};
    };
    using Line = std::variant<HttpResponse, net::NoAnswer, NoConnection>;

    std::deque<Line> script;
    std::function<net::Answer(HttpRequest const&)> otherwise;
    std::vector<HttpRequest> asked; ///< what reached the other side, whatever it answered
    std::vector<net::Origin> connected;
    std::function<void(char const* where)> step;
    std::function<boost::asio::awaitable<void>()> before_connected; ///< a connection that takes its time
    std::function<boost::asio::awaitable<void>()> before_answer; ///< e.g. a webhook that comes before the send's own answer

    boost::asio::awaitable<Result<std::unique_ptr<net::Connection>>> connect(net::Origin const& origin,
                                                                             std::chrono::milliseconds) override
    {
        tick("connect");
        if (!script.empty() && std::holds_alternative<NoConnection>(script.front())) {
            Error const refused{Fault::unavailable, std::get<NoConnection>(script.front()).why};
            script.pop_front();
            co_return refused;
        }
        if (before_connected)
            co_await before_connected();
        connected.push_back(origin);
        tick("connected");
        std::unique_ptr<net::Connection> connection = std::make_unique<Wire>(*this);
        co_return std::move(connection);
    }

private:
    class Wire final : public net::Connection {
    public:
        explicit Wire(ScriptedTransport& owner) : owner_{owner} {}
        /// What is uploaded stands in the body of what was asked, as the other side sees it.
        boost::asio::awaitable<net::Answer> exchange(HttpRequest& request, net::Upload& upload, std::chrono::milliseconds limit) override
        {
            auto whole = request;
            for (auto left = upload.size; left > 0;) {
                auto const piece = co_await upload.next();
                if (piece.empty() || piece.size() > left)
                    co_return net::NoAnswer{net::NoAnswer::Written::part, "the upload ended early"};
                left -= piece.size();
                whole.body += piece;
            }
            co_return co_await exchange(whole, limit);
        }
        boost::asio::awaitable<net::Answer> exchange(HttpRequest& request, std::chrono::milliseconds) override
        {
            owner_.tick("exchange");
            auto answer = owner_.next(request);
            auto const* none = std::get_if<net::NoAnswer>(&answer);
            if (!none || none->written == net::NoAnswer::Written::all)
                owner_.asked.push_back(request);
            if (owner_.before_answer)
                co_await owner_.before_answer();
            owner_.tick("exchanged");
            co_return answer;
        }

    private:
        ScriptedTransport& owner_;
    };

    void tick(char const* where)
    {
        if (step)
            step(where);
    }

    net::Answer next(HttpRequest const& request)
    {
        if (script.empty())
            return otherwise ? otherwise(request) : net::Answer{net::NoAnswer{net::NoAnswer::Written::nothing, "the script is over"}};
        auto line = std::move(script.front());
        script.pop_front();
        if (auto* response = std::get_if<HttpResponse>(&line))
            return std::move(*response);
        if (auto* none = std::get_if<net::NoAnswer>(&line))
            return std::move(*none);
        return net::NoAnswer{net::NoAnswer::Written::nothing, std::get<NoConnection>(line).why};
    }
};

} // namespace deskbridge::test
