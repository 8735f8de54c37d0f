#include "emitter.hpp"

#include "signing.hpp"

#include <boost/asio/this_coro.hpp>

namespace deskbridge::simulator {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

std::string percent_encoded(std::string_view text)
{
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (char const c : text) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '_' || c == '.' || c == '~';
        if (plain) {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        out += '%';
        out += hex[byte >> 4];
        out += hex[byte & 15];
    }
    return out;
}

/// Empty if the answer is the challenge and nothing else; otherwise what is wrong with it.
std::string fault_of(HttpResponse const& response, std::string const& challenge)
{
    if (response.status != 200)
        return "answered " + std::to_string(response.status);
    return response.body == challenge ? "" : "did not answer with the challenge";
}

} // namespace

void Emitter::aim(std::string url)
{
    settings_.url = std::move(url);
    auto const round = ++handshake_round_;
    bool const shake = !settings_.url.empty() && !settings_.verify_token.empty();
    state_.handshake = shake ? "waiting" : "none";
    state_.handshake_why.clear();
    if (shake)
        parts_.tasks.spawn("webhook_handshake", shake_hands(round));
    bell_.ring();
    tell_state();
}

asio::awaitable<void> Emitter::shake_hands(std::uint64_t round)
{
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!stopping_ && round == handshake_round_) {
        auto const challenge = random_digits(10);
        HttpRequest request;
        auto const join = settings_.url.find('?') == std::string::npos ? '?' : '&';
        request.target = settings_.url + join + "hub.mode=subscribe&hub.challenge=" + challenge +
                         "&hub.verify_token=" + percent_encoded(settings_.verify_token);
        auto answer = co_await parts_.http.send(request, settings_.timeout);
        if (stopping_ || round != handshake_round_)
            co_return;
        if (auto const* response = std::get_if<HttpResponse>(&answer)) {
            state_.handshake_why = fault_of(*response, challenge);
            state_.handshake = state_.handshake_why.empty() ? "verified" : "refused";
            parts_.log.info("webhook_handshake", {{"outcome", state_.handshake}, {"reason", state_.handshake_why}});
            tell_state();
            co_return;
        }
        co_await parts_.clock.sleep_until(parts_.clock.now() + 500ms); // nobody listens there yet
    }
}

} // namespace deskbridge::simulator
