#include "certificates.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <stdexcept>

namespace deskbridge::test {
namespace {

template <auto free>
struct Freed {
    template <class T>
    void operator()(T* p) const noexcept
    {
        free(p);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Freed<X509_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;

void must(bool happened)
{
    if (!happened)
        throw std::runtime_error{"OpenSSL could not make a certificate"};
}

std::string text_of(BIO* bio)
{
    char* bytes = nullptr;
    auto const size = BIO_ctrl(bio, BIO_CTRL_INFO, 0, &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate)
{
    Bio const bio{BIO_new(BIO_s_mem())};
    must(PEM_write_bio_X509(bio.get(), certificate) == 1);
    return text_of(bio.get());
}

std::string pem_of(EVP_PKEY* key)
{
    Bio const bio{BIO_new(BIO_s_mem())};
    must(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return text_of(bio.get());
}

Key make_key()
{
    Key key{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")};
    must(key != nullptr);
    return key;
}

void add(X509* certificate, int kind, std::string const& value)
{
    Extension const extension{X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str())};
    must(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

X509Ptr make_certificate(EVP_PKEY* key, CertificateParts const& parts)
{
    X509Ptr out{X509_new()};
    std::uint32_t serial = 0;
    must(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1);
    must(X509_set_version(out.get(), 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(out.get()), serial >> 1) == 1);
    X509_gmtime_adj(X509_getm_notBefore(out.get()), parts.valid_from.count());
    X509_gmtime_adj(X509_getm_notAfter(out.get()), parts.valid_to.count());
    must(X509_set_pubkey(out.get(), key) == 1);
    must(X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_UTF8,
                                    reinterpret_cast<unsigned char const*>(parts.common_name.c_str()), -1, -1, 0) == 1);
    return out;
}

void sign(X509* certificate, X509* issuer, EVP_PKEY* key)
{
    must(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1);
    must(X509_sign(certificate, key, EVP_sha256()) != 0);
}

} // namespace

struct Authority::Parts {
    Key key{make_key()};
    X509Ptr certificate;
};

Authority::Authority() : parts_{std::make_unique<Parts>()}
{
    CertificateParts parts;
    parts.common_name = "Test authority";
    parts_->certificate = make_certificate(parts_->key.get(), parts);
    add(parts_->certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    add(parts_->certificate.get(), NID_key_usage, "critical,keyCertSign");
    sign(parts_->certificate.get(), parts_->certificate.get(), parts_->key.get());
}

Authority::~Authority() = default;

std::string Authority::certificate() const
{
    return pem_of(parts_->certificate.get());
}

Certificate Authority::issue(CertificateParts const& parts) const
{
    auto const key = make_key();
    auto const certificate = make_certificate(key.get(), parts);
    add(certificate.get(), NID_subject_alt_name, parts.alternative_names);
    sign(certificate.get(), parts_->certificate.get(), parts_->key.get());
    return {pem_of(certificate.get()), pem_of(key.get())};
}

Certificate self_signed(CertificateParts const& parts)
{
    auto const key = make_key();
    auto const certificate = make_certificate(key.get(), parts);
    add(certificate.get(), NID_subject_alt_name, parts.alternative_names);
    sign(certificate.get(), certificate.get(), key.get());
    return {pem_of(certificate.get()), pem_of(key.get())};
}

} // namespace deskbridge::test
