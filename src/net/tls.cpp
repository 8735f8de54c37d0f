#include "tls.hpp"

#include <openssl/ssl.h>

#include <array>
#include <string>

namespace deskbridge::net {
namespace {

namespace ssl = boost::asio::ssl;

// Of TLS 1.2 only what has forward secrecy and authenticated encryption; the suites of TLS 1.3 all have both.
constexpr auto* ciphers_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20";

Error malformed(std::string what, std::filesystem::path const& file, boost::system::error_code ec)
{
    return {Fault::malformed, std::move(what) + " " + file.string() + ": " + ec.message()};
}

bool set_floor(ssl::context& context)
{
    auto* const native = context.native_handle();
    SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    return SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) == 1 && SSL_CTX_set_cipher_list(native, ciphers_1_2) == 1;
}

constexpr std::array<unsigned char, 9> http11{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

int choose_protocol(SSL*, unsigned char const** out, unsigned char* length, unsigned char const* offered,
                    unsigned int offered_length, void*)
{
    unsigned char* chosen = nullptr;
    auto const found = SSL_select_next_proto(&chosen, length, http11.data(), static_cast<unsigned>(http11.size()), offered,
                                             offered_length);
    *out = chosen;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

/// The certificate is shown from now on.
Result<void> show_certificate(ssl::context& context, std::filesystem::path const& certificate, std::filesystem::path const& key)
{
    boost::system::error_code ec;
    if (context.use_certificate_chain_file(certificate.string(), ec); ec)
        return malformed("certificate", certificate, ec);
    if (context.use_private_key_file(key.string(), ssl::context::pem, ec); ec)
        return malformed("key", key, ec);
    if (SSL_CTX_check_private_key(context.native_handle()) != 1)
        return Error{Fault::malformed, "key " + key.string() + " does not belong to certificate " + certificate.string()};
    return {};
}

/// Sessions may be resumed only where they began: OpenSSL demands a name for that place as soon as clients are asked for certificates.
constexpr std::array<unsigned char, 10> session_place{'d', 'e', 's', 'k', 'b', 'r', 'i', 'd', 'g', 'e'};

Result<void> ask_clients(ssl::context& context, std::filesystem::path const& client_ca)
{
    boost::system::error_code ec;
    if (context.load_verify_file(client_ca.string(), ec); ec)
        return malformed("certificates", client_ca, ec);
    auto* const native = context.native_handle();
    SSL_CTX_set_client_CA_list(native, SSL_load_client_CA_file(client_ca.c_str()));
    SSL_CTX_set_session_id_context(native, session_place.data(), static_cast<unsigned>(session_place.size()));
    context.set_verify_mode(ssl::verify_peer | ssl::verify_client_once);
    context.set_verify_callback([](bool, ssl::verify_context&) { return true; }); // the result is kept, and asked for later
    return {};
}

} // namespace

Result<TlsContext> make_server_tls(std::filesystem::path const& certificate, std::filesystem::path const& key,
                                   std::filesystem::path const& client_ca)
{
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    if (!set_floor(*context))
        return Error{Fault::malformed, "OpenSSL refuses the TLS settings"};
    if (auto const shown = show_certificate(*context, certificate, key); !shown)
        return shown.error();
    SSL_CTX_set_alpn_select_cb(context->native_handle(), choose_protocol, nullptr);
    if (client_ca.empty())
        return context;
    if (auto const asked = ask_clients(*context, client_ca); !asked)
        return asked.error();
    return context;
}

Result<TlsContext> make_client_tls(std::filesystem::path const& ca_file, ClientIdentity const& identity)
{
    auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
    boost::system::error_code ec;
    if (!set_floor(*context))
        return Error{Fault::malformed, "OpenSSL refuses the TLS settings"};
    if (ca_file.empty())
        context->set_default_verify_paths(ec);
    else
        context->load_verify_file(ca_file.string(), ec);
    if (ec)
        return malformed("certificates", ca_file, ec);
    if (!identity.certificate.empty())
        if (auto const shown = show_certificate(*context, identity.certificate, identity.key); !shown)
            return shown.error();
    context->set_verify_mode(ssl::verify_peer);
    SSL_CTX_set_alpn_protos(context->native_handle(), http11.data(), static_cast<unsigned>(http11.size()));
    return context;
}

} // namespace deskbridge::net
