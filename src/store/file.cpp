#include "file.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>

namespace deskbridge::store {

Error file_error(std::string_view what, std::filesystem::path const& file, int code)
{
    return {Fault::storage, "cannot " + std::string{what} + " " + file.string() + ": " + std::generic_category().message(code)};
}

std::filesystem::path folder_of(std::filesystem::path const& file)
{
    return file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
}

Result<void> sync_path(std::filesystem::path const& path)
{
    Descriptor const fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (fd.get() < 0)
        return file_error("open", path, errno);
    if (::fsync(fd.get()) != 0)
        return file_error("sync", path, errno);
    return {};
}

} // namespace deskbridge::store
