#include "router.hpp"

#include "syntax.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace deskbridge::net {
namespace {

/// "/a/b" → a, b; "/" → one empty segment.
std::vector<std::string_view> split(std::string_view path)
{
    std::vector<std::string_view> out;
    path.remove_prefix(1);
    while (true) {
        auto const slash = path.find('/');
        out.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos)
            return out;
        path.remove_prefix(slash + 1);
    }
}

/// Can what has come go on as a request for this route?
bool may_become(std::string_view begun, Route const& route)
{
    auto const beginning = route.method + ' ' + route.pattern.substr(0, route.pattern.find('{'));
    auto const known = std::min(begun.size(), beginning.size());
    return begun.substr(0, known) == std::string_view{beginning}.substr(0, known);
}

[[noreturn]] void bad_pattern(std::string_view pattern)
{
    throw std::invalid_argument{"bad route pattern: " + std::string{pattern}};
}

} // namespace

std::vector<Router::Segment> Router::parse_pattern(std::string_view pattern)
{
    if (!pattern.starts_with('/'))
        bad_pattern(pattern);
    std::vector<Segment> out;
    for (auto text : split(pattern)) {
        if (!out.empty() && out.back().kind == Segment::Kind::rest)
            bad_pattern(pattern);
        if (text.find_first_of("{}*") == std::string_view::npos) {
            out.push_back({Segment::Kind::literal, std::string{text}});
            continue;
        }
        bool const rest = text.ends_with("*}");
        auto const tail = std::size_t{rest ? 2u : 1u};
        if (text.size() < tail + 2 || text.front() != '{' || text.back() != '}')
            bad_pattern(pattern);
        auto const name = text.substr(1, text.size() - 1 - tail);
        if (!is_token(name) || name.find('*') != std::string_view::npos)
            bad_pattern(pattern);
        out.push_back({rest ? Segment::Kind::rest : Segment::Kind::parameter, {}});
    }
    return out;
}

Router::Router(std::vector<Route> routes)
{
    for (auto& route : routes) {
        auto segments = parse_pattern(route.pattern);
        for (auto const& other : entries_)
            if (other.segments == segments && other.route.method == route.method)
                throw std::invalid_argument{"two routes match the same requests: " + route.method + " " + route.pattern};
        entries_.push_back({std::move(route), std::move(segments)});
    }
    std::stable_sort(entries_.begin(), entries_.end(), comes_first);
}

bool Router::comes_first(Entry const& a, Entry const& b) noexcept
{
    return std::lexicographical_compare(a.segments.begin(), a.segments.end(), b.segments.begin(), b.segments.end(),
                                        [](Segment const& x, Segment const& y) { return x.kind < y.kind; });
}

bool Router::matches(std::vector<Segment> const& segments, std::vector<std::string_view> const& path) noexcept
{
    for (std::size_t i = 0; i < segments.size(); ++i) {
        if (i >= path.size())
            return false;
        if (segments[i].kind == Segment::Kind::rest)
            return true;
        bool const fits = segments[i].kind == Segment::Kind::literal ? segments[i].text == path[i] : !path[i].empty();
        if (!fits)
            return false;
    }
    return segments.size() == path.size();
}

std::variant<Router::Match, Router::Miss> Router::read_parameters(Entry const& entry,
                                                                  std::vector<std::string_view> const& path,
                                                                  std::string_view whole)
{
    Match match{&entry.route, {}};
    for (std::size_t i = 0; i < entry.segments.size(); ++i) {
        if (entry.segments[i].kind == Segment::Kind::literal)
            continue;
        auto const raw = entry.segments[i].kind == Segment::Kind::rest
                             ? whole.substr(static_cast<std::size_t>(path[i].data() - whole.data()))
                             : path[i];
        auto decoded = percent_decoded(raw);
        if (!decoded)
            return Miss{400, {}};
        match.parameters.push_back(std::move(*decoded));
    }
    return match;
}

std::variant<Router::Match, Router::Miss> Router::find(std::string_view method, std::string_view path) const
{
    auto const segments = split(path);
    auto const wanted = method == "HEAD" ? std::string_view{"GET"} : method;
    Entry const* shape = nullptr; // the most specific pattern that fits; methods of other patterns do not count
    Miss miss;
    for (auto const& entry : entries_) {
        if (!matches(entry.segments, segments))
            continue;
        if (shape != nullptr && comes_first(*shape, entry))
            break;
        shape = &entry;
        if (entry.route.method == wanted || entry.route.method == method)
            return read_parameters(entry, segments, path);
        miss.status = 405;
        miss.allow += (miss.allow.empty() ? "" : ", ") + entry.route.method;
        if (entry.route.method == "GET")
            miss.allow += ", HEAD";
    }
    return miss;
}

void Router::tell_unheard(std::string_view begun) const
{
    for (auto const& entry : entries_)
        if (entry.route.unheard && may_become(begun, entry.route))
            entry.route.unheard(nullptr);
}

} // namespace deskbridge::net
