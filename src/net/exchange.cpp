#include "exchange.hpp"

#include "syntax.hpp"
#include "url.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <utility>

namespace deskbridge::net {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using namespace std::chrono_literals;

constexpr std::size_t read_size = 16u << 10;
constexpr int max_interim_answers = 8;
constexpr auto early_answer = 1s; ///< how long an answer is looked for when the peer stopped reading our request

bool is_ours(std::string_view name) noexcept
{
    constexpr std::array ours{std::string_view{"Host"}, std::string_view{"Content-Length"}, std::string_view{"Connection"},
                              std::string_view{"Transfer-Encoding"}, std::string_view{"Expect"}};
    return std::any_of(ours.begin(), ours.end(), [&](auto other) { return same_word(name, other); });
}

} // namespace

std::optional<Rendered> render_request(HttpRequest const& request, std::string_view target, std::string_view host_line, Upload* upload)
{
    if (!is_token(request.method) || !is_origin_form(target))
        return std::nullopt;
    auto head = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", request.method, target, host_line);
    if (request.headers.count("User-Agent") == 0)
        head += "User-Agent: deskbridge\r\n";
    for (auto const& [name, value] : request.headers) {
        if (!is_token(name) || !is_field_value(value))
            return std::nullopt;
        if (!is_ours(name))
            fmt::format_to(std::back_inserter(head), "{}: {}\r\n", name, value);
    }
    bool const expects_body = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
    if (expects_body || !request.body.empty() || upload)
        fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", request.body.size() + (upload ? upload->size : 0));
    head += "\r\n";
    return Rendered{std::move(head), request.body, request.method == "HEAD", upload};
}

/// Beast's parser with what must be remembered around it.
class Exchange::Reader {
public:
    Reader(bool head_only, Taking const& taking) : taking_{taking}, head_only_{head_only} { restart(); }

    void restart()
    {
        parser_.emplace();
        parser_->header_limit(max_answer_header);
        parser_->body_limit(std::max(taking_.max_body, max_answer_body));
        if (taking_.on_data != nullptr && taking_.max_body == 0) // what is too much of another answer is seen as it comes
            parser_->body_limit(boost::none);
        parser_->skip(head_only_);
    }
    http::response_parser<http::string_body>& parser() noexcept { return *parser_; }

    /// Taken when the header is complete: Beast would mix the trailers in later.
    void keep_head()
    {
        auto const& message = parser_->get();
        answer.status = static_cast<int>(message.result_int());
        for (auto const& field : message)
            answer.headers.add(std::string{field.name_string()}, std::string{field.value()});
        keep_alive = parser_->keep_alive();
    }

    void measure(Taking const& taking);

    HttpResponse answer;
    bool keep_alive{false};
    std::size_t received{0};
    std::size_t max_received{max_answer_bytes};
    std::size_t taken{0};                    ///< bytes of body
    std::size_t max_taken{max_answer_body};

private:
    Taking taking_;
    bool head_only_;
    std::optional<http::response_parser<http::string_body>> parser_;
};

asio::awaitable<std::optional<NoAnswer>> Exchange::write(Rendered const& request, Watch& watch)
{
    Pieces const pieces{asio::buffer(request.head), asio::buffer(request.body)};
    auto const total = request.head.size() + request.body.size();
    auto const [ec, n] = co_await wire_.write(pieces);
    // Under TLS a record may have left in part although none is counted.
    if (n == total && !request.upload)
        written_ = NoAnswer::Written::all;
    else if (n > 0 || wire_.sealed())
        written_ = NoAnswer::Written::part;
    if (ec)
        co_return not_taken(ec, watch);
    if (request.upload)
        co_return co_await write_upload(*request.upload, watch);
    co_return std::nullopt;
}

NoAnswer Exchange::not_taken(boost::system::error_code ec, Watch const& watch) const
{
    if (watch.expired())
        return {written_, "request not taken in time"};
    return {written_, ec == asio::error::operation_aborted ? "cancelled" : ec.message()};
}

asio::awaitable<std::optional<NoAnswer>> Exchange::write_upload(Upload& upload, Watch& watch)
{
    for (auto left = upload.size; left > 0;) {
        auto const piece = co_await upload.next();
        if (piece.empty() || piece.size() > left) {
            given_up_ = true;
            co_return NoAnswer{written_, "the upload ended early"};
        }
        // Reading the piece took its time, and nobody could cancel the wire meanwhile.
        bool const cancelled = (co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none;
        if (cancelled || watch.expired())
            co_return not_taken(asio::error::operation_aborted, watch);
        Pieces const pieces{asio::buffer(piece), asio::const_buffer{}};
        auto const [ec, n] = co_await wire_.write(pieces);
        left -= piece.size();
        if (left == 0 && n == piece.size())
            written_ = NoAnswer::Written::all;
        if (ec)
            co_return not_taken(ec, watch);
    }
    written_ = NoAnswer::Written::all;
    co_return std::nullopt;
}

asio::awaitable<std::string> Exchange::fill(Reader& reader, Watch& watch)
{
    if (watch.expired())
        co_return "no answer in time";
    if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none)
        co_return "cancelled";
    auto const room = std::min(buffer_.max_size() - buffer_.size(), read_size);
    if (room == 0 || reader.received > reader.max_received)
        co_return "answer is too large";
    auto const [ec, n] = co_await wire_.read_some(buffer_.prepare(room));
    buffer_.commit(n);
    reader.received += n;
    if (watch.expired())
        co_return "no answer in time";
    if (!ec)
        co_return std::string{};
    if (ec == asio::error::operation_aborted)
        co_return "cancelled";
    boost::system::error_code incomplete = http::error::need_more;
    if (reader.parser().is_header_done() && reader.parser().need_eof())
        reader.parser().put_eof(incomplete);
    co_return !incomplete && reader.parser().is_done() ? "" : "connection lost before the answer was complete: " + ec.message();
}

asio::awaitable<std::string> Exchange::read_head(Reader& reader, Watch& watch)
{
    for (int interim = 0; interim <= max_interim_answers; ++interim) {
        boost::system::error_code ec;
        while (!reader.parser().is_header_done()) {
            if (buffer_.size() == 0 || ec == http::error::need_more)
                if (auto why = co_await fill(reader, watch); !why.empty())
                    co_return why;
            buffer_.consume(reader.parser().put(buffer_.data(), ec));
            if (ec && ec != http::error::need_more)
                co_return "malformed answer: " + ec.message();
        }
        auto const status = reader.parser().get().result_int();
        if (status >= 200) {
            reader.keep_head();
            co_return std::string{};
        }
        if (status == 101 || !reader.parser().is_done())
            co_return "malformed answer: unexpected interim status";
        reader.restart();
    }
    co_return "malformed answer: too many interim answers";
}

asio::awaitable<std::string> Exchange::read_body(Reader& reader, Watch& watch, OnData const* on_data)
{
    auto& parser = reader.parser();
    auto& body = parser.get().body();
    boost::system::error_code ec;
    parser.eager(true);
    while (!parser.is_done()) {
        if (buffer_.size() == 0 || ec == http::error::need_more)
            if (auto why = co_await fill(reader, watch); !why.empty())
                co_return why;
        if (parser.is_done())
            break;
        buffer_.consume(parser.put(buffer_.data(), ec));
        if (ec == http::error::body_limit)
            co_return "answer is too large";
        if (ec && ec != http::error::need_more)
            co_return "malformed answer: " + ec.message();
        auto const fresh = on_data == nullptr ? body.size() - reader.taken : body.size();
        reader.taken += fresh;
        if (reader.taken > reader.max_taken)
            co_return "answer is too large";
        if (on_data == nullptr || body.empty())
            continue;
        bool const more = (*on_data)(body);
        body.clear();
        reader.received = 0;
        if (!more)
            co_return std::string{};
    }
    reader.answer.body = std::move(body);
    clean_ = reader.keep_alive && buffer_.size() == 0 && !parser.need_eof();
    co_return std::string{};
}

/// How much of the body is taken, now that the head is known.
void Exchange::Reader::measure(Taking const& taking)
{
    if (taking.on_data != nullptr && answer.status / 100 == 2)
        max_taken = taking.max_body == 0 ? std::numeric_limits<std::size_t>::max() : taking.max_body;
    else if (taking.max_body > 0)
        max_taken = max_error_body;
}

asio::awaitable<Answer> Exchange::go(Rendered const& request, SteadyTime deadline, Taking const& taking)
{
    Watch watch{wire_.socket().get_executor(), [this] { wire_.cancel(); }};
    watch.set(deadline);
    Reader reader{request.head_only, taking};
    auto lost = co_await write(request, watch);
    if (lost) {
        // A peer may answer (413, 401) and stop reading: its verdict is worth more than our broken pipe.
        bool const may_answer = lost->written == NoAnswer::Written::part && !watch.expired() && !given_up_ && lost->why != "cancelled";
        if (!may_answer)
            co_return std::move(*lost);
        watch.set(std::min(deadline, now() + early_answer));
    }
    auto why = co_await read_head(reader, watch);
    bool const in_pieces = taking.on_data != nullptr && reader.answer.status / 100 == 2;
    if (why.empty()) {
        reader.measure(taking);
        if (in_pieces && taking.max_body == 0)
            watch.rest();
        why = co_await read_body(reader, watch, in_pieces ? taking.on_data : nullptr);
    }
    if (why.empty()) {
        clean_ = clean_ && !lost;
        co_return std::move(reader.answer);
    }
    if (lost)
        co_return std::move(*lost);
    co_return NoAnswer{written_, std::move(why)};
}

asio::awaitable<Answer> Exchange::go_uncancelled(Rendered const& request, SteadyTime deadline, Taking const& taking)
{
    // Whoever cancels must learn what had been written, so no step may throw.
    bool const throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    auto answer = co_await go(request, deadline, taking);
    co_await asio::this_coro::throw_if_cancelled(throws);
    co_return answer;
}

asio::awaitable<Answer> Exchange::run(Rendered const& request, SteadyTime deadline)
{
    Taking const whole;
    co_return co_await go_uncancelled(request, deadline, whole);
}

asio::awaitable<Answer> Exchange::run(Rendered const& request, SteadyTime deadline, OnData const& on_data)
{
    Taking const endless{&on_data, 0};
    co_return co_await go_uncancelled(request, deadline, endless);
}

asio::awaitable<Answer> Exchange::run(Rendered const& request, SteadyTime deadline, OnData const& on_data, std::size_t max_body)
{
    Taking const bounded{&on_data, max_body};
    co_return co_await go_uncancelled(request, deadline, bounded);
}

} // namespace deskbridge::net
