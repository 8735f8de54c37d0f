#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fault {

/// Something that must not be found where it does not belong.
struct Canary {
    enum class Of { operators, customers };
    std::string name;
    std::string value;
    Of whose{Of::operators};
};

/// A part of a canary as it may stand somewhere.
struct Disguise {
    std::string_view name; ///< "plain", "hex", "base64", "base64url", "URL-encoded", "JSON-escaped"
    std::string text;
    bool any_case{true};
};
/// Every part of twelve bytes, so that a piece of a secret counts as well, in every encoding that changes it.
[[nodiscard]] std::vector<Disguise> disguises_of(std::string_view value);

/// Bytes that canaries are looked for in.
class Haystack {
public:
    explicit Haystack(std::string bytes);
    [[nodiscard]] std::string const& bytes() const noexcept { return bytes_; }
    [[nodiscard]] bool holds(Disguise const& disguise) const;
    /// "" or how and where it was found: "base64 at 1234".
    [[nodiscard]] std::string sighting(Canary const& canary) const;

private:
    [[nodiscard]] std::size_t find(Disguise const& disguise) const;
    std::string bytes_;
    std::string folded_;
};

} // namespace fault
