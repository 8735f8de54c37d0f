#pragma once

#include "deskbridge/net/http_server.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace deskbridge::net {

/// Finds the route of a request. Literal segments win over {name}, {name} over {rest*}, from left to right.
/// Threads: `find` is const; any thread.
class Router {
public:
    /// Throws std::invalid_argument on a bad pattern and on two routes that match the same requests.
    explicit Router(std::vector<Route> routes);

    struct Match {
        Route const* route;
        std::vector<std::string> parameters;
    };
    struct Miss {
        int status{404};   ///< 404; 405 when only the method is wrong; 400 when a parameter is badly encoded
        std::string allow; ///< of 405
    };
    [[nodiscard]] std::variant<Match, Miss> find(std::string_view method, std::string_view path) const;

    /// Tells every route (see `Route::unheard`) that a request may have been for of which no more than `begun` has come.
    void tell_unheard(std::string_view begun) const;

private:
    struct Segment {
        enum class Kind { literal, parameter, rest };
        Kind kind{Kind::literal};
        std::string text;
        friend bool operator==(Segment const&, Segment const&) = default;
    };
    struct Entry {
        Route route;
        std::vector<Segment> segments;
    };
    static std::vector<Segment> parse_pattern(std::string_view pattern);
    static bool matches(std::vector<Segment> const& segments, std::vector<std::string_view> const& path) noexcept;
    static bool comes_first(Entry const& a, Entry const& b) noexcept;
    static std::variant<Match, Miss> read_parameters(Entry const& entry, std::vector<std::string_view> const& path,
                                                     std::string_view whole);

    std::vector<Entry> entries_; // most specific first
};

} // namespace deskbridge::net
