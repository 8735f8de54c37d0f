#include "raw_http_corpus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace fault {
namespace {

using Texts = std::vector<std::string>;
using Lets = std::map<std::string, std::string, std::less<>>;

/// What a template becomes: every way to choose its alternatives.
class Expansion {
public:
    explicit Expansion(std::string_view text) : rest_{text} {}

    Texts run()
    {
        Texts out{""};
        while (!rest_.empty())
            out = product(out, next());
        return out;
    }

private:
    static Texts product(Texts const& heads, Texts const& tails)
    {
        Texts out;
        for (auto const& head : heads)
            for (auto const& tail : tails)
                out.push_back(head + tail);
        return out;
    }
    std::string_view until(char end)
    {
        auto const at = rest_.find(end);
        if (at == std::string_view::npos)
            throw std::runtime_error(fmt::format("no {} in: {}", end, rest_));
        auto const inner = rest_.substr(0, at);
        rest_.remove_prefix(at + 1);
        return inner;
    }
    Texts next()
    {
        char const c = rest_.front();
        rest_.remove_prefix(1);
        if (c == '~')
            return {"\r\n"};
        if (c == '\\')
            return {std::string(1, escape())};
        if (c == '<')
            return alternatives(until('>'));
        if (c == '{')
            return {repeated(until('}'))};
        if (c == '%' && rest_.starts_with('['))
            return bytes(until(']').substr(1));
        return {std::string(1, c)};
    }
    static unsigned hex(std::string_view digits) { return static_cast<unsigned>(std::stoul(std::string{digits.substr(0, 2)}, nullptr, 16)); }
    char escape()
    {
        char const c = rest_.front();
        rest_.remove_prefix(1);
        if (c != 'x')
            return c == 'r' ? '\r' : c == 'n' ? '\n' : c == 't' ? '\t' : c;
        auto const byte = hex(rest_);
        rest_.remove_prefix(2);
        return static_cast<char>(byte);
    }
    static Texts alternatives(std::string_view list)
    {
        Texts out;
        while (true) {
            auto const bar = list.find('|');
            for (auto& text : Expansion{list.substr(0, bar)}.run())
                out.push_back(std::move(text));
            if (bar == std::string_view::npos)
                return out;
            list.remove_prefix(bar + 1);
        }
    }
    static std::string repeated(std::string_view inner)
    {
        auto const star = inner.rfind('*');
        auto const unit = Expansion{inner.substr(0, star)}.run().front();
        std::string out;
        for (auto n = std::stoul(std::string{inner.substr(star + 1)}); n > 0; --n)
            out += unit;
        return out;
    }
    static Texts bytes(std::string_view list)
    {
        Texts out;
        while (!list.empty()) {
            auto const part = list.substr(0, list.find(','));
            list.remove_prefix(std::min(part.size() + 1, list.size()));
            auto const last = part.size() > 2 ? hex(part.substr(3)) : hex(part);
            for (auto byte = hex(part); byte <= last; ++byte)
                out.emplace_back(1, static_cast<char>(byte));
        }
        return out;
    }

    std::string_view rest_;
};

std::string with_lets(std::string text, Lets const& lets)
{
    for (auto dollar = text.find('$'); dollar != std::string::npos; dollar = text.find('$', dollar)) {
        auto const rest = std::string_view{text}.substr(dollar + 1);
        auto const found = std::find_if(lets.rbegin(), lets.rend(), [&](auto const& let) { return rest.starts_with(let.first); });
        if (found == lets.rend())
            throw std::runtime_error("an unknown name after $");
        text.replace(dollar, 1 + found->first.size(), found->second);
    }
    return text;
}

HttpClass class_of(std::string const& word)
{
    constexpr std::array words{"compliant", "acceptable", "ambiguous", "severe"};
    auto const found = std::find(words.begin(), words.end(), word);
    if (found == words.end())
        throw std::runtime_error("an unknown class: " + word);
    return static_cast<HttpClass>(found - words.begin());
}

void read_line(std::string const& line, std::string const& place, Lets& lets, std::vector<HttpCase>& cases)
{
    std::istringstream words{line};
    std::string first;
    words >> first;
    if (first.empty() || first.front() == '#')
        return;
    if (first == "let") {
        std::string name;
        words >> name;
        lets[name] = with_lets(line.substr(line.find("= ") + 2), lets);
        return;
    }
    auto const bar = line.find(" | ");
    std::string status, name;
    words >> status >> name;
    if (bar == std::string::npos || name == "|")
        throw std::runtime_error("not: class status name | bytes");
    auto const kind = class_of(first);
    int number = 0;
    for (auto& bytes : Expansion{with_lets(line.substr(bar + 3), lets)}.run())
        cases.push_back({kind, std::stoi(status), kind >= HttpClass::ambiguous || status.ends_with('!'),
                         fmt::format("{} {} #{}", place, name, ++number), std::move(bytes)});
}

} // namespace

std::vector<HttpCase> read_http_corpus(std::filesystem::path const& folder)
{
    std::vector<std::filesystem::path> files;
    for (auto const& entry : std::filesystem::directory_iterator{folder})
        if (entry.path().extension() == ".txt")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<HttpCase> cases;
    for (auto const& file : files) {
        Lets lets;
        std::ifstream in{file, std::ios::binary};
        int number = 0;
        for (std::string line; std::getline(in, line);) {
            auto const place = fmt::format("{}:{}", file.filename().string(), ++number);
            try {
                read_line(line, place, lets, cases);
            } catch (std::exception const& e) {
                throw std::runtime_error(place + ": " + e.what());
            }
        }
    }
    return cases;
}

} // namespace fault
