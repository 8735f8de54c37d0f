#include "config_account.hpp"

#include "config_policy.hpp"

#include "deskbridge/channel/registry.hpp"
#include "deskbridge/net/http_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

namespace deskbridge::app {
namespace {

using Need = TomlReader::Need;

bool is_name(std::string_view text)
{
    return !text.empty() && text.size() <= 63 && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos;
}

std::string read_name(TomlReader& reader, std::string_view key, Need need)
{
    auto const name = reader.text(key, need);
    if (name && !is_name(*name))
        reader.report(key, fmt::format("\"{}\"", *name), "1 to 63 of a-z, 0-9, - and _ (it is part of a URL)");
    return name.value_or("");
}

bool is_loopback(std::string_view host)
{
    return host == "localhost" || host == "::1" || (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

/// Plain http would show the access token to everybody on the way, so only loopback may have it.
bool is_safe_url(std::string_view url)
{
    auto const origin = net::origin_of(url);
    return origin && url.find_first_of(" @?#") == std::string_view::npos && (origin->tls || is_loopback(origin->host));
}

void read_plain_setting(TomlReader& reader, channel::Setting const& setting, Need need, channel::Account& account)
{
    auto const value = setting.words.empty() ? reader.text(setting.key, need) : reader.word(setting.key, setting.words, need);
    auto const text = value.value_or(setting.default_value);
    if (text.empty())
        return;
    if (setting.kind == channel::Setting::Kind::digits && text.find_first_not_of("0123456789") != std::string::npos)
        reader.report(setting.key, fmt::format("\"{}\"", text), fmt::format("digits only: {}", setting.meaning));
    if (setting.kind == channel::Setting::Kind::url && !is_safe_url(text))
        reader.report(setting.key, fmt::format("\"{}\"", text),
                      fmt::format("an https:// URL (plain http for loopback only): {}", setting.meaning));
    account.settings[setting.key] = text;
}

void read_setting(TomlReader& reader, channel::Setting const& setting, Need need, AccountConfig& account, std::filesystem::path const& base)
{
    if (setting.kind != channel::Setting::Kind::secret) {
        read_plain_setting(reader, setting, need, account.account);
        return;
    }
    auto sources = read_secret_sources(reader, setting.key, need == Need::required, base);
    if (!sources.empty())
        account.secret_sources[setting.key] = std::move(sources);
}

void read_channel(TomlReader& reader, AccountConfig& account, std::filesystem::path const& base)
{
    for (auto const& setting : account.adapter->settings())
        read_setting(reader, setting, setting.required ? Need::required : Need::optional, account, base);
    account.adapter->identify(account.account);
}

/// With an unknown channel nothing is required, but what is there is checked: one mistake hides no other.
void read_any_channel(TomlReader& reader, AccountConfig& account, std::filesystem::path const& base)
{
    std::set<std::string> seen;
    for (auto const name : channel::adapter_names())
        for (auto const& setting : channel::find_adapter(name)->settings())
            if (seen.insert(setting.key).second)
                read_setting(reader, setting, Need::optional, account, base);
}

/// The account's texts in all its languages, its own ones included; null after a problem was reported.
std::shared_ptr<Catalogue const> load_texts(TomlReader& reader, AccountConfig const& account)
{
    CatalogueSettings settings;
    settings.languages = account.policy.languages;
    settings.default_language = account.policy.default_language;
    settings.time_zone = account.policy.time_zone;
    settings.reference_prefix = account.policy.reference_prefix;
    if (!account.texts.empty()) {
        std::error_code ec;
        std::ifstream in;
        if (std::filesystem::is_regular_file(account.texts, ec)) // opening a named pipe would wait for its other end
            in.open(account.texts, std::ios::binary);
        if (!in.is_open()) {
            reader.report("texts", account.texts.string(), "a JSON file that this user can read");
            return nullptr;
        }
        settings.overrides.assign(std::istreambuf_iterator<char>{in}, {});
    }
    auto catalogue = Catalogue::load(settings);
    if (catalogue)
        return std::make_shared<Catalogue const>(std::move(*catalogue));
    std::istringstream lines{catalogue.error().detail};
    for (std::string line; std::getline(lines, line);)
        reader.report("texts", line, fmt::format("texts as config/catalogues/README.md describes them, in {}", account.texts.filename().string()));
    return nullptr;
}

std::vector<std::string> channel_names()
{
    std::vector<std::string> names;
    for (auto const name : channel::adapter_names())
        names.emplace_back(name);
    return names;
}

/// The key that holds the account's number: what the adapter takes for it.
std::string number_key(channel::Account const& account)
{
    for (auto const& [key, value] : account.settings)
        if (value == account.number)
            return key;
    return "channel";
}

} // namespace

AccountConfig read_account(TomlReader& reader, std::filesystem::path const& base)
{
    AccountConfig account;
    account.account.name = read_name(reader, "name", Need::required);
    account.hook = read_name(reader, "hook", Need::optional);
    if (account.hook.empty())
        account.hook = account.account.name;
    account.client_certificate = reader.text("client_certificate").value_or("");
    account.messages_per_second = static_cast<int>(reader.integer("messages_per_second", 1, 10'000).value_or(0));
    if (auto const texts = reader.text("texts"))
        account.texts = (base / *texts).lexically_normal();
    read_policy(reader, account.policy);
    account.policy.name = account.account.name;
    account.catalogue = load_texts(reader, account);
    if (auto const channel = reader.word("channel", channel_names(), Need::required)) {
        account.adapter = channel::find_adapter(*channel);
        read_channel(reader, account, base);
    } else {
        read_any_channel(reader, account, base);
    }
    reader.finish();
    return account;
}

void check_accounts(std::vector<AccountConfig> const& accounts, std::vector<TomlReader>& readers, ServerConfig const& server)
{
    for (std::size_t i = 0; i < accounts.size(); ++i) {
        auto const& account = accounts[i];
        if (!account.client_certificate.empty() && server.client_ca.empty())
            readers[i].report("client_certificate", "no client_ca in [server]", "who signs such certificates: a PEM file, as [server] client_ca");
        for (std::size_t j = 0; j < i; ++j) {
            auto const& earlier = accounts[j];
            if (!account.account.name.empty() && account.account.name == earlier.account.name)
                readers[i].report("name", fmt::format("name \"{}\" a second time", account.account.name), "a name of its own for each account");
            if (account.hook == earlier.hook && account.client_certificate != earlier.client_certificate)
                readers[i].report("client_certificate", fmt::format("\"{}\"", account.client_certificate),
                                  fmt::format("the same as account \"{}\" has, for they share hook \"{}\"", earlier.account.name, account.hook));
            if (!account.adapter || !earlier.adapter)
                continue;
            if (account.adapter == earlier.adapter && !account.account.number.empty() && account.account.number == earlier.account.number)
                readers[i].report(number_key(account.account), fmt::format("the number of account \"{}\" again", earlier.account.name), "each number once");
            if (account.hook == earlier.hook && account.adapter != earlier.adapter)
                readers[i].report("hook", fmt::format("hook \"{}\" shared by two channels", account.hook), "one channel per hook");
            else if (account.hook == earlier.hook && !account.adapter->names_account())
                readers[i].report("hook", fmt::format("hook \"{}\" of account \"{}\" again", account.hook, earlier.account.name),
                                  "a hook of its own: webhooks of this channel do not say which account they are for");
        }
    }
}

} // namespace deskbridge::app
