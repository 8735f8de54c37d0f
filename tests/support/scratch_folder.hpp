#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace deskbridge::test {

/// A folder of one test's own, removed at its end.
class ScratchFolder {
public:
    ScratchFolder()
    {
        auto shape = (std::filesystem::temp_directory_path() / "deskbridge-test-XXXXXX").string();
        if (!::mkdtemp(shape.data()))
            throw std::runtime_error("no scratch folder");
        path_ = shape;
    }
    ~ScratchFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    ScratchFolder(ScratchFolder const&) = delete;
    ScratchFolder& operator=(ScratchFolder const&) = delete;

    [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }
    /// Writes a file and answers its path.
    [[nodiscard]] std::filesystem::path write(std::string_view name, std::string_view bytes) const
    {
        auto const file = path_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream{file, std::ios::binary} << bytes;
        return file;
    }

private:
    std::filesystem::path path_;
};

} // namespace deskbridge::test
