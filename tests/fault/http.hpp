#pragma once

#include "tls.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace fault {

/// A blocking keep-alive connection to 127.0.0.1. Every failure is status 0.
class HttpConnection {
public:
    enum class Over { tcp, tls };
    explicit HttpConnection(int port, Over over = Over::tcp) : port_{port}, over_{over} {}
    ~HttpConnection();
    HttpConnection(HttpConnection const&) = delete;
    HttpConnection& operator=(HttpConnection const&) = delete;

    int get(std::string_view path);
    /// The body of a GET; "" after a failure.
    [[nodiscard]] std::string read(std::string_view path);
    /// Sends these bytes as they are; answers the status.
    int send_raw(std::string_view request) { return exchange(request); }
    /// The body of the answer that came last.
    [[nodiscard]] std::string const& last_body() const noexcept { return last_body_; }
    /// Its status line and headers.
    [[nodiscard]] std::string const& last_head() const noexcept { return last_head_; }
    /// The body of the answer to a POST of JSON; "" after a failure.
    [[nodiscard]] std::string post_json(std::string_view path, std::string_view body);
    /// Sends these bytes and goes away without reading.
    void send_and_leave(std::string_view request);
    /// Posts a webhook with its signature header; "": without one.
    int post(std::string_view path, std::string_view body, std::string_view signature);

private:
    int exchange(std::string_view request);
    std::string last_head_;
    std::string last_body_;
    bool connect();
    bool send(std::string_view bytes);
    void drop();
    int port_;
    Over over_;
    int fd_{-1};
    std::unique_ptr<TlsClient> tls_;
};

/// Plays the provider for outgoing messages: accepts every one with an id of its own, and keeps what it was asked.
class ProviderSink {
public:
    /// What goes back for a whole request, head and body, byte by byte; "": what the sink says by itself; `hang_up`: nothing,
    /// and the connection ends. Any thread.
    using Instead = std::function<std::string(std::string_view request)>;
    static constexpr std::string_view hang_up{"\0", 1};
    explicit ProviderSink(Instead instead = {});
    ~ProviderSink();
    ProviderSink(ProviderSink const&) = delete;
    ProviderSink& operator=(ProviderSink const&) = delete;
    [[nodiscard]] int port() const noexcept { return port_; }
    /// Bodies of messages accepted so far (no read marks).
    [[nodiscard]] std::vector<std::string> messages() const;
    /// How many they are.
    [[nodiscard]] std::size_t accepted() const;
    /// Waits until all who were connected have gone, and all that they had sent has been read.
    void await_parting();

private:
    void accept_loop();
    void serve(int fd);
    void leave(int fd);
    Instead instead_;
    int listener_{-1};
    int port_{0};
    std::atomic<bool> stopping_{false};
    mutable std::mutex mutex_;
    std::vector<std::string> messages_;
    std::set<int> open_; ///< connections, each with a thread of its own
    std::condition_variable left_;
    std::thread acceptor_;
};

/// In a scrape of /metrics: the sum of all series whose name and labels begin so.
[[nodiscard]] double figure_in(std::string const& scrape, std::string const& beginning);

/// "sha256=<hex>" of HMAC-SHA256 over the body.
[[nodiscard]] std::string signature_of(std::string_view secret, std::string_view body);

} // namespace fault
