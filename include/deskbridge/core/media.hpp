#pragma once

#include "deskbridge/core/time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace deskbridge {

/// Why a file that came with a message is not here (yet). The words are in the database, in events and in metrics.
enum class MediaProblem {
    unreachable,  ///< no complete answer, or a body that ended early
    busy,         ///< the provider asks for patience, or has a fault of its own
    credentials,  ///< our token is refused
    link_expired, ///< every link had expired when it was used
    damaged,      ///< the bytes are not those that the provider told of
    unreadable,   ///< an answer that says nothing that we understand
    gone,         ///< the provider does not have it (any more)
    expired,      ///< the time is over in which the provider keeps it
    too_big,      ///< larger than we take
    forbidden,    ///< the link leads where this channel's files do not lie
    unsupported,  ///< the channel has no way to fetch it
    storage,      ///< our own disk or database refused
};

[[nodiscard]] std::string_view render_media_problem(MediaProblem problem) noexcept;
[[nodiscard]] std::optional<MediaProblem> parse_media_problem(std::string_view word) noexcept;
/// A sentence for the agent who waits for the file; "" for an unknown word.
[[nodiscard]] std::string_view explain_media_problem(std::string_view word) noexcept;

/// One try to fetch a file that did not succeed.
struct FailedFetch {
    MediaProblem problem{};
    int failures{1};                ///< tries that have failed so far, this one included
    Timestamp received_at{};        ///< when the message came
    std::chrono::seconds life{};    ///< how long the provider keeps it, from then on
    std::chrono::seconds asked{0};  ///< the provider's own wish (Retry-After)
    Timestamp now{};
    std::uint64_t dice{0};          ///< uniformly random
};

/// What to do about it: another try at `next_at`, or none (`expired`: it is not to be had; `failed`: it was refused).
struct FetchVerdict {
    enum class What { wait, failed, expired };
    What what{What::wait};
    MediaProblem reason{};
    Timestamp next_at{};
    friend bool operator==(FetchVerdict const&, FetchVerdict const&) = default;
};

/// Full jitter from five seconds up to half an hour, while the provider keeps the file. What the provider denies or what
/// arrives damaged is asked for a few times more, for it may be that one of its servers does not know yet; what we
/// refuse ourselves is final at once. Pure; any thread.
[[nodiscard]] FetchVerdict judge_fetch(FailedFetch const& failed) noexcept;

/// What an answer to a download means that is no 2xx and no redirect.
[[nodiscard]] MediaProblem problem_of_download(int status) noexcept;

/// How many bytes of a file of that announced type are taken: `configured` at most, and less of those that are small by nature.
[[nodiscard]] std::uint64_t max_media_bytes(std::string_view announced_type, std::uint64_t configured) noexcept;

/// How many of a file's first bytes `sniff_type` wants to see.
inline constexpr std::size_t sniffed_bytes = 512;

/// What the first bytes say that it is: "image/jpeg", …, "application/zip", "text/plain"; "" if they say nothing.
/// Source: WHATWG, "MIME Sniffing" (2026-10), and the formats' own specifications.
[[nodiscard]] std::string_view sniff_type(std::string_view head) noexcept;

/// So many bytes of a file from there on; fewer where it ends.
using BytesAt = std::function<std::string(std::uint64_t at, std::size_t size)>;

/// What kinds of message ask of a file beyond its type: "512x512" or "512x512 animated" of a WebP image, "4000x3000" of a JPEG or PNG
/// image, "opus" (of one channel), "opus stereo" or "vorbis" of an Ogg file; "" if it does not say.
/// @param further  what stands behind its first bytes, where a JPEG file has its size if a camera's notes stand before it.
/// Source: Google, "WebP Container Specification"; RFC 6386 9.1 (VP8), RFC 7845 5.1 (Opus in Ogg); Vorbis I 4.2; ITU-T T.81 B (JPEG);
/// W3C, "Portable Network Graphics" 11.2.2.
[[nodiscard]] std::string form_of(std::string_view head, BytesAt const& further = {});

/// A picture's size in pixels.
struct PictureSize {
    std::uint32_t width{0};
    std::uint32_t height{0};
};
/// As `form_of` writes it; nullopt: this is no picture's form.
[[nodiscard]] std::optional<PictureSize> parse_picture_size(std::string_view form) noexcept;

/// What a file's name says that it is, by its ending: "application/vnd.openxmlformats-…" of "offer.docx"; "" if that says
/// nothing that its bytes would not say better.
[[nodiscard]] std::string_view type_of_name(std::string_view file_name) noexcept;

/// The type that a file is kept and served as: what its bytes say, if that fits what was announced, or if nothing in
/// particular was; "application/octet-stream" if the two contradict each other. Never a type that a browser runs.
[[nodiscard]] std::string_view kept_type(std::string_view announced_type, std::string_view head) noexcept;

} // namespace deskbridge
