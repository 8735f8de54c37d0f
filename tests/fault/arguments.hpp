#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace fault {

/// `--name value` pairs of a test tool.
class Arguments {
public:
    Arguments(int argc, char** argv) : words_(argv + 1, argv + argc) {}
    [[nodiscard]] std::string text(std::string_view name, std::string const& otherwise = {}) const
    {
        for (std::size_t i = 0; i + 1 < words_.size(); i += 2)
            if (words_[i] == name)
                return words_[i + 1];
        return otherwise;
    }
    [[nodiscard]] int number(std::string_view name, int otherwise) const
    {
        auto const word = text(name);
        return word.empty() ? otherwise : std::stoi(word);
    }

private:
    std::vector<std::string> words_;
};

/// A folder that is removed at the end, unless KEEP_STATE is set.
class ScratchFolder {
public:
    ScratchFolder()
    {
        auto shape = (std::filesystem::temp_directory_path() / "deskbridge-XXXXXX").string();
        if (!::mkdtemp(shape.data()))
            throw std::runtime_error("no scratch folder");
        path_ = shape;
    }
    ~ScratchFolder()
    {
        std::error_code ignored;
        if (!std::getenv("KEEP_STATE"))
            std::filesystem::remove_all(path_, ignored);
    }
    ScratchFolder(ScratchFolder const&) = delete;
    ScratchFolder& operator=(ScratchFolder const&) = delete;
    [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace fault
