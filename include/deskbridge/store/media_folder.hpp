#pragma once

#include "deskbridge/core/result.hpp"
#include "deskbridge/core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace deskbridge::store {

/// A file on its way into the media folder. Unless it is kept it leaves nothing behind.
/// Threads: one at a time.
class MediaDraft {
public:
    ~MediaDraft();
    MediaDraft(MediaDraft&& other) noexcept;
    MediaDraft& operator=(MediaDraft&&) = delete;

    /// Into the page cache, and into the hash. False: the disk refused; `keep` then says so too.
    bool append(std::string_view bytes);
    [[nodiscard]] std::uint64_t size() const noexcept;
    /// Its first bytes: as many as `sniff_type` looks at.
    [[nodiscard]] std::string_view head() const noexcept;
    /// What stands there of what was appended; "" where the disk refuses.
    [[nodiscard]] std::string read(std::uint64_t at, std::size_t size) const;
    /// Lower hex. The draft is complete: nothing is appended after it.
    [[nodiscard]] std::string const& sha256();
    /// Synced, named by its hash, its folder synced: when it answers, the file survives power loss. Content that is there
    /// already is kept once. Blocks for as long as the disk takes. Errors: storage.
    [[nodiscard]] Result<void> keep();

private:
    friend class MediaFolder;
    struct State;
    explicit MediaDraft(std::unique_ptr<State> state) noexcept;
    std::unique_ptr<State> state_;
};

/// Where the files lie that came with messages: `ab/cdef…`, each named by the SHA-256 of its bytes, and written once.
/// What is being written lies in `incoming/` and is nobody's before it has its name.
/// Threads: any.
class MediaFolder {
public:
    explicit MediaFolder(std::filesystem::path path) : path_{std::move(path)} {}

    /// Makes the folder, and removes what an earlier run left unfinished; answers how many files that were. Errors: storage.
    [[nodiscard]] Result<std::size_t> prepare() const;
    /// Errors: storage.
    [[nodiscard]] Result<MediaDraft> draft() const;
    /// Where the content of that hash lies, or would lie; nullopt: this is no hash.
    [[nodiscard]] std::optional<std::filesystem::path> place_of(std::string_view sha256) const;
    /// Removes the content of that hash, which nothing refers to any more, unless somebody has kept it again since `since`. Answers whether
    /// it is gone. Blocks for as long as the disk takes. Errors: storage.
    [[nodiscard]] Result<bool> discard(std::string_view sha256, Timestamp since) const;
    /// Bytes that may still be written there; nullopt: the system does not say. Blocks for as long as the disk does.
    [[nodiscard]] std::optional<std::uint64_t> free_space() const noexcept;
    [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace deskbridge::store
