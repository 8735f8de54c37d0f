#include "secret.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace deskbridge::app {
namespace {

constexpr std::string_view shape = R"({ file = "…" }, { env = "…" } or { credential = "…" }, or an array of two while one is being rotated)";
constexpr std::size_t max_secret = 4096;

std::optional<SecretSource> source_of(toml::table const& table, std::filesystem::path const& base)
{
    if (table.size() != 1)
        return std::nullopt;
    auto const only = table.begin(); // owns what it refers to
    auto const& key = only->first;
    auto const& value = only->second;
    auto const* text = value.as_string();
    if (!text || text->get().empty())
        return std::nullopt;
    auto const line = static_cast<unsigned>(key.source().begin.line);
    if (key == "file")
        return SecretSource{SecretSource::Kind::file, (base / text->get()).lexically_normal().string(), line};
    if (key == "env")
        return SecretSource{SecretSource::Kind::env, text->get(), line};
    if (key == "credential" && text->get().find('/') == std::string::npos)
        return SecretSource{SecretSource::Kind::credential, text->get(), line};
    return std::nullopt;
}

/// What a person must know to find it, and what is wrong with it: "/etc/…/token, which is empty".
Error trouble(SecretSource const& source, Fault fault, std::string_view what)
{
    constexpr std::string_view kinds[] = {"", "environment variable ", "credential "};
    return {fault, fmt::format("{}{}, which {}", kinds[static_cast<std::size_t>(source.kind)], source.name, what)};
}

Result<std::string> read_file(SecretSource const& source, std::filesystem::path const& path)
{
    std::error_code ec;
    auto const kind = std::filesystem::status(path, ec).type();
    if (kind == std::filesystem::file_type::directory)
        return trouble(source, Fault::malformed, "is a directory");
    if (kind == std::filesystem::file_type::not_found)
        return trouble(source, Fault::not_found, "does not exist");
    if (!ec && kind != std::filesystem::file_type::regular) // reading a pipe may never end
        return trouble(source, Fault::malformed, "is not a regular file");
    std::ifstream in{path, std::ios::binary};
    if (!in)
        return trouble(source, Fault::not_found, "this user may not read");
    std::string bytes(max_secret + 6, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    return bytes;
}

Result<std::string> raw(SecretSource const& source)
{
    switch (source.kind) {
    case SecretSource::Kind::file:
        return read_file(source, source.name);
    case SecretSource::Kind::env:
        if (char const* value = std::getenv(source.name.c_str()))
            return std::string{value};
        return trouble(source, Fault::not_found, "is not set");
    case SecretSource::Kind::credential:
        if (char const* directory = std::getenv("CREDENTIALS_DIRECTORY"))
            return read_file(source, std::filesystem::path{directory} / source.name);
        return trouble(source, Fault::not_found, fmt::format("systemd did not pass (LoadCredential={}:FILE in the unit)", source.name));
    }
    return Error{Fault::malformed, "unknown kind of secret"};
}

} // namespace

std::vector<SecretSource> read_secret_sources(TomlReader& reader, std::string_view key, bool required,
                                              std::filesystem::path const& base)
{
    std::vector<SecretSource> sources;
    auto const* node = reader.node(key, required ? TomlReader::Need::required : TomlReader::Need::optional);
    if (!node)
        return sources;
    bool good = true;
    auto const take = [&](toml::node const& item) {
        auto const* table = item.as_table();
        auto const source = table ? source_of(*table, base) : std::nullopt;
        good = good && source.has_value();
        if (source)
            sources.push_back(*source);
    };
    if (auto const* array = node->as_array()) {
        good = !array->empty() && array->size() <= 2;
        for (auto const& item : *array)
            take(item);
    } else {
        take(*node);
    }
    if (good)
        return sources;
    // The value itself is not shown: somebody may have written the secret here.
    reader.report(key, node->is_string() ? "a text" : "something else", std::string{shape});
    return {};
}

Result<std::string> resolve(SecretSource const& source)
{
    auto bytes = raw(source);
    if (!bytes)
        return bytes;
    if (bytes->starts_with("\xEF\xBB\xBF")) // some editors put a mark before UTF-8
        bytes->erase(0, 3);
    while (!bytes->empty() && (bytes->back() == '\n' || bytes->back() == '\r'))
        bytes->pop_back();
    if (bytes->find_first_not_of(" \t") == std::string::npos)
        return trouble(source, Fault::malformed, "is empty");
    if (bytes->size() > max_secret)
        return trouble(source, Fault::malformed, fmt::format("is longer than {} bytes", max_secret));
    if (bytes->find_first_of(std::string_view{"\r\n\0", 3}) != std::string::npos)
        return trouble(source, Fault::malformed, "has more than one line");
    return bytes;
}

std::optional<std::string> exposure(SecretSource const& source)
{
    struct stat found{};
    if (source.kind != SecretSource::Kind::file || ::stat(source.name.c_str(), &found) != 0 || !S_ISREG(found.st_mode) ||
        !(found.st_mode & S_IROTH))
        return std::nullopt;
    return fmt::format("{}, which everybody on this machine can read (mode {:04o})", source.name, found.st_mode & 07777u);
}

} // namespace deskbridge::app
