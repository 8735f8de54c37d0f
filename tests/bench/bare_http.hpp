#pragma once

#include <memory>

namespace bench {

/// Our HTTP server with one route that reads a body and answers 200, on a thread of its own.
class BareHttp {
public:
    BareHttp();
    ~BareHttp();
    BareHttp(BareHttp const&) = delete;
    BareHttp& operator=(BareHttp const&) = delete;
    [[nodiscard]] int port() const noexcept;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace bench
