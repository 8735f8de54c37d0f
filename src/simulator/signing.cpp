#include "signing.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <array>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace deskbridge::simulator {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

unsigned char const* bytes_of(std::string_view text) noexcept
{
    return reinterpret_cast<unsigned char const*>(text.data()); // NOLINT: OpenSSL's type for bytes
}

template <class Bytes>
std::string hex(Bytes const& bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (unsigned char const byte : bytes) {
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

std::string base64(unsigned char const* data, std::size_t size)
{
    std::vector<unsigned char> out(4 * ((size + 2) / 3) + 1);
    auto const length = EVP_EncodeBlock(out.data(), data, static_cast<int>(size));
    return {out.begin(), out.begin() + length};
}

Digest sha256(std::string_view bytes)
{
    Digest digest{};
    SHA256(bytes_of(bytes), bytes.size(), digest.data());
    return digest;
}

std::vector<unsigned char> random_bytes(std::size_t count)
{
    std::vector<unsigned char> out(count);
    if (RAND_bytes(out.data(), static_cast<int>(count)) != 1)
        throw std::runtime_error{"the system has no randomness"};
    return out;
}

} // namespace

std::string render_escaped(Json const& doc)
{
    auto const ascii = doc.dump(-1, ' ', true, Json::error_handler_t::replace);
    std::string out;
    out.reserve(ascii.size() + ascii.size() / 16);
    for (char const c : ascii) {
        if (c == '/') // in JSON text a slash only ever stands inside a string
            out += '\\';
        out += c;
    }
    return out;
}

std::string signature_header(std::string_view app_secret, std::string_view body)
{
    return "sha256=" + appsecret_proof(app_secret, body); // one construction, over other bytes
}

std::string appsecret_proof(std::string_view app_secret, std::string_view token)
{
    Digest digest{};
    unsigned int length = 0;
    HMAC(EVP_sha256(), app_secret.data(), static_cast<int>(app_secret.size()), bytes_of(token), token.size(),
         digest.data(), &length);
    return hex(digest);
}

std::string sha256_hex(std::string_view bytes)
{
    return hex(sha256(bytes));
}

std::string sha256_base64(std::string_view bytes)
{
    auto const digest = sha256(bytes);
    return base64(digest.data(), digest.size());
}

std::string random_hex(std::size_t bytes)
{
    return hex(random_bytes(bytes));
}

std::string random_digits(std::size_t digits)
{
    std::string out;
    while (out.size() < digits) {
        for (auto const byte : random_bytes(digits))
            if (byte < 250 && out.size() < digits) // 250 = 25 * 10: no digit is likelier than another
                out += static_cast<char>('0' + byte % 10);
    }
    return out;
}

std::string new_message_id()
{
    auto const raw = random_bytes(30);
    return "wamid." + base64(raw.data(), raw.size());
}

std::uint64_t random_number()
{
    auto const raw = random_bytes(sizeof(std::uint64_t));
    std::uint64_t out = 0;
    std::memcpy(&out, raw.data(), sizeof out);
    return out;
}

} // namespace deskbridge::simulator
