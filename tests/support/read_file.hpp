#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>

namespace deskbridge::test {

/// All bytes of a file, also of one that is still growing; nullopt: it cannot be opened, or not be read to its end.
inline std::optional<std::string> try_read_file(std::filesystem::path const& file)
{
    std::ifstream in{file, std::ios::binary};
    if (!in)
        return std::nullopt;
    std::error_code failed;
    auto const size = std::filesystem::file_size(file, failed);
    std::string bytes(failed ? 0 : size, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    for (char more; in.get(more);)
        bytes += more;
    return in.bad() ? std::nullopt : std::optional{std::move(bytes)};
}

/// The same of a file that must be there. Throws: std::runtime_error.
inline std::string read_file(std::filesystem::path const& file)
{
    auto bytes = try_read_file(file);
    if (!bytes)
        throw std::runtime_error("cannot read " + file.string());
    return std::move(*bytes);
}

} // namespace deskbridge::test
