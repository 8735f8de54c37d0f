#include "deskbridge/channel/digest.hpp"

#include "deskbridge/core/ascii.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <memory>

namespace deskbridge::channel {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

unsigned char const* bytes_of(std::string_view text) noexcept
{
    return reinterpret_cast<unsigned char const*>(text.data());
}

constexpr std::size_t longest_base64 = 1U << 20U;

constexpr std::size_t base64_length(std::size_t bytes) noexcept
{
    return (bytes + 2) / 3 * 4;
}

bool is_base64(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '/';
}

using MacContext = std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)>;

/// HMAC-SHA256 without a key. To look it up by its name takes twice as long as to use it.
MacContext keyless()
{
    std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> const hmac{EVP_MAC_fetch(nullptr, "HMAC", nullptr), &EVP_MAC_free};
    MacContext context{EVP_MAC_CTX_new(hmac.get()), &EVP_MAC_CTX_free};
    std::string hash{"SHA256"};
    std::array const how{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, hash.data(), hash.size()), OSSL_PARAM_construct_end()};
    if (!context || EVP_MAC_CTX_set_params(context.get(), how.data()) != 1)
        context.reset();
    return context;
}

std::optional<Digest> hmac_sha256(std::string_view key, std::string_view bytes)
{
    static MacContext const model = keyless();
    MacContext const context{model ? EVP_MAC_CTX_dup(model.get()) : nullptr, &EVP_MAC_CTX_free};
    auto const* const key_bytes = bytes_of(key.data() == nullptr ? std::string_view{""} : key); // no key at all would be an error
    Digest digest{};
    std::size_t length = 0;
    if (!context || EVP_MAC_init(context.get(), key_bytes, key.size(), nullptr) != 1 ||
        EVP_MAC_update(context.get(), bytes_of(bytes), bytes.size()) != 1 ||
        EVP_MAC_final(context.get(), digest.data(), &length, digest.size()) != 1)
        return std::nullopt;
    return digest;
}

} // namespace

std::string sha256_hex(std::string_view bytes)
{
    Digest digest{};
    SHA256(bytes_of(bytes), bytes.size(), digest.data());
    return render_hex(digest);
}

std::string hmac_sha256_hex(std::string_view key, std::string_view bytes)
{
    auto const digest = hmac_sha256(key, bytes);
    return digest ? render_hex(*digest) : std::string{};
}

std::string hmac_sha256_base64(std::string_view key, std::string_view bytes)
{
    auto const digest = hmac_sha256(key, bytes);
    if (!digest)
        return {};
    std::array<unsigned char, base64_length(SHA256_DIGEST_LENGTH) + 1> encoded{}; // and the final NUL
    auto const length = EVP_EncodeBlock(encoded.data(), digest->data(), SHA256_DIGEST_LENGTH);
    return {encoded.begin(), encoded.begin() + length};
}

bool ed25519_holds(std::string_view public_key, std::string_view bytes, std::string_view signature)
{
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> const key{
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(public_key), public_key.size()), &EVP_PKEY_free};
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> const context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
    return key && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(bytes), bytes.size()) == 1;
}

std::optional<std::string> decode_base64(std::string_view written)
{
    if (written.size() % 4 != 0 || written.size() > longest_base64)
        return std::nullopt;
    auto const digits = written.substr(0, written.find('='));
    auto const padding = written.size() - digits.size();
    bool const clean = std::all_of(digits.begin(), digits.end(), is_base64) && written.substr(digits.size()) == std::string(padding, '=');
    if (!clean || padding > 2)
        return std::nullopt;
    std::string decoded(written.size() / 4 * 3, '\0');
    if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()), bytes_of(written), static_cast<int>(written.size())) < 0)
        return std::nullopt;
    decoded.resize(decoded.size() - padding); // which decodes to zero bytes
    return decoded;
}

bool same_bytes(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string sha256_as_hex(std::string_view written)
{
    if (written.size() == 2 * SHA256_DIGEST_LENGTH && std::all_of(written.begin(), written.end(), [](char c) { return hex_value(c) >= 0; })) {
        std::string lower{written};
        std::for_each(lower.begin(), lower.end(), [](char& c) { c = c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
        return lower;
    }
    std::string padded{written};
    if (padded.size() == base64_length(SHA256_DIGEST_LENGTH) - 1)
        padded += '=';
    std::replace(padded.begin(), padded.end(), '-', '+');
    std::replace(padded.begin(), padded.end(), '_', '/');
    auto const decoded = decode_base64(padded);
    if (!decoded || decoded->size() != SHA256_DIGEST_LENGTH)
        return {};
    Digest digest{};
    std::copy_n(decoded->begin(), digest.size(), digest.begin());
    return render_hex(digest);
}

} // namespace deskbridge::channel
