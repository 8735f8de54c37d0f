#include "digest.hpp"

#include "deskbridge/store/store.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>

namespace deskbridge::store {

std::string sha256(std::string_view bytes)
{
    // To look it up by its name takes as long as to use it.
    static std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> const hash{EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free};
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    if (!hash || EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, hash.get(), nullptr) != 1)
        throw Rollback{{Fault::storage, "SHA-256 is not available"}};
    return {digest.begin(), digest.end()};
}

} // namespace deskbridge::store
