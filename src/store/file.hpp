#pragma once

#include "deskbridge/core/result.hpp"

#include <filesystem>
#include <string_view>

#include <unistd.h>

namespace deskbridge::store {

/// A file descriptor that is closed at the end.
class Descriptor {
public:
    explicit Descriptor(int fd) noexcept : fd_{fd} {}
    ~Descriptor()
    {
        if (fd_ >= 0)
            ::close(fd_);
    }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;
    [[nodiscard]] int get() const noexcept { return fd_; }

private:
    int fd_;
};

/// Fault::storage: "cannot <what> <file>: <what errno `code` means>".
[[nodiscard]] Error file_error(std::string_view what, std::filesystem::path const& file, int code);

/// The folder that a file stands in; "." for a bare name.
[[nodiscard]] std::filesystem::path folder_of(std::filesystem::path const& file);

/// What was written to a file, or the names in a folder, survive a power cut from here on. Errors: storage.
[[nodiscard]] Result<void> sync_path(std::filesystem::path const& path);

} // namespace deskbridge::store
