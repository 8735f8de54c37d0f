#include "deskbridge/api/content.hpp"

#include "problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>

namespace deskbridge::api {
namespace {

constexpr std::size_t piece = 64u << 10;

struct CloseFile {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::shared_ptr<std::FILE>;

/// Null: it is not there, or not of this size.
std::FILE* open_whole(std::filesystem::path const& place, std::uint64_t size)
{
    std::error_code ec;
    return std::filesystem::file_size(place, ec) == size && !ec ? std::fopen(place.c_str(), "rbe") : nullptr;
}

boost::asio::awaitable<std::optional<std::string>> next_piece(File file, async::Pool& pool)
{
    auto read = [&file] {
        std::string bytes(piece, '\0');
        bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file.get()));
        return bytes;
    };
    auto bytes = co_await pool.run(read);
    if (bytes.empty())
        co_return std::nullopt;
    co_return std::move(bytes);
}

bool is_plain(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

} // namespace

std::string render_disposition(std::string_view file_name)
{
    std::string ascii;
    std::string encoded;
    for (char const c : file_name) {
        ascii += is_plain(c) || c == ' ' ? c : '_';
        encoded += is_plain(c) ? std::string{c} : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    if (file_name.empty())
        return "attachment";
    return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", ascii, encoded);
}

boost::asio::awaitable<net::Reply> content_of(store::Attachment const& attachment, store::MediaFolder const& folder, async::Pool& pool)
{
    auto const& media = attachment.media;
    auto const place = folder.place_of(media.sha256);
    auto open = [&] { return place ? open_whole(*place, media.size) : nullptr; };
    auto* const opened = co_await pool.run(open);
    if (!opened)
        co_return net::Reply{problem_of(Error{Fault::not_found, "the file is not in the media folder, or not whole: copy it back from a backup"})};
    File const file{opened, CloseFile{}};
    HttpResponse head;
    head.headers.add("Content-Type", media.content_type);
    head.headers.add("Content-Disposition", render_disposition(media.reference.file_name));
    head.headers.add("X-Content-Type-Options", "nosniff");
    head.headers.add("Content-Security-Policy", "default-src 'none'; sandbox");
    head.headers.add("Cross-Origin-Resource-Policy", "same-origin");
    head.headers.add("Cache-Control", "private, no-store");
    co_return net::Reply{std::move(head), [file, &pool] { return next_piece(file, pool); }, media.size};
}

} // namespace deskbridge::api
