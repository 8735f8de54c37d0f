#pragma once

#include "deskbridge/channel/registry.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

/// schemas/json/config.schema.json, as the tests ask it.
namespace deskbridge::test::config_schema {

using Json = nlohmann::json;
using Keys = std::set<std::string>;

inline std::string read(std::string const& path)
{
    std::ifstream in{DESKBRIDGE_SOURCE_DIR + ("/" + path), std::ios::binary};
    REQUIRE(in.good());
    return {std::istreambuf_iterator<char>{in}, {}};
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

/// Whose properties an account may have: every account's, and those of each channel.
inline std::vector<std::string> parts_of_account()
{
    std::vector<std::string> parts{"account"};
    for (auto const name : channel::adapter_names())
        parts.emplace_back(name);
    return parts;
}

} // namespace deskbridge::test::config_schema
