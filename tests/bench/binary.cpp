#include "items.hpp"

#include "support/read_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

namespace bench {
namespace {

std::string told_by(Ground const& ground, std::string const& command)
{
    auto const out = ground.folder("told");
    if (std::system(fmt::format("{} >'{}'", command, out.string()).c_str()) != 0)
        throw std::runtime_error("failed: " + command);
    return deskbridge::test::read_file(out);
}

/// Full names of the libraries that the loader finds for it.
std::vector<std::string> libraries_of(Ground const& ground)
{
    std::vector<std::string> out;
    std::istringstream lines{told_by(ground, fmt::format("ldd '{}'", ground.program.string()))};
    for (std::string line; std::getline(lines, line);)
        if (auto const at = line.find("=> /"); at != std::string::npos)
            out.push_back(line.substr(at + 3, line.find(' ', at + 3) - at - 3));
    return out;
}

/// /lib is a link to /usr/lib, and packages know their files by either name.
bool packaged(std::string const& library)
{
    auto const name = std::filesystem::path{library}.filename().string();
    return std::system(fmt::format("dpkg -S '*/{}' >/dev/null 2>&1", name).c_str()) == 0;
}

} // namespace

Items measure_binary(Ground& ground, Syncs&)
{
    auto const stripped = ground.folder("stripped");
    (void)told_by(ground, fmt::format("strip -o '{}' '{}'", stripped.string(), ground.program.string()));
    auto const libraries = libraries_of(ground);
    auto const foreign = std::count_if(libraries.begin(), libraries.end(), [](auto const& library) { return !packaged(library); });
    Series const size{"stripped", "MB", {static_cast<double>(std::filesystem::file_size(stripped)) / 1e6}};
    Series const all{"shared libraries", "", {static_cast<double>(libraries.size())}};
    Series const strange{"of these, in no Debian package", "", {static_cast<double>(foreign)}};
    return {{"binary", "The binary", "One file; its libraries as ldd(1) lists them, their packages as dpkg(1) knows them.", {size, all, strange},
             {{"stripped", size.median(), false, 15, "MB"}, {"libraries in no Debian package", strange.median(), false, 0, ""}}}};
}

} // namespace bench
