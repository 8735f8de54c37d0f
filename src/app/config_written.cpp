#include "config_written.hpp"

#include "deskbridge/channel/digest.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

namespace deskbridge::app {
namespace {

using Written = std::map<std::string, std::string>;

void add(Written& out, std::string const& path, toml::node const& node)
{
    if (auto const* table = node.as_table()) {
        for (auto const& [key, value] : *table)
            add(out, path + "." + std::string{key.str()}, value);
        return;
    }
    std::ostringstream text;
    node.visit([&text](auto const& value) { text << value; });
    out[path] = text.str();
}

/// Of an empty text for what is no file: a device may have no end. (A problem was reported when it was to be read.)
std::string digest_of(std::filesystem::path const& file)
{
    std::error_code ec;
    if (!std::filesystem::is_regular_file(file, ec))
        return channel::sha256_hex({});
    std::ifstream in{file, std::ios::binary};
    return channel::sha256_hex(std::string{std::istreambuf_iterator<char>{in}, {}});
}

void add_account(Written& out, toml::table const& table, AccountConfig const& account)
{
    auto const path = "account." + account.account.name;
    for (auto const& [key, value] : table)
        if (!account.secret_sources.contains(key.str()))
            add(out, path + "." + std::string{key.str()}, value);
    if (!account.texts.empty())
        out[path + ".texts"] += " " + digest_of(account.texts);
}

} // namespace

std::map<std::string, std::string> written_settings(toml::table const& table, Config const& config)
{
    Written out;
    for (auto const& [key, value] : table)
        if (key != "account")
            add(out, std::string{key.str()}, value);
    auto const* accounts = table["account"].as_array();
    for (std::size_t i = 0; accounts && i < config.accounts.size(); ++i)
        if (auto const* account = accounts->get(i)->as_table())
            add_account(out, *account, config.accounts[i]);
    return out;
}

std::vector<std::string> changed_settings(Config const& running, Config const& fresh)
{
    Written differences;
    std::set_symmetric_difference(running.written.begin(), running.written.end(), fresh.written.begin(), fresh.written.end(),
                                  std::inserter(differences, differences.end()));
    std::vector<std::string> names;
    for (auto const& [name, value] : differences) // a changed one came from both sides, once by its name
        names.push_back(name);
    return names;
}

} // namespace deskbridge::app
