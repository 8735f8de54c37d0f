#include "deskbridge/store/media_folder.hpp"

#include "disk_guard.hpp"
#include "file.hpp"

#include "deskbridge/core/ascii.hpp"
#include "deskbridge/core/media.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace deskbridge::store {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t hash_length = 64;
constexpr auto incoming = "incoming";

Error disk_error(char const* what, int number)
{
    return {Fault::storage, std::string{what} + ": " + std::generic_category().message(number)};
}

/// Durable itself: a folder whose own name was lost would take its files along.
Result<void> make_folder(fs::path const& folder)
{
    if (::mkdir(folder.c_str(), 0700) != 0) {
        if (errno == EEXIST)
            return {};
        return disk_error("a media folder cannot be made", errno);
    }
    return sync_path(folder_of(folder));
}

struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

} // namespace

struct MediaDraft::State {
    State(MediaFolder in, fs::path at, int descriptor) : folder{std::move(in)}, path{std::move(at)}, fd{descriptor} {}

    MediaFolder folder;
    fs::path path;
    Descriptor fd;
    std::unique_ptr<EVP_MD_CTX, FreeDigest> digest{EVP_MD_CTX_new()};
    std::string head{};
    std::string sha256{};
    std::uint64_t size{0};
    int failure{0}; ///< errno of the write that failed

    bool write_all(std::string_view bytes)
    {
        while (!bytes.empty() && failure == 0) {
            auto const written = ::write(fd.get(), bytes.data(), bytes.size());
            if (written > 0)
                bytes.remove_prefix(static_cast<std::size_t>(written));
            else if (errno != EINTR)
                failure = written == 0 ? ENOSPC : errno;
        }
        return failure == 0;
    }
};

MediaDraft::MediaDraft(std::unique_ptr<State> state) noexcept : state_{std::move(state)} {}
MediaDraft::MediaDraft(MediaDraft&& other) noexcept = default;

MediaDraft::~MediaDraft()
{
    if (state_ && !state_->path.empty())
        ::unlink(state_->path.c_str());
}

bool MediaDraft::append(std::string_view bytes)
{
    auto& state = *state_;
    if (!state.write_all(bytes) || EVP_DigestUpdate(state.digest.get(), bytes.data(), bytes.size()) != 1)
        return false;
    state.size += bytes.size();
    if (state.head.size() < sniffed_bytes)
        state.head += bytes.substr(0, sniffed_bytes - state.head.size());
    return true;
}

std::uint64_t MediaDraft::size() const noexcept
{
    return state_->size;
}

std::string_view MediaDraft::head() const noexcept
{
    return state_->head;
}

std::string MediaDraft::read(std::uint64_t at, std::size_t size) const
{
    std::string bytes(size, '\0');
    auto const got = ::pread(state_->fd.get(), bytes.data(), size, static_cast<off_t>(at));
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

std::string const& MediaDraft::sha256()
{
    if (state_->sha256.empty()) {
        std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
        unsigned length = 0;
        if (EVP_DigestFinal_ex(state_->digest.get(), bytes.data(), &length) == 1)
            state_->sha256 = render_hex(std::span{bytes}.first(length));
    }
    return state_->sha256;
}

Result<void> MediaDraft::keep()
{
    auto& state = *state_;
    if (state.failure != 0)
        return disk_error("a file cannot be written", state.failure);
    auto const place = state.folder.place_of(sha256());
    if (!place)
        return Error{Fault::storage, "SHA-256 is not available"};
    if (::fsync(state.fd.get()) != 0)
        return disk_error("a file cannot be synced", errno);
    if (auto const made = make_folder(place->parent_path()); !made)
        return made;
    // As new as if it had been written: who removes old content leaves it alone, see `discard`.
    struct stat there {};
    bool const known = ::utimensat(AT_FDCWD, place->c_str(), nullptr, 0) == 0 && ::stat(place->c_str(), &there) == 0 &&
                       static_cast<std::uint64_t>(there.st_size) == state.size;
    if (!known) {
        if (::rename(state.path.c_str(), place->c_str()) != 0)
            return disk_error("a file cannot be given its name", errno);
        state.path.clear();
    }
    // Also for what was there: the run that wrote it may have ended before this step.
    return sync_path(place->parent_path());
}

Result<std::size_t> MediaFolder::prepare() const
{
    std::error_code ec;
    if (path_.has_parent_path())
        fs::create_directories(path_.parent_path(), ec);
    for (auto const& folder : {path_, path_ / incoming})
        if (auto const made = make_folder(folder); !made)
            return Error{Fault::storage, folder.string() + ": " + made.error().detail};
    std::size_t removed = 0;
    fs::directory_iterator left{path_ / incoming, ec};
    while (!ec && left != fs::directory_iterator{}) {
        removed += fs::remove(left->path(), ec) ? 1U : 0U;
        if (!ec)
            left.increment(ec); // ++ throws
    }
    if (ec)
        return Error{Fault::storage, (path_ / incoming).string() + ": " + ec.message()};
    return removed;
}

Result<MediaDraft> MediaFolder::draft() const
{
    auto path = (path_ / incoming / "XXXXXX").string();
    int const fd = ::mkostemp(path.data(), O_CLOEXEC);
    if (fd < 0)
        return disk_error("no file can be made in the media folder", errno);
    auto state = std::make_unique<MediaDraft::State>(*this, path, fd);
    if (!state->digest || EVP_DigestInit_ex(state->digest.get(), EVP_sha256(), nullptr) != 1)
        return Error{Fault::storage, "SHA-256 is not available"};
    return MediaDraft{std::move(state)};
}

std::optional<fs::path> MediaFolder::place_of(std::string_view sha256) const
{
    bool const hash = sha256.size() == hash_length && sha256.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    if (!hash)
        return std::nullopt;
    return path_ / sha256.substr(0, 2) / sha256.substr(2);
}

namespace {

/// nullopt: there is no such file.
std::optional<Timestamp> written_at(fs::path const& file)
{
    struct stat there {};
    if (::stat(file.c_str(), &there) != 0)
        return std::nullopt;
    return from_ms(static_cast<std::int64_t>(there.st_mtim.tv_sec) * 1000 + there.st_mtim.tv_nsec / 1'000'000);
}

} // namespace

Result<bool> MediaFolder::discard(std::string_view sha256, Timestamp since) const
{
    auto const place = place_of(sha256);
    if (!place)
        return true;
    auto const written = written_at(*place);
    if (!written)
        return true;
    if (*written >= since)
        return false;
    // Out of the way first: whoever keeps the same content now either was seen above or below, or finds nothing and writes it anew.
    auto const aside = path_ / incoming / sha256;
    if (::rename(place->c_str(), aside.c_str()) != 0)
        return errno == ENOENT ? Result<bool>{true} : Result<bool>{disk_error("a file cannot be moved", errno)};
    if (written_at(aside).value_or(Timestamp{}) >= since) {
        if (::rename(aside.c_str(), place->c_str()) != 0)
            return disk_error("a file cannot be moved back", errno);
        return false;
    }
    if (::unlink(aside.c_str()) != 0 && errno != ENOENT)
        return disk_error("a file cannot be removed", errno);
    return true;
}

std::optional<std::uint64_t> MediaFolder::free_space() const noexcept
{
    return store::free_space(path_);
}

} // namespace deskbridge::store
