#include "line_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <unistd.h>
#include <utility>

namespace deskbridge::simulator {
namespace {

Error storage_error(std::string const& what, std::filesystem::path const& path)
{
    return Error{Fault::storage, what + " " + path.string() + ": " + std::strerror(errno)};
}

bool write_all(int descriptor, std::string_view bytes) noexcept
{
    while (!bytes.empty()) {
        auto const written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR)
                continue;
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

/// Answers how many bytes belong to finished lines.
std::size_t read_lines(std::filesystem::path const& path, std::function<void(Json const&)> const& each)
{
    std::ifstream in{path, std::ios::binary};
    std::size_t whole = 0;
    for (std::string line; std::getline(in, line) && !in.eof();) {
        whole += line.size() + 1;
        if (auto const doc = parse_json(line))
            each(*doc);
    }
    return whole;
}

} // namespace

Result<LineFile> LineFile::open(std::filesystem::path const& path, bool sync,
                                std::function<void(Json const&)> const& each)
{
    auto const whole = read_lines(path, each);
    int const descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return storage_error("cannot open", path);
    LineFile file{descriptor, sync};
    if (::ftruncate(descriptor, static_cast<off_t>(whole)) != 0 || ::lseek(descriptor, 0, SEEK_END) < 0)
        return storage_error("cannot repair", path);
    return file;
}

LineFile::LineFile(LineFile&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)}, sync_{other.sync_}, healthy_{other.healthy_}
{
}

LineFile::~LineFile()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

void LineFile::append(Json const& line)
{
    if (!healthy_)
        return;
    auto const bytes = render_json(line) + '\n';
    healthy_ = write_all(descriptor_, bytes) && (!sync_ || ::fdatasync(descriptor_) == 0);
}

Result<void> write_file(std::filesystem::path const& path, std::string_view bytes, bool sync)
{
    auto beside = path;
    beside += ".new";
    int const descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return storage_error("cannot open", beside);
    bool const written = write_all(descriptor, bytes) && (!sync || ::fsync(descriptor) == 0);
    ::close(descriptor);
    if (!written || ::rename(beside.c_str(), path.c_str()) != 0)
        return storage_error("cannot write", path);
    return {};
}

std::optional<std::string> read_file(std::filesystem::path const& path)
{
    std::ifstream in{path, std::ios::binary};
    if (!in)
        return std::nullopt;
    return std::string{std::istreambuf_iterator<char>{in}, {}};
}

} // namespace deskbridge::simulator
