#include "support/read_file.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

/// What holds for the tree as a whole, read as text.

namespace {

namespace fs = std::filesystem;

fs::path const root{DESKBRIDGE_SOURCE_DIR};
using Lines = std::vector<std::string>;

bool is_code(fs::path const& file)
{
    return file.extension() == ".cpp" || file.extension() == ".hpp";
}

bool is_text(fs::path const& file)
{
    static std::set<std::string> const kinds{".cpp", ".hpp", ".md", ".txt", ".json", ".toml", ".sql", ".yaml", ".cmake", ".sh",
                                             ".service", ".html", ".css", ".js", ""};
    return kinds.count(file.extension().string()) == 1;
}

/// Every file below the named folders, relative to the tree.
std::vector<fs::path> files_below(std::vector<std::string> const& folders)
{
    std::vector<fs::path> out;
    for (auto const& folder : folders)
        for (auto const& entry : fs::recursive_directory_iterator{root / folder})
            if (entry.is_regular_file())
                out.push_back(fs::relative(entry.path(), root));
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<fs::path> const& all_files()
{
    static auto const all = [] {
        auto out = files_below({"include", "src", "channels", "schemas", "config", "tests", "deploy", "docs", "cmake", "examples"});
        for (auto const* name : {"CMakeLists.txt", "CMakePresets.json", "Makefile", "README.md"})
            out.emplace_back(name);
        return out;
    }();
    return all;
}

std::string bytes_of(fs::path const& file)
{
    return deskbridge::test::read_file(root / file);
}

Lines lines_of(fs::path const& file)
{
    std::ifstream in{root / file};
    Lines lines;
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

/// The longest function body of a file, in lines between its braces. The house style sets a function's opening brace alone
/// on its line and its closing one in the same column; that of a type or a namespace stands behind its name.
std::size_t longest_body(Lines const& lines)
{
    std::size_t longest = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        auto const column = lines[i].find('{');
        if (column == std::string::npos || lines[i].find_first_not_of(' ') != column || lines[i].size() != column + 1)
            continue;
        auto const closing = std::string(column, ' ') + "}";
        for (auto j = i + 1; j < lines.size(); ++j)
            if (lines[j].starts_with(closing)) {
                longest = std::max(longest, j - i - 1);
                break;
            }
    }
    return longest;
}

/// The files and folders that a page names: targets of its links, and paths in backticks.
std::set<std::string> named_paths(std::string const& page)
{
    static std::regex const link{R"(\]\(([^)#: ]+)(#[^)]*)?\))"};
    static std::regex const code{R"(`((?:src|include|channels|schemas|config|tests|deploy|docs|cmake|examples)/[A-Za-z0-9_./-]*)`)"};
    std::set<std::string> out;
    for (std::sregex_iterator at{page.begin(), page.end(), link}, end; at != end; ++at)
        out.insert(at->str(1));
    for (std::sregex_iterator at{page.begin(), page.end(), code}, end; at != end; ++at)
        out.insert("/" + at->str(1)); // from the top of the tree
    return out;
}

} // namespace

TEST_CASE("tree: a file has 300 lines at most")
{
    for (auto const& file : all_files())
        if (is_code(file)) {
            INFO(file);
            CHECK(lines_of(file).size() <= 300);
        }
}

TEST_CASE("tree: a function has 40 lines at most")
{
    REQUIRE(longest_body({"int f()", "{", "    if (x) {", "        y();", "    }", "    return 1;", "}", "struct A {", "    int g()", "    {", "    }", "};"}) == 4);
    for (auto const& file : files_below({"include", "src", "channels"}))
        if (is_code(file)) {
            INFO(file);
            CHECK(longest_body(lines_of(file)) <= 40);
        }
}

TEST_CASE("tree: what a page names is there")
{
    REQUIRE(named_paths("[a](b/c.md#d) `src/x.cpp` `src/<name>.cpp` [u](https://e.org) `make`") == std::set<std::string>{"b/c.md", "/src/x.cpp"});
    for (auto const& file : all_files()) {
        if (file.extension() != ".md")
            continue;
        for (auto const& path : named_paths(bytes_of(file))) {
            INFO(file << " names " << path);
            CHECK(fs::exists(path.front() == '/' ? root / path.substr(1) : root / file.parent_path() / path));
        }
    }
}

TEST_CASE("tree: nothing names the machine on which it was written")
{
    std::regex const machine{R"((/(home|Users)/[A-Za-z]+/|/(root)/[a-z.]))"};
    auto const here = root.lexically_normal().string();
    bool const telling = std::count(here.begin(), here.end(), '/') > 1; // a folder at the top may be called as anything else
    for (auto const& file : all_files()) {
        if (!is_text(file))
            continue;
        auto const text = bytes_of(file);
        INFO(file);
        CHECK_FALSE(std::regex_search(text, machine));
        CHECK_FALSE((telling && text.find(here + "/") != std::string::npos));
    }
}
