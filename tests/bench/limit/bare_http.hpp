#pragma once

#include "deskbridge/net/http_server.hpp"

#include <memory>

namespace bench {

/// Our HTTP server with one route, on a thread of its own: it reads the body, has `handler` answer, and knows nothing else.
class BareHttp {
public:
    /// Without a handler every body is answered 200. Throws: std::runtime_error (cannot listen).
    explicit BareHttp(deskbridge::net::Handler handler = {});
    ~BareHttp();
    BareHttp(BareHttp const&) = delete;
    BareHttp& operator=(BareHttp const&) = delete;
    [[nodiscard]] int port() const noexcept;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace bench
