#include "outside.hpp"

#include "syntax.hpp"

#include <algorithm>

namespace deskbridge::net {
namespace {

bool is_listed(std::string_view host, std::vector<std::string> const& hosts)
{
    return std::any_of(hosts.begin(), hosts.end(), [host](std::string const& listed) {
        auto const name = lower_case(listed);
        return name.starts_with('.') ? host.size() > name.size() && host.ends_with(name) : host == name;
    });
}

} // namespace

std::string objection_to(Url const& url, OutsideRules const& rules)
{
    if (!is_listed(url.origin.host, rules.hosts))
        return "forbidden: the host is not one of the channel's";
    if (!url.origin.tls && !rules.loopback)
        return "forbidden: not https";
    if (url.origin.port != 443 && !rules.loopback)
        return "forbidden: not the port of https";
    return {};
}

} // namespace deskbridge::net
