#include "graph_api.hpp"

#include "signing.hpp"

#include <memory>
#include <stdexcept>
#include <utility>

namespace deskbridge::simulator {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Kind = MediaFault::Kind;

namespace {

constexpr std::size_t slow_pieces = 10;

/// What is left of a file, and how it goes out.
struct Going {
    std::string bytes;
    std::size_t at{0};
    std::size_t piece{0};
    std::chrono::milliseconds delay{0};
    bool cut{false}; ///< the connection goes with the last piece
};

asio::awaitable<std::optional<std::string>> next_piece(std::shared_ptr<Going> going, async::Clock& clock)
{
    if (going->at >= going->bytes.size()) {
        if (going->cut)
            throw std::runtime_error("cut on demand");
        co_return std::nullopt;
    }
    if (going->delay.count() > 0)
        co_await clock.sleep_until(clock.now() + going->delay);
    auto piece = going->bytes.substr(going->at, going->piece);
    going->at += piece.size();
    co_return std::move(piece);
}

} // namespace

HttpResponse GraphApi::media_object(Media const& media)
{
    auto const now = world_.now();
    auto const fault = world_.media_faults.next_of_link();
    auto const is = [&](Kind kind) { return fault && fault->kind == kind; };
    if (is(Kind::gone))
        return error_response({33, "Object with ID '" + media.id + "' does not exist or cannot be loaded."});
    if (is(Kind::busy))
        return json_response(500, error_body({2, "An unexpected error has occurred."}, "A" + random_hex(11)));
    std::erase_if(downloads_, [&](auto const& entry) { return entry.second.until <= now; });
    auto const token = random_hex(16);
    if (!is(Kind::expired))
        downloads_[token] = Ticket{media.id, now + 5min};
    auto const base = is(Kind::elsewhere) ? "https://files.example.com" : is(Kind::inside) ? "http://10.1.2.3" : world_.public_base;
    return json_response(200, Json{{"messaging_product", "whatsapp"},
                                   {"id", media.id},
                                   {"url", base + "/lookaside/" + token},
                                   {"mime_type", media.mime_type},
                                   {"sha256", is(Kind::wrong_hash) ? std::string(64, '0') : media.sha256_hex},
                                   {"file_size", is(Kind::too_big) ? 5'000'000'000 : static_cast<std::int64_t>(media.size)}});
}

std::optional<HttpResponse> GraphApi::refuse_download(net::Request const& request, bool behind_redirect) const
{
    bool const authorised = request.http.headers.count("Authorization") != 0;
    if (behind_redirect && authorised)
        return error_response({100, "A token was sent where a redirect led."});
    if (!behind_redirect && (world_.mishaps.token_expired() || !bears_any_token(request)))
        return error_response({190, ""});
    auto const found = downloads_.find(request.parameters[0]);
    if (found != downloads_.end() && found->second.until > world_.now())
        return std::nullopt;
    HttpResponse missing;
    missing.status = 404;
    return missing;
}

net::Reply GraphApi::download_media(net::Request const& request, bool behind_redirect)
{
    if (auto refused = refuse_download(request, behind_redirect))
        return net::Reply{std::move(*refused)};
    auto const& token = request.parameters[0];
    auto const fault = behind_redirect ? std::nullopt : world_.media_faults.next_of_download();
    HttpResponse response;
    if (fault && fault->kind == Kind::redirect) {
        response.status = 302;
        response.headers.add("Location", world_.public_base + "/lookaside/" + token + "/moved");
        return net::Reply{std::move(response)};
    }
    auto const* media = world_.book.find_media(downloads_.find(token)->second.media_id);
    auto bytes = media ? read_file(world_.media_path(media->id)) : std::nullopt;
    if (!bytes) {
        response.status = 404;
        return net::Reply{std::move(response)};
    }
    response.headers.add("Content-Type", media->mime_type);
    if (!fault) {
        response.body = std::move(*bytes);
        return net::Reply{std::move(response)};
    }
    auto const going = std::make_shared<Going>(Going{std::move(*bytes)});
    if (fault->kind == Kind::slow)
        going->delay = fault->delay;
    else
        going->bytes.resize(going->bytes.size() / 2);
    going->cut = fault->kind == Kind::cut;
    going->piece = std::max<std::size_t>(1, going->bytes.size() / slow_pieces);
    return net::Reply{std::move(response), [going, this] { return next_piece(going, world_.clock); }};
}

} // namespace deskbridge::simulator
