#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace deskbridge::app {

/// A file that is written beside its target, under a name of its own making and readable by its user alone, and renamed when it is whole.
/// Whatever ends the command before, but SIGKILL, takes it away. One at a time.
class PartFile {
public:
    explicit PartFile(std::filesystem::path target);
    ~PartFile();
    PartFile(PartFile const&) = delete;
    PartFile& operator=(PartFile const&) = delete;

    [[nodiscard]] bool good() const noexcept { return file_ != nullptr; }
    /// False: it could not be written.
    bool append(std::string_view bytes) noexcept;
    /// It has its name now; answers its size. nullopt: it could not be written or renamed.
    [[nodiscard]] std::optional<std::uint64_t> keep();

private:
    struct Close {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    std::filesystem::path target_;
    std::string name_;
    std::unique_ptr<std::FILE, Close> file_;
    std::uint64_t bytes_{0};
};

} // namespace deskbridge::app
