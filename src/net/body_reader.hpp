#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace deskbridge::net {

/// Beast's request parser, fed with bytes. It is the second opinion on the header block that the guard has passed, and
/// it takes the body. Threads: the reactor.
class BodyReader {
public:
    /// What is made ready for a body at once; from there on it costs what has come of it, at most twice.
    static constexpr std::size_t first_piece = 16u << 10;

    /// `max_header` in bytes; `content_length` is what the guard has read, nullopt: the body comes in chunks.
    BodyReader(std::size_t max_header, std::optional<std::uint64_t> content_length);
    ~BodyReader();
    BodyReader(BodyReader const&) = delete;
    BodyReader& operator=(BodyReader const&) = delete;

    /// Does Beast accept the block, and see a body of exactly that length?
    [[nodiscard]] bool take_head(std::string_view block);
    /// How large a body in chunks may become.
    void limit(std::uint64_t max_body);
    /// Takes what belongs to the body; answers how many bytes that was, 0: they are part of something that needs more. nullopt:
    /// refused.
    [[nodiscard]] std::optional<std::size_t> take_body(std::string_view bytes);
    [[nodiscard]] bool too_large() const noexcept { return too_large_; } ///< that is why
    [[nodiscard]] bool done() const;
    [[nodiscard]] std::size_t memory() const; ///< bytes that the body takes up now
    [[nodiscard]] std::string body() &&;
    /// What has come since it was called last, for bodies that are not kept; it is the reader's until the next call.
    [[nodiscard]] std::string_view piece();

private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
    std::string piece_;
    std::optional<std::uint64_t> content_length_;
    bool too_large_{false};
};

} // namespace deskbridge::net
