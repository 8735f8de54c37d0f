#include "simulate_numbers.hpp"

#include "secret.hpp"
#include "toml_syntax.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace deskbridge::app {
namespace {

std::string read_secret(TomlReader& reader, char const* key, std::filesystem::path const& base)
{
    auto const sources = read_secret_sources(reader, key, false, base);
    if (sources.empty())
        return {};
    auto const secret = resolve(sources.front());
    if (!secret)
        reader.report(key, secret.error().detail, "a file with the secret on one line");
    return secret ? *secret : std::string{};
}

simulator::BusinessNumber read_number(TomlReader& reader, std::filesystem::path const& base)
{
    auto const text = [&](char const* key) { return reader.text(key).value_or(""); };
    simulator::BusinessNumber number;
    number.phone_number_id = reader.text("phone_number_id", TomlReader::Need::required).value_or("");
    number.display_phone_number = reader.text("display_phone_number", TomlReader::Need::required).value_or("");
    number.waba_id = text("waba_id");
    number.business_name = text("business_name");
    number.portfolio = text("portfolio");
    number.hook_url = text("hook");
    number.app_secret = read_secret(reader, "app_secret", base);
    number.access_token = read_secret(reader, "access_token", base);
    number.verify_token = read_secret(reader, "verify_token", base);
    reader.finish();
    return number;
}

} // namespace

std::vector<simulator::BusinessNumber> read_numbers(std::filesystem::path const& file, Problems& problems)
{
    std::vector<simulator::BusinessNumber> numbers;
    std::error_code ec;
    auto const where = std::filesystem::absolute(file, ec);
    std::ifstream in{where, std::ios::binary};
    std::string const text{std::istreambuf_iterator<char>{in}, {}};
    if (!in.is_open()) {
        problems.push_back({where.string(), 0, "", "no such file", "a file with [[number]] in it"});
        return numbers;
    }
    try {
        auto const table = toml::parse(text, where.string());
        auto const* list = table.get_as<toml::array>("number");
        for (std::size_t i = 0; list && i < list->size(); ++i) {
            auto const* one = list->get(i)->as_table();
            if (!one)
                continue;
            TomlReader reader{*one, fmt::format("number[{}]", i), where.string(), problems};
            numbers.push_back(read_number(reader, where.parent_path()));
        }
    } catch (toml::parse_error const& e) {
        problems.push_back(explain(e, where.string(), text));
    }
    if (numbers.empty() && !has_errors(problems))
        problems.push_back({where.string(), 0, "number", "nothing", "one or more tables [[number]]"});
    return numbers;
}

} // namespace deskbridge::app
