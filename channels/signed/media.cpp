#include "sending.hpp"

#include "deskbridge/channel/url.hpp"

namespace deskbridge::signed_http {
namespace {

std::string host_of(std::string_view url)
{
    auto const scheme = url.find("://");
    auto host = scheme == std::string_view::npos ? std::string_view{} : url.substr(scheme + 3);
    host = host.substr(0, host.find_first_of("/?"));
    auto const colon = host.ends_with(']') ? std::string_view::npos : host.rfind(':');
    return std::string{host.substr(0, colon)};
}

/// "cdn.shop.example, .files.example"
std::vector<std::string> hosts_in(std::string_view list)
{
    std::vector<std::string> hosts;
    while (!list.empty()) {
        auto const comma = list.find(',');
        auto host = list.substr(0, comma);
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
        auto const first = host.find_first_not_of(' ');
        if (first != std::string_view::npos)
            hosts.emplace_back(host.substr(first, host.find_last_not_of(' ') + 1 - first));
    }
    return hosts;
}

} // namespace

channel::MediaStep media_link(channel::Account const& account, MediaReference const& media)
{
    if (media.external_id.empty())
        return channel::NoMediaLink{MediaProblem::unsupported};
    channel::MediaLink link;
    link.request = {"GET", media.external_id, {}, {}};
    link.hosts = hosts_in(account.setting("media_hosts"));
    auto const here = channel::loopback_host(account.setting("endpoint"));
    link.loopback = !here.empty();
    if (link.hosts.empty())
        link.hosts = {link.loopback ? here : host_of(account.setting("endpoint"))};
    link.sha256 = media.sha256;
    return link;
}

} // namespace deskbridge::signed_http
