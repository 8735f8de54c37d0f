// plant ROOT INTO BUGS…
//
// Part of the build: copies every source that a bug names from the tree at ROOT to INTO, with the bugs in it.
#include "bug.hpp"

#include "support/read_file.hpp"

#include <cstdio>
#include <exception>
#include <fstream>
#include <set>
#include <stdexcept>

namespace fs = std::filesystem;

namespace {

void copy_with(std::vector<planted::Bug> const& bugs, std::string const& source, fs::path const& root, fs::path const& into)
{
    if (!fs::exists(root / source))
        throw std::runtime_error{"tests/fault/planted/bugs names " + source + ", and there is no such file"};
    auto const out = planted::plant(source, deskbridge::test::read_file(root / source), bugs);
    auto const file = into / source;
    if (fs::exists(file) && deskbridge::test::read_file(file) == out)
        return; // not newer: nothing is compiled again
    fs::create_directories(file.parent_path());
    std::ofstream{file, std::ios::binary} << out;
}

} // namespace

int main(int argc, char** argv)
{
    try {
        if (argc < 4)
            throw std::runtime_error{"give the tree, where the copies go, and the files of bugs"};
        auto const bugs = planted::read_bugs({argv + 3, argv + argc});
        std::set<std::string> sources;
        for (auto const& bug : bugs)
            for (auto const& place : bug.places)
                sources.insert(place.source);
        for (auto const& source : sources)
            copy_with(bugs, source, argv[1], argv[2]);
    } catch (std::exception const& error) {
        std::fprintf(stderr, "plant: %s\n", error.what());
        return 1;
    }
    return 0;
}
