#include "config.hpp"
#include "config_schema.hpp"

#include "deskbridge/channel/registry.hpp"
#include "support/scratch_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

using namespace deskbridge;
using namespace deskbridge::app;
using namespace deskbridge::test::config_schema;
using nlohmann::json;

namespace {

/// "server.listen", "account.notices.solved": every key that the schema has.
Keys schema_keys()
{
    Keys out;
    for (auto const& section : keys_at("/properties"))
        if (section != "account")
            for (auto const& key : keys_at("/properties/" + section + "/properties"))
                out.insert(section + "." + key);
    for (auto const& part : parts_of_account())
        for (auto const& key : keys_at("/$defs/" + part + "/properties"))
            out.insert("account." + key);
    out.erase("account.notices");
    for (auto const& key : keys_at("/$defs/account/properties/notices/properties"))
        out.insert("account.notices." + key);
    return out;
}

/// The example with every key taken out of its comment.
std::string whole_example()
{
    return std::regex_replace(read("config/deskbridge.example.toml"), std::regex{"\n# ([a-z_]+ = |\\[\\[account)"}, "\n$1");
}

Keys example_keys()
{
    auto const table = toml::parse(whole_example());
    Keys out;
    auto const add = [&out](std::string const& section, toml::table const& keys) {
        for (auto const& [key, value] : keys) {
            auto const path = section + "." + std::string{key.str()};
            if (path != "account.notices")
                out.insert(path);
            else
                for (auto const& [kind, on] : *value.as_table())
                    out.insert(path + "." + std::string{kind.str()});
        }
    };
    for (auto const& [section, keys] : table)
        if (auto const* accounts = keys.as_array())
            for (auto const& account : *accounts)
                add(std::string{section.str()}, *account.as_table());
        else
            add(std::string{section.str()}, *keys.as_table());
    return out;
}

std::string last_part(std::string const& path)
{
    return path.substr(path.rfind('.') + 1);
}

std::string toml_of(json const& value)
{
    return value.dump(); // texts, numbers, booleans and arrays of them are written alike
}

/// An account of that channel with what it must have.
std::string required_of(std::string const& channel)
{
    auto out = "name = \"support\"\nchannel = \"" + channel + "\"\n";
    for (auto const& setting : channel::find_adapter(channel)->settings())
        if (setting.required)
            out += setting.key + (setting.kind == channel::Setting::Kind::secret ? " = { file = \"a\" }\n"
                                  : setting.kind == channel::Setting::Kind::url  ? " = \"https://app.example\"\n"
                                                                                 : " = \"7001\"\n");
    return out;
}

/// `name = default` for every property that has one.
std::string defaults_at(std::string const& pointer)
{
    std::string out;
    auto const& object = at(pointer);
    for (auto const& [key, property] : object.items())
        if (property.contains("default"))
            out += key + " = " + toml_of(property.at("default")) + "\n";
    return out;
}

/// The sections that are tables, not lists of them.
Keys plain_sections()
{
    auto sections = keys_at("/properties");
    sections.erase("account");
    return sections;
}

/// Where whole numbers are, and how a file has them: {"account[0].answers_per_hour", its property}.
std::map<std::string, json> bounded_keys()
{
    std::map<std::string, json> out;
    auto const add = [&out](std::string const& section, json const& properties) {
        for (auto const& [key, property] : properties.items())
            if (property.contains("minimum"))
                out[section + "." + key] = property;
    };
    for (auto const& section : plain_sections())
        add(section, at("/properties/" + section + "/properties"));
    add("account[0]", at("/$defs/account/properties"));
    return out;
}

/// What the reader expects instead of that value; "" if it takes it.
std::string expected(std::string const& path, std::string const& value)
{
    auto const section = path.substr(0, path.find('.'));
    auto const head = section == "account[0]" ? std::string{"[[account]]"} : "[" + section + "]";
    test::ScratchFolder const folder;
    Problems problems;
    (void)load_config(folder.write("d.toml", head + "\n" + last_part(path) + " = " + value + "\n"), problems);
    for (auto const& problem : problems)
        if (problem.key == path)
            return problem.expected;
    return {};
}

/// Everything in a configuration that a default decides.
std::string shown_config(std::string const& text)
{
    test::ScratchFolder const folder;
    Problems problems;
    auto const config = load_config(folder.write("d.toml", text), problems);
    for (auto const& problem : problems)
        UNSCOPED_INFO(render(problem));
    REQUIRE(config.has_value());
    auto const& account = config->accounts.front();
    auto const& policy = account.policy;
    json const shown{
        {"server",
         {config->server.listen, config->server.socket.filename().string(), config->server.max_connections, config->server.max_per_address,
          config->server.trusted_proxies}},
        {"store", {config->store.readers, config->store.low_water, config->store.ballast}},
        {"media", {config->media.path.filename().string(), config->media.max_bytes, config->media.parallel, config->media.keep_free}},
        {"log", {config->log.level, config->log.format}},
        {"outbox", {config->outbox.in_flight, config->ca_file}},
        {"metrics", config->metrics_listen},
        {"settings", account.account.settings},
        {"policy",
         {policy.brand, policy.time_zone, policy.default_language, policy.languages, policy.reference_prefix,
          policy.reopen_window.value_or(std::chrono::milliseconds{-1}).count(), policy.follow_up_recency.count(), policy.acknowledge, policy.ack_quiet.count(),
          policy.automatic_per_hour, policy.answers_per_hour, policy.expect_answer_within.has_value(), policy.window_template,
          policy.acknowledgement_template, policy.kept_texts == KeptTexts::deliver, policy.closing_soon.has_value(), policy.groups == Groups::tickets, policy.silence_alarm,
          policy.mark_read}},
        {"notices", {policy.notices.taken_over, policy.notices.waiting_for_you, policy.notices.solved, policy.notices.reopened}}};
    return shown.dump(1);
}

} // namespace

TEST_CASE("configuration: the schema and the example have the same keys")
{
    CHECK(schema_keys() == example_keys());
}

TEST_CASE("configuration: what the reader asks for is in the schema, and nothing else")
{
    Keys asked;
    std::regex const question{R"re((?:text|boolean|integer|duration|texts|word|table|node|section|read_name)\((?:reader, )?"([a-z_]+)")re"};
    for (auto const* file : {"config_load.cpp", "config_account.cpp", "config_policy.cpp"}) {
        auto const source = read(std::string{"src/app/"} + file);
        for (std::sregex_iterator match{source.begin(), source.end(), question}, end; match != end; ++match)
            asked.insert(match->str(1));
    }
    for (auto const& name : described_channels())
        for (auto const& setting : channel::find_adapter(name)->settings())
            asked.insert(setting.key);
    Keys listed = keys_at("/properties");
    listed.insert("notices");
    for (auto const& path : schema_keys())
        listed.insert(last_part(path));
    CHECK(asked == listed);
}

TEST_CASE("configuration: the schema's defaults are the reader's")
{
    std::string const channel{GENERATE(from_range(described_channels()))};
    INFO(channel);
    auto const account = "[[account]]\n" + required_of(channel);
    std::string const server = "[server]\npublic_url = \"http://127.0.0.1:8080\"\n";
    std::string const store = "[store]\npath = \"d.db\"\n";
    auto const bare = server + store + account;
    std::string written;
    for (auto const& section : plain_sections())
        written += (section == "server" ? server : section == "store" ? store : "[" + section + "]\n") +
                   defaults_at("/properties/" + section + "/properties");
    written += account + defaults_at("/$defs/account/properties") + defaults_at("/$defs/" + channel + "/properties") + "[account.notices]\n" +
               defaults_at("/$defs/account/properties/notices/properties");
    CHECK(written.find("reopen_window = \"72 h\"") != std::string::npos);
    CHECK(shown_config(written) == shown_config(bare));
}

TEST_CASE("configuration: the schema's bounds and words are the reader's")
{
    CHECK(bounded_keys().size() > 10);
    for (auto const& [path, property] : bounded_keys()) {
        INFO(path);
        auto const low = property.at("minimum").get<std::int64_t>();
        CHECK(expected(path, std::to_string(low)).empty());
        CHECK_FALSE(expected(path, std::to_string(low - 1)).empty());
        if (!property.contains("maximum"))
            continue;
        auto const high = property.at("maximum").get<std::int64_t>();
        CHECK(expected(path, std::to_string(high)).empty());
        CHECK_FALSE(expected(path, std::to_string(high + 1)).empty());
    }
    for (auto const* key : {"level", "format"}) {
        INFO(key);
        std::string words;
        for (auto const& word : at("/properties/log/properties/" + std::string{key} + "/enum"))
            words += (words.empty() ? "" : ", ") + word.get<std::string>();
        CHECK(expected("log." + std::string{key}, "\"tlh\"").find("one of " + words) == 0);
    }
}

TEST_CASE("configuration: languages of the schema are those that there are catalogues for")
{
    auto const built_in = built_in_languages();
    CHECK(at("/$defs/language/enum").get<std::vector<std::string>>() == std::vector<std::string>(built_in.begin(), built_in.end()));
    CHECK(at("/$defs/account/properties/languages/default") == at("/$defs/language/enum"));
}

TEST_CASE("configuration: every key of the schema is described, and what it refers to is there")
{
    std::vector<std::string> objects{"/properties", "/properties/server/properties", "/properties/store/properties",
                                     "/properties/log/properties", "/properties/metrics/properties", "/properties/outbox/properties",
                                     "/$defs/account/properties/notices/properties"};
    for (auto const& part : parts_of_account())
        objects.push_back("/$defs/" + part + "/properties");
    for (auto const& object : objects)
        for (auto const& key : keys_at(object)) {
            INFO(object << '/' << key);
            auto const& property = at(object + ("/" + key));
            CHECK(property.value("description", "").size() > 10);
            if (property.contains("$ref"))
                CHECK(schema().contains(json::json_pointer{property.at("$ref").get<std::string>().substr(1)}));
        }
}
