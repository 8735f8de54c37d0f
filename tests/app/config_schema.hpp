#pragma once

#include "deskbridge/channel/registry.hpp"

#include "support/read_file.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <vector>

/// schemas/json/config.schema.json, as the tests ask it.
namespace deskbridge::test::config_schema {

using Json = nlohmann::json;
using Keys = std::set<std::string>;

inline std::string read(std::string const& path)
{
    return read_file(DESKBRIDGE_SOURCE_DIR + ("/" + path));
}

inline Json const& schema()
{
    static auto const doc = Json::parse(read("schemas/json/config.schema.json"));
    return doc;
}

inline Json const& at(std::string const& pointer)
{
    return schema().at(Json::json_pointer{pointer});
}

inline Keys keys_at(std::string const& pointer)
{
    Keys out;
    auto const& object = at(pointer);
    for (auto const& [key, value] : object.items())
        out.insert(key);
    return out;
}

/// As an error message lists them; a tree may have channels of its own.
inline std::string channel_names()
{
    std::string names;
    for (auto const name : channel::adapter_names())
        names.append(names.empty() ? "" : ", ").append(name);
    return names;
}

/// The channels that the schema knows the keys of. It lets every other one have what it likes.
inline std::vector<std::string> described_channels()
{
    std::vector<std::string> described;
    for (auto const name : channel::adapter_names())
        if (schema().contains(Json::json_pointer{"/$defs/" + std::string{name}}))
            described.emplace_back(name);
    return described;
}

/// Whose properties an account may have: every account's, and those of each described channel.
inline std::vector<std::string> parts_of_account()
{
    auto parts = described_channels();
    parts.insert(parts.begin(), "account");
    return parts;
}

} // namespace deskbridge::test::config_schema
