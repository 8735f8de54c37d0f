#include "url.hpp"

#include "syntax.hpp"

#include <algorithm>

namespace deskbridge::net {
namespace {

constexpr std::size_t max_url = 16u << 10;

Error malformed(char const* what)
{
    return {Fault::malformed, what};
}

} // namespace

bool is_origin_form(std::string_view target) noexcept
{
    return target.starts_with('/') &&
           std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '#' && c != '\\'; });
}

Result<Url> parse_url(std::string_view url)
{
    if (url.size() > max_url)
        return malformed("URL is too long");
    auto const mark = url.find("://");
    if (mark == std::string_view::npos)
        return malformed("URL has no scheme");
    auto const scheme = lower_case(url.substr(0, mark));
    if (scheme != "https" && scheme != "http")
        return malformed("URL is neither http nor https");
    url.remove_prefix(mark + 3);
    auto const end = std::min(url.find_first_of("/?#\\"), url.size());
    auto const text = url.substr(0, end);
    if (text.find('@') != std::string_view::npos)
        return malformed("URL carries user info");
    auto const authority = parse_authority(text);
    if (!authority)
        return malformed("URL has a malformed host or port");
    Url out;
    out.target = url.substr(end);
    if (!out.target.starts_with('/'))
        out.target.insert(0, "/");
    if (!is_origin_form(out.target))
        return malformed("URL has a byte that it cannot hold, or a fragment");
    out.origin.tls = scheme == "https";
    std::uint16_t const usual = out.origin.tls ? 443 : 80;
    out.origin.host = lower_case(authority->host);
    out.origin.port = authority->port == 0 ? usual : authority->port;
    out.host_line = out.origin.host;
    if (out.origin.port != usual)
        out.host_line += ":" + std::to_string(out.origin.port);
    if (out.origin.host.starts_with('['))
        out.origin.host = out.origin.host.substr(1, out.origin.host.size() - 2);
    return out;
}

Result<Origin> origin_of(std::string_view url)
{
    auto parsed = parse_url(url);
    if (!parsed)
        return parsed.error();
    return std::move(parsed->origin);
}

} // namespace deskbridge::net
