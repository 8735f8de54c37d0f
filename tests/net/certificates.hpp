#pragma once

#include <chrono>
#include <memory>
#include <string>

namespace deskbridge::test {

/// What a certificate says.
struct CertificateParts {
    std::string common_name{"localhost"};
    std::string alternative_names{"DNS:localhost,IP:127.0.0.1"};
    std::chrono::seconds valid_from{-3600}; ///< from now
    std::chrono::seconds valid_to{3600};
};

/// PEM texts.
struct Certificate {
    std::string certificate;
    std::string key;
};

/// A certificate authority of one test's own (P-256).
class Authority {
public:
    Authority();
    ~Authority();
    Authority(Authority const&) = delete;
    Authority& operator=(Authority const&) = delete;

    [[nodiscard]] std::string certificate() const;
    [[nodiscard]] Certificate issue(CertificateParts const& parts = {}) const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

/// Signed by itself, not by anybody whom a client knows.
[[nodiscard]] Certificate self_signed(CertificateParts const& parts = {});

} // namespace deskbridge::test
