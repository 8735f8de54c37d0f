#include "tls.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace fault {
namespace {

constexpr long valid_s = 7L * 24 * 3600; // longer than any soak

void must(bool happened)
{
    if (!happened)
        throw std::runtime_error("OpenSSL refuses");
}

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

File open_file(std::filesystem::path const& path)
{
    File file{std::fopen(path.c_str(), "wx"), std::fclose};
    must(file != nullptr);
    return file;
}

std::unique_ptr<X509, void (*)(X509*)> sign_oneself(EVP_PKEY* key, std::string const& host)
{
    std::unique_ptr<X509, void (*)(X509*)> out{X509_new(), X509_free};
    auto* const name = X509_get_subject_name(out.get());
    must(X509_set_version(out.get(), 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(out.get()), 1) == 1);
    must(X509_gmtime_adj(X509_getm_notBefore(out.get()), 0) != nullptr && X509_gmtime_adj(X509_getm_notAfter(out.get()), valid_s) != nullptr);
    must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<unsigned char const*>(host.empty() ? "127.0.0.1" : host.c_str()), -1, -1,
                                    0) == 1);
    must(X509_set_issuer_name(out.get(), name) == 1 && X509_set_pubkey(out.get(), key) == 1);
    auto const names_of_it = host.empty() ? std::string{"IP:127.0.0.1"} : "DNS:" + host;
    std::unique_ptr<X509_EXTENSION, void (*)(X509_EXTENSION*)> const names{X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names_of_it.c_str()),
                                                                           X509_EXTENSION_free};
    must(names && X509_add_ext(out.get(), names.get(), -1) == 1);
    must(X509_sign(out.get(), key, EVP_sha256()) > 0);
    return out;
}

/// One for all connections of the process.
SSL_CTX* client_context()
{
    static std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> const context{[] {
        std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes without MSG_NOSIGNAL
        auto* const made = SSL_CTX_new(TLS_client_method());
        must(made != nullptr);
        SSL_CTX_set_verify(made, SSL_VERIFY_NONE, nullptr);
        SSL_CTX_set_mode(made, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        return made;
    }(), SSL_CTX_free};
    return context.get();
}

} // namespace

void write_certificate(std::filesystem::path const& certificate, std::filesystem::path const& key, std::string const& host)
{
    std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> const made{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free};
    must(made != nullptr);
    must(PEM_write_PrivateKey(open_file(key).get(), made.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
    must(PEM_write_X509(open_file(certificate).get(), sign_oneself(made.get(), host).get()) == 1);
}

TlsClient::TlsClient(int fd) : ssl_{SSL_new(client_context()), SSL_free}
{
    must(ssl_ && SSL_set_fd(ssl_.get(), fd) == 1);
}

TlsClient::~TlsClient() = default;

TlsClient::Step TlsClient::handshake()
{
    ERR_clear_error();
    int const got = SSL_connect(ssl_.get());
    if (got == 1)
        return Step::done;
    auto const why = SSL_get_error(ssl_.get(), got);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? Step::later : Step::over;
}

ssize_t TlsClient::outcome(int got) const
{
    if (got > 0)
        return got;
    auto const why = SSL_get_error(ssl_.get(), got);
    if (why == SSL_ERROR_ZERO_RETURN)
        return 0;
    errno = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? EAGAIN : ECONNRESET;
    return -1;
}

ssize_t TlsClient::send(std::string_view bytes)
{
    ERR_clear_error();
    return outcome(SSL_write(ssl_.get(), bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX))));
}

ssize_t TlsClient::receive(char* at, std::size_t size)
{
    ERR_clear_error();
    return outcome(SSL_read(ssl_.get(), at, static_cast<int>(std::min<std::size_t>(size, INT_MAX))));
}

} // namespace fault
