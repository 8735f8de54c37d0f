#include "secret.hpp"

#include <fmt/format.h>

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

Result<std::string> read_file(std::filesystem::path const& path)
{
    std::ifstream in{path, std::ios::binary};
    if (!in)
        return Error{Fault::not_found, fmt::format("file {} cannot be read", path.string())};
    std::string bytes(max_secret + 2, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    return bytes;
}

Result<std::string> raw(SecretSource const& source)
{
    switch (source.kind) {
    case SecretSource::Kind::file:
        return read_file(source.name);
    case SecretSource::Kind::env:
        if (char const* value = std::getenv(source.name.c_str()))
            return std::string{value};
        return Error{Fault::not_found, fmt::format("environment variable {} is not set", source.name)};
    case SecretSource::Kind::credential:
        if (char const* directory = std::getenv("CREDENTIALS_DIRECTORY"))
            return read_file(std::filesystem::path{directory} / source.name);
        return Error{Fault::not_found,
                     fmt::format("credential {}: not started by systemd with LoadCredential={}:…", source.name, source.name)};
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
    while (!bytes->empty() && (bytes->back() == '\n' || bytes->back() == '\r'))
        bytes->pop_back();
    if (bytes->empty())
        return Error{Fault::malformed, fmt::format("{} is empty", source.name)};
    if (bytes->size() > max_secret)
        return Error{Fault::malformed, fmt::format("{} is longer than {} bytes", source.name, max_secret)};
    if (bytes->find_first_of(std::string_view{"\r\n\0", 3}) != std::string::npos)
        return Error{Fault::malformed, fmt::format("{} has more than one line", source.name)};
    return bytes;
}

} // namespace deskbridge::app
