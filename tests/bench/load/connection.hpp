#pragma once

#include "fault/http.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace bench {

/// A keep-alive connection to 127.0.0.1 that never waits, with one request on its way at most.
class Connection {
public:
    /// Connects and, over TLS, shakes hands; these two wait. Throws: std::runtime_error.
    Connection(int port, fault::HttpConnection::Over over);
    ~Connection();
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    enum class Step {
        later,  ///< wait until the socket is ready again
        answered,
        over, ///< it ended
    };
    /// `request` must live until the answer.
    Step begin(std::string_view request);
    /// The socket is ready.
    Step go_on();

    [[nodiscard]] int fd() const noexcept { return fd_; }
    [[nodiscard]] bool wants_to_write() const noexcept { return !rest_.empty(); }
    // Of the answer that came last.
    [[nodiscard]] int status() const noexcept { return status_; }
    [[nodiscard]] std::string_view body() const noexcept { return body_; }

private:
    [[nodiscard]] Step write();
    [[nodiscard]] Step read();
    [[nodiscard]] bool whole();
    int fd_{-1};
    std::unique_ptr<fault::TlsClient> tls_;
    std::string_view rest_; ///< of the request
    std::string in_;
    int status_{0};
    std::string body_;
};

} // namespace bench
