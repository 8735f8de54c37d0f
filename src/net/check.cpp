#include "deskbridge/net/check.hpp"

#include "listener.hpp"
#include "proxies.hpp"
#include "tls.hpp"

namespace deskbridge::net {
namespace {

template <class T>
Result<void> only_whether(Result<T> const& made)
{
    return made ? Result<void>{} : Result<void>{made.error()};
}

} // namespace

Result<void> check_listen_address(std::string_view address)
{
    return only_whether(parse_endpoint(address));
}

Result<void> check_proxy(std::string const& text)
{
    return only_whether(TrustedProxies::read({text}));
}

Result<void> check_certificate(std::filesystem::path const& certificate, std::filesystem::path const& key)
{
    return only_whether(make_server_tls(certificate, key));
}

Result<void> check_trusted(std::filesystem::path const& ca_file)
{
    return only_whether(make_client_tls(ca_file));
}

} // namespace deskbridge::net
