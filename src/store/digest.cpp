#include "digest.hpp"

#include "deskbridge/store/store.hpp"

#include <openssl/evp.h>

#include <array>

namespace deskbridge::store {

std::string sha256(std::string_view bytes)
{
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        throw Rollback{{Fault::storage, "SHA-256 is not available"}};
    return {digest.begin(), digest.end()};
}

} // namespace deskbridge::store
