#pragma once

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace fault {

/// `--name value` pairs of a test tool. Nothing is taken that the usage does not name: a misspelt option must not run something else.
class Arguments {
public:
    /// @param usage  how it is called, and what it does. Ends the process with it: at `--help`, 0; at an error, 2.
    Arguments(int argc, char** argv, std::string_view usage) : words_(argv + 1, argv + argc), usage_{usage}
    {
        for (std::size_t i = 0; i < words_.size(); i += 2) {
            if (words_[i] == "--help") {
                std::fputs(usage_.c_str(), stdout);
                std::exit(0);
            }
            if (!words_[i].starts_with("--") || !names(words_[i]))
                refuse(words_[i] + ": no such option");
            if (i + 1 == words_.size())
                refuse(words_[i] + ": a value is missing");
        }
    }
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
        int value = otherwise;
        auto const* const end = word.data() + word.size();
        auto const [stopped, error] = std::from_chars(word.data(), end, value);
        if (!word.empty() && (error != std::errc{} || stopped != end))
            refuse(std::string{name} + ": found \"" + word + "\", expected a whole number");
        return value;
    }

private:
    /// `[--name VALUE]`, `--name VALUE` or `[--name VALUE [--other …]]`
    [[nodiscard]] bool names(std::string const& option) const
    {
        auto const at = usage_.find(option + ' ');
        return at != std::string::npos && (usage_[at - 1] == ' ' || usage_[at - 1] == '[');
    }
    [[noreturn]] void refuse(std::string const& why) const
    {
        std::fprintf(stderr, "%s\n\n%s", why.c_str(), usage_.c_str());
        std::exit(2);
    }

    std::vector<std::string> words_;
    std::string usage_;
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
