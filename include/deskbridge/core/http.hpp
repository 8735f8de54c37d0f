#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deskbridge {

/// Header fields in the order they came. Names compare without case (ASCII).
class Headers {
public:
    Headers() = default;
    Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_(fields) {}

    /// The value if the name occurs exactly once; a repeated header answers nullopt, as does a missing one.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
    [[nodiscard]] std::size_t count(std::string_view name) const noexcept;
    void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
    /// Replaces every field of that name by this one.
    void set(std::string_view name, std::string value);
    [[nodiscard]] auto begin() const noexcept { return fields_.begin(); }
    [[nodiscard]] auto end() const noexcept { return fields_.end(); }

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

/// A request as a value; the same type on both sides of the wire.
///
/// As a client's request `target` is an absolute URL (https://host/path?query); as a server's it is the origin form.
struct HttpRequest {
    std::string method{"GET"};
    std::string target;
    Headers headers;
    std::string body;
};

struct HttpResponse {
    int status{200};
    Headers headers;
    std::string body;
};

/// The path of an origin-form target, without the query; not decoded.
[[nodiscard]] std::string_view path_of(std::string_view target) noexcept;

/// One decoded query parameter ('+' and %XX understood); nullopt if absent, repeated or badly encoded.
[[nodiscard]] std::optional<std::string> query_parameter(std::string_view target, std::string_view name);

} // namespace deskbridge
