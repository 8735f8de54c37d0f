#include "fuzz/target.hpp"

#include "net/address.hpp"
#include "net/outside.hpp"
#include "net/proxies.hpp"
#include "net/syntax.hpp"
#include "net/url.hpp"

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <array>

namespace deskbridge::fuzz {
namespace {

namespace ip = boost::asio::ip;

/// A second list of what is not the public Internet, as text and judged by Asio's own arithmetic.
bool is_inside(ip::address_v4 const& address)
{
    static std::array const networks{"0.0.0.0/8",       "10.0.0.0/8",      "100.64.0.0/10",   "127.0.0.0/8",   "169.254.0.0/16",
                                     "172.16.0.0/12",   "192.0.0.0/24",    "192.0.2.0/24",    "192.88.99.0/24", "192.168.0.0/16",
                                     "198.18.0.0/15",   "198.51.100.0/24", "203.0.113.0/24",  "224.0.0.0/4",   "240.0.0.0/4"};
    return std::any_of(networks.begin(), networks.end(), [&](char const* text) {
        auto const network = ip::make_network_v4(text);
        return ip::network_v4{address, network.prefix_length()}.network() == network.network();
    });
}

bool is_inside(ip::address_v6 const& address)
{
    static std::array const networks{"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"};
    auto const begins = [&](ip::network_v6 const& network) {
        return ip::network_v6{address, network.prefix_length()}.network() == network.network();
    };
    if (begins(ip::make_network_v6("64:ff9b::/96"))) {
        auto const bytes = address.to_bytes();
        return is_inside(ip::address_v4{{bytes[12], bytes[13], bytes[14], bytes[15]}});
    }
    return !begins(ip::make_network_v6("2000::/3")) ||
           std::any_of(networks.begin(), networks.end(), [&](char const* text) { return begins(ip::make_network_v6(text)); });
}

void check_address(ip::address const& address)
{
    bool const inside = address.is_v4() ? is_inside(address.to_v4()) : address.to_v6().scope_id() != 0 || is_inside(address.to_v6());
    must(net::is_public_address(address) == !inside, "the address judge and the registry disagree");
    must(!address.is_loopback() || !net::is_public_address(address), "loopback is public");
    if (address.is_v4())
        must(!net::is_public_address(ip::make_address_v6(ip::v4_mapped, address.to_v4())), "a v4-mapped address is public");
}

void check_host(std::string const& host)
{
    must(!host.empty() && host == net::lower_case(host), "a host is empty or not in lower case");
    must(std::none_of(host.begin(), host.end(), [](char c) { return c <= 0x20 || c == 0x7f; }), "a host with a control character");
    must(host.find_first_of("/@?#\\\"") == std::string::npos, "a host has a byte that ends one");
}

/// What the rules for foreign links let through is on the list, under TLS, on its port.
void check_outside(net::Url const& url)
{
    net::OutsideRules const rules{{"files.example.org", ".example.net"}};
    if (!net::objection_to(url, rules).empty())
        return;
    auto const& origin = url.origin;
    must(origin.tls && origin.port == 443, "a foreign link without TLS, or to another port, got through");
    must(origin.host == "files.example.org" || origin.host.ends_with(".example.net"),
         "a foreign link to another host got through");
    boost::system::error_code no_address;
    (void)ip::make_address(origin.host, no_address);
    must(no_address.failed(), "a foreign link to an address got through");
}

void check_url(std::string_view text)
{
    auto const url = net::parse_url(text);
    must(url.has_value() == net::origin_of(text).has_value(), "the two readers of a URL disagree");
    if (!url)
        return;
    check_host(url->origin.host);
    must(net::is_origin_form(url->target) && url->origin.port != 0, "a target that is none, or no port");
    auto const again = net::parse_url((url->origin.tls ? "https://" : "http://") + url->host_line + url->target);
    must(again && again->origin == url->origin && again->target == url->target && again->host_line == url->host_line,
         "a URL put together again leads elsewhere");
    check_outside(*url);
}

} // namespace

/// First line: a URL that somebody outside wrote. Second: an address. Third: who a proxy says that it speaks for.
void url(std::string_view input)
{
    Cut cut{input};
    check_url(cut.line());
    boost::system::error_code ec;
    auto const text = cut.line();
    if (auto const address = ip::make_address(std::string{text}, ec); !ec)
        check_address(address);
    if (text.size() >= 4) {
        ip::address_v4::bytes_type bytes;
        std::copy_n(text.begin(), bytes.size(), bytes.begin());
        check_address(ip::address_v4{bytes});
    }
    if (text.size() >= 16) {
        ip::address_v6::bytes_type bytes;
        std::copy_n(text.begin(), bytes.size(), bytes.begin());
        check_address(ip::address_v6{bytes});
    }
    static auto const proxies = net::TrustedProxies::read({"127.0.0.1", "10.0.0.0/8", "2001:db8::/32"});
    Headers headers;
    headers.add("X-Forwarded-For", std::string{cut.line()});
    auto const client = proxies->client_of(headers);
    must(client.empty() || (!proxies->contains(client) && !ip::make_address(client, ec).to_string().empty() && !ec),
         "a proxy speaks for itself, or for no address");
    (void)net::TrustedProxies::read({std::string{cut.line()}});
}

} // namespace deskbridge::fuzz
