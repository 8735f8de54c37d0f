#pragma once

#include "deskbridge/core/http.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace deskbridge::net {

/// Sizes in bytes; the header block includes the request line and the empty line.
struct GuardLimits {
    std::size_t max_target{8u << 10};
    std::size_t max_header{16u << 10};
    std::size_t max_fields{100};
    bool chunked{false}; ///< a body may come in chunks, of unknown length
};

/// Why a request is refused before anybody looks at what it asks. `reason` is a word for logs and metrics.
struct Refusal {
    int status{400};
    std::string_view reason;
    friend bool operator==(Refusal const&, Refusal const&) = default;
};

/// What a header block says, once nothing about it can be read in two ways.
struct Head {
    std::string method;
    std::string target; ///< origin-form, visible ASCII
    Headers headers;
    std::string host; ///< lower case, without port and brackets
    std::uint64_t content_length{0};
    bool chunked{false}; ///< there is a body, and its length is not known
    bool http11{true};
    bool keep_alive{true};
    bool expects_continue{false};
};

/// Finds the end of a header block that comes piece by piece, and refuses at the first byte that no honest client sends:
/// a control character, a bare CR or LF, an empty first line.
class HeadScanner {
public:
    explicit HeadScanner(GuardLimits const& limits) noexcept : limits_{limits} {}

    /// `bytes` is all that has come since the request's first byte; it only grows from call to call.
    /// Answers the length of the block with its empty line, 0 while it is incomplete, or the refusal (400, 414, 431).
    [[nodiscard]] std::variant<std::size_t, Refusal> scan(std::string_view bytes) noexcept;

private:
    GuardLimits limits_;
    std::size_t at_{0};
    std::size_t line_{0};
    bool first_line_{true};
};

/// Reads one complete header block strictly: what two HTTP implementations could understand differently is refused.
///
/// Refused besides bad syntax: anything but HTTP/1.0 and 1.1, a target that is not origin-form, a Host that is missing,
/// repeated, malformed or not among `hosts` (if any are given), every Transfer-Encoding (411 for a plain chunked body, unless `limits.chunked`),
/// a Content-Length that is repeated, a list or not plain digits, a body where none belongs, folded lines,
/// framing fields written with an underscore.
///
/// Errors:  the refusal, to be answered and followed by closing the connection.
/// Threads: pure; any thread.
/// Source:  RFC 9112 (HTTP/1.1) sections 2.2, 3, 5, 6, 11; read 2026-11-21.
[[nodiscard]] std::variant<Head, Refusal> inspect_head(std::string_view block, GuardLimits const& limits,
                                                       std::span<std::string const> hosts = {});

} // namespace deskbridge::net
