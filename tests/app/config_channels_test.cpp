#include "config_schema.hpp"

using namespace deskbridge;
using namespace deskbridge::test::config_schema;

TEST_CASE("configuration: a channel's keys are those of its adapter: kind, need and default")
{
    std::string const name{GENERATE(from_range(described_channels()))};
    INFO(name);
    auto const part = "/$defs/" + name;
    Keys required;
    auto const settings = channel::find_adapter(name)->settings();
    CHECK(settings.size() == keys_at(part + "/properties").size());
    for (auto const& setting : settings) {
        INFO(setting.key);
        auto const& property = at(part + "/properties/" + setting.key);
        using enum channel::Setting::Kind;
        auto const kind = setting.kind == secret ? "secret" : setting.kind == url ? "safe_url" : setting.kind == digits ? "digits" : "";
        if (!setting.words.empty())
            CHECK(property.at("enum").get<std::vector<std::string>>() == setting.words);
        else if (setting.kind == text)
            CHECK(property.at("type") == "string");
        else
            CHECK(property.at("$ref") == "#/$defs/" + std::string{kind});
        CHECK(property.value("default", "") == setting.default_value);
        if (setting.required)
            required.insert(setting.key);
    }
    CHECK(at(part + "/required").get<Keys>() == required);
}
