#include "control_client.hpp"
#include "terminal.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace deskbridge::app {

namespace asio = boost::asio;

namespace {

constexpr std::size_t file_piece = 64u << 10;

struct CloseFile {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using OpenFile = std::unique_ptr<std::FILE, CloseFile>;

/// A command has nothing else to do while it reads.
asio::awaitable<std::string> read_piece(std::FILE* file)
{
    std::string bytes(file_piece, '\0');
    bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file));
    co_return bytes;
}

OpenFile open_file(std::filesystem::path const& path, net::Upload& upload)
{
    std::error_code ec;
    if (!std::filesystem::is_regular_file(path, ec))
        throw WrongUsage(fmt::format("{}: {}", safe(path.string()), ec ? ec.message() : "is no file"));
    upload.size = std::filesystem::file_size(path, ec);
    OpenFile file{std::fopen(path.c_str(), "rbe")};
    if (!file || ec)
        throw WrongUsage(fmt::format("{} cannot be read: {}", safe(path.string()), ec ? ec.message() : std::generic_category().message(errno)));
    if (upload.size == 0)
        throw WrongUsage(fmt::format("{} is empty", safe(path.string())));
    upload.next = [handle = file.get()] { return read_piece(handle); };
    return file;
}

} // namespace

std::optional<nlohmann::ordered_json> ControlClient::post_file(std::string const& target, std::filesystem::path const& path)
{
    net::Upload upload;
    auto const file = open_file(path, upload);
    HttpRequest request;
    request.method = "POST";
    request.target = target;
    return exchange(request, &upload);
}

} // namespace deskbridge::app
