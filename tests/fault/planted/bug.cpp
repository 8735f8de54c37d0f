#include "bug.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace planted {
namespace {

constexpr std::string_view word = "PLANTED";

class Reader {
public:
    explicit Reader(std::filesystem::path const& file) : name_{file.filename().string()}, in_{file}
    {
        if (!in_)
            throw std::runtime_error{"cannot read " + file.string()};
    }

    std::vector<Bug> all()
    {
        while (next())
            line();
        if (!bugs_.empty())
            check(bugs_.back());
        return std::move(bugs_);
    }

private:
    bool next()
    {
        ++number_;
        return static_cast<bool>(std::getline(in_, text_));
    }
    [[noreturn]] void fail(std::string const& why) const { throw std::runtime_error{at() + ": " + why}; }
    [[nodiscard]] std::string at() const { return name_ + ":" + std::to_string(number_); }

    void line()
    {
        if (text_.empty() || text_.front() == '#')
            return;
        auto const space = text_.find(' ');
        auto const key = text_.substr(0, space);
        auto const value = space == std::string::npos ? std::string{} : text_.substr(space + 1);
        if (key == "bug") {
            if (!bugs_.empty())
                check(bugs_.back());
            bugs_.push_back({value, {}, {}, {}, at()});
        } else if (bugs_.empty()) {
            fail("a file of planted bugs begins with \"bug NAME\"");
        } else if (key == "judge") {
            bugs_.back().judge = value;
        } else if (key == "finds") {
            bugs_.back().finds = value;
        } else if (key == "in") {
            place(value);
        } else {
            fail("\"" + key + "\" means nothing here");
        }
    }

    void place(std::string const& source)
    {
        if (!next() || text_ != "found")
            fail("after \"in\" comes \"found\"");
        auto found = block("instead");
        auto instead = block("end");
        if (found.empty() || instead.find(word) == std::string::npos)
            fail("there is nothing to find, or PLANTED does not stand in what replaces it");
        bugs_.back().places.push_back({source, std::move(found), std::move(instead)});
    }

    std::string block(std::string_view end)
    {
        std::string lines;
        while (next()) {
            if (text_ == end)
                return lines.empty() ? lines : lines.substr(0, lines.size() - 1);
            lines += text_ + "\n";
        }
        fail("\"" + std::string{end} + "\" is missing");
    }

    void check(Bug const& bug) const
    {
        if (bug.name.empty() || bug.judge.empty() || bug.finds.empty() || bug.places.empty())
            throw std::runtime_error{bug.written_at + ": a bug needs a name, a judge, what it finds, and a place"};
    }

    std::string name_;
    std::ifstream in_;
    std::string text_;
    int number_{0};
    std::vector<Bug> bugs_;
};

std::size_t occurrences(std::string const& text, std::string const& part)
{
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

std::string switched(std::string text, std::string const& name)
{
    auto const call = "::planted::on(\"" + name + "\")";
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + call.size()))
        text.replace(at, word.size(), call);
    return text;
}

struct Cut {
    std::size_t at;
    std::size_t size;
    std::string instead;
    Bug const* bug;
};

} // namespace

std::vector<Bug> read_bugs(std::vector<std::filesystem::path> const& files)
{
    std::vector<Bug> bugs;
    for (auto const& file : files)
        for (auto& bug : Reader{file}.all()) {
            for (auto const& other : bugs)
                if (other.name == bug.name)
                    throw std::runtime_error{bug.written_at + ": " + other.written_at + " has this name already"};
            bugs.push_back(std::move(bug));
        }
    return bugs;
}

std::string plant(std::string const& source, std::string const& text, std::vector<Bug> const& bugs)
{
    std::vector<Cut> cuts;
    for (auto const& bug : bugs)
        for (auto const& place : bug.places) {
            if (place.source != source)
                continue;
            if (auto const count = occurrences(text, place.found); count != 1)
                throw std::runtime_error{"planted bug " + bug.name + " (" + bug.written_at + "): its text stands " + std::to_string(count) +
                                         " times in " + source + ", and must stand there exactly once. Write into tests/fault/planted/bugs what the source"
                                         " says now:\n" + place.found};
            cuts.push_back({text.find(place.found), place.found.size(), switched(place.instead, bug.name), &bug});
        }
    std::sort(cuts.begin(), cuts.end(), [](Cut const& a, Cut const& b) { return a.at > b.at; });
    auto out = text;
    for (std::size_t i = 0; i < cuts.size(); ++i) { // from the end, so that the earlier places stay where they are
        if (i > 0 && cuts[i].at + cuts[i].size > cuts[i - 1].at)
            throw std::runtime_error{"planted bugs " + cuts[i].bug->name + " and " + cuts[i - 1].bug->name + " overlap in " + source};
        out.replace(cuts[i].at, cuts[i].size, cuts[i].instead);
    }
    return "#include \"planted.hpp\"\n" + out;
}

} // namespace planted
