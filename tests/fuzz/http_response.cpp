#include "fuzz/target.hpp"

#include "net/exchange.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <optional>

namespace deskbridge::fuzz {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// A peer that has said its whole answer beforehand, and whose bytes come in pieces.
class SaidBefore final : public net::Wire {
public:
    SaidBefore(asio::io_context& io, std::string_view answer, std::size_t piece) : socket_{io}, answer_{answer}, piece_{piece} {}

    asio::awaitable<std::tuple<boost::system::error_code>> shake_hands() override { co_return std::tuple<boost::system::error_code>{}; }
    asio::awaitable<net::Transferred> read_some(asio::mutable_buffer into) override
    {
        auto const length = std::min({into.size(), piece_, answer_.size()});
        std::copy_n(answer_.data(), length, static_cast<char*>(into.data()));
        answer_.remove_prefix(length);
        boost::system::error_code ec;
        if (length == 0)
            ec = asio::error::eof;
        co_return net::Transferred{ec, length};
    }
    asio::awaitable<net::Transferred> write(net::Pieces const& pieces) override
    {
        co_return net::Transferred{boost::system::error_code{}, asio::buffer_size(pieces)};
    }
    asio::awaitable<void> say_goodbye() override { co_return; }
    net::Socket& socket() noexcept override { return socket_; }
    bool sealed() const noexcept override { return false; }
    std::string verify_problem() const override { return {}; }
    std::vector<std::string> peer_names() const override { return {}; }

private:
    net::Socket socket_;
    std::string_view answer_;
    std::size_t piece_;
};

struct Taken {
    std::optional<HttpResponse> answer;
    bool clean{false};
};

Taken take(std::string_view bytes, std::size_t piece, bool head_only)
{
    asio::io_context io{1};
    SaidBefore wire{io, bytes, piece};
    boost::beast::flat_buffer buffer{net::max_answer_header + (64u << 10)};
    net::Exchange exchange{wire, buffer};
    net::Rendered const request{"GET / HTTP/1.1\r\n\r\n", "", head_only};
    Taken taken;
    auto go = [&]() -> asio::awaitable<void> {
        auto answer = co_await exchange.run(request, std::chrono::steady_clock::now() + 1h);
        if (auto* response = std::get_if<HttpResponse>(&answer))
            taken.answer = std::move(*response);
        else
            must(std::get<net::NoAnswer>(answer).written == net::NoAnswer::Written::all &&
                 !std::get<net::NoAnswer>(answer).why.empty(), "no answer, and no reason");
    };
    asio::co_spawn(io, go, [](std::exception_ptr failed) {
        if (failed)
            std::rethrow_exception(failed);
    });
    io.run();
    taken.clean = exchange.clean();
    return taken;
}

bool same(Taken const& a, Taken const& b)
{
    if (!a.answer || !b.answer)
        return !a.answer && !b.answer;
    auto const& fields = a.answer->headers;
    auto const& others = b.answer->headers;
    return a.answer->status == b.answer->status && a.answer->body == b.answer->body &&
           std::equal(fields.begin(), fields.end(), others.begin(), others.end());
}

} // namespace

/// First byte: in what pieces the answer comes; then what a provider's server, or somebody in between, says. The answer
/// does not depend on the pieces, and is final, bounded and complete.
void http_response(std::string_view input)
{
    Cut cut{input};
    auto const first = cut.byte();
    bool const head_only = first >= 0x80;
    auto const taken = take(cut.rest(), 1 + (first & 0x7Fu), head_only);
    auto const at_once = take(cut.rest(), cut.rest().size() + 1, head_only);
    must(same(taken, at_once), "an answer depends on how it was cut");
    must(taken.clean || !at_once.clean, "a connection is used again or not, by how an answer was cut"); // what follows may not be here yet
    if (!taken.answer)
        return;
    must(taken.answer->status >= 200 && taken.answer->status <= 999, "an answer that is none");
    must(taken.answer->body.size() <= cut.rest().size() && (!head_only || taken.answer->body.empty()), "a body that nobody sent");
}

} // namespace deskbridge::fuzz
