#include "source_scan.hpp"

#include <algorithm>
#include <cctype>
#include <regex>

namespace architecture {
namespace {

constexpr std::size_t longest_name = 200;

bool is_word(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Where a raw string literal that begins at `at` (its R) ends.
std::size_t raw_literal_end(std::string_view text, std::size_t at)
{
    auto const open = text.find('(', at);
    auto const end = ")" + std::string{text.substr(at + 2, open - at - 2)} + "\"";
    auto const found = text.find(end, open);
    return found == std::string_view::npos ? text.size() : found + end.size();
}

/// Where the literal that begins at `at` ends; `at` itself if none does.
std::size_t literal_end(std::string_view text, std::size_t at)
{
    bool const after_word = at > 0 && is_word(text[at - 1]);
    if (text[at] == 'R' && !after_word && at + 1 < text.size() && text[at + 1] == '"')
        return raw_literal_end(text, at);
    if (text[at] != '"' && (text[at] != '\'' || after_word)) // 1'000 is no character
        return at;
    for (auto i = at + 1; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == text[at])
            return i + 1;
    }
    return text.size();
}

/// Calls `seen(i)` for every character that is not inside a literal, until it answers false; answers where that was.
template <class Seen>
std::size_t walk(std::string_view text, std::size_t from, Seen seen)
{
    for (auto i = from; i < text.size();) {
        if (auto const end = literal_end(text, i); end != i) {
            i = end;
            continue;
        }
        if (!seen(i))
            return i;
        ++i;
    }
    return text.size();
}

/// The arguments of the call whose parenthesis opens at `open`.
std::vector<std::string> arguments_at(std::string_view text, std::size_t open)
{
    std::vector<std::string> out;
    int depth = 0;
    auto begin = open + 1;
    walk(text, open, [&](std::size_t i) {
        char const c = text[i];
        depth += c == '(' || c == '{' || c == '[' ? 1 : 0;
        depth -= c == ')' || c == '}' || c == ']' ? 1 : 0;
        if ((c == ',' && depth == 1) || depth == 0) {
            out.emplace_back(text.substr(begin, i - begin));
            begin = i + 1;
        }
        return depth > 0;
    });
    return out;
}

std::vector<std::smatch> matches(std::string const& text, std::regex const& pattern)
{
    return {std::sregex_iterator{text.begin(), text.end(), pattern}, std::sregex_iterator{}};
}

std::vector<std::size_t> found(std::string_view text, std::string_view what)
{
    std::vector<std::size_t> out;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size()))
        out.push_back(at);
    return out;
}

std::string word_before(std::string_view text, std::size_t end)
{
    auto begin = end;
    while (begin > 0 && is_word(text[begin - 1]))
        --begin;
    return std::string{text.substr(begin, end - begin)};
}

/// Opening parentheses of `log.info(`, `parts_.log->write(`, `log_.error(` and their kin, with the method.
std::map<std::size_t, std::string> calls_of_a_log(std::string_view text)
{
    std::map<std::size_t, std::string> out;
    for (auto const* method : {"debug", "info", "warning", "error", "write"})
        for (auto const* arrow : {".", "->"}) {
            auto const call = arrow + std::string{method} + "(";
            for (auto const at : found(text, call)) {
                auto const object = word_before(text, at);
                if (object.ends_with("log") || object.ends_with("log_") || object.ends_with("Log"))
                    out.emplace(at + call.size() - 1, method);
            }
        }
    return out;
}

Words literals_in(std::string const& text)
{
    static std::regex const name{R"re("([a-z][a-z0-9_]*)")re"};
    Words out;
    for (auto const& match : matches(text, name))
        out.insert(match[1]);
    return out;
}

std::string place_of(std::string const& file, std::string_view text, std::size_t at)
{
    return file + ":" + std::to_string(1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

void read_fields(std::vector<std::string> const& arguments, std::size_t first, LogCall& call)
{
    static std::regex const field{R"re(\{\s*"([^"]*)"\s*,)re"};
    for (std::size_t i = first; i < arguments.size(); ++i)
        for (auto const& match : matches(arguments[i], field)) {
            call.keys.insert(match[1]);
            auto const after = static_cast<std::size_t>(match.position() + match.length());
            auto const opened = "(" + arguments[i].substr(after);
            call.values.push_back(arguments_at(opened, 0).front());
        }
}

void read_labels(std::vector<std::string> const& arguments, std::size_t first, Metric& metric)
{
    static std::regex const made{R"re(metric_label\(\s*"([a-z_]+)"\s*(?:,\s*"([^"]*)")?)re"};
    static std::regex const ready{R"re(([a-z_]+)=\\?"([^"\\]*))re"};
    static std::regex const bare{R"re(^\s*"([a-z_]+)"\s*$)re"}; // a function that makes the label of it
    for (std::size_t i = first; i < arguments.size(); ++i)
        for (auto const* pattern : {&made, &ready, &bare})
            for (auto const& match : matches(arguments[i], *pattern)) {
                auto& values = metric.labels[match[1]];
                if (match.size() > 2 && match[2].length() > 0)
                    values.insert(match[2]);
            }
}

} // namespace

std::vector<std::filesystem::path> program_sources(std::filesystem::path const& root)
{
    std::vector<std::filesystem::path> out;
    for (auto const* folder : {"include", "src", "channels"})
        for (auto const& entry : std::filesystem::recursive_directory_iterator{root / folder})
            if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp")
                out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
}

std::string without_comments(std::string_view source)
{
    std::string out;
    for (std::size_t i = 0; i < source.size();) {
        auto end = literal_end(source, i);
        bool const line = source.substr(i, 2) == "//";
        if (end != i) {
            out += source.substr(i, end - i);
        } else if (line || source.substr(i, 2) == "/*") {
            end = source.find(line ? "\n" : "*/", i);
            end = end == std::string_view::npos ? source.size() : end + (line ? 0 : 2);
            auto const comment = source.substr(i, end - i);
            out.append(static_cast<std::size_t>(std::count(comment.begin(), comment.end(), '\n')), '\n');
        } else {
            out += source[i];
            end = i + 1;
        }
        i = end;
    }
    return out;
}

std::vector<LogCall> log_calls(std::string_view text, std::string const& file)
{
    static std::regex const level_of{R"re(LogLevel::(\w+))re"};
    std::vector<LogCall> out;
    for (auto const& [at, method] : calls_of_a_log(text)) {
        auto const arguments = arguments_at(text, at);
        bool const open = method == "write";
        LogCall call;
        call.place = place_of(file, text, at);
        call.level = open ? std::string{} : method;
        std::smatch level;
        if (open && std::regex_search(arguments.front(), level, level_of))
            call.level = level[1];
        auto const event = open ? std::size_t{1} : std::size_t{0};
        if (event < arguments.size())
            call.events = literals_in(arguments[event]);
        read_fields(arguments, event + 1, call);
        out.push_back(std::move(call));
    }
    return out;
}

void collect_log_events(std::string_view text, std::string const& file, std::map<std::string, LogEvent>& events)
{
    static std::regex const chosen{R"re(^LogLevel::(\w+)\s*,\s*"([a-z0-9_]+)")re"};
    Words open_keys;
    for (auto const& call : log_calls(text, file)) {
        if (call.events.empty())
            open_keys.insert(call.keys.begin(), call.keys.end());
        for (auto const& name : call.events) {
            events[name].levels.insert(call.level);
            events[name].keys.insert(call.keys.begin(), call.keys.end());
            events[name].places.insert(call.place);
        }
    }
    for (auto const at : found(text, "LogLevel::")) {
        auto const here = std::string{text.substr(at, longest_name)};
        std::smatch match;
        if (!std::regex_search(here, match, chosen))
            continue;
        auto& event = events[match[2]];
        event.levels.insert(match[1]);
        event.keys.insert(open_keys.begin(), open_keys.end());
        event.places.insert(place_of(file, text, at));
    }
}

void collect_metrics(std::string_view text, std::string const& file, std::map<std::string, Metric>& metrics)
{
    for (auto const* prefix : {"\"deskbridge_", "\"process_"})
        for (auto const at : found(text, prefix)) {
            auto const name = std::string{text.substr(at + 1, text.find('"', at + 1) - at - 1)};
            auto const open = text.rfind('(', at);
            if (open == std::string_view::npos)
                continue;
            auto const function = word_before(text, open);
            auto const arguments = arguments_at(text, open);
            auto const named = std::find_if(arguments.begin(), arguments.end(),
                                            [&](auto const& argument) { return argument.find('"' + name + '"') != std::string::npos; });
            auto& metric = metrics[name];
            metric.places.insert(place_of(file, text, at));
            if (function == "counter" || function == "gauge" || function == "histogram")
                metric.types.insert(function);
            if (function == "counters")
                metric.types.insert("counter");
            if (named != arguments.end())
                read_labels(arguments, static_cast<std::size_t>(named - arguments.begin()) + 1, metric);
        }
}

} // namespace architecture
