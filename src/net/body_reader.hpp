#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace deskbridge::net {

/// Beast's request parser, fed with bytes. It is the second opinion on the header block that the guard has passed, and
/// it takes the body. Threads: the reactor.
class BodyReader {
public:
    /// What is made ready for a body at once; from there on it costs what has come of it, at most twice.
    static constexpr std::size_t first_piece = 16u << 10;

    /// `max_header` in bytes; `content_length` is what the guard has read.
    BodyReader(std::size_t max_header, std::uint64_t content_length);
    ~BodyReader();
    BodyReader(BodyReader const&) = delete;
    BodyReader& operator=(BodyReader const&) = delete;

    /// Does Beast accept the block, and see a body of exactly that length?
    [[nodiscard]] bool take_head(std::string_view block);
    /// Takes what belongs to the body; answers how many bytes that was. 0 although there were some: refused.
    [[nodiscard]] std::size_t take_body(std::string_view bytes);
    [[nodiscard]] bool done() const;
    [[nodiscard]] std::size_t memory() const; ///< bytes that the body takes up now
    [[nodiscard]] std::string body() &&;
    /// What has come since it was called last, for bodies that are not kept; it is the reader's until the next call.
    [[nodiscard]] std::string_view piece();

private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
    std::string piece_;
    std::uint64_t content_length_;
};

} // namespace deskbridge::net
