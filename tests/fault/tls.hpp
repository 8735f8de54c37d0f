#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <openssl/types.h>
#include <sys/types.h>

namespace fault {

/// Writes a key and a certificate for 127.0.0.1, or for `host`, that it signs itself, PEM. Throws: std::runtime_error.
void write_certificate(std::filesystem::path const& certificate, std::filesystem::path const& key, std::string const& host = {});

/// The client's side of TLS over a socket that somebody else owns. Whoever the server is: the tests look at what it bears.
class TlsClient {
public:
    /// Throws: std::runtime_error (OpenSSL refuses).
    explicit TlsClient(int fd);
    ~TlsClient();
    TlsClient(TlsClient const&) = delete;
    TlsClient& operator=(TlsClient const&) = delete;

    enum class Step { done, later, over }; ///< `later`: a socket that does not block has nothing for it; `over`: the connection is
    Step handshake();
    /// As send(2) and recv(2): bytes, 0 at the end, or -1 with errno EAGAIN or another.
    ssize_t send(std::string_view bytes);
    ssize_t receive(char* at, std::size_t size);

private:
    ssize_t outcome(int got) const;
    std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
};

} // namespace fault
