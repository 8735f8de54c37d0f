#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace deskbridge::test {

/// All bytes of a file, also of one that is still growing; "" if it cannot be read.
inline std::string read_file(std::filesystem::path const& file)
{
    std::ifstream in{file, std::ios::binary};
    std::error_code none;
    auto const size = std::filesystem::file_size(file, none);
    std::string bytes(none ? 0 : size, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    for (char more; in.get(more);)
        bytes += more;
    return bytes;
}

} // namespace deskbridge::test
