#include "body_reader.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace deskbridge::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

/// Beast's own string_body makes room for all that is announced: a stranger's word would be our memory.
struct GrowingBody {
    using value_type = std::string;
    class reader {
    public:
        template <bool is_request, class Fields>
        reader(http::header<is_request, Fields>&, value_type& body) : body_{body}
        {
        }
        void init(boost::optional<std::uint64_t> const& announced, boost::system::error_code& ec)
        {
            body_.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(announced.value_or(0), BodyReader::first_piece)));
            ec = {};
        }
        std::size_t put(asio::const_buffer bytes, boost::system::error_code& ec)
        {
            body_.append(static_cast<char const*>(bytes.data()), bytes.size());
            ec = {};
            return bytes.size();
        }
        void finish(boost::system::error_code& ec) { ec = {}; }

    private:
        value_type& body_;
    };
};

} // namespace

struct BodyReader::Parser : http::request_parser<GrowingBody> {};

BodyReader::BodyReader(std::size_t max_header, std::optional<std::uint64_t> content_length)
    : parser_{std::make_unique<Parser>()}, content_length_{content_length}
{
    parser_->header_limit(static_cast<std::uint32_t>(max_header));
    parser_->body_limit(content_length.value_or(0));
}

BodyReader::~BodyReader() = default;

bool BodyReader::take_head(std::string_view block)
{
    boost::system::error_code ec;
    auto const taken = parser_->put(asio::buffer(block), ec);
    if ((ec && ec != http::error::need_more) || taken != block.size() || !parser_->is_header_done())
        return false;
    if (!content_length_)
        return parser_->chunked() && !parser_->is_done();
    return !parser_->chunked() && parser_->content_length().value_or(0) == *content_length_ &&
           parser_->is_done() == (*content_length_ == 0);
}

void BodyReader::limit(std::uint64_t max_body)
{
    parser_->body_limit(max_body);
}

std::optional<std::size_t> BodyReader::take_body(std::string_view bytes)
{
    boost::system::error_code ec;
    auto const taken = parser_->put(asio::buffer(bytes), ec);
    too_large_ = ec == http::error::body_limit;
    if (ec && ec != http::error::need_more)
        return std::nullopt;
    return taken;
}

bool BodyReader::done() const
{
    return parser_->is_done();
}

std::size_t BodyReader::memory() const
{
    return parser_->get().body().capacity();
}

std::string_view BodyReader::piece()
{
    piece_.swap(parser_->get().body());
    parser_->get().body().clear();
    return piece_;
}

std::string BodyReader::body() &&
{
    return std::move(parser_->get().body());
}

} // namespace deskbridge::net
