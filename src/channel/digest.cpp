#include "deskbridge/channel/digest.hpp"

#include "deskbridge/core/ascii.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <limits>

namespace deskbridge::channel {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

unsigned char const* bytes_of(std::string_view text) noexcept
{
    return reinterpret_cast<unsigned char const*>(text.data());
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
    Digest digest{};
    unsigned length = 0;
    if (key.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
        HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(bytes), bytes.size(), digest.data(), &length) ==
            nullptr)
        return {};
    return render_hex(digest);
}

bool same_bytes(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string sha256_as_hex(std::string_view written)
{
    constexpr std::size_t base64_length = 44; // 32 bytes, one '=' of padding
    if (written.size() == 2 * SHA256_DIGEST_LENGTH && std::all_of(written.begin(), written.end(), [](char c) { return hex_value(c) >= 0; })) {
        std::string lower{written};
        std::for_each(lower.begin(), lower.end(), [](char& c) { c = c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
        return lower;
    }
    std::string padded{written};
    if (padded.size() == base64_length - 1)
        padded += '=';
    std::replace(padded.begin(), padded.end(), '-', '+');
    std::replace(padded.begin(), padded.end(), '_', '/');
    if (padded.size() != base64_length || padded.find('=') != base64_length - 1)
        return {};
    std::array<unsigned char, SHA256_DIGEST_LENGTH + 1> decoded{}; // the padding decodes to a zero byte
    if (EVP_DecodeBlock(decoded.data(), bytes_of(padded), static_cast<int>(padded.size())) != static_cast<int>(decoded.size()))
        return {};
    Digest digest{};
    std::copy_n(decoded.begin(), digest.size(), digest.begin());
    return render_hex(digest);
}

} // namespace deskbridge::channel
