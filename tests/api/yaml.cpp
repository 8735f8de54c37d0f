#include "yaml.hpp"

#include <charconv>
#include <stdexcept>
#include <string>
#include <vector>

namespace deskbridge::test {
namespace {

using nlohmann::json;

struct Line {
    std::size_t number{0};
    std::size_t indent{0};
    std::string text; ///< without the indentation
};

[[noreturn]] void fail(Line const& line, std::string const& what)
{
    throw std::invalid_argument("line " + std::to_string(line.number) + ": " + what + ": " + line.text);
}

json scalar(std::string_view word)
{
    if (word == "null" || word.empty())
        return nullptr;
    if (word == "true" || word == "false")
        return word == "true";
    std::int64_t number = 0;
    auto const [end, failed] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (failed == std::errc{} && end == word.data() + word.size())
        return number;
    return std::string{word};
}

std::string_view trimmed(std::string_view text)
{
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return text;
}

/// `{a: b, c: [d]}`, `[a, "b"]`, `"text"`, or a plain word.
class Flow {
public:
    explicit Flow(Line const& line, std::string_view text) : line_{line}, rest_{trimmed(text)} {}

    json whole()
    {
        auto value = rest_.starts_with('{') || rest_.starts_with('[') || rest_.starts_with('"') ? item() : scalar(std::exchange(rest_, {}));
        if (!trimmed(rest_).empty())
            fail(line_, "something stands behind a value");
        return value;
    }

private:
    bool take(char c)
    {
        rest_ = trimmed(rest_);
        bool const there = rest_.starts_with(c);
        if (there)
            rest_.remove_prefix(1);
        return there;
    }

    std::string quoted()
    {
        auto const end = rest_.find('"');
        if (end == std::string_view::npos || rest_.substr(0, end).find('\\') != std::string_view::npos)
            fail(line_, "a text without an end, or with an escape");
        std::string text{rest_.substr(0, end)};
        rest_.remove_prefix(end + 1);
        return text;
    }

    json item()
    {
        if (take('{'))
            return mapping();
        if (take('['))
            return sequence();
        if (take('"'))
            return quoted();
        auto const end = std::min(rest_.find_first_of(",}]"), rest_.size());
        auto const word = trimmed(rest_.substr(0, end));
        rest_.remove_prefix(end);
        return scalar(word);
    }

    json mapping()
    {
        auto out = json::object();
        while (!take('}')) {
            std::string key;
            if (take('"')) {
                key = quoted();
            } else {
                auto const end = rest_.find_first_of(":,}");
                if (end == std::string_view::npos || rest_[end] != ':')
                    fail(line_, "a key without a value (is a text with a comma not quoted?)");
                key = std::string{trimmed(rest_.substr(0, end))};
                rest_.remove_prefix(end);
            }
            if (!take(':') || out.contains(key))
                fail(line_, "a key without a value, or twice");
            out[key] = item();
            if (!take(',') && !trimmed(rest_).starts_with('}'))
                fail(line_, "a mapping without an end");
        }
        return out;
    }

    json sequence()
    {
        auto out = json::array();
        while (!take(']')) {
            out.push_back(item());
            if (!take(',') && !trimmed(rest_).starts_with(']'))
                fail(line_, "a sequence without an end");
        }
        return out;
    }

    Line const& line_;
    std::string_view rest_;
};

class Block {
public:
    explicit Block(std::vector<Line> lines) : lines_{std::move(lines)} {}

    json whole()
    {
        auto value = node(0);
        if (at_ < lines_.size())
            fail(lines_[at_], "indented as nothing before it");
        return value;
    }

private:
    [[nodiscard]] bool more(std::size_t indent) const { return at_ < lines_.size() && lines_[at_].indent == indent; }
    [[nodiscard]] bool deeper(std::size_t indent) const { return at_ < lines_.size() && lines_[at_].indent > indent; }

    json node(std::size_t indent) { return more(indent) && lines_[at_].text.starts_with("- ") ? sequence(indent) : mapping(indent); }

    json sequence(std::size_t indent)
    {
        auto out = json::array();
        while (more(indent) && lines_[at_].text.starts_with("- ")) {
            auto& line = lines_[at_];
            line.text.erase(0, 2);
            line.indent += 2;
            out.push_back(line.text.starts_with('{') ? flow(line.text) : mapping(indent + 2));
        }
        return out;
    }

    json mapping(std::size_t indent)
    {
        auto out = json::object();
        while (more(indent)) {
            auto const& line = lines_[at_];
            bool const quoted = line.text.starts_with('"');
            auto const end = quoted ? line.text.find('"', 1) + 1 : std::min(line.text.find(": "), line.text.size() - 1);
            auto const key = quoted ? line.text.substr(1, end - 2) : line.text.substr(0, end);
            if (end >= line.text.size() || line.text[end] != ':' || out.contains(key))
                fail(line, "expected a key, once");
            out[key] = value(indent, line.text.substr(end + 1));
        }
        return out;
    }

    json value(std::size_t indent, std::string const& rest)
    {
        if (trimmed(rest) == "|")
            return literal(indent);
        if (!trimmed(rest).empty())
            return flow(rest);
        auto const& line = lines_[at_++];
        if (!deeper(indent))
            fail(line, "a key without a value");
        return node(lines_[at_].indent);
    }

    json literal(std::size_t indent)
    {
        std::string text;
        for (++at_; deeper(indent); ++at_)
            text += lines_[at_].text + '\n';
        return text;
    }

    /// Also over lines that go on with it, further in.
    json flow(std::string text)
    {
        auto const first = lines_[at_++];
        bool const collection = trimmed(text).starts_with('{') || trimmed(text).starts_with('[');
        while (collection && deeper(first.indent))
            text += ' ' + lines_[at_++].text;
        return Flow{first, text}.whole();
    }

    std::vector<Line> lines_;
    std::size_t at_{0};
};

} // namespace

json parse_yaml(std::string_view text)
{
    std::vector<Line> lines;
    for (std::size_t number = 1; !text.empty(); ++number) {
        auto const end = std::min(text.find('\n'), text.size());
        auto const line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        auto const indent = line.find_first_not_of(' ');
        if (indent != std::string_view::npos && line[indent] != '#')
            lines.push_back({number, indent, std::string{line.substr(indent)}});
    }
    return Block{std::move(lines)}.whole();
}

} // namespace deskbridge::test
