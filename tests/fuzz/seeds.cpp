#include "fuzz/seeds.hpp"

#include "channels/fixture.hpp"
#include "fault/raw_http_corpus.hpp"

#include "support/read_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

namespace deskbridge::fuzz {
namespace {

namespace fs = std::filesystem;
using test::Json;
using Seeds = std::vector<Seed>;

fs::path const root{DESKBRIDGE_SOURCE_DIR};

std::vector<fs::path> files_in(fs::path const& folder)
{
    std::vector<fs::path> files;
    if (fs::is_directory(folder))
        for (auto const& entry : fs::directory_iterator{folder})
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

Seeds webhooks()
{
    Seeds seeds;
    for (auto const& fixture : test::inbound_fixtures())
        for (auto const& body : test::bodies_of(fixture.doc.at("webhook")))
            seeds.push_back({fmt::format("{}-{}", fixture.name, seeds.size()), body});
    return seeds;
}

/// Every answer of a provider in the fixtures, in the words of `render`.
Seeds answers(std::string (*render)(int status, std::string const& retry_after, std::string const& body))
{
    Seeds seeds;
    for (auto const& fixture : test::outbound_fixtures())
        for (auto const& answer : fixture.doc.value("responses", Json::array())) {
            auto const body = answer.contains("json") ? answer.at("json").dump() : answer.value("body", std::string{});
            auto const retry = answer.value("headers", Json::object()).value("Retry-After", std::string{});
            seeds.push_back({fmt::format("{}-{}", fixture.name, seeds.size()), render(answer.at("status").get<int>(), retry, body)});
        }
    return seeds;
}

Seeds answers_in_lines()
{
    return answers([](int status, std::string const& retry_after, std::string const& body) {
        return fmt::format("{}\n{}\n\n{}", status, retry_after, body);
    });
}

Seeds answers_on_the_wire()
{
    auto seeds = answers([](int status, std::string const&, std::string const& body) {
        return fmt::format("\x7fHTTP/1.1 {} OK\r\nContent-Length: {}\r\n\r\n{}", status, body.size(), body);
    });
    auto const chunked = answers([](int status, std::string const&, std::string const& body) {
        auto const chunk = body.empty() ? std::string{} : fmt::format("{:x}\r\n{}\r\n", body.size(), body);
        return fmt::format("\x03HTTP/1.1 {} OK\r\nTransfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n", status, chunk);
    });
    seeds.insert(seeds.end(), chunked.begin(), chunked.end());
    return seeds;
}

Seeds contents()
{
    Seeds seeds;
    for (auto const& fixture : test::outbound_fixtures())
        seeds.push_back({fixture.name, fixture.doc.at("content").dump()});
    return seeds;
}

Seeds sends()
{
    Seeds seeds;
    for (auto const& fixture : test::outbound_fixtures())
        for (auto const& sent : fixture.doc.at("expect"))
            for (auto const& request : sent.at("requests"))
                if (request.contains("json")) // a form around a file has none
                    seeds.push_back({fmt::format("{}-{}", fixture.name, seeds.size()), request.at("json").dump()});
    return seeds;
}

Seeds raw_requests()
{
    constexpr std::size_t longest = 4096;
    Seeds seeds;
    for (auto const& one : fault::read_http_corpus(root / "tests/fault/http_corpus"))
        if (one.bytes.size() <= longest)
            seeds.push_back({one.name, "\x10" + one.bytes});
    return seeds;
}

Seeds catalogue_files()
{
    Seeds seeds;
    for (auto const& file : files_in(root / "config/catalogues"))
        if (file.extension() == ".json" && file.stem() != "common")
            seeds.push_back({file.filename().string(), fmt::format(R"({{"en":{},"ar":{}}})", test::read_file(file), test::read_file(file))});
    return seeds;
}

void add_texts(Json const& node, Seeds& seeds)
{
    if (node.is_string())
        seeds.push_back({fmt::format("text-{}", seeds.size()), node.get<std::string>()});
    if (node.is_structured())
        for (auto const& child : node)
            add_texts(child, seeds);
}

/// Every text of the catalogues (command words, closers, templates) and every one that a customer writes in a fixture.
Seeds texts()
{
    Seeds seeds;
    for (auto const& file : files_in(root / "config/catalogues"))
        if (file.extension() == ".json")
            add_texts(test::read_file(file), seeds);
    for (auto const& fixture : test::inbound_fixtures())
        for (auto const& event : fixture.doc.at("expect"))
            if (event.is_object())
                add_texts(event.value("text", Json{}), seeds);
    return seeds;
}

/// A text behind a byte that a target reads first.
Seeds texts_behind_a_byte()
{
    auto seeds = texts();
    for (auto& seed : seeds)
        seed.bytes.insert(0, 1, '\0');
    return seeds;
}

Seeds configurations()
{
    return {{"example", test::read_file(root / "config/deskbridge.example.toml")}};
}

Seeds texts_and_files()
{
    auto seeds = catalogue_files();
    auto const more = texts();
    seeds.insert(seeds.end(), more.begin(), more.end());
    return seeds;
}

Seeds from_the_tree(std::string_view target)
{
    static std::map<std::string_view, Seeds (*)()> const sources{
        {"answer", answers_in_lines}, {"catalogue", texts_and_files}, {"commands", texts},
        {"config", configurations},   {"content", contents},          {"http_request", raw_requests},
        {"http_response", answers_on_the_wire}, {"json", webhooks},   {"reference", texts_behind_a_byte},
        {"send_request", sends},      {"text_clean", texts},          {"text_split", texts_behind_a_byte},
        {"webhook", webhooks}};
    auto const found = sources.find(target);
    return found == sources.end() ? Seeds{} : found->second();
}

/// One line of a dictionary; empty if it holds no word.
std::string word_of(std::string const& line)
{
    auto const first = line.find('"');
    auto const last = line.rfind('"');
    std::string word;
    if (line.empty() || line.front() == '#' || first == last)
        return word;
    for (auto at = first + 1; at < last; ++at) {
        if (line[at] != '\\') {
            word += line[at];
        } else if (line[at + 1] == 'x') {
            word += static_cast<char>(std::stoi(line.substr(at + 2, 2), nullptr, 16));
            at += 3;
        } else {
            word += line[++at];
        }
    }
    return word;
}

} // namespace

std::vector<Seed> seeds_of(std::string_view target)
{
    auto seeds = from_the_tree(target);
    for (auto const& file : files_in(root / "tests/fuzz/regression" / target))
        seeds.push_back({fmt::format("regression/{}", file.filename().string()), test::read_file(file)});
    return seeds;
}

std::vector<std::string> dictionary_of(std::string_view target)
{
    std::vector<std::string> words;
    std::ifstream in{root / "tests/fuzz/dictionaries" / fmt::format("{}.dict", target)};
    for (std::string line; std::getline(in, line);)
        if (auto word = word_of(line); !word.empty())
            words.push_back(std::move(word));
    return words;
}

} // namespace deskbridge::fuzz
