#include "http.hpp"

#include <fmt/format.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fault {
namespace {

sockaddr_in loopback(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool send_all(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        auto const n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

/// Reads one message with a Content-Length; "" at end or error. `head_end` is where its body begins.
/// @param receive  as recv(2), without its first and last parameter
template <class Receive>
std::string read_message(Receive const& receive, std::string& buffer, std::size_t& head_end)
{
    std::array<char, 16384> chunk{};
    for (;;) {
        auto const end = buffer.find("\r\n\r\n");
        if (end != std::string::npos) {
            auto const at = std::min(buffer.find("ontent-Length:"), buffer.find("ontent-length:")); // Node writes it small
            auto const length = at < end ? std::strtoul(buffer.c_str() + at + 14, nullptr, 10) : 0;
            head_end = end + 4;
            if (buffer.size() >= head_end + length) {
                auto message = buffer.substr(0, head_end + length);
                buffer.erase(0, head_end + length);
                return message;
            }
        }
        ssize_t const n = receive(chunk.data(), chunk.size());
        if (n <= 0)
            return {};
        buffer.append(chunk.data(), static_cast<std::size_t>(n));
    }
}

} // namespace

HttpConnection::~HttpConnection()
{
    drop();
}

void HttpConnection::drop()
{
    tls_.reset();
    if (fd_ >= 0)
        ::close(fd_);
    fd_ = -1;
}

bool HttpConnection::connect()
{
    if (fd_ >= 0)
        return true;
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto const address = loopback(port_);
    timeval const patience{.tv_sec = 20, .tv_usec = 0};
    int const on = 1;
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    bool connected = ::connect(fd_, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0;
    if (connected && over_ == Over::tls) {
        tls_ = std::make_unique<TlsClient>(fd_);
        connected = tls_->handshake() == TlsClient::Step::done;
    }
    if (!connected)
        drop();
    return connected;
}

bool HttpConnection::send(std::string_view bytes)
{
    if (!tls_)
        return send_all(fd_, bytes);
    while (!bytes.empty()) {
        auto const n = tls_->send(bytes);
        if (n <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

int HttpConnection::exchange(std::string_view request)
{
    std::string buffer;
    std::size_t head_end = 0;
    if (!connect() || !send(request)) {
        drop();
        return 0;
    }
    auto const receive = [this](char* at, std::size_t size) { return tls_ ? tls_->receive(at, size) : ::recv(fd_, at, size, 0); };
    auto const answer = read_message(receive, buffer, head_end);
    if (answer.size() < 12) {
        drop();
        return 0;
    }
    if (answer.find("onnection: close") < head_end)
        drop();
    last_head_ = answer.substr(0, head_end);
    last_body_ = answer.substr(head_end);
    return std::atoi(answer.c_str() + 9);
}

int HttpConnection::get(std::string_view path)
{
    return exchange(fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", path));
}

std::string HttpConnection::read(std::string_view path)
{
    return get(path) == 200 ? last_body_ : std::string{};
}

std::string HttpConnection::post_json(std::string_view path, std::string_view body)
{
    auto const status = exchange(fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\n"
                                             "Content-Length: {}\r\n\r\n{}",
                                             path, port_, body.size(), body));
    return status == 200 ? last_body_ : std::string{};
}

void HttpConnection::send_and_leave(std::string_view request)
{
    if (!connect())
        return;
    linger const at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once); // a reset, so that what is written fails
    (void)send(request);
    drop();
}

int HttpConnection::post(std::string_view path, std::string_view body, std::string_view signature)
{
    auto const header = signature.empty() ? std::string{} : fmt::format("X-Hub-Signature-256: {}\r\n", signature);
    return exchange(fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{}"
                                "Content-Length: {}\r\n\r\n{}",
                                path, header, body.size(), body));
}

ProviderSink::ProviderSink(Instead instead) : instead_{std::move(instead)}
{
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    if (listener_ < 0 || ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("the provider sink cannot listen");
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread{[this] { accept_loop(); }};
}

ProviderSink::~ProviderSink()
{
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
    std::unique_lock lock{mutex_};
    for (int const fd : open_)
        ::shutdown(fd, SHUT_RDWR);
    left_.wait(lock, [this] { return open_.empty(); });
}

std::vector<std::string> ProviderSink::messages() const
{
    std::lock_guard const lock{mutex_};
    return messages_;
}

std::size_t ProviderSink::accepted() const
{
    std::lock_guard const lock{mutex_};
    return messages_.size();
}

void ProviderSink::await_parting()
{
    std::unique_lock lock{mutex_};
    left_.wait(lock, [this] { return open_.empty(); });
}

void ProviderSink::accept_loop()
{
    while (!stopping_) {
        int const fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0)
            continue;
        {
            std::lock_guard const lock{mutex_};
            open_.insert(fd);
        }
        std::thread{[this, fd] {
            serve(fd);
            leave(fd);
        }}.detach(); // the destructor waits for all that are open
    }
}

void ProviderSink::leave(int fd)
{
    std::lock_guard const lock{mutex_};
    ::close(fd);
    open_.erase(fd);
    left_.notify_all();
}

void ProviderSink::serve(int fd)
{
    std::string buffer;
    std::size_t head_end = 0;
    for (;;) {
        auto const request = read_message([fd](char* at, std::size_t size) { return ::recv(fd, at, size, 0); }, buffer, head_end);
        if (request.empty())
            return;
        if (auto const said = instead_ ? instead_(request) : std::string{}; !said.empty()) {
            if (said == hang_up || !send_all(fd, said))
                return;
            continue;
        }
        auto const body = request.substr(head_end);
        std::string answer = R"({"success":true})";
        bool const question = request.starts_with("GET "); // how the account is
        if (!question && body.find(R"("status":"read")") == std::string::npos) {
            std::lock_guard const lock{mutex_};
            messages_.push_back(body);
            answer = fmt::format(R"({{"messaging_product":"whatsapp","messages":[{{"id":"wamid.sink{}"}}]}})", messages_.size());
        }
        if (!send_all(fd, fmt::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                                      answer.size(), answer)))
            return;
    }
}

double figure_in(std::string const& scrape, std::string const& beginning)
{
    double sum = 0;
    for (auto at = scrape.find("\n" + beginning); at != std::string::npos; at = scrape.find("\n" + beginning, at + 1))
        sum += std::stod(scrape.substr(scrape.rfind(' ', scrape.find('\n', at + 1))));
    return sum;
}

std::string signature_of(std::string_view secret, std::string_view body)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), reinterpret_cast<unsigned char const*>(body.data()),
         body.size(), digest.data(), &size);
    std::string out = "sha256=";
    for (unsigned i = 0; i < size; ++i)
        out += fmt::format("{:02x}", digest[i]);
    return out;
}

} // namespace fault
